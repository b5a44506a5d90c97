"""The four panes of the main screen: composition, layout for the window size, and content."""

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
from drtui.core.summary.headline import build_headline
from drtui.core.verdict.restore_points import RestorePoint
from drtui.ui.main.list_builder import FilterFallback, ListScreen
from drtui.ui.options import Options
from drtui.ui.widgets import pane_content, restore_point_rows
from drtui.ui.widgets.detail_pane import DetailPane
from drtui.ui.widgets.empty_states import NO_SITE
from drtui.ui.widgets.filter_bar import FilterBar
from drtui.ui.widgets.status_lines import Footer, Headline, StatusLines
from drtui.ui.widgets.styled_lines import Line, Lines, line
from drtui.ui.widgets.virtual_list import VirtualList
from drtui.ui.widgets.virtual_table import VirtualTable

FOUR_PANES_WIDTH, FOUR_PANES_HEIGHT = 100, 30
"""Smallest window, in cells, that shows all four panes."""
THREE_LINE_HEADLINE_HEIGHT = 20
"""Window height, in lines, from which the headline may take three lines."""
BLANK_LINES_HEIGHT = 36
"""Window height, in lines, from which blank lines separate the panes."""
MIN_WIDTH, MIN_HEIGHT = 40, 10
SPAN_CACHE_SIZE = 1_000
"""Number of table cells whose matches with the filter are cached: more than are visible."""
POINT_COMMANDS = frozenset({"raw", "copy", "take", "mark"})
"""Commands that apply to the restore point under the cursor."""
PANES = {"connection": "connection", "stores": "stores", "table": "table", "detail": "relational"}


