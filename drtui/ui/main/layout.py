"""The four panes: laid out for the window, and shown what is known. The screen owns the state."""

from collections.abc import Callable
from functools import lru_cache, partial

from msgspec.structs import replace
from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal

from drtui.core.comparison.selection import Id
from drtui.core.formatting.times import UTC, zone_label
from drtui.core.listing.grouping import Row
from drtui.core.query.query import Query
from drtui.core.summary.headline import headline
from drtui.core.verdict.restore_points import RestorePoint
from drtui.ui.main.list_builder import FilterFallback, ListBuilding
from drtui.ui.options import Options
from drtui.ui.widgets import pane_content, restore_point_rows
from drtui.ui.widgets.detail_pane import DetailPane
from drtui.ui.widgets.empty_states import NO_SITE
from drtui.ui.widgets.filter_bar import FilterBar
from drtui.ui.widgets.status_lines import Footer, Headline, StatusLines
from drtui.ui.widgets.styled_lines import Line, Lines, line
from drtui.ui.widgets.virtual_list import VirtualList
from drtui.ui.widgets.virtual_table import CursorAnchor, VirtualTable

FOUR_PANES_WIDTH, FOUR_PANES_HEIGHT = 100, 30
"""Cells from which all four panes have room."""
THREE_LINE_HEADLINE_HEIGHT = 20
"""Lines from which the headline may take three."""
BLANK_LINES_HEIGHT = 36
"""Lines from which there is room for blank ones."""
MIN_WIDTH, MIN_HEIGHT = 40, 10
SPAN_CACHE_SIZE = 1_000
"""Cells of the list of which it is kept where in them stands what the filter looks for: more than are in sight."""
POINT_COMMANDS = frozenset({"raw", "copy", "take", "mark"})
"""Commands that are about the restore point under the cursor."""
PANES = {"connection": "connection", "stores": "stores", "table": "table", "detail": "relational"}


