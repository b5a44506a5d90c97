"""Gaps longer than the target, missed and failed runs, and the schedules that should have made the backups."""

from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType

from drtui.core.analysis.assessment import Assessment
from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.durations import format_duration
from drtui.core.formatting.text import plural
from drtui.core.formatting.times import format_full, zone_name
from drtui.core.listing.rows import MissedRun
from drtui.output.assessment import gaps_notes, gaps_table
from drtui.output.formats import as_table
from drtui.output.schedules import schedules_table
from drtui.ui.screens.text_viewer import SearchableScreen
from drtui.ui.widgets.lane_lines import build_lane_lines
from drtui.ui.widgets.styled_lines import Line, line, wrap_line
from drtui.ui.widgets.text_table import choose_columns, table_lines
from drtui.ui.widgets.virtual_list import VirtualList

TONES = {"gap": "warn", "missed": "bad", "failed": "bad", "deleted": "warn"}
"""Tones of the rows, by the first word of the event."""

WIDE = 100
"""Width of the lines, in cells, from which the end of a gap is beside its start."""

SCHEDULE_COLUMNS = ("TITLE", "STATE", "NEXT RUN", "MISSED", "FAILED", "STORE", "CRON (QUARTZ, UTC)", "RETENTION")
"""Columns of the schedules, the most important first."""


class GapsScreen(SearchableScreen):
    """What `drtui gaps` prints, then the most important of what `drtui schedules` prints.

    The result is the key of the run that was opened, as the list has it.
    """

    hints = (("enter", "show in list"), *SearchableScreen.hints)
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,backspace,q,h,left,M", "leave", "back", show=False)]

    def __init__(self, assess: Callable[[], tuple[Assessment, DisplayContext]], note: str, accent: str = "") -> None:
        """Create the screen; `assess` returns the latest assessment, and how to show it."""
        self._assess = assess
        self._assessment, self._view = assess()
        super().__init__("Gaps and missed runs", note, plain=self._view.plain, accent=accent)

    def reload(self) -> bool:
        """Take the latest assessment."""
        self._assessment, self._view = self._assess()
        return True

    def build_lines(self, width: int) -> Sequence[Line]:
        """Return the number of events, notes, the table, the schedules, and the lanes of the timeline."""
        assessment, view = self._assessment, self._view
        notes = [part for note in gaps_notes(assessment) for part in wrap_line(line(note, "warn"), width - 2)]
        lines = [line(_count_text(assessment), "strong"), *notes, line(""), *_event_lines(assessment, view, width - 2)]
        schedules = assessment.site_state.schedules
        if schedules is not None and schedules.value:
            table = schedules_table(schedules.value, assessment.schedules, view)
            cells = choose_columns(table, SCHEDULE_COLUMNS)
            lines += [line(""), line("Schedules", "strong")]
            lines += table_lines(SCHEDULE_COLUMNS, cells, width - 2, "schedule")
        lanes = list(build_lane_lines(assessment, view, width - 2))
        return [*lines, *([line(""), line("Over time", "strong")] if lanes else ()), *lanes]

    @on(VirtualList.Selected, "#rows")
    def _open(self) -> None:
        match self.rows.key:
            case ("run", _, key):
                self.dismiss(key)
            case _:
                self.show_message("nothing in the list belongs to this line")

    @property
    def export_text(self) -> str:
        """The table that `drtui gaps` prints."""
        return as_table(gaps_table(self._assessment, self._view))


def _count_text(assessment: Assessment) -> str:
    """Return the number of events of each kind; `unknown` if runs could not be counted."""
    gaps = plural(len(assessment.gaps.over_target), "gap", "gaps")
    counts = (assessment.missed_count, assessment.failed_count)
    runs = (
        f"{word} runs unknown" if count is None else plural(count, f"{word} run", f"{word} runs")
        for count, word in zip(counts, ("missed", "failed"), strict=True)
    )
    return f"{gaps} longer than the target of {format_duration(assessment.target)}, {', '.join(runs)}"


def _event_lines(assessment: Assessment, view: DisplayContext, cells: int) -> Iterator[Line]:
    """Yield the table of events; the row of a run has the key with which the list knows it."""
    keys = dict(_run_keys(assessment, view))
    table = gaps_table(assessment, view)
    zone = zone_name(view.now, view.zone)
    columns = ["EVENT", f"FROM ({zone})", "DURATION", "NOTE"]
    place = columns.index("DURATION") if cells >= WIDE else len(columns)  # in a narrow window the end is left out first
    columns.insert(place, "TO")
    rows = []
    for event, start, end, length, note in table.texts:
        row = [
            (event, TONES.get(event.split(" ", 1)[0].rstrip(","), "")),
            (_minutes(start), ""),
            (length, ""),
            (note, ""),
        ]
        row.insert(place, (_minutes(end), ""))
        rows.append(row)
    heading, *lines = table_lines(columns, rows, cells, "gap")
    yield heading
    for text, (event, start, _, _, note) in zip(lines, table.texts, strict=True):
        key = keys.get((event, start, note))
        yield text if key is None else text._replace(key=("run", text.key, key))


def _minutes(text: str) -> str:
    """Return a full time without seconds and offset."""
    return text[: len("2026-09-21 06:00")]


def _run_keys(assessment: Assessment, view: DisplayContext) -> Iterator[tuple[tuple[str, str, str], Hashable]]:
    """Yield event, due time and note of each run as the table has them, with the run's key in the list."""
    listed = {point.id for point in assessment.points}
    for schedule, run in assessment.missed_runs:
        yield ("missed run", format_full(run.at, view.zone), schedule.title), MissedRun(schedule, run.at).id
    for schedule, run in assessment.failed_runs:
        backup_id = None if run.backup is None else run.backup.id
        key: Hashable = backup_id if backup_id in listed else MissedRun(schedule, run.at).id
        yield ("failed run", format_full(run.at, view.zone), f"{schedule.title} ({run.reason})"), key
