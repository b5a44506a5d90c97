"""Lines about the last operation and the schedules of a site, as aligned tables."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from drtui.core.analysis.assessment import Assessment
from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.text import cut, pad, width
from drtui.core.model.site import DrStatus, Schedule
from drtui.core.model.site_state import Fetched
from drtui.core.summary.activity_text import operation_text
from drtui.output.schedules import NO_SCHEDULE, schedules_table
from drtui.output.sentences import failure_sentences
from drtui.output.site_tables import status_table
from drtui.ui.widgets.styled_lines import Line, line

T = TypeVar("T")

MARGIN = "  "

MAX_CELLS = 40
"""Maximum width of a column of schedules, in cells."""

SCHEDULE_COLUMNS = (
    "TITLE", "STATE", "NEXT RUN", "MISSED", "FAILED", "STORE", "RETENTION", "LAST START", "CRON (QUARTZ, UTC)", "TASK",
    "PREFIX",
)  # fmt: skip
"""Columns of the schedules, the most important first."""

COUNTS = frozenset({"MISSED", "FAILED"})
"""Columns of numbers."""


def build_activity_lines(assessment: Assessment, view: DisplayContext, cells: int) -> Iterator[Line]:
    """Yield the last operation and the schedules in `cells` cells."""
    state = assessment.site_state
    yield line("Last operation", "strong")
    yield from _answer_lines(state.status, "status", lambda value: _operation_lines(assessment, value, view))
    yield line("")
    yield line("Schedules", "strong")
    yield from _answer_lines(
        state.schedules, "schedules", lambda value: _schedule_lines(assessment, value, view, cells)
    )


def _answer_lines(answer: Fetched[T] | None, name: str, build_lines: Callable[[T], Iterator[Line]]) -> Iterator[Line]:
    """Yield the failure of an answer, if any, then the lines of its value."""
    if answer is None:
        yield line(f"{MARGIN}not requested yet", "muted")
        return
    if answer.failure is not None:
        yield from (line(f"{MARGIN}{sentence}", "warn") for sentence in failure_sentences(name, answer.failure))
    if answer.value is not None:
        yield from build_lines(answer.value)


def _operation_lines(assessment: Assessment, status: DrStatus, view: DisplayContext) -> Iterator[Line]:
    """Yield the properties of the last operation, its stages, and what each source says."""
    rows = status_table(status, assessment.operation, view).texts
    cells, tone = max(width(name) for name, _ in rows), operation_text(assessment).tone
    for name, text in rows:
        yield Line(((f"{MARGIN}{pad(name, cells)}  ", "muted"), (text, tone if name in {"summary", "state"} else "")))


def _schedule_lines(
    assessment: Assessment, schedules: Sequence[Schedule], view: DisplayContext, cells: int
) -> Iterator[Line]:
    """Yield a table of the schedules; columns that do not fit follow in further tables, each with the titles."""
    table = schedules_table(schedules, assessment.schedules, view)
    if not table.texts:
        yield line(f"{MARGIN}{NO_SCHEDULE}", "warn")
        return
    order = [table.columns.index(name) for name in SCHEDULE_COLUMNS]
    columns = [[table.columns[number], *(row[number] for row in table.texts)] for number in order]
    title, *rest = [_aligned(column, right=column[0] in COUNTS) for column in columns]
    while rest:
        block, room = [title, rest.pop(0)], cells - len(MARGIN) - width(title[0]) - 2
        room -= width(block[1][0]) + 2
        while rest and room >= width(rest[0][0]):
            room -= width(rest[0][0]) + 2
            block.append(rest.pop(0))
        for number, texts in enumerate(zip(*block, strict=True)):
            yield line(f"{MARGIN}{'  '.join(texts).rstrip()}", "" if number else "header")
        if rest:
            yield line("")


def _aligned(column: Sequence[str], *, right: bool) -> list[str]:
    """Return the texts of a column in cells of one width."""
    cells = min(MAX_CELLS, max(map(width, column)))
    return [pad(cut(text, cells), cells, right=right) for text in column]