class FourPanes(ListScreen):
    """Site and stores, the headline, the list of restore points, and the details of the one under the cursor."""

    AUTO_FOCUS = ""
    """Empty: Textual would focus the first pane, before the list gets the focus."""

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self.marks: tuple[Id, ...] = ()
        self._is_zoomed = False
        self._pane = "table"
        self._is_detail_outdated = False
        """True if the cursor is on another entry than when the detail was visible last."""
        plain = options.plain
        self.size_warning, self.compact_banner = (
            StatusLines(plain=plain, id="size-warning"),
            StatusLines(plain=plain, id="compact-banner"),
        )
        self.connection = Lines("1 Site", plain=plain, id="connection")
        self.stores = Lines("2 Stores", plain=plain, id="stores")
        self.headline = Headline(plain=plain, id="headline")
        self.table: VirtualTable[Row] = VirtualTable((), restore_point_rows.get_row_key, plain=plain, id="table")
        self.detail = DetailPane(plain=plain, id="detail")
        self.filterbar = FilterBar(plain=plain, id="filterbar")
        self.footer = Footer(plain=plain, id="footer")

    def compose(self) -> ComposeResult:
        """Yield the panes from top to bottom, so that a row of the table is a whole line of the terminal."""
        yield self.size_warning
        yield self.compact_banner
        yield self.headline
        with Horizontal(id="side-panes"):
            yield self.connection
            yield self.stores
        yield self.filterbar
        yield self.table
        yield self.detail
        yield self.footer

    def on_mount(self) -> None:
        """Focus the table, and show the panes while they are empty."""
        self.set_focus(self.table)
        self.paint_accent()
        self._show()

    @property
    def point(self) -> RestorePoint | None:
        """The restore point under the cursor; None if there is none, or the cursor is on another row."""
        entry = self.table.record
        return entry if isinstance(entry, RestorePoint) else None

    async def on_unmount(self) -> None:
        """Close the session."""
        session, self.session = self.session, None
        if session is not None:
            await session.close()

    def reset_for_site(self) -> None:
        """Also remove all marks, and show the accent colour of the new site."""
        super().reset_for_site()
        self.marks = ()
        self.paint_accent()

    def paint_accent(self) -> None:
        """Show the accent colour of the site on all titles."""
        for rows in self.query(VirtualList):
            rows.accent = self.target.accent if self.target else ""

    def show_assessment(self) -> None:
        """Build the list again, and show every pane."""
        self.criteria = replace(self.criteria, filter=self.criteria.filter.as_of(self.assessment.now))
        if (store := self.criteria.store) is not None and self.site_state.is_known_missing(store):
            self.criteria = replace(self.criteria, store=None)  # otherwise the list would be empty
            self.show_message(f"there is no store {store}: all are shown")
        self._show()
        self.refresh_overlays()

    def show_ages(self) -> None:
        """Update every pane with the same rows; build the list again if a filter may match other points by now."""
        if self.criteria.filter:
            self.show_assessment()
            return
        self._show_side_panes()
        self._set_columns()
        self.table.repaint()
        self._show_detail()
        self.refresh_overlays()

    def refresh_overlays(self) -> None:
        """Refresh the screens above the main screen that also show the site."""

    def _show(self) -> None:
        """Show every pane; a pane repaints only the lines that changed."""
        self._show_side_panes()
        self.relist()

    def _show_side_panes(self) -> None:
        self.connection.show(self.build_site_lines())
        self.stores.show(list(pane_content.build_store_lines(self.assessment, self.criteria.store)))
        self.headline.show_statements(
            build_headline(self.assessment) if self.target else (),
            3 if self.size.height >= THREE_LINE_HEADLINE_HEIGHT else 1,
        )
        store = self.criteria.store or "all stores"
        self.compact_banner.show([Line((*self.banner, (f"  {store}", "")))])

    def build_site_lines(self) -> list[Line]:
        """Return the lines of the site pane."""
        return list(
            pane_content.build_connection_lines(self.site_state, self.access, self.session, self.now, self.zone)
        )

    def _set_columns(self) -> None:
        view = self.view
        keys = [key for key in self.columns if key != "store" or self.catalog.store is None]
        self.table.columns = restore_point_rows.build_columns(keys, view)
        self.table.full_width_text = partial(restore_point_rows.get_separator_text, view)

    def relist(self, *, fallback: FilterFallback | None = None, on_listed: Callable[[], object] | None = None) -> None:
        """Build the list, show the filter at once, and remember the view settings."""
        self._show_filter()
        self.remember_view_settings()
        super().relist(fallback=fallback, on_listed=on_listed)

    def _show_filter(self) -> None:
        self.filterbar.show(self.criteria.filter, self.filter_error)
        self.set_class(self.filterbar.is_shown, "filtered")

    def show_list(self) -> None:
        """Show the list, and the details of the entry under the cursor."""
        result, order = self.list_result, self.catalog.order
        self._set_columns()
        self.table.find_highlights = lru_cache(SPAN_CACHE_SIZE)(
            partial(restore_point_rows.find_column_highlights, self.catalog.filter)
        )
        self._set_marks()
        self._show_filter()
        self.table.show(
            result.rows,
            sorted_by=order.key,
            descending=order.is_descending,
            empty_message=result.empty_message if self.target else NO_SITE,
        )
        self._show_detail()

    def show_marks(self) -> None:
        """Show which restore points are marked, in their rows and in the title: a marked row may be out of sight."""
        self._set_marks()
        self.table.repaint()

    def _set_marks(self) -> None:
        failed_ids = self.assessment.failed_backup_ids if self.assessment is not None else frozenset()
        self.table.row_mark = partial(
            restore_point_rows.get_row_mark,
            self.marks,
            failed_ids,
            self.list_result.previous_lists,
            plain=self.options.plain,
        )
        self.table.heading = "3 Restore points"
        self.table.note = pane_content.describe_list(
            self.site_state, self.catalog, self.grouping, self.list_result.changes_text, self.marks
        )

    def _show_detail(self, *, from_start: bool = False) -> None:
        """Show the details of the entry under the cursor, if that pane is visible.

        `from_start` scrolls it to the top.
        """
        self._is_detail_outdated |= from_start
        if self.has_class("single-pane") and self._pane != "detail":
            return
        from_start, self._is_detail_outdated = self._is_detail_outdated, False
        side_by_side = self._has_room and not self._is_zoomed
        self.detail.show(
            self.table.record,
            self.now,
            self.zone,
            self.catalog.filter,
            side_by_side=side_by_side,
            from_start=from_start,
        )

    @property
    def _has_room(self) -> bool:
        """True if the window is large enough for all four panes."""
        return self.size.width >= FOUR_PANES_WIDTH and self.size.height >= FOUR_PANES_HEIGHT

    def on_resize(self, event: events.Resize) -> None:
        """Lay out the panes for the size of the window."""
        self._lay_out(event.size.width, event.size.height)

    def _lay_out(self, width: int, height: int) -> None:
        """Show all panes, or only one, or a message that the window is too small; size in cells."""
        too_small = width < MIN_WIDTH or height < MIN_HEIGHT
        single = not (width >= FOUR_PANES_WIDTH and height >= FOUR_PANES_HEIGHT) or self._is_zoomed
        pane_classes = {f"show-{name}": single and self._pane == name for name in PANES}
        # Set all classes at once: each single change would restyle every widget.
        self.update_classes(
            {"too-small": too_small, "single-pane": single, "dense": height < BLANK_LINES_HEIGHT, **pane_classes}
        )
        self.detail.set_column_titles(side_by_side=not single)
        self._show_detail()
        message = f"{width}x{height}: at least {MIN_WIDTH}x{MIN_HEIGHT}"
        self.size_warning.show([line("The window is too small,"), line(message)])
        self.call_after_refresh(self._resized)

    def _resized(self) -> None:
        self._show()
        self.footer.show_hints(self.options.commands)
        if self.focused is None:  # the focused widget was hidden
            self.set_focus(self.query_one(f"#{PANES[self._pane]}"))

    def show_message(self, text: str = "") -> None:
        """Show a message in the footer, or the key hints if `text` is empty."""
        if text:
            self.footer.show_message(text, "muted")
        else:
            self.footer.show_hints(self.options.commands)

    @on(VirtualList.Highlighted, "#table")
    def _show_point_under_cursor(self) -> None:
        self._show_detail(from_start=True)

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
        """Move the cursor to a restore point; clear the store and filter if they hide it."""
        is_listed = any(point.id == point_id for point in self.catalog.points)
        if not is_listed:
            self.criteria = replace(self.criteria, store=None, filter=Query())
        self.action_pane("table")
        self._show_side_panes()
        self.relist(on_listed=partial(self.table.go_to, point_id))

    def explain_unavailable(self, action: str) -> str:
        """Return the reason why a command is unavailable; empty if it is available."""
        if action in POINT_COMMANDS and self.point is None:
            return "there is no restore point here"
        if action == "last_error" and self.last_error is None:
            return "nothing has failed so far"
        return ""

    def report_unavailable(self, action: str) -> bool:
        """Return True if a command is unavailable, and show the reason in the footer."""
        reason = self.explain_unavailable(action)
        if reason:
            self.show_message(reason)
        return bool(reason)

    @on(VirtualList.Cancelled)
    def _go_left(self, message: VirtualList.Cancelled) -> None:
        left_of = {"relational": "table", "objects": "relational", "table": "stores", "stores": "connection"}
        name = left_of.get(message.source.id or "", "table")
        if name in PANES:
            self.action_pane(name)
        else:
            self.set_focus(self.query_one(f"#{name}"))

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Show the focused pane if the window shows only one."""
        name = next((pane for pane, widget in PANES.items() if event.widget.id == widget), None)
        if name is None or name == self._pane:
            return
        self._pane = name
        if self.has_class("single-pane"):
            self._lay_out(self.size.width, self.size.height)

    def action_pane(self, name: str) -> None:
        """Focus a pane."""
        self._pane = name
        self._lay_out(self.size.width, self.size.height)
        self.set_focus(self.query_one(f"#{PANES[name]}"))

    def action_zone(self) -> None:
        """Toggle between the user's zone and UTC."""
        if self.options.zone is UTC:
            self.show_message("times are in UTC: the zone here is no other")
            return
        self.utc = not self.utc
        self._show()
        self.show_message(f"times in {zone_label(self.now, self.zone)}")

    def action_zoom(self) -> None:
        """Show the focused pane on the whole window, or show all panes again."""
        self._is_zoomed = not self._is_zoomed
        self._lay_out(self.size.width, self.size.height)
