"""Tables and JSON objects of an assessment: RPO, gaps and runs, and the choice before a moment."""

from collections.abc import Iterable

from drtui.core.analysis.assessment import Assessment
from drtui.core.analysis.point_in_time import PointInTimeChoice
from drtui.core.analysis.rpo import RpoStatus
from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.durations import DAY, format_age
from drtui.core.formatting.times import format_full
from drtui.core.listing.csv_values import Cell, csv_seconds, csv_time
from drtui.core.model.site_clock import skew_seconds
from drtui.core.model.site_state import DeletedBackup, all_lists_known
from drtui.core.schedules.gaps import WINDOWS
from drtui.core.summary.health_check import Finding
from drtui.core.summary.labels import level_label
from drtui.core.summary.point_in_time import explain_choice
from drtui.output.formats import Row, Table, moment_object
from drtui.output.restore_points import restore_point_object
from drtui.output.schedules import failed_run_object

NO_COMPLETE_BACKUP = "gaps are unknown: no backup is known that completed"
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
        "failures": [{"resource": name, "code": t.code, "text": t.line} for name, t in site_state.failures],
        "rpo": rpo_object(assessment.rpo, view),
        "rpo_is_complete": all_lists_known(site_state),
        **runs_object(assessment),
    }


def gaps_table(assessment: Assessment, view: DisplayContext) -> Table:
    """Return gaps longer than the target, missed and failed runs, newest first, then the worst gap of each window."""
    zone, rows = view.zone, list[tuple[int, tuple[str, ...], Row, tuple[Cell, ...]]]()
    cells: tuple[Cell, ...]
    for gap in assessment.gaps.over_target:
        event = "gap, still open" if gap.is_open else "gap"
        text = (event, format_full(gap.start, view.zone), format_full(gap.end, view.zone), format_age(gap.length), "")
        event = "open_gap" if gap.is_open else "gap"
        cells = (event, csv_time(gap.start, zone), csv_time(gap.end, zone), csv_seconds(gap.length), None)
        rows.append((gap.end, text, {"event": "gap", "open": gap.is_open, **_span(gap.start, gap.end, view)}, cells))
    for schedule, run in assessment.missed_runs:
        text = ("missed run", format_full(run.at, view.zone), "-", "-", schedule.title)
        row: Row = {"event": "missed run", "schedule": schedule.title, "due": moment_object(run.at, view.zone)}
        rows.append((run.at, text, row, ("missed_run", csv_time(run.at, zone), None, None, schedule.title)))
    for plan, run in assessment.failed_runs:
        text = ("failed run", format_full(run.at, view.zone), "-", "-", f"{plan.title} ({run.reason})")
        row = {"event": "failed run", "schedule": plan.title, **failed_run_object(run, view)}
        rows.append(
            (run.at, text, row, ("failed_run", csv_time(run.at, zone), None, None, f"{plan.title} ({run.reason})"))
        )
    for deleted in assessment.site_state.history.early_deletions(assessment.now - WINDOWS[-1] * DAY):
        text = (
            "deleted early",
            format_full(deleted.last_seen, view.zone),
            format_full(deleted.missing_since, view.zone),
            "-",
            deleted.backup.name,
        )
        cells = (
            "deleted_early",
            csv_time(deleted.last_seen, zone),
            csv_time(deleted.missing_since, zone),
            None,
            deleted.backup.name,
        )
        rows.append((deleted.missing_since, text, {"event": "deleted early", **deleted_object(deleted, view)}, cells))
    rows.sort(key=lambda row: -row[0])
    for worst in assessment.gaps.worst:
        since = f"known from {format_full(worst.since, view.zone)} only" if worst.since is not None else ""
        span = (worst.gap.start, worst.gap.end) if worst.gap else (None, None)
        length = format_age(worst.gap.length) if worst.gap else "-"
        text = (
            f"worst in {worst.days} d",
            format_full(span[0], view.zone),
            format_full(span[1], view.zone),
            length,
            since,
        )
        row = {"event": "worst", "days": worst.days, "known_since": moment_object(worst.since, view.zone)}
        row |= _span(worst.gap.start, worst.gap.end, view) if worst.gap else {}
        lasted = csv_seconds(worst.gap.length) if worst.gap else None
        note = f"known_since {csv_time(worst.since, zone)}" if worst.since is not None else None
        rows.append(
            (0, text, row, (f"worst_in_{worst.days}_d", *(csv_time(moment, zone) for moment in span), lasted, note))
        )
    columns, texts, objects = (
        ("EVENT", "FROM", "TO", "DURATION", "NOTE"),
        [row[1] for row in rows],
        [row[2] for row in rows],
    )
    return Table("gaps", columns, texts, objects, cells=[row[3] for row in rows])


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


def _span(start: int, end: int, view: DisplayContext) -> Row:
    return {"from": moment_object(start, view.zone), "to": moment_object(end, view.zone), "duration_ms": end - start}


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
