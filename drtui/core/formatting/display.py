"""The context that display texts depend on, and text with a colour."""

import datetime as dt
from typing import NamedTuple

from msgspec import Struct


class DisplayContext(NamedTuple):
    """The current time (epoch ms), the time zone, and `plain`: True for ASCII symbols only."""

    now: int
    zone: dt.tzinfo
    plain: bool = False


class StyledText(Struct, frozen=True):
    """A sentence with a tone."""

    text: str
    tone: str
    """The colour of the text: `good`, `warn`, `bad`, `muted`, `strong`, or empty."""
