"""The headline: whether the site could be restored now, from which restore point, and the warnings."""

from collections.abc import Iterator

from drtui.core.analysis.assessment import Assessment
from drtui.core.analysis.operation import EXPECTED_DURING_RESTORE, is_expected_during_restore
from drtui.core.analysis.rpo import cannot_tell_text, lists_incomplete_reason
from drtui.core.formatting.display import StyledText
from drtui.core.formatting.durations import DAY, format_duration
from drtui.core.formatting.text import plural
from drtui.core.model.failure import Failure
from drtui.core.model.site import State, state_of
from drtui.core.model.site_clock import skew_text
from drtui.core.model.site_state import SiteState, Source, all_lists_known
from drtui.core.schedules.failed_runs import Outcome
from drtui.core.schedules.schedule_runs import ScheduleRuns, ScheduleState
from drtui.core.summary.labels import read_only_text
from drtui.core.summary.last_known import LastKnown, newest_usable_text, saved_prefix_text
from drtui.core.summary.run_text import (
    have_different_outcomes,
    is_minimum_count,
    is_stop_a_problem,
    is_stopped,
    latest_runs_text,
    no_missed_runs_text,
    outcome_text,
    run_count_text,
    source_text,
    stopped_text,
)
from drtui.core.summary.unread_resources import OPTIONAL_RESOURCES, find_unread_resources
from drtui.core.verdict.restore_points import start_time
from drtui.core.verdict.rules import Level

SIGNED_OUT_CODES = frozenset({"498", "499"})
"""Failure codes that a new sign-in resolves."""

RECENT_PERIOD = 7 * DAY
"""Missed and failed runs older than this are omitted from the headline, but not from the list; milliseconds."""

FAILED_WORD = "FAILED"
"""Spelling of "failed", in capitals because the word decides the meaning of its sentence."""


def build_headline(assessment: Assessment) -> tuple[StyledText, ...]:
    """Return the lines of the headline, most important first; never empty."""
    site_state = assessment.site_state
    if site_state.stores is None:
        return (StyledText(f"Asking {site_state.location} ...", "muted"),)
    if site_state.stores.failure is not None and site_state.stores.value is None:
        return tuple(_no_answer(assessment, site_state.stores.failure))
    return (_newest_usable(assessment), *_details(assessment))


def make_last_known(assessment: Assessment) -> LastKnown | None:
    """Return the values to save for the first line of the next start; None without a complete live answer."""
    site_state, rpo = assessment.site_state, assessment.rpo
    if site_state.listed_at is None or site_state.is_saved or not all_lists_known(site_state):
        return None
    if rpo.newest_usable is None:
        line = _nothing_usable(assessment)
        return LastKnown(site_state.location, site_state.listed_at, rpo.target, otherwise=line.text, tone=line.tone)
    newest = rpo.newest_usable.backup
    return LastKnown(site_state.location, site_state.listed_at, rpo.target, newest.name, newest.start or 0)


def _no_answer(assessment: Assessment, failure: Failure) -> Iterator[StyledText]:
    """Yield why the stores could not be read; during a restore a failure is expected and shown as a warning."""
    if is_expected_during_restore(assessment.site_state, failure):
        yield StyledText(f"Cannot tell, {EXPECTED_DURING_RESTORE}: {failure.summary}", "warn")
        yield from _operation(assessment)
    else:
        yield StyledText(f"Cannot tell: {failure.summary}", "bad")
        yield StyledText(f"{failure.cause} {failure.advice}".strip(), "warn")


def _newest_usable(assessment: Assessment) -> StyledText:
    """Return the newest usable restore point, or the reason why there is none; saved data is never good news."""
    site_state, rpo = assessment.site_state, assessment.rpo
    if rpo.newest_usable is None or rpo.age is None:
        line = _nothing_usable(assessment)
    else:
        text = newest_usable_text(rpo.age, rpo.target, rpo.newest_usable.backup.name)
        line = StyledText(text, "good" if rpo.is_met else "bad")
    if not site_state.is_saved or site_state.listed_at is None:
        return line
    is_fetching = not site_state.is_complete
    text = saved_prefix_text(line.text, site_state.listed_at, assessment.now, is_fetching=is_fetching)
    return StyledText(text, "warn" if line.tone == "good" else line.tone)


