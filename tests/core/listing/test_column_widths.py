"""Widths of columns, and the short reasons in the column beside the verdict."""

import pytest
from msgspec.structs import replace

from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.durations import DAY, HOUR, MINUTE, SECOND, format_elapsed
from drtui.core.formatting.times import UTC
from drtui.core.listing.column_widths import MIN_WHY_CELLS, measure_columns
from drtui.core.listing.columns import COLUMNS, COLUMNS_BY_KEY
from drtui.core.model.backup import Backup, Part
from drtui.core.summary.labels import why_text, why_texts
from drtui.core.verdict.restore_points import RestorePoint
from drtui.core.verdict.rules import GOOD, Level, Reason, Verdict
from tests.conftest import NOW

KEYS = tuple(column.key for column in COLUMNS)
BACKUP = Backup("nightly-1", "vault", start=NOW - HOUR, end=NOW, retention=NOW + DAY, schedule_type="SCHEDULED")


def point(backup: Backup = BACKUP, *reasons: Reason) -> RestorePoint:
    """Return a restore point with these reasons, else a usable one."""
    return RestorePoint(backup, Verdict(reasons[0].level if reasons else Level.USABLE, reasons or (GOOD,)))


def test_column_is_as_wide_as_its_longest_value_when_it_is_measured() -> None:
    points = [point(), point(replace(BACKUP, name="before-the-upgrade", store="東京", start=NOW - 2 * HOUR))]
    cells = measure_columns(points, KEYS, NOW).cells
    assert (cells["name"], cells["store"]) == (len("before-the-upgrade"), len("vault"))
    assert measure_columns(points, KEYS, NOW, ["(a longer name: no backup)"]).cells["name"] == 26


def test_column_is_bounded_when_a_name_is_very_long() -> None:
    long = replace(BACKUP, name="n" * 300, store="s" * 300, description="d" * 300)
    cells = measure_columns([point(long)], KEYS, NOW).cells
    assert (cells["name"], cells["store"], cells["description"]) == (44, 20, 40)


def test_column_of_names_is_not_widened_when_few_names_are_long() -> None:
    usual = [point(replace(BACKUP, name=f"nightly-2026-09-21-06-00-{number:02}")) for number in range(60)]
    long = point(replace(BACKUP, name="n" * 300))
    assert measure_columns([*usual, long], KEYS, NOW).cells["name"] == 32
    assert measure_columns([*usual, *[long] * 10], KEYS, NOW).cells["name"] == 44
    short = point(replace(BACKUP, name="before-the-parcel-migration-2"))
    assert measure_columns([*usual, short], KEYS, NOW).cells["name"] == 29


@pytest.mark.parametrize("duration", [1, 59 * SECOND, MINUTE, 9 * MINUTE, 59 * MINUTE, HOUR, 99 * HOUR, 1_000 * HOUR])
def test_column_of_durations_fits_every_shorter_one_when_the_longest_is_measured(duration: int) -> None:
    cells = measure_columns([point(replace(BACKUP, start=NOW - duration))], KEYS, NOW).cells["took"]
    shorter = (duration, duration // 2, 59 * SECOND, 10 * MINUTE - SECOND, HOUR - SECOND)
    assert all(len(format_elapsed(span)) <= cells for span in shorter if span <= duration)


@pytest.mark.parametrize("moment", [NOW, NOW + 30 * DAY, NOW - 59 * MINUTE, NOW - HOUR, NOW - 9_999 * DAY])
def test_age_and_expiry_fit_when_time_passes(moment: int) -> None:
    points = [point(replace(BACKUP, start=moment, retention=moment))]
    cells = measure_columns(points, KEYS, NOW).cells
    for later in (0, SECOND, 59 * MINUTE, 47 * HOUR, 10 * DAY):
        view = DisplayContext(NOW + later, UTC)
        texts = {key: COLUMNS_BY_KEY[key].short(points[0], view) for key in ("age", "expires")}
        assert len(texts["age"]) <= cells["age"], texts
        if moment <= NOW or moment > NOW + later:  # a verdict that expires has the list measured again
            assert len(texts["expires"]) <= cells["expires"], texts


def test_newest_restore_point_decides_when_reasons_matter_most() -> None:
    bad = point(BACKUP, Reason(Level.NOT_USABLE, "own-status", "", "failed"))
    older = replace(BACKUP, start=NOW - DAY)
    assert not measure_columns([point(older), bad], KEYS, NOW).is_newest_usable
    assert measure_columns([point(), replace(bad, backup=older)], KEYS, NOW).is_newest_usable
    assert measure_columns([], KEYS, NOW).is_newest_usable
    running = point(replace(BACKUP, start=NOW), Reason(Level.RUNNING, "running", "", ""))
    assert measure_columns([point(), running], KEYS, NOW).is_newest_usable


FAILED = replace(BACKUP, parts=(Part("relationalStore", "completed"), Part("objectStore", "failed", cluster="o9x3d")))


@pytest.mark.parametrize(
    ("backup", "reasons", "expected"),
    [
        (BACKUP, (GOOD,), ""),
        (replace(BACKUP, description="Scheduled Backup"), (GOOD,), ""),
        (replace(BACKUP, description="Scheduled Backup", schedule_type="MANUAL"), (GOOD,), "Scheduled Backup"),
        (replace(BACKUP, description="before the move"), (GOOD,), "before the move"),
        (BACKUP, (GOOD, Reason(Level.USABLE, "retention-missing", "…")), "no retention date"),
        (FAILED, (Reason(Level.NOT_USABLE, "part-status", "…", "failed"),), "object store failed"),
        (BACKUP, (Reason(Level.NOT_USABLE, "other-release", "…", "11.4.0"),), "from 11.4.0, not the site's release"),
        (BACKUP, (Reason(Level.NOT_USABLE, "own-status", "…", ""),), "status not given"),
        (BACKUP, (Reason(Level.CANNOT_TELL, "part-missing", "…", "objectStore"),), "no object store in the record"),
        (BACKUP, (Reason(Level.CANNOT_TELL, "unheard-of", "a {sentence}"),), "a {sentence}"),
    ],
)
def test_why_text_has_the_deciding_words_first_when_there_is_a_reason(
    backup: Backup, reasons: tuple[Reason, ...], expected: str
) -> None:
    assert why_text(point(backup, *reasons)) == expected


@pytest.mark.parametrize(
    ("reason", "shortest"),
    [
        (Reason(Level.NOT_USABLE, "part-status", "…", "failed"), "object failed"),
        (Reason(Level.NOT_USABLE, "other-release", "…", "11.4.0"), "other release"),
        (Reason(Level.DOUBTFUL, "other-build", "…", "7286"), "other build"),
        (Reason(Level.CANNOT_TELL, "part-missing", "…", "objectStore"), "no object store"),
        (Reason(Level.EXPIRED, "expired", "…"), "past retention"),
    ],
)
def test_why_texts_are_ever_shorter_when_there_is_little_room(reason: Reason, shortest: str) -> None:
    texts = why_texts(point(FAILED, reason))
    assert texts[-1] == shortest
    assert len(shortest) <= MIN_WHY_CELLS
    assert sorted(texts, key=len, reverse=True) == list(texts)
