"""The gantt of a restore point as lines of text: the same on the screen and in a pipe."""

from collections.abc import Iterator
from typing import NamedTuple

from drtui.core.formatting.display import View
from drtui.core.formatting.text import pad, width
from drtui.core.formatting.times import remaining
from drtui.core.listing.catalog import RestorePoint
from drtui.core.listing.details import Item, window
from drtui.core.model.site import DrSettings
from drtui.core.model.time_limit import limit_of
from drtui.core.summary.labels import mark_of_state
from drtui.core.timeline.gantt import Bar, Gantt, exact, gantt

WIDEST_NAME = 26
"""Cells of a part's name, its symbol included."""

TIMES = 14
"""Cells of an offset, and of a duration."""


class Bars(NamedTuple):
    """A restore point in time."""

    drawn: tuple[Item, ...]
    """Lines to be shown as they are."""
    said: tuple[Item, ...]
    """Sentences."""


def bars(point: RestorePoint, settings: DrSettings | None, view: View, cells: int) -> Bars:
    """The parts of a restore point in time, drawn in lines of at most so many cells."""
    found = gantt(point, view.now)
    if found is None:
        return Bars((), (Item("its record says of nothing when it was captured", tone="warn"),))
    return Bars(tuple(_drawn(found, view, cells)), tuple(_said(found, point, settings)))


def _drawn(found: Gantt, view: View, cells: int) -> Iterator[Item]:
    """A line for each bar: its symbol and name, offset, duration, and the bar itself."""
    wide = min(WIDEST_NAME, 3 + max(width(bar.name) for bar in found.bars))
    room = max(0, cells - wide - 2 * TIMES - 4)
    scale = f"0{exact(found.length):>{room - 1}}" if room > 20 else ""
    yield Item(f"{'PART':<{wide}}{'OFFSET':>{TIMES}}{'TOOK':>{TIMES}}  {scale}".rstrip(), tone="header")
    for bar in found.bars:
        mark = mark_of_state(bar.status)
        name = pad(f"{mark.ascii if view.plain else mark.symbol:<3}{bar.name}", wide)
        offset = found.offset(bar)
        begins = "-" if offset is None else exact(offset)
        text = f"{name}{begins:>{TIMES}}{_took(bar):>{TIMES}}  {found.drawn(bar, room, plain=view.plain)}"
        yield Item(text.rstrip(), tone=mark.tone)


def _took(bar: Bar) -> str:
    if bar.took is not None:
        return exact(bar.took)
    return "going on" if bar.going else "not known"


def _said(found: Gantt, point: RestorePoint, settings: DrSettings | None) -> Iterator[Item]:
    """What the bars come to."""
    yield from (Item(each.text, tone="warn" if each.overlap > 0 else "") for each in found.meetings)
    yield from (Item(each.text, tone=each.tone) for each in window(point.backup))
    limit, assumed = limit_of(settings)
    took = point.backup.took
    if took is not None:
        yield Item(
            f"it took {took / limit:.0%} of the limit of {remaining(limit)}{' (the default)' if assumed else ''}"
        )
