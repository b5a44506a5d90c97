"""What was asked, of whom and by what way: what an error has to know to say where it befell."""

from collections.abc import Callable

from msgspec import Struct


class Asked(Struct, frozen=True):
    """One request, without its query and without secrets."""

    url: str
    host: str
    """With the port, if it is not the scheme's own."""
    method: str = "GET"
    proxy: str = ""
    """The proxy's host and port; empty if there is none in between."""
    hide: Callable[[str], str] = str
    """Takes the secrets in use out of a text that the other side sent: it may echo what it was given."""

    @property
    def request(self) -> str:
        """`GET https://host/context/admin`."""
        return f"{self.method} {self.url}"
