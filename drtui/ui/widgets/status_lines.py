"""Lines that cannot be selected, such as key hints."""

import sys
import textwrap
from collections.abc import Iterable

from drtui.core.formatting.text import width
from drtui.ui.widgets.styled_lines import Line, Lines


class StatusLines(Lines, can_focus=False):
    """Lines without a title or cursor."""

    fixed_lines = 0

    DEFAULT_CSS = """
    StatusLines { height: 1; }
    """


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
