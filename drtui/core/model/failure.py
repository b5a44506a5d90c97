"""Why something is not known: the failure of one resource."""

import enum

from msgspec import Struct


class FailureKind(enum.Enum):
    """What sort of failure: it decides the picture and the exit code."""

    REFUSED = "refused"
    """The site answered and will not tell this account: sign-in or privilege."""
    UNREACHABLE = "unreachable"
    """No answer, or none from this site: name, connection, TLS, proxy, time."""
    UNREADABLE = "unreadable"
    """An answer that is not the documented one."""
    MISSING = "missing"
    """The site says that there is no such thing."""


class Failure(Struct, frozen=True):
    """Why something is not known, in the words of the person who has to mend it. Holds no secret."""

    kind: FailureKind
    code: str
    """Stable, for machines: `dns`, `refused`, `tls`, `timeout`, `html`, `498`, …."""
    summary: str
    """What failed, in one sentence."""
    server_message: str = ""
    """The server's own words, if it said any."""
    cause: str = ""
    """What most likely lies behind it."""
    advice: str = ""
    """What to do next."""
    request: str = ""
    """The request it befell, without its query: `GET https://host/context/admin`."""

    @property
    def line(self) -> str:
        """All of it in one line."""
        said = f"{self.summary}: {self.server_message}" if self.server_message else self.summary
        return " - ".join(filter(None, (said, self.cause, self.advice)))
