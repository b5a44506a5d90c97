"""What a judgement amounts to, as rows: exposure, gaps and missed runs, the choice before a moment."""

from collections.abc import Iterable

from drtui.core.analysis.assessment import Assessment
from drtui.core.analysis.point_in_time import PointInTimeChoice
from drtui.core.analysis.rpo import RpoStatus
from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.times import DAY, format_age, format_full
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

NONE_WHOLE = "no backup is known that was complete when it was made: there is nothing from which gaps could be counted"
"""Without it, a site that never made a whole backup would look like one without gaps."""


def rpo_object(found: RpoStatus, view: DisplayContext) -> Row:
    """How much would be lost now, for machines."""
    expiry, timeout = found.retention, found.timeout
    return {
        "newest_usable": found.newest_usable.backup.name if found.newest_usable else None,
        "store": found.newest_usable.backup.store if found.newest_usable else None,
        "age_ms": found.age,
        "target_ms": found.target,
        "target_met": found.is_met,
        "newest_completed": found.pipeline_choice.backup.name if found.pipeline_choice else None,
        "newest_completed_store": found.pipeline_choice.backup.store if found.pipeline_choice else None,
        "fallback": found.fallback.backup.name if found.fallback else None,
        "fallback_verdict": level_label(found.fallback.verdict.level).word if found.fallback else None,
        "usable": found.usable_count,
        "total": found.total_count,
        "last_usable_expires": moment_object(expiry.last_expiry, view.zone) if expiry else None,
        "next_to_expire": expiry.next_to_expire.backup.name if expiry and expiry.next_to_expire else None,
        "timeout_share": round(timeout.share, 4) if timeout else None,
        "timeout_ms": timeout.limit if timeout else None,
        "timeout_is_default": timeout.is_limit_assumed if timeout else None,
        "timeout_trend": round(timeout.trend, 4) if timeout and timeout.trend is not None else None,
        "never_expiring": len(found.kept_forever),
        "oldest_never_expiring": found.kept_forever[0].backup.name if found.kept_forever else None,
        "other_release_stores": [store.name for store in found.other_release_stores],
        "default_stores": None if found.default_stores is None else [store.name for store in found.default_stores],
    }


def findings_rows(found: Iterable[Finding]) -> list[Row]:
    """Return findings of a check for machines."""
    return [
        {
            "state": each.grade.name.lower(),
            "code": each.code,
            "text": each.text,
            "unknown": each.is_unknown,
            "resources": list(each.resources),
            "cause": each.cause or None,
        }
        for each in found
    ]


def runs_object(judged: Assessment) -> Row:
    """Return how many runs left no usable backup, for machines; null where that is not known, with the reason."""
    return {
        "missed_runs": judged.missed_count,
        "failed_runs": judged.failed_count,
        "runs_unknown_reason": judged.unknown_runs_reason or None,
    }


def json_header(judged: Assessment, view: DisplayContext) -> Row:
    """What every answer about a site begins with, for machines."""
    reading = judged.site_state
    return {
        "site": reading.location,
        "read_at": moment_object(reading.listed_at, view.zone),
        "assessed_at": moment_object(view.now, view.zone),
        "saved": reading.is_saved,
        "clock_offset_seconds": skew_seconds(reading.clock_offset),
        "failures": [{"resource": name, "code": t.code, "text": t.line} for name, t in reading.failures],
        "rpo": rpo_object(judged.rpo, view),
        "rpo_is_complete": all_lists_known(reading),
        **runs_object(judged),
    }


def gaps_table(judged: Assessment, view: DisplayContext) -> Table:
    """Gaps longer than the target, missed and failed runs, newest first; then the worst gap of each window."""
    found = judged.schedules
    zone, rows = view.zone, list[tuple[int, tuple[str, ...], Row, tuple[Cell, ...]]]()
    cells: tuple[Cell, ...]
    for gap in found.gaps:
        what = "gap, still open" if gap.is_open else "gap"
        text = (what, format_full(gap.start, view.zone), format_full(gap.end, view.zone), format_age(gap.length), "")
        what = "open_gap" if gap.is_open else "gap"
        cells = (what, csv_time(gap.start, zone), csv_time(gap.end, zone), csv_seconds(gap.length), None)
        rows.append((gap.end, text, {"event": "gap", "open": gap.is_open, **_span(gap.start, gap.end, view)}, cells))
    for made, run in found.missed_runs:
        text = ("missed run", format_full(run.at, view.zone), "-", "-", made.title)
        row: Row = {"event": "missed run", "schedule": made.title, "due": moment_object(run.at, view.zone)}
        rows.append((run.at, text, row, ("missed_run", csv_time(run.at, zone), None, None, made.title)))
    for plan, run in found.failed_runs:
        text = ("failed run", format_full(run.at, view.zone), "-", "-", f"{plan.title} ({run.reason})")
        row = {"event": "failed run", "schedule": plan.title, **failed_run_object(run, view)}
        rows.append(
            (run.at, text, row, ("failed_run", csv_time(run.at, zone), None, None, f"{plan.title} ({run.reason})"))
        )
    for each in judged.site_state.history.early_deletions(judged.now - WINDOWS[-1] * DAY):
        text = (
            "deleted early",
            format_full(each.last_seen, view.zone),
            format_full(each.missing_since, view.zone),
            "-",
            each.backup.name,
        )
        cells = (
            "deleted_early",
            csv_time(each.last_seen, zone),
            csv_time(each.missing_since, zone),
            None,
            each.backup.name,
        )
        rows.append((each.missing_since, text, {"event": "deleted early", **deleted_object(each, view)}, cells))
    rows.sort(key=lambda row: -row[0])
    for worst in found.worst_gaps:
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
        known = f"known_since {csv_time(worst.since, zone)}" if worst.since is not None else None
        rows.append(
            (0, text, row, (f"worst_in_{worst.days}_d", *(csv_time(each, zone) for each in span), lasted, known))
        )
    columns, texts, objects = (
        ("EVENT", "FROM", "TO", "DURATION", "NOTE"),
        [row[1] for row in rows],
        [row[2] for row in rows],
    )
    return Table("gaps", columns, texts, objects, cells=[row[3] for row in rows])


def deleted_object(found: DeletedBackup, view: DisplayContext) -> Row:
    """A restore point that went before its retention date, for machines: when, within what the looks can tell."""
    return {
        "name": found.backup.name,
        "store": found.backup.store,
        "last_seen": moment_object(found.last_seen, view.zone),
        "missing_since": moment_object(found.missing_since, view.zone),
    }


def _span(start: int, end: int, view: DisplayContext) -> Row:
    return {"from": moment_object(start, view.zone), "to": moment_object(end, view.zone), "duration_ms": end - start}


def point_in_time_table(found: PointInTimeChoice, view: DisplayContext) -> Table:
    """The choice before a moment: in words for people, whole for machines."""
    row: Row = {
        "before": moment_object(found.moment, view.zone),
        "restore_point": restore_point_object(found.point, view) if found.point else None,
        "data_loss_ms": found.loss,
        "lists_are_complete": not found.unlisted_reason,
        "lists_incomplete_reason": found.unlisted_reason or None,
        "in_progress": [restore_point_object(each, view) for each in found.spanning],
        "skipped": [restore_point_object(each, view) for each in found.passed_over],
        "later_count": found.later_count,
        "older_usable_count": found.older_usable_count,
        "no_data_since": moment_object(found.lists_read_at, view.zone),
        "undated_count": found.undated_count,
        "is_in_future": found.is_in_future,
    }
    return Table("choice", ("ANSWER",), [(each.text,) for each in explain_choice(found, view.zone)], [row])
