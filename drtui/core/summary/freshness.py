"""The age and source of displayed data, in a few words for every screen and export."""

import datetime as dt
from typing import NamedTuple

from drtui.core.analysis.operation import is_expected_during_restore
from drtui.core.formatting.durations import HOUR, MINUTE, format_age, format_short_age
from drtui.core.formatting.times import format_minutes, format_relative_day, to_zone
from drtui.core.model.failure import Failure, FailureKind
from drtui.core.model.site_state import SiteState, Source, awaits_first_lists

AGED = "aged"
"""Code of the failure of an answer that a cache on the way has sent."""

_FAILURE_WORDS = {
    FailureKind.UNREACHABLE: "not reachable",
    FailureKind.REFUSED: "access refused",
    FailureKind.UNREADABLE: "not readable",
    FailureKind.MISSING: "not found",
}

_DOWN_CODES = frozenset({"502", "503", "504"})
"""Codes of failures by which a gateway says that it does not reach the site."""


def _failure_word(failure: Failure) -> str:
    """Return why a site could not be read, in two words."""
    return _FAILURE_WORDS[FailureKind.UNREACHABLE if failure.code in _DOWN_CODES else failure.kind]


class Freshness(NamedTuple):
    """The age and source of the data of a site, in words."""

    word: str
    """`live`, `not reachable`, `saved`, `file`, or an age such as `2 min old`."""
    detail: str = ""
    """A time: `14:13`, `since 15:46`, `03:10 yesterday, asking`."""
    tone: str = ""
    has_clock_time: bool = False
    """True if `detail` is a time of day in the zone of the user."""

    @property
    def text(self) -> str:
        """Word and detail, for a sentence: `not reachable since 15:46`."""
        return f"{self.word} {self.detail}".rstrip()

    @property
    def badge(self) -> str:
        """Word and detail, for a status line: `NOT REACHABLE since 15:46`."""
        return f"{self.word.upper()} {self.detail}".rstrip()


def assess_freshness(site_state: SiteState, now: int, zone: dt.tzinfo) -> Freshness:
    """Return the age and source of a site state as of `now` (epoch ms).

    A site that does not answer has the same words with and without saved data, and when it stops answering later.
    """
    stores, listed_at = site_state.stores, site_state.listed_at
    if stores is None or listed_at is None:
        return Freshness("not read yet", tone="muted")
    is_file = stores.source is Source.FILE and stores.value is not None
    if stores.failure is not None and stores.failure.code != AGED and not is_file:
        since = stores.at if stores.failing_since is None else stores.failing_since
        return _failed(site_state, stores.failure, since, now, zone)
    if is_file:
        return Freshness("file", f"of {format_minutes(listed_at, zone)}", "warn")
    if site_state.is_saved:
        progress = "" if site_state.is_complete else ", asking"
        return Freshness("saved", f"{format_relative_day(listed_at, now, zone)}{progress}", "warn", has_clock_time=True)
    if awaits_first_lists(site_state):
        return Freshness("reading", tone="muted")
    age = now - listed_at
    if _has_aged_list(site_state):
        return Freshness("proxy copy", f"{format_age(age)} old", "warn")
    if age < MINUTE:
        return Freshness("live", f"{to_zone(listed_at, zone):%H:%M}", "good", has_clock_time=True)
    return Freshness(f"{format_age(age)} old", tone="" if age < HOUR else "warn")


def _failed(site_state: SiteState, failure: Failure, since: int, now: int, zone: dt.tzinfo) -> Freshness:
    """Return that the site does not answer since `since` (epoch ms)."""
    tone = "warn" if is_expected_during_restore(site_state, failure) else "bad"
    detail = f"since {format_relative_day(since, now, zone)}"
    return Freshness(_failure_word(failure), detail, tone, has_clock_time=True)


def freshness_text(site_state: SiteState, now: int, zone: dt.tzinfo) -> str:
    """Return the age and source of a site state as of `now` (epoch ms).

    For example `live 12:04`, `2 min old`, `saved 03:10 yesterday`, `not reachable since 12:04` or
    `file of 2026-09-20 03:10`.
    """
    return assess_freshness(site_state, now, zone).text


def read_time_text(site_state: SiteState, now: int, zone: dt.tzinfo) -> str:
    """Return when the data of a site was read, as of `now` (epoch ms).

    `saved 03:10` also if the site does not answer any more.
    """
    if site_state.is_saved and site_state.listed_at is not None:
        return f"saved {format_relative_day(site_state.listed_at, now, zone)}"
    return freshness_text(site_state, now, zone)


def freshness_short_text(site_state: SiteState, now: int, zone: dt.tzinfo, *, is_fetching: bool) -> str:
    """Return the age and source of a site state in at most 18 cells, as of `now` (epoch ms).

    If `is_fetching`, say that answers are awaited: `asking` or `3 h old, asking`.
    """
    freshness = assess_freshness(site_state, now, zone)
    if site_state.listed_at is None or _has_no_list(site_state):
        return "asking" if is_fetching else freshness.word
    age = format_short_age(max(0, now - site_state.listed_at))
    if is_fetching:
        return f"{age} old, asking"
    if _has_aged_list(site_state):
        return f"proxy copy {age}"
    if site_state.is_saved:
        return f"saved {age} ago"
    has_failed = site_state.stores is not None and site_state.stores.failure is not None
    return f"{age} old" if has_failed else freshness.text


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
    if failure is None or site_state.listed_at is None:
        return f"{freshness_text(site_state, now, zone)}; changes since then are unknown"
    saved = format_relative_day(site_state.listed_at, now, zone)
    return f"{_failure_word(failure)}, saved {saved}: {failure.summary}; changes since then are unknown"
