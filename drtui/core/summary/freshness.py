"""The age and source of displayed data, in a few words for every screen and export."""

import datetime as dt

from drtui.core.formatting.durations import MINUTE, format_age, format_short_age
from drtui.core.formatting.times import format_minutes, format_relative_day, to_zone
from drtui.core.model.site_state import SiteState, Source


def freshness_text(site_state: SiteState, now: int, zone: dt.tzinfo) -> str:
    """Return the age and source of a site state as of `now` (epoch ms).

    For example `live 12:04`, `2 min old`, `saved 03:10 yesterday (offline)`, `failed 12:04` or
    `file of 2026-09-20 03:10`.
    """
    stores, listed_at = site_state.stores, site_state.listed_at
    if listed_at is None:
        return "not read yet"
    if _has_no_list(site_state):
        return f"failed {to_zone(listed_at, zone):%H:%M}"
    if stores is not None and stores.source is Source.FILE:
        return f"file of {format_minutes(listed_at, zone)}"
    if site_state.is_saved:
        progress = "offline" if site_state.is_complete else "asking"
        return f"saved {format_relative_day(listed_at, now, zone)} ({progress})"
    age = now - listed_at
    if _has_aged_list(site_state):
        return f"aged, {format_age(age)} old"
    text = f"live {to_zone(listed_at, zone):%H:%M}" if age < MINUTE else f"{format_age(age)} old"
    return f"{text} (offline)" if stores is not None and stores.failure is not None else text


def freshness_short_text(site_state: SiteState, now: int, zone: dt.tzinfo, *, is_fetching: bool) -> str:
    """Return the age and source of a site state in at most 18 cells, as of `now` (epoch ms).

    If `is_fetching`, say that answers are awaited: `asking` or `3 h old, asking`.
    """
    if site_state.listed_at is None or _has_no_list(site_state):
        return "asking" if is_fetching else freshness_text(site_state, now, zone)
    age = format_short_age(max(0, now - site_state.listed_at))
    if is_fetching:
        return f"{age} old, asking"
    if _has_aged_list(site_state):
        return f"aged {age}"
    if site_state.is_saved:
        return f"saved {age} ago"
    return freshness_text(site_state, now, zone).removesuffix(" (offline)")


def _has_aged_list(site_state: SiteState) -> bool:
    """True if a list is from a cache between drtui and the site."""
    answers = (site_state.stores, *site_state.backups.values())
    return any(answer is not None and answer.cache_age is not None for answer in answers)


def _has_no_list(site_state: SiteState) -> bool:
    """True if the fetch of the stores failed and no earlier answer is saved."""
    return site_state.stores is not None and site_state.stores.value is None and site_state.stores.failure is not None


def stale_data_warning(site_state: SiteState, now: int, zone: dt.tzinfo) -> str:
    """Return the warning to display above saved data, with its age and the failure; empty for live data."""
    if not site_state.is_saved:
        return ""
    failure = site_state.stores.failure if site_state.stores is not None else None
    cause = f": {failure.summary}" if failure is not None else ""
    return f"{freshness_text(site_state, now, zone)}{cause}; changes since then are unknown"
