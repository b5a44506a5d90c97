"""A timeline for pipes: as a picture in characters, slot by slot in words, and whole for machines."""

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from drtui.core.analysis.assessment import Assessment
from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.text import plural
from drtui.core.formatting.times import format_full, format_minutes, zone_label
from drtui.core.listing.csv_values import Cell, csv_retention, csv_time, csv_word
from drtui.core.listing.rows import MissedRun
from drtui.core.schedules.upcoming_runs import MOST, UpcomingRun
from drtui.core.timeline.axis import TimeAxis, slot_text
from drtui.core.timeline.chart import axis_lines, join_marks, label_width, lane_label, legend_lines
from drtui.core.timeline.describe import describe_lane, event_label, event_name, event_text, event_time
from drtui.core.timeline.durations import Durations, duration_lines, measure_durations
from drtui.core.timeline.lanes import NOT_READ, Event, Lane
from drtui.core.timeline.retention_lane import RetentionLane
from drtui.core.timeline.timeline import Timeline, Track
from drtui.core.verdict.restore_points import RestorePoint
from drtui.output.formats import Row, Table, moment_object
from drtui.output.schedules import schedule_runs_object

MOST_TIMED = 60
"""Restore points of a lane, the newest, whose durations are told."""


class TimelineView(NamedTuple):
    """What is looked at: a site over time, and which slots."""

    judged: Assessment
    found: Timeline
    windows: tuple[TimeAxis, ...]
    """One below the other, where a line has no room for all."""

    @property
    def edges(self) -> tuple[int, ...]:
        """Of all slots; epoch ms."""
        return (*(start for window in self.windows for start in window.edges[:-1]), self.windows[-1].edges[-1])

    def durations(self, lane: Track) -> tuple[Durations, ...]:
        """How long the restore points of a lane took."""
        settings = self.judged.site_state.settings
        points = lane.points[-MOST_TIMED:] if isinstance(lane, Lane) else ()
        return measure_durations(points, settings.value if settings is not None else None)

    def slots(self, lane: Track) -> Iterator[tuple[int, int, tuple[Event, ...]]]:
        """Those that hold something: from when until when, and what."""
        return ((start, end, held) for start, end in pairwise(self.edges) if (held := lane.events_between(start, end)))


def as_picture(sight: TimelineView, view: DisplayContext, cells: int) -> str:
    """A line for each lane, a cell for each slot; then what is to be said of each."""
    lines = [*_titles(sight, view)]
    names = label_width(sight.found, cells)
    for window in sight.windows:
        lines += ["", *(f"{'':<{names}}{line}" for line in axis_lines(window, None, view))]
        for track in sight.found.tracks:
            marks = join_marks(track.marks(window.edges), plain=view.plain)
            lines.append(f"  {lane_label(track, names - 3)} {marks}")
    lines += ["", *legend_lines(cells, plain=view.plain)]
    for track in sight.found.tracks:
        lines += ["", *_told(track, view)]
        lines += [f"  {line}" for line in duration_lines(sight.durations(track), cells - 2, plain=view.plain)]
    return "".join(f"{line.rstrip()}\n" for line in lines)


def as_words(sight: TimelineView, view: DisplayContext) -> str:
    """The same without columns to be lined up: what is said of each lane, then every slot that holds something."""
    lines = [*_titles(sight, view)]
    zoom, zone = sight.windows[0].slot_length, sight.windows[0].zone
    for track in sight.found.tracks:
        lines += ["", *_told(track, view)]
        lines += [f"  {each.name}: {each.text}" for each in sight.durations(track)]
        for start, end, held in sight.slots(track):
            lines.append(f"  {slot_text(start, end, zoom, zone)}: {plural(len(held), 'entry', 'entries')}")
            lines += [f"    {event_text(event, view)}" for event in held]
    return "".join(f"{line}\n" for line in lines)


def _titles(sight: TimelineView, view: DisplayContext) -> Iterator[str]:
    """What is shown, and what is not."""
    first, last = (format_minutes(each, view.zone) for each in (sight.edges[0], sight.edges[-1]))
    zone = zone_label(view.now, view.zone)
    slot = sight.windows[0].slot_length.value
    yield f"{sight.judged.site_state.location}, a slot is one {slot}, from {first} to {last}, {zone}"
    yield f"now is {format_full(view.now, view.zone)}"
    if not sight.found.lanes:
        yield "no store is known"


def _told(track: Track, view: DisplayContext) -> Iterator[str]:
    yield track.name
    yield from (f"  {each.text}" for each in describe_lane(track, view))


