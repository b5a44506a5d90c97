"""From where one looks: what every text about a moment depends on."""

import datetime as dt
from typing import NamedTuple

from msgspec import Struct


class DisplayContext(NamedTuple):
    """What is now (epoch ms), in which zone, and whether symbols keep to ASCII."""

    now: int
    zone: dt.tzinfo
    plain: bool = False


class StyledText(Struct, frozen=True):
    """One sentence of the headline or of an answer."""

    text: str
    tone: str
    """`good`, `warn`, `bad`, `muted`, `strong`, or empty."""
