"""The sentences of the headline below the first: each begins with its deciding word."""

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

from drtui.core.analysis.assessment import Assessment
from drtui.core.analysis.operation import EXPECTED_DURING_RESTORE, is_expected_during_restore
from drtui.core.formatting.durations import DAY, format_duration
from drtui.core.formatting.text import plural
from drtui.core.formatting.times import to_zone
from drtui.core.model.failure import Failure
from drtui.core.model.site import State, state_of
from drtui.core.model.site_clock import skew_text
from drtui.core.model.site_state import SiteState, Source
from drtui.core.schedules.failed_runs import Outcome
from drtui.core.schedules.schedule_runs import ScheduleRuns, ScheduleState
from drtui.core.summary.labels import read_only_text
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
from drtui.core.verdict.rules import Level

RECENT_PERIOD = 7 * DAY
"""Missed and failed runs older than this are omitted from the headline, but not from the list; milliseconds."""

FAILED_WORD = "FAILED"
"""Spelling of "failed", in capitals because the word decides the meaning of its sentence."""


class Sentence(NamedTuple):
    """A sentence of the headline."""

    text: str
    tone: str
    """`bad`, `warn`, `muted` or empty."""
    codes: tuple[str, ...] = ()
    """Codes of the findings of the health check that it stands for; the first one selects the advice."""
    short: str = ""
    """A shorter text for a narrow window; empty if there is none."""


TONES_WORST_FIRST = ("bad", "warn", "", "good", "muted")


def build_sentences(assessment: Assessment, zone: dt.tzinfo) -> tuple[Sentence, ...]:
    """Return all sentences but the one on the newest usable restore point, worst first."""
    runs, operation = tuple(_runs(assessment)), tuple(operation_sentences(assessment))
    is_over = assessment.operation is not None and bool(assessment.operation.is_finished)
    is_less_than_runs = is_over and not any("restore" in sentence.codes for sentence in operation)
    sentences = (
        *_connection(assessment.site_state),
        *(() if is_less_than_runs else operation),
        *_vanished(assessment),
        *runs,
        *(operation if is_less_than_runs else ()),  # the number of failed runs in a row says more
        *_unusable_completed(assessment),
        *_margins(assessment),
        *_default_stores(assessment),
        *_unread(assessment),
        *(_good_news(assessment, zone) if all(sentence.tone == "muted" for sentence in runs) else ()),
        *_other_release_stores(assessment),
    )
    return tuple(sorted(sentences, key=lambda sentence: TONES_WORST_FIRST.index(sentence.tone)))


def capitalise(text: str) -> str:
    """Return a text with a capital first letter, unless it begins with a host name or an address."""
    first_word = text.partition(" ")[0].rstrip(".:,")
    return text if set(".:/") & set(first_word) else f"{text[:1].upper()}{text[1:]}"


def _unread(assessment: Assessment) -> Iterator[Sentence]:
    """Yield the resources that could not be read, and what is therefore unknown."""
    site_state = assessment.site_state
    stores_failure = site_state.stores.failure if site_state.stores is not None else None
    known_code = stores_failure.code if stores_failure is not None else None  # it is in the first line
    failed = [
        (name, failure)
        for name, failure in site_state.failures
        if name not in OPTIONAL_RESOURCES and failure.code != known_code
    ]
    if failed:
        names, failures = zip(*failed, strict=True)
        reason = failures[0].server_message or failures[0].summary
        note = _restore_note(site_state, *failures)
        yield Sentence(f"Not read: {', '.join(names)} ({reason}){note}", "warn", ("unread",))
    if site_state.stores is not None and site_state.stores.source is Source.FILE:
        missing = [name for name in OPTIONAL_RESOURCES if getattr(site_state, name) is None]
        if missing:
            yield Sentence(f"Not in this file: {', '.join(missing)}", "muted", ("not-in-file",))
        return
    for resource in find_unread_resources(assessment):
        has_own_failure = resource.failure is not None and resource.failure.code != known_code
        if resource.resources[0] in OPTIONAL_RESOURCES and resource.failure is not None and has_own_failure:
            note = _restore_note(site_state, resource.failure)
            yield Sentence(f"{capitalise(resource.text)}{note}", "warn", (resource.code,))


def _restore_note(site_state: SiteState, *failures: Failure) -> str:
    """Return a note that failures are expected during a restore; empty unless all of them are."""
    is_expected = all(is_expected_during_restore(site_state, failure) for failure in failures)
    return f", {EXPECTED_DURING_RESTORE}" if is_expected else ""


