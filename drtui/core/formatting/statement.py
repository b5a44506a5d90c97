"""One sentence that says something to a person, and how serious it is."""

from msgspec import Struct


class Statement(Struct, frozen=True):
    """One sentence of the headline or of an answer."""

    text: str
    tone: str
    """`good`, `warn`, `bad`, `muted`, `strong`, or empty."""
