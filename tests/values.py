"""Values as people read them, to be compared with the values of JSON."""

import datetime as dt
import re
from typing import Any

from drtui.core.formatting.times import DAY, HOUR, MINUTE, SECOND

UNITS = {"s": SECOND, "min": MINUTE, "m": MINUTE, "h": HOUR, "d": DAY}
UNKNOWN = {"", "-", "not said", "(no name)"}
"""Words that people read for null or an empty text in JSON."""


def said(text: str) -> str | None:
    """Return a text as it was written; None where it says that there is none."""
    return None if text in UNKNOWN else text


def seconds(text: str | None) -> int | None:
    """Return a moment as it was written, in seconds since 1970; None where there is none."""
    return None if text is None or text in UNKNOWN else int(dt.datetime.fromisoformat(text).timestamp())


def second_of(moment: dict[str, Any] | None) -> int | None:
    """Return a moment of JSON in seconds since 1970; None where there is none."""
    return None if moment is None else moment["epoch_ms"] // SECOND


def is_span_of(text: str, milliseconds: int) -> bool:
    """True if a span that was written is this one, rounded up to the smallest unit that it names."""
    pieces = re.findall(r"(\d+) ([a-z]+)", text)
    shown = sum(int(number) * UNITS[unit] for number, unit in pieces)
    return shown - UNITS[pieces[-1][1]] < milliseconds <= shown


def number(text: str) -> int:
    """Return a number as it was written: `1,057`."""
    return int(text.replace(",", ""))
