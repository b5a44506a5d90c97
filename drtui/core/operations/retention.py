"""Read the end of a retention as a person types it."""

import datetime as dt
import re

from drtui.core.formatting.times import NotATimeError, TimeError, day_bounds, parse_duration, parse_time
from drtui.core.model.backup import NEVER

FOREVER = frozenset({"forever", "for ever", "never"})
"""Typed texts that keep a backup for ever."""


def parse_retention(text: str, zone: dt.tzinfo, now: int) -> int:
    """Return a typed retention (`30d`, `2026-12-31`, `2026-12-31 18:00`, `forever`) as epoch ms, or `NEVER`.

    A date alone means its last moment in `zone`.

    Raises:
        TimeError: the text has another format, or the time is past; the message says what to write.
    """
    typed = " ".join(text.lower().split())
    if typed in FOREVER:
        return NEVER
    moment = _parse_moment(text.strip(), zone, now)
    if moment <= now:
        raise TimeError(f"{text.strip()!r} is in the past: the site could delete the backup at once. Use a later date")
    return moment


def _parse_moment(typed: str, zone: dt.tzinfo, now: int) -> int:
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", typed, re.ASCII):
        try:
            return day_bounds(dt.date.fromisoformat(typed), zone)[1]
        except ValueError:
            raise TimeError(f"There is no day {typed!r}. Use 30d, 2026-12-31 or forever") from None
    try:
        return parse_time(typed, zone)
    except NotATimeError:
        pass
    try:
        return now + parse_duration(typed)
    except TimeError:
        raise TimeError(f"Cannot read {typed!r}. Use 30d, 2026-12-31 or forever") from None
