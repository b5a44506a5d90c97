"""A timeline as a chart of characters, as sentences, as CSV and as JSON."""

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from drtui.core.analysis.assessment import Assessment
from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.text import plural
from drtui.core.formatting.times import format_full, format_minutes, zone_label
from drtui.core.listing.csv_values import csv_retention
from drtui.core.listing.rows import MissedRun
from drtui.core.model.backup import NEVER
from drtui.core.model.time_limit import time_limit
from drtui.core.schedules.upcoming_runs import MAX_RUNS, UpcomingRun
from drtui.core.timeline.axis import TimeAxis, slot_text
from drtui.core.timeline.chart import axis_lines, join_marks, lane_label, legend_lines, measure_label_width
from drtui.core.timeline.describe import describe_lane, event_label, event_name, event_text, event_time
from drtui.core.timeline.durations import WHOLE, Durations, duration_lines, measure_durations
from drtui.core.timeline.lanes import NOT_READ, Event, Lane
from drtui.core.timeline.retention_lane import RetentionLane
from drtui.core.timeline.slot_chart import SlotChart, build_slot_chart
from drtui.core.timeline.timeline import Timeline, Track
from drtui.core.verdict.restore_points import RestorePoint
from drtui.output.formats import Field, Row, Table, moment_object, retention_object, span_object
from drtui.output.schedules import schedule_runs_object

MAX_DURATIONS = 60
"""The number of restore points of a lane, the newest, whose durations are listed."""


class TimelineView(NamedTuple):
    """A timeline and the slots to print."""

    assessment: Assessment
    timeline: Timeline
    axes: tuple[TimeAxis, ...]
    """Axes to print below one another if one line is too short for all slots."""

    @property
    def edges(self) -> tuple[int, ...]:
        """The edges of all slots, epoch ms."""
        return (*(start for window in self.axes for start in window.edges[:-1]), self.axes[-1].edges[-1])

    def durations(self, lane: Track) -> tuple[Durations, ...]:
        """Return the durations of the restore points of a lane."""
        settings = self.assessment.site_state.settings
        points = lane.points[-MAX_DURATIONS:] if isinstance(lane, Lane) else ()
        return measure_durations(points, settings.value if settings is not None else None)

    def chart(self, lane: Track, axis: TimeAxis) -> SlotChart:
        """Return the durations in the slots of a lane, or the usable restore points that are left."""
        settings = self.assessment.site_state.settings
        limit, _ = time_limit(settings.value if settings is not None else None)
        return build_slot_chart(lane, axis.edges, axis.slot_length, limit)

    def slots(self, lane: Track) -> Iterator[tuple[int, int, tuple[Event, ...]]]:
        """Yield start, end and events of each slot that is not empty."""
        return (
            (start, end, events) for start, end in pairwise(self.edges) if (events := lane.events_between(start, end))
        )


def draw_timeline(timeline_view: TimelineView, view: DisplayContext, cells: int) -> str:
    """Return a chart with a line for each lane and a cell for each slot, then the description of each lane."""
    lines = [*_titles(timeline_view, view)]
    names = measure_label_width(timeline_view.timeline, cells)
    for window in timeline_view.axes:
        lines += ["", *(f"{'':<{names}}{line}" for line in axis_lines(window, None, view))]
        for track in timeline_view.timeline.tracks:
            marks = join_marks(track.marks(window.edges), plain=view.plain)
            lines.append(f"  {lane_label(track, names - 3)} {marks}")
    lines += ["", *legend_lines(cells, plain=view.plain)]
    for track in timeline_view.timeline.tracks:
        lines += ["", *_lane_text(track, view)]
        lines += [f"  {line}" for line in duration_lines(timeline_view.durations(track), cells - 2, plain=view.plain)]
    return "".join(f"{line.rstrip()}\n" for line in lines)


def describe_timeline(timeline_view: TimelineView, view: DisplayContext) -> str:
    """Return the description of each lane, then its slots with their events, without alignment."""
    lines = [*_titles(timeline_view, view)]
    zoom, zone = timeline_view.axes[0].slot_length, timeline_view.axes[0].zone
    for track in timeline_view.timeline.tracks:
        lines += ["", *_lane_text(track, view)]
        lines += [f"  {duration.name}: {duration.text}" for duration in timeline_view.durations(track)]
        for start, end, events in timeline_view.slots(track):
            lines.append(f"  {slot_text(start, end, zoom, zone)}: {plural(len(events), 'entry', 'entries')}")
            lines += [f"    {event_text(event, view)}" for event in events]
    return "".join(f"{line}\n" for line in lines)


def _titles(timeline_view: TimelineView, view: DisplayContext) -> Iterator[str]:
    """Yield site, slot length, period and the present moment."""
    first, last = (format_minutes(edge, view.zone) for edge in (timeline_view.edges[0], timeline_view.edges[-1]))
    zone = zone_label(view.now, view.zone)
    slot = timeline_view.axes[0].slot_length.value
    yield f"{timeline_view.assessment.site_state.location}, a slot is one {slot}, from {first} to {last}, {zone}"
    yield f"now is {format_full(view.now, view.zone)}"
    if not timeline_view.timeline.lanes:
        yield "no store is known"


