"""A text that fills the window: help, the raw record, the last error."""

from collections.abc import Callable, Collection, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input

from drtui.core.query.highlight import Span
from drtui.ui.screens.exportable import ExportableScreen
from drtui.ui.widgets.footer import Footer, HasFooter, Hint
from drtui.ui.widgets.styled_lines import Line, Lines, wrap_line
from drtui.ui.widgets.text_input import TextInput

EXPORT_HINTS: Sequence[Hint] = (
    ("escape", "back"),
    ("c", "copy"),
    ("x", "save"),
    ("p", "plain text"),
    ("question_mark", "help"),
)

SEARCH_HINTS: Sequence[Hint] = (
    ("n", "next match"),
    ("N", "previous match"),
    ("escape", "end search"),
    ("f1", "help"),
)


class LinesScreen(HasFooter, ExportableScreen):
    """Base class of screens whose lines fill the window."""

    hints: Sequence[Hint] = EXPORT_HINTS
    """Keys in the footer, the most useful first."""

    def __init__(self, heading: str, note: str, *, plain: bool, accent: str = "") -> None:
        super().__init__()
        self.rows = Lines(plain=plain, id="rows")
        self.rows.set_accent(accent)
        self.rows.set_title(heading, note)
        self.footer = Footer(plain=plain, id="footer")

    def compose(self) -> ComposeResult:
        """Yield the lines, and the key hints."""
        yield self.rows
        yield self.footer

    def on_mount(self) -> None:
        """Focus the lines."""
        self.footer.set_hints(self.hints)
        self.rows.focus()

    def on_resize(self) -> None:
        """Lay out the lines for the size of the window."""
        self.rows.show(self.build_lines(self.size.width))

    def build_lines(self, width: int) -> Sequence[Line]:
        """Return the lines for a window of this width, in cells."""
        raise NotImplementedError


class SearchableScreen(LinesScreen):
    """Base class of texts in which `/` finds words, and `n` and `N` go to the next and the previous match."""

    DEFAULT_CSS = "SearchableScreen #search { height: 1; border: none; display: none; }"
    hints = (("slash", "find"), *EXPORT_HINTS)
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "search", "find text", show=False),
        Binding("n", "match(1)", "next match", show=False),
        Binding("N", "match(-1)", "previous match", show=False),
    ]

    def __init__(self, heading: str, note: str, *, plain: bool, accent: str = "") -> None:
        super().__init__(heading, note, plain=plain, accent=accent)
        self.search_input = TextInput(placeholder="find text", id="search", compact=True)
        self._note = self.rows.note
        self._matches: tuple[int, ...] = ()
        self._match = 0

    def compose(self) -> ComposeResult:
        """Yield the lines, the search line, and the key hints."""
        yield self.rows
        yield self.search_input
        yield self.footer

    def on_resize(self) -> None:
        """Lay out the lines for the size of the window, with the matches highlighted."""
        self.show_lines()

    def show_lines(self) -> None:
        """Show the lines, with the matches of the searched text highlighted."""
        text, lines = self.search_input.value, self.build_lines(self.size.width)
        self._matches = find_matches(lines, text)
        self.rows.show(highlight_matches(lines, self._matches, text))

    def follow_answer(self) -> None:
        """Show the text anew after the site has answered; what is visible stays at its place."""
        if self.is_mounted and self.reload():
            self.show_lines()

    def reload(self) -> bool:
        """Read the text anew; return False if it never changes."""
        return False

    def action_search(self) -> None:
        """Open the search line."""
        self.search_input.display = True
        self.set_focus(self.search_input)

    @on(Input.Changed, "#search")
    def _search_typed_text(self) -> None:
        self.show_lines()
        first = next((n for n, row in enumerate(self._matches) if row >= self.rows.top), 0)
        self._show_match(first)

    @on(Input.Submitted, "#search")
    def _accept_search(self) -> None:
        self.search_input.display = bool(self.search_input.value)
        self.set_focus(self.rows)

    def action_match(self, by: int) -> None:
        """Scroll to the next or previous match; after the last one, to the first."""
        if self.search_input.value:
            self._show_match(self._match + by)
        else:
            self.action_search()

    def _show_match(self, number: int) -> None:
        """Scroll to a match, and show its number beside the title."""
        if self._matches:
            self._match = number % len(self._matches)
            self.rows.action_go(self._matches[self._match])
        is_searching = bool(self.search_input.value)
        count = f"match {self._match + 1} of {len(self._matches)}" if self._matches else "no match"
        self.rows.set_title(self.rows.heading, count if is_searching else self._note)
        self.footer.set_hints(SEARCH_HINTS if is_searching else self.hints)

    def action_leave(self) -> None:
        """End the search, or close the screen."""
        if self.search_input.display:
            self.search_input.value = ""
            self.search_input.display = False
            self.set_focus(self.rows)
        else:
            super().action_leave()


