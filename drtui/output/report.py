"""The audit report of a period: every restore point with its verdict, gaps, failures, and what was not checked."""

from collections.abc import Iterator, Sequence
from typing import Self

from msgspec import Struct

from drtui import __version__
from drtui.core.analysis.assessment import Assessment
from drtui.core.analysis.rpo import trend_text
from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.durations import DAY, format_age, format_duration, format_elapsed
from drtui.core.formatting.text import plural
from drtui.core.formatting.times import format_full
from drtui.core.model.note import Note, newest_first, note_text
from drtui.core.model.site_state import DeletedBackup
from drtui.core.operations.journal import JournalEntry
from drtui.core.schedules.failed_runs import Run
from drtui.core.schedules.gaps import Gap
from drtui.core.schedules.schedule_runs import ScheduleRuns
from drtui.core.summary.coverage_text import data_stores_as_of, unread_reason
from drtui.core.summary.headline import build_headline
from drtui.core.summary.labels import age_text, expiry_text, level_label, origin_text
from drtui.core.verdict.restore_points import RestorePoint
from drtui.core.verdict.rules import Level
from drtui.output.assessment import NO_COMPLETE_BACKUP, deleted_object, failures_rows, rpo_object, runs_object
from drtui.output.coverage import all_statements, statement_objects
from drtui.output.formats import SCHEMA, Row, json_text, moment_object, span_object
from drtui.output.markdown import (
    code_span,
    escape_markdown,
    failure_section,
    join_sections,
    section,
    stale_lines,
    table_lines,
)
from drtui.output.operations import journal_object
from drtui.output.restore_points import note_object, restore_point_object
from drtui.output.schedules import failed_run_object, schedule_runs_object

NOT_CHECKED = (
    "if a restore succeeds: drtui tests no restores",
    "sizes, checksums and contents of the stored data: the API does not report them",
    "if somebody knows the passcode of a restore point",
    "host name, registry, cluster domain and volumes of a site to restore to",
    "restore points that were deleted before the first refresh",
)
"""Facts that the report does not show, listed so that nobody assumes them."""


class AuditPeriod(Struct, frozen=True):
    """The restore points, gaps and runs of the last days."""

    assessment: Assessment
    days: int
    start: int
    """Epoch ms."""
    points: tuple[RestorePoint, ...]
    """Restore points that started in the period or have no start, newest first."""
    gaps: tuple[Gap, ...]
    missed: tuple[tuple[ScheduleRuns, Run], ...]
    failed_runs: tuple[tuple[ScheduleRuns, Run], ...]
    deleted_early: tuple[DeletedBackup, ...]
    """Restore points that were deleted before their retention date, as far as history knows."""
    changes: tuple[JournalEntry, ...] | None = ()
    """Changes made with drtui, oldest first; None if the journal could not be read."""

    @classmethod
    def last_days(cls, assessment: Assessment, days: int, changes: tuple[JournalEntry, ...] | None = ()) -> Self:
        """Return the period of the last `days` days before the moment of the assessment.

        Args:
            assessment: the site.
            days: number of days.
            changes: all changes of the site by the journal; None if it could not be read.
        """
        begin = assessment.now - days * DAY
        points = [p for p in assessment.points if p.backup.start is None or begin <= p.backup.start <= assessment.now]
        return cls(
            assessment,
            days,
            begin,
            points=tuple(sorted(points, key=lambda p: (-(p.backup.start or 0), p.id))),
            gaps=tuple(gap for gap in assessment.gaps.over_target if gap.end > begin),
            missed=tuple((schedule, run) for schedule, run in assessment.missed_runs if run.at >= begin),
            failed_runs=tuple((schedule, run) for schedule, run in assessment.failed_runs if run.at >= begin),
            deleted_early=assessment.site_state.history.early_deletions(begin),
            changes=None if changes is None else tuple(entry for entry in changes if entry.intent.at >= begin),
        )

    @property
    def heading(self) -> str:
        """The heading of the report."""
        return f"Restore points of the last {self.days} days"

    @property
    def title(self) -> str:
        """The heading with the site's name, for the title of a window."""
        return f"{self.heading}: {self.assessment.site_state.location}"

    @property
    def notes(self) -> tuple[Note, ...]:
        """Notes that were written in the period, newest first."""
        notes = self.assessment.site_state.history.notes
        return newest_first(tuple(note for note in notes if self.start <= note.at <= self.assessment.now))

    @property
    def failed(self) -> tuple[RestorePoint, ...]:
        """Restore points of the period that did not complete."""
        return tuple(p for p in self.points if p.verdict.level is Level.NOT_USABLE and not _is_only_other_release(p))

    @property
    def has_findings(self) -> bool:
        """True if an auditor would ask about something: a gap, a run, a failure, a store or a missed target."""
        unmade = self.gaps or self.missed or self.failed_runs or self.failed or self.deleted_early
        coverage = self.assessment.coverage
        is_uncovered = coverage is not None and coverage.is_missing
        return bool(unmade) or is_uncovered or not self.assessment.rpo.is_met


