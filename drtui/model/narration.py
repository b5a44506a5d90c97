"""A timeline in words: what is to be said of a lane, of a slot, and of what is in it."""

from collections.abc import Iterator

from drtui.model.cadence import Plan, Standing
from drtui.model.catalog import RestorePoint
from drtui.model.entries import MissedRun
from drtui.model.expiries import Expiries
from drtui.model.lanes import EXPECTED, MISSED_SIGN, NOT_READ, Event, Lane
from drtui.model.moment import age, clock, stamp, took
from drtui.model.slots import slot_text
from drtui.model.statement import Statement
from drtui.model.timeline import Timeline, Track
from drtui.model.view import View
from drtui.model.window import Window
from drtui.model.words import Mark, count, expiry_of, mark_of


def about(track: Track, view: View) -> Iterator[Statement]:
    """What is to be said of a lane as a whole, the most serious first."""
    if isinstance(track, Expiries):
        yield from _about_expiries(track, view)
        return
    if track.known == NOT_READ:
        yield Statement(f"its list is not known: {track.note}", "bad")
    elif not track.points:
        yield Statement("no restore point", "warn" if track.plans else "muted")
    if track.missed:
        last = clock(track.missed_at[-1], view.zone)
        yield Statement(f"{count(len(track.missed), 'run', 'runs')} missed, the last of {last}", "bad")
    for plan in track.plans:
        yield from _about_plan(plan, view)
    if track.kept is not None and track.horizon is not None:
        text = f"kept about {age(track.kept)}: what is from before {clock(track.horizon, view.zone)} may be cleaned up"
        yield Statement(text, "muted")


def _about_plan(plan: Plan, view: View) -> Iterator[Statement]:
    """Whether a schedule will run, and when."""
    if plan.trouble:
        yield Statement(f"runs of {plan.title} cannot be told: {plan.trouble}", "warn")
    if plan.schedule is None:
        yield Statement("learned from names, for the schedules cannot be read: runs to come are not known", "warn")
    elif plan.next is not None:
        yield Statement(f"next run of {plan.title} {stamp(plan.next, view.zone)}", "")
    elif plan.standing is not Standing.ACTIVE:
        yield Statement(f"{plan.title} will not run: {plan.standing.value}", "bad")


def _about_expiries(found: Expiries, view: View) -> Iterator[Statement]:
    """What is left if no new restore point is made."""
    usable = count(found.left(view.now), "usable restore point", "usable restore points")
    if found.last is not None:
        yield Statement(f"without a new one the last of {usable} may be gone after {stamp(found.last, view.zone)}", "")
    elif found.staying:
        yield Statement(f"{found.staying:,} of {usable} have no end of retention that is known", "")
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


def mark_of_event(event: Event) -> Mark:
    """The sign of what is in a slot, in as many letters as there is room for."""
    if isinstance(event, RestorePoint):
        return mark_of(event.verdict.level)
    return MISSED_SIGN if isinstance(event, MissedRun) else EXPECTED


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


def told(found: Timeline, window: Window) -> Iterator[tuple[Track, str, tuple[Event, ...]]]:
    """Every slot in sight that holds something, lane by lane: the lane, what the slot is called, and what is in it."""
    for track in found.tracks:
        for start, end in zip(window.edges, window.edges[1:], strict=False):
            if events := track.within(start, end):
                yield track, slot_text(start, end, window.zoom, window.zone), events