def _connection(site_state: SiteState) -> Iterator[Sentence]:
    """Yield the read-only mode of the site, and a difference between the clocks."""
    if text := read_only_text(site_state):
        yield Sentence(capitalise(text), "warn", ("site-read-only",))
    if text := skew_text(site_state.clock_offset):
        yield Sentence(capitalise(text), "warn", ("clock-skew",))


def operation_sentences(assessment: Assessment) -> Iterator[Sentence]:
    """Yield a running operation, a last operation that did not simply succeed, or any restore."""
    operation = assessment.operation
    if operation is None:
        return
    is_good = operation.is_finished and operation.outcome is State.GOOD
    if is_good and not operation.is_restore and not operation.is_over_limit:
        return
    if not operation.status.backup and state_of(operation.status.state) is State.GOOD:
        return  # the status of release 10.9 names no backup to compare its record with (docs/api.md#status)
    tone = "bad" if operation.outcome is State.FAILED else "warn"
    codes = ("over-limit", "restore") if operation.is_over_limit else ("restore",) if operation.is_restore else ()
    yield Sentence(operation.text, tone, codes or ("operation",), operation.short_text)


def _vanished(assessment: Assessment) -> Iterator[Sentence]:
    """Yield the restore points that disappeared in the last 7 days, before their retention date."""
    vanished = assessment.site_state.history.early_deletions(assessment.now - RECENT_PERIOD)
    if vanished:
        points = plural(len(vanished), "restore point", "restore points")
        names = ", ".join(point.backup.name for point in vanished[:3]) + (", ..." if len(vanished) > 3 else "")
        yield Sentence(f"{points} VANISHED before the retention date: {names}", "bad", ("vanished",))


def _runs(assessment: Assessment) -> Iterator[Sentence]:
    """Yield schedules that do not run or whose runs failed, one line per schedule for any number of runs."""
    for schedule in assessment.schedules:
        if is_stopped(schedule):
            yield from _stopped_schedule(schedule, assessment.now)
        elif schedule.streak:
            text = f"{_latest_runs_text(schedule)}{_disagreement_text(schedule)}{source_text(schedule)}"
            yield Sentence(text, "bad", RUN_CODES)
        elif text := _recent_runs_text(schedule, assessment.now):
            yield Sentence(f"{text}{source_text(schedule)}", "warn", ("recent-run",))
        elif schedule.state is not ScheduleState.ACTIVE and schedule.task is not None:
            problem = _disagreement_text(schedule) or ": its state is unknown"
            yield Sentence(f'Schedule "{schedule.title}"{problem}', "warn", ("schedule-state", "schedule-unjudged"))
        elif schedule.unknown_reason and schedule.task is not None and assessment.site_state.is_complete:
            text = f'Missed runs unknown for schedule "{schedule.title}": {schedule.unknown_reason}'
            yield Sentence(text, "warn", ("schedule-unjudged",))
        if schedule.end_doubt:
            text = f'Unknown if schedule "{schedule.title}" has ended: {schedule.end_doubt}'
            yield Sentence(text, "warn", ("schedule-end-unknown",))


RUN_CODES = ("failed-run", "missed-run")


def _stopped_schedule(schedule: ScheduleRuns, now: int) -> Iterator[Sentence]:
    """Yield a line for a schedule that currently makes no backups."""
    text = capitalise(stopped_text(schedule, now, f'"{schedule.title}"'))
    codes: tuple[str, ...] = ("paused", "no-schedule", "schedule-not-begun", *RUN_CODES)
    if schedule.is_orphaned or schedule.state is ScheduleState.ENDED:
        codes = ("no-schedule", *RUN_CODES)
    if schedule.streak:
        yield Sentence(f"{text}: {run_count_text(schedule.streak, FAILED_WORD)}{source_text(schedule)}", "bad", codes)
    elif is_stop_a_problem(schedule):
        yield Sentence(f"{text}: {no_missed_runs_text(schedule)}", "warn", codes)
    elif schedule.state is ScheduleState.NOT_BEGUN:
        yield Sentence(text, "muted", ("schedule-not-begun",))