def _is_only_other_release(point: RestorePoint) -> bool:
    """True if the release is the only reason against the restore point, which is no failure."""
    against = {reason.code for reason in point.verdict.reasons if reason.level is Level.NOT_USABLE}
    return against == {"other-release"}


def as_markdown(period: AuditPeriod, view: DisplayContext) -> str:
    """Return the report as Markdown; equal input gives equal bytes."""
    return join_sections(
        _heading(period, view),
        section("Summary", _summary(period, view)),
        section("Gaps longer than the target", _gap_lines(period, view)),
        section("Missed runs", _missed_lines(period, view)),
        section("Failed runs", _failed_run_lines(period, view), "None known."),
        section("Failed restore points", _failed_lines(period, view), "None."),
        section("Deleted before the retention date", _deleted_early_lines(period, view)),
        section("Coverage of data stores", _coverage_lines(period.assessment, view)),
        section("Changes made with drtui", _change_lines(period, view), "None from this machine and account."),
        _note_section(period, view),
        section("Restore points", _restore_point_lines(period, view)),
        failure_section(period.assessment.site_state),
        section("Not checked", (f"* {text}" for text in NOT_CHECKED)),
    )


def _heading(period: AuditPeriod, view: DisplayContext) -> Iterator[str]:
    assessment = period.assessment
    yield f"# {escape_markdown(period.heading)}"
    yield ""
    release = assessment.release or "not known"
    yield f"* Site: {code_span(assessment.site_state.location)}, release {release}"
    yield f"* Period: {format_full(period.start, view.zone)} to {format_full(assessment.now, view.zone)}"
    yield f"* Read: {format_full(assessment.site_state.listed_at, view.zone)}, with drtui {__version__}"
    yield from stale_lines(assessment, view)
    yield f"* Target (RPO): {format_duration(assessment.target)}"


def _summary(period: AuditPeriod, view: DisplayContext) -> Iterator[str]:
    assessment = period.assessment
    for line in build_headline(assessment):
        yield f"* {escape_markdown(line.text)}"
    yield from _margin_lines(assessment, view)
    counts = ", ".join(
        f"{sum(p.verdict.level is level for p in period.points)} {level_label(level).word}" for level in Level
    )
    yield f"* In the period: {len(period.points)} restore points ({counts})"
    missed = _run_count("missed", period.missed, assessment.missed_count)
    failed_runs = _run_count("failed", period.failed_runs, assessment.failed_count)
    failed = plural(len(period.failed), "failed restore point", "failed restore points")
    yield f"* {_gap_count(period)}, {missed}, {failed_runs}, {failed}"


def _gap_count(period: AuditPeriod) -> str:
    """Return the number of gaps in words; `gaps unknown` if no backup ever completed."""
    if period.assessment.gaps.has_no_complete_backup and not period.gaps:
        return "gaps unknown"
    return f"{plural(len(period.gaps), 'gap', 'gaps')} longer than the target"


def _run_count(outcome: str, runs: Sequence[object], total: int | None) -> str:
    """Return the number of runs in words; `unknown` rather than a zero if the number of the site is unknown."""
    if total is None and not runs:
        return f"{outcome} runs unknown"
    return plural(len(runs), f"{outcome} run", f"{outcome} runs")


