"""Where `--watch` shows its snapshots: redrawn on a terminal, a line for each change in a pipe."""

import os
import sys

from drtui.cli.context import Context
from drtui.cli.watch.snapshots import Fact, Snapshot
from drtui.core.formatting.durations import format_age
from drtui.core.formatting.text import cut
from drtui.core.formatting.times import format_iso, to_zone

ERASE_LINE, ERASE_BELOW, HOME = "\x1b[K", "\x1b[J", "\x1b[H"


class Redrawing:
    """Redraws the answer in place: one write, line over line, so that nothing flickers. What is above it stays.

    Args:
        interval: milliseconds between two refreshes.
    """

    def __init__(self, interval: int) -> None:
        self._interval = interval
        self._drawn = 0
        """Number of lines to go back to the first one."""
        self._size = (0, 0)
        self._last: Snapshot | None = None
        self._fails_since = ""

    def show(self, snapshot: Snapshot, context: Context) -> None:
        """Draw a snapshot over the last one."""
        try:
            columns, rows = os.get_terminal_size(sys.stdout.fileno())
        except (OSError, ValueError):
            columns, rows = 80, 24
        text = snapshot.text or (self._last.text if self._last is not None else "")
        if snapshot.text:
            self._last = snapshot
        lines = [self._head(snapshot, context), "", *text.splitlines()]
        if len(lines) > rows - 1:
            hidden = len(lines) - rows + 2
            lines = [*lines[: rows - 2], f"{hidden} more lines: enlarge the window, or use --filter or --limit"]
        start = "" if not self._drawn else "\r" + f"\x1b[{self._drawn}A"
        if self._drawn and self._size != (columns, rows):
            start = HOME + ERASE_BELOW  # the terminal has wrapped the lines anew
        body = "".join(f"{cut(line, columns - 1)}{ERASE_LINE}\n" for line in lines)
        sys.stdout.write(f"{start}{body}{ERASE_BELOW}")
        self._drawn, self._size = len(lines), (columns, rows)

    def _head(self, snapshot: Snapshot, context: Context) -> str:
        """Return the first line: when the site was asked, or since when it does not answer."""
        at = f"{to_zone(context.now, context.zone):%H:%M:%S}"
        place = context.target.location if context.target is not None else ""
        every = f"every {format_age(self._interval)}, ctrl+c ends"
        if not snapshot.failure:
            self._fails_since = ""
            return f"{place}, read {at}; {every}"
        self._fails_since = self._fails_since or at
        return f"NOT ANSWERING since {self._fails_since} ({place}): {snapshot.failure}; asked again {every}"


class ChangeLines:
    """Prints the first snapshot as a line, and then a line for each change."""

    def __init__(self) -> None:
        self._facts: dict[str, Fact] | None = None
        self._is_failing = False

    def show(self, snapshot: Snapshot, context: Context) -> None:
        """Print what changed since the last snapshot."""
        if bool(snapshot.failure) != self._is_failing:
            self._is_failing = bool(snapshot.failure)
            text = f"site stopped answering: {snapshot.failure}" if snapshot.failure else "site answers again"
            self._print(text, context)
        if not snapshot.text:
            return
        if self._facts is None:
            self._print(snapshot.summary, context)
        else:
            before = self._facts
            for name, fact in snapshot.facts.items():
                if name not in before:
                    self._print(f"{name}: new, {fact.text}", context)
                elif fact.state != before[name].state:
                    self._print(f"{name}: {fact.text} (was {before[name].state})", context)
            for name in before.keys() - snapshot.facts.keys():
                self._print(f"{name}: gone", context)
        self._facts = dict(snapshot.facts)

    def _print(self, text: str, context: Context) -> None:
        sys.stdout.write(f"{format_iso(context.now, context.zone)} {text}\n")
