"""Tables and JSON objects of an assessment: RPO, gaps and runs, and the choice before a moment."""

from collections.abc import Iterable, Iterator

from drtui.core.analysis.assessment import Assessment
from drtui.core.analysis.point_in_time import PointInTimeChoice
from drtui.core.analysis.rpo import RpoStatus
from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.durations import DAY, format_age
from drtui.core.listing.csv_values import csv_seconds
from drtui.core.model.site_clock import skew_seconds
from drtui.core.model.site_state import DeletedBackup, SiteState, all_lists_known
from drtui.core.schedules.gaps import WINDOWS, Gap
from drtui.core.summary.health_check import Finding
from drtui.core.summary.labels import level_label
from drtui.core.summary.point_in_time import explain_choice
from drtui.output.failures import failure_object
from drtui.output.formats import Field, Row, Table, moment_object, span_object
from drtui.output.restore_points import restore_point_object
from drtui.output.schedules import failed_run_object

NO_COMPLETE_BACKUP = "gaps unknown: no completed backup known"
"""The note that gaps are unknown: a site that never completed a backup would otherwise seem to have none."""


def rpo_object(rpo: RpoStatus, view: DisplayContext) -> Row:
    """Return the RPO status as a JSON object."""
    expiry, timeout = rpo.retention, rpo.timeout
    return {
        "newest_usable": rpo.newest_usable.backup.name if rpo.newest_usable else None,
        "store": rpo.newest_usable.backup.store if rpo.newest_usable else None,
        "age_ms": rpo.age,
        "target_ms": rpo.target,
        "target_met": rpo.is_met,
        "newest_completed": rpo.pipeline_choice.backup.name if rpo.pipeline_choice else None,
        "newest_completed_store": rpo.pipeline_choice.backup.store if rpo.pipeline_choice else None,
        "fallback": rpo.fallback.backup.name if rpo.fallback else None,
        "fallback_verdict": level_label(rpo.fallback.verdict.level).word if rpo.fallback else None,
        "usable": rpo.usable_count,
        "total": rpo.total_count,
        "last_usable_expires": moment_object(expiry.last_expiry, view.zone) if expiry else None,
        "next_to_expire": expiry.next_to_expire.backup.name if expiry and expiry.next_to_expire else None,
        "timeout_share": round(timeout.share, 4) if timeout else None,
        "timeout_ms": timeout.limit if timeout else None,
        "timeout_is_default": timeout.is_limit_assumed if timeout else None,
        "timeout_trend": round(timeout.trend, 4) if timeout and timeout.trend is not None else None,
        "never_expiring": len(rpo.kept_forever),
        "oldest_never_expiring": rpo.kept_forever[0].backup.name if rpo.kept_forever else None,
        "other_release_stores": [store.name for store in rpo.other_release_stores],
        "default_stores": None if rpo.default_stores is None else [store.name for store in rpo.default_stores],
    }


def findings_rows(findings: Iterable[Finding]) -> list[Row]:
    """Return the findings of a check as JSON objects."""
    return [
        {
            "state": finding.grade.name.lower(),
            "code": finding.code,
            "text": finding.text,
            "unknown": finding.is_unknown,
            "resources": list(finding.resources),
            "cause": finding.cause or None,
        }
        for finding in findings
    ]


def failures_rows(site_state: SiteState) -> list[Row]:
    """Return the failures of a refresh as JSON objects."""
    return [failure_object(name, failure) for name, failure in site_state.failures]


def runs_object(assessment: Assessment) -> Row:
    """Return the numbers of missed and failed runs as a JSON object; null with the reason if they are unknown."""
    return {
        "missed_runs": assessment.missed_count,
        "failed_runs": assessment.failed_count,
        "runs_unknown_reason": assessment.unknown_runs_reason or None,
    }


def json_header(assessment: Assessment, view: DisplayContext) -> Row:
    """Return the fields with which every JSON document about a site begins."""
    site_state = assessment.site_state
    return {
        "site": site_state.location,
        "read_at": moment_object(site_state.listed_at, view.zone),
        "assessed_at": moment_object(view.now, view.zone),
        "saved": site_state.is_saved,
        "clock_offset_seconds": skew_seconds(site_state.clock_offset),
        "failures": failures_rows(site_state),
        "rpo": rpo_object(assessment.rpo, view),
        "rpo_is_complete": all_lists_known(site_state),
        **runs_object(assessment),
    }


