"""What an answer says of itself beside the value in it."""

from msgspec import Struct


class Marks(Struct):
    """Marks of one answer, set when it has been read; they become those of `model.reading.Answer`."""

    partial: str = ""
    """Why the value is not all that the site has; empty for a whole one."""
    aged: int | None = None
    """Milliseconds for which a cache on the way had kept it; None if the site itself sent it."""
