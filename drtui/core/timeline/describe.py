"""Describe the lanes, slots and events of a timeline in words."""

from collections.abc import Iterator, Sequence

from drtui.core.formatting.display import DisplayContext, StyledText
from drtui.core.formatting.durations import MINUTE, format_age, format_duration, format_elapsed
from drtui.core.formatting.text import plural
from drtui.core.formatting.times import format_full, format_minutes
from drtui.core.listing.rows import MissedRun
from drtui.core.schedules.schedule_runs import ScheduleRuns, ScheduleState
from drtui.core.schedules.upcoming_runs import MAX_RUNS, UpcomingRun
from drtui.core.summary.labels import FAILED, StatusLabel, expiry_text, level_label
from drtui.core.summary.run_text import stopped_text
from drtui.core.timeline.axis import TimeAxis, slot_text
from drtui.core.timeline.lanes import EXPECTED_MARK, MISSED_MARK, NOT_READ, Event, Lane
from drtui.core.timeline.retention_lane import RetentionLane
from drtui.core.timeline.timeline import Track
from drtui.core.verdict.restore_points import RestorePoint


def describe_lane(track: Track, view: DisplayContext) -> Iterator[StyledText]:
    """Describe a lane, the most serious problem first."""
    if isinstance(track, RetentionLane):
        yield from _describe_expiries(track, view)
        return
    if track.read_at == NOT_READ:
        yield StyledText(f"list unknown: {track.note}", "bad")
    elif not track.points and not track.undated_count:
        yield StyledText("no restore point", "warn" if track.schedules else "muted")
    if track.undated_count:
        number = plural(track.undated_count, "restore point", "restore points")
        yield StyledText(f"{number} without a start: not shown here", "warn")
    missed = [run for run in track.missed_runs if not run.reason]
    if missed:
        last = format_minutes(missed[-1].at, view.zone)
        yield StyledText(f"{plural(len(missed), 'run', 'runs')} missed, the last of {last}", "bad")
    failed = tuple(_describe_failed_runs(track.schedules, view))
    yield from (sentence for sentence in failed if sentence.tone == "bad")
    for schedule in track.schedules:
        yield from _describe_schedule(schedule, view)
    yield from (sentence for sentence in failed if sentence.tone != "bad")
    if track.retention is not None and track.horizon is not None:
        since = format_minutes(track.horizon, view.zone)
        if track.schedule_retention is not None:
            text = f"retention {format_duration(track.retention)} (from the schedule)"
        else:  # retention counts from submission, up to a minute before the start of the newest (rule R43)
            text = f"retention about {format_duration(track.retention + MINUTE)} (from the newest restore point)"
        yield StyledText(f"{text}, back to {since}", "muted")


def _describe_failed_runs(schedules: Sequence[ScheduleRuns], view: DisplayContext) -> Iterator[StyledText]:
    """Yield the number of failed runs of schedules, with the tone "bad" if the last run of a schedule failed."""
    failed = sorted((run for schedule in schedules for run in schedule.failed_runs), key=lambda run: run.at)
    if failed:
        last = f"the last of {format_minutes(failed[-1].at, view.zone)} ({failed[-1].reason})"
        tone = "bad" if any(schedule.is_failing for schedule in schedules) else "warn"
        yield StyledText(f"{plural(len(failed), 'run', 'runs')} failed, {last}", tone)


def _describe_schedule(schedule: ScheduleRuns, view: DisplayContext) -> Iterator[StyledText]:
    """Yield the next run of a schedule, or the reason why it will not run or is unknown."""
    if schedule.unknown_reason:
        yield StyledText(f"runs of {schedule.title} unknown: {schedule.unknown_reason}", "warn")
    if schedule.end_doubt:
        yield StyledText(f"unknown whether {schedule.title} has ended: {schedule.end_doubt}", "warn")
    if schedule.is_orphaned:
        yield StyledText(f"{stopped_text(schedule, view.now, schedule.title)} (inferred from backup names)", "bad")
    elif schedule.task is None:
        yield StyledText(f"inferred from backup names ({schedule.learned_because}): coming runs unknown", "warn")
    elif schedule.state is ScheduleState.ENDED:
        yield StyledText(stopped_text(schedule, view.now, schedule.title), "warn" if schedule.is_replaced else "bad")
    elif schedule.next_run is not None:
        yield StyledText(f"next run of {schedule.title} {format_full(schedule.next_run, view.zone)}", "")
    elif schedule.state is not ScheduleState.ACTIVE and not schedule.end_doubt:
        yield StyledText(f"{schedule.title} will not run: {schedule.state.value}", "bad")


