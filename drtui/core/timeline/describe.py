"""A timeline in words: what is to be said of a lane, of a slot, and of what is in it."""

from collections.abc import Iterator, Sequence

from drtui.core.formatting.display import Statement, View
from drtui.core.formatting.text import count
from drtui.core.formatting.times import MINUTE, age, clock, remaining, stamp, took
from drtui.core.listing.rows import MissedRun
from drtui.core.schedules.schedule_runs import Plan, Standing
from drtui.core.schedules.upcoming_runs import MOST, Due
from drtui.core.summary.labels import FAILED, Mark, expiry_of, mark_of
from drtui.core.summary.run_text import stop_text
from drtui.core.timeline.axis import Window, slot_text
from drtui.core.timeline.lanes import EXPECTED, MISSED_SIGN, NOT_READ, Event, Lane
from drtui.core.timeline.retention_lane import Expiries
from drtui.core.timeline.timeline import Track
from drtui.core.verdict.restore_points import RestorePoint


def about(track: Track, view: View) -> Iterator[Statement]:
    """What is to be said of a lane as a whole, the most serious first."""
    if isinstance(track, Expiries):
        yield from _about_expiries(track, view)
        return
    if track.known == NOT_READ:
        yield Statement(f"its list is not known: {track.note}", "bad")
    elif not track.points and not track.undated:
        yield Statement("no restore point", "warn" if track.plans else "muted")
    if track.undated:
        number = count(track.undated, "restore point", "restore points")
        yield Statement(f"{number} without a start: not shown here", "warn")
    missed = [run for run in track.missed if not run.reason]
    if missed:
        last = clock(missed[-1].at, view.zone)
        yield Statement(f"{count(len(missed), 'run', 'runs')} missed, the last of {last}", "bad")
    failed = tuple(_about_failed(track.plans, view))
    yield from (each for each in failed if each.tone == "bad")
    for plan in track.plans:
        yield from _about_plan(plan, view)
    yield from (each for each in failed if each.tone != "bad")
    if track.kept is not None and track.horizon is not None:
        since = clock(track.horizon, view.zone)
        if track.kept_by_schedule is not None:
            text = f"its schedule keeps about {remaining(track.kept)}"
        else:  # from the start of the newest one it may be up to a minute less than was asked for (RULES R43)
            text = f"the newest is kept about {remaining(track.kept + MINUTE)}"
        yield Statement(f"{text}, so back to {since}", "muted")


def _about_failed(plans: Sequence[Plan], view: View) -> Iterator[Statement]:
    """Yield how many runs of these schedules failed; the worse if the last run of one did."""
    failed = sorted((run for plan in plans for run in plan.failed), key=lambda run: run.at)
    if failed:
        last = f"the last of {clock(failed[-1].at, view.zone)} ({failed[-1].reason})"
        tone = "bad" if any(plan.failing for plan in plans) else "warn"
        yield Statement(f"{count(len(failed), 'run', 'runs')} failed, {last}", tone)


def _about_plan(plan: Plan, view: View) -> Iterator[Statement]:
    """Whether a schedule will run, and when."""
    if plan.trouble:
        yield Statement(f"runs of {plan.title} cannot be told: {plan.trouble}", "warn")
    if plan.doubt:
        yield Statement(f"not known if {plan.title} has ended: {plan.doubt}", "warn")
    if plan.orphaned:
        yield Statement(f"{stop_text(plan, view.now, plan.title)}: learned from names", "bad")
    elif plan.schedule is None:
        yield Statement(f"learned from names, {plan.learned}: runs to come are not known", "warn")
    elif plan.standing is Standing.ENDED:
        yield Statement(stop_text(plan, view.now, plan.title), "warn" if plan.replaced else "bad")
    elif plan.next is not None:
        yield Statement(f"next run of {plan.title} {stamp(plan.next, view.zone)}", "")
    elif plan.standing is not Standing.ACTIVE and not plan.doubt:
        yield Statement(f"{plan.title} will not run: {plan.standing.value}", "bad")


def _about_expiries(found: Expiries, view: View) -> Iterator[Statement]:
    """What is left if no new restore point is made."""
    if not found.cleaned:
        yield Statement("the cleaner is paused: nothing is cleaned up until it runs again", "warn")
    usable = count(found.left(view.now), "usable restore point", "usable restore points")
    if found.last is not None:
        yield Statement(f"without a new one the last of {usable} may be gone after {stamp(found.last, view.zone)}", "")
    elif found.staying:
        yield Statement(f"no end of retention is known of {found.staying:,} of {usable}", "")
    else:
        yield Statement("nothing usable that could expire", "warn")


def slot_name(window: Window) -> str:
    """What the slot under the cursor is called."""
    return slot_text(window.start, window.end, window.zoom, window.zone)


def nothing(track: Track, start: int, end: int, view: View) -> Iterator[Statement]:
    """What is said of a slot that is empty: what comes before and after it."""
    if isinstance(track, Lane) and track.known <= start <= view.now and track.known < view.now:
        read = "was never read" if track.known == NOT_READ else f"was read at {stamp(track.known, view.zone)}"
        yield Statement(f"Not known: the list {read}.", "warn")
    else:
        yield Statement("Nothing in this slot.", "")
    before, after = track.before(start), track.after(end)
    if before is not None:
        yield Statement(f"before it {stamp(before, view.zone)}, {age(start - before)} earlier", "muted")
    if after is not None:
        yield Statement(f"after it  {stamp(after, view.zone)}, {age(after - end)} later", "muted")


def held_text(track: Track, events: Sequence[Event], end: int) -> str:
    """How much there is in a slot that ends at `end` (epoch ms), by what it is."""
    if isinstance(track, Expiries):
        return f"{len(events):,} may be cleaned up, {track.left(end - 1):,} usable left" if events else ""
    points, runs, due = (sum(isinstance(each, kind) for each in events) for kind in (RestorePoint, MissedRun, Due))
    failed = sum(isinstance(each, MissedRun) and bool(each.reason) for each in events)
    missed = runs - failed
    texts = (
        count(points, "restore point", "restore points") if points else "",
        count(missed, "missed run", "missed runs") if missed else "",
        count(failed, "failed run", "failed runs") if failed else "",
        f"{MOST} runs to come or more" if due >= MOST else count(due, "run to come", "runs to come") if due else "",
    )
    return ", ".join(filter(None, texts))


def mark_of_event(event: Event) -> Mark:
    """The sign of what is in a slot, in as many letters as there is room for."""
    if isinstance(event, RestorePoint):
        return mark_of(event.verdict.level)
    if isinstance(event, MissedRun):
        return FAILED if event.reason else MISSED_SIGN
    return EXPECTED


def moment_of(event: Event) -> int | None:
    """When it started, or had to; epoch ms."""
    return event.backup.start if isinstance(event, RestorePoint) else event.at


def name_of(event: Event) -> str:
    """What it is called."""
    return event.backup.name or "(no name)" if isinstance(event, RestorePoint) else event.name


def text_of(event: Event, view: View) -> str:
    """All of it in one line."""
    mark, moment = mark_of_event(event), stamp(moment_of(event), view.zone)
    if not isinstance(event, RestorePoint):
        return f"{mark.text(plain=view.plain)}  {event.plan.title}, due {moment}"
    backup = event.backup
    times = f"started {moment}, took {took(backup.took)}, expires {expiry_of(backup, view.now)}"
    return f"{mark.text(plain=view.plain)}  {name_of(event)}  {times}"