_FALLBACKS = {
    Level.DOUBTFUL: ("Only doubtful restore points", "warn"),
    Level.CANNOT_TELL: ("Not known to be restorable", "warn"),
    Level.EXPIRED: ("Only expired restore points", "bad"),
}
"""Text and tone if no restore point is usable, by the level of those that may still be restorable."""


def _nothing_usable(assessment: Assessment) -> StyledText:
    """Return the reason why no restore point is usable."""
    site_state, points, fallback = assessment.site_state, assessment.points, assessment.rpo.fallback
    is_complete = all_lists_known(site_state)
    if not points and not is_complete and not site_state.is_complete:
        return StyledText("Reading the restore points ...", "muted")
    if not is_complete:
        return StyledText(cannot_tell_text(lists_incomplete_reason(site_state)), "bad")
    if not points:
        return StyledText("Nothing restorable: there are no restore points", "bad")
    if fallback is not None:
        text, tone = _FALLBACKS[fallback.verdict.level]
        return StyledText(f"{text}, newest {fallback.backup.name}: {fallback.verdict.main.text}", tone)
    codes = ({reason.code for reason in point.verdict.reasons} for point in points)
    place = "on this release" if all("other-release" in point_codes for point_codes in codes) else "here"
    reason = max(points, key=start_time).verdict.main.text
    return StyledText(f"Nothing restorable {place}: {reason}", "bad")


def _details(assessment: Assessment) -> Iterator[StyledText]:
    """Yield the other lines of the headline, most important first."""
    yield from _connection(assessment.site_state)
    operation = assessment.operation
    is_over = operation is not None and bool(operation.is_finished) and not operation.is_restore
    if not is_over:
        yield from _operation(assessment)
    yield from _vanished(assessment)
    yield from _runs(assessment)
    if is_over:  # the number of failed runs in a row is more important than one failed backup
        yield from _operation(assessment)
    yield from _unusable_completed(assessment)
    yield from _margins(assessment)
    yield from _default_stores(assessment)
    unread = tuple(_unread(assessment))
    yield from unread
    if assessment.rpo.newest_usable is not None and not unread:
        yield StyledText(plural(len(assessment.points), "restore point", "restore points") + " in all stores", "muted")
    yield from _other_release_stores(assessment)


def _unread(assessment: Assessment) -> Iterator[StyledText]:
    """Yield the resources that could not be read, and what is therefore unknown."""
    site_state = assessment.site_state
    failed = [(name, failure) for name, failure in site_state.failures if name not in OPTIONAL_RESOURCES]
    if failed:
        names, failures = zip(*failed, strict=True)
        reason = failures[0].server_message or failures[0].summary
        note = _restore_note(site_state, *failures)
        yield StyledText(f"Could not be read{note}: {', '.join(names)} ({reason})", "warn")
    if site_state.stores is not None and site_state.stores.source is Source.FILE:
        missing = [name for name in OPTIONAL_RESOURCES if getattr(site_state, name) is None]
        if missing:
            yield StyledText(f"Not in this file, and unknown: {', '.join(missing)}", "muted")
        return
    for resource in find_unread_resources(assessment):
        if resource.resources[0] in OPTIONAL_RESOURCES and resource.failure is not None:
            note = _restore_note(site_state, resource.failure)
            yield StyledText(f"{resource.text[:1].upper()}{resource.text[1:]}{note}", "warn")


def _restore_note(site_state: SiteState, *failures: Failure) -> str:
    """Return a note that failures are expected during a restore; empty unless all of them are."""
    is_expected = all(is_expected_during_restore(site_state, failure) for failure in failures)
    return f", {EXPECTED_DURING_RESTORE}" if is_expected else ""


