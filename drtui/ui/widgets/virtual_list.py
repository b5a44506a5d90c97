"""A scrolling list with a cursor that draws only the visible rows. Base class of tables, lists and texts.

Cost is proportional to what is on the screen, not to the number of rows: nothing is built, measured or stored per
row. Nothing is animated, and a change repaints only the lines that differ.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events, on
from textual.binding import Binding, BindingType
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from drtui.core.formatting.text import ELLIPSIS, ELLIPSIS_ASCII
from drtui.core.query.highlight import Span
from drtui.keybindings import COMMANDS, IN_LISTS, LISTS
from drtui.ui.widgets.styles import Title, build_style, draw_title

WHEEL_ROWS = 3
"""Rows that one notch of the mouse wheel moves."""


class VirtualList(Widget, can_focus=True):
    """A column of rows under some fixed lines. Subclasses define what a row is."""

    DEFAULT_CSS = "VirtualList { height: 1fr; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(",".join(command.keys), command.action, command.help, show=False, id=command.name)
        for command in (*IN_LISTS, *COMMANDS)
        if command.group == LISTS or command.action == "choose"
    ]

    @dataclass
    class Highlighted(Message):
        """The cursor has moved to another row."""

        source: "VirtualList"

        @property
        def control(self) -> "VirtualList":
            """The list that sent the message."""
            return self.source

    class Selected(Highlighted):
        """The row under the cursor was opened."""

    class Cancelled(Highlighted):
        """The user asked to go back."""

    fixed_lines = 1
    """Lines at the top that do not scroll: the title, and any lines under it."""
    skips_headings = False
    """True if the cursor never rests on a row without a key. In a text it does: texts are read from the start."""

    def __init__(self, title: str = "", *, plain: bool = False, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.heading, self.note = title, ""
        self.heading_highlights: tuple[Span, ...] = ()
        """The parts of the heading to highlight."""
        self.plain = plain
        self.cursor = 0
        self.top = 0
        """The first visible row."""
        self.has_user_moved = False
        """True if the user has moved the cursor."""
        self._highlighted_key: Hashable = None
        self._painted_lines: dict[int, Strip] = {}
        self._pending_lines: dict[int, Strip] = {}
        """Lines that differ from the painted ones and wait to be painted, by their `y`."""
        self._drawn_style: tuple[Style, str] | None = None
        """Style and theme in which all lines were drawn; None if all have to be drawn again."""
        self._styles: dict[str, Style] = {}
        """Styles of the tones in the current theme."""
        self._accent = ""

    def set_accent(self, colour: str) -> None:
        """Set the colour of the title and of text in the tone `accent`; "" for the theme's own."""
        self._accent = colour
        self._styles.clear()
        self.repaint()

    def get_style(self, tone: str) -> Style:
        """Return the style of a tone in the current theme and accent colour."""
        if tone not in self._styles:
            self._styles[tone] = build_style(tone, self.rich_style, self._accent, self.app)
        return self._styles[tone]

    @property
    def count(self) -> int:
        """Number of rows."""
        raise NotImplementedError

    def row_key(self, row: int) -> Hashable:
        """Return the identity of a row, or None if it cannot be selected. The cursor stays on the same key."""
        raise NotImplementedError

    def draw(self, row: int, *, is_current: bool) -> list[Segment]:
        """Return the segments of a row. `is_current`: the cursor is on it."""
        raise NotImplementedError

    @property
    def key(self) -> Hashable:
        """The key of the row under the cursor."""
        return self.row_key(self.cursor) if 0 <= self.cursor < self.count else None

    def set_title(self, heading: str, note: str = "") -> None:
        """Set the heading and the note to the right of it."""
        self.heading, self.note = heading, note
        self.repaint()

    def go_to(self, key: Hashable) -> bool:
        """Move the cursor to the row with this key. Return True if there is one."""
        row = self._find_row(key)
        if row is not None:
            self._move_to(row)
        return row is not None

    def restore_cursor(self, key: Hashable, row: int, offset: int) -> None:
        """After the rows were replaced, put the cursor on `key`, or else on the same `row` number.

        The cursor stays `offset` rows below the first visible row.
        """
        target = row if row < self.count and self.row_key(row) == key else self._find_row(key)
        self.cursor = max(0, min(row if target is None else target, self.count - 1))
        self.top = self._clamp_top(self.cursor - offset)
        if self.skips_headings:
            nearest = self._find_selectable_row(self.cursor, 1, -1)
            self.cursor = self.cursor if nearest is None else nearest
        if self.key is not None:
            self._scroll_to_cursor()
        self.repaint()
        self._post_highlighted()

    def _find_selectable_row(self, row: int, *steps: int) -> int | None:
        """Return the nearest row from `row` on that has a key, in the first of these directions that has one."""
        below, above = range(max(0, row), self.count), range(min(row, self.count - 1), -1, -1)
        rows = chain.from_iterable(below if step > 0 else above for step in steps)
        return next((near for near in rows if self.row_key(near) is not None), None)

    def _find_row(self, key: Hashable) -> int | None:
        if key is None:
            return None
        return next((row for row in range(self.count) if self.row_key(row) == key), None)

    def render_line(self, y: int) -> Strip:
        """Return line `y` of the widget, as Textual asks for it."""
        strip = self._pending_lines.pop(y, None)
        # Textual paints a resized window before it sends the resize event.
        if strip is None or strip.cell_length != self.size.width:
            strip = self._draw_line(y)
        self._painted_lines[y] = strip
        return strip

    def _draw_line(self, y: int) -> Strip:
        if y < self.fixed_lines:
            pieces = self._draw_title() if y == 0 else self.draw_fixed_line(y)
        else:
            row = self.top + y - self.fixed_lines
            pieces = self.draw(row, is_current=row == self.cursor) if row < self.count else []
        if self.plain:
            pieces = [Segment(text.replace(ELLIPSIS, ELLIPSIS_ASCII), style) for text, style, _ in pieces]
        return Strip(pieces).adjust_cell_length(self.size.width, self.get_style(""))

    def draw_fixed_line(self, y: int) -> list[Segment]:
        """Return the segments of a line under the title that does not scroll."""
        raise NotImplementedError

    def _draw_title(self) -> list[Segment]:
        title = Title(self.heading, self.heading_highlights, self.note, has_focus=self.has_focus)
        return draw_title(title, self.size.width, self.get_style, plain=self.plain)

    def draw_pointer(self) -> Segment:
        """Return the sign before the row under the cursor; it is dim in a pane without the focus."""
        return Segment(">" if self.plain else "▸", self.get_style("" if self.has_focus else "muted"))

    def notify_style_update(self) -> None:
        """Draw all lines again if the theme has changed."""
        super().notify_style_update()
        self._styles.clear()
        if self._drawn_style != (self.get_style(""), self.app.theme):
            self._pending_lines.clear()
            self._drawn_style = None

    def repaint(self) -> None:
        """Repaint the lines that differ from what is on the screen, and no others."""
        if not self.is_mounted or not self.size:
            self._pending_lines.clear()  # lines drawn before the widget was hidden are out of date when it is shown
            return
        self._drawn_style = self.get_style(""), self.app.theme
        self._update_lines({y: self._draw_line(y) for y in range(self.size.height)})

    def _update_lines(self, lines: Mapping[int, Strip]) -> None:
        """Replace these lines on the screen, except those that do not differ."""
        changed = {y: line for y, line in lines.items() if line != self._painted_lines.get(y)}
        self._pending_lines = {y: line for y, line in self._pending_lines.items() if y not in lines} | changed
        if changed:
            self.refresh(*(Region(0, y, self.size.width, 1) for y in changed))

    def _repaint_step(self, old_row: int, old_top: int) -> None:
        """Repaint the line that the cursor left, the line that it is on, and lines that scrolled into view."""
        if self._drawn_style is None or not self.is_mounted or not self.size:
            self.repaint()
            return
        scrolled, visible = self.top - old_top, range(self.fixed_lines, self.size.height)
        redrawn = {row - self.top + self.fixed_lines for row in (old_row, self.cursor)}
        lines = visible if scrolled else redrawn.intersection(visible)
        moved = {
            y: self._pending_lines.get(y + scrolled) or self._painted_lines.get(y + scrolled)
            for y in lines
            if y + scrolled in visible
        }
        self._update_lines({y: (y not in redrawn and moved.get(y)) or self._draw_line(y) for y in lines})

    def on_resize(self) -> None:
        """Keep the cursor visible, and leave no empty lines at the bottom while rows above are hidden."""
        self._painted_lines.clear()
        self._pending_lines.clear()
        top = self.top
        self.top = self._clamp_top(self.top)
        self._scroll_to_cursor()
        if self.top != top:
            self.refresh()  # Textual has painted the new size from the old first row

    def on_unmount(self) -> None:
        """Free the drawn lines: Textual keeps the caches of the last thousand widgets and all that they refer to.

        `StylesCache.get_inner_outer` is a method under an `lru_cache`, whose keys refer to each of them.
        """
        self._styles_cache.clear()

    @on(events.Focus)
    @on(events.Blur)
    def _show_focus(self) -> None:
        """Repaint the title and the cursor, which show if keys go to this widget."""
        self.repaint()

    @property
    def visible_row_count(self) -> int:
        """Number of visible rows."""
        return max(1, self.size.height - self.fixed_lines)

    def _clamp_top(self, top: int) -> int:
        return max(0, min(top, self.count - self.visible_row_count))

    def _scroll_to_cursor(self) -> None:
        """Scroll so that the cursor is visible."""
        if self.cursor < self.top:
            self.top = self.cursor
        elif self.cursor >= self.top + self.visible_row_count:
            self.top = self.cursor - self.visible_row_count + 1

    def _move_to(self, row: int) -> None:
        self.has_user_moved = True
        old_row, old_top = self.cursor, self.top
        self.cursor = max(0, min(row, self.count - 1))
        self._scroll_to_cursor()
        self._repaint_step(old_row, old_top)
        self._post_highlighted()

    def _post_highlighted(self) -> None:
        if self.key != self._highlighted_key:
            self._highlighted_key = self.key
            self.post_message(self.Highlighted(self))

    def action_move(self, by: int) -> None:
        """Move up or down to the next selectable row; scroll if there is none."""
        step = 1 if by > 0 else -1
        row = self._find_selectable_row(self.cursor + by, step)
        if row is not None:
            self._move_to(row)
        else:
            self.top = self._clamp_top(self.top + step)
            self.repaint()

    def action_page(self, by: int) -> None:
        """Move up or down by the number of visible rows."""
        self._move_by_rows(by, self.visible_row_count)

    def action_half_page(self, by: int) -> None:
        """Move up or down by half the number of visible rows."""
        self._move_by_rows(by, max(1, self.visible_row_count // 2))

    def _move_by_rows(self, step: int, rows: int) -> None:
        start = self.cursor
        if self.count and self.row_key(start) is None:  # a text without a cursor: pages count from what is visible
            start = self.top + self.visible_row_count - 1 if step > 0 else self.top
        self._move_near(max(0, min(self.count - 1, start + step * rows)), step)

    def action_go(self, row: int) -> None:
        """Move to the first row, or with -1 to the last."""
        self._move_near(self.count - 1 if row < 0 else row, -1 if row < 0 else 1)

    def _move_near(self, row: int, step: int) -> None:
        """Move the cursor to `row`, or to the nearest selectable row, and scroll until `row` is visible."""
        nearest = self._find_selectable_row(row, step, -step)
        if nearest is not None:
            self._move_to(nearest)
        if not self.top <= row < self.top + self.visible_row_count:
            self.top = self._clamp_top(row if row < self.top else row - self.visible_row_count + 1)
            self.repaint()

    def action_choose(self) -> None:
        """Open the row under the cursor."""
        if self.key is not None:
            self.post_message(self.Selected(self))

    def action_leave(self) -> None:
        """Go back."""
        self.post_message(self.Cancelled(self))

    def on_click(self, event: events.Click) -> None:
        """Move the cursor to the clicked row; open it on a double click."""
        row = self.top + event.y - self.fixed_lines
        if event.y >= self.fixed_lines and row < self.count and self.row_key(row) is not None:
            self._move_to(row)
            if event.chain > 1:
                self.action_choose()

    def on_mouse_scroll_down(self) -> None:
        """Move down by some rows."""
        self.action_move(min(WHEEL_ROWS, max(1, self.count - 1 - self.cursor)))

    def on_mouse_scroll_up(self) -> None:
        """Move up by some rows."""
        self.action_move(-min(WHEEL_ROWS, max(1, self.cursor)))
