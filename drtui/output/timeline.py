"""A timeline for pipes: as a picture in characters, slot by slot in words, and whole for machines."""

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from drtui.core.analysis.assessment import Judgement
from drtui.core.formatting.display import View
from drtui.core.formatting.text import count
from drtui.core.formatting.times import clock, stamp, zone_label
from drtui.core.listing.csv_values import Cell, until, when, word
from drtui.core.listing.rows import MissedRun
from drtui.core.schedules.upcoming_runs import MOST, Due
from drtui.core.timeline.axis import Window, slot_text
from drtui.core.timeline.chart import head, legend, name_cells, name_of, signs
from drtui.core.timeline.describe import about, mark_of_event, moment_of, text_of
from drtui.core.timeline.describe import name_of as event_name
from drtui.core.timeline.durations import Durations, as_lines, durations
from drtui.core.timeline.lanes import NOT_READ, Event, Lane
from drtui.core.timeline.retention_lane import Expiries
from drtui.core.timeline.timeline import Timeline, Track
from drtui.core.verdict.restore_points import RestorePoint
from drtui.output.formats import Row, Sheet, moment
from drtui.output.schedules import plan

MOST_TIMED = 60
"""Restore points of a lane, the newest, whose durations are told."""


class Sight(NamedTuple):
    """What is looked at: a site over time, and which slots."""

    judged: Judgement
    found: Timeline
    windows: tuple[Window, ...]
    """One below the other, where a line has no room for all."""

    @property
    def edges(self) -> tuple[int, ...]:
        """Of all slots; epoch ms."""
        return (*(start for window in self.windows for start in window.edges[:-1]), self.windows[-1].edges[-1])

    def durations(self, lane: Track) -> tuple[Durations, ...]:
        """How long the restore points of a lane took."""
        settings = self.judged.reading.settings
        points = lane.points[-MOST_TIMED:] if isinstance(lane, Lane) else ()
        return durations(points, settings.value if settings is not None else None)

    def slots(self, lane: Track) -> Iterator[tuple[int, int, tuple[Event, ...]]]:
        """Those that hold something: from when until when, and what."""
        return ((start, end, held) for start, end in pairwise(self.edges) if (held := lane.within(start, end)))


def as_picture(sight: Sight, view: View, cells: int) -> str:
    """A line for each lane, a cell for each slot; then what is to be said of each."""
    lines = [*_titles(sight, view)]
    names = name_cells(sight.found, cells)
    for window in sight.windows:
        lines += ["", *(f"{'':<{names}}{line}" for line in head(window, None, view))]
        for track in sight.found.tracks:
            marks = signs(track.marks(window.edges), plain=view.plain)
            lines.append(f"  {name_of(track, names - 3)} {marks}")
    lines += ["", *legend(cells, plain=view.plain)]
    for track in sight.found.tracks:
        lines += ["", *_told(track, view)]
        lines += [f"  {line}" for line in as_lines(sight.durations(track), cells - 2, plain=view.plain)]
    return "".join(f"{line.rstrip()}\n" for line in lines)


def as_words(sight: Sight, view: View) -> str:
    """The same without columns to be lined up: what is said of each lane, then every slot that holds something."""
    lines = [*_titles(sight, view)]
    zoom, zone = sight.windows[0].zoom, sight.windows[0].zone
    for track in sight.found.tracks:
        lines += ["", *_told(track, view)]
        lines += [f"  {each.name}: {each.text}" for each in sight.durations(track)]
        for start, end, held in sight.slots(track):
            lines.append(f"  {slot_text(start, end, zoom, zone)}: {count(len(held), 'entry', 'entries')}")
            lines += [f"    {text_of(event, view)}" for event in held]
    return "".join(f"{line}\n" for line in lines)


def _titles(sight: Sight, view: View) -> Iterator[str]:
    """What is shown, and what is not."""
    first, last = (clock(each, view.zone) for each in (sight.edges[0], sight.edges[-1]))
    zone = zone_label(view.now, view.zone)
    yield f"{sight.judged.reading.place}, a slot is one {sight.windows[0].zoom.value}, from {first} to {last}, {zone}"
    yield f"now is {stamp(view.now, view.zone)}"
    if not sight.found.lanes:
        yield "no store is known"


def _told(track: Track, view: View) -> Iterator[str]:
    yield track.name
    yield from (f"  {each.text}" for each in about(track, view))


