"""Where is it: everything that restore points hold, narrowed as one types, and which of them hold it."""

import asyncio
from collections.abc import Hashable
from typing import ClassVar, NamedTuple

from textual import events, on, work
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
from drtui.core.listing.grouping import Row
from drtui.core.query.highlight import Span
from drtui.core.verdict.restore_points import RestorePoint
from drtui.ui.screens.closable import Closable
from drtui.ui.widgets import content_rows, restore_point_rows
from drtui.ui.widgets.empty_states import empty_list_message
from drtui.ui.widgets.status_lines import StatusLines, wrap_text
from drtui.ui.widgets.styled_lines import Line, line
from drtui.ui.widgets.virtual_list import VirtualList
from drtui.ui.widgets.virtual_table import VirtualTable

MANY = 1_000
"""Restore points from which on the index is built beside the loop, so that keys are never kept waiting."""

LOW = 18
"""Lines below which there is no room for the holders."""

SAID = 6
"""Lines in which the thing under the cursor is told of."""

AROUND = 3
"""Lines of the site, the name and the hints."""

HOLDERS = ("name", "verdict", "started", "expires", "store", "age")
"""What is shown of each restore point that holds it."""

HINTS = Line(
    tuple(
        piece
        for key, does in (("enter", "show them in the list"), ("tab", "go on"), ("/", "name"), ("esc", "back"))
        for piece in ((key, "strong"), (f" {does}   ", "muted"))
    )
)


class Chosen(NamedTuple):
    """What to show in the list: the holders of a thing, and the one to put the cursor on."""

    query: str
    point: tuple[str, str] | None