class TextScreen(SearchableScreen):
    """Lines of text, closed by any key that goes back."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,backspace,q,y,E,H,question_mark,h,left", "leave", "back", show=False),
        Binding("a", "act", "pause, resume, validate, create", show=False),
    ]

    def __init__(
        self,
        heading: str,
        note: str,
        lines: Sequence[Line],
        *,
        plain: bool,
        accent: str = "",
        on_act: Callable[[], object] | None = None,
        rebuild: Callable[[], Sequence[Line]] | None = None,
    ) -> None:
        """Create the screen.

        `on_act` opens the menu of changes if the text is about what can be changed; `rebuild` returns the lines as of
        the latest answer of the site.
        """
        super().__init__(heading, note, plain=plain, accent=accent)
        if on_act is not None:
            self.hints = (("a", "act"), *self.hints)
        self._lines, self._on_act, self._rebuild = lines, on_act, rebuild

    def reload(self) -> bool:
        """Build the lines anew."""
        if self._rebuild is not None:
            self._lines = self._rebuild()
        return self._rebuild is not None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Return False for the key of the menu if there is none."""
        return (action != "act" or self._on_act is not None) and super().check_action(action, parameters)

    def action_act(self) -> None:
        """Close, and open the menu of changes."""
        if self._on_act is not None:
            self.dismiss()
            self.app.call_later(self._on_act)

    def build_lines(self, width: int) -> Sequence[Line]:
        """Wrap lines that are too long for the window."""
        return [part for line in self._lines for part in wrap_line(line, width - 1)]

    @property
    def export_text(self) -> str:
        """All lines as text."""
        return "".join(f"{''.join(text for text, _ in line.pieces).rstrip()}\n" for line in self._lines)


def find_matches(lines: Sequence[Line], text: str) -> tuple[int, ...]:
    """Return the numbers of the lines that contain `text`; none if it is empty."""
    wanted = text.casefold()
    return tuple(number for number, row in enumerate(lines) if wanted and wanted in _text_of(row).casefold())


def highlight_matches(lines: Sequence[Line], matches: Collection[int], text: str) -> Sequence[Line]:
    """Return the lines with every occurrence of `text` highlighted in those with the numbers `matches`."""
    if not matches:
        return lines
    highlighted = list(lines)
    for number in matches:
        row = lines[number]
        highlighted[number] = row._replace(highlights=tuple(_find_spans(_text_of(row), text)))
    return highlighted


def _text_of(row: Line) -> str:
    return "".join(piece for piece, _ in row.pieces)


def _find_spans(line_text: str, text: str) -> Sequence[Span]:
    """Return the positions of `text`; none where folding the case changes the length, as that of `ß` does."""
    folded, wanted = line_text.casefold(), text.casefold()
    if len(folded) != len(line_text):
        return ()
    spans: list[Span] = []
    start = folded.find(wanted)
    while start >= 0:
        spans.append((start, start + len(wanted)))
        start = folded.find(wanted, start + len(wanted))
    return spans
