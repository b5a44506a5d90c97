"""Rows drawn one visible line at a time, with a cursor: what tables, lists and texts have in common.

Cost is proportional to what is on the screen, not to the number of rows: nothing is made, measured or kept per row.
Nothing is animated, and a change repaints only the lines that look different.
"""

from collections.abc import Hashable, Mapping
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip

from drtui.core.formatting.text import ELLIPSIS, ELLIPSIS_ASCII, cut, width
from drtui.keybindings import COMMANDS, IN_LISTS, LISTS
from drtui.ui.widgets.styles import ThemedWidget

WHEEL_ROWS = 3
"""Rows that one notch of the wheel moves."""


class VirtualList(ThemedWidget, can_focus=True):
    """A column of rows under some fixed lines. What a row is, is up to the classes made from this one."""

    DEFAULT_CSS = "VirtualList { height: 1fr; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(",".join(each.keys), each.action, each.help, show=False, id=each.name)
        for each in (*IN_LISTS, *COMMANDS)
        if each.group == LISTS or each.action == "choose"
    ]

    class Highlighted(Message):
        """The cursor is on another row."""

        def __init__(self, source: "VirtualList") -> None:
            super().__init__()
            self.source = source

        @property
        def control(self) -> "VirtualList":
            """Where it happened."""
            return self.source

    class Selected(Highlighted):
        """The row under the cursor was entered."""

    class Cancelled(Highlighted):
        """The way back was taken."""

    fixed_lines = 1
    """Lines at the top that do not scroll: the title, and what stands under it."""

    def __init__(self, title: str = "", *, plain: bool = False, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.heading, self.note = title, ""
        self.plain = plain
        self.cursor = 0
        self.top = 0
        self.has_user_moved = False
        """Whether a person has put the cursor where it is."""
        self._highlighted_key: Hashable = None
        self._painted_lines: dict[int, Strip] = {}
        self._pending_lines: dict[int, Strip] = {}
        """Lines that look different from what is painted, until they are."""
        self._drawn_style: tuple[Style, str] | None = None
        """Style and theme in which all lines were drawn; None if they are to be drawn in another one."""

    @property
    def count(self) -> int:
        """How many rows there are."""
        raise NotImplementedError

    def row_key(self, row: int) -> Hashable:
        """What a row stands for: the cursor stays with it. None for a row that cannot be chosen."""
        raise NotImplementedError

    def draw(self, row: int, *, is_current: bool) -> list[Segment]:
        """The pieces of a row; `here` if the cursor is on it."""
        raise NotImplementedError

    @property
    def key(self) -> Hashable:
        """What the row under the cursor stands for."""
        return self.row_key(self.cursor) if 0 <= self.cursor < self.count else None

    def set_title(self, heading: str, note: str = "") -> None:
        """Set the heading, and what stands to the right of it."""
        self.heading, self.note = heading, note
        self.repaint()

    def go_to(self, key: Hashable) -> None:
        """Put the cursor on the row that stands for `key`, if there is one."""
        row = self._find_row(key)
        if row is not None:
            self._move_to(row)

    def restore_cursor(self, key: Hashable, row: int, offset: int) -> None:
        """After the rows were replaced: the cursor on `key`, else on the same row, at the same height (`offset`)."""
        target = row if row < self.count and self.row_key(row) == key else self._find_row(key)
        self.cursor = max(0, min(row if target is None else target, self.count - 1))
        self.top = self._clamp_top(self.cursor - offset)
        self.cursor = self.nearest_selectable(self.cursor)
        if self.key is not None:
            self._scroll_to_cursor()
        self.repaint()
        self._post_highlighted()

    def nearest_selectable(self, row: int) -> int:
        """Where the cursor goes that was to be put on a row: a text is read from its beginning."""
        return row

    def _find_row(self, key: Hashable) -> int | None:
        if key is None:
            return None
        return next((row for row in range(self.count) if self.row_key(row) == key), None)

    def select(self, key: Hashable) -> bool:
        """Put the cursor on `key`; whether it is there."""
        row = self._find_row(key)
        if row is not None:
            self._move_to(row)
        return row is not None

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        strip = self._pending_lines.pop(y, None)
        # Textual paints a window of another size before it says that there is one.
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
        return Strip(pieces).adjust_cell_length(self.size.width, self.style_of(""))

    def draw_fixed_line(self, y: int) -> list[Segment]:
        """A line under the title that does not scroll."""
        raise NotImplementedError

    def _draw_title(self) -> list[Segment]:
        cells = max(0, self.size.width - 1)
        heading = cut(self.heading, cells)
        cells_left = cells - width(heading) - 2
        style = self.style_of("title-focus" if self.has_focus else "title")
        pieces = [Segment(heading, style)]
        if self.note and cells_left > 3:
            note = cut(self.note, cells_left)
            pieces.append(Segment("  " + note, self.style_of("muted")))
        return pieces

    def notify_style_update(self) -> None:
        """Draw what the theme before has drawn in another one."""
        super().notify_style_update()
        if self._drawn_style != (self.style_of(""), self.app.theme):
            self._pending_lines.clear()
            self._drawn_style = None

    def repaint(self) -> None:
        """Draw the lines anew that look different from what is on the screen, and no other."""
        if not self.is_mounted or not self.size:
            self._pending_lines.clear()  # lines drawn before the widget was hidden are out of date when it is shown
            return
        self._drawn_style = self.style_of(""), self.app.theme
        self._update_lines({y: self._draw_line(y) for y in range(self.size.height)})

    def _update_lines(self, lines: Mapping[int, Strip]) -> None:
        """Have these lines on the screen; those that look as they do there already are not touched."""
        changed = {y: line for y, line in lines.items() if line != self._painted_lines.get(y)}
        self._pending_lines = {y: line for y, line in self._pending_lines.items() if y not in lines} | changed
        if changed:
            self.refresh(*(Region(0, y, self.size.width, 1) for y in changed))

    def _repaint_step(self, old_row: int, old_top: int) -> None:
        """Draw the line that the cursor has left and the one it is on, and what has come into sight; no other."""
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
        """Keep the cursor in sight, and leave no room below the last row that earlier ones could have."""
        self._painted_lines.clear()
        self._pending_lines.clear()
        self.top = self._clamp_top(self.top)
        self._scroll_to_cursor()

    def on_unmount(self) -> None:
        """Let go of what was drawn: Textual keeps the caches of the last thousand widgets, with all they hold.

        `StylesCache.get_inner_outer` is a method under an `lru_cache`, whose keys hold each of them.
        """
        self._styles_cache.clear()

    def on_focus(self) -> None:
        """The title and the cursor show where keys go."""
        self.repaint()

    def on_blur(self) -> None:
        """The title and the cursor show where keys go."""
        self.repaint()

    @property
    def page(self) -> int:
        """How many rows are in sight."""
        return max(1, self.size.height - self.fixed_lines)

    def _clamp_top(self, top: int) -> int:
        return max(0, min(top, self.count - self.page))

    def _scroll_to_cursor(self) -> None:
        """Scroll so that the cursor is in sight."""
        if self.cursor < self.top:
            self.top = self.cursor
        elif self.cursor >= self.top + self.page:
            self.top = self.cursor - self.page + 1

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
        """Go up or down to the next row that can be chosen; where there is none, scroll."""
        step = 1 if by > 0 else -1
        row = self.cursor + by
        while 0 <= row < self.count and self.row_key(row) is None:
            row += step
        if 0 <= row < self.count:
            self._move_to(row)
        else:
            self.top = self._clamp_top(self.top + step)
            self.repaint()

    def action_page(self, by: int) -> None:
        """Go up or down by what is in sight."""
        self._move_near(max(0, min(self.count - 1, self.cursor + by * self.page)), by)

    def action_go(self, row: int) -> None:
        """Go to the first row, or with -1 to the last."""
        self._move_near(self.count - 1 if row < 0 else row, -1 if row < 0 else 1)

    def _move_near(self, target: int, step: int) -> None:
        """The cursor on `row`, or the nearest one that can be chosen; the text scrolls along in any case."""
        aim = target
        for direction in (step, -step):
            target = aim
            while 0 <= target < self.count and self.row_key(target) is None:
                target += direction
            if 0 <= target < self.count:
                self._move_to(target)
                break
        if not self.top <= aim < self.top + self.page:
            self.top = self._clamp_top(aim if aim < self.top else aim - self.page + 1)
            self.repaint()

    def action_choose(self) -> None:
        """Enter the row under the cursor."""
        if self.key is not None:
            self.post_message(self.Selected(self))

    def action_leave(self) -> None:
        """Go back."""
        self.post_message(self.Cancelled(self))

    def on_click(self, event: events.Click) -> None:
        """Put the cursor where it was clicked; enter on the second click."""
        row = self.top + event.y - self.fixed_lines
        if event.y >= self.fixed_lines and row < self.count and self.row_key(row) is not None:
            self._move_to(row)
            if event.chain > 1:
                self.action_choose()

    def on_mouse_scroll_down(self) -> None:
        """Move by some rows."""
        self.action_move(min(WHEEL_ROWS, max(1, self.count - 1 - self.cursor)))

    def on_mouse_scroll_up(self) -> None:
        """Move by some rows."""
        self.action_move(-min(WHEEL_ROWS, max(1, self.cursor)))
