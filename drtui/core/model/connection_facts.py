"""Observations on the way to a site: the evidence of a diagnosis, without judgement and without secrets."""

from msgspec import Struct

from drtui.core.model.failure import Failure
from drtui.core.model.site_clock import ClockSample


class ProxyChoice(Struct, frozen=True):
    """The proxy of a site, or none, and the reason."""

    host: str
    """Host and port; empty for a direct connection."""
    reason: str
    """The variable that decides, and what it says about the site."""


class Attempt(Struct, frozen=True):
    """An attempt to open a TCP connection."""

    address: str
    """IP address."""
    duration: int
    """Milliseconds."""
    failure: Failure | None = None


class Certificate(Struct, frozen=True):
    """A certificate of a server; times are epoch ms, None if unknown."""

    subject: str = ""
    issuer: str = ""
    names: tuple[str, ...] = ()
    """Host names and IP addresses that it is for."""
    starts: int | None = None
    ends: int | None = None


class TlsFacts(Struct, frozen=True):
    """A TLS connection."""

    version: str
    cipher: str
    certificate: Certificate | None = None
    """None if it was not verified: the standard library then decodes nothing."""


class FirstAnswer(Struct, frozen=True):
    """The answer of a site to a request without a token."""

    failure: Failure | None = None
    """The reason why it is not the answer of a site; None if a site answered, also if it asks for a token."""
    status: int | None = None
    """HTTP status; None if there was no answer."""
    server: str = ""
    """Header `Server`."""
    challenge: str = ""
    """Header `WWW-Authenticate`: the sign-in that a web tier asks for."""
    sample: ClockSample | None = None
    tls: TlsFacts | None = None
    """None for plain HTTP, for a scenario, and without a connection."""
    asks_for_token: bool = False
    """True if a site answered and asks for a token, as it should."""
