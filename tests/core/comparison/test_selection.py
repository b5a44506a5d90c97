"""The choice of two restore points to compare, and reasons for no choice."""

import pytest

from drtui.core.comparison.selection import Id, choose_marked_pair, choose_previous_pair, toggle_selection
from drtui.core.model.backup import Backup
from drtui.core.verdict.restore_points import RestorePoint
from tests.core.points import backup, points_of, site_of

A, B, C = ("vault", "a"), ("vault", "b"), ("vault", "c")


@pytest.mark.parametrize(
    ("marks", "id_", "expected"),
    [
        ((), A, (A,)),
        ((A,), B, (A, B)),
        ((A,), A, ()),
        ((A, B), A, (B,)),
        ((A, B), B, (A,)),
        ((A, B), C, (B, C)),  # a third mark replaces the older
    ],
)
def test_toggle_selection_keeps_two_marks_when_a_third_is_added(
    marks: tuple[Id, ...], id_: Id, expected: tuple[Id, ...]
) -> None:
    assert toggle_selection(marks, id_) == expected


LISTED = points_of(site_of(backup("a", 30), backup("b", 20), backup("c", 10)))


@pytest.mark.parametrize(
    ("marks", "current", "expected"),
    [
        ((), "a", "space marks a restore point"),
        ((), None, "space marks a restore point"),
        ((A,), None, "no restore point selected"),
        ((A,), "a", "this is the marked restore point"),
        ((A,), "c", ["a", "c"]),
        ((C,), "a", ["c", "a"]),
        ((A, B), "c", ["a", "b"]),
        ((A, B), None, ["a", "b"]),
        ((A, ("vault", "gone")), "c", "gone is marked, but no longer listed"),
        ((("vault", "gone"),), "c", "gone is marked, but no longer listed"),
        ((("elsewhere", "a"),), "c", "a is marked, but no longer listed"),
    ],
)
def test_marked_pair_returns_two_points_or_a_reason_when_marks_are_given(
    marks: tuple[Id, ...], current: str | None, expected: list[str] | str
) -> None:
    current_point = next((point for point in LISTED if point.backup.name == current), None)
    pair = choose_marked_pair(LISTED, marks, current_point)
    if isinstance(expected, str):
        assert isinstance(pair, str)
        assert expected in pair
    else:
        assert not isinstance(pair, str)
        assert [point.backup.name for point in pair] == expected


def list_and_first(*backups: Backup) -> tuple[tuple[RestorePoint, ...], RestorePoint]:
    """Return the restore points and the first of them, which is under the cursor."""
    listed = points_of(site_of(*backups))
    return listed, listed[0]


@pytest.mark.parametrize(
    ("backups", "expected"),
    [
        ((backup("x", 1), backup("a", 2), backup("b", 3)), "a"),
        ((backup("x", 1), backup("a", 2, status="failed"), backup("b", 3)), "b"),
        ((backup("x", 1), backup("a", 2, store="other"), backup("b", 3)), "b"),  # the same store is preferred
        ((backup("x", 1), backup("a", 2, store="other"), backup("b", 3, status="failed")), "a"),
        ((backup("x", 1, status="failed"), backup("a", 2)), "a"),
        ((backup("x", 5), backup("a", 2)), None),
        ((backup("x", 5), backup("a", 5)), None),  # both started at the same time
        ((backup("x", 5), backup("a", 6, release="11.3.0")), None),
        ((backup("x", 5), backup("a", 6, start=None)), None),
        ((backup("x", 5),), None),
    ],
)
def test_previous_pair_returns_the_usable_point_before_when_one_exists(
    backups: tuple[Backup, ...], expected: str | None
) -> None:
    listed, current = list_and_first(*backups)
    pair = choose_previous_pair(listed, current)
    if expected is None:
        assert pair == "no usable restore point before it; space marks any two for d"
    else:
        assert not isinstance(pair, str)
        assert [point.backup.name for point in pair] == [expected, "x"]


def test_previous_pair_returns_a_reason_when_the_start_is_unknown() -> None:
    listed, current = list_and_first(backup("x", 1, start=None), backup("a", 2))
    assert (
        choose_previous_pair(listed, current) == "start time unknown: the previous restore point cannot be determined"
    )
    assert choose_previous_pair(listed, None) == "no restore point selected to compare"
