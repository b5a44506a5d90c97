"""Base classes of dialogs: a box above the screen, with something to fill in or to choose."""

from typing import ClassVar, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Label

from drtui.ui.screens.closable import Closable
from drtui.ui.widgets.text_input import TextInput

A = TypeVar("A")


class Dialog(ModalScreen[A | None], Closable[A | None]):
    """Asks for an answer; the result is None if the user cancels."""

    DEFAULT_CSS = """
    Dialog { align: center middle; }
    Dialog > Vertical { width: 76; max-width: 100%; height: auto; border: ascii $primary; padding: 0 1; }
    Dialog > Vertical { background: $surface; }
    Dialog Input { background: $foreground 10%; margin: 1 0; }
    Dialog:ansi Input { background: ansi_default; text-style: underline; }
    Dialog Label { width: 100%; height: auto; }
    Dialog #error { color: $text-error; text-style: bold; }
    Dialog Label#hint { color: $text-muted; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "leave", "back", show=False),
        Binding("f1", "app.help", "help", show=False),
    ]

    def show_error(self, error: Exception | str) -> None:
        """Show why the answer cannot be accepted."""
        self.query_one("#error", Label).update(str(error))


class QuestionDialog(Dialog[A]):
    """Asks for one line of text, filled in with a proposal."""

    def __init__(self, question: str, proposal: str, hint: str) -> None:
        super().__init__()
        self._question, self._proposal, self._hint = question, proposal, hint

    def compose(self) -> ComposeResult:
        """Yield the question, the input, the error and the key hints."""
        with Vertical():
            yield Label(self._question, markup=False)
            yield TextInput(self._proposal, compact=True)
            yield Label("", id="error", markup=False)
            yield Label(self._hint, id="hint", markup=False)
