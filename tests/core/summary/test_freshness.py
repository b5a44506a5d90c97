"""Tests of texts on age and source of displayed data."""

from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from drtui.core.formatting.durations import DAY, HOUR, MINUTE
from drtui.core.formatting.times import UTC, format_relative_day
from drtui.core.model.failure import Failure, FailureKind
from drtui.core.model.site_state import Fetched, SiteState, Source
from drtui.core.summary.freshness import assess_freshness, freshness_short_text, freshness_text, stale_data_warning
from tests.conftest import NOW
from tests.core.points import STORE, site_of

DOWN = Failure(FailureKind.UNREACHABLE, "dns", "no host is called gis")


def state_read(
    ago: int, source: Source = Source.LIVE, failure: Failure | None = None, *, is_complete: bool = True
) -> SiteState:
    answer = Fetched(NOW - ago, (STORE,), failure, source)
    return replace(site_of(), stores=answer, backups={}, is_complete=is_complete)


@pytest.mark.parametrize(
    ("site_state", "expected"),
    [
        (SiteState("x"), "not read yet"),
        (SiteState("x", stores=Fetched(NOW, failure=DOWN), is_complete=True), "not reachable since 14:13"),
        (state_read(0), "live 14:13"),
        (state_read(0, is_complete=False), "reading"),
        (state_read(2 * MINUTE), "2 min old"),
        (state_read(2 * MINUTE, failure=DOWN), "not reachable since 14:11"),
        (state_read(HOUR, Source.SAVED), "saved 13:13"),
        (state_read(HOUR, Source.SAVED, is_complete=False), "saved 13:13, asking"),
        (state_read(15 * HOUR, Source.SAVED, DOWN), "not reachable since 23:13 yesterday"),
        (state_read(2 * DAY, Source.SAVED), "saved 2026-09-19 14:13"),
        (state_read(DAY, Source.FILE), "file of 2026-09-20 14:13"),
    ],
)
def test_freshness_text_names_age_and_source(site_state: SiteState, expected: str) -> None:
    assert freshness_text(site_state, NOW, UTC) == expected


@pytest.mark.parametrize(
    ("code", "kind", "badge", "tone"),
    [
        ("dns", FailureKind.UNREACHABLE, "NOT REACHABLE since 14:11", "bad"),
        ("403", FailureKind.REFUSED, "ACCESS REFUSED since 14:11", "bad"),
        ("html", FailureKind.UNREADABLE, "NOT READABLE since 14:11", "bad"),
        ("404", FailureKind.MISSING, "NOT FOUND since 14:11", "bad"),
    ],
)
def test_badge_is_the_same_when_the_site_was_dead_at_the_start_and_when_it_dies_later(
    code: str, kind: FailureKind, badge: str, tone: str
) -> None:
    failure = Failure(kind, code, "it failed")
    first, second = (
        replace(site_of(), stores=Fetched(NOW - ago, failure=failure), backups={}) for ago in (2 * MINUTE, MINUTE)
    )
    for before in (SiteState("x"), state_read(HOUR), state_read(HOUR, Source.SAVED)):
        after = second.with_fallback(first.with_fallback(before))
        freshness = assess_freshness(after, NOW, UTC)
        assert (freshness.badge, freshness.tone) == (badge, tone)


def test_badge_names_the_present_age_when_a_dead_site_answers_again() -> None:
    dead = replace(site_of(), stores=Fetched(NOW - MINUTE, failure=DOWN), backups={}).with_fallback(state_read(HOUR))
    assert assess_freshness(state_read(0).with_fallback(dead), NOW, UTC).badge == "LIVE 14:13"


def test_format_relative_day_uses_the_zone() -> None:
    assert format_relative_day(NOW - 15 * HOUR, NOW, ZoneInfo("Asia/Tokyo")) == "08:13"


@pytest.mark.parametrize(
    ("site_state", "expected"),
    [
        (state_read(0), ""),
        (
            state_read(HOUR, Source.SAVED, DOWN),
            "not reachable, saved 13:13: no host is called gis; changes since then are unknown",
        ),
        (state_read(HOUR, Source.SAVED), "saved 13:13; changes since then are unknown"),
    ],
)
def test_stale_data_warning_is_returned_when_data_is_saved(site_state: SiteState, expected: str) -> None:
    assert stale_data_warning(site_state, NOW, UTC) == expected


@pytest.mark.parametrize(
    ("site_state", "idle", "asking"),
    [
        (SiteState("x"), "not read yet", "asking"),
        (SiteState("x", stores=Fetched(NOW, failure=DOWN)), "not reachable", "asking"),
        (state_read(0), "live 14:13", "0 s old, asking"),
        (state_read(23 * HOUR + 59 * MINUTE), "23 h 59 min old", "24 h old, asking"),
        (state_read(HOUR, Source.SAVED, DOWN), "saved 1 h ago", "1 h old, asking"),
        (state_read(9999 * DAY, Source.SAVED), "saved 9999 d ago", "9999 d old, asking"),
        (state_read(2 * MINUTE, failure=DOWN), "2 min old", "2 min old, asking"),
    ],
)
def test_freshness_short_text_fits_18_cells(site_state: SiteState, idle: str, asking: str) -> None:
    assert freshness_short_text(site_state, NOW, UTC, is_fetching=False) == idle
    assert freshness_short_text(site_state, NOW, UTC, is_fetching=True) == asking
    assert max(len(idle), len(asking)) <= 18
