"""The health check: a pure function from an assessment, and the unread resources of its site, to findings.

Missing data is never reported as good: everything that could not be read or assessed yields a finding. Three rules
define the grades, and are tested:

* If a needed resource is unread (stores, the list of a store, the release; see `unread_resources`), the grade is
  UNKNOWN, whatever else is known.
* If the status, the settings or the schedules are unread, a finding says what is unknown, and the other findings
  define the grade. With `strict` every unknown is UNKNOWN. A check with unknowns never equals one without.
* Reading one of these resources never removes a warning, unless its content is good news about the subject of the
  warning. An empty task list, a paused schedule or a stuck status is not good news.
"""

import enum
from collections.abc import Iterable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from drtui.core.analysis.assessment import Assessment
from drtui.core.analysis.rpo import RpoStatus
from drtui.core.formatting.durations import DAY, format_age, format_duration
from drtui.core.model.backup import NEVER
from drtui.core.model.site import State, state_of
from drtui.core.model.site_clock import CRITICAL, skew_text
from drtui.core.model.site_state import Source
from drtui.core.schedules.failed_runs import Outcome
from drtui.core.schedules.schedule_runs import ScheduleRuns, ScheduleState
from drtui.core.summary.labels import read_only_text
from drtui.core.summary.run_text import (
    is_stop_a_problem,
    is_stopped,
    latest_runs_text,
    missed_since_text,
    no_missed_runs_text,
    run_count_text,
    source_text,
    stopped_text,
)
from drtui.core.summary.unread_resources import UnreadResource, find_unread_resources
from drtui.core.verdict.restore_points import RestorePoint
from drtui.core.verdict.rules import Level


class Grade(enum.IntEnum):
    """The states of the Nagios monitoring convention; the number is the exit code."""

    OK = 0
    WARNING = 1
    CRITICAL = 2
    UNKNOWN = 3


class Finding(Struct, frozen=True):
    """One result of the health check, with its grade."""

    grade: Grade
    code: str
    """Stable code, for machines."""
    text: str
    is_unknown: bool = False
    """True if the finding says what is unknown."""
    resources: tuple[str, ...] = ()
    """Unread resources: `stores`, `backups of NAME`, `site`, `status`, `settings`, `schedules`, `data`."""
    cause: str = ""
    """Stable cause, for machines: `403`, `dns`, `aged`, `not-read` and so on; empty if all was read."""


class Check(Struct, frozen=True):
    """The result of a health check: the grade and its findings."""

    grade: Grade
    findings: tuple[Finding, ...]
    """Worst first; never empty."""
    warn: int
    """Age of the newest usable restore point above which the grade is at least WARNING; milliseconds."""
    crit: int
    """Age of the newest usable restore point above which the grade is CRITICAL; milliseconds."""
    assessment: Assessment | None = None
    """None if there was no site state to assess."""
    is_known: bool = False
    """True if all needed resources were read, so that performance data exists."""
    as_of: int | None = None
    """The moment of the assessment of a file, epoch ms; None for a site."""

    @property
    def text(self) -> str:
        """All findings in one line."""
        return "; ".join(finding.text for finding in self.findings)


def check_health(
    assessment: Assessment,
    warn: int,
    crit: int,
    *,
    strict: bool = False,
    accept_files: bool = False,
    extra_findings: Iterable[Finding] = (),
) -> Check:
    """Return the health check of an assessment.

    Args:
        assessment: the assessment of the site.
        warn: age of the newest usable restore point above which the grade is at least WARNING, milliseconds.
        crit: age above which the grade is CRITICAL, milliseconds.
        strict: True to grade every unknown as UNKNOWN.
        accept_files: True to check a file as of the moment of the assessment; otherwise files are graded UNKNOWN.
        extra_findings: findings from elsewhere, for example about the history.
    """
    unread = find_unread_resources(assessment, accept_files=accept_files)
    is_known = not any(resource.is_needed for resource in unread)
    known_findings = (
        check_known_data(assessment, warn, crit) if is_known else (*_operation(assessment), *_clock_skew(assessment))
    )
    findings = [*known_findings, *_read_only_mode(assessment), *map(_unread_finding, unread), *extra_findings]
    if strict:
        findings = [replace(finding, grade=Grade.UNKNOWN) if finding.is_unknown else finding for finding in findings]
    findings.sort(key=lambda finding: -finding.grade)
    from_file = assessment.site_state.stores is not None and assessment.site_state.stores.source is Source.FILE
    as_of = assessment.now if from_file and accept_files else None
    return Check(findings[0].grade, tuple(findings), warn, crit, assessment, is_known, as_of)