def _connection(site_state: SiteState) -> Iterator[StyledText]:
    """Yield a token that is no longer accepted, the read-only mode of the site, and a difference between the clocks."""
    stores = site_state.stores
    if stores is not None and stores.failure is not None and stores.failure.code in SIGNED_OUT_CODES:
        yield StyledText("The token has run out or is not accepted: o signs in again, and nothing here is lost", "bad")
    if text := read_only_text(site_state):
        yield StyledText(f"{text[:1].upper()}{text[1:]}", "warn")
    if text := skew_text(site_state.clock_offset):
        yield StyledText(text, "warn")


def _operation(assessment: Assessment) -> Iterator[StyledText]:
    """Yield a running operation, a last operation that did not simply succeed, or any restore."""
    operation = assessment.operation
    if operation is None:
        return
    is_good = operation.is_finished and operation.outcome is State.GOOD
    if is_good and not operation.is_restore and not operation.is_over_limit:
        return
    if not operation.status.backup and state_of(operation.status.state) is State.GOOD:
        return  # the status of release 10.9 names no backup to compare its record with (docs/api.md#status)
    yield StyledText(operation.text, "bad" if operation.outcome is State.FAILED else "warn")


def _vanished(assessment: Assessment) -> Iterator[StyledText]:
    """Yield the restore points that disappeared in the last 7 days, before their retention date."""
    vanished = assessment.site_state.history.early_deletions(assessment.now - RECENT_PERIOD)
    if vanished:
        points = plural(len(vanished), "restore point", "restore points")
        names = ", ".join(point.backup.name for point in vanished[:3]) + (", ..." if len(vanished) > 3 else "")
        yield StyledText(f"{points} vanished before the retention date in 7 days: {names}", "bad")


def _runs(assessment: Assessment) -> Iterator[StyledText]:
    """Yield schedules that do not run or whose runs failed, one line per schedule for any number of runs."""
    for schedule in assessment.schedules:
        if is_stopped(schedule):
            yield from _stopped_schedule(schedule, assessment.now)
        elif schedule.streak:
            text = f"{_latest_runs_text(schedule)}{_disagreement_text(schedule)}{source_text(schedule)}"
            yield StyledText(text, "bad")
        elif text := _recent_runs_text(schedule, assessment.now):
            yield StyledText(f"{text}{source_text(schedule)}", "warn")
        elif schedule.state is not ScheduleState.ACTIVE and schedule.task is not None:
            problem = _disagreement_text(schedule) or ": state unknown"
            yield StyledText(f"Schedule {schedule.title}{problem}", "warn")
        elif schedule.unknown_reason and schedule.task is not None and assessment.site_state.is_complete:
            yield StyledText(f"Runs of {schedule.title} unknown: {schedule.unknown_reason}", "warn")
        if schedule.end_doubt:
            yield StyledText(f'Not known if schedule "{schedule.title}" has ended: {schedule.end_doubt}', "warn")


def _stopped_schedule(schedule: ScheduleRuns, now: int) -> Iterator[StyledText]:
    """Yield a line for a schedule that currently makes no backups."""
    text = stopped_text(schedule, now, f'"{schedule.title}"')
    text = f"{text[:1].upper()}{text[1:]}"
    if schedule.streak:
        yield StyledText(f"{text}: {run_count_text(schedule.streak, FAILED_WORD)}{source_text(schedule)}", "bad")
    elif is_stop_a_problem(schedule):
        yield StyledText(f"{text}: {no_missed_runs_text(schedule)}", "warn")
    elif schedule.state is ScheduleState.NOT_BEGUN:
        yield StyledText(text, "muted")


def _latest_runs_text(schedule: ScheduleRuns) -> str:
    """Return the result of the latest runs of a schedule, with the number or the deciding word first."""
    if any(run.outcome is Outcome.FAILED for run in schedule.streak):
        text = latest_runs_text(schedule, FAILED_WORD)
        return f"{text[:1].upper()}{text[1:]}"
    runs = plural(len(schedule.streak), "run", "runs")
    return f"{'at least ' if is_minimum_count(schedule) else ''}{runs} of {schedule.title} missed up to now"


