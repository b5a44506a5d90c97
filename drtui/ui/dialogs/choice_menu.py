"""A few things to choose from, by a letter or by the cursor."""

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
    """One of them."""

    letter: str
    """None of those that move in a list."""
    label: str
    note: str = ""


class Chosen(NamedTuple):
    """What was chosen, and the other way in which it is wanted: its key, or empty for the usual way."""

    letter: str
    alternative: str = ""


class ChoiceMenu(Dialog[Chosen]):
    """A list in a box; `ways` are keys that choose what is under the cursor in another way, with what each does."""

    DEFAULT_CSS = "ChoiceMenu StatusLines { margin-top: 1; }"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,backspace,q", "leave", "back", show=False)]

    def __init__(
        self, heading: str, choices: Sequence[Choice], alternatives: Sequence[tuple[str, str]] = (), *, plain: bool
    ) -> None:
        super().__init__()
        self._heading, self._choices, self._alternatives, self._plain = heading, choices, dict(alternatives), plain

    def compose(self) -> ComposeResult:
        """What there is to choose from, and how."""
        with Vertical():
            yield Lines(plain=self._plain, id="choices")
            yield StatusLines(plain=self._plain, id="hint")

    def on_mount(self) -> None:
        """Show it."""
        listed = self.query_one("#choices", Lines)
        listed.styles.height = len(self._choices) + listed.fixed_lines
        listed.set_title(self._heading)
        longest = max(len(each.label) for each in self._choices)
        listed.show([_line(each, longest) for each in self._choices])
        listed.focus()
        hints = ["its letter or enter", *(f"{key} {does}" for key, does in self._alternatives.items()), "esc back"]
        self.query_one("#hint", StatusLines).show([line("   ".join(hints), "muted")])

    @on(VirtualList.Selected, "#choices")
    def _chosen(self) -> None:
        self._choose()

    def on_key(self, event: events.Key) -> None:
        """A letter chooses; a way chooses what is under the cursor."""
        if event.character in {each.letter for each in self._choices}:
            event.stop()
            self.dismiss(Chosen(event.character))
        elif event.character in self._alternatives:
            event.stop()
            self._choose(event.character)

    def _choose(self, alternative: str = "") -> None:
        self.dismiss(Chosen(str(self.query_one("#choices", Lines).key), alternative))

    def on_virtual_list_cancelled(self) -> None:
        """Leave it."""
        self.action_leave()


def _line(choice: Choice, longest: int) -> Line:
    return Line(
        ((f" {choice.letter}  ", "strong"), (f"{choice.label:<{longest}}  ", ""), (choice.note, "muted")), choice.letter
    )
