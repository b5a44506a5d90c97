"""The headline under the status line: the state in a word, the reason, the last 30 days, and what else is wrong."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from textual import events
from textual.message import Message

from drtui.core.formatting.display import StyledText
from drtui.core.formatting.text import cut, width
from drtui.core.summary.day_strip import DAY_MARKS, Day
from drtui.core.summary.headline import Headline
from drtui.core.summary.headline_sentences import Sentence
from drtui.ui.widgets.status_lines import StatusLines, wrap_text
from drtui.ui.widgets.styled_lines import Line, line

GAP = 3
"""Cells between the word and the sentence, and between two sentences."""

STRIP_WIDTH = 100
"""Window width, in cells, from which the strip of days is always shown; in a narrow one problems come first."""

STRIP_TITLE = "30 days  "

Piece = tuple[str, str]
"""A text and its tone."""


def build_headline_lines(
    headline: Headline, days: Sequence[Day], changes: Sequence[StyledText], cells: int, max_lines: int, *, plain: bool
) -> list[Line]:
    """Return the headline in exactly `max_lines` lines of `cells` cells, so that nothing below it moves.

    Args:
        headline: the headline of the site.
        days: the days of the strip, oldest first.
        changes: what is known of the changes that are followed here, or have just ended.
        cells: width in cells.
        max_lines: the number of lines; one at least.
        plain: True to use only ASCII symbols.
    """
    lines, age_is_shown = _first_lines(headline, cells, min(2, max_lines), plain=plain)
    others = list(headline.others)
    if headline.age is not None and not age_is_shown:
        others.insert(0, headline.age)
    for change in changes:
        room = max_lines - len(lines)
        if room > 0:
            lines += [line(text, change.tone) for text in wrap_text(change.text, cells, min(2, room))]
    if len(lines) < max_lines and headline.label is not None:
        has_problems = any(other.tone in {"bad", "warn", ""} for other in others)
        shown_days = days if cells + 2 >= STRIP_WIDTH or not has_problems else ()
        lines.append(_last_line(others, shown_days, cells, plain=plain))
    elif others and headline.label is not None:
        lines[-1] = _with_count(lines[-1], len(others), cells)
    return [*lines, *[line("")] * (max_lines - len(lines))]


def _with_count(last: Line, count: int, cells: int) -> Line:
    """Return a line with the number of sentences that are left out at its end, if there is room for it."""
    more = _more_text(count, cells)
    blank = cells - sum(width(text) for text, _ in last.pieces) - width(more)
    end = ((" " * blank, ""), (more[:-1], "muted"), (more[-1:], "strong"))
    return Line((*last.pieces, *end)) if blank >= GAP else last


def _first_lines(headline: Headline, cells: int, max_lines: int, *, plain: bool) -> tuple[list[Line], bool]:
    """Return the state with its reason, and True if they contain the age of the newest usable restore point.

    If there is not enough room, leave out the name, then the age, and then use a second line.
    """
    label = headline.label
    if label is None:
        return [line(headline.texts[0], "muted")], True
    state = (label.text(plain=plain), label.tone)
    indent = width(state[0]) + GAP
    room = max(20, cells - indent)
    for text in headline.texts:
        has_age = headline.age is None or text.endswith(headline.age.text)
        for name in (headline.name if has_age else "", ""):
            blank = room - width(text) - width(name)
            if blank >= (GAP if name else 0):
                end = ((" " * blank, ""), (name, "muted")) if name else ()
                pieces = (state, (" " * GAP, ""), (text, "strong"), *end)
                return [Line(pieces)], has_age
    first, *more = wrap_text(headline.texts[-1], room, max_lines)
    lines = [Line((state, (" " * GAP, ""), (first, "strong")))]
    return [*lines, *(Line(((" " * indent, ""), (text, "strong"))) for text in more)], headline.age is None


def _last_line(others: Sequence[Sentence], days: Sequence[Day], cells: int, *, plain: bool) -> Line:
    """Return the strip of days, as many sentences as fit, and the number of those left out."""
    pieces: list[Piece] = [(STRIP_TITLE, "muted"), *strip_pieces(days, plain=plain)] if days else []
    used = sum(width(text) for text, _ in pieces)
    shown = 0
    for position, other in enumerate(others):
        gap = GAP if pieces else 0
        left = len(others) - position - 1
        room = cells - used - gap - (GAP + width(_more_text(left, cells)) if left else 0)
        text = other.text if width(other.text) <= room else other.short or other.text
        is_cut = width(text) > room
        if is_cut:
            room = cells - used - gap - GAP - width(_more_text(left + 1, cells))
            if room < (MIN_NEXT_CELLS if shown else MIN_SENTENCE_CELLS):
                break
            text = cut(text, room)  # the deciding word comes first
        pieces += [(" " * gap, ""), (text, other.tone)]
        used += gap + width(text)
        if is_cut:
            break
        shown += 1
    if left := len(others) - shown:
        more = _more_text(left, cells)
        pieces += [(" " * max(GAP, cells - used - width(more)), ""), (more[:-1], "muted"), (more[-1:], "strong")]
    return Line(tuple(pieces))


MIN_SENTENCE_CELLS, MIN_NEXT_CELLS = 24, 48
"""Smallest widths of the first sentence and of a further one if they are cut, in cells."""


def _more_text(count: int, cells: int) -> str:
    return f"+{count} more: H" if cells + 2 >= STRIP_WIDTH else f"+{count}: H"


def strip_pieces(days: Sequence[Day], *, plain: bool) -> Iterator[Piece]:
    """Yield the symbols of the days, joined as long as their tone is the same."""
    marks = (DAY_MARKS[day.outcome] for day in days)
    for tone, group in groupby(marks, key=lambda mark: mark.tone):
        yield "".join(mark.ascii if plain else mark.symbol for mark in group), tone


class HeadlineLines(StatusLines):
    """The headline at the top of the main screen; a click opens it whole."""

    DEFAULT_CSS = """
    HeadlineLines { height: auto; }
    """

    class Opened(Message):
        """The headline was clicked."""

    def show_headline(
        self, headline: Headline, days: Sequence[Day], changes: Sequence[StyledText], max_lines: int
    ) -> None:
        """Show the headline in `max_lines` lines."""
        cells = max(20, self.app.size.width - 2)
        self.show_lines(build_headline_lines(headline, days, changes, cells, max_lines, plain=self.plain))

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Show lines in as much height as they need."""
        if self.styles.height is None or self.styles.height.value != len(lines):
            self.styles.height = len(lines)
        self.show(lines)

    def on_click(self, _: events.Click) -> None:
        """Ask for the whole headline."""
        self.post_message(self.Opened())
