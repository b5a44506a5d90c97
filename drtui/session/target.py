"""What to look at, and how to get there: what a session is told before it asks anybody."""

from pathlib import Path

from msgspec import Struct

from drtui.core.model.address import Address
from drtui.core.model.auth import Secret

DEMO = Address("https", "simulated.invalid", "arcgis")
"""Where the simulated deployment pretends to be."""


class Target(Struct, frozen=True):
    """What to look at: a site, a file with a saved answer, or a scenario of the simulated deployment."""

    address: Address | None = None
    file: Path | None = None
    scenario: str | None = None
    name: str = ""
    """The profile's, if it was opened by one."""
    accent: str = ""
    """The colour by which it is known."""
    store: str | None = None
    """The store to begin with."""
    rpo: int | None = None
    """Its own target for the age of the newest usable restore point, milliseconds."""

    @property
    def is_site(self) -> bool:
        """Whether it is a real site, which wants a sign-in."""
        return self.address is not None and self.scenario is None

    def is_same_site(self, other: "Target") -> bool:
        """Whether the other is the same site; under two names, two accounts may look at one, but no name fits any."""
        here, there = (self.address, self.scenario), (other.address, other.scenario)
        names_fit = self.name == other.name or not (self.name and other.name)
        return self.address is not None and here == there and names_fit

    @property
    def label(self) -> str:
        """A label of its metrics: its name, else host and context, the scenario, or the file."""
        return self.name or self.scenario or str(self.address or self.file or "unknown")

    @property
    def place(self) -> str:
        """What it is called."""
        if self.scenario is not None:
            return f"demo: {self.scenario}"
        place = str(self.address or self.file or "")
        return f"{self.name} ({place})" if self.name else place


class ConnectionOptions(Struct, frozen=True):
    """How to get there and in."""

    user: str = ""
    token: Secret | None = None
    password: Secret | None = None
    referer: str = "drtui"
    ca_file: Path | None = None
    insecure: bool = False
    timeout: float = 30.0
    """Seconds for one resource."""
    offline: bool = False
    """Ask nobody: what was saved has to do."""
    remember: bool = True
    """Whether the history of the site is read and written."""
    keep_days: int = 400
    """Days that history keeps what is no longer seen."""

    @property
    def of_every_site(self) -> "ConnectionOptions":
        """Of what was asked for, what holds for other sites as well: neither who asks, nor whom to trust."""
        return ConnectionOptions(
            timeout=self.timeout, offline=self.offline, remember=self.remember, keep_days=self.keep_days
        )

    @property
    def can_sign_in(self) -> bool:
        """Whether there is a token, or a user name with a password."""
        return self.token is not None or bool(self.user and self.password)


def check_proxy(target: Target) -> None:
    """Make sure that a site can be asked by the proxy that the environment prescribes for it, if there is one.

    Raises:
        SettingsError: the variable that names the proxy cannot be read.
    """
    if target.is_site and target.address is not None:
        from drtui.api.proxies import proxy_for  # noqa: PLC0415 - not needed to paint

        proxy_for(target.address.url)
