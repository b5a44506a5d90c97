"""Read values as printed for people, to compare them with JSON."""

import datetime as dt
import re
from typing import Any

from drtui.core.formatting.durations import DAY, HOUR, MINUTE, SECOND

UNITS = {"s": SECOND, "min": MINUTE, "m": MINUTE, "h": HOUR, "d": DAY}
UNKNOWN = {"", "-", "not said", "(no name)"}
"""Words printed for null or an empty text of JSON."""


def printed_value(text: str) -> str | None:
    """Return a printed text; None where it stands for no value."""
    return None if text in UNKNOWN else text


def seconds(text: str | None) -> int | None:
    """Return a printed moment in seconds since 1970; None where it stands for no value."""
    return None if text is None or text in UNKNOWN else int(dt.datetime.fromisoformat(text).timestamp())


def second_of(moment: dict[str, Any] | None) -> int | None:
    """Return a moment of JSON in seconds since 1970; None for null."""
    return None if moment is None else moment["epoch_ms"] // SECOND


def is_span_of(text: str, milliseconds: int) -> bool:
    """True if a printed span equals `milliseconds`, rounded up to its smallest unit."""
    pieces = re.findall(r"(\d+) ([a-z]+)", text)
    unit_text = sum(int(number) * UNITS[unit] for number, unit in pieces)
    return unit_text - UNITS[pieces[-1][1]] < milliseconds <= unit_text


def number(text: str) -> int:
    """Return a printed number, such as `1,057`."""
    return int(text.replace(",", ""))
