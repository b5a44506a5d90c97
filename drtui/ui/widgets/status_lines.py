"""Single lines that say something and cannot be entered: headline, folded panes, footer."""

import textwrap
from collections.abc import Iterable

from drtui.core.formatting.display import StyledText
from drtui.core.formatting.text import width
from drtui.keybindings import Command, display_key
from drtui.ui.widgets.styled_lines import Line, Lines, line


class StatusLines(Lines, can_focus=False):
    """Lines without a title."""

    fixed_lines = 0

    DEFAULT_CSS = """
    StatusLines { height: 1; }
    """


class Headline(StatusLines):
    """The answer that needs no key."""

    DEFAULT_CSS = """
    Headline { height: auto; }
    """

    def show_statements(self, statements: tuple[StyledText, ...], max_lines: int) -> None:
        """Show the most important statements in at most so many lines; a long one takes two, where there is room."""
        cells = max(20, self.app.size.width - 2)
        lines: list[Line] = []
        for each in statements:
            lines_left = max_lines - len(lines)
            if lines_left > 0:
                lines += [line(text, each.tone) for text in wrap_text(each.text, cells, min(2, lines_left))]
        self.styles.height = len(lines)
        self.show(lines)


def wrap_text(text: str, cells: int, max_lines: int) -> list[str]:
    """`text` in at most so many lines; where it still does not fit, the last one is cut when it is drawn."""
    lines = textwrap.wrap(text, cells, break_long_words=False, break_on_hyphens=False) or [""]
    return lines if len(lines) <= max_lines else [*lines[: max_lines - 1], " ".join(lines[max_lines - 1 :])]


class Footer(StatusLines):
    """The keys that help here, or what just happened."""

    def show_hints(self, commands: Iterable[Command]) -> None:
        """As many hints as have room, the most useful first."""
        cells = self.size.width - 2
        pieces: list[tuple[str, str]] = []
        for command in sorted((c for c in commands if c.rank < 99), key=lambda c: c.rank):
            key, label = display_key(command.keys[0]), f" {command.label}   "
            cells -= width(key + label)
            if cells < 0:
                break
            pieces += [(key, "strong"), (label, "muted")]
        self.show([Line(tuple(pieces))])

    def show_message(self, text: str, tone: str = "") -> None:
        """What just happened, until the next hint."""
        self.show([line(text, tone)])
