"""From where one looks: what every text about a moment depends on."""

import datetime as dt
from typing import NamedTuple


class View(NamedTuple):
    """What is now (epoch ms), in which zone, and whether symbols keep to ASCII."""

    now: int
    zone: dt.tzinfo
    plain: bool = False
