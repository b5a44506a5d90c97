"""The target of a session, and the options to connect to it."""

from pathlib import Path

from msgspec import Struct

from drtui.core.model.address import Address
from drtui.core.model.auth import ClientCertificate, OAuthGrant, Secret
from drtui.core.model.failure import Failure
from drtui.core.model.site_state import Fetched, SiteState

DEMO = Address("https", "simulated.invalid", "arcgis")
"""Address of the simulated site."""


class Target(Struct, frozen=True):
    """A site, a file with a saved answer, or a scenario of the simulated site."""

    address: Address | None = None
    file: Path | None = None
    scenario: str | None = None
    name: str = ""
    """Name of the profile; empty if there is none."""
    accent: str = ""
    """Colour of the site in the interface."""
    store: str | None = None
    """Store that is selected first."""
    changes: frozenset[str] = frozenset()
    """Kinds of changes that the profile allows."""
    rpo: int | None = None
    """Target of the site itself for the age of the newest usable restore point, milliseconds."""

    @property
    def is_site(self) -> bool:
        """True if it is a real site, which requires a sign-in."""
        return self.address is not None and self.scenario is None

    def is_same_site(self, other: "Target") -> bool:
        """True if both are the same site.

        The names must agree, as two names may stand for two accounts of one site; an empty name agrees with any.
        """
        site, other_site = (self.address, self.scenario), (other.address, other.scenario)
        names_fit = self.name == other.name or not (self.name and other.name)
        return self.address is not None and site == other_site and names_fit

    @property
    def label(self) -> str:
        """Label in metrics: the name, else the scenario, host and context, or the file."""
        return self.name or self.scenario or str(self.address or self.file or "unknown")

    @property
    def location(self) -> str:
        """Name for people: profile and address, scenario, or file."""
        if self.scenario is not None:
            return f"demo: {self.scenario}"
        place = str(self.address or self.file or "")
        return f"{self.name} ({place})" if self.name else place

    def failed_state(self, now: int, failure: Failure) -> SiteState:
        """Return the state of a target of which nothing could be fetched; `now` in epoch ms."""
        return SiteState(self.location, self.address, stores=Fetched(now, failure=failure), is_complete=True)


class ConnectionOptions(Struct, frozen=True):
    """Options to connect to a site and sign in."""

    user: str = ""
    token: Secret | None = None
    password: Secret | None = None
    referer: str = "drtui"
    ca_file: Path | None = None
    insecure: bool = False
    timeout: float = 30.0
    """Seconds for one resource."""
    offline: bool = False
    """Use only what is cached; send no request."""
    remember: bool = True
    """True if the history of the site is read and written."""
    keep_days: int = 400
    """Days that history keeps backups after they were last listed."""
    sso: bool = False
    """True if the user signs in in a browser, by single sign-on."""
    client_id: str = ""
    """Application of the portal that a single sign-on asks for."""
    grant: OAuthGrant | None = None
    """Tokens of a finished single sign-on."""
    cert: Path | None = None
    """PEM file with the client certificate."""
    key: Path | None = None
    """PEM file with its key, if `cert` does not contain it."""
    key_password: Secret | None = None
    auth_header: str = ""
    """Name of the header that carries the token, of `AUTH_HEADERS`; empty for the default."""

    @property
    def for_any_site(self) -> "ConnectionOptions":
        """The options that also fit other sites: no account and no authorities."""
        return ConnectionOptions(
            timeout=self.timeout, offline=self.offline, remember=self.remember, keep_days=self.keep_days
        )

    @property
    def client_certificate(self) -> ClientCertificate | None:
        """The certificate to present to the site; None if there is none."""
        return None if self.cert is None else ClientCertificate(self.cert, self.key, self.key_password)

    @property
    def can_sign_in(self) -> bool:
        """True if there is a token, a finished single sign-on, or a user name with a password."""
        return self.token is not None or self.grant is not None or bool(self.user and self.password)


def remembered_address(target: Target, options: ConnectionOptions) -> Address | None:
    """Return the address of a site of which files may be kept; None for other targets, or if history is turned off."""
    return target.address if target.is_site and options.remember else None


def why_no_notes(target: Target | None, options: ConnectionOptions) -> str:
    """Return why no note can be kept; empty if it can."""
    if target is None or not target.is_site:
        return "Notes are part of history, which exists for sites only, not for files or scenarios."
    if remembered_address(target, options) is None:
        return "Notes are part of history, which is off. Leave out --no-history, or set history = true in config.toml."
    return ""


def locked_key(options: ConnectionOptions) -> Path | None:
    """Return the file with the encrypted key of the client certificate, if its password is missing."""
    if options.cert is None or options.key_password is not None:
        return None
    from drtui.api.client_certificate import is_encrypted

    key = options.key or options.cert
    return key if is_encrypted(key) else None


def check_proxy(target: Target) -> None:
    """Check that the environment's proxy for a site, if any, can be used.

    Raises:
        SettingsError: the variable that names the proxy cannot be read.
    """
    if target.is_site and target.address is not None:
        from drtui.api.proxies import proxy_for

        proxy_for(target.address.url)