def timeline_table(sight: TimelineView, view: DisplayContext) -> Table:
    """Everything in sight, a row each; for machines lane by lane, slot by slot."""
    columns = ("LANE", "FROM", "TO", "EVENT", "NAME", "TIME", "EXPIRES")
    texts = [
        (track.name, format_full(start, view.zone), format_full(end, view.zone), *_cells(event, view))
        for track in sight.found.tracks
        for start, end, held in sight.slots(track)
        for event in held
    ]
    cells = (
        (track.name, csv_time(start, view.zone), csv_time(end, view.zone), *_values(event, view))
        for track in sight.found.tracks
        for start, end, held in sight.slots(track)
        for event in held
    )
    besides: Row = {
        "zoom": sight.windows[0].slot_length.value,
        "from": moment_object(sight.edges[0], view.zone),
        "to": moment_object(sight.edges[-1], view.zone),
        "slot_count": len(sight.edges) - 1,
        "expires": _expires(sight, sight.found.expiries, view),
    }
    lanes = [_lane(sight, each, view) for each in sight.found.lanes]
    return Table("lanes", columns, texts, lanes, cells=cells, besides=besides)


def _cells(event: Event, view: DisplayContext) -> tuple[str, ...]:
    retention = event.backup.retention if isinstance(event, RestorePoint) else None
    expires = "never" if retention == -1 else format_full(retention, view.zone)
    return event_label(event).word, event_name(event), format_full(event_time(event), view.zone), expires


def _values(event: Event, view: DisplayContext) -> tuple[Cell, ...]:
    retention = event.backup.retention if isinstance(event, RestorePoint) else None
    sign, moment = csv_word(event_label(event).word), csv_time(event_time(event), view.zone)
    return sign, event_name(event), moment, csv_retention(retention, view.zone)


def _lane(sight: TimelineView, lane: Lane, view: DisplayContext) -> Row:
    """One lane for machines; a slot in which there is nothing is left out, and so are runs to come beyond `MOST`."""
    zone = view.zone
    return {
        "store": lane.store,
        "kind": lane.kind,
        "note": lane.note,
        "undated_count": lane.undated_count,
        "read_at": None if lane.read_at == NOT_READ else moment_object(lane.read_at, zone),
        "retention_ms": lane.retention,
        "retention_since": moment_object(lane.horizon, zone),
        "schedules": [schedule_runs_object(each, view) for each in lane.schedules],
        "description": [each.text for each in describe_lane(lane, view)],
        "durations": [_duration(each) for each in sight.durations(lane)],
        "slots": [
            {
                "from": moment_object(start, zone),
                "to": moment_object(end, zone),
                "event": event_label(held[0]).word,
                "restore_points": [_point(each, view) for each in held if isinstance(each, RestorePoint)],
                "missed": [_run(each, view) for each in held if isinstance(each, MissedRun) and not each.reason],
                "failed": [_failed(each, view) for each in held if isinstance(each, MissedRun) and each.reason],
                "expected": [_run(each, view) for each in held if isinstance(each, UpcomingRun)],
                "more_expected": sum(isinstance(each, UpcomingRun) for each in held) >= MOST,
            }
            for start, end, held in sight.slots(lane)
        ],
    }


def _point(each: RestorePoint, view: DisplayContext) -> Row:
    backup = each.backup
    return {
        "name": backup.name,
        "verdict": event_label(each).word,
        "started": moment_object(backup.start, view.zone),
        "duration_ms": backup.duration,
        "expires": "never" if backup.retention == -1 else moment_object(backup.retention, view.zone),
    }


def _run(each: MissedRun | UpcomingRun, view: DisplayContext) -> Row:
    return {"schedule": each.schedule.title, "due": moment_object(each.at, view.zone)}


def _failed(each: MissedRun, view: DisplayContext) -> Row:
    """Return a run that failed, and whose backup is no longer listed."""
    return {**_run(each, view), "reason": each.reason}


def _duration(found: Durations) -> Row:
    return {
        "part": found.name,
        "durations_ms": list(found.values),
        "longest_ms": found.longest,
        "timeout_ms": found.limit,
        "timeout_is_default": found.is_default_limit,
        "trend": None if found.trend is None else round(found.trend, 4),
    }


def _expires(sight: TimelineView, found: RetentionLane, view: DisplayContext) -> Row:
    """What may be cleaned up when, and what is left then if nothing new is made."""
    return {
        "last_usable": moment_object(found.last_usable_expiry, view.zone),
        "usable_never_expiring": found.unexpiring_count,
        "cleaner_paused": not found.is_cleaner_active,
        "slots": [
            {
                "from": moment_object(start, view.zone),
                "to": moment_object(end, view.zone),
                "usable_remaining": found.count_usable_at(end - 1),
                "restore_points": [{"store": each.backup.store, **_point(each, view)} for each in held],
            }
            for start, end, held in (
                (start, end, found.events_between(start, end)) for start, end in pairwise(sight.edges)
            )
            if held
        ],
    }
