"""Choose the two restore points to compare: the marked pair, or one and the usable one before it."""

from collections.abc import Iterable

from drtui.core.verdict.restore_points import RestorePoint, start_time

Id = tuple[str, str]
"""Store and name of a restore point."""

MarkedPair = tuple[RestorePoint, RestorePoint] | str
"""Two restore points, or the reason why there are not two."""


def toggle_selection(marks: tuple[Id, ...], id_: Id) -> tuple[Id, ...]:
    """Return at most two marks after marking or unmarking `id_`; a third mark replaces the older."""
    return tuple(mark for mark in marks if mark != id_) if id_ in marks else (*marks[-1:], id_)


def choose_marked_pair(
    points: Iterable[RestorePoint], marks: tuple[Id, ...], current: RestorePoint | None
) -> MarkedPair:
    """Return the two marked restore points, or the marked one and `current`, the one under the cursor."""
    if not marks:
        return "space marks a restore point to compare with; D compares with the previous usable restore point"
    if len(marks) < 2 and current is None:
        return "no restore point selected to compare with the mark"
    first, second = marks if len(marks) > 1 or current is None else (*marks, current.id)
    if first == second:
        return "this is the marked restore point: select another one and press d"
    listed = {point.id: point for point in points if point.id in {first, second}}
    missing = next((id_ for id_ in (first, second) if id_ not in listed), None)
    if missing is not None:
        return f"{missing[1]} is marked, but no longer listed; esc clears the marks"
    return listed[first], listed[second]


def choose_previous_pair(points: Iterable[RestorePoint], current: RestorePoint | None) -> MarkedPair:
    """Return the newest usable restore point before `current`, and `current`, the one under the cursor.

    Restore points of the same store are preferred.
    """
    if current is None:
        return "no restore point selected to compare"
    if current.backup.start is None:
        return "start time unknown: the previous restore point cannot be determined"
    start, store = current.backup.start, current.backup.store
    before = [p for p in points if p.verdict.is_usable and p.backup.start is not None and p.backup.start < start]
    if not before:
        return "no usable restore point before it; space marks any two for d"
    return max(before, key=lambda point: (point.backup.store == store, start_time(point))), current
