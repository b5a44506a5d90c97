"""What a judgement amounts to, as rows: exposure, gaps and missed runs, the choice before a moment."""

from collections.abc import Iterable

from drtui.core.analysis.assessment import Judgement
from drtui.core.analysis.point_in_time import Choice
from drtui.core.analysis.rpo import Exposure
from drtui.core.formatting.display import View
from drtui.core.formatting.times import DAY, age, stamp
from drtui.core.listing.csv_values import Cell, seconds, when
from drtui.core.model.site_clock import in_seconds
from drtui.core.model.site_state import Gone, is_whole
from drtui.core.schedules.gaps import WINDOWS
from drtui.core.summary.health_check import Finding
from drtui.core.summary.labels import mark_of
from drtui.core.summary.point_in_time import explained
from drtui.output.formats import Row, Sheet, moment
from drtui.output.restore_points import point
from drtui.output.schedules import failed_run

NONE_WHOLE = "no backup is known that was complete when it was made: there is nothing from which gaps could be counted"
"""Without it, a site that never made a whole backup would look like one without gaps."""


def exposure(found: Exposure, view: View) -> Row:
    """How much would be lost now, for machines."""
    expiry, timeout = found.expiry, found.timeout
    return {
        "newest_usable": found.newest.backup.name if found.newest else None,
        "store": found.newest.backup.store if found.newest else None,
        "age_ms": found.age,
        "target_ms": found.target,
        "target_met": found.met,
        "pipelines_would_take": found.pipeline.backup.name if found.pipeline else None,
        "pipelines_would_take_from": found.pipeline.backup.store if found.pipeline else None,
        "fallback": found.fallback.backup.name if found.fallback else None,
        "fallback_verdict": mark_of(found.fallback.verdict.level).word if found.fallback else None,
        "usable": found.usable,
        "total": found.total,
        "last_usable_expires": moment(expiry.last, view.zone) if expiry else None,
        "next_to_expire": expiry.next.backup.name if expiry and expiry.next else None,
        "timeout_share": round(timeout.share, 4) if timeout else None,
        "timeout_ms": timeout.limit if timeout else None,
        "timeout_assumed": timeout.assumed if timeout else None,
        "timeout_trend": round(timeout.trend, 4) if timeout and timeout.trend is not None else None,
        "kept_forever": len(found.kept),
        "oldest_kept_forever": found.kept[0].backup.name if found.kept else None,
        "stores_of_another_release": [store.name for store in found.other_release_stores],
        "default_stores": None if found.default_stores is None else [store.name for store in found.default_stores],
    }


def findings(found: Iterable[Finding]) -> list[Row]:
    """Return findings of a check for machines."""
    return [
        {
            "state": each.grade.name,
            "code": each.code,
            "text": each.text,
            "unknown": each.unknown,
            "resources": list(each.resources),
            "cause": each.cause or None,
        }
        for each in found
    ]


def runs(judged: Judgement) -> Row:
    """Return how many runs left no usable backup, for machines; null where that is not known, with the reason."""
    return {
        "missed_runs": judged.missed,
        "failed_runs": judged.failed,
        "runs_unknown": judged.unknown_reason or None,
    }


def about(judged: Judgement, view: View) -> Row:
    """What every answer about a site begins with, for machines."""
    reading = judged.reading
    return {
        "site": reading.place,
        "read": moment(reading.read, view.zone),
        "judged_as_of": moment(view.now, view.zone),
        "saved": reading.is_saved,
        "clock_offset_seconds": in_seconds(reading.clock_offset),
        "troubles": [{"what": name, "code": t.code, "text": t.line} for name, t in reading.troubles],
        "exposure": exposure(judged.exposure, view),
        "exposure_is_whole": is_whole(reading),
        **runs(judged),
    }