class WhereScreen(Closable[Chosen | None]):
    """A name on top, the things that are called so, and below what is under the cursor with all who hold it."""

    DEFAULT_CSS = f"""
    WhereScreen #name {{ height: 1; border: none; }}
    WhereScreen #said {{ height: {SAID}; }}
    WhereScreen #holders {{ height: 1fr; }}
    Where.low #holders {{ display: none; }}
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,backspace,q,w", "leave", "back", show=False),
        Binding("slash", "name", "name", show=False),
        Binding("down", "things('move', 1)", show=False),
        Binding("up", "things('move', -1)", show=False),
        Binding("pagedown", "things('page', 1)", show=False),
        Binding("pageup", "things('page', -1)", show=False),
    ]

    def __init__(
        self,
        judged: Assessment,
        view: DisplayContext,
        site: Line,
        *,
        known: tuple[Assessment, ContentIndex] | None = None,
        begin: Hashable = None,
        accent: str = "",
    ) -> None:
        """`site` stands on top; `known` is an index that was built before; `begin` is the thing to start with."""
        super().__init__()
        self._judged, self._view, self._site = judged, view, site
        self._begin, self._accent = begin, accent
        self.known = known
        """What the restore points of a judgement hold; None as long as that is not known."""
        self._found = SearchResult()
        self.name_input = Input(placeholder="letters of a name, or an id", id="name", compact=True)
        self.name_input.cursor_blink = False  # a blinking cursor sends 2 kB a second
        self.site, self.said, self.hints = (
            StatusLines(plain=view.plain, id=each) for each in ("site", "said", "hints")
        )
        self.things: VirtualTable[Item] = VirtualTable((), content_rows.item_key, plain=view.plain, id="things")
        self.holders: VirtualTable[Row] = VirtualTable((), restore_point_rows.row_key, plain=view.plain, id="holders")

    def compose(self) -> ComposeResult:
        """Top to bottom, so that every row is a whole line of the terminal."""
        yield self.site
        yield self.name_input
        yield self.things
        yield self.said
        yield self.holders
        yield self.hints

    def on_mount(self) -> None:
        """Show what there is."""
        for rows in self.query(VirtualList):
            rows.accent = self._accent
        self.hints.show([HINTS])
        self.set_focus(self.things if self._begin else self.name_input)
        self.refill(self._judged, self._view, self._site)

    def refill(self, judged: Assessment, view: DisplayContext, site: Line) -> None:
        """Show what is held now; name and cursor stay."""
        self._judged, self._view = judged, view
        self.site.show([site])
        if self.known is not None and self.known[0] is judged:
            self._take(*self.known)
        elif len(judged.points) < MANY:
            self._take(judged, build_index(judged))
        else:
            self._build()

    @work(exclusive=True, group="index")
    async def _build(self) -> None:
        # Without arguments: Textual writes them all out, as text, to describe the worker.
        judged = self._judged
        if self.known is None:
            points = f"{len(judged.points):,} restore points"
            self.things.show((), empty_message=((f"Reading what {points} hold ...", "muted"),))
        self._take(judged, await asyncio.to_thread(build_index, judged))

    @property
    def _index(self) -> ContentIndex | None:
        return self.known[1] if self.known is not None else None

    def _take(self, judged: Assessment, index: ContentIndex) -> None:
        self.known = judged, index
        begin, self._begin = self._begin, None
        name = next((each.name for each in index.items if each.key == begin), None)
        if name is not None:
            with self.prevent(Input.Changed):
                self.name_input.value = name  # beside it stands whatever else is called so
        self._search()
        self.things.go_to(begin)

    @on(Input.Changed, "#name")
    def _typed(self) -> None:
        self.things.has_user_moved = False  # what fits best is first
        self._search()

    def _search(self) -> None:
        if self._index is not None:
            self._found = search(self._index, self.name_input.value)
            self._show()

    def on_resize(self, event: events.Resize) -> None:
        """Lay it out for the window."""
        self.set_class(event.size.height < LOW, "low")
        self.call_after_refresh(self._show)

    def _show(self) -> None:
        """The things that were found, under a line that says how to read their bars."""
        index, width = self._index, self.app.size.width
        if index is None:
            return
        cells = content_rows.bar_cells(width, len(index.points))
        self.things.columns = content_rows.build_columns(index, self._view, cells)
        nearly = bool(self._found.scattered) and not self._found.best
        found = f"Where: {len(self._found.suggestions):,} of {len(index.items):,}"
        heading = "Nothing is called so, but near it" if nearly else found
        self.things.set_title(
            heading, content_rows.build_legend(index, cells, plain=self._view.plain) if index.points else ""
        )
        self._share_out(len(self._found.suggestions))
        self.things.find_highlights = self._highlights
        self.things.show(self._found.suggestions, empty_message=self._absence(index))
        self._show_thing()

    def _highlights(self, column: str, text: str) -> tuple[Span, ...]:
        """What was typed, where it stands in a name."""
        near = not self._found.best
        return find_highlights(text, self.name_input.value, include_scattered=near) if column == "name" else ()

    def _share_out(self, found: int) -> None:
        """What few things do not need, those who hold one of them get."""
        height = self.app.size.height
        half = (height - AROUND - SAID + 1) // 2
        self.things.styles.height = "1fr" if height < LOW else min(half, max(2, found) + self.things.fixed_lines)

    def _absence(self, index: ContentIndex) -> tuple[tuple[str, str], ...]:
        if not index.points:
            return empty_list_message(self._judged.site_state, Catalog())
        why = f"{index.incomplete_reason[:1].upper()}{index.incomplete_reason[1:]}"
        unsure = () if index.is_complete else ((f"{why}: others may hold it.", "warn"),)
        return ((f"Nothing in {len(index.points):,} restore points is called so.", "strong"), *unsure)

    @on(VirtualList.Highlighted, "#things")
    def _show_thing(self) -> None:
        """What is under the cursor, and who holds it."""
        content, index = self.things.record, self._index
        if index is None or content is None:
            self.said.show([])
            self.holders.set_title("")
            self.holders.columns = ()
            self.holders.show(())
            return
        room = max(20, self.app.size.width - 2)
        told_of = describe_item(content, index, self._view)
        lines = [line(text, each.tone) for each in told_of for text in wrap_text(each.text, room, 2)]
        self.said.show(lines[:SAID])
        self.holders.columns = restore_point_rows.build_columns(HOLDERS, self._view)
        self.holders.set_title("Held by")
        gone = (("Nothing that is still there holds it.", "bad"),)
        self.holders.show(index.holders(content), sorted_by="started", descending=True, empty_message=gone)

    def action_name(self) -> None:
        """Type another name."""
        self.set_focus(self.name_input)

    async def action_things(self, how: str, by: int) -> None:
        """Move in the list while one types."""
        await self.things.run_action(f"{how}({by})")

    @on(VirtualList.Selected, "#things")
    @on(Input.Submitted, "#name")
    def _choose(self) -> None:
        content, index = self.things.record, self._index
        if content is not None and index is not None:
            self.dismiss(Chosen(item_query(content, index), None))

    @on(VirtualList.Selected, "#holders")
    def _choose_point(self) -> None:
        content, index, point = self.things.record, self._index, self.holders.record
        if content is not None and index is not None and isinstance(point, RestorePoint):
            self.dismiss(Chosen(item_query(content, index), point.id))

    def on_virtual_list_cancelled(self) -> None:
        """Go back."""
        self.action_leave()

    def action_leave(self) -> None:
        """Back to the list, as it was."""
        self.dismiss(None)
