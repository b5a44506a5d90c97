"""Find items by name in all restore points, and show the restore points that contain an item."""

from collections.abc import Hashable
from operator import attrgetter
from typing import ClassVar, NamedTuple

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input

from drtui.core.analysis.assessment import Assessment
from drtui.core.contents.builder import build_index
from drtui.core.contents.describe import describe_item, item_query
from drtui.core.contents.index import ContentIndex, Item
from drtui.core.contents.search import SearchResult, find_highlights, search
from drtui.core.formatting.display import DisplayContext
from drtui.core.listing.catalog import Catalog
from drtui.core.listing.column_widths import ColumnWidths, measure_columns
from drtui.core.listing.grouping import Row
from drtui.core.query.highlight import Span
from drtui.core.verdict.restore_points import RestorePoint
from drtui.ui.screens.exportable import ExportableScreen
from drtui.ui.widgets import content_rows, restore_point_rows
from drtui.ui.widgets.empty_states import explain_empty_list
from drtui.ui.widgets.footer import Footer, HasFooter
from drtui.ui.widgets.status_lines import StatusLines, wrap_text
from drtui.ui.widgets.styled_lines import line
from drtui.ui.widgets.text_input import TextInput
from drtui.ui.widgets.virtual_list import VirtualList
from drtui.ui.widgets.virtual_table import VirtualTable

HOLDERS_HEIGHT = 18
"""Window height, in lines, from which the restore points with the item are shown."""

ITEM_TEXT_LINES = 6
"""Number of lines for the description of the item under the cursor."""

FIXED_LINES = 3
"""The status line, the name input and the hints."""

HOLDERS = ("name", "verdict", "started", "expires", "store", "age", "took", "reason")
"""Columns of the restore points that contain the item."""

HINTS = (
    ("enter", "filter list"),
    ("tab", "next pane"),
    ("slash", "name"),
    ("escape", "back"),
    ("c", "copy"),
    ("x", "save"),
    ("f1", "help"),
)


class WhereChoice(NamedTuple):
    """A filter for the restore points that contain an item, and the point for the cursor."""

    query: str
    point: tuple[str, str] | None


