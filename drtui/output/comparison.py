"""What differs between two restore points, as rows for people and whole for machines."""

from drtui.core.analysis.capture_window import capture_window
from drtui.core.comparison.compare import Comparison, GeodatabasesComparison, NamesComparison, PartPair, duration_ratio
from drtui.core.comparison.impact import restore_impact
from drtui.core.comparison.rows import comparison_rows
from drtui.core.formatting.display import DisplayContext
from drtui.core.model.backup import Geodatabase, Part
from drtui.core.verdict.restore_points import RestorePoint
from drtui.output.formats import Row, Table
from drtui.output.restore_points import restore_point_object

LEVELS = {"good": "ok", "warn": "warning", "bad": "critical"}
"""The level in JSON of each tone of a sentence."""


def comparison_table(found: Comparison, view: DisplayContext) -> Table:
    """A row each difference; one object for machines."""
    rows = comparison_rows(found, view)
    texts = [(row.sign.name.lower(), row.subject, row.older, row.newer, row.note) for row in rows]
    older, newer = (label.upper() for label in found.labels)
    cells = [(row.sign.name.lower(), row.subject, *row.csv_cells) for row in rows]
    return Table("comparison", ("CHANGE", "PROPERTY", older, newer, "NOTE"), texts, [_object(found, view)], cells=cells)


def _object(found: Comparison, view: DisplayContext) -> Row:
    a, b = found.older.backup, found.newer.backup
    return {
        "older": restore_point_object(found.older, view),
        "newer": restore_point_object(found.newer, view),
        "order_known": found.is_ordered_by_time,
        "interval_ms": found.time_apart,
        "has_differences": found.has_differences,
        "impact": [
            {"text": each.text, "level": LEVELS.get(each.tone)} for each in restore_impact(found, plain=view.plain)
        ],
        "geodatabases": None if found.geodatabases is None else _geodatabases(found.geodatabases),
        "system_databases": _names(found.databases),
        "buckets": _names(found.buckets),
        "properties": [
            {"property": f.name, "older": f.older, "newer": f.newer, "same": f.is_same} for f in found.metadata
        ],
        "duration": {
            "older_ms": a.duration,
            "newer_ms": b.duration,
            "ratio": _rounded(duration_ratio(a.duration, b.duration)),
        },
        "parts": [_pair(each) for each in found.parts],
        "capture_window": {"older": _captured(found.older), "newer": _captured(found.newer)},
    }


def _geodatabases(found: GeodatabasesComparison) -> Row:
    twins = {"renamed": found.renamed, "recreated": found.recreated, "uncertain": found.uncertain}
    alone = {"added": found.added, "removed": found.removed, "unchanged": found.unchanged}
    return {name: [_geodatabase(each) for each in listed] for name, listed in alone.items()} | {
        name: [{"older": _geodatabase(x), "newer": _geodatabase(y)} for x, y in pairs] for name, pairs in twins.items()
    }


def _geodatabase(each: Geodatabase) -> Row:
    return {"name": each.name, "id": each.id}


def _names(found: NamesComparison | None) -> Row | None:
    return None if found is None else {"added": found.added, "removed": found.removed, "unchanged": found.unchanged}


def _pair(pair: PartPair) -> Row:
    took = [None if each is None else each.duration for each in (pair.older, pair.newer)]
    return {
        "part": pair.kind,
        "older": _part(pair.older),
        "newer": _part(pair.newer),
        "different_instance": pair.is_other_instance,
        "duration_ratio": _rounded(duration_ratio(*took)),
    }


def _part(part: Part | None) -> Row | None:
    return None if part is None else {"cluster": part.cluster, "status": part.status, "duration_ms": part.duration}


def _captured(of: RestorePoint) -> Row | None:
    found = capture_window(of.backup)
    return None if found is None else {"order": found.order, "spread_ms": found.spread, "skew_ms": found.skew}


def _rounded(number: float | None) -> float | None:
    return None if number is None else round(number, 4)
