"""The answer that needs no key: could we restore now, from what, how old is it, and what is about to go wrong."""

from collections.abc import Iterator

from drtui.core.analysis.assessment import Assessment
from drtui.core.analysis.operation import WHY, is_expected_during_restore
from drtui.core.analysis.rpo import cannot_tell_text, why_lists_incomplete
from drtui.core.formatting.display import StyledText
from drtui.core.formatting.text import plural
from drtui.core.formatting.times import DAY, format_duration
from drtui.core.model.failure import Failure
from drtui.core.model.site import State, state_of
from drtui.core.model.site_clock import skew_text
from drtui.core.model.site_state import SiteState, Source, all_lists_known
from drtui.core.schedules.failed_runs import Outcome
from drtui.core.schedules.schedule_runs import ScheduleRuns, ScheduleState
from drtui.core.summary.labels import level_label
from drtui.core.summary.last_known import LastKnown, newest_usable_text, saved_prefix_text
from drtui.core.summary.run_text import (
    count_text,
    idle_text,
    is_cut,
    is_missing,
    is_stopped,
    latest_text,
    source_text,
    stop_text,
)
from drtui.core.summary.unread_resources import COMPANIONS, unread_resources
from drtui.core.verdict.restore_points import RestorePoint
from drtui.core.verdict.verdict import Level

SIGNED_OUT = frozenset({"498", "499"})
"""Troubles that a new sign-in mends."""

RECENTLY = 7 * DAY
"""Missed and failed runs older than this are in the list, not in the headline; milliseconds."""

LOUD = "FAILED"
"""Spelling of the word that decides a sentence."""


def headline(judged: Assessment) -> tuple[StyledText, ...]:
    """What is known of the site's safety, most important first; never empty."""
    reading = judged.site_state
    if reading.stores is None:
        return (StyledText(f"Asking {reading.location} ...", "muted"),)
    if reading.stores.failure is not None and reading.stores.value is None:
        return tuple(_failed(judged, reading.stores.failure))
    return (*_as_saved(judged, tuple(_newest(judged))), *_besides(judged))


def last_known_of(judged: Assessment) -> LastKnown | None:
    """What is to be remembered of a look, to be said first the next time; None where it brought no answer."""
    reading, exposure = judged.site_state, judged.rpo
    if reading.listed_at is None or reading.is_saved or not all_lists_known(reading):
        return None
    if exposure.newest_usable is None:
        first = next(iter(_nothing(judged)))
        return LastKnown(reading.location, reading.listed_at, exposure.target, otherwise=first.text, tone=first.tone)
    newest = exposure.newest_usable.backup
    return LastKnown(reading.location, reading.listed_at, exposure.target, newest.name, newest.start or 0)


def _failed(judged: Assessment, trouble: Failure) -> Iterator[StyledText]:
    """Why nothing is known; while the site is being restored, that it will be."""
    if is_expected_during_restore(judged.site_state, trouble):
        yield StyledText(f"Cannot tell, {WHY}: {trouble.summary}", "warn")
        yield from _operation(judged)
    else:
        yield StyledText(f"Cannot tell: {trouble.summary}", "bad")
        yield StyledText(f"{trouble.cause} {trouble.advice}".strip(), "warn")


def _as_saved(judged: Assessment, newest: tuple[StyledText, ...]) -> Iterator[StyledText]:
    """The answer; where it rests on what was saved it begins by saying so, and is never good news."""
    reading = judged.site_state
    if not reading.is_saved or reading.listed_at is None:
        yield from newest
        return
    first, *others = newest
    tone = "warn" if first.tone == "good" else first.tone
    yield StyledText(saved_prefix_text(first.text, reading.listed_at, judged.now, asking=not reading.is_complete), tone)
    yield from others


def _newest(judged: Assessment) -> Iterator[StyledText]:
    """The newest usable restore point, or why there is none."""
    exposure = judged.rpo
    if exposure.newest_usable is None or exposure.age is None:
        yield from _nothing(judged)
        return
    text = newest_usable_text(exposure.age, exposure.target, exposure.newest_usable.backup.name)
    yield StyledText(text, "good" if exposure.is_met else "bad")


def _nothing(judged: Assessment) -> Iterator[StyledText]:
    """Why nothing can be restored, as far as that is known."""
    reading, points, newest = judged.site_state, judged.points, judged.totals.latest
    whole = all_lists_known(reading)
    if not points and not whole and not reading.is_complete:
        yield StyledText("Reading the restore points ...", "muted")
    elif not whole:
        yield StyledText(cannot_tell_text(why_lists_incomplete(reading)), "bad")
    elif newest is None:
        yield StyledText("Nothing restorable: there are no restore points", "bad")
    elif judged.rpo.fallback is not None:
        yield _fallback(judged.rpo.fallback)
    else:
        words = "Nothing restorable on this release" if _all_of_other_releases(judged) else "Nothing restorable here"
        yield StyledText(f"{words}: {newest.verdict.main.text}", "bad")


