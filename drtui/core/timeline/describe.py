"""A timeline in words: what is to be said of a lane, of a slot, and of what is in it."""

from collections.abc import Iterator, Sequence

from drtui.core.formatting.display import DisplayContext, StyledText
from drtui.core.formatting.text import plural
from drtui.core.formatting.times import MINUTE, format_age, format_duration, format_elapsed, format_full, format_minutes
from drtui.core.listing.rows import MissedRun
from drtui.core.schedules.schedule_runs import ScheduleRuns, ScheduleState
from drtui.core.schedules.upcoming_runs import MOST, UpcomingRun
from drtui.core.summary.labels import FAILED, StatusLabel, expiry_text, level_label
from drtui.core.summary.run_text import stop_text
from drtui.core.timeline.axis import TimeAxis, slot_text
from drtui.core.timeline.lanes import EXPECTED, MISSED_SIGN, NOT_READ, Event, Lane
from drtui.core.timeline.retention_lane import RetentionLane
from drtui.core.timeline.timeline import Track
from drtui.core.verdict.restore_points import RestorePoint


def describe_lane(track: Track, view: DisplayContext) -> Iterator[StyledText]:
    """What is to be said of a lane as a whole, the most serious first."""
    if isinstance(track, RetentionLane):
        yield from _about_expiries(track, view)
        return
    if track.read_at == NOT_READ:
        yield StyledText(f"its list is not known: {track.note}", "bad")
    elif not track.points and not track.undated_count:
        yield StyledText("no restore point", "warn" if track.plans else "muted")
    if track.undated_count:
        number = plural(track.undated_count, "restore point", "restore points")
        yield StyledText(f"{number} without a start: not shown here", "warn")
    missed = [run for run in track.missed if not run.reason]
    if missed:
        last = format_minutes(missed[-1].at, view.zone)
        yield StyledText(f"{plural(len(missed), 'run', 'runs')} missed, the last of {last}", "bad")
    failed = tuple(_about_failed(track.plans, view))
    yield from (each for each in failed if each.tone == "bad")
    for plan in track.plans:
        yield from _about_plan(plan, view)
    yield from (each for each in failed if each.tone != "bad")
    if track.retention is not None and track.horizon is not None:
        since = format_minutes(track.horizon, view.zone)
        if track.schedule_retention is not None:
            text = f"its schedule keeps about {format_duration(track.retention)}"
        else:  # from the start of the newest one it may be up to a minute less than was asked for (rule R43)
            text = f"the newest is kept about {format_duration(track.retention + MINUTE)}"
        yield StyledText(f"{text}, so back to {since}", "muted")


def _about_failed(plans: Sequence[ScheduleRuns], view: DisplayContext) -> Iterator[StyledText]:
    """Yield how many runs of these schedules failed; the worse if the last run of one did."""
    failed = sorted((run for plan in plans for run in plan.failed_runs), key=lambda run: run.at)
    if failed:
        last = f"the last of {format_minutes(failed[-1].at, view.zone)} ({failed[-1].reason})"
        tone = "bad" if any(plan.is_failing for plan in plans) else "warn"
        yield StyledText(f"{plural(len(failed), 'run', 'runs')} failed, {last}", tone)


def _about_plan(plan: ScheduleRuns, view: DisplayContext) -> Iterator[StyledText]:
    """Whether a schedule will run, and when."""
    if plan.unknown_reason:
        yield StyledText(f"runs of {plan.title} cannot be told: {plan.unknown_reason}", "warn")
    if plan.end_doubt:
        yield StyledText(f"not known if {plan.title} has ended: {plan.end_doubt}", "warn")
    if plan.is_orphaned:
        yield StyledText(f"{stop_text(plan, view.now, plan.title)}: learned from names", "bad")
    elif plan.task is None:
        yield StyledText(f"learned from names, {plan.learned_because}: runs to come are not known", "warn")
    elif plan.state is ScheduleState.ENDED:
        yield StyledText(stop_text(plan, view.now, plan.title), "warn" if plan.is_replaced else "bad")
    elif plan.next_run is not None:
        yield StyledText(f"next run of {plan.title} {format_full(plan.next_run, view.zone)}", "")
    elif plan.state is not ScheduleState.ACTIVE and not plan.end_doubt:
        yield StyledText(f"{plan.title} will not run: {plan.state.value}", "bad")


