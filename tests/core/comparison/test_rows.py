"""Rows of a comparison, and their layout as a table or stacked."""

from typing import Any

import pytest
from msgspec.structs import replace

from drtui.core.comparison.compare import Comparison, compare
from drtui.core.comparison.layout import MAX_LABEL_CELLS, MIN_TABLE_CELLS, comparison_lines
from drtui.core.comparison.rows import Difference, Sign, comparison_rows, format_ratio
from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.durations import MINUTE
from drtui.core.formatting.text import cut_middle, width
from drtui.core.formatting.times import UTC
from drtui.core.model.backup import OBJECT, RELATIONAL, Backup, Geodatabase, Part
from tests.conftest import NOW
from tests.core.comparison.test_impact import OLDER, PARTS, change_part
from tests.core.points import backup, points_of, site_of

VIEW = DisplayContext(NOW, UTC)


def compare_backups(older: Backup, newer: Backup) -> Comparison:
    first, second = points_of(site_of(older, newer))
    return compare(first, second)


def compare_parts(older: tuple[Part, ...], newer: tuple[Part, ...]) -> Comparison:
    """Compare two restore points that differ only in name, start and parts."""
    assert OLDER.start is not None
    newer_backup = replace(OLDER, name="newer", start=OLDER.start + 1, parts=newer)
    return compare_backups(replace(OLDER, parts=older), newer_backup)


def compare_changed(**changes: Any) -> Comparison:
    newer = backup("newer", 10, parts=PARTS, site_name="county", namespace="gis")
    return compare_backups(OLDER, replace(newer, **changes))


def find_row(result: Comparison, subject: str) -> tuple[str, str, str, str]:
    """Return sign, older, newer and note of the row with this subject."""
    (difference,) = [difference for difference in comparison_rows(result, VIEW) if difference.subject == subject]
    return difference.sign.value, difference.older, difference.newer, difference.note


@pytest.mark.parametrize(
    ("changes", "subject", "expected"),
    [
        ({}, "verdict", ("=", "✓ usable", "✓ usable", "")),
        ({}, "geodatabases unchanged", ("=", "2 of 2", "2 of 2", "")),
        ({}, "system databases unchanged", ("=", "2 of 2", "2 of 2", "")),
        ({}, "buckets unchanged", ("=", "1 of 1", "1 of 1", "")),
        ({}, "release", ("=", "11.4.0", "11.4.0", "")),
        ({"release": "11.3.0"}, "release", ("~", "11.4.0", "11.3.0", "")),
        ({"release": ""}, "release", ("?", "11.4.0", "-", "")),
        ({"namespace": "b"}, "namespace", ("~", "gis", "b", "")),
        ({"site_name": ""}, "site", ("?", "county", "-", "")),
        ({"backup_type": "DELTA"}, "type", ("~", "FULL", "DELTA", "")),
        ({"status": "failed"}, "verdict", ("~", "✓ usable", "✗ not usable", "")),
        ({"end": OLDER.start}, "took", (" ", "5 m 00 s", "-", "")),
        ({"description": "by hand"}, "note", (" ", "-", "by hand", "")),
        ({"retention": -1}, "expires", (" ", "in 13 d", "never", "")),
        (
            {"parts": change_part(0, geodatabases=(Geodatabase("roads", "a1"),))},
            "geodatabase removed",
            ("-", "parks", "-", "b2"),
        ),
        (
            {"parts": change_part(0, geodatabases=(*PARTS[0].geodatabases, Geodatabase("new", "c3")))},
            "geodatabase added",
            ("+", "-", "new", "c3"),
        ),
        (
            {"parts": change_part(0, geodatabases=(Geodatabase("streets", "A1"), Geodatabase("parks", "b2")))},
            "geodatabase renamed",
            ("~", "roads", "streets", "same ID A1"),
        ),
        (
            {"parts": change_part(0, geodatabases=(Geodatabase("roads", "F" * 32), Geodatabase("parks", "b2")))},
            "geodatabase re-created",
            ("~", "roads", "roads", "other ID: a1, ffffffff"),
        ),
        (
            {"parts": change_part(0, geodatabases=(Geodatabase("roads", ""), Geodatabase("parks", "b2")))},
            "geodatabase",
            ("?", "roads", "roads", "ID in one record only"),
        ),
        (
            {"parts": change_part(0, system_databases=("gwdb",))},
            "system database removed",
            ("-", "arcgis", "-", ""),
        ),
        ({"parts": change_part(1, buckets=("content", "uploads"))}, "bucket added", ("+", "-", "uploads", "")),
        (
            {"parts": change_part(1, buckets=())},
            "buckets",
            ("?", "1 listed", "none listed", "not in one of the records"),
        ),
        (
            {"parts": change_part(0, cluster="r2")},
            "relational store instance",
            ("~", "r1", "r2", "rebuilt or restored in between?"),
        ),
        ({"parts": change_part(0, cluster="")}, "relational store instance", ("?", "r1", "-", "")),
        ({"parts": change_part(1, status="failed")}, "object store status", ("~", "✓ completed", "✗ failed", "")),
        ({"parts": PARTS[1:]}, "relational store", ("?", "✓ completed", "not in the record", "")),
        (
            {"parts": (*PARTS, Part("bigDataStore", "completed"))},
            "bigDataStore added",
            ("+", "not in the record", "✓ completed", ""),
        ),
        (
            {"parts": (*PARTS, Part(RELATIONAL, "completed", cluster="r2"))},
            "relational store r2 added",
            ("+", "not in the record", "✓ completed", ""),
        ),
    ],
)
def test_comparison_rows_have_one_row_when_a_property_differs(
    changes: dict[str, Any], subject: str, expected: tuple[str, str, str, str]
) -> None:
    assert find_row(compare_changed(**changes), subject) == expected


