"""Which restore points are to be compared: the two that are marked, or one and the usable one before it."""

from collections.abc import Iterable

from drtui.core.verdict.restore_points import RestorePoint

Id = tuple[str, str]
"""Store and name of a restore point."""

MarkedPair = tuple[RestorePoint, RestorePoint] | str
"""Two restore points, or why there are not two."""


def toggle_selection(marks: tuple[Id, ...], id_: Id) -> tuple[Id, ...]:
    """The marks, at most two, after `id_` was marked or unmarked; a third one takes the place of the older."""
    return tuple(each for each in marks if each != id_) if id_ in marks else (*marks[-1:], id_)


def marked_pair(points: Iterable[RestorePoint], marks: tuple[Id, ...], current: RestorePoint | None) -> MarkedPair:
    """The two that are marked, or the marked one and the one under the cursor."""
    if not marks:
        return "space marks the one to compare with; D compares with the usable one before it"
    if len(marks) < 2 and current is None:
        return "there is no restore point here to compare with the marked one"
    one, other = marks if len(marks) > 1 or current is None else (*marks, current.id)
    if one == other:
        return "this is the marked one: go to the one to compare it with"
    found = {point.id: point for point in points if point.id in {one, other}}
    gone = next((id_ for id_ in (one, other) if id_ not in found), None)
    if gone is not None:
        return f"{gone[1]} is marked, but not in the list any more; esc takes the marks away"
    return found[one], found[other]


def previous_pair(points: Iterable[RestorePoint], current: RestorePoint | None) -> MarkedPair:
    """The one under the cursor, and the usable one before it."""
    if current is None:
        return "there is no restore point here to compare"
    if current.backup.start is None:
        return "it does not say when it started: which one was before it is not known"
    previous = previous_usable(points, current)
    return (previous, current) if previous is not None else "no usable one was before it; space marks any two for d"


def previous_usable(points: Iterable[RestorePoint], point: RestorePoint) -> RestorePoint | None:
    """The newest usable one that started before `point`: of the same store, else of any."""
    start = point.backup.start
    if start is None:
        return None
    before = [p for p in points if p.verdict.usable and p.backup.start is not None and p.backup.start < start]
    return max(before, key=lambda p: (p.backup.store == point.backup.store, p.backup.start or 0), default=None)