def _fallback(point: RestorePoint) -> StyledText:
    """Return that nothing is usable although something may restore, naming the newest that may."""
    name, reason = point.backup.name, point.verdict.main.text
    match point.verdict.level:
        case Level.DOUBTFUL:
            return StyledText(f"Only doubtful restore points, newest {name}: {reason}", "warn")
        case Level.CANNOT_TELL:
            return StyledText(f"Not known to be restorable, newest {name}: {reason}", "warn")
        case _:
            return StyledText(f"Only expired restore points, newest {name}: {reason}", "bad")


def _all_of_other_releases(judged: Assessment) -> bool:
    """Whether it is the release that stands against every one: the day after an upgrade."""
    return all("other-release" in {reason.code for reason in point.verdict.reasons} for point in judged.points)


def _besides(judged: Assessment) -> Iterator[StyledText]:
    """What else one has to know, in the order in which it matters."""
    yield from _signed_out(judged)
    yield from _clocks(judged)
    progress = judged.operation
    is_over = progress is not None and bool(progress.is_finished) and not progress.is_restore
    if not is_over:
        yield from _operation(judged)
    yield from _vanished(judged)
    yield from _runs(judged)
    if is_over:  # the failure of one backup is no news beside how many failed in a row
        yield from _operation(judged)
    yield from _naive(judged)
    yield from _runways(judged)
    yield from _defaults(judged)
    missing = tuple(_missing(judged))
    yield from missing
    if judged.rpo.newest_usable is not None and not missing:
        yield StyledText(plural(len(judged.points), "restore point", "restore points") + " in all stores", "muted")
    yield from _other_release(judged)


def _missing(judged: Assessment) -> Iterator[StyledText]:
    """Yield what could not be read, and what is unknown without it."""
    reading = judged.site_state
    failed = [(name, trouble) for name, trouble in reading.failures if name not in COMPANIONS]
    if failed:
        names = ", ".join(name for name, _ in failed)
        as_expected = _as_expected(reading, *(trouble for _, trouble in failed))
        yield StyledText(
            f"Could not be read{as_expected}: {names} ({failed[0][1].server_message or failed[0][1].summary})", "warn"
        )
    if reading.stores is not None and reading.stores.source is Source.FILE:
        absent = [name for name in COMPANIONS if getattr(reading, name) is None]
        if absent:
            yield StyledText(f"Not in this file, and unknown: {', '.join(absent)}", "muted")
        return
    for each in unread_resources(judged):
        if each.resources[0] in COMPANIONS and each.failure is not None:
            as_expected = _as_expected(reading, each.failure)
            yield StyledText(f"{each.text[:1].upper()}{each.text[1:]}{as_expected}", "warn")


def _as_expected(reading: SiteState, *troubles: Failure | None) -> str:
    """Return that failures are what a restore brings about; empty unless all of them are."""
    return (
        f", {WHY}" if all(each is not None and is_expected_during_restore(reading, each) for each in troubles) else ""
    )


def _signed_out(judged: Assessment) -> Iterator[StyledText]:
    """Why nothing new comes any more, and how to go on in place."""
    stores = judged.site_state.stores
    if stores is not None and stores.failure is not None and stores.failure.code in SIGNED_OUT:
        yield StyledText("The token has run out or is not accepted: o signs in again, and nothing here is lost", "bad")


def _clocks(judged: Assessment) -> Iterator[StyledText]:
    """Say that this machine and the site disagree about the time."""
    text = skew_text(judged.site_state.clock_offset)
    if text:
        yield StyledText(text, "warn")


def _operation(judged: Assessment) -> Iterator[StyledText]:
    """What goes on, and a last operation that was no plain success; a restore in any case."""
    found = judged.operation
    if found is None:
        return
    if found.is_finished and found.outcome is State.GOOD and not found.is_restore and not found.is_over_limit:
        return
    if not found.status.backup and state_of(found.status.state) is State.GOOD:
        return  # the status of 10.9 names no backup, so that no record can contradict it (docs/api.md#status)
    yield StyledText(found.text, "bad" if found.outcome is State.FAILED else "warn")


def _vanished(judged: Assessment) -> Iterator[StyledText]:
    """What somebody, or something, has removed before its time."""
    found = judged.site_state.history.early_deletions(judged.now - RECENTLY)
    if found:
        points = plural(len(found), "restore point", "restore points")
        names = ", ".join(each.backup.name for each in found[:3]) + (", ..." if len(found) > 3 else "")
        yield StyledText(f"{points} vanished before the retention date in 7 days: {names}", "bad")


def _runs(judged: Assessment) -> Iterator[StyledText]:
    """Yield schedules that do not run, or whose runs failed: each says so once, however many nights it did."""
    for plan in judged.schedules.schedules:
        if is_stopped(plan):
            yield from _stopped(plan, judged.now)
        elif plan.streak:
            yield StyledText(f"{_latest(plan)}{_why(plan)}{source_text(plan)}", "bad")
        elif recent := _recently(plan, judged.now):
            yield StyledText(f"{recent}{source_text(plan)}", "warn")
        elif plan.state is not ScheduleState.ACTIVE and plan.task is not None:
            yield StyledText(f"Schedule {plan.title}{_why(plan) or ': its state is not known'}", "warn")
        elif plan.unknown_reason and plan.task is not None and judged.site_state.is_complete:
            yield StyledText(f"Runs of {plan.title} cannot be told: {plan.unknown_reason}", "warn")
        if plan.end_doubt:
            yield StyledText(f'Not known if schedule "{plan.title}" has ended: {plan.end_doubt}', "warn")


