"""What was asked and how it went, without secrets."""

from msgspec import Struct


class RequestLog(Struct, frozen=True):
    """One request as it went, without its query and without secrets."""

    method: str
    url: str
    status: int | None
    """None if no answer came."""
    took: int
    """Milliseconds."""
    size: int
    """Bytes of the answer, as they came over the line."""
    error: str = ""
    """The code of the error that it was (`Trouble.code`); empty for none."""


class Request(RequestLog, frozen=True, kw_only=True):
    """The same, with when that was."""

    at: int
    """When its answer came, or was given up; epoch ms."""