def check_known_data(assessment: Assessment, warn: int, crit: int) -> tuple[Finding, ...]:
    """Return the findings from known data, worst first, as if the data were complete and current."""
    findings = (
        *_age(assessment.rpo, assessment.now, warn, crit),
        *_operation(assessment),
        *_vanished(assessment),
        *_runs(assessment),
        *_unknown_schedules(assessment),
        *_margins(assessment),
        *_clock_skew(assessment),
    )
    return tuple(sorted(findings, key=lambda finding: -finding.grade))


def make_unknown_check(text: str, warn: int = 0, crit: int = 0, code: str = "not-asked") -> Check:
    """Return an UNKNOWN check for a site that was not assessed, with `text` as its finding."""
    return Check(Grade.UNKNOWN, (Finding(Grade.UNKNOWN, code, text, is_unknown=True),), warn, crit)


def make_history_finding(failure: str) -> Finding:
    """Return the finding that vanished restore points are unknown, because history could not be read or written."""
    text = f"vanished restore points unknown: {failure}"
    return Finding(Grade.OK, "history-unread", text, is_unknown=True, resources=("history",))


def _unread_finding(resource: UnreadResource) -> Finding:
    """Return the finding for an unread resource: UNKNOWN if the resource is needed, else OK."""
    grade = Grade.UNKNOWN if resource.is_needed else Grade.OK
    return Finding(
        grade, resource.code, resource.text, is_unknown=True, resources=resource.resources, cause=resource.cause
    )


def _age(rpo: RpoStatus, now: int, warn: int, crit: int) -> Iterator[Finding]:
    """Yield the age of the newest usable restore point, or which others may be restorable if none is usable."""
    if rpo.fallback is not None:
        yield from _fallback(rpo.fallback, now, warn, crit)
    elif rpo.newest_usable is None or rpo.age is None:
        reason = f": {rpo.newest_completed.verdict.main.text}" if rpo.newest_completed else ""
        text = "no restore points" if not rpo.total_count else f"nothing restorable{reason}"
        yield Finding(Grade.CRITICAL, "nothing-usable", text)
        return
    else:
        text = f"newest usable restore point is {format_age(rpo.age)} old ({rpo.newest_usable.backup.name})"
        yield _too_old(text, rpo.age, warn, crit) or Finding(Grade.OK, "fresh", text)
    if rpo.has_different_completed and rpo.newest_completed is not None:
        verdict = rpo.newest_completed.verdict
        if verdict.level is not Level.RUNNING:
            word = verdict.level.word
            text = f"{rpo.newest_completed.backup.name} is marked completed but {word}: {verdict.main.text}"
            yield Finding(Grade.WARNING, "not-what-it-says", text)


_FALLBACKS = {
    Level.DOUBTFUL: (Grade.WARNING, "only-doubtful", "only doubtful restore points; newest"),
    Level.CANNOT_TELL: (Grade.UNKNOWN, "cannot-tell", "cannot tell if anything is restorable; newest"),
    Level.EXPIRED: (Grade.CRITICAL, "only-expired", "only expired restore points; newest"),
}
"""Grade, code and text if no restore point is usable, by the level of those that may still be restorable."""


def _fallback(point: RestorePoint, now: int, warn: int, crit: int) -> Iterator[Finding]:
    """Yield that no restore point is usable, but `point` may be restorable."""
    name, start = point.backup.name, point.backup.start
    grade, code, text = _FALLBACKS[point.verdict.level]
    text = f"{text}: {name}, {point.verdict.main.text}"
    yield Finding(grade, code, text, is_unknown=grade is Grade.UNKNOWN)
    if start is not None:
        finding = _too_old(f"{name} is {format_age(now - start)} old", now - start, warn, crit)
        yield from () if finding is None else (finding,)


def _too_old(text: str, age: int, warn: int, crit: int) -> Finding | None:
    """Return a finding if an age is above one of the limits (all in milliseconds), else None."""
    for grade, limit in ((Grade.CRITICAL, crit), (Grade.WARNING, warn)):
        if age > limit:
            return Finding(grade, "too-old", f"{text}, more than {format_duration(limit)}")
    return None


def _operation(assessment: Assessment) -> Iterator[Finding]:
    """Yield a restore that is running or did not succeed, and any operation that is over its time limit."""
    operation = assessment.operation
    if operation is None:
        return
    if operation.is_over_limit:
        yield Finding(Grade.WARNING, "over-limit", operation.text)
    if operation.is_restore and operation.outcome is not State.GOOD:
        during_restore = "a restore is running: the lists may change when it ends"
        yield Finding(Grade.WARNING, "restore", during_restore if operation.is_over_limit else operation.text)
    if state_of(operation.status.state) is State.IN_PROGRESS and operation.status.start is None:
        text = "an operation is running, start time unknown"
        yield Finding(Grade.OK, "operation-undated", text, is_unknown=True)


