"""A text that fills the window: help, the raw record, the last error."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from drtui.core.formatting.text import cut
from drtui.ui.screens.exportable import EXPORT_HINT, ExportableScreen
from drtui.ui.widgets.styled_lines import Line, Lines, wrap_line

SHORT_TITLE_CELLS = 20
"""Width of a title, in cells, beside a status message."""


class LinesScreen(ExportableScreen):
    """Base class of screens whose lines fill the window."""

    def __init__(self, heading: str, note: str, *, plain: bool, accent: str = "") -> None:
        super().__init__()
        self.rows = Lines(plain=plain, id="rows")
        self.rows.set_accent(accent)
        self.rows.set_title(heading, f"{note}   {EXPORT_HINT}")

    def compose(self) -> ComposeResult:
        """Yield the lines."""
        yield self.rows

    def on_mount(self) -> None:
        """Focus the lines."""
        self.rows.focus()

    def on_resize(self) -> None:
        """Lay out the lines for the size of the window."""
        self.rows.show(self.build_lines(self.size.width))

    def build_lines(self, width: int) -> Sequence[Line]:
        """Return the lines for a window of this width, in cells."""
        raise NotImplementedError

    def show_message(self, text: str) -> None:
        """Show a message beside the title."""
        self.rows.set_title(cut(self.rows.heading, SHORT_TITLE_CELLS), text)


class TextScreen(LinesScreen):
    """Lines of text, closed by any key that goes back."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,backspace,q,y,E,question_mark,h,left", "leave", "back", show=False),
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
    ) -> None:
        """Create the screen; `on_act` opens the menu of changes if the text is about what can be changed."""
        super().__init__(heading, note, plain=plain, accent=accent)
        self._lines, self._on_act = lines, on_act

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
