"""Details of the restore point or missed run under the cursor, in three columns or, in a narrow window, in one."""

import datetime as dt
from collections.abc import Iterable, Sequence
from itertools import chain

from textual.app import ComposeResult
from textual.containers import Horizontal

from drtui.core.analysis.assessment import Assessment
from drtui.core.listing.details import DetailLine, build_details
from drtui.core.listing.grouping import Row
from drtui.core.listing.rows import MissedRun
from drtui.core.model.note import Note
from drtui.core.query.query import Query
from drtui.core.verdict.restore_points import RestorePoint
from drtui.ui.widgets.pane_content import build_detail_lines
from drtui.ui.widgets.restore_point_rows import build_missed_run_lines
from drtui.ui.widgets.styled_lines import Lines

COLUMNS = ("facts", "relational", "objects")


class DetailPane(Horizontal):
    """The fourth pane of the main screen."""

    def __init__(self, *, plain: bool, id: str) -> None:  # noqa: A002 - Textual's name for it
        super().__init__(id=id)
        self._plain = plain
        self.columns = {name: Lines(plain=plain, id=name) for name in COLUMNS}

    def compose(self) -> ComposeResult:
        """Build the columns, left to right."""
        yield from self.columns.values()

    def set_column_titles(self, *, side_by_side: bool) -> None:
        """Set the titles. If not side by side, only the middle column is visible."""
        self.columns["facts"].set_title("4 Restore point")
        self.columns["relational"].set_title(" What is in it" if side_by_side else "4 Restore point")
        self.columns["objects"].set_title("")

    def show(
        self,
        entry: Row | None,
        now: int,
        zone: dt.tzinfo,
        query: Query,
        *,
        side_by_side: bool,
        from_start: bool = False,
        notes: tuple[Note, ...] = (),
        assessment: Assessment | None = None,
    ) -> None:
        """Show a row as of `now` (epoch ms), times in `zone`, with the matches of `query` highlighted.

        `from_start`: scroll to the first line. Of `notes`, those about the restore point are shown; `assessment` tells
        what the site has beyond it.
        """
        texts: tuple[Sequence[DetailLine], ...] = ((), (), ())
        if isinstance(entry, MissedRun):
            texts = (tuple(build_missed_run_lines(entry, now, zone, plain=self._plain)), (), ())
        elif isinstance(entry, RestorePoint):
            details = build_details(entry, now, zone, plain=self._plain, notes=notes, assessment=assessment)
            objects = (*details.object_store, DetailLine(""), *details.other_parts)
            texts = (details.overview, details.relational, objects)
        if not side_by_side:
            texts = ((), tuple(chain(*texts)), ())
        for column, lines in zip(self.columns.values(), texts, strict=True):
            column.note = describe_matches(lines, query)
            column.show(
                build_detail_lines(lines, column.size.width or self.app.size.width, query), from_start=from_start
            )


def describe_matches(details: Iterable[DetailLine], query: Query) -> str:
    """Return the names that match the filter, because their lines may not be visible."""
    matches = (detail for detail in details if detail.key is not None and detail.highlights(query))
    names = dict.fromkeys(detail.searchable[0][1] for detail in matches)
    return f"found: {', '.join(names)}" if names else ""
