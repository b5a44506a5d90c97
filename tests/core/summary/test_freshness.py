"""Tests of texts on age and source of displayed data."""

from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from drtui.core.formatting.durations import DAY, HOUR, MINUTE
from drtui.core.formatting.times import UTC, format_relative_day
from drtui.core.model.failure import Failure, FailureKind
from drtui.core.model.site_state import Fetched, SiteState, Source
from drtui.core.summary.freshness import freshness_short_text, freshness_text, stale_data_warning
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
        (SiteState("x", stores=Fetched(NOW, failure=DOWN), is_complete=True), "failed 14:13"),
        (state_read(0), "live 14:13"),
        (state_read(2 * MINUTE), "2 min old"),
        (state_read(2 * MINUTE, failure=DOWN), "2 min old (offline)"),
        (state_read(HOUR, Source.SAVED), "saved 13:13 (offline)"),
        (state_read(HOUR, Source.SAVED, is_complete=False), "saved 13:13 (asking)"),
        (state_read(15 * HOUR, Source.SAVED, DOWN), "saved 23:13 yesterday (offline)"),
        (state_read(2 * DAY, Source.SAVED), "saved 2026-09-19 14:13 (offline)"),
        (state_read(DAY, Source.FILE), "file of 2026-09-20 14:13"),
    ],
)
def test_freshness_text_names_age_and_source(site_state: SiteState, expected: str) -> None:
    assert freshness_text(site_state, NOW, UTC) == expected


def test_format_relative_day_uses_the_zone() -> None:
    assert format_relative_day(NOW - 15 * HOUR, NOW, ZoneInfo("Asia/Tokyo")) == "08:13"


@pytest.mark.parametrize(
    ("site_state", "expected"),
    [
        (state_read(0), ""),
        (
            state_read(HOUR, Source.SAVED, DOWN),
            "saved 13:13 (offline): no host is called gis; changes since then are unknown",
        ),
        (state_read(HOUR, Source.SAVED), "saved 13:13 (offline); changes since then are unknown"),
    ],
)
def test_stale_data_warning_is_returned_when_data_is_saved(site_state: SiteState, expected: str) -> None:
    assert stale_data_warning(site_state, NOW, UTC) == expected


@pytest.mark.parametrize(
    ("site_state", "idle", "asking"),
    [
        (SiteState("x"), "not read yet", "asking"),
        (SiteState("x", stores=Fetched(NOW, failure=DOWN)), "failed 14:13", "asking"),
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
