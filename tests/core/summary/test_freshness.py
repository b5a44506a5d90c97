"""How old what is shown is."""

from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from drtui.core.formatting.times import DAY, HOUR, MINUTE, UTC, format_relative_day
from drtui.core.model.failure import Failure, FailureKind
from drtui.core.model.site_state import Fetched, SiteState, Source
from drtui.core.summary.freshness import freshness_short_text, freshness_text, stale_data_warning
from tests.conftest import NOW
from tests.core.points import STORE, reading

DOWN = Failure(FailureKind.UNREACHABLE, "dns", "no host is called gis")


def read(ago: int, source: Source = Source.LIVE, trouble: Failure | None = None, *, complete: bool = True) -> SiteState:
    answer = Fetched(NOW - ago, (STORE,), trouble, source)
    return replace(reading(), stores=answer, backups={}, is_complete=complete)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (SiteState("x"), "not read yet"),
        (SiteState("x", stores=Fetched(NOW, failure=DOWN), is_complete=True), "failed 14:13"),
        (read(0), "live 14:13"),
        (read(2 * MINUTE), "2 min old"),
        (read(2 * MINUTE, trouble=DOWN), "2 min old (offline)"),
        (read(HOUR, Source.SAVED), "saved 13:13 (offline)"),
        (read(HOUR, Source.SAVED, complete=False), "saved 13:13 (asking)"),
        (read(15 * HOUR, Source.SAVED, DOWN), "saved 23:13 yesterday (offline)"),
        (read(2 * DAY, Source.SAVED), "saved 2026-09-19 14:13 (offline)"),
        (read(DAY, Source.FILE), "file of 2026-09-20 14:13"),
    ],
)
def test_the_mark_is_the_same_everywhere(found: SiteState, expected: str) -> None:
    assert freshness_text(found, NOW, UTC) == expected


def test_yesterday_is_that_of_the_zone() -> None:
    assert format_relative_day(NOW - 15 * HOUR, NOW, ZoneInfo("Asia/Tokyo")) == "08:13"


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (read(0), ""),
        (
            read(HOUR, Source.SAVED, DOWN),
            "saved 13:13 (offline): no host is called gis; what happened since is not known",
        ),
        (read(HOUR, Source.SAVED), "saved 13:13 (offline); what happened since is not known"),
    ],
)
def test_what_was_saved_comes_with_a_warning(found: SiteState, expected: str) -> None:
    assert stale_data_warning(found, NOW, UTC) == expected


@pytest.mark.parametrize(
    ("found", "idle", "asking"),
    [
        (SiteState("x"), "not read yet", "asking"),
        (SiteState("x", stores=Fetched(NOW, failure=DOWN)), "failed 14:13", "asking"),
        (read(0), "live 14:13", "0 s old, asking"),
        (read(23 * HOUR + 59 * MINUTE), "23 h 59 min old", "24 h old, asking"),
        (read(HOUR, Source.SAVED, DOWN), "saved 1 h ago", "1 h old, asking"),
        (read(9999 * DAY, Source.SAVED), "saved 9999 d ago", "9999 d old, asking"),
        (read(2 * MINUTE, trouble=DOWN), "2 min old", "2 min old, asking"),
    ],
)
def test_in_short_it_fits_a_column(found: SiteState, idle: str, asking: str) -> None:
    assert freshness_short_text(found, NOW, UTC, is_fetching=False) == idle
    assert freshness_short_text(found, NOW, UTC, is_fetching=True) == asking
    assert max(len(idle), len(asking)) <= 18
