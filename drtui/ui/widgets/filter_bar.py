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
from drtui.ui.background import LARGE_SITE
from drtui.ui.widgets.status_lines import StatusLines
from drtui.ui.widgets.styled_lines import Line, line

LABEL = "filter "

Completions = tuple[str | None, tuple[Candidate, ...]]
"""A text up to the cursor, and how it could go on; None if that is not known of any."""

NO_COMPLETIONS: Completions = (None, ())


class ErrorHighlighter(Highlighter):
    """Marks where a text is wrong."""

    def __init__(self) -> None:
        self.span = (0, 0)

    def highlight(self, text: Text) -> None:
        """Underline the place."""
        text.stylize("underline bold", *self.span)


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

    class Accepted(Message):
        """What was typed is to stay."""

    class Cleared(Message):
        """There is to be no filter."""

    class CompletionRequested(Message):
        """The first of what it could go on with is taken."""

    def __init__(self) -> None:
        placeholder = "words  gdb:parcels  verdict:usable  since:7d  !not  /regex/"
        super().__init__(placeholder=placeholder, id="line", compact=True)
        self.error_highlighter = ErrorHighlighter()
        self.highlighter = self.error_highlighter
        self.cursor_blink = False  # a blinking cursor sends 2 kB a second
        self._history: list[str] = []
        self._history_index = 0
        self._draft = ""

    def set_text(self, text: str) -> None:
        """Show another text, with the cursor at its end."""
        self.value = text
        self.cursor_position = len(text)

    def replace(self, text: str, start: int, end: int) -> None:
        """Put in what is typed or pasted, made visible as names are: an error points at its place."""
        super().replace(sanitize(text), start, end)

    def remember(self, text: str) -> None:
        """Keep a text for when an earlier one is wanted."""
        if text:
            self._history = [*(each for each in self._history if each != text), text]
        self._history_index = len(self._history)

    def action_earlier(self, by: int) -> None:
        """An earlier filter, or a later one; after the last comes what was being typed."""
        if self._history_index == len(self._history):
            self._draft = self.value
        self._history_index = max(0, min(len(self._history), self._history_index + by))
        self.set_text(self._history[self._history_index] if self._history_index < len(self._history) else self._draft)

    def action_complete(self) -> None:
        """Take what it could go on with."""
        self.post_message(self.CompletionRequested())

    def action_right(self) -> None:
        """One to the right; at the end, take what it could go on with."""
        if self.cursor_at_end and self.selection.is_empty:
            self.action_complete()
        else:
            self.action_cursor_right()

    async def action_submit(self) -> None:
        """Keep it."""
        self.post_message(self.Accepted())

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
        self._completions = NO_COMPLETIONS
        self._requested_text: str | None = None
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
        self.watch(self.line, "selection", self._show_state, init=False)

    @property
    def is_shown(self) -> bool:
        """Whether there is anything to be seen of it."""
        return self.has_class("on") or self.is_typing

    @property
    def is_typing(self) -> bool:
        """Whether a filter is being typed."""
        return self.has_class("typing")

    def open(self, vocabulary: Vocabulary) -> None:
        """Type one, beginning with that in effect."""
        self._vocabulary, self._completions = vocabulary, NO_COMPLETIONS
        self.add_class("typing")
        with self.prevent(Input.Changed):
            self.line.set_text(self._query.text)
        self.line.focus()
        self._show_state()

    def close(self) -> None:
        """It is typed."""
        self.line.remember(self._query.text.strip())
        self.remove_class("typing")
        self._show_state()

    @property
    def _typed_text(self) -> str:
        """What is typed, up to the cursor."""
        return self.line.value[: self.line.cursor_position]

    def _update_completions(self) -> None:
        """Find out how it could go on."""
        text = self._typed_text
        if not self.is_typing or text == self._completions[0]:
            return
        self._requested_text = None
        if len(self._vocabulary) > LARGE_SITE:
            self._complete_in_thread(text)
        else:
            self._completions = text, complete(text, self._vocabulary)

    @work(exclusive=True, group="offer", description="offer")
    async def _complete_in_thread(self, text: str) -> None:
        self._completions = text, await asyncio.to_thread(complete, text, self._vocabulary)
        self.hint.show([self._hint_line()])
        if self._requested_text == text:
            self._insert_completion()

    def show(self, query: Query, error: QueryError | None = None) -> None:
        """What is in effect, and what is wrong with the text, if that is not it."""
        self._query, self._error = query, error
        self.line.error_highlighter.span = (error.start, error.end) if error is not None else (0, 0)
        self.line.refresh()
        self._show_state()

    def _show_state(self) -> None:
        chips = [(f"[{each}]", "strong") for each in self._query.term_texts]
        self._update_completions()
        label = "still " if self.is_typing else LABEL
        self.chips.display = bool(chips) and (not self.is_typing or self._error is not None)
        spaced = [piece for chip in chips for piece in (chip, (" ", ""))]
        self.chips.show([Line(((label, "muted"), *spaced, (" esc clears", "muted")))])
        self.set_class(bool(chips), "on")
        self.hint.show([self._hint_line()])

    def _hint_line(self) -> Line:
        """How it could go on, or where it is wrong, or what it means."""
        candidates = self._completions[1] if self._completions[0] == self._typed_text else ()
        error = self._error
        if error is not None and not (candidates and error.rest is not None):
            cells = self.size.width - 1
            return line(error_with_caret(error, cells, len(LABEL) - self.line.scroll_offset.x), "bad")
        if candidates:
            rest = "".join(f"  {each.label}" for each in candidates[1:]) + (f"   {error}" if error is not None else "")
            return Line((("   tab ", "muted"), (candidates[0].label, "strong"), (rest, "muted")))
        return line(" " * len(LABEL) + self._query.description, "muted")

    @on(FilterLine.CompletionRequested)
    def _insert_completion(self) -> None:
        text, candidates = self._completions
        if text != self._typed_text:  # as soon as it is known
            self._requested_text = self._typed_text
            return
        self._requested_text = None
        if candidates:
            rest = self.line.value[len(self._typed_text) :]
            self.line.value = candidates[0].text + rest
            self.line.cursor_position = len(candidates[0].text)


def error_with_caret(error: QueryError, cells: int, indent: int) -> str:
    """An error in one line of `room` cells, with a caret under the place; `before` is where the text begins."""
    column = indent + error.column
    caret, message = "^" * len(error.caret.lstrip()), str(error)
    if column >= 0 and column + len(caret) + 1 + width(message) <= cells:
        return f"{' ' * column}{caret} {message}"
    if width(message) < column <= cells - len(caret):
        return f"{' ' * (column - 1 - width(message))}{message} {caret}"
    return cut(message, cells)  # the place is marked in the line