def _recent_runs_text(schedule: ScheduleRuns, now: int) -> str:
    """Return the runs of the last days without a usable backup, if the latest run left one; "" if none."""
    recent = [run for run in (*schedule.missed_runs, *schedule.failed_runs) if run.at > now - RECENT_PERIOD]
    if not recent:
        return ""
    subject = f"{plural(len(recent), 'run', 'runs')} of {schedule.title}"
    if have_different_outcomes(recent):
        return f"{subject} left no usable backup in 7 days: {outcome_text(recent)}"
    if recent[-1].outcome is Outcome.MISSED:
        return f"{subject} missed in 7 days"
    return f"{subject} failed in 7 days ({recent[-1].reason})"


def _disagreement_text(schedule: ScheduleRuns) -> str:
    return ": its two states disagree" if schedule.state is ScheduleState.DISAGREES else ""


def _unusable_completed(assessment: Assessment) -> Iterator[StyledText]:
    """Yield restore points that are completed but not usable: a script that trusts the status may use one (rule R6)."""
    rpo = assessment.rpo
    if rpo.newest_usable is None and rpo.fallback is None:
        return
    for point in dict.fromkeys((rpo.pipeline_choice, rpo.newest_completed if rpo.has_different_completed else None)):
        if point is not None and not point.verdict.is_usable and point is not rpo.fallback:
            wording = "A pipeline would take {}," if point is rpo.pipeline_choice else "{} says completed and is"
            word = point.verdict.level.word
            yield StyledText(f"{wording.format(point.backup.name)} {word}: {point.verdict.main.text}", "warn")


def _margins(assessment: Assessment) -> Iterator[StyledText]:
    """Yield limits that are nearly reached: retention, timeout and a paused cleaner (rules R29, R45, R46)."""
    rpo, now = assessment.rpo, assessment.now
    retention, timeout = rpo.retention, rpo.timeout
    following = retention.next_to_expire if retention is not None else None
    if retention is not None and retention.last_expiry is not None and rpo.is_expiring_soon(now):
        remaining = format_duration(retention.last_expiry - now)
        yield StyledText(f"All usable restore points expire within {remaining}", "bad")
    elif retention is not None and retention.is_newest_next and following is not None and rpo.usable_count > 1:
        remaining = format_duration((following.backup.retention or now) - now)
        yield StyledText(f"The newest usable restore point expires first, in {remaining}", "warn")
    if timeout is not None and timeout.is_near:
        limit = f"{format_duration(timeout.limit)}{' (default)' if timeout.is_limit_assumed else ''}"
        trend = "" if timeout.trend is None or timeout.trend < 1.05 else f", {timeout.trend - 1:.0%} longer than before"
        yield StyledText(f"Backups take up to {timeout.share:.0%} of the limit of {limit}{trend}", "warn")
    if assessment.is_cleaner_paused:
        yield StyledText("The cleaner is paused: nothing past its retention is removed", "warn")


def _default_stores(assessment: Assessment) -> Iterator[StyledText]:
    """Yield that there is no default store, or several (rule R17)."""
    defaults = assessment.rpo.default_stores
    if defaults is not None and not defaults:
        yield StyledText("No store is the default: a backup that names none may go nowhere", "warn")
    elif defaults is not None and len(defaults) > 1:
        yield StyledText(f"Several default stores: {', '.join(store.name for store in defaults)}", "warn")


def _other_release_stores(assessment: Assessment) -> Iterator[StyledText]:
    """Yield the stores that another release registered (rule R15)."""
    stores = assessment.rpo.other_release_stores
    if stores:
        names = ", ".join(f"{store.name} by {store.created_by}" for store in stores)
        yield StyledText(f"Registered by another release: {names}", "muted")
