"""What is in the entry under the cursor: in three columns beside one another, or one below the other in one."""

import datetime as dt
from collections.abc import Iterable

from textual.app import ComposeResult
from textual.containers import Horizontal

from drtui.core.listing.details import DetailLine, build_details
from drtui.core.listing.grouping import Row
from drtui.core.listing.rows import MissedRun
from drtui.core.query.query import Query
from drtui.core.verdict.restore_points import RestorePoint
from drtui.ui.widgets.pane_content import build_item_lines
from drtui.ui.widgets.restore_point_rows import missed_run_lines
from drtui.ui.widgets.styled_lines import Lines

COLUMNS = ("facts", "relational", "objects")


class DetailPane(Horizontal):
    """The fourth pane."""

    def __init__(self, *, plain: bool, id: str) -> None:  # noqa: A002 - Textual's name for it
        super().__init__(id=id)
        self._plain = plain
        self.columns = {name: Lines(plain=plain, id=name) for name in COLUMNS}

    def compose(self) -> ComposeResult:
        """The columns, left to right."""
        yield from self.columns.values()

    def set_column_titles(self, *, side_by_side: bool) -> None:
        """Name the columns; only the middle one is in sight when they are not apart."""
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
    ) -> None:
        """Show an entry as of `now` (epoch ms), times in `zone`, and what a filter finds in it.

        `anew`: from its beginning.
        """
        facts: tuple[DetailLine, ...] = ()
        relational: tuple[DetailLine, ...] = ()
        objects: tuple[DetailLine, ...] = ()
        if isinstance(entry, MissedRun):
            facts = tuple(missed_run_lines(entry, now, zone, plain=self._plain))
        elif isinstance(entry, RestorePoint):
            details = build_details(entry, now, zone, plain=self._plain)
            facts, relational, objects = (
                details.overview,
                details.relational,
                (*details.object_store, DetailLine(""), *details.other_parts),
            )
        if not side_by_side:
            facts, relational, objects = (), (*facts, *relational, *objects), ()
        for name, found in zip(COLUMNS, (facts, relational, objects), strict=True):
            column = self.columns[name]
            column.note = describe_matches(found, query)
            column.show(build_item_lines(found, column.size.width or self.app.size.width, query), from_start=from_start)


def describe_matches(items: Iterable[DetailLine], query: Query) -> str:
    """What a filter finds in it, by name: the line itself may be out of sight."""
    names = dict.fromkeys(each.searchable[0][1] for each in items if each.key is not None and each.highlights(query))
    return f"found: {', '.join(names)}" if names else ""
