"""Restore points as a sheet: in columns that one chose, in groups."""

from collections.abc import Collection, Sequence

from drtui.core.analysis.changes import PreviousLists
from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.times import age_at
from drtui.core.listing.columns import COLUMNS_BY_KEY, DEFAULT_PRINTED_COLUMNS
from drtui.core.listing.grouping import Group, group_heading
from drtui.core.listing.grouping import Row as Listed
from drtui.core.summary.labels import level_label, origin_text
from drtui.core.verdict.restore_points import RestorePoint
from drtui.output.formats import Row, Table, moment_object


def restore_points_table(
    points: Sequence[RestorePoint], view: DisplayContext, columns: Sequence[str] = DEFAULT_PRINTED_COLUMNS
) -> Table:
    """Restore points, a row each, in these columns."""
    fields = [COLUMNS_BY_KEY[key] for key in columns]
    texts = [tuple(field.text(each, view) for field in fields) for each in points]
    labels = tuple(field.key.upper() for field in fields)
    cells = (tuple(field.value(each, view) for field in fields) for each in points)
    return Table("restore_points", labels, texts, (restore_point_object(each, view) for each in points), cells=cells)


def list_table(
    listed: Sequence[Listed], view: DisplayContext, columns: Sequence[str] = DEFAULT_PRINTED_COLUMNS
) -> Table:
    """The restore points of a list under the headings of its groups, if it has any."""
    points: list[RestorePoint] = []
    names: list[str | None] = []
    groups: list[Group] = []
    headings: list[tuple[int, str]] = []
    for each in listed:
        if isinstance(each, Group):
            groups.append(each)
            headings.append((len(points), group_heading(each, view)))
        elif isinstance(each, RestorePoint):
            points.append(each)
            names.append(groups[-1].name if groups else None)
    sheet = restore_points_table(points, view, columns)
    objects = ({**row, "group": name} for row, name in zip(sheet.objects, names, strict=True))
    return sheet._replace(
        objects=objects, headings=headings, besides={"groups": [_group(each, view) for each in groups]}
    )


def with_failed_runs(sheet: Table, listed: Sequence[Listed], failed: Collection[tuple[str, str]]) -> Table:
    """Return the same for machines with a word on each that is the backup of a run that failed, by their ids."""
    flags = [each.id in failed for each in listed if isinstance(each, RestorePoint)]
    objects = ({**row, "failed_run": flag} for row, flag in zip(sheet.objects, flags, strict=True))
    return sheet._replace(objects=objects)


def with_changes(sheet: Table, listed: Sequence[Listed], since: PreviousLists) -> Table:
    """The same with what is new and what has changed: a mark for people, a word for machines."""
    changes = [since.classify(each) for each in listed if isinstance(each, RestorePoint)]
    words = [None if each is None else each.value for each in changes]
    objects = ({**row, "change": word} for row, word in zip(sheet.objects, words, strict=True))
    return sheet._replace(objects=objects, marks=["" if each is None else each.sign for each in changes])


def with_groups_named(sheet: Table) -> Table:
    """The same with the name of the group in a column of its own: a line between rows would be no CSV."""
    groups = [row["group"] for row in sheet.objects]
    texts = [(group, *text) for group, text in zip(groups, sheet.texts, strict=True)]
    cells = [(group, *row) for group, row in zip(groups, sheet.cells or (), strict=True)]
    return sheet._replace(columns=("GROUP", *sheet.columns), texts=texts, cells=cells)


def _group(found: Group, view: DisplayContext) -> Row:
    """A group for machines."""
    return {
        "group": found.name,
        "restore_points": found.point_count,
        "missed_runs": found.missed_count,
        "failed_runs": found.failed_count,
        "worst_verdict": None if found.worst_level is None else level_label(found.worst_level).word,
        "newest_usable": moment_object(found.newest_usable_start, view.zone),
    }


def restore_point_object(each: RestorePoint, view: DisplayContext) -> Row:
    """One restore point for machines."""
    backup, zone = each.backup, view.zone
    return {
        "name": backup.name,
        "label": each.label,
        "store": backup.store,
        "verdict": level_label(each.verdict.level).word,
        "reasons": [
            {"code": r.code, "level": level_label(r.level).word, "text": r.text, "evidence": r.evidence}
            for r in each.verdict.reasons
        ],
        "status": backup.status,
        "started": moment_object(backup.start, zone),
        "completed": moment_object(backup.end, zone),
        "duration_ms": backup.duration,
        "age_ms": age_at(backup.start, view.now),
        "expires": "never" if backup.retention == -1 else moment_object(backup.retention, zone),
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
