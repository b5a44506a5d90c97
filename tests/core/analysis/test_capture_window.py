"""The parts in time: order, spread and skew; and where another instance of a store took over."""

import pytest
from msgspec.structs import replace

from drtui.core.analysis.capture_window import CaptureWindow, capture_window, instance_changes
from drtui.core.model.backup import INFRASTRUCTURE, OBJECT, RELATIONAL, Backup, Geodatabase, Part
from tests.core.points import backup, points, reading


def spans(*found: tuple[str, int | None, int | None]) -> Backup:
    return backup("one", 1, parts=tuple(Part(kind, "completed", start, end) for kind, start, end in found))


@pytest.mark.parametrize(
    ("of", "expected"),
    [
        (spans((RELATIONAL, 2, 52), (OBJECT, 52, 322)), CaptureWindow((RELATIONAL, OBJECT), 320, 270)),  # R5
        (spans((OBJECT, 1, 5), (RELATIONAL, 6, 9)), CaptureWindow((OBJECT, RELATIONAL), 8, -4)),
        (spans((RELATIONAL, 1, 2), (RELATIONAL, 3, 9), (OBJECT, 4, 8)), CaptureWindow((RELATIONAL, OBJECT), 8, -1)),
        (spans((RELATIONAL, 1, None), (INFRASTRUCTURE, 5, 7)), CaptureWindow((INFRASTRUCTURE,), 2, None)),
        (spans((RELATIONAL, 1, 5), (OBJECT, 1, 5)), CaptureWindow((RELATIONAL, OBJECT), 4, 0)),
        (spans((RELATIONAL, 9, 3)), None),
        (spans((OBJECT, 1, 5)), CaptureWindow((OBJECT,), 4, None)),
        (spans((RELATIONAL, 4, 4)), CaptureWindow((RELATIONAL,), 0, None)),
        (spans(), None),
    ],
)
def test_r5_the_window_in_which_parts_may_disagree(of: Backup, expected: CaptureWindow | None) -> None:
    assert capture_window(of) == expected


def instances(name: str, hours_ago: float, relational: str, objects: str, geodatabase: str = "") -> Backup:
    named = (Geodatabase("hgdb", geodatabase),) if geodatabase else ()
    return backup(
        name, hours_ago, parts=(Part(RELATIONAL, cluster=relational, geodatabases=named), Part(OBJECT, cluster=objects))
    )


@pytest.mark.parametrize(
    ("backups", "expected"),
    [
        ((instances("a", 2, "r1", "o1"), instances("b", 1, "r1", "o1")), []),
        ((instances("a", 2, "r1", "o1"), instances("b", 1, "r2", "o2")), [("a", "b", (RELATIONAL, OBJECT))]),
        ((instances("b", 1, "r1", "o2"), instances("a", 2, "r1", "o1")), [("a", "b", (OBJECT,))]),
        (
            (instances("a", 3, "r1", "o1"), instances("b", 2, "", ""), instances("c", 1, "r2", "o1")),
            [("a", "c", (RELATIONAL,))],
        ),
        ((instances("b", 2, "r1", "o1"), instances("a", 1, "r2", "o1")), [("b", "a", (RELATIONAL,))]),
        ((instances("a", 2, "", "", "ab1"), instances("b", 1, "", "", "-")), []),
        ((instances("a", 2, "", "", "AB-1"), instances("b", 1, "", "", "ab1")), []),
        ((instances("a", 2, "", "", "ab1"), instances("b", 1, "", "", "cd2")), [("a", "b", (RELATIONAL,))]),
    ],
)
def test_another_instance_of_a_store(
    backups: tuple[Backup, ...], expected: list[tuple[str, str, tuple[str, ...]]]
) -> None:
    found = instance_changes(points(reading(*backups)))
    assert [(each.before.backup.name, each.after.backup.name, each.kinds) for each in found] == expected


def test_one_that_never_started_has_no_neighbours() -> None:
    lost = replace(instances("b", 1, "r2", "o2"), start=None)
    assert instance_changes(points(reading(instances("a", 2, "r1", "o1"), lost))) == ()
