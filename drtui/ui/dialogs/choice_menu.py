"""A menu whose entries are chosen by a letter or with the cursor."""

from collections import Counter
from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical

from drtui.core.formatting.text import wrap_cells
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
    reason: str = ""
    """The reason why the entry cannot be chosen, with advice; empty if it can."""


class Chosen(NamedTuple):
    """The letter of the chosen entry, and the key of the alternative action; empty for the usual action."""

    letter: str
    alternative: str = ""


class ChoiceMenu(Dialog[Chosen]):
    """A menu in a box.

    `alternatives` are keys that choose the entry under the cursor for another action, with labels.
    """

    DEFAULT_CSS = """
    ChoiceMenu StatusLines { margin-top: 1; }
    ChoiceMenu #reason { display: none; margin-top: 0; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,backspace,q", "leave", "back", show=False)]

    def __init__(
        self, heading: str, choices: Sequence[Choice], alternatives: Sequence[tuple[str, str]] = (), *, plain: bool
    ) -> None:
        super().__init__()
        self._choices, self._alternatives = choices, dict(alternatives)
        reasons = Counter(choice.reason for choice in choices if choice.reason)
        self._common_reason = next((reason for reason, count in reasons.most_common(1) if count > 1), "")
        """The reason of most entries that cannot be chosen: shown once, below the entries."""
        self._rows = Lines(heading, plain=plain, id="choices")
        self._reason = StatusLines(plain=plain, id="reason")
        self._hint = StatusLines(plain=plain, id="hint")

    def compose(self) -> ComposeResult:
        """Yield the entries, and the key hints."""
        with Vertical():
            yield self._rows
            yield self._reason
            yield self._hint

    def on_mount(self) -> None:
        """Show the entries, and focus them."""
        self._rows.styles.height = len(self._choices) + self._rows.fixed_lines
        longest = max(len(choice.label) for choice in self._choices)
        self._rows.show([_build_line(choice, longest, self._common_reason) for choice in self._choices])
        self._rows.focus()
        hints = ["its letter or enter", *(f"{key} {label}" for key, label in self._alternatives.items()), "esc back"]
        self._hint.show([line("   ".join(hints), "muted")])

    @on(VirtualList.Highlighted, "#choices")
    def _show_reason_under_cursor(self) -> None:
        choice = self._find(str(self._rows.key))
        self._show_reason((choice.reason if choice is not None else "") or self._common_reason)

    def _show_reason(self, reason: str) -> None:
        """Show why an entry cannot be chosen; the room for it is there as soon as any entry needs it."""
        cells = max(20, self._rows.size.width - 2)
        longest = max((len(wrap_cells(choice.reason, cells)) for choice in self._choices if choice.reason), default=0)
        self._reason.styles.display = "block" if longest else "none"
        self._reason.styles.height = longest
        self._reason.show([line(text, "warn") for text in wrap_cells(reason, cells)] if reason else [])

    def _find(self, letter: str) -> Choice | None:
        return next((choice for choice in self._choices if choice.letter == letter), None)

    @on(VirtualList.Selected, "#choices")
    def _chosen(self) -> None:
        self._choose()

    def on_key(self, event: events.Key) -> None:
        """Choose an entry by its letter, or the entry under the cursor by the key of an alternative."""
        choice = self._find(event.character or "")
        if choice is not None:
            event.stop()
            self._rows.go_to(choice.letter)
            self._dismiss_with(choice)
        elif event.character in self._alternatives:
            event.stop()
            self._choose(event.character)

    def _choose(self, alternative: str = "") -> None:
        choice = self._find(str(self._rows.key))
        if choice is not None:
            self._dismiss_with(choice, alternative)

    def _dismiss_with(self, choice: Choice, alternative: str = "") -> None:
        """Close with an entry; if it cannot be chosen, show why instead."""
        if choice.reason:
            self._show_reason(choice.reason)
        else:
            self.dismiss(Chosen(choice.letter, alternative))


def _build_line(choice: Choice, label_width: int, common_reason: str) -> Line:
    """Return the line of an entry, with the reason why it cannot be chosen unless that is `common_reason`."""
    tone = "muted" if choice.reason else ""
    note = choice.reason if choice.reason and choice.reason != common_reason else choice.note
    pieces = (
        (f" {choice.letter}  ", tone or "strong"),
        (f"{choice.label:<{label_width}}  ", tone),
        (note, "muted"),
    )
    return Line(pieces, choice.letter)
