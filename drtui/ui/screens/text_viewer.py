"""A text that fills the window: help, the raw record, the last error."""

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from drtui.core.formatting.text import cut
from drtui.ui.screens.exportable import EXPORT_HINT, SHORT_TITLE_CELLS, ExportableScreen
from drtui.ui.widgets.styled_lines import Line, Lines, wrap_line


class TextScreen(ExportableScreen):
    """Lines of text, closed by any key that goes back."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,backspace,q,y,E,question_mark,h,left", "leave", "back", show=False),
    ]

    def __init__(self, heading: str, note: str, lines: Sequence[Line], *, plain: bool, accent: str = "") -> None:
        super().__init__()
        self._heading, self._note, self._lines, self._plain = heading, note, lines, plain
        self._accent = accent

    def compose(self) -> ComposeResult:
        """Yield the lines."""
        yield Lines(plain=self._plain, id="text")

    def on_mount(self) -> None:
        """Show the title, and focus the text."""
        text = self.query_one(Lines)
        text.accent = self._accent
        text.set_title(self._heading, f"{self._note}   {EXPORT_HINT}")
        text.focus()

    def on_resize(self, event: events.Resize) -> None:
        """Wrap lines that are too long for the window."""
        self.query_one(Lines).show([part for line in self._lines for part in wrap_line(line, event.size.width - 1)])

    @property
    def export_text(self) -> str:
        """All lines as text."""
        return "".join(f"{''.join(text for text, _ in line.pieces).rstrip()}\n" for line in self._lines)

    def show_message(self, text: str) -> None:
        """Show a message beside the title."""
        self.query_one(Lines).set_title(cut(self._heading, SHORT_TITLE_CELLS), text)

    def on_virtual_list_cancelled(self) -> None:
        """Close the screen."""
        self.action_leave()

    def action_leave(self) -> None:
        """Close the screen."""
        self.dismiss()
