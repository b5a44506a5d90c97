"""Progress of a change on stderr: a bar on a terminal, one line for each change of stage in a pipe."""

import os
import shutil
from collections.abc import Callable
from typing import TextIO

from drtui.core.formatting.durations import format_age
from drtui.core.formatting.text import cut_middle
from drtui.core.operations.progress import Progress
from drtui.core.operations.progress_text import stage_text

BAR_CELLS = 20
"""The width of the bar, cells."""

POOR_TERMINALS = frozenset({"", "dumb", "unknown"})
"""Values of TERM without a line that can be written anew."""

CLEAR_LINE = "\r\x1b[K"


class ProgressPrinter:
    """Prints the progress of one change.

    Args:
        stream: standard error.
        plain: True for ASCII symbols.
        quiet: True to print nothing.
        width: returns the width of the terminal, cells.
    """

    def __init__(
        self, stream: TextIO, *, plain: bool, quiet: bool = False, width: Callable[[], int] | None = None
    ) -> None:
        self._stream, self._plain, self._quiet = stream, plain, quiet
        self._width = width or (lambda: shutil.get_terminal_size().columns)
        self._is_terminal = stream.isatty() and os.environ.get("TERM", "") not in POOR_TERMINALS
        self._has_bar = False
        self._last_stage = ""

    def show(self, progress: Progress) -> None:
        """Print the progress of a change that goes on."""
        if self._quiet or progress.outcome is not None:
            return
        if self._is_terminal:
            text = bar_line(progress, self._width() - 1, plain=self._plain)
            self._stream.write(f"{CLEAR_LINE}{text}")
            self._has_bar = True
        else:
            stage = stage_text(progress)
            if stage == self._last_stage:
                return
            self._last_stage = stage
            self._stream.write(f"drtui: {stage}; {duration_text(progress)}\n")
        self._stream.flush()

    def end(self) -> None:
        """Remove the bar, so that the next message begins a line."""
        if self._has_bar:
            self._stream.write(CLEAR_LINE)
            self._stream.flush()
            self._has_bar = False


def duration_text(progress: Progress) -> str:
    """Return the elapsed time and the usual duration."""
    usual = progress.submission.usual
    elapsed = f"{format_age(progress.elapsed)} elapsed"
    return elapsed if usual is None else f"{elapsed}, usually {format_age(usual)}"


def bar_line(progress: Progress, width: int, *, plain: bool) -> str:
    """Return the bar with stage and times in at most `width` cells."""
    done = len(progress.stages) and round(BAR_CELLS * progress.stages_done / len(progress.stages))
    full, empty = ("#", ".") if plain else ("\u2588", "\u2591")
    text = f"{stage_text(progress)}; {duration_text(progress)}"
    if width < BAR_CELLS + 20:
        return cut_middle(text, max(1, width))
    return f"{full * done}{empty * (BAR_CELLS - done)} {cut_middle(text, width - BAR_CELLS - 1)}"