class WhereScreen(HasFooter, ExportableScreen):
    """A name input, the matching items, and the restore points that contain the item under the cursor.

    The result is a `WhereChoice`; None if there is none.
    """

    DEFAULT_CSS = f"""
    WhereScreen #name {{ height: 1; border: none; }}
    WhereScreen #item-text {{ height: {ITEM_TEXT_LINES}; }}
    WhereScreen #holders {{ height: 1fr; }}
    WhereScreen.low #holders {{ display: none; }}
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,backspace,q,w", "leave", "back", show=False),
        Binding("slash", "name", "name", show=False),
        Binding("down", "items('move', 1)", show=False),
        Binding("up", "items('move', -1)", show=False),
        Binding("pagedown", "items('page', 1)", show=False),
        Binding("pageup", "items('page', -1)", show=False),
    ]

    def __init__(
        self,
        assessment: Assessment,
        view: DisplayContext,
        *,
        start_key: Hashable = None,
        accent: str = "",
    ) -> None:
        """Create the screen; `start_key` is the item to start with."""
        super().__init__()
        self._assessment, self._view = assessment, view
        self._start_key, self._accent = start_key, accent
        self._index = build_index(assessment)
        self._result, self._widths = SearchResult(), ColumnWidths()
        self.name_input = TextInput(placeholder="part of a name, or an ID", id="name", compact=True)
        self.item_text = StatusLines(plain=view.plain, id="item-text")
        self.footer = Footer(plain=view.plain, id="footer")
        self.items: VirtualTable[Item] = VirtualTable(attrgetter("key"), plain=view.plain, id="items")
        self.holders: VirtualTable[Row] = VirtualTable(restore_point_rows.get_row_key, plain=view.plain, id="holders")

    def compose(self) -> ComposeResult:
        """Yield the widgets from top to bottom, so that every row is a whole line of the terminal."""
        yield self.name_input
        yield self.items
        yield self.item_text
        yield self.holders
        yield self.footer

    def on_mount(self) -> None:
        """Show the start item, or focus the name input."""
        for rows in self.query(VirtualList):
            rows.set_accent(self._accent)
        self.footer.set_hints(HINTS)
        self.set_focus(self.items if self._start_key else self.name_input)
        name = next((item.name for item in self._index.items if item.key == self._start_key), None)
        if name is not None:
            with self.prevent(Input.Changed):
                self.name_input.value = name  # other items with this name are listed too
        self.refill(self._assessment, self._view)
        self.items.go_to(self._start_key)

    def refill(self, assessment: Assessment, view: DisplayContext) -> None:
        """Show a new assessment; the name and the cursor stay."""
        if assessment is not self._assessment:
            self._index = build_index(assessment)
        self._widths = measure_columns(self._index.points, HOLDERS, view.now)
        self._assessment, self._view = assessment, view
        self._search()

    @on(Input.Changed, "#name")
    def _search_typed_name(self) -> None:
        self.items.has_user_moved = False  # the best match is first
        self._search()

    def _search(self) -> None:
        self._result = search(self._index, self.name_input.value)
        self._show()

    @property
    def export_text(self) -> str:
        """The table that `drtui where` prints."""
        from drtui.output.contents import contents_table

        return contents_table(self._result.suggestions, self._index, self._view)

    def on_resize(self, event: events.Resize) -> None:
        """Lay out the screen for the size of the window."""
        self.set_class(event.size.height < HOLDERS_HEIGHT, "low")
        self.call_after_refresh(self._show)

    def _show(self) -> None:
        """Show the matching items, with a title that explains their bars."""
        index, width = self._index, self.app.size.width
        cells = content_rows.compute_bar_width(width, len(index.points))
        is_wide = width >= content_rows.LAST_COPY_WINDOW_CELLS
        self.items.columns = content_rows.build_columns(
            index, self._view, cells, self._result.suggestions, is_wide=is_wide
        )
        only_near = bool(self._result.scattered) and not self._result.best
        count_heading = f"Where: {len(self._result.suggestions):,} of {len(index.items):,}"
        heading = "No exact match. Similar names" if only_near else count_heading
        self.items.set_title(
            heading, content_rows.build_legend(index, cells, plain=self._view.plain) if index.points else ""
        )
        self._divide_height(len(self._result.suggestions))
        self.items.find_highlights = self._find_highlights
        self.items.show(self._result.suggestions, empty_message=self._explain_no_items(index))
        self._show_item()

    def _find_highlights(self, column: str, text: str) -> tuple[Span, ...]:
        """Return the spans of a name that match the typed text."""
        near = not self._result.best
        return find_highlights(text, self.name_input.value, include_scattered=near) if column == "name" else ()

    def _divide_height(self, item_count: int) -> None:
        """Give the lines that few items do not need to the restore points."""
        height = self.app.size.height
        half = (height - FIXED_LINES - ITEM_TEXT_LINES + 1) // 2
        self.items.styles.height = (
            "1fr" if height < HOLDERS_HEIGHT else min(half, max(2, item_count) + self.items.fixed_lines)
        )

    def _explain_no_items(self, index: ContentIndex) -> tuple[tuple[str, str], ...]:
        if not index.points:
            return explain_empty_list(self._assessment.site_state, Catalog())
        reason = f"{index.incomplete_reason[:1].upper()}{index.incomplete_reason[1:]}"
        warning = () if index.is_complete else ((f"{reason}: other restore points may contain it.", "warn"),)
        return ((f"Nothing in {len(index.points):,} restore points has this name.", "strong"), *warning)

    @on(VirtualList.Highlighted, "#items")
    def _show_item(self) -> None:
        """Show the description of the item under the cursor, and the restore points that contain it."""
        item, index = self.items.record, self._index
        if item is None:
            self.item_text.show([])
            self.holders.set_title("")
            self.holders.columns = ()
            self.holders.show(())
            return
        cells = max(20, self.app.size.width - 2)
        description = describe_item(item, index, self._view)
        lines = [line(text, sentence.tone) for sentence in description for text in wrap_text(sentence.text, cells, 2)]
        self.item_text.show(lines[:ITEM_TEXT_LINES])
        self.holders.columns = restore_point_rows.build_columns(HOLDERS, self._view, self._widths)
        self.holders.set_title("Restore points with it")
        no_points = (("No restore point contains it any more.", "bad"),)
        self.holders.show(index.holders(item), sorted_by="started", descending=True, empty_message=no_points)

    def action_name(self) -> None:
        """Focus the name input."""
        self.set_focus(self.name_input)

    async def action_items(self, how: str, by: int) -> None:
        """Move in the list of items while the name input has the focus."""
        await self.items.run_action(f"{how}({by})")

    @on(VirtualList.Selected, "#items")
    @on(Input.Submitted, "#name")
    def _choose(self) -> None:
        if self.items.record is not None:
            self.dismiss(WhereChoice(item_query(self.items.record, self._index), None))

    @on(VirtualList.Selected, "#holders")
    def _choose_point(self) -> None:
        item, point = self.items.record, self.holders.record
        if item is not None and isinstance(point, RestorePoint):
            self.dismiss(WhereChoice(item_query(item, self._index), point.id))