def _latest_runs_text(schedule: ScheduleRuns) -> str:
    """Return the result of the latest runs of a schedule, with the number or the deciding word first."""
    if any(run.outcome is Outcome.FAILED for run in schedule.streak):
        return capitalise(latest_runs_text(schedule, FAILED_WORD))
    count = len(schedule.streak)
    runs = f"Last run of {schedule.title}" if count == 1 else f"Last {count:,} runs of {schedule.title}"
    return f"{'At least the l' + runs[1:] if is_minimum_count(schedule) else runs} MISSED"


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


def _unusable_completed(assessment: Assessment) -> Iterator[Sentence]:
    """Yield restore points that are completed but not usable: a script that trusts the status may use one (rule R6)."""
    rpo = assessment.rpo
    if rpo.newest_usable is None and rpo.fallback is None:
        return
    for point in dict.fromkeys((rpo.pipeline_choice, rpo.newest_completed if rpo.has_different_completed else None)):
        if point is not None and not point.verdict.is_usable and point is not rpo.fallback:
            level = point.verdict.level
            word = "not known to be usable" if level is Level.CANNOT_TELL else level.word
            is_pipeline_choice = point is rpo.pipeline_choice
            wording = (
                "Esri's pipeline would restore {}, which is" if is_pipeline_choice else "{} is marked completed but"
            )
            text = f"{wording.format(point.backup.name)} {word}: {point.verdict.main.text}"
            yield Sentence(text, "warn", ("not-what-it-says",))


def _margins(assessment: Assessment) -> Iterator[Sentence]:
    """Yield limits that are nearly reached: retention, timeout and a paused cleaner (rules R29, R45, R46)."""
    rpo, now = assessment.rpo, assessment.now
    retention, timeout = rpo.retention, rpo.timeout
    following = retention.next_to_expire if retention is not None else None
    if retention is not None and retention.last_expiry is not None and rpo.is_expiring_soon(now):
        remaining = format_duration(retention.last_expiry - now)
        text = f"Last usable restore point expires in {remaining}"
        yield Sentence(text, "bad", ("expires-soon",))
    elif retention is not None and retention.is_newest_next and following is not None and rpo.usable_count > 1:
        remaining = format_duration((following.backup.retention or now) - now)
        yield Sentence(f"Newest usable restore point expires first, in {remaining}", "warn", ("expires-first",))
    if timeout is not None and timeout.is_near:
        limit = f"{format_duration(timeout.limit)}{' (default)' if timeout.is_limit_assumed else ''}"
        trend = "" if timeout.trend is None or timeout.trend < 1.05 else f", {timeout.trend - 1:.0%} longer than before"
        text = f"Near the time limit: backups take up to {timeout.share:.0%} of {limit}{trend}"
        yield Sentence(text, "warn", ("timeout-near",))
    if assessment.is_cleaner_paused:
        yield Sentence("Cleaner paused: expired backups are not deleted, and stores fill up", "warn", ("cleaner",))


def _default_stores(assessment: Assessment) -> Iterator[Sentence]:
    """Yield that there is no default store, or several (rule R17)."""
    defaults = assessment.rpo.default_stores
    if defaults is not None and not defaults:
        yield Sentence("No default store: a backup that names no store may fail", "warn", ("default-store",))
    elif defaults is not None and len(defaults) > 1:
        names = ", ".join(store.name for store in defaults)
        yield Sentence(f"Several default stores: {names}", "warn", ("default-store",))


def _good_news(assessment: Assessment, zone: dt.tzinfo) -> Iterator[Sentence]:
    """Yield what somebody would ask next and is fine."""
    runs = [run.at for schedule in assessment.schedules for run in schedule.runs]
    if runs and assessment.missed_count == 0:
        since = to_zone(min(runs), zone)
        yield Sentence(f"No run missed since {since.day} {since:%b}", "muted", ("no-missed-runs",))
    operation = assessment.operation
    if operation is not None and operation.status.is_backup and next(operation_sentences(assessment), None) is None:
        yield Sentence("Last backup OK", "muted", ("last-backup",))


def _other_release_stores(assessment: Assessment) -> Iterator[Sentence]:
    """Yield the stores that another release registered (rule R15)."""
    stores, release = assessment.rpo.other_release_stores, assessment.release
    if stores and release is not None:
        names = ", ".join(f"{store.name} ({store.created_by})" for store in stores)
        are_older = all(store.created_by is not None and store.created_by.line < release.line for store in stores)
        text = f"Stores registered by {'an older' if are_older else 'another'} release: {names}"
        yield Sentence(text, "muted", ("store-release",))
