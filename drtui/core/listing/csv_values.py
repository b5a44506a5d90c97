"""Values of CSV: words without blanks, moments in ISO 8601 with their offset, durations in seconds.

An empty cell stands for what is not known, or does not apply.
"""

import datetime as dt

from drtui.core.formatting.times import format_iso
from drtui.core.model.backup import NEVER

Cell = str | int | float | bool | None


def csv_word(text: str) -> str:
    """Return a word of drtui's own as a value: `not_usable` for `not usable`."""
    return text.replace(" ", "_")


def csv_time(moment: int | None, zone: dt.tzinfo) -> str | None:
    """Return a moment, epoch ms, in ISO 8601."""
    return None if moment is None else format_iso(moment, zone)


def csv_retention(moment: int | None, zone: dt.tzinfo) -> str | None:
    """Return a retention date, epoch ms, in ISO 8601; `never` for what has no end."""
    return "never" if moment == NEVER else csv_time(moment, zone)


def csv_seconds(milliseconds: int | None) -> float | None:
    """Return a duration in seconds, whole ones without a fraction."""
    if milliseconds is None:
        return None
    return milliseconds / 1000 if milliseconds % 1000 else milliseconds // 1000


def csv_seconds_left(moment: int | None, now: int) -> float | str | None:
    """Return the seconds until a retention date, epoch ms, less than 0 for one that is past; `never` for no end."""
    return "never" if moment == NEVER else None if moment is None else csv_seconds(moment - now)
