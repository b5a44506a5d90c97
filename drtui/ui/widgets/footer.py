"""The last line of a screen: hints for keys, which can be clicked, or a message in their place."""

import time
from collections.abc import Callable, Iterable, Sequence

from textual import events

from drtui.core.formatting.text import width
from drtui.keybindings import display_key
from drtui.ui.widgets.status_lines import StatusLines
from drtui.ui.widgets.styled_lines import Line, line

WIDE_GAP_CELLS = 100
"""Window width, in cells, from which three blanks separate the hints instead of two."""
READING_TIME = 2.0
"""Seconds for which a message stays at least."""
MARK_CELLS = 1
"""Cells before the first hint, where other lines have their cursor."""

Hint = tuple[str, str]
"""A key by its name in Textual, and its label."""


def fit_hints(hints: Sequence[Hint], cells: int) -> list[Hint]:
    """Return as many hints as fit into `cells` cells, in order of rank; the last one has a reserved place."""
    gap = _gap(cells)
    *others, last = hints
    cells -= _hint_cells(last)
    fitting = list[Hint]()
    for hint in others:
        cells -= _hint_cells(hint) + gap
        if cells < 0:
            break
        fitting.append(hint)
    return [*fitting, last]


def _gap(cells: int) -> int:
    return 3 if cells >= WIDE_GAP_CELLS - MARK_CELLS else 2


def _hint_cells(hint: Hint) -> int:
    key, label = hint
    return width(f"{display_key(key)} {label}")


def _character(key: str) -> str | None:
    shown = display_key(key)
    return shown if len(shown) == 1 else None


class Footer(StatusLines):
    """Hints for the keys of what has the focus, the most useful first, or a message about what just happened.

    A message stays until a key is pressed after `READING_TIME`; one about a key that does nothing until the next key.
    """

    def __init__(
        self,
        *,
        plain: bool = False,
        id: str | None = None,  # noqa: A002 - the name is Textual's
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Create an empty footer; `clock` returns seconds."""
        super().__init__(plain=plain, id=id)
        self._clock = clock
        self._hints: Sequence[Hint] = ()
        self._shown_hints: Sequence[Hint] = ()
        self._expires: float | None = None
        """Time from which a key removes the message; None while hints are shown."""
        self._is_covered = False
        """True if a dialog has the keys."""

    def cover(self, *, is_covered: bool) -> None:
        """Hide the hints while a dialog has the keys: none of them can be used."""
        self._is_covered = is_covered
        if self._expires is None:
            self.show_hints()

    def set_hints(self, hints: Iterable[Hint]) -> None:
        """Set the hints, in order of rank; they are shown unless a message is."""
        former, self._hints = self._hints, tuple(hints)
        if self._expires is None and self._hints != former:
            self.show_hints()

    def show_hints(self) -> None:
        """Show as many hints as fit into the line."""
        self._expires = None
        cells, hints = self.size.width - MARK_CELLS, () if self._is_covered else self._hints
        self._shown_hints = fit_hints(hints, cells) if hints and cells > 0 else ()
        gap, pieces = " " * _gap(cells), list[tuple[str, str]]()
        for key, label in self._shown_hints:
            pieces += [(display_key(key), "strong"), (f" {label}{gap}", "muted")]
        if pieces:
            pieces[-1] = pieces[-1][0].rstrip(), "muted"
        self.show([Line(tuple(pieces))])

    def show_message(self, text: str, tone: str = "muted", *, is_brief: bool = False) -> None:
        """Show a message instead of the hints; a brief one until the next key."""
        self._shown_hints = ()
        self._expires = self._clock() + (0.0 if is_brief else READING_TIME)
        self.show([line(text, tone)])

    def remove_old_message(self) -> None:
        """Show the hints again if the message could be read; called for each key."""
        if self._expires is not None and self._clock() >= self._expires:
            self.show_hints()

    def on_resize(self) -> None:
        """Show as many hints as fit into the new width."""
        super().on_resize()
        if self._expires is None:
            self.show_hints()

    def on_click(self, event: events.Click) -> None:
        """Press the key of the clicked hint."""
        event.stop()
        start = MARK_CELLS
        for hint in self._shown_hints:
            end = start + _hint_cells(hint)
            if start <= event.x < end:
                self.app.post_message(events.Key(hint[0], _character(hint[0])))
                return
            start = end + _gap(self.size.width - MARK_CELLS)


class HasFooter:
    """A screen with a footer, in which it shows its messages."""

    footer: Footer

    def on_screen_suspend(self) -> None:
        """Hide the hints: another screen or a dialog has the keys."""
        self.footer.cover(is_covered=True)

    def on_screen_resume(self) -> None:
        """Show the hints again."""
        self.footer.cover(is_covered=False)

    def show_message(self, text: str) -> None:
        """Show a message in the footer until it could be read."""
        self.footer.show_message(text)

    def show_brief_message(self, text: str) -> None:
        """Show a message in the footer until the next key."""
        self.footer.show_message(text, is_brief=True)

    def remove_old_message(self) -> None:
        """Show the key hints again if the message could be read."""
        self.footer.remove_old_message()
