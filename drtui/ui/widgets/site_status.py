"""The status line at the top of every screen: site, release, age of the data, and what can be changed."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from drtui.core.formatting.text import cut, cut_middle, width
from drtui.ui.widgets.status_lines import StatusLines
from drtui.ui.widgets.styled_lines import Line

Piece = tuple[str, str]
"""A text and its tone."""

GAP = 3
"""Cells between two badges."""

MIN_NAME_CELLS, MIN_PLACE_CELLS = 5, 16
"""Smallest width of a shortened name and of a shortened address, in cells."""


class SiteStatus(NamedTuple):
    """The content of the status line; badges are never cut as long as they fit alone."""

    name: str
    """Name of the profile; empty if there is none."""
    place: str
    """Host and context, file or scenario."""
    release: str = ""
    freshness: Piece = ("", "")
    zone: str = ""
    """Zone of the time in `freshness`; empty if it contains none."""
    changes: Piece = ("", "")
    """`READ-ONLY`, `CHANGES ON` or what makes the latter untrue."""
    warning: Piece = ("", "")
    """`TLS NOT VERIFIED`, or empty."""
    accent: str = ""
    """The accent colour of the site; empty if it has none."""


def make_other_status(name: str, place: str, accent: str) -> SiteStatus:
    """Return the status of a site that is not open."""
    return SiteStatus(name, place, changes=("NOT OPEN", "muted"), accent=accent)


def build_status_line(status: SiteStatus, cells: int) -> Line:
    """Return the status line in `cells` cells: site on the left, badges on the right.

    If there is not enough room, leave out the release and the zone, shorten the address, leave it out, shorten the
    name, and then shorten the badges; the warning about TLS is the last to go.
    """
    variants = list(_variants(status, cells))
    left, right = next((pair for pair in variants if _width(*pair) <= cells), variants[-1])
    blank = max(1, cells - _width(left, right) + GAP) if right else 0
    pieces = [*left, (" " * blank, ""), *right]
    room, fitted = cells, list[Piece]()
    for text, tone in pieces:
        part = cut(text, room)
        room -= width(part)
        fitted.append((part, tone))
    return Line(tuple(piece for piece in fitted if piece[0]))


def _width(left: Sequence[Piece], right: Sequence[Piece]) -> int:
    return sum(width(text) for text, _ in (*left, *right)) + (GAP if left and right else 0)


def _variants(status: SiteStatus, cells: int) -> Iterator[tuple[list[Piece], list[Piece]]]:
    """Yield the left and right pieces, from the most complete to the shortest."""
    badges = [status.freshness, status.warning, status.changes]
    zoned = [(f"{status.freshness[0]} {status.zone}".rstrip(), status.freshness[1]), *badges[1:]]
    name, place, release = status.name, status.place, status.release
    yield _left(status, name, place, release), _spread(zoned)
    yield _left(status, name, place, ""), _spread(zoned)
    yield _left(status, name, place, ""), _spread(badges)
    room = cells - _width(_left(status, name, "", ""), _spread(badges)) - (2 if name else GAP)
    if room >= MIN_PLACE_CELLS:
        yield _left(status, name, cut_middle(place, room), ""), _spread(badges)
    short_name = name or place
    yield _left(status, short_name, "", ""), _spread(badges)
    for right in (badges, badges[:2], [_shortened(badges[0]), *badges[1:]], [_shortened(badges[0]), badges[1]]):
        room = cells - _width([], _spread(right)) - GAP - 2
        yield _left(status, cut_middle(short_name, max(MIN_NAME_CELLS, room)), "", ""), _spread(right)


def _left(status: SiteStatus, name: str, place: str, release: str) -> list[Piece]:
    """Return name, address and release; whatever is first has the accent of the site."""
    accent = f"accent:{status.accent}" if status.accent else "strong"
    texts = [(text, tone) for text, tone in ((name, accent), (place, ""), (release, "muted")) if text]
    if texts:
        first = f" {texts[0][0]} " if status.accent else texts[0][0]
        texts[0] = (first, accent)
    return [piece for number, text in enumerate(texts) for piece in ((("  ", ""), text) if number else (text,))]


def _spread(badges: Sequence[Piece]) -> list[Piece]:
    """Return badges with gaps between them, without empty ones."""
    shown = [badge for badge in badges if badge[0]]
    return [piece for number, badge in enumerate(shown) for piece in (((" " * GAP, ""), badge) if number else (badge,))]


def _shortened(badge: Piece) -> Piece:
    """Return a badge without its time: `NOT REACHABLE`."""
    return badge[0].partition(" since ")[0], badge[1]


class StatusLine(StatusLines):
    """The status line of one screen."""

    def __init__(self, status: SiteStatus, *, plain: bool) -> None:
        super().__init__(plain=plain, id="status-line")
        self._status = status

    def show_status(self, status: SiteStatus) -> None:
        """Show a status; nothing is painted if it is the same as before."""
        if status != self._status or not self.lines:
            self._status = status
            self._lay_out()

    def on_resize(self) -> None:
        """Fit the line to the width of the window."""
        self._lay_out()

    def _lay_out(self) -> None:
        if self.size.width:
            self.show([build_status_line(self._status, self.size.width - 2)])
