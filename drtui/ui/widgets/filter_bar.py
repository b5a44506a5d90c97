"""The filter: an input line with completions or the error while typing, and the terms in effect otherwise."""

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache, partial
from typing import ClassVar

from rich.highlighter import Highlighter
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Input, Label

from drtui.core.formatting.text import cut, sanitize, width
from drtui.core.query.completion import Candidate, Vocabulary, complete
from drtui.core.query.parser import QueryError
from drtui.core.query.query import Query
from drtui.ui.widgets.status_lines import StatusLines
from drtui.ui.widgets.styled_lines import Line, line
from drtui.ui.widgets.text_input import TextInput

LABEL = "filter "


class ErrorHighlighter(Highlighter):
    """Underlines the part of the filter that is wrong."""

    span = (0, 0)

    def highlight(self, text: Text) -> None:
        """Underline the wrong part."""
        text.stylize("underline bold", *self.span)


class FilterLine(TextInput):
    """The input line for a filter."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "complete", "accept the suggestion", show=False),
        Binding("right", "right", "right; at the end accept the suggestion", show=False),
        Binding("up", "earlier(-1)", "previous filter", show=False),
        Binding("down", "earlier(1)", "next filter", show=False),
        Binding("escape", "clear", "clear the filter", show=False),
        Binding("backspace", "back", "delete a character; if empty, close", show=False),
    ]

    class Accepted(Message):
        """The user accepted the typed filter."""

    class Cleared(Message):
        """The user removed the filter."""

    class CompletionRequested(Message):
        """The user asked for the first completion."""

    def __init__(self) -> None:
        placeholder = "words  gdb:parcels  verdict:usable  since:7d  !not  /regex/"
        self.error_highlighter = ErrorHighlighter()
        super().__init__(placeholder=placeholder, highlighter=self.error_highlighter, id="line", compact=True)
        self._history: list[str] = []
        self._history_index = 0
        self._draft = ""

    def set_text(self, text: str) -> None:
        """Replace the text and put the cursor at its end."""
        self.value = text
        self.cursor_position = len(text)

    def replace(self, text: str, start: int, end: int) -> None:
        """Insert typed or pasted text, with control characters made visible so that error positions are right."""
        super().replace(sanitize(text), start, end)

    def remember(self, text: str) -> None:
        """Add a filter to the history."""
        if text:
            self._history = [*(earlier for earlier in self._history if earlier != text), text]
        self._history_index = len(self._history)

    def action_earlier(self, by: int) -> None:
        """Show an earlier or later filter of the history; after the last one, the unfinished text."""
        if self._history_index == len(self._history):
            self._draft = self.value
        self._history_index = max(0, min(len(self._history), self._history_index + by))
        self.set_text(self._history[self._history_index] if self._history_index < len(self._history) else self._draft)

    def action_complete(self) -> None:
        """Ask for the first completion."""
        self.post_message(self.CompletionRequested())

    def action_right(self) -> None:
        """Move the cursor right; at the end of the text, ask for the first completion."""
        if self.cursor_at_end and self.selection.is_empty:
            self.action_complete()
        else:
            self.action_cursor_right()

    async def action_submit(self) -> None:
        """Accept the filter."""
        self.post_message(self.Accepted())

    def action_clear(self) -> None:
        """Remove the filter."""
        self.post_message(self.Cleared())

    def action_back(self) -> None:
        """Delete a character; if there is none, remove the filter and close the line."""
        if self.value:
            self.action_delete_left()
        else:
            self.action_clear()


class FilterBar(Vertical):
    """The bar above the list. It is hidden without a filter, and shows its terms, or the input line while typing."""

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
        self._complete: Callable[[str], tuple[Candidate, ...]] = lambda _: ()
        self._query = Query()
        self._error: QueryError | None = None

    def compose(self) -> ComposeResult:
        """Build the terms in effect, the input line and the hint."""
        yield self.chips
        with Horizontal():
            yield Label(LABEL, markup=False)
            yield self.line
        yield self.hint

    def on_mount(self) -> None:
        """Update the hint when the cursor moves, because completions depend on its position."""
        self.watch(self.line, "selection", self._show_state, init=False)

    @property
    def is_shown(self) -> bool:
        """True if the bar is visible."""
        return self.has_class("on") or self.is_typing

    @property
    def is_typing(self) -> bool:
        """True if a filter is being typed."""
        return self.has_class("typing")

    def open(self, vocabulary: Vocabulary) -> None:
        """Show the input line with the filter in effect."""
        self._complete = lru_cache(1)(partial(complete, vocabulary=vocabulary))
        self.add_class("typing")
        with self.prevent(Input.Changed):
            self.line.set_text(self._query.text)
        self.line.focus()
        self._show_state()

    def close(self) -> None:
        """Hide the input line."""
        self.line.remember(self._query.text.strip())
        self.remove_class("typing")
        self._show_state()

    @property
    def _completions(self) -> tuple[Candidate, ...]:
        """Completions of the text up to the cursor."""
        return self._complete(self.line.value[: self.line.cursor_position]) if self.is_typing else ()

    def show(self, query: Query, error: QueryError | None = None) -> None:
        """Show the filter in effect, and the error in the typed text if there is one."""
        self._query, self._error = query, error
        self.line.error_highlighter.span = (error.start, error.end) if error is not None else (0, 0)
        self.line.refresh()
        self._show_state()

    def _show_state(self) -> None:
        chips = [(f"[{text}]", "strong") for text in self._query.term_texts]
        label = "still " if self.is_typing else LABEL
        self.chips.display = bool(chips) and (not self.is_typing or self._error is not None)
        spaced = [piece for chip in chips for piece in (chip, (" ", ""))]
        self.chips.show([Line(((label, "muted"), *spaced, (" esc clears", "muted")))])
        self.set_class(bool(chips), "on")
        self.hint.show([self._build_hint()])

    def _build_hint(self) -> Line:
        """Return the error, or the completions, or else the meaning of the filter."""
        candidates, error = self._completions, self._error
        if error is not None and not (candidates and error.rest is not None):
            cells = self.size.width - 1
            return line(format_error_with_caret(error, cells, len(LABEL) - self.line.scroll_offset.x), "bad")
        if candidates:
            first, *more = candidates
            note, lead = f"   {error}" if error is not None else "", "   tab "
            window = self.size.width or self.app.size.width  # the bar has no size until it is shown
            cells = window - 1 - width(f"{lead}{first.label}{note}")
            rest = "".join(f"  {label}" for label in _fit_labels([candidate.label for candidate in more], cells))
            return Line(((lead, "muted"), (first.label, "strong"), (rest + note, "muted")))
        return line(" " * len(LABEL) + self._query.description, "muted")

    @on(FilterLine.CompletionRequested)
    def _insert_completion(self) -> None:
        if candidates := self._completions:
            rest = self.line.value[self.line.cursor_position :]
            self.line.value = candidates[0].text + rest
            self.line.cursor_position = len(candidates[0].text)


def _fit_labels(labels: Iterable[str], cells: int) -> Iterator[str]:
    """Yield the labels, each after two blanks, that fit whole into `cells` cells."""
    for label in labels:
        cells -= 2 + width(label)
        if cells < 0:
            return
        yield label


def format_error_with_caret(error: QueryError, cells: int, indent: int) -> str:
    """Return the error in `cells` cells with a caret under the wrong part. `indent` is the column of the text."""
    column = indent + error.column
    caret, message = "^" * len(error.caret.lstrip()), str(error)
    if column >= 0 and column + len(caret) + 1 + width(message) <= cells:
        return f"{' ' * column}{caret} {message}"
    if width(message) < column <= cells - len(caret):
        return f"{' ' * (column - 1 - width(message))}{message} {caret}"
    return cut(message, cells)  # the wrong part is underlined in the input line
