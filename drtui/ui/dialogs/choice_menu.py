"""A menu whose entries are chosen by a letter or with the cursor."""

from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical

from drtui.ui.dialogs.base import Dialog
from drtui.ui.widgets.status_lines import StatusLines
from drtui.ui.widgets.styled_lines import Line, Lines, line
from drtui.ui.widgets.virtual_list import VirtualList


class Choice(NamedTuple):
    """An entry of the menu."""

    letter: str
    """The key that chooses the entry; not a key that moves in a list."""
    label: str
    note: str = ""


class Chosen(NamedTuple):
    """The letter of the chosen entry, and the key of the alternative action; empty for the usual action."""

    letter: str
    alternative: str = ""


class ChoiceMenu(Dialog[Chosen]):
    """A menu in a box.

    `alternatives` are keys that choose the entry under the cursor for another action, with labels.
    """

    DEFAULT_CSS = "ChoiceMenu StatusLines { margin-top: 1; }"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,backspace,q", "leave", "back", show=False)]

    def __init__(
        self, heading: str, choices: Sequence[Choice], alternatives: Sequence[tuple[str, str]] = (), *, plain: bool
    ) -> None:
        super().__init__()
        self._choices, self._alternatives = choices, dict(alternatives)
        self._rows = Lines(heading, plain=plain, id="choices")
        self._hint = StatusLines(plain=plain, id="hint")

    def compose(self) -> ComposeResult:
        """Yield the entries, and the key hints."""
        with Vertical():
            yield self._rows
            yield self._hint

    def on_mount(self) -> None:
        """Show the entries, and focus them."""
        self._rows.styles.height = len(self._choices) + self._rows.fixed_lines
        longest = max(len(choice.label) for choice in self._choices)
        self._rows.show([_build_line(choice, longest) for choice in self._choices])
        self._rows.focus()
        hints = ["its letter or enter", *(f"{key} {label}" for key, label in self._alternatives.items()), "esc back"]
        self._hint.show([line("   ".join(hints), "muted")])

    @on(VirtualList.Selected, "#choices")
    def _chosen(self) -> None:
        self._choose()

    def on_key(self, event: events.Key) -> None:
        """Choose an entry by its letter, or the entry under the cursor by the key of an alternative."""
        if event.character in {choice.letter for choice in self._choices}:
            event.stop()
            self.dismiss(Chosen(event.character))
        elif event.character in self._alternatives:
            event.stop()
            self._choose(event.character)

    def _choose(self, alternative: str = "") -> None:
        self.dismiss(Chosen(str(self._rows.key), alternative))


def _build_line(choice: Choice, label_width: int) -> Line:
    return Line(
        ((f" {choice.letter}  ", "strong"), (f"{choice.label:<{label_width}}  ", ""), (choice.note, "muted")),
        choice.letter,
    )
