"""How old what is shown is."""

from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from drtui.core.formatting.times import DAY, HOUR, MINUTE, UTC, when
from drtui.core.model.failure import Trouble, TroubleKind
from drtui.core.model.site_state import Answer, Reading, Source
from drtui.core.summary.freshness import freshness, in_short, warning
from tests.conftest import NOW
from tests.core.points import STORE, reading

DOWN = Trouble(TroubleKind.UNREACHABLE, "dns", "no host is called gis")


def read(ago: int, source: Source = Source.LIVE, trouble: Trouble | None = None, *, complete: bool = True) -> Reading:
    answer = Answer(NOW - ago, (STORE,), trouble, source)
    return replace(reading(), stores=answer, backups={}, complete=complete)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (Reading("x"), "not read yet"),
        (Reading("x", stores=Answer(NOW, trouble=DOWN), complete=True), "failed 14:13"),
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
def test_the_mark_is_the_same_everywhere(found: Reading, expected: str) -> None:
    assert freshness(found, NOW, UTC) == expected


def test_yesterday_is_that_of_the_zone() -> None:
    assert when(NOW - 15 * HOUR, NOW, ZoneInfo("Asia/Tokyo")) == "08:13"


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
def test_what_was_saved_comes_with_a_warning(found: Reading, expected: str) -> None:
    assert warning(found, NOW, UTC) == expected


@pytest.mark.parametrize(
    ("found", "idle", "asking"),
    [
        (Reading("x"), "not read yet", "asking"),
        (Reading("x", stores=Answer(NOW, trouble=DOWN)), "failed 14:13", "asking"),
        (read(0), "live 14:13", "0 s old, asking"),
        (read(23 * HOUR + 59 * MINUTE), "23 h 59 min old", "24 h old, asking"),
        (read(HOUR, Source.SAVED, DOWN), "saved 1 h ago", "1 h old, asking"),
        (read(9999 * DAY, Source.SAVED), "saved 9999 d ago", "9999 d old, asking"),
        (read(2 * MINUTE, trouble=DOWN), "2 min old", "2 min old, asking"),
    ],
)
def test_in_short_it_fits_a_column(found: Reading, idle: str, asking: str) -> None:
    assert in_short(found, NOW, UTC, asking=False) == idle
    assert in_short(found, NOW, UTC, asking=True) == asking
    assert max(len(idle), len(asking)) <= 18
