"""Marks before row names, without an interface."""

import pytest

from drtui.core.analysis.assessment import assess
from drtui.core.analysis.changes import PreviousLists
from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.times import UTC
from drtui.core.listing.column_widths import ColumnWidths
from drtui.core.listing.rows import MissedRun
from drtui.core.model.site_state import DeletedBackup, Fetched, SiteHistory
from drtui.ui.widgets.restore_point_rows import build_columns, build_missed_run_lines, get_row_mark
from tests.conftest import NOW
from tests.core.points import site_of
from tests.core.schedules.test_failed_runs import failed
from tests.core.schedules.test_missed_runs import NIGHTLY, night

JUDGED = assess(site_of(night(1), failed(0), schedules=Fetched(NOW, (NIGHTLY,))), NOW)
GOOD, FAILED = JUDGED.points


@pytest.mark.parametrize(("marks", "signs"), [((), (" ", "x")), ((FAILED.id,), (" ", "#")), ((GOOD.id,), ("#", "x"))])
def test_mark_is_that_of_a_failure_when_a_scheduled_run_failed(
    marks: tuple[tuple[str, str], ...], signs: tuple[str, str]
) -> None:
    failed_ids = JUDGED.failed_backup_ids
    assert (
        tuple(get_row_mark(marks, failed_ids, PreviousLists(), point, plain=True) for point in (GOOD, FAILED)) == signs
    )


def test_failed_run_has_a_row_with_its_reason_when_its_backup_is_gone() -> None:
    history = SiteHistory((DeletedBackup(failed(1), NOW, NOW),), ())
    (schedule,) = assess(
        site_of(night(2), night(0), schedules=Fetched(NOW, (NIGHTLY,)), history=history), NOW
    ).schedules
    (run,) = schedule.failed_runs
    row = MissedRun(schedule, run.at, run.reason)
    cells = {
        column.key: column.text(row)
        for column in build_columns(("name", "verdict"), DisplayContext(NOW, UTC, plain=True), ColumnWidths())
    }
    assert cells == {"name": "(Nightly: failed, no longer listed)", "verdict": "x failed"}
    lines = [item.text for item in build_missed_run_lines(row, NOW, UTC, plain=True)]
    assert lines[1:3] == ["x failed", "object store: failed"]
    assert any(
        "no scheduled backup" in item.text
        for item in build_missed_run_lines(MissedRun(schedule, run.at), NOW, UTC, plain=True)
    )
