"""CSV values: words without blanks, times in ISO 8601 with their UTC offset, durations in seconds.

An empty cell means unknown or not applicable.
"""

import datetime as dt

from drtui.core.formatting.times import format_iso
from drtui.core.model.backup import NEVER

Cell = str | int | float | bool | None


def csv_word(text: str) -> str:
    """Return a drtui term without blanks: `not_usable` for `not usable`."""
    return text.replace(" ", "_")


def csv_time(moment: int | None, zone: dt.tzinfo) -> str | None:
    """Return a time (epoch ms) in ISO 8601."""
    return None if moment is None else format_iso(moment, zone)


def csv_retention(moment: int | None, zone: dt.tzinfo) -> str | None:
    """Return a retention date (epoch ms) in ISO 8601; `never` if the backup never expires."""
    return "never" if moment == NEVER else csv_time(moment, zone)


def csv_seconds(milliseconds: int | None) -> float | None:
    """Return a duration in seconds; an int if it is a whole number of seconds."""
    if milliseconds is None:
        return None
    return milliseconds / 1000 if milliseconds % 1000 else milliseconds // 1000


def csv_seconds_left(moment: int | None, now: int) -> float | str | None:
    """Return the seconds until a retention date (epoch ms), negative if past; `never` if the backup never expires."""
    return "never" if moment == NEVER else None if moment is None else csv_seconds(moment - now)