def timed(minutes: int, objects: int) -> tuple[Part, ...]:
    ends = (minutes * MINUTE, objects * MINUTE)
    return tuple(Part(kind, "completed", 0, end) for kind, end in zip((RELATIONAL, OBJECT), ends, strict=True))


def test_comparison_rows_compare_durations_when_both_are_known() -> None:
    result = compare_backups(backup("a", 20, parts=timed(8, 10)), backup("b", 10, parts=timed(29, 30), end=NOW))
    assert find_row(result, "relational store took") == (" ", "8 m 00 s", "29 m 00 s", "3.6x slower")
    assert find_row(result, "took") == (" ", "5 m 00 s", "10 h 00 m", "120x slower")
    assert find_row(result, "captured over") == (" ", "10 min", "30 min", "")
    assert find_row(result, "object store lag") == (" ", "2 min", "60 s", "")


@pytest.mark.parametrize(
    ("ratio", "expected"),
    [
        (None, ""),
        (1.0, "similar"),
        (1.04, "similar"),
        (0.96, "similar"),
        (1.05, "1.1x slower"),
        (3.625, "3.6x slower"),
        (0.5, "2.0x faster"),
        (12.4, "12x slower"),
        (0.001, "1,000x faster"),
    ],
)
def test_format_ratio_returns_words_when_the_ratio_is_known(ratio: float | None, expected: str) -> None:
    assert format_ratio(ratio) == expected


@pytest.mark.parametrize(
    "result",
    [
        compare_changed(),
        compare_changed(release="11.3.0"),
        compare_changed(parts=()),
        compare_changed(status="failed"),
        compare_changed(parts=change_part(0, cluster="")),
    ],
)
def test_comparison_rows_list_differences_first_when_the_points_differ(result: Comparison) -> None:
    rows = comparison_rows(result, VIEW)
    assert any(difference.is_difference for difference in rows) is result.has_differences
    order = [0 if difference.is_difference else 1 if difference.sign is Sign.INFO else 2 for difference in rows]
    assert order == sorted(order), "what differs comes first, what is the same last"


def test_comparison_lines_are_ascii_when_plain() -> None:
    lines = comparison_lines(
        compare_changed(release="11.3.0", parts=change_part(1, status="failed")), VIEW._replace(plain=True)
    )
    assert all(text.isascii() for line in lines for text, _ in line)