def gaps_table(assessment: Assessment, view: DisplayContext) -> Table:
    """Return gaps longer than the target, missed and failed runs, newest first, then the worst gap of each window."""
    zone = view.zone
    dated: list[tuple[int, tuple[Field, ...], Row]] = []
    for gap in assessment.gaps.over_target:
        event = Field("gap, still open", "open_gap") if gap.is_open else Field.from_word("gap")
        row: Row = {"event": "gap", "open": gap.is_open, **_span_object(gap, view)}
        dated.append((gap.end, (event, *_span_fields(gap.start, gap.end, gap.length, view), Field("", None)), row))
    for schedule, run in assessment.missed_runs:
        times, note = _span_fields(run.at, None, None, view), Field(schedule.title, schedule.title)
        row = {"event": "missed run", "schedule": schedule.title, "due": moment_object(run.at, zone)}
        dated.append((run.at, (Field.from_word("missed run"), *times, note), row))
    for schedule, run in assessment.failed_runs:
        times, note = _span_fields(run.at, None, None, view), Field.from_text(f"{schedule.title} ({run.reason})")
        row = {"event": "failed run", "schedule": schedule.title, **failed_run_object(run, view)}
        dated.append((run.at, (Field.from_word("failed run"), *times, note), row))
    for deleted in assessment.site_state.history.early_deletions(assessment.now - WINDOWS[-1] * DAY):
        times = _span_fields(deleted.last_seen, deleted.missing_since, None, view)
        note = Field(deleted.backup.name, deleted.backup.name)
        row = {"event": "deleted early", **deleted_object(deleted, view)}
        dated.append((deleted.missing_since, (Field.from_word("deleted early"), *times, note), row))
    dated.sort(key=lambda row: -row[0])
    rows, objects = [fields for _, fields, _ in dated], [row for _, _, row in dated]
    for worst in assessment.gaps.worst:
        note = Field("", None)
        if worst.since is not None:
            since = Field.from_time(worst.since, zone)
            note = Field(f"known from {since.text} only", f"known_since {since.value}")
        start, end, length = (worst.gap.start, worst.gap.end, worst.gap.length) if worst.gap else (None, None, None)
        rows.append((Field.from_word(f"worst in {worst.days} d"), *_span_fields(start, end, length, view), note))
        known = {"event": "worst", "days": worst.days, "known_since": moment_object(worst.since, zone)}
        objects.append(known | (_span_object(worst.gap, view) if worst.gap else {}))
    return Table.from_fields("gaps", ("EVENT", "FROM", "TO", "DURATION", "NOTE"), rows, objects)


def gaps_notes(assessment: Assessment) -> Iterator[str]:
    """Yield what the table of gaps cannot show: that gaps or runs are unknown, or inferred from names of backups."""
    if assessment.gaps.has_no_complete_backup:
        yield NO_COMPLETE_BACKUP
    yield from unknown_runs_notes(assessment)


def unknown_runs_notes(assessment: Assessment) -> Iterator[str]:
    """Yield why runs of schedules are unknown, or inferred from names of backups."""
    for schedule in assessment.schedules:
        if schedule.unknown_reason:
            yield f"Runs of {schedule.title} are unknown: {schedule.unknown_reason}"
        if schedule.learned_because:
            yield f"Runs of {schedule.title} are inferred from the names of its backups: {schedule.learned_because}"
        if schedule.end_doubt:
            yield f"Unknown whether {schedule.title} has ended: {schedule.end_doubt}"


def _span_fields(start: int | None, end: int | None, length: int | None, view: DisplayContext) -> tuple[Field, ...]:
    """Return start and end (epoch ms) and length (milliseconds) of a span of time."""
    duration = Field("-" if length is None else format_age(length), csv_seconds(length))
    return Field.from_time(start, view.zone), Field.from_time(end, view.zone), duration


def _span_object(gap: Gap, view: DisplayContext) -> Row:
    return {**span_object(gap.start, gap.end, view.zone), "duration_ms": gap.length}


def deleted_object(deleted: DeletedBackup, view: DisplayContext) -> Row:
    """Return a restore point that was deleted before its retention date as a JSON object.

    It was deleted between the two refreshes `last_seen` and `missing_since`.
    """
    return {
        "name": deleted.backup.name,
        "store": deleted.backup.store,
        "last_seen": moment_object(deleted.last_seen, view.zone),
        "missing_since": moment_object(deleted.missing_since, view.zone),
    }


def point_in_time_table(choice: PointInTimeChoice, view: DisplayContext) -> Table:
    """Return the choice before a moment: sentences as text, one object as JSON."""
    row: Row = {
        "before": moment_object(choice.moment, view.zone),
        "restore_point": restore_point_object(choice.point, view) if choice.point else None,
        "data_loss_ms": choice.loss,
        "lists_are_complete": not choice.unlisted_reason,
        "lists_incomplete_reason": choice.unlisted_reason or None,
        "in_progress": [restore_point_object(point, view) for point in choice.spanning],
        "skipped": [restore_point_object(point, view) for point in choice.passed_over],
        "later_count": choice.later_count,
        "older_usable_count": choice.older_usable_count,
        "no_data_since": moment_object(choice.lists_read_at, view.zone),
        "undated_count": choice.undated_count,
        "is_in_future": choice.is_in_future,
    }
    return Table("choice", ("ANSWER",), [(sentence.text,) for sentence in explain_choice(choice, view.zone)], [row])
