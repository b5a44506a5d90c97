"""The filter: a line to type it in, with what it could go on with or where it is wrong; else what is in effect."""

import asyncio
from typing import ClassVar

from rich.highlighter import Highlighter
from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Input, Label

from drtui.core.formatting.text import cut, sanitize, width
from drtui.core.query.completion import Candidate, Vocabulary, complete
from drtui.core.query.parser import QueryError
from drtui.core.query.query import Query
from drtui.ui.background import MANY
from drtui.ui.widgets.status_lines import StatusLines
from drtui.ui.widgets.styled_lines import Line, line

LABEL = "filter "

Offered = tuple[str | None, tuple[Candidate, ...]]
"""A text up to the cursor, and how it could go on; None if that is not known of any."""

NOTHING_OFFERED: Offered = (None, ())


class ErrorHighlighter(Highlighter):
    """Marks where a text is wrong."""

    def __init__(self) -> None:
        self.place = (0, 0)

    def highlight(self, text: Text) -> None:
        """Underline the place."""
        text.stylize("underline bold", *self.place)


class FilterLine(Input):
    """Where it is typed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "complete", "take what it could go on with", show=False),
        Binding("right", "right", "one to the right; at the end the same as tab", show=False),
        Binding("up", "earlier(-1)", "an earlier filter", show=False),
        Binding("down", "earlier(1)", "a later one", show=False),
        Binding("escape", "clear", "no filter", show=False),
        Binding("backspace", "back", "one character less, or out", show=False),
    ]

    class Kept(Message):
        """What was typed is to stay."""

    class Cleared(Message):
        """There is to be no filter."""

    class Completed(Message):
        """The first of what it could go on with is taken."""

    def __init__(self) -> None:
        placeholder = "words  gdb:parcels  verdict:usable  since:7d  !not  /regex/"
        super().__init__(placeholder=placeholder, id="line", compact=True)
        self.marked = ErrorHighlighter()
        self.highlighter = self.marked
        self.cursor_blink = False  # a blinking cursor sends 2 kB a second
        self._earlier: list[str] = []
        self._at = 0
        self._draft = ""

    def put(self, text: str) -> None:
        """Show another text, with the cursor at its end."""
        self.value = text
        self.cursor_position = len(text)

    def replace(self, text: str, start: int, end: int) -> None:
        """Put in what is typed or pasted, made visible as names are: an error points at its place."""
        super().replace(sanitize(text), start, end)

    def remember(self, text: str) -> None:
        """Keep a text for when an earlier one is wanted."""
        if text:
            self._earlier = [*(each for each in self._earlier if each != text), text]
        self._at = len(self._earlier)

    def action_earlier(self, by: int) -> None:
        """An earlier filter, or a later one; after the last comes what was being typed."""
        if self._at == len(self._earlier):
            self._draft = self.value
        self._at = max(0, min(len(self._earlier), self._at + by))
        self.put(self._earlier[self._at] if self._at < len(self._earlier) else self._draft)

    def action_complete(self) -> None:
        """Take what it could go on with."""
        self.post_message(self.Completed())

    def action_right(self) -> None:
        """One to the right; at the end, take what it could go on with."""
        if self.cursor_at_end and self.selection.is_empty:
            self.action_complete()
        else:
            self.action_cursor_right()

    async def action_submit(self) -> None:
        """Keep it."""
        self.post_message(self.Kept())

    def action_clear(self) -> None:
        """No filter."""
        self.post_message(self.Cleared())

    def action_back(self) -> None:
        """One character less; where there is none, out."""
        if self.value:
            self.action_delete_left()
        else:
            self.action_clear()


class FilterBar(Vertical):
    """Nothing without a filter; its terms while there is one; the line while it is typed."""

    DEFAULT_CSS = """
    FilterBar { height: auto; display: none; }
    FilterBar.on, FilterBar.typing { display: block; }
    FilterBar Horizontal { height: 1; display: none; }
    FilterBar Label { padding-left: 1; text-style: bold; }
    FilterBar Input { width: 1fr; height: 1; border: none; background: $boost; }
    FilterBar #hint { display: none; }
    FilterBar.typing Horizontal, FilterBar.typing #hint { display: block; }
    """

    def __init__(self, *, plain: bool, id: str) -> None:  # noqa: A002 - Textual's name for it
        super().__init__(id=id)
        self.line = FilterLine()
        self.chips, self.hint = StatusLines(plain=plain, id="chips"), StatusLines(plain=plain, id="hint")
        self._vocabulary = Vocabulary()
        self._offered = NOTHING_OFFERED
        self._completing: str | None = None
        """What is to be completed once it is known how it could go on."""
        self._query = Query()
        self._error: QueryError | None = None

    def compose(self) -> ComposeResult:
        """What is in effect, the line, and what is to be said of it."""
        yield self.chips
        with Horizontal():
            yield Label(LABEL, markup=False)
            yield self.line
        yield self.hint

    def on_mount(self) -> None:
        """What the line could go on with depends on where the cursor is."""
        self.watch(self.line, "selection", self._paint, init=False)

    @property
    def shown(self) -> bool:
        """Whether there is anything to be seen of it."""
        return self.has_class("on") or self.typing

    @property
    def typing(self) -> bool:
        """Whether a filter is being typed."""
        return self.has_class("typing")

    def open(self, vocabulary: Vocabulary) -> None:
        """Type one, beginning with that in effect."""
        self._vocabulary, self._offered = vocabulary, NOTHING_OFFERED
        self.add_class("typing")
        with self.prevent(Input.Changed):
            self.line.put(self._query.text)
        self.line.focus()
        self._paint()

    def close(self) -> None:
        """It is typed."""
        self.line.remember(self._query.text.strip())
        self.remove_class("typing")
        self._paint()

    @property
    def _begun(self) -> str:
        """What is typed, up to the cursor."""
        return self.line.value[: self.line.cursor_position]

    def _offer(self) -> None:
        """Find out how it could go on."""
        begun = self._begun
        if not self.typing or begun == self._offered[0]:
            return
        self._completing = None
        if len(self._vocabulary) > MANY:
            self._offer_beside(begun)
        else:
            self._offered = begun, complete(begun, self._vocabulary)

    @work(exclusive=True, group="offer", description="offer")
    async def _offer_beside(self, begun: str) -> None:
        self._offered = begun, await asyncio.to_thread(complete, begun, self._vocabulary)
        self.hint.show([self._hint()])
        if self._completing == begun:
            self._completed()

    def show(self, query: Query, error: QueryError | None = None) -> None:
        """What is in effect, and what is wrong with the text, if that is not it."""
        self._query, self._error = query, error
        self.line.marked.place = (error.start, error.end) if error is not None else (0, 0)
        self.line.refresh()
        self._paint()

    def _paint(self) -> None:
        chips = [(f"[{each}]", "strong") for each in self._query.chips]
        self._offer()
        said = "still " if self.typing else LABEL
        self.chips.display = bool(chips) and (not self.typing or self._error is not None)
        spaced = [piece for chip in chips for piece in (chip, (" ", ""))]
        self.chips.show([Line(((said, "muted"), *spaced, (" esc clears", "muted")))])
        self.set_class(bool(chips), "on")
        self.hint.show([self._hint()])

    def _hint(self) -> Line:
        """How it could go on, or where it is wrong, or what it means."""
        offered = self._offered[1] if self._offered[0] == self._begun else ()
        error = self._error
        if error is not None and not (offered and error.rest is not None):
            room = self.size.width - 1
            return line(error_with_caret(error, room, len(LABEL) - self.line.scroll_offset.x), "bad")
        if offered:
            rest = "".join(f"  {each.label}" for each in offered[1:]) + (f"   {error}" if error is not None else "")
            return Line((("   tab ", "muted"), (offered[0].label, "strong"), (rest, "muted")))
        return line(" " * len(LABEL) + self._query.description, "muted")

    @on(FilterLine.Completed)
    def _completed(self) -> None:
        begun, offered = self._offered
        if begun != self._begun:  # as soon as it is known
            self._completing = self._begun
            return
        self._completing = None
        if offered:
            rest = self.line.value[len(self._begun) :]
            self.line.value = offered[0].text + rest
            self.line.cursor_position = len(offered[0].text)


def error_with_caret(error: QueryError, room: int, before: int) -> str:
    """An error in one line of `room` cells, with a caret under the place; `before` is where the text begins."""
    column = before + error.column
    caret, said = "^" * len(error.caret.lstrip()), str(error)
    if column >= 0 and column + len(caret) + 1 + width(said) <= room:
        return f"{' ' * column}{caret} {said}"
    if width(said) < column <= room - len(caret):
        return f"{' ' * (column - 1 - width(said))}{said} {caret}"
    return cut(said, room)  # the place is marked in the line
