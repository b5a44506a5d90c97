"""A moment that has been, as a person under stress types it: one is asked for where the date goes without saying."""

import datetime as dt
import re

from drtui.core.formatting.times import MomentError, NoMoment, at, parse, span

_TIME = re.compile(
    r"(?:(today|yesterday)\s+)?(\d{1,2})(:\d{2}(?::\d{2})?)\s*(z|[+-](?:[01]\d|2[0-3]):[0-5]\d)?", re.ASCII
)


def happened(text: str, zone: dt.tzinfo, now: int) -> int:
    """What `parse` takes, and `14:20` (the last time that it was), `yesterday 14:20`, `3h ago` or `now`; epoch ms.

    Args:
        text: as it was typed.
        zone: that of the time, unless it names another.
        now: from when one looks back, epoch ms.

    Raises:
        MomentError: it is none of these, or the clock of the zone shows that time twice or not at all.
    """
    typed = " ".join(text.lower().split())
    if typed == "now":
        return now
    if typed.endswith(" ago"):
        return max(0, now - span(typed.removesuffix(" ago")))
    found = _TIME.fullmatch(typed)
    try:
        return parse(text, zone) if found is None else _of_day(found, zone, now)
    except NoMoment:
        raise MomentError(
            f"{text!r} is no moment; write it as in 2026-09-18T14:37, 14:37, yesterday 14:37 or 3h ago, "
            "with +02:00 or Z after the time if need be"
        ) from None


def _of_day(found: re.Match[str], zone: dt.tzinfo, now: int) -> int:
    """That time of the day that is named; without one of today, unless that is still to come."""
    day, hour, rest, offset = found.groups("")
    there = dt.datetime.fromisoformat(f"2000-01-01T00:00{offset.upper()}").tzinfo or zone
    today = at(now, there).date()
    yesterday = today - dt.timedelta(1)
    time = f"{hour:0>2}{rest}"
    if day == "yesterday":
        return parse(f"{yesterday}T{time}", there)
    moment = parse(f"{today}T{time}", there)
    return moment if day or moment <= now else parse(f"{yesterday}T{time}", there)
