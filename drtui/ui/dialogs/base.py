"""Base class of dialogs: a box above the screen, with something to fill in or to choose."""

from typing import ClassVar, TypeVar

from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from drtui.ui.screens.closable import Closable

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
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "back", show=False)]