def _margin_lines(assessment: Assessment, view: DisplayContext) -> Iterator[str]:
    """Yield expiries, the longest duration and what never expires; the headline has them only if they are near."""
    rpo = assessment.rpo
    if rpo.retention is not None:
        last = (
            f"expires {_expiry_text(rpo.retention.last_expiry, view)}"
            if rpo.retention.last_expiry is not None
            else "never expires, or its expiry is unknown"
        )
        following = rpo.retention.next_to_expire
        soonest = ""
        if following is not None:
            expiry = _expiry_text(following.backup.retention, view)
            soonest = f"; the next to expire is {code_span(following.backup.name)}, {expiry}"
        yield f"* Without a new backup the last usable restore point {last}{soonest}"
    if rpo.timeout is not None:
        limit = f"{format_duration(rpo.timeout.limit)}{' (the default)' if rpo.timeout.is_limit_assumed else ''}"
        trend = "" if rpo.timeout.trend is None else f", {trend_text(rpo.timeout.trend)}"
        longest = f"{format_elapsed(rpo.timeout.duration)}, {rpo.timeout.share:.0%} of the limit of {limit}"
        yield f"* Longest recent backup: {longest}{trend}"
    if rpo.kept_forever:
        oldest = rpo.kept_forever[0].backup
        count = plural(len(rpo.kept_forever), "restore point never expires", "restore points never expire")
        started = format_full(oldest.start, view.zone)
        yield f"* {count}, the oldest is {code_span(oldest.name)} of {started}"


def _expiry_text(until: int | None, view: DisplayContext) -> str:
    """Return a retention date and the time until then."""
    return "never" if until is None else f"{format_full(until, view.zone)} ({age_text(until, view.now)})"


def _gap_lines(period: AuditPeriod, view: DisplayContext) -> Iterator[str]:
    for gap in period.gaps:
        end = "now" if gap.is_open else format_full(gap.end, view.zone)
        yield f"* {format_age(gap.length)}: {format_full(gap.start, view.zone)} to {end}"
    if period.assessment.gaps.has_no_complete_backup:
        yield f"{NO_COMPLETE_BACKUP[:1].upper()}{NO_COMPLETE_BACKUP[1:]}."
    elif not period.gaps:
        yield "None."
    for worst in period.assessment.gaps.worst:
        length = format_age(worst.gap.length) if worst.gap else "not known"
        since = f" (known from {format_full(worst.since, view.zone)} only)" if worst.since is not None else ""
        yield f"* Worst in {worst.days} days: {length}{since}"


def _missed_lines(period: AuditPeriod, view: DisplayContext) -> Iterator[str]:
    for schedule in period.assessment.schedules:
        if schedule.learned_because:
            reason = escape_markdown(schedule.learned_because)
            yield f"Runs of {escape_markdown(schedule.title)} are inferred from the names of its backups: {reason}."
            yield ""
    for schedule, run in period.missed:
        yield f"* {escape_markdown(schedule.title)}, due {format_full(run.at, view.zone)}"
    if not period.missed:
        yield "None known."
    for schedule in period.assessment.schedules:
        if schedule.unknown_reason:
            title, reason = escape_markdown(schedule.title), escape_markdown(schedule.unknown_reason)
            yield f"* Runs of {title} are unknown: {reason}"


def _failed_run_lines(period: AuditPeriod, view: DisplayContext) -> Iterator[str]:
    for schedule, run in period.failed_runs:
        name = "" if run.backup is None else f", {code_span(run.backup.name)}"
        title, due = escape_markdown(schedule.title), format_full(run.at, view.zone)
        yield f"* {title}, due {due}{name}: {escape_markdown(run.reason)}"


def _failed_lines(period: AuditPeriod, view: DisplayContext) -> Iterator[str]:
    for point in period.failed:
        started = format_full(point.backup.start, view.zone)
        yield f"* {code_span(point.backup.name)}, {started}: {escape_markdown(point.verdict.main.text)}"