def of_gaps(judged: Judgement, view: View) -> Sheet:
    """Gaps longer than the target, missed and failed runs, newest first; then the worst gap of each window."""
    found = judged.cadence
    zone, rows = view.zone, list[tuple[int, tuple[str, ...], Row, tuple[Cell, ...]]]()
    cells: tuple[Cell, ...]
    for gap in found.gaps:
        what = "gap, still open" if gap.open else "gap"
        text = (what, stamp(gap.start, view.zone), stamp(gap.end, view.zone), age(gap.length), "")
        what = "open_gap" if gap.open else "gap"
        cells = (what, when(gap.start, zone), when(gap.end, zone), seconds(gap.length), None)
        rows.append((gap.end, text, {"what": "gap", "open": gap.open, **_span(gap.start, gap.end, view)}, cells))
    for made, run in found.missed:
        text = ("missed run", stamp(run.at, view.zone), "-", "-", made.title)
        row: Row = {"what": "missed run", "schedule": made.title, "due": moment(run.at, view.zone)}
        rows.append((run.at, text, row, ("missed_run", when(run.at, zone), None, None, made.title)))
    for plan, run in found.failed:
        text = ("failed run", stamp(run.at, view.zone), "-", "-", f"{plan.title} ({run.reason})")
        row = {"what": "failed run", "schedule": plan.title, **failed_run(run, view)}
        rows.append((run.at, text, row, ("failed_run", when(run.at, zone), None, None, f"{plan.title} ({run.reason})")))
    for each in judged.reading.past.vanished(judged.now - WINDOWS[-1] * DAY):
        text = ("vanished early", stamp(each.last, view.zone), stamp(each.since, view.zone), "-", each.backup.name)
        cells = ("vanished_early", when(each.last, zone), when(each.since, zone), None, each.backup.name)
        rows.append((each.since, text, {"what": "vanished early", **vanished(each, view)}, cells))
    rows.sort(key=lambda row: -row[0])
    for worst in found.worst:
        since = f"known from {stamp(worst.since, view.zone)} only" if worst.since is not None else ""
        span = (worst.gap.start, worst.gap.end) if worst.gap else (None, None)
        length = age(worst.gap.length) if worst.gap else "-"
        text = (f"worst in {worst.days} d", stamp(span[0], view.zone), stamp(span[1], view.zone), length, since)
        row = {"what": "worst", "days": worst.days, "known_since": moment(worst.since, view.zone)}
        row |= _span(worst.gap.start, worst.gap.end, view) if worst.gap else {}
        lasted = seconds(worst.gap.length) if worst.gap else None
        known = f"known_since {when(worst.since, zone)}" if worst.since is not None else None
        rows.append((0, text, row, (f"worst_in_{worst.days}_d", *(when(each, zone) for each in span), lasted, known)))
    columns, texts, objects = (
        ("WHAT", "FROM", "TO", "LASTED", "NOTE"),
        [row[1] for row in rows],
        [row[2] for row in rows],
    )
    return Sheet("gaps", columns, texts, objects, cells=[row[3] for row in rows])


def vanished(found: Gone, view: View) -> Row:
    """A restore point that went before its retention date, for machines: when, within what the looks can tell."""
    return {
        "name": found.backup.name,
        "store": found.backup.store,
        "last_seen": moment(found.last, view.zone),
        "gone_since": moment(found.since, view.zone),
    }


def _span(start: int, end: int, view: View) -> Row:
    return {"from": moment(start, view.zone), "to": moment(end, view.zone), "length_ms": end - start}


def of_choice(found: Choice, view: View) -> Sheet:
    """The choice before a moment: in words for people, whole for machines."""
    row: Row = {
        "before": moment(found.moment, view.zone),
        "restore": point(found.point, view) if found.point else None,
        "loss_ms": found.loss,
        "every_store_read": not found.unlisted,
        "unlisted": found.unlisted or None,
        "spanning": [point(each, view) for each in found.spanning],
        "passed_over": [point(each, view) for each in found.passed],
        "later": found.later,
        "older_usable": found.older,
        "nothing_known_since": moment(found.unread, view.zone),
        "undated": found.undated,
        "ahead": found.ahead,
    }
    return Sheet("choice", ("ANSWER",), [(each.text,) for each in explained(found, view.zone)], [row])
