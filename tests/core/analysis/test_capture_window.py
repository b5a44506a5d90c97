"""Tests of capture windows (order, spread, skew) and of instance changes between backups."""

import pytest
from msgspec.structs import replace

from drtui.core.analysis.capture_window import CaptureWindow, find_instance_changes, measure_capture_window
from drtui.core.model.backup import INFRASTRUCTURE, OBJECT, RELATIONAL, Backup, Geodatabase, Part
from tests.core.points import backup, points_of, site_of


def backup_with_parts(*parts: tuple[str, int | None, int | None]) -> Backup:
    return backup("one", 1, parts=tuple(Part(kind, "completed", start, end) for kind, start, end in parts))


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (
            backup_with_parts((RELATIONAL, 2, 52), (OBJECT, 52, 322)),
            CaptureWindow((RELATIONAL, OBJECT), 320, 270),
        ),  # R5
        (backup_with_parts((OBJECT, 1, 5), (RELATIONAL, 6, 9)), CaptureWindow((OBJECT, RELATIONAL), 8, -4)),
        (
            backup_with_parts((RELATIONAL, 1, 2), (RELATIONAL, 3, 9), (OBJECT, 4, 8)),
            CaptureWindow((RELATIONAL, OBJECT), 8, -1),
        ),
        (backup_with_parts((RELATIONAL, 1, None), (INFRASTRUCTURE, 5, 7)), CaptureWindow((INFRASTRUCTURE,), 2, None)),
        (backup_with_parts((RELATIONAL, 1, 5), (OBJECT, 1, 5)), CaptureWindow((RELATIONAL, OBJECT), 4, 0)),
        (backup_with_parts((RELATIONAL, 9, 3)), None),
        (backup_with_parts((OBJECT, 1, 5)), CaptureWindow((OBJECT,), 4, None)),
        (backup_with_parts((RELATIONAL, 4, 4)), CaptureWindow((RELATIONAL,), 0, None)),
        (backup_with_parts(), None),
    ],
)
def test_r5_capture_window_has_order_spread_and_skew(record: Backup, expected: CaptureWindow | None) -> None:
    assert measure_capture_window(record) == expected


def backup_of_instances(name: str, hours_ago: float, relational: str, objects: str, geodatabase: str = "") -> Backup:
    geodatabases = (Geodatabase("hgdb", geodatabase),) if geodatabase else ()
    return backup(
        name,
        hours_ago,
        parts=(Part(RELATIONAL, cluster=relational, geodatabases=geodatabases), Part(OBJECT, cluster=objects)),
    )


@pytest.mark.parametrize(
    ("backups", "expected"),
    [
        ((backup_of_instances("a", 2, "r1", "o1"), backup_of_instances("b", 1, "r1", "o1")), []),
        (
            (backup_of_instances("a", 2, "r1", "o1"), backup_of_instances("b", 1, "r2", "o2")),
            [("a", "b", (RELATIONAL, OBJECT))],
        ),
        ((backup_of_instances("b", 1, "r1", "o2"), backup_of_instances("a", 2, "r1", "o1")), [("a", "b", (OBJECT,))]),
        (
            (
                backup_of_instances("a", 3, "r1", "o1"),
                backup_of_instances("b", 2, "", ""),
                backup_of_instances("c", 1, "r2", "o1"),
            ),
            [("a", "c", (RELATIONAL,))],
        ),
        (
            (backup_of_instances("b", 2, "r1", "o1"), backup_of_instances("a", 1, "r2", "o1")),
            [("b", "a", (RELATIONAL,))],
        ),
        ((backup_of_instances("a", 2, "", "", "ab1"), backup_of_instances("b", 1, "", "", "-")), []),
        ((backup_of_instances("a", 2, "", "", "AB-1"), backup_of_instances("b", 1, "", "", "ab1")), []),
        (
            (backup_of_instances("a", 2, "", "", "ab1"), backup_of_instances("b", 1, "", "", "cd2")),
            [("a", "b", (RELATIONAL,))],
        ),
    ],
)
def test_instance_changes_are_found_when_consecutive_backups_share_no_instance(
    backups: tuple[Backup, ...], expected: list[tuple[str, str, tuple[str, ...]]]
) -> None:
    changes = find_instance_changes(points_of(site_of(*backups)))
    assert [(change.before.backup.name, change.after.backup.name, change.kinds) for change in changes] == expected


def test_instance_changes_ignore_a_backup_when_it_has_no_start() -> None:
    unstarted = replace(backup_of_instances("b", 1, "r2", "o2"), start=None)
    assert find_instance_changes(points_of(site_of(backup_of_instances("a", 2, "r1", "o1"), unstarted))) == ()