def line_texts(result: Comparison, cells: int | None) -> list[str]:
    return ["".join(text for text, _ in line).rstrip() for line in comparison_lines(result, VIEW, cells)]


def test_comparison_lines_put_the_older_left_when_wide() -> None:
    lines = line_texts(compare_changed(release="11.3.0"), None)
    assert lines[:2] == [
        "Older: like (store vault), started 2026-09-20 18:13:20 +00:00",
        "Newer: newer (store vault), started 2026-09-21 04:13:20 +00:00, 10 h later",
    ]
    heading = lines.index(next(line for line in lines if "OLDER" in line))
    (release,) = [line for line in lines if line.startswith("~ release")]
    assert release.index("11.4.0") == lines[heading].index("OLDER")
    assert release.index("11.3.0") == lines[heading].index("NEWER")


HUGE = compare_changed(
    description="d" * 4_000,
    parts=(
        *change_part(0, geodatabases=(Geodatabase("n" * 4_000, "c" * 32), Geodatabase("東京" * 30, "d" * 32))),
        Part("k" * 4_000, "completed"),
    ),
)


@pytest.mark.parametrize("cells", [38, 78, MIN_TABLE_CELLS, 118, 158, 198])
@pytest.mark.parametrize(
    "result", [compare_changed(), HUGE, compare_backups(OLDER, backup("x", 5, start=None, parts=()))]
)
def test_comparison_lines_fit_the_window_when_names_are_long(result: Comparison, cells: int) -> None:
    for line in comparison_lines(result, VIEW, cells):
        if len(line) > 1 and cells >= MIN_TABLE_CELLS:
            assert sum(width(text) for text, _ in line[:-1]) <= cells, "only the note may be cut"
    assert "newer" in " ".join(line_texts(result, cells)).lower() or not result.is_ordered_by_time


@pytest.mark.parametrize(
    "result", [compare_changed(), compare_changed(release="11.3.0"), compare_changed(parts=()), HUGE]
)
def test_comparison_lines_contain_every_value_when_narrow(result: Comparison) -> None:
    stacked = "\n".join(line_texts(result, 78))
    for difference in comparison_rows(result, VIEW):
        assert f"{difference.sign.value} {cut_middle(difference.subject, MAX_LABEL_CELLS)}" in stacked
        for side in shown_values(difference):
            assert width(side) > 60 or side in stacked


def shown_values(difference: Difference) -> tuple[str, ...]:
    """Return the values that the layout must show: both, or the only one of an added or removed item."""
    one_sided = {Sign.ADDED: (difference.newer,), Sign.REMOVED: (difference.older,)}
    return one_sided.get(difference.sign, (difference.older, difference.newer))


def test_unchanged_row_has_both_totals_when_they_differ() -> None:
    """Compares 20 and 26 geodatabases, of which 18 are in both."""
    older = tuple(Geodatabase(f"g{number}", f"{number}") for number in range(20))
    newer = tuple(Geodatabase(f"g{number}", f"{number}") for number in range(2, 28))
    result = compare_parts(change_part(0, geodatabases=older), change_part(0, geodatabases=newer))
    assert find_row(result, "geodatabases unchanged") == ("=", "18 of 20", "18 of 26", "")


def test_unchanged_row_excludes_a_geodatabase_when_it_was_renamed() -> None:
    listed = tuple(Geodatabase(f"g{number}", f"{number}") for number in range(3))
    result = compare_parts(
        change_part(0, geodatabases=listed),
        change_part(0, geodatabases=(*listed[:2], Geodatabase("new name", "2"))),
    )
    assert find_row(result, "geodatabases unchanged") == ("=", "2 of 3", "2 of 3", "")


def test_unchanged_row_has_both_totals_when_buckets_differ() -> None:
    result = compare_parts(
        change_part(1, buckets=("a", "b")),
        change_part(1, buckets=("b", "c", "d")),
    )
    assert find_row(result, "buckets unchanged") == ("=", "1 of 2", "1 of 3", "")
