"""A few alternatives in one line, of which one is chosen."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from drtui.ui.widgets.styles import build_style


class ChoiceRow(Widget, can_focus=True):
    """Radio buttons side by side: left and right choose, enter goes to the next field."""

    DEFAULT_CSS = "ChoiceRow { height: 1; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,h", "step(-1)", "choice to the left", show=False),
        Binding("right,l,space", "step(1)", "choice to the right", show=False),
        Binding("enter", "app.focus_next", "next", show=False),
    ]

    @dataclass
    class Changed(Message):
        """Another alternative was chosen."""

        key: str

    def __init__(self, choices: Sequence[tuple[str, str]], chosen: str, *, id: str | None = None) -> None:  # noqa: A002 - the name is Textual's
        """Create the row; each choice is a key and its label."""
        super().__init__(id=id)
        self._choices, self.chosen = tuple(choices), chosen

    def choose(self, key: str) -> None:
        """Choose an alternative."""
        if key != self.chosen:
            self.chosen = key
            self.refresh()
            self.post_message(self.Changed(key))

    def action_step(self, by: int) -> None:
        """Choose the next alternative in a direction; there is none beyond the ends."""
        keys = [key for key, _ in self._choices]
        self.choose(keys[max(0, min(keys.index(self.chosen) + by, len(keys) - 1))])

    def on_click(self, event: events.Click) -> None:
        """Choose what was clicked."""
        end = 0
        for key, label in self._choices:
            end += len(_button(label, is_chosen=True)) + 2
            if event.x < end:
                self.choose(key)
                return

    def render_line(self, y: int) -> Strip:
        """Return the line: the chosen one is bold, and reversed while keys go to this row."""
        segments: list[Segment] = []
        for key, label in self._choices if y == 0 else ():
            is_chosen = key == self.chosen
            tone = ("cursor" if self.has_focus else "cursor-blur") if is_chosen else ""
            style = build_style(tone, self.rich_style, "", self.app)
            plain = build_style("", self.rich_style, "", self.app)
            segments += [Segment(_button(label, is_chosen=is_chosen), style), Segment("  ", plain)]
        return Strip(segments).adjust_cell_length(self.size.width, self.rich_style)


def _button(label: str, *, is_chosen: bool) -> str:
    return f"({'*' if is_chosen else ' '}) {label}"
