"""The reason why a resource of the site could not be fetched."""

import enum

from msgspec import Struct


class FailureKind(enum.Enum):
    """The kind of a failure; it decides the symbol on the screen and the exit code."""

    REFUSED = "refused"
    """The site refused the request: not signed in, or the account lacks a privilege."""
    UNREACHABLE = "unreachable"
    """The site did not answer: name resolution, connection, TLS, proxy or timeout."""
    UNREADABLE = "unreadable"
    """The answer is not what the documentation says."""
    MISSING = "missing"
    """The site says that the resource does not exist."""


class Failure(Struct, frozen=True):
    """The reason why a resource could not be fetched, worded for the administrator who has to fix it. No secrets."""

    kind: FailureKind
    code: str
    """Stable code for scripts: `dns`, `refused`, `tls`, `timeout`, `html`, `498`, …."""
    summary: str
    """One sentence that says what failed."""
    server_message: str = ""
    """Message from the site; empty if it sent none."""
    cause: str = ""
    """The most likely cause; may be empty."""
    advice: str = ""
    """The next step for the administrator; may be empty."""
    request: str = ""
    """The failed request, without its query: `GET https://host/context/admin`."""
    site: str = ""
    """Address of the site if `drtui doctor` may find out more; empty if it would not help."""

    @property
    def line(self) -> str:
        """Summary, message of the site, cause and whole advice in one line."""
        text = f"{self.summary}: {self.server_message}" if self.server_message else self.summary
        return " - ".join(filter(None, (text, self.cause, self.whole_advice)))

    @property
    def whole_advice(self) -> str:
        """The advice; for connection errors also `drtui doctor`, which the interface offers as a key instead."""
        doctor = f"Or run drtui doctor {self.site}" if self.site else ""
        return f"{self.advice} {doctor}".strip()