def _lane_text(track: Track, view: DisplayContext) -> Iterator[str]:
    yield track.name
    yield from (f"  {sentence.text}" for sentence in describe_lane(track, view))


def timeline_table(timeline_view: TimelineView, view: DisplayContext) -> Table:
    """Return all events, one row each; JSON has lanes with slots."""
    columns = ("LANE", "FROM", "TO", "EVENT", "NAME", "TIME", "EXPIRES")
    rows = (
        _event_fields(track, start, end, event, view)
        for track in timeline_view.timeline.tracks
        for start, end, events in timeline_view.slots(track)
        for event in events
    )
    extra: Row = {
        "zoom": timeline_view.axes[0].slot_length.value,
        **span_object(timeline_view.edges[0], timeline_view.edges[-1], view.zone),
        "slot_count": len(timeline_view.edges) - 1,
        "expires": _expires(timeline_view, timeline_view.timeline.expiries, view),
    }
    lanes = [_lane(timeline_view, lane, view) for lane in timeline_view.timeline.lanes]
    return Table.from_fields("lanes", columns, rows, lanes)._replace(extra=extra)


def _event_fields(track: Track, start: int, end: int, event: Event, view: DisplayContext) -> tuple[Field, ...]:
    retention = event.backup.retention if isinstance(event, RestorePoint) else None
    expires = "never" if retention == NEVER else format_full(retention, view.zone)
    return (
        Field(track.name, track.name),
        Field.from_time(start, view.zone),
        Field.from_time(end, view.zone),
        Field.from_word(event_label(event).word),
        Field(event_name(event), event_name(event)),
        Field.from_time(event_time(event), view.zone),
        Field(expires, csv_retention(retention, view.zone)),
    )


def _lane(timeline_view: TimelineView, lane: Lane, view: DisplayContext) -> Row:
    """Return a lane as a JSON object, without empty slots and without runs beyond `MAX_RUNS` in a slot."""
    zone = view.zone
    return {
        "store": lane.store,
        "kind": lane.kind,
        "note": lane.note,
        "undated_count": lane.undated_count,
        "read_at": None if lane.read_at == NOT_READ else moment_object(lane.read_at, zone),
        "retention_ms": lane.retention,
        "retention_since": moment_object(lane.horizon, zone),
        "schedules": [schedule_runs_object(schedule, view) for schedule in lane.schedules],
        "description": [sentence.text for sentence in describe_lane(lane, view)],
        "durations": [_duration(duration) for duration in timeline_view.durations(lane)],
        "slots": [
            {
                **span_object(start, end, zone),
                "event": event_label(events[0]).word,
                "restore_points": [_point(event, view) for event in events if isinstance(event, RestorePoint)],
                "missed": [_run(event, view) for event in events if isinstance(event, MissedRun) and not event.reason],
                "failed": [_run(event, view) for event in events if isinstance(event, MissedRun) and event.reason],
                "expected": [_run(event, view) for event in events if isinstance(event, UpcomingRun)],
                "more_expected": sum(isinstance(event, UpcomingRun) for event in events) >= MAX_RUNS,
            }
            for start, end, events in timeline_view.slots(lane)
        ],
    }


def _point(point: RestorePoint, view: DisplayContext) -> Row:
    backup = point.backup
    return {
        "name": backup.name,
        "verdict": event_label(point).word,
        "started": moment_object(backup.start, view.zone),
        "duration_ms": backup.duration,
        "expires": retention_object(backup.retention, view.zone),
    }


def _run(run: MissedRun | UpcomingRun, view: DisplayContext) -> Row:
    """Return a run as a JSON object, with the reason if it failed and its backup is no longer listed."""
    reason = {"reason": run.reason} if isinstance(run, MissedRun) and run.reason else {}
    return {"schedule": run.schedule.title, "due": moment_object(run.at, view.zone), **reason}


def _duration(durations: Durations) -> Row:
    return {
        "part": "whole" if durations.name == WHOLE else durations.name,
        "durations_ms": list(durations.values),
        "longest_ms": durations.longest,
        "timeout_ms": durations.limit,
        "timeout_is_default": durations.is_default_limit,
        "trend": None if durations.trend is None else round(durations.trend, 4),
    }


def _expires(timeline_view: TimelineView, lane: RetentionLane, view: DisplayContext) -> Row:
    """Return expiries by slot as a JSON object, with the usable restore points left if no new ones are made."""
    return {
        "last_usable": moment_object(lane.last_usable_expiry, view.zone),
        "usable_never_expiring": lane.unexpiring_count,
        "cleaner_paused": not lane.is_cleaner_active,
        "slots": [
            {
                **span_object(start, end, view.zone),
                "usable_remaining": lane.count_usable_at(end - 1),
                "restore_points": [
                    {"store": event.backup.store, **_point(event, view)}
                    for event in events
                    if isinstance(event, RestorePoint)
                ],
            }
            for start, end, events in timeline_view.slots(lane)
        ],
    }
