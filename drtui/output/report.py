"""The audit report of a period: every restore point with its verdict, gaps, failures, and what was not checked."""

from collections.abc import Iterator, Sequence
from typing import Any, Self

import msgspec
from msgspec import Struct

from drtui import __version__
from drtui.core.analysis.assessment import Assessment
from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.durations import DAY, format_age, format_duration, format_elapsed
from drtui.core.formatting.text import plural
from drtui.core.formatting.times import format_full
from drtui.core.model.site_state import DeletedBackup
from drtui.core.schedules.failed_runs import Run
from drtui.core.schedules.gaps import Gap
from drtui.core.schedules.schedule_runs import ScheduleRuns
from drtui.core.summary.freshness import stale_data_warning
from drtui.core.summary.headline import build_headline
from drtui.core.summary.labels import age_text, expiry_text, level_label, origin_text
from drtui.core.verdict.restore_points import RestorePoint
from drtui.core.verdict.rules import Level
from drtui.output.assessment import NO_COMPLETE_BACKUP, deleted_object, rpo_object, runs_object
from drtui.output.formats import SCHEMA, code_span, escape_markdown, moment_object
from drtui.output.restore_points import restore_point_object
from drtui.output.schedules import failed_run_object, schedule_runs_object

NOT_CHECKED = (
    "whether any of these restore points can be restored: drtui has tested no restore",
    "sizes, checksums and contents of the stored data: the API does not have them",
    "whether anybody knows the passcode of a restore point",
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

    @classmethod
    def last_days(cls, assessment: Assessment, days: int) -> Self:
        """Return the period of the last `days` days before the moment of the assessment."""
        begin = assessment.now - days * DAY
        within = [p for p in assessment.points if p.backup.start is None or begin <= p.backup.start <= assessment.now]
        within.sort(key=lambda p: (-(p.backup.start or 0), p.id))
        gaps = tuple(gap for gap in assessment.gaps.over_target if gap.end > begin)
        missed = tuple(m for m in assessment.missed_runs if m[1].at >= begin)
        failed = tuple(failed_run for failed_run in assessment.failed_runs if failed_run[1].at >= begin)
        return cls(
            assessment,
            days,
            begin,
            tuple(within),
            gaps,
            missed,
            failed,
            assessment.site_state.history.early_deletions(begin),
        )

    @property
    def failed(self) -> tuple[RestorePoint, ...]:
        """Restore points of the period that did not complete."""
        return tuple(p for p in self.points if p.verdict.level is Level.NOT_USABLE and not _is_only_other_release(p))

    @property
    def has_findings(self) -> bool:
        """True if an auditor would ask about something: a gap, a run, a failure or a missed target."""
        unmade = self.gaps or self.missed or self.failed_runs or self.failed or self.deleted_early
        return bool(unmade) or not self.assessment.rpo.is_met


def _is_only_other_release(point: RestorePoint) -> bool:
    """True if the release is the only reason against the restore point, which is no failure."""
    against = {reason.code for reason in point.verdict.reasons if reason.level is Level.NOT_USABLE}
    return against == {"other-release"}


def as_markdown(period: AuditPeriod, view: DisplayContext) -> str:
    """Return the report as Markdown; equal input gives equal bytes."""
    sections = (
        _heading,
        _summary,
        _gap_lines,
        _missed_lines,
        _failed_run_lines,
        _failed_lines,
        _deleted_early_lines,
        _restore_point_lines,
        _failure_lines,
        _not_checked,
    )
    return "".join(f"{line}\n" for section in sections for line in section(period, view))


def _heading(period: AuditPeriod, view: DisplayContext) -> Iterator[str]:
    assessment = period.assessment
    yield f"# Restore points of the last {period.days} days"
    yield ""
    release = assessment.release or "not known"
    yield f"* Site: {code_span(assessment.site_state.location)}, release {release}"
    yield f"* Period: {format_full(period.start, view.zone)} to {format_full(assessment.now, view.zone)}"
    yield f"* Read: {format_full(assessment.site_state.listed_at, view.zone)}, with drtui {__version__}"
    mark = stale_data_warning(assessment.site_state, assessment.now, view.zone)
    if mark:
        yield f"* **{escape_markdown(mark[:1].upper() + mark[1:])}**"
    yield f"* Target (RPO): {format_duration(assessment.target)}"
    yield ""


def _summary(period: AuditPeriod, view: DisplayContext) -> Iterator[str]:
    yield "## Summary"
    yield ""
    for line in build_headline(period.assessment):
        yield f"* {escape_markdown(line.text)}"
    yield from _margin_lines(period.assessment, view)
    counts = ", ".join(
        f"{sum(p.verdict.level is level for p in period.points)} {level_label(level).word}" for level in Level
    )
    yield f"* In the period: {len(period.points)} restore points ({counts})"
    failed = plural(len(period.failed), "failed restore point", "failed restore points")
    yield f"* {_gap_count(period)}, {_missed_count(period)}, {_failed_count(period)}, {failed}"
    yield ""


def _gap_count(period: AuditPeriod) -> str:
    """Return the number of gaps in words; `gaps unknown` if no backup ever completed."""
    if period.assessment.gaps.has_no_complete_backup and not period.gaps:
        return "gaps unknown"
    return f"{plural(len(period.gaps), 'gap', 'gaps')} longer than the target"


def _missed_count(period: AuditPeriod) -> str:
    """Return the number of missed runs in words; `unknown` rather than an uncertain zero."""
    if period.assessment.missed_count is None and not period.missed:
        return "missed runs unknown"
    return plural(len(period.missed), "missed run", "missed runs")


def _failed_count(period: AuditPeriod) -> str:
    """Return the number of failed runs in words; `unknown` rather than an uncertain zero."""
    if period.assessment.failed_count is None and not period.failed_runs:
        return "failed runs unknown"
    return plural(len(period.failed_runs), "failed run", "failed runs")


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
        trend = "" if rpo.timeout.trend is None else f", the newer half took {rpo.timeout.trend:.0%} of the older half"
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
    yield "## Gaps longer than the target"
    yield ""
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
    yield ""


def _missed_lines(period: AuditPeriod, view: DisplayContext) -> Iterator[str]:
    yield "## Missed runs"
    yield ""
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
    yield ""


def _failed_run_lines(period: AuditPeriod, view: DisplayContext) -> Iterator[str]:
    yield "## Failed runs"
    yield ""
    for schedule, run in period.failed_runs:
        name = "" if run.backup is None else f", {code_span(run.backup.name)}"
        title, due = escape_markdown(schedule.title), format_full(run.at, view.zone)
        yield f"* {title}, due {due}{name}: {escape_markdown(run.reason)}"
    if not period.failed_runs:
        yield "None known."
    yield ""


def _failed_lines(period: AuditPeriod, view: DisplayContext) -> Iterator[str]:
    yield "## Failed restore points"
    yield ""
    for point in period.failed:
        started = format_full(point.backup.start, view.zone)
        yield f"* {code_span(point.backup.name)}, {started}: {escape_markdown(point.verdict.main.text)}"
    if not period.failed:
        yield "None."
    yield ""


def _deleted_early_lines(period: AuditPeriod, view: DisplayContext) -> Iterator[str]:
    if not period.deleted_early:
        return
    yield "## Deleted before the retention date"
    yield ""
    for deleted in period.deleted_early:
        span = (
            f"between {format_full(deleted.last_seen, view.zone)} and {format_full(deleted.missing_since, view.zone)}"
        )
        yield f"* {code_span(deleted.backup.name)} in {code_span(deleted.backup.store)}, {span}"
    yield ""


def _restore_point_lines(period: AuditPeriod, view: DisplayContext) -> Iterator[str]:
    yield "## Restore points"
    yield ""
    yield "| name | store | verdict | started | took | kind | expires | release |"
    yield "|---|---|---|---|---|---|---|---|"
    for point in period.points:
        backup = point.backup
        cells: Sequence[str] = (
            backup.name, backup.store, level_label(point.verdict.level).word, format_full(backup.start, view.zone),
            format_elapsed(backup.duration), origin_text(backup), expiry_text(backup, view.now), backup.release or "-",
        )  # fmt: skip
        yield f"| {' | '.join(map(escape_markdown, cells))} |"
    yield ""


def _failure_lines(period: AuditPeriod, _: DisplayContext) -> Iterator[str]:
    failures = period.assessment.site_state.failures
    if not failures:
        return
    yield "## Could not be read"
    yield ""
    for name, failure in failures:
        yield f"* {escape_markdown(name)}: {escape_markdown(failure.line)}"
    yield ""


def _not_checked(_: AuditPeriod, __: DisplayContext) -> Iterator[str]:
    yield "## Not checked"
    yield ""
    for text in NOT_CHECKED:
        yield f"* {text}"


def report_json(period: AuditPeriod, view: DisplayContext) -> str:
    """Return the report as JSON."""
    assessment = period.assessment
    report: dict[str, Any] = {
        "schema": SCHEMA,
        "version": __version__,
        "site": assessment.site_state.location,
        "read_at": moment_object(assessment.site_state.listed_at, view.zone),
        "assessed_at": moment_object(assessment.now, view.zone),
        "from": moment_object(period.start, view.zone),
        "days": period.days,
        "rpo": rpo_object(assessment.rpo, view),
        "gaps": [
            {"from": moment_object(g.start, view.zone), "to": moment_object(g.end, view.zone), "open": g.is_open}
            for g in period.gaps
        ],
        "schedules": [schedule_runs_object(schedule, view) for schedule in assessment.schedules],
        "missed_run_details": [
            {"schedule": p.title, "due": moment_object(run.at, view.zone)} for p, run in period.missed
        ],
        "failed_restore_points": [point.backup.name for point in period.failed],
        "failed_run_details": [{"schedule": p.title, **failed_run_object(run, view)} for p, run in period.failed_runs],
        **runs_object(assessment),
        "deleted_early": [deleted_object(deleted, view) for deleted in period.deleted_early],
        "restore_points": [restore_point_object(point, view) for point in period.points],
        "failures": [{"resource": name, "code": t.code, "text": t.line} for name, t in assessment.site_state.failures],
        "not_checked": list(NOT_CHECKED),
    }
    return msgspec.json.format(msgspec.json.encode(report), indent=2).decode() + "\n"
