"""Capture times of the parts of a backup, and changes of the store instance between backups."""

from collections.abc import Sequence
from functools import lru_cache
from operator import attrgetter

from msgspec import Struct

from drtui.core.model.backup import OBJECT, RELATIONAL, Backup, Geodatabase, Part
from drtui.core.verdict.restore_points import RestorePoint


class CaptureWindow(Struct, frozen=True):
    """The period in which the parts of a backup were captured; within it they may disagree without damage (rule R5)."""

    kinds_by_start: tuple[str, ...]
    """Kinds of part, sorted by start."""
    spread: int
    """Milliseconds from the start of the first to the end of the last."""
    skew: int | None
    """Milliseconds from the end of the relational stores to the end of the object stores; None if not known."""


class InstanceChange(Struct, frozen=True):
    """Two consecutive restore points that come from different instances of a relational or object store.

    They hint that the site was rebuilt or restored in between, but do not change a verdict (docs/rules.md).
    """

    before: RestorePoint
    after: RestorePoint
    kinds: tuple[str, ...]
    """Kinds of part whose instance changed."""


def measure_capture_window(backup: Backup) -> CaptureWindow | None:
    """Return the capture window of a backup; None if no part has both a start and an end."""
    parts = [part for part in backup.parts if part.duration is not None]
    captures = sorted(((p.start or 0, p.end or 0, p.kind) for p in parts), key=lambda capture: capture[:2])
    if not captures:
        return None
    order = tuple(dict.fromkeys(kind for _, _, kind in captures))
    ends = {kind: max(end for _, end, part_kind in captures if part_kind == kind) for kind in order}
    skew = ends[OBJECT] - ends[RELATIONAL] if OBJECT in ends and RELATIONAL in ends else None
    return CaptureWindow(order, backup.capture_duration or 0, skew)


def find_instance_changes(points: Sequence[RestorePoint]) -> tuple[InstanceChange, ...]:
    """Return the changes of instance between consecutive restore points of all backup stores, oldest first."""
    changes: list[InstanceChange] = []
    last: dict[str, tuple[RestorePoint, frozenset[str]]] = {}
    dated = [point for point in points if point.backup.start is not None]
    for key in ("backup.name", "backup.store", "backup.start"):
        dated.sort(key=attrgetter(key))  # three stable sorts allocate nothing, one by tuples does
    for point in dated:
        marks = _instances_by_kind(tuple(map(_instance_marks, point.backup.undated_parts)))
        changed = [kind for kind, ids in marks.items() if kind in last and ids.isdisjoint(last[kind][1])]
        if changed:
            changes.append(InstanceChange(last[changed[0]][0], point, tuple(changed)))
        last |= {kind: (point, ids) for kind, ids in marks.items()}
    return tuple(changes)


InstanceMarks = tuple[str, str, tuple[Geodatabase, ...]]
"""Kind, `clusterID` and geodatabases of a part, which identify the instance; no geodatabases if it has a cluster."""


def _instance_marks(part: Part) -> InstanceMarks:
    return part.kind, part.cluster, () if part.cluster else part.geodatabases


@lru_cache(1_000)  # consecutive backups mostly have the same parts
def _instances_by_kind(parts: tuple[InstanceMarks, ...]) -> dict[str, frozenset[str]]:
    """Return identifiers of the instance by kind of part. The result is cached: do not change it in place."""
    instances: dict[str, set[str]] = {}
    for kind, cluster, geodatabases in parts:
        marks = {cluster} if cluster else {geodatabase.identity for geodatabase in geodatabases if geodatabase.identity}
        if marks:
            instances.setdefault(kind, set()).update(marks)
    return {kind: frozenset(marks) for kind, marks in instances.items()}
