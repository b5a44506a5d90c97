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
from drtui.ui.widgets.pane_content import items
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

    def lay_out(self, *, apart: bool) -> None:
        """Name the columns; only the middle one is in sight when they are not apart."""
        self.columns["facts"].title("4 Restore point")
        self.columns["relational"].title(" What is in it" if apart else "4 Restore point")
        self.columns["objects"].title("")

    def show(
        self, entry: Row | None, now: int, zone: dt.tzinfo, query: Query, *, apart: bool, anew: bool = False
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
            laid = build_details(entry, now, zone, plain=self._plain)
            facts, relational, objects = (
                laid.overview,
                laid.relational,
                (*laid.object_store, DetailLine(""), *laid.other_parts),
            )
        if not apart:
            facts, relational, objects = (), (*facts, *relational, *objects), ()
        for name, found in zip(COLUMNS, (facts, relational, objects), strict=True):
            column = self.columns[name]
            column.note = matching_items(found, query)
            column.show(items(found, column.size.width or self.app.size.width, query), anew=anew)


def matching_items(items: Iterable[DetailLine], query: Query) -> str:
    """What a filter finds in it, by name: the line itself may be out of sight."""
    names = dict.fromkeys(each.searchable[0][1] for each in items if each.key is not None and each.highlights(query))
    return f"found: {', '.join(names)}" if names else ""
