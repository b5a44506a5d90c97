"""The comparison of two restore points as a table and as JSON."""

from drtui.core.analysis.capture_window import measure_capture_window
from drtui.core.comparison.compare import (
    Comparison,
    GeodatabasesComparison,
    PartPair,
    compute_duration_ratio,
)
from drtui.core.comparison.impact import describe_impact
from drtui.core.comparison.rows import comparison_rows
from drtui.core.formatting.display import DisplayContext
from drtui.core.model.backup import Geodatabase, Part
from drtui.core.verdict.restore_points import RestorePoint
from drtui.output.formats import Row, Table
from drtui.output.restore_points import restore_point_object

LEVELS = {"good": "ok", "warn": "warning", "bad": "critical"}
"""The level in JSON for each tone of a sentence."""


def comparison_table(comparison: Comparison, view: DisplayContext) -> Table:
    """Return the differences, one row each; one object as JSON."""
    rows = comparison_rows(comparison, view)
    texts = [(row.sign.name.lower(), row.subject, row.older, row.newer, row.note) for row in rows]
    older, newer = (label.upper() for label in comparison.labels)
    cells = [(row.sign.name.lower(), row.subject, *row.csv_cells) for row in rows]
    return Table(
        "comparison", ("CHANGE", "PROPERTY", older, newer, "NOTE"), texts, [_object(comparison, view)], cells=cells
    )


def _object(comparison: Comparison, view: DisplayContext) -> Row:
    a, b = comparison.older.backup, comparison.newer.backup
    return {
        "older": restore_point_object(comparison.older, view),
        "newer": restore_point_object(comparison.newer, view),
        "order_known": comparison.is_ordered_by_time,
        "interval_ms": comparison.time_apart,
        "has_differences": comparison.has_differences,
        "impact": [
            {"text": sentence.text, "level": LEVELS.get(sentence.tone)}
            for sentence in describe_impact(comparison, plain=view.plain)
        ],
        "geodatabases": None if comparison.geodatabases is None else _geodatabases(comparison.geodatabases),
        "system_databases": comparison.databases,
        "buckets": comparison.buckets,
        "properties": [
            {"property": f.name, "older": f.older, "newer": f.newer, "same": f.is_same} for f in comparison.metadata
        ],
        "duration": {
            "older_ms": a.duration,
            "newer_ms": b.duration,
            "ratio": _rounded(compute_duration_ratio(a.duration, b.duration)),
        },
        "parts": [_pair(part) for part in comparison.parts],
        "capture_window": {"older": _captured(comparison.older), "newer": _captured(comparison.newer)},
    }


def _geodatabases(comparison: GeodatabasesComparison) -> Row:
    twins = {"renamed": comparison.renamed, "recreated": comparison.recreated, "uncertain": comparison.uncertain}
    alone = {"added": comparison.added, "removed": comparison.removed, "unchanged": comparison.unchanged}
    return {name: [_geodatabase(row) for row in listed] for name, listed in alone.items()} | {
        name: [{"older": _geodatabase(x), "newer": _geodatabase(y)} for x, y in pairs] for name, pairs in twins.items()
    }


def _geodatabase(geodatabase: Geodatabase) -> Row:
    return {"name": geodatabase.name, "id": geodatabase.id}


def _pair(pair: PartPair) -> Row:
    durations = [None if part is None else part.duration for part in (pair.older, pair.newer)]
    return {
        "part": pair.kind,
        "older": _part(pair.older),
        "newer": _part(pair.newer),
        "different_instance": pair.is_other_instance,
        "duration_ratio": _rounded(compute_duration_ratio(*durations)),
    }


def _part(part: Part | None) -> Row | None:
    return None if part is None else {"cluster": part.cluster, "status": part.status, "duration_ms": part.duration}


def _captured(point: RestorePoint) -> Row | None:
    window = measure_capture_window(point.backup)
    return (
        None if window is None else {"order": window.kinds_by_start, "spread_ms": window.spread, "skew_ms": window.skew}
    )


def _rounded(number: float | None) -> float | None:
    return None if number is None else round(number, 4)