def of_timeline(sight: Sight, view: View) -> Sheet:
    """Everything in sight, a row each; for machines lane by lane, slot by slot."""
    columns = ("LANE", "FROM", "TO", "SIGN", "NAME", "MOMENT", "EXPIRES")
    texts = [
        (track.name, stamp(start, view.zone), stamp(end, view.zone), *_cells(event, view))
        for track in sight.found.tracks
        for start, end, held in sight.slots(track)
        for event in held
    ]
    cells = (
        (track.name, when(start, view.zone), when(end, view.zone), *_values(event, view))
        for track in sight.found.tracks
        for start, end, held in sight.slots(track)
        for event in held
    )
    besides: Row = {
        "zoom": sight.windows[0].zoom.value,
        "from": moment(sight.edges[0], view.zone),
        "to": moment(sight.edges[-1], view.zone),
        "slots": len(sight.edges) - 1,
        "expires": _expires(sight, sight.found.expiries, view),
    }
    lanes = [_lane(sight, each, view) for each in sight.found.lanes]
    return Sheet("lanes", columns, texts, lanes, cells=cells, besides=besides)


def _cells(event: Event, view: View) -> tuple[str, ...]:
    retention = event.backup.retention if isinstance(event, RestorePoint) else None
    expires = "never" if retention == -1 else stamp(retention, view.zone)
    return mark_of_event(event).word, event_name(event), stamp(moment_of(event), view.zone), expires


def _values(event: Event, view: View) -> tuple[Cell, ...]:
    retention = event.backup.retention if isinstance(event, RestorePoint) else None
    sign, moment = word(mark_of_event(event).word), when(moment_of(event), view.zone)
    return sign, event_name(event), moment, until(retention, view.zone)


def _lane(sight: Sight, lane: Lane, view: View) -> Row:
    """One lane for machines; a slot in which there is nothing is left out, and so are runs to come beyond `MOST`."""
    zone = view.zone
    return {
        "store": lane.store,
        "kind": lane.kind,
        "note": lane.note,
        "undated": lane.undated,
        "read": None if lane.known == NOT_READ else moment(lane.known, zone),
        "kept_ms": lane.kept,
        "kept_since": moment(lane.horizon, zone),
        "schedules": [plan(each, view) for each in lane.plans],
        "said": [each.text for each in about(lane, view)],
        "durations": [_duration(each) for each in sight.durations(lane)],
        "slots": [
            {
                "from": moment(start, zone),
                "to": moment(end, zone),
                "sign": mark_of_event(held[0]).word,
                "restore_points": [_point(each, view) for each in held if isinstance(each, RestorePoint)],
                "missed": [_run(each, view) for each in held if isinstance(each, MissedRun) and not each.reason],
                "failed": [_failed(each, view) for each in held if isinstance(each, MissedRun) and each.reason],
                "expected": [_run(each, view) for each in held if isinstance(each, Due)],
                "more_expected": sum(isinstance(each, Due) for each in held) >= MOST,
            }
            for start, end, held in sight.slots(lane)
        ],
    }


def _point(each: RestorePoint, view: View) -> Row:
    backup = each.backup
    return {
        "name": backup.name,
        "verdict": mark_of_event(each).word,
        "started": moment(backup.start, view.zone),
        "took_ms": backup.took,
        "retention": "never" if backup.retention == -1 else moment(backup.retention, view.zone),
    }


def _run(each: MissedRun | Due, view: View) -> Row:
    return {"schedule": each.plan.title, "due": moment(each.at, view.zone)}


def _failed(each: MissedRun, view: View) -> Row:
    """Return a run that failed, and whose backup is no longer listed."""
    return {**_run(each, view), "reason": each.reason}


def _duration(found: Durations) -> Row:
    return {
        "part": found.name,
        "took_ms": list(found.took),
        "longest_ms": found.longest,
        "limit_ms": found.limit,
        "limit_assumed": found.assumed,
        "trend": None if found.factor is None else round(found.factor, 4),
    }


def _expires(sight: Sight, found: Expiries, view: View) -> Row:
    """What may be cleaned up when, and what is left then if nothing new is made."""
    return {
        "last_usable": moment(found.last, view.zone),
        "usable_without_end": found.staying,
        "cleaner_paused": not found.cleaned,
        "slots": [
            {
                "from": moment(start, view.zone),
                "to": moment(end, view.zone),
                "usable_left": found.left(end - 1),
                "restore_points": [{"store": each.backup.store, **_point(each, view)} for each in held],
            }
            for start, end, held in ((start, end, found.within(start, end)) for start, end in pairwise(sight.edges))
            if held
        ],
    }
