"""Restore points as a table with chosen columns, in groups."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Sequence

from drtui.core.analysis.changes import PreviousLists
from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.durations import age_at
from drtui.core.listing.columns import COLUMNS_BY_KEY, DEFAULT_PRINTED_COLUMNS, ListColumn
from drtui.core.listing.grouping import Group, group_heading
from drtui.core.listing.grouping import Row as Listed
from drtui.core.model.note import Note
from drtui.core.summary.labels import level_label, origin_text
from drtui.core.verdict.restore_points import RestorePoint
from drtui.output.formats import Row, Table, moment_object, retention_object


def restore_points_table(
    points: Sequence[RestorePoint], view: DisplayContext, columns: Sequence[str] = DEFAULT_PRINTED_COLUMNS
) -> Table:
    """Return restore points, one row each, with these columns."""
    fields = [COLUMNS_BY_KEY[key] for key in columns]
    texts = [*_texts(points, fields, view)]
    labels = tuple(field.key.upper() for field in fields)
    cells = (tuple(field.value(point, view) for field in fields) for point in points)
    return Table("restore_points", labels, texts, (restore_point_object(point, view) for point in points), cells=cells)


def _texts(
    points: Iterable[RestorePoint], fields: Sequence[ListColumn], view: DisplayContext
) -> Iterator[tuple[str, ...]]:
    """Yield the texts of each restore point; a text that repeats the one above it takes no memory."""
    above = ("",) * len(fields)
    for point in points:
        row = (field.text(point, view) for field in fields)
        above = tuple(old if old == new else new for old, new in zip(above, row, strict=True))
        yield above


def list_table(
    rows: Sequence[Listed],
    view: DisplayContext,
    columns: Sequence[str],
    previous: PreviousLists,
    failed: Collection[tuple[str, str]],
) -> Table:
    """Return the restore points of a list under the headings of its groups.

    Points that are new or changed since the lists `previous` are marked: a mark in the text, a word in JSON. `failed`
    has the ids of the backups of failed runs.
    """
    points: list[RestorePoint] = []
    names: list[str | None] = []
    groups: list[Group] = []
    headings: list[tuple[int, str]] = []
    for row in rows:
        if isinstance(row, Group):
            groups.append(row)
            headings.append((len(points), group_heading(row, view)))
        elif isinstance(row, RestorePoint):
            points.append(row)
            names.append(groups[-1].name if groups else None)
    changes = [previous.classify(point) for point in points]
    objects = (
        {
            **restore_point_object(point, view),
            "group": name,
            "failed_run": point.id in failed,
            "change": None if change is None else change.value,
        }
        for point, name, change in zip(points, names, changes, strict=True)
    )
    marks = ["" if change is None else change.sign for change in changes]
    new_since = moment_object(previous.listed_at, view.zone)
    extra = {"new_since": new_since, "groups": [_group(group, view) for group in groups]}
    table = restore_points_table(points, view, columns)
    return table._replace(objects=objects, headings=headings, marks=marks, extra=extra)


def _group(group: Group, view: DisplayContext) -> Row:
    """Return a group as a JSON object."""
    return {
        "group": group.name,
        "restore_points": group.point_count,
        "missed_runs": group.missed_count,
        "failed_runs": group.failed_count,
        "worst_verdict": None if group.worst_level is None else level_label(group.worst_level).word,
        "newest_usable": moment_object(group.newest_usable_start, view.zone),
    }


def note_object(note: Note, zone: dt.tzinfo) -> Row:
    """Return a note as a JSON object."""
    return {"time": moment_object(note.at, zone), "user": note.user, "text": note.text}


def restore_point_object(point: RestorePoint, view: DisplayContext) -> Row:
    """Return a restore point as a JSON object."""
    backup, zone = point.backup, view.zone
    return {
        "name": backup.name,
        "label": point.label,
        "store": backup.store,
        "verdict": level_label(point.verdict.level).word,
        "reasons": [
            {"code": r.code, "level": level_label(r.level).word, "text": r.text, "evidence": r.evidence}
            for r in point.verdict.reasons
        ],
        "status": backup.status,
        "started": moment_object(backup.start, zone),
        "completed": moment_object(backup.end, zone),
        "duration_ms": backup.duration,
        "age_ms": age_at(backup.start, view.now),
        "expires": retention_object(backup.retention, zone),
        "kind": origin_text(backup),
        "type": backup.backup_type,
        "release": backup.release,
        "site_name": backup.site_name,
        "namespace": backup.namespace,
        "description": backup.description,
        "parts": [
            {
                "part": part.kind,
                "cluster": part.cluster,
                "status": part.status,
                "started": moment_object(part.start, zone),
                "ended": moment_object(part.end, zone),
                "duration_ms": part.duration,
                "geodatabases": [{"name": g.name, "id": g.id} for g in part.geodatabases],
                "system_databases": list(part.system_databases),
                "buckets": list(part.buckets),
            }
            for part in backup.parts
        ],
    }