def _describe_expiries(lane: RetentionLane, view: DisplayContext) -> Iterator[StyledText]:
    """Describe the usable restore points left if no new one is made."""
    if not lane.is_cleaner_active:
        yield StyledText("retention cleaner PAUSED: nothing is deleted", "warn")
    usable = plural(lane.count_usable_at(view.now), "usable restore point", "usable restore points")
    if lane.last_usable_expiry is not None:
        last = format_full(lane.last_usable_expiry, view.zone)
        yield StyledText(f"without a new backup the last of {usable} expires {last}", "")
    elif lane.unexpiring_count:
        yield StyledText(f"{lane.unexpiring_count:,} of {usable} never expire, or their expiry is unknown", "")
    else:
        yield StyledText("no usable restore point", "warn")


def slot_name(axis: TimeAxis) -> str:
    """Return the name of the slot under the cursor."""
    return slot_text(axis.cursor_start, axis.cursor_end, axis.slot_length, axis.zone)


def describe_empty_slot(track: Track, start: int, end: int, view: DisplayContext) -> Iterator[StyledText]:
    """Describe an empty slot from `start` to `end` (epoch ms), and the nearest events before and after it."""
    if isinstance(track, Lane) and track.read_at <= start <= view.now and track.read_at < view.now:
        read = "was never read" if track.read_at == NOT_READ else f"was read at {format_full(track.read_at, view.zone)}"
        yield StyledText(f"Unknown: the list {read}.", "warn")
    else:
        yield StyledText("Nothing in this slot.", "")
    before, after = track.last_event_before(start), track.next_event_from(end)
    if before is not None:
        yield StyledText(f"previous {format_full(before, view.zone)}, {format_age(start - before)} earlier", "muted")
    if after is not None:
        yield StyledText(f"next     {format_full(after, view.zone)}, {format_age(after - end)} later", "muted")


def count_text(track: Track, events: Sequence[Event], end: int) -> str:
    """Return the number of events of each kind in a slot that ends at `end` (epoch ms)."""
    if isinstance(track, RetentionLane):
        return f"{len(events):,} expiring, {track.count_usable_at(end - 1):,} usable left" if events else ""
    points, runs, due = (
        sum(isinstance(event, kind) for event in events) for kind in (RestorePoint, MissedRun, UpcomingRun)
    )
    failed = sum(isinstance(event, MissedRun) and bool(event.reason) for event in events)
    counts = (
        (points, "restore point", "restore points"),
        (runs - failed, "missed run", "missed runs"),
        (failed, "failed run", "failed runs"),
        (due, "coming run", "coming runs"),
    )
    texts = [plural(*count) for count in counts if count[0]]
    if due >= MAX_RUNS:
        texts[-1] = f"{MAX_RUNS} coming runs or more"
    return ", ".join(texts)


def event_label(event: Event) -> StatusLabel:
    """Return the label of an event."""
    if isinstance(event, RestorePoint):
        return level_label(event.verdict.level)
    if isinstance(event, MissedRun):
        return FAILED if event.reason else MISSED_MARK
    return EXPECTED_MARK


def event_time(event: Event) -> int | None:
    """Return the start of a restore point or the due time of a run; epoch ms."""
    return event.backup.start if isinstance(event, RestorePoint) else event.at


def event_name(event: Event) -> str:
    """Return the name of an event."""
    return event.backup.name or "(no name)" if isinstance(event, RestorePoint) else event.name


def event_text(event: Event, view: DisplayContext) -> str:
    """Return an event with its times, in one line."""
    mark, moment = event_label(event), format_full(event_time(event), view.zone)
    if not isinstance(event, RestorePoint):
        return f"{mark.text(plain=view.plain)}  {event.schedule.title}, due {moment}"
    backup = event.backup
    times = f"started {moment}, took {format_elapsed(backup.duration)}, expires {expiry_text(backup, view.now)}"
    return f"{mark.text(plain=view.plain)}  {event_name(event)}  {times}"
