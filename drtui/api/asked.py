"""What was asked, of whom and by what way: what an error has to know to say where it befell."""

from msgspec import Struct

from drtui.core.wire.known_secrets import KnownSecrets


class Asked(Struct, frozen=True):
    """One request, without its query and without secrets."""

    url: str
    host: str
    """With the port, if it is not the scheme's own."""
    method: str = "GET"
    proxy: str = ""
    """The proxy's host and port; empty if there is none in between."""
    secrets: KnownSecrets = KnownSecrets()
    """Secrets in use, which the other side may send back."""

    @property
    def request(self) -> str:
        """`GET https://host/context/admin`."""
        return f"{self.method} {self.url}"

    def hide(self, text: str) -> str:
        """Return a text that the other side sent without the secrets in use."""
        return self.secrets.hide(text)