def _vanished(assessment: Assessment) -> Iterator[Finding]:
    """Yield the restore points that disappeared in the last day, before their retention date."""
    for point in assessment.site_state.history.early_deletions(assessment.now - DAY):
        text = f"{point.backup.name} vanished from {point.backup.store} before its retention date"
        yield Finding(Grade.WARNING, "vanished", text)


def _runs(assessment: Assessment) -> Iterator[Finding]:
    """Yield the problems of schedules and their latest runs, which are visible before the age is over a limit."""
    for schedule in assessment.schedules:
        yield from _stopped_schedule(schedule, assessment.now) if is_stopped(schedule) else _latest_runs(schedule)
        if schedule.end_doubt:
            text = f"unknown if schedule {schedule.title} has ended: {schedule.end_doubt}"
            yield Finding(Grade.OK, "schedule-end-unknown", text, is_unknown=True)


def _latest_runs(schedule: ScheduleRuns) -> Iterator[Finding]:
    """Yield a finding if the latest runs of a schedule left no usable backup, or its two states disagree."""
    if schedule.streak:
        text = f"{latest_runs_text(schedule)}{missed_since_text(schedule)}{source_text(schedule)}"
        yield Finding(Grade.WARNING, _run_code(schedule), text)
    elif schedule.state is ScheduleState.DISAGREES:
        yield Finding(Grade.WARNING, "schedule-state", f"schedule {schedule.title}: state and active flag disagree")


def _stopped_schedule(schedule: ScheduleRuns, now: int) -> Iterator[Finding]:
    """Yield a finding for a schedule that makes no backups: paused, ended, not begun or deleted."""
    reason = stopped_text(schedule, now, schedule.title)
    if schedule.is_orphaned or schedule.state is ScheduleState.ENDED:
        code = "no-schedule"
    elif schedule.state is ScheduleState.NOT_BEGUN:
        code = "schedule-not-begun"
    else:
        code = _run_code(schedule) if schedule.streak else "paused"
    if schedule.streak:
        run_summary = f"{run_count_text(schedule.streak)}{missed_since_text(schedule)}{source_text(schedule)}"
        yield Finding(Grade.WARNING, code, f"{reason}: {run_summary}")
    elif is_stop_a_problem(schedule):
        yield Finding(Grade.WARNING, code, f"{reason}: {no_missed_runs_text(schedule)}")
    elif schedule.state is ScheduleState.NOT_BEGUN:
        yield Finding(Grade.OK, code, reason)


def _run_code(schedule: ScheduleRuns) -> str:
    """Return the code of a finding for the latest runs of a schedule."""
    return "failed-run" if any(run.outcome is Outcome.FAILED for run in schedule.streak) else "missed-run"


def _unknown_schedules(assessment: Assessment) -> Iterator[Finding]:
    """Yield the schedules whose past or future runs are unknown."""
    for schedule in assessment.schedules:
        reason = f"missed runs unknown: {schedule.unknown_reason}" if schedule.unknown_reason else ""
        if not reason and schedule.state is ScheduleState.UNKNOWN:
            reason = "state unknown"
        if reason and schedule.task is not None:
            yield Finding(Grade.OK, "schedule-unjudged", f"schedule {schedule.title}: {reason}", is_unknown=True)


def _margins(assessment: Assessment) -> Iterator[Finding]:
    """Yield the limits that will be reached soon: retention and timeout."""
    rpo = assessment.rpo
    ends = {point.backup.retention for point in assessment.points if point.verdict.is_usable}
    if None in ends and NEVER not in ends:
        text = "expiry of the last usable restore point unknown: some have no retention date"
        yield Finding(Grade.OK, "expiry-unknown", text, is_unknown=True)
    last_expiry = rpo.retention.last_expiry if rpo.retention is not None else None
    if rpo.is_expiring_soon(assessment.now) and last_expiry is not None:
        text = f"all usable restore points expire within {format_duration(last_expiry - assessment.now)}"
        yield Finding(Grade.WARNING, "expires-soon", text)
    if rpo.timeout is not None and rpo.timeout.is_near:
        share = f"{rpo.timeout.share:.0%} of the limit of {format_duration(rpo.timeout.limit)}"
        yield Finding(Grade.WARNING, "timeout-near", f"{rpo.timeout.longest.backup.name} took {share}")


def _read_only_mode(assessment: Assessment) -> Iterator[Finding]:
    """Yield that the site is in read-only mode: no breach by itself, but the reason for coming ones."""
    if text := read_only_text(assessment.site_state):
        yield Finding(Grade.OK, "site-read-only", text)


def _clock_skew(assessment: Assessment) -> Iterator[Finding]:
    """Yield that the clocks of this machine and the site differ, because other tools here compute wrong ages."""
    offset = assessment.site_state.clock_offset
    if offset is not None and abs(offset) > CRITICAL:
        yield Finding(Grade.WARNING, "clock-skew", skew_text(offset))
