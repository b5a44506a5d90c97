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

WHEEL = 3
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

        def __init__(self, rows: "VirtualList") -> None:
            super().__init__()
            self.rows = rows

        @property
        def control(self) -> "VirtualList":
            """Where it happened."""
            return self.rows

    class Selected(Highlighted):
        """The row under the cursor was entered."""

    class Cancelled(Highlighted):
        """The way back was taken."""

    fixed = 1
    """Lines at the top that do not scroll: the title, and what stands under it."""

    def __init__(self, title: str = "", *, plain: bool = False, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.heading, self.note = title, ""
        self.plain = plain
        self.cursor = 0
        self.top = 0
        self.moved = False
        """Whether a person has put the cursor where it is."""
        self._told: Hashable = None
        self._painted: dict[int, Strip] = {}
        self._drawn: dict[int, Strip] = {}
        """Lines that look different from what is painted, until they are."""
        self._look: tuple[Style, str] | None = None
        """Style and theme in which all lines were drawn; None if they are to be drawn in another one."""

    @property
    def count(self) -> int:
        """How many rows there are."""
        raise NotImplementedError

    def row_key(self, row: int) -> Hashable:
        """What a row stands for: the cursor stays with it. None for a row that cannot be chosen."""
        raise NotImplementedError

    def draw(self, row: int, *, here: bool) -> list[Segment]:
        """The pieces of a row; `here` if the cursor is on it."""
        raise NotImplementedError

    @property
    def key(self) -> Hashable:
        """What the row under the cursor stands for."""
        return self.row_key(self.cursor) if 0 <= self.cursor < self.count else None

    def title(self, heading: str, note: str = "") -> None:
        """Set the heading, and what stands to the right of it."""
        self.heading, self.note = heading, note
        self.repaint()

    def go_to(self, key: Hashable) -> None:
        """Put the cursor on the row that stands for `key`, if there is one."""
        row = self._row_of(key)
        if row is not None:
            self._to(row)

    def placed(self, key: Hashable, row: int, offset: int) -> None:
        """After the rows were replaced: the cursor on `key`, else on the same row, at the same height (`offset`)."""
        found = row if row < self.count and self.row_key(row) == key else self._row_of(key)
        self.cursor = max(0, min(row if found is None else found, self.count - 1))
        self.top = self._bounded(self.cursor - offset)
        self.cursor = self.resting(self.cursor)
        if self.key is not None:
            self._follow()
        self.repaint()
        self._tell()

    def resting(self, row: int) -> int:
        """Where the cursor goes that was to be put on a row: a text is read from its beginning."""
        return row

    def _row_of(self, key: Hashable) -> int | None:
        if key is None:
            return None
        return next((row for row in range(self.count) if self.row_key(row) == key), None)

    def select(self, key: Hashable) -> bool:
        """Put the cursor on `key`; whether it is there."""
        row = self._row_of(key)
        if row is not None:
            self._to(row)
        return row is not None

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        drawn = self._drawn.pop(y, None)
        # Textual paints a window of another size before it says that there is one.
        if drawn is None or drawn.cell_length != self.size.width:
            drawn = self._line(y)
        self._painted[y] = drawn
        return drawn

    def _line(self, y: int) -> Strip:
        if y < self.fixed:
            pieces = self._title() if y == 0 else self.fixed_line(y)
        else:
            row = self.top + y - self.fixed
            pieces = self.draw(row, here=row == self.cursor) if row < self.count else []
        if self.plain:
            pieces = [Segment(text.replace(ELLIPSIS, ELLIPSIS_ASCII), style) for text, style, _ in pieces]
        return Strip(pieces).adjust_cell_length(self.size.width, self.style_of(""))

    def fixed_line(self, y: int) -> list[Segment]:
        """A line under the title that does not scroll."""
        raise NotImplementedError

    def _title(self) -> list[Segment]:
        room = max(0, self.size.width - 1)
        heading = cut(self.heading, room)
        left = room - width(heading) - 2
        style = self.style_of("title-focus" if self.has_focus else "title")
        pieces = [Segment(heading, style)]
        if self.note and left > 3:
            note = cut(self.note, left)
            pieces.append(Segment("  " + note, self.style_of("muted")))
        return pieces

    def notify_style_update(self) -> None:
        """Draw what the theme before has drawn in another one."""
        super().notify_style_update()
        if self._look != (self.style_of(""), self.app.theme):
            self._drawn.clear()
            self._look = None

    def repaint(self) -> None:
        """Draw the lines anew that look different from what is on the screen, and no other."""
        if not self.is_mounted or not self.size:
            self._drawn.clear()  # what was drawn before it was hidden is not what is to be seen once it is shown
            return
        self._look = self.style_of(""), self.app.theme
        self._draw_anew({y: self._line(y) for y in range(self.size.height)})

    def _draw_anew(self, lines: Mapping[int, Strip]) -> None:
        """Have these lines on the screen; those that look as they do there already are not touched."""
        drawn = {y: line for y, line in lines.items() if line != self._painted.get(y)}
        self._drawn = {y: line for y, line in self._drawn.items() if y not in lines} | drawn
        if drawn:
            self.refresh(*(Region(0, y, self.size.width, 1) for y in drawn))

    def _stepped(self, before: int, top: int) -> None:
        """Draw the line that the cursor has left and the one it is on, and what has come into sight; no other."""
        if self._look is None or not self.is_mounted or not self.size:
            self.repaint()
            return
        by, sight = self.top - top, range(self.fixed, self.size.height)
        touched = {row - self.top + self.fixed for row in (before, self.cursor)}
        wanted = sight if by else touched.intersection(sight)
        kept = {y: self._drawn.get(y + by) or self._painted.get(y + by) for y in wanted if y + by in sight}
        self._draw_anew({y: (y not in touched and kept.get(y)) or self._line(y) for y in wanted})

    def on_resize(self) -> None:
        """Keep the cursor in sight, and leave no room below the last row that earlier ones could have."""
        self._painted.clear()
        self._drawn.clear()
        self.top = self._bounded(self.top)
        self._follow()

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
        return max(1, self.size.height - self.fixed)

    def _bounded(self, top: int) -> int:
        return max(0, min(top, self.count - self.page))

    def _follow(self) -> None:
        """Scroll so that the cursor is in sight."""
        if self.cursor < self.top:
            self.top = self.cursor
        elif self.cursor >= self.top + self.page:
            self.top = self.cursor - self.page + 1

    def _to(self, row: int) -> None:
        self.moved = True
        before, top = self.cursor, self.top
        self.cursor = max(0, min(row, self.count - 1))
        self._follow()
        self._stepped(before, top)
        self._tell()

    def _tell(self) -> None:
        if self.key != self._told:
            self._told = self.key
            self.post_message(self.Highlighted(self))

    def action_move(self, by: int) -> None:
        """Go up or down to the next row that can be chosen; where there is none, scroll."""
        step = 1 if by > 0 else -1
        row = self.cursor + by
        while 0 <= row < self.count and self.row_key(row) is None:
            row += step
        if 0 <= row < self.count:
            self._to(row)
        else:
            self.top = self._bounded(self.top + step)
            self.repaint()

    def action_page(self, by: int) -> None:
        """Go up or down by what is in sight."""
        self._land(max(0, min(self.count - 1, self.cursor + by * self.page)), by)

    def action_go(self, row: int) -> None:
        """Go to the first row, or with -1 to the last."""
        self._land(self.count - 1 if row < 0 else row, -1 if row < 0 else 1)

    def _land(self, row: int, step: int) -> None:
        """The cursor on `row`, or the nearest one that can be chosen; the text scrolls along in any case."""
        aim = row
        for way in (step, -step):
            row = aim
            while 0 <= row < self.count and self.row_key(row) is None:
                row += way
            if 0 <= row < self.count:
                self._to(row)
                break
        if not self.top <= aim < self.top + self.page:
            self.top = self._bounded(aim if aim < self.top else aim - self.page + 1)
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
        row = self.top + event.y - self.fixed
        if event.y >= self.fixed and row < self.count and self.row_key(row) is not None:
            self._to(row)
            if event.chain > 1:
                self.action_choose()

    def on_mouse_scroll_down(self) -> None:
        """Move by some rows."""
        self.action_move(min(WHEEL, max(1, self.count - 1 - self.cursor)))

    def on_mouse_scroll_up(self) -> None:
        """Move by some rows."""
        self.action_move(-min(WHEEL, max(1, self.cursor)))
