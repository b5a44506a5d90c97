"""Lines that cannot be selected: headline, folded panes, key hints."""

import sys
import textwrap
from collections.abc import Iterable

from drtui.core.formatting.display import StyledText
from drtui.core.formatting.text import width
from drtui.ui.widgets.styled_lines import Line, Lines, line


class StatusLines(Lines, can_focus=False):
    """Lines without a title or cursor."""

    fixed_lines = 0

    DEFAULT_CSS = """
    StatusLines { height: 1; }
    """


class Headline(StatusLines):
    """The most important findings, at the top of the screen."""

    DEFAULT_CSS = """
    Headline { height: auto; }
    """

    def show_statements(self, statements: tuple[StyledText, ...], max_lines: int) -> None:
        """Show as many statements, in order of importance, as fit into `max_lines`. Long ones take two lines."""
        cells = max(20, self.app.size.width - 2)
        lines: list[Line] = []
        for statement in statements:
            lines_left = max_lines - len(lines)
            if lines_left > 0:
                wrapped = wrap_text(statement.text, cells, min(2, lines_left))
                lines += [line(text, statement.tone) for text in wrapped]
        self.styles.height = len(lines)
        self.show(lines)


def wrap_text(text: str, cells: int, max_lines: int) -> list[str]:
    """Wrap text to at most `max_lines` lines. The last line may be too long; it is cut when drawn."""
    lines = textwrap.wrap(text, cells, break_long_words=False, break_on_hyphens=False) or [""]
    return lines if len(lines) <= max_lines else [*lines[: max_lines - 1], " ".join(lines[max_lines - 1 :])]


def build_hint_line(hints: Iterable[tuple[str, str]], cells: int = sys.maxsize) -> Line:
    """Return as many hints as fit into `cells` cells; a hint is a key and its label."""
    pieces: list[tuple[str, str]] = []
    for key, label in hints:
        cells -= width(f"{key} {label}   ")
        if cells < 0:
            break
        pieces += [(key, "strong"), (f" {label}   ", "muted")]
    return Line(tuple(pieces))
