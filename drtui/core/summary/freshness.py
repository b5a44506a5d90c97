"""How old what is shown is, in a few words that stand on every screen and in every export."""

import datetime as dt

from drtui.core.formatting.times import (
    MINUTE,
    format_age,
    format_minutes,
    format_relative_day,
    format_short_age,
    to_zone,
)
from drtui.core.model.site_state import SiteState, Source


def freshness(reading: SiteState, now: int, zone: dt.tzinfo) -> str:
    """`live 12:04`, `2 min old`, `saved 03:10 yesterday (offline)`, `failed 12:04`, `file of 2026-09-20 03:10`."""
    if reading.listed_at is None:
        return "not read yet"
    if _failed(reading):
        return f"failed {to_zone(reading.listed_at, zone):%H:%M}"
    if reading.stores is not None and reading.stores.source is Source.FILE:
        return f"file of {format_minutes(reading.listed_at, zone)}"
    if reading.is_saved:
        progress = "offline" if reading.is_complete else "asking"
        return f"saved {format_relative_day(reading.listed_at, now, zone)} ({progress})"
    old = now - reading.listed_at
    if _aged(reading):
        return f"aged, {format_age(old)} old"
    fresh = f"live {to_zone(reading.listed_at, zone):%H:%M}" if old < MINUTE else f"{format_age(old)} old"
    failed = reading.stores is not None and reading.stores.failure is not None and reading.stores.value is not None
    return f"{fresh} (offline)" if failed else fresh


def freshness_short(reading: SiteState, now: int, zone: dt.tzinfo, *, asking: bool) -> str:
    """The same in 18 cells at most; `asking`: the site is being asked: `asking`, `3 h old, asking`."""
    if reading.listed_at is None or _failed(reading):
        return "asking" if asking else freshness(reading, now, zone)
    old = format_short_age(max(0, now - reading.listed_at))
    if asking:
        return f"{old} old, asking"
    if _aged(reading):
        return f"aged {old}"
    return f"saved {old} ago" if reading.is_saved else freshness(reading, now, zone).removesuffix(" (offline)")


def _aged(reading: SiteState) -> bool:
    """True if a list came out of a cache on the way."""
    return any(each is not None and each.cache_age is not None for each in (reading.stores, *reading.backups.values()))


def _failed(reading: SiteState) -> bool:
    """Whether it was tried to read the list, and nothing is known of it from before either."""
    return reading.stores is not None and reading.stores.value is None and reading.stores.failure is not None


def stale_data_warning(reading: SiteState, now: int, zone: dt.tzinfo) -> str:
    """What has to stand above everything that rests on what was saved; empty for what the site just said."""
    if not reading.is_saved:
        return ""
    trouble = reading.stores.failure if reading.stores is not None else None
    why = f": {trouble.summary}" if trouble is not None else ""
    return f"{freshness(reading, now, zone)}{why}; what happened since is not known"