def _stopped(plan: ScheduleRuns, now: int) -> Iterator[StyledText]:
    """Yield a schedule that makes no backups for now."""
    stop = stop_text(plan, now, f'"{plan.title}"')
    stop = f"{stop[:1].upper()}{stop[1:]}"
    if plan.streak:
        yield StyledText(f"{stop}: {count_text(plan.streak, LOUD)}{source_text(plan)}", "bad")
    elif is_missing(plan):
        yield StyledText(f"{stop}: {idle_text(plan)}", "warn")
    elif plan.state is ScheduleState.NOT_BEGUN:
        yield StyledText(stop, "muted")


def _latest(plan: ScheduleRuns) -> str:
    """Return what the latest runs of a schedule came to, beginning with the number or the word that decides."""
    if any(run.outcome is Outcome.FAILED for run in plan.streak):
        text = latest_text(plan, LOUD)
        return f"{text[:1].upper()}{text[1:]}"
    runs = plural(len(plan.streak), "run", "runs")
    return f"{'at least ' if is_cut(plan) else ''}{runs} of {plan.title} missed up to now"


def _recently(plan: ScheduleRuns, now: int) -> str:
    """Return which runs of the last days left no usable backup, though the latest one did; "" if none."""
    recent = [run for run in (*plan.missed_runs, *plan.failed_runs) if run.at > now - RECENTLY]
    missed = sum(run.outcome is Outcome.MISSED for run in recent)
    if not recent:
        return ""
    if missed == len(recent):
        return f"{plural(missed, 'run', 'runs')} of {plan.title} missed in 7 days"
    if not missed:
        return f"{plural(len(recent), 'run', 'runs')} of {plan.title} failed in 7 days ({recent[-1].reason})"
    counts = f"{len(recent) - missed:,} failed ({recent[-1].reason}), {missed:,} missed"
    return f"{len(recent):,} runs of {plan.title} left no usable backup in 7 days: {counts}"


def _why(plan: ScheduleRuns) -> str:
    return ": its two states disagree" if plan.state is ScheduleState.DISAGREES else ""


def _naive(judged: Assessment) -> Iterator[StyledText]:
    """What calls itself completed and is not usable: by a pipeline it may be taken for what it says (rule R6)."""
    found = judged.rpo
    if found.newest_usable is None and found.fallback is None:
        return
    for point in dict.fromkeys(
        (found.pipeline_choice, found.newest_completed if found.has_different_completed else None)
    ):
        if point is not None and not point.verdict.is_usable and point is not found.fallback:
            said = "A pipeline would take {}," if point is found.pipeline_choice else "{} says completed and is"
            word = level_label(point.verdict.level).word
            yield StyledText(f"{said.format(point.backup.name)} {word}: {point.verdict.main.text}", "warn")


def _runways(judged: Assessment) -> Iterator[StyledText]:
    """What runs out (rules R29, R45, R46)."""
    exposure, now = judged.rpo, judged.now
    expiry, timeout = exposure.retention, exposure.timeout
    if expiry is not None and expiry.last_expiry is not None and exposure.is_expiring_soon(now):
        yield StyledText(
            f"Without a new backup the last usable one may go in {format_duration(expiry.last_expiry - now)}", "bad"
        )
    elif (
        expiry is not None and expiry.is_newest_next and expiry.next_to_expire is not None and exposure.usable_count > 1
    ):
        left = format_duration((expiry.next_to_expire.backup.retention or now) - now)
        yield StyledText(f"The newest usable one expires before any other, in {left}", "warn")
    if timeout is not None and timeout.is_near:
        limit = f"{format_duration(timeout.limit)}{' (default)' if timeout.is_limit_assumed else ''}"
        trend = "" if timeout.trend is None or timeout.trend < 1.05 else f", {timeout.trend - 1:.0%} longer than before"
        yield StyledText(f"Backups take up to {timeout.share:.0%} of the limit of {limit}{trend}", "warn")
    if judged.schedules.is_cleaner_paused:
        yield StyledText("The cleaner is paused: nothing past its retention is removed", "warn")


def _defaults(judged: Assessment) -> Iterator[StyledText]:
    """Rule R17."""
    defaults = judged.rpo.default_stores
    if defaults is not None and not defaults:
        yield StyledText("No store is the default: a backup that names none may go nowhere", "warn")
    elif defaults is not None and len(defaults) > 1:
        yield StyledText(f"Several default stores: {', '.join(store.name for store in defaults)}", "warn")


def _other_release(judged: Assessment) -> Iterator[StyledText]:
    """Rule R15."""
    other = judged.rpo.other_release_stores
    if other:
        names = ", ".join(f"{store.name} by {store.created_by}" for store in other)
        yield StyledText(f"Registered by another release: {names}", "muted")