def _deleted_early_lines(period: AuditPeriod, view: DisplayContext) -> Iterator[str]:
    for deleted in period.deleted_early:
        last_seen, missing_since = (
            format_full(moment, view.zone) for moment in (deleted.last_seen, deleted.missing_since)
        )
        name, store = code_span(deleted.backup.name), code_span(deleted.backup.store)
        yield f"* {name} in {store}, between {last_seen} and {missing_since}"


def _coverage_lines(assessment: Assessment, view: DisplayContext) -> Iterator[str]:
    """Yield what backups hold of the data stores; why it is unknown if they were not read."""
    if assessment.coverage is None:
        yield f"Unknown: {unread_reason(assessment.site_state.data)}."
        return
    for statement in all_statements(assessment):
        yield f"* {escape_markdown(statement.text)}"
    if as_of := data_stores_as_of(assessment, view.zone):
        yield f"* Data stores {as_of}"


def _change_lines(period: AuditPeriod, view: DisplayContext) -> Iterator[str]:
    if period.changes is None:
        yield "Unknown: the journal could not be read."
    for entry in period.changes or ():
        change, outcome = entry.intent.change, entry.outcome
        user = f" by {code_span(entry.intent.user)}" if entry.intent.user else ""
        ended = f"{outcome.value}: {escape_markdown(entry.statement)}" if outcome is not None else "end not known"
        when = format_full(entry.intent.at, view.zone)
        yield f"* {when}: {change.operation.value} {code_span(change.name)}{user}, {ended}"


def _note_section(period: AuditPeriod, view: DisplayContext) -> list[str]:
    """Return the notes of the period, newest first, and the number of older ones; nothing if there are none at all."""
    known = period.assessment.site_state.history.notes
    if not known:
        return []
    lines = [
        f"* {code_span(note.name)} in {code_span(note.store)}: {escape_markdown(note_text(note, view.zone))}"
        for note in period.notes
    ]
    other = len(known) - len(lines)
    if other:
        lines.append(f"* {plural(other, 'note', 'notes')} of another time")
    return section("Notes of your own", lines)


def _restore_point_lines(period: AuditPeriod, view: DisplayContext) -> list[str]:
    columns = ("name", "store", "verdict", "started", "took", "kind", "expires", "release")
    rows = [
        (
            point.backup.name, point.backup.store, level_label(point.verdict.level).word,
            format_full(point.backup.start, view.zone), format_elapsed(point.backup.duration),
            origin_text(point.backup), expiry_text(point.backup, view.now), point.backup.release or "-",
        )
        for point in period.points
    ]  # fmt: skip
    return table_lines(columns, rows)


def report_json(period: AuditPeriod, view: DisplayContext) -> str:
    """Return the report as JSON."""
    assessment = period.assessment
    report: Row = {
        "schema": SCHEMA,
        "version": __version__,
        "site": assessment.site_state.location,
        "read_at": moment_object(assessment.site_state.listed_at, view.zone),
        "assessed_at": moment_object(assessment.now, view.zone),
        "from": moment_object(period.start, view.zone),
        "days": period.days,
        "rpo": rpo_object(assessment.rpo, view),
        "gaps": [{**span_object(gap.start, gap.end, view.zone), "open": gap.is_open} for gap in period.gaps],
        "schedules": [schedule_runs_object(schedule, view) for schedule in assessment.schedules],
        "missed_run_details": [
            {"schedule": p.title, "due": moment_object(run.at, view.zone)} for p, run in period.missed
        ],
        "failed_restore_points": [point.backup.name for point in period.failed],
        "failed_run_details": [{"schedule": p.title, **failed_run_object(run, view)} for p, run in period.failed_runs],
        **runs_object(assessment),
        "deleted_early": [deleted_object(deleted, view) for deleted in period.deleted_early],
        "coverage": None if assessment.coverage is None else statement_objects(all_statements(assessment)),
        "changes": None if period.changes is None else [journal_object(entry, view.zone) for entry in period.changes],
        "notes": [{"name": note.name, "store": note.store, **note_object(note, view.zone)} for note in period.notes],
        "restore_points": [restore_point_object(point, view) for point in period.points],
        "failures": failures_rows(assessment.site_state),
        "not_checked": list(NOT_CHECKED),
    }
    return json_text(report)