def _about_expiries(found: RetentionLane, view: DisplayContext) -> Iterator[StyledText]:
    """What is left if no new restore point is made."""
    if not found.is_cleaner_active:
        yield StyledText("the cleaner is paused: nothing is cleaned up until it runs again", "warn")
    usable = plural(found.count_usable_at(view.now), "usable restore point", "usable restore points")
    if found.last_usable_expiry is not None:
        last = format_full(found.last_usable_expiry, view.zone)
        yield StyledText(f"without a new one the last of {usable} may be gone after {last}", "")
    elif found.unexpiring_count:
        yield StyledText(f"no end of retention is known of {found.unexpiring_count:,} of {usable}", "")
    else:
        yield StyledText("nothing usable that could expire", "warn")


def slot_name(window: TimeAxis) -> str:
    """What the slot under the cursor is called."""
    return slot_text(window.cursor_start, window.cursor_end, window.slot_length, window.zone)


def describe_empty_slot(track: Track, start: int, end: int, view: DisplayContext) -> Iterator[StyledText]:
    """What is said of a slot that is empty: what comes before and after it."""
    if isinstance(track, Lane) and track.read_at <= start <= view.now and track.read_at < view.now:
        read = "was never read" if track.read_at == NOT_READ else f"was read at {format_full(track.read_at, view.zone)}"
        yield StyledText(f"Not known: the list {read}.", "warn")
    else:
        yield StyledText("Nothing in this slot.", "")
    before, after = track.last_event_before(start), track.next_event_from(end)
    if before is not None:
        yield StyledText(f"before it {format_full(before, view.zone)}, {format_age(start - before)} earlier", "muted")
    if after is not None:
        yield StyledText(f"after it  {format_full(after, view.zone)}, {format_age(after - end)} later", "muted")


def count_text(track: Track, events: Sequence[Event], end: int) -> str:
    """How much there is in a slot that ends at `end` (epoch ms), by what it is."""
    if isinstance(track, RetentionLane):
        return f"{len(events):,} may be cleaned up, {track.count_usable_at(end - 1):,} usable left" if events else ""
    points, runs, due = (
        sum(isinstance(each, kind) for each in events) for kind in (RestorePoint, MissedRun, UpcomingRun)
    )
    failed = sum(isinstance(each, MissedRun) and bool(each.reason) for each in events)
    missed = runs - failed
    texts = (
        plural(points, "restore point", "restore points") if points else "",
        plural(missed, "missed run", "missed runs") if missed else "",
        plural(failed, "failed run", "failed runs") if failed else "",
        f"{MOST} runs to come or more" if due >= MOST else plural(due, "run to come", "runs to come") if due else "",
    )
    return ", ".join(filter(None, texts))


def event_label(event: Event) -> StatusLabel:
    """The sign of what is in a slot, in as many letters as there is room for."""
    if isinstance(event, RestorePoint):
        return level_label(event.verdict.level)
    if isinstance(event, MissedRun):
        return FAILED if event.reason else MISSED_SIGN
    return EXPECTED


def event_time(event: Event) -> int | None:
    """When it started, or had to; epoch ms."""
    return event.backup.start if isinstance(event, RestorePoint) else event.at


def event_name(event: Event) -> str:
    """What it is called."""
    return event.backup.name or "(no name)" if isinstance(event, RestorePoint) else event.name


def event_text(event: Event, view: DisplayContext) -> str:
    """All of it in one line."""
    mark, moment = event_label(event), format_full(event_time(event), view.zone)
    if not isinstance(event, RestorePoint):
        return f"{mark.text(plain=view.plain)}  {event.schedule.title}, due {moment}"
    backup = event.backup
    times = f"started {moment}, took {format_elapsed(backup.duration)}, expires {expiry_text(backup, view.now)}"
    return f"{mark.text(plain=view.plain)}  {event_name(event)}  {times}"
