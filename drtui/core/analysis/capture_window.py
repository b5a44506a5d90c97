"""The parts of a restore point in time: captured one after another, and by which instance of each store."""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from msgspec import Struct

from drtui.core.model.backup import OBJECT, RELATIONAL, Backup, Geodatabase, Part
from drtui.core.verdict.restore_points import RestorePoint, start_time


class CaptureWindow(Struct, frozen=True):
    """When the parts were captured. Within the spread they may disagree; that is no sign of damage (rule R5)."""

    order: tuple[str, ...]
    """Their kinds, by start."""
    spread: int
    """Milliseconds from the start of the first to the end of the last."""
    skew: int | None
    """Milliseconds from the end of the relational stores to the end of the object stores; None if not known."""


class InstanceChange(Struct, frozen=True):
    """Two neighbours in time that come from different instances of a store.

    A hint that the site was rebuilt or restored in between, not a verdict (docs/rules.md).
    """

    before: RestorePoint
    after: RestorePoint
    kinds: tuple[str, ...]
    """Which kinds of part changed."""


def capture_window(backup: Backup) -> CaptureWindow | None:
    """When the parts of a backup were captured; None as long as no part has both a start and an end."""
    timed = sorted(_timed_parts(backup.parts[:]), key=lambda each: each[:2])
    if not timed:
        return None
    order = tuple(dict.fromkeys(kind for _, _, kind in timed))
    ends = {kind: max(end for _, end, each in timed if each == kind) for kind in order}
    skew = ends[OBJECT] - ends[RELATIONAL] if OBJECT in ends and RELATIONAL in ends else None
    return CaptureWindow(order, backup.capture_duration or 0, skew)


def _timed_parts(parts: Sequence[Part]) -> Iterator[tuple[int, int, str]]:
    """Start, end and kind of those that have both, the right way round."""
    for part in parts:
        if part.start is not None and part.end is not None and part.end >= part.start:
            yield part.start, part.end, part.kind


def instance_changes(points: Sequence[RestorePoint]) -> tuple[InstanceChange, ...]:
    """Where the instance of a store changed between neighbours in time, oldest first; over all backup stores."""
    changes: list[InstanceChange] = []
    last: dict[str, tuple[RestorePoint, frozenset[str]]] = {}
    for point in _sort_by_start(points):
        marks = _instances_by_kind(tuple(map(_instance_marks, point.backup.undated_parts)))
        changed = [kind for kind, ids in marks.items() if kind in last and ids.isdisjoint(last[kind][1])]
        if changed:
            changes.append(InstanceChange(last[changed[0]][0], point, tuple(changed)))
        last |= {kind: (point, ids) for kind, ids in marks.items()}
    return tuple(changes)


InstanceMarks = tuple[str, str, tuple[Geodatabase, ...]]
"""Of a part its kind, and what tells the instance of its store: its `clusterID`, or else its geodatabases."""


def _instance_marks(part: Part) -> InstanceMarks:
    return part.kind, part.cluster, () if part.cluster else part.geodatabases


@lru_cache(1_000)  # neighbours mostly have the same
def _instances_by_kind(parts: tuple[InstanceMarks, ...]) -> dict[str, frozenset[str]]:
    """What tells one instance of a store from another, by the kind of part. Not to be changed in place."""
    found: dict[str, set[str]] = {}
    for kind, cluster, geodatabases in parts:
        marks = {cluster} if cluster else {each.identity for each in geodatabases if each.identity}
        if marks:
            found.setdefault(kind, set()).update(marks)
    return {kind: frozenset(marks) for kind, marks in found.items()}


def _sort_by_start(points: Sequence[RestorePoint]) -> Sequence[RestorePoint]:
    """Those whose start is known by start, store and name: sorted by each in turn, no keys have to be made."""
    found = [point for point in points if point.backup.start is not None]
    found.sort(key=lambda point: point.backup.name)
    found.sort(key=lambda point: point.backup.store)
    found.sort(key=start_time)
    return found