class FourPanes(ListBuilding):
    """Connection and stores, the headline, the restore points, and what is in the one under the cursor."""

    AUTO_FOCUS = ""
    """Textual would give it to the first pane, before it goes to the list."""

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self.marks: tuple[Id, ...] = ()
        self._zoomed = False
        self._pane = "table"
        self._is_detail_outdated = False
        """Whether the detail is about another entry than when it was in sight last."""
        plain = options.plain
        self.small, self.folded = StatusLines(plain=plain, id="small"), StatusLines(plain=plain, id="folded")
        self.connection = Lines("1 Site", plain=plain, id="connection")
        self.stores = Lines("2 Stores", plain=plain, id="stores")
        self.headline = Headline(plain=plain, id="headline")
        self.table: VirtualTable[Row] = VirtualTable((), restore_point_rows.row_key, plain=plain, id="table")
        self.detail = DetailPane(plain=plain, id="detail")
        self.filterbar = FilterBar(plain=plain, id="filterbar")
        self.footer = Footer(plain=plain, id="footer")

    def compose(self) -> ComposeResult:
        """The panes, top to bottom, so that a row of the table is a whole line of the terminal."""
        yield self.small
        yield self.folded
        yield self.headline
        with Horizontal(id="band"):
            yield self.connection
            yield self.stores
        yield self.filterbar
        yield self.table
        yield self.detail
        yield self.footer

    def on_mount(self) -> None:
        """Show what there is, which is nothing yet."""
        self.set_focus(self.table)
        self.paint_accent()
        self._show()

    @property
    def point(self) -> RestorePoint | None:
        """The restore point under the cursor."""
        entry = self.table.record
        return entry if isinstance(entry, RestorePoint) else None

    async def on_unmount(self) -> None:
        """Let go of the site."""
        session, self.session = self.session, None
        if session is not None:
            await session.close()

    def reset_for_site(self) -> None:
        """Another list, in another colour, with nothing marked."""
        super().reset_for_site()
        self.marks = ()
        self.paint_accent()

    def paint_accent(self) -> None:
        """The colour of the site, on every title."""
        for rows in self.query(VirtualList):
            rows.accent = self.target.accent if self.target else ""

    def show_assessment(self) -> None:
        """Fill the list anew, and show every pane."""
        self.criteria = replace(self.criteria, filter=self.criteria.filter.as_of(self.assessment.now))
        if (store := self.criteria.store) is not None and self.site_state.is_known_missing(store):
            self.criteria = replace(self.criteria, store=None)  # else it would look as if there were no restore points
            self.note(f"there is no store {store}: all are shown")
        self._show()
        self.refresh_overlays()

    def show_ages(self) -> None:
        """Every pane again, with the same rows; under a filter, time may have brought others."""
        if self.criteria.filter:
            self.show_assessment()
            return
        self._show_side_panes()
        self._set_columns()
        self.table.repaint()
        self._show_detail()
        self.refresh_overlays()

    def refresh_overlays(self) -> None:
        """What lies over the panes shows the site, too."""

    def _show(self) -> None:
        """Every pane, each of which repaints only what looks different."""
        self._show_side_panes()
        self.relist()

    def _show_side_panes(self) -> None:
        self.connection.show(self.site_lines())
        self.stores.show(list(pane_content.build_store_lines(self.assessment, self.criteria.store)))
        self.headline.show_statements(
            headline(self.assessment) if self.target else (), 3 if self.size.height >= THREE_LINE_HEADLINE_HEIGHT else 1
        )
        store = self.criteria.store or "all stores"
        self.folded.show([Line((*self.banner, (f"  {store}", "")))])

    def site_lines(self) -> list[Line]:
        """The site at hand."""
        return list(
            pane_content.build_connection_lines(self.site_state, self.access, self.session, self.now, self.zone)
        )

    def _set_columns(self) -> None:
        view = self.view
        keys = [key for key in self.columns if key != "store" or self.catalog.store is None]
        self.table.columns = restore_point_rows.build_columns(keys, view)
        self.table.full_width_text = partial(restore_point_rows.separator_text, view)

    @property
    def cursor_anchor(self) -> CursorAnchor[Row]:
        """What the cursor of the list stays on."""
        return self.table.cursor_anchor

    def relist(self, *, fallback: FilterFallback | None = None, on_listed: Callable[[], object] | None = None) -> None:
        """Also, and at once: the filter that is in effect, which may be just being typed."""
        self._show_filter()
        self.remember_view_settings()
        super().relist(fallback=fallback, on_listed=on_listed)

    def _show_filter(self) -> None:
        self.filterbar.show(self.criteria.filter, self.filter_error)
        self.set_class(self.filterbar.is_shown, "filtered")

    def show_list(self) -> None:
        """The list, and what is in the entry under the cursor."""
        result, order = self.list_result, self.catalog.order
        self._set_columns()
        self.table.find_highlights = lru_cache(SPAN_CACHE_SIZE)(
            partial(restore_point_rows.column_spans, self.catalog.filter)
        )
        self._set_marks()
        self._show_filter()
        self.table.show(
            result.rows,
            sorted_by=order.key,
            descending=order.descending,
            empty_message=result.empty_message if self.target else NO_SITE,
            position=result.cursor,
        )
        self._show_detail()

    def show_marks(self) -> None:
        """Which restore points are marked: in their rows, and beside the title, where a row may be out of sight."""
        self._set_marks()
        self.table.repaint()

    def _set_marks(self) -> None:
        failed = self.assessment.schedules.failed_backup_ids if self.assessment is not None else frozenset()
        self.table.row_mark = partial(
            restore_point_rows.row_mark, self.marks, failed, self.list_result.previous_lists, plain=self.options.plain
        )
        self.table.heading = "3 Restore points"
        self.table.note = pane_content.describe_list(
            self.site_state, self.catalog, self.grouping, self.list_result.changes_text, self.marks
        )

    def _show_detail(self, *, reset: bool = False) -> None:
        """What is in the entry under the cursor, once that is in sight."""
        self._is_detail_outdated |= reset
        if self.has_class("one") and self._pane != "detail":
            return
        reset, self._is_detail_outdated = self._is_detail_outdated, False
        in_columns = self._has_room and not self._zoomed
        self.detail.show(
            self.table.record, self.now, self.zone, self.catalog.filter, side_by_side=in_columns, from_start=reset
        )

    @property
    def _has_room(self) -> bool:
        """Whether all four panes have room."""
        return self.size.width >= FOUR_PANES_WIDTH and self.size.height >= FOUR_PANES_HEIGHT

    def on_resize(self, event: events.Resize) -> None:
        """Lay the panes out for the size of the window."""
        self._lay_out(event.size.width, event.size.height)

    def _lay_out(self, width: int, height: int) -> None:
        """All four, or one at a time, or a word that there is no room."""
        too_small = width < MIN_WIDTH or height < MIN_HEIGHT
        single = not (width >= FOUR_PANES_WIDTH and height >= FOUR_PANES_HEIGHT) or self._zoomed
        pane_classes = {f"show-{name}": single and self._pane == name for name in PANES}
        # All at once: after each by itself, every widget would be styled anew.
        self.update_classes(
            {"too-small": too_small, "one": single, "dense": height < BLANK_LINES_HEIGHT, **pane_classes}
        )
        self.detail.set_column_titles(side_by_side=not single)
        self._show_detail()
        small = f"{width}x{height}: at least {MIN_WIDTH}x{MIN_HEIGHT}"
        self.small.show([line("The window is too small,"), line(small)])
        self.call_after_refresh(self._resized)

    def _resized(self) -> None:
        self._show()
        self.footer.show_hints(self.options.commands)
        if self.focused is None:  # what had the focus has no room any more
            self.set_focus(self.query_one(f"#{PANES[self._pane]}"))

    def note(self, text: str = "") -> None:
        """Say what is going on in the footer; nothing brings the hints back."""
        if text:
            self.footer.show_message(text, "muted")
        else:
            self.footer.show_hints(self.options.commands)

    @on(VirtualList.Highlighted, "#table")
    def _show_point_under_cursor(self) -> None:
        self._show_detail(reset=True)

    @on(VirtualList.Selected, "#table")
    def _focus_detail(self) -> None:
        self.action_pane("detail")

    @on(VirtualList.Selected, "#stores")
    def _open_store(self) -> None:
        key = self.stores.key
        self.go_to_store(None if key == pane_content.ALL_STORES else str(key))

    def go_to_store(self, name: str | None) -> None:
        """Show the restore points of one store, or of all."""
        self.criteria = replace(self.criteria, store=name)
        self.action_pane("table")
        self._show()

    def go_to_point(self, point_id: tuple[str, str]) -> None:
        """Put the cursor on a restore point, whatever hid it."""
        is_listed = any(each.id == point_id for each in self.catalog.points)
        if not is_listed:
            self.criteria = replace(self.criteria, store=None, filter=Query())
        self.action_pane("table")
        self._show_side_panes()
        self.relist(on_listed=partial(self.table.go_to, point_id))

    def why_unavailable(self, action: str) -> str:
        """Why a command can do nothing as things are; empty if it can."""
        if action in POINT_COMMANDS and self.point is None:
            return "there is no restore point here"
        if action == "last_error" and self.last_error is None:
            return "nothing has failed so far"
        return ""

    def report_unavailable(self, action: str) -> bool:
        """Whether a command can do nothing as things are; says why."""
        why = self.why_unavailable(action)
        if why:
            self.note(why)
        return bool(why)

    @on(VirtualList.Cancelled)
    def _go_left(self, message: VirtualList.Cancelled) -> None:
        left_of = {"relational": "table", "objects": "relational", "table": "stores", "stores": "connection"}
        name = left_of.get(message.source.id or "", "table")
        if name in PANES:
            self.action_pane(name)
        else:
            self.set_focus(self.query_one(f"#{name}"))

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Where only one pane has room, it is the one with the focus."""
        name = next((pane for pane, widget in PANES.items() if event.widget.id == widget), None)
        if name is None or name == self._pane:
            return
        self._pane = name
        if self.has_class("one"):
            self._lay_out(self.size.width, self.size.height)

    def action_pane(self, name: str) -> None:
        """Go to a pane."""
        self._pane = name
        self._lay_out(self.size.width, self.size.height)
        self.set_focus(self.query_one(f"#{PANES[name]}"))

    def action_zone(self) -> None:
        """The person's zone, or UTC."""
        if self.options.zone is UTC:
            self.note("times are in UTC: the zone here is no other")
            return
        self.utc = not self.utc
        self._show()
        self.note(f"times in {zone_label(self.now, self.zone)}")

    def action_zoom(self) -> None:
        """One pane on the whole window, or all of them."""
        self._zoomed = not self._zoomed
        self._lay_out(self.size.width, self.size.height)
