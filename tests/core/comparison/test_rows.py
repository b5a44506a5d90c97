"""Difference by difference, and laid out: beside one another, or one below the other."""

from typing import Any

import pytest
from msgspec.structs import replace

from drtui.core.comparison.compare import Comparison, compare
from drtui.core.comparison.layout import MAX_LABEL_CELLS, MIN_TABLE_CELLS, comparison_lines
from drtui.core.comparison.rows import Difference, Sign, comparison_rows, format_ratio
from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.text import cut_middle, width
from drtui.core.formatting.times import MINUTE, UTC
from drtui.core.model.backup import OBJECT, RELATIONAL, Backup, Geodatabase, Part
from tests.conftest import NOW
from tests.core.comparison.test_impact import HELD, LIKE, changed
from tests.core.points import backup, points, reading

VIEW = DisplayContext(NOW, UTC)


def of(older: Backup, newer: Backup) -> Comparison:
    one, other = points(reading(older, newer))
    return compare(one, other)


def comparison(older: tuple[Part, ...], newer: tuple[Part, ...]) -> Comparison:
    """Two that differ in their parts only."""
    return of(replace(LIKE, parts=older), replace(LIKE, name="newer", start=LIKE.start + 1, parts=newer))  # type: ignore[operator]


def after(**changes: Any) -> Comparison:
    newer = backup("newer", 10, parts=HELD, site_name="county", namespace="gis")
    return of(LIKE, replace(newer, **changes))


def row(found: Comparison, what: str) -> tuple[str, str, str, str]:
    """The line about something: sign, older, newer, note."""
    (line,) = [each for each in comparison_rows(found, VIEW) if each.subject == what]
    return line.sign.value, line.older, line.newer, line.note


@pytest.mark.parametrize(
    ("changes", "what", "expected"),
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
        ({"end": LIKE.start}, "took", (" ", "5 m 00 s", "-", "")),
        ({"description": "by hand"}, "note", (" ", "-", "by hand", "")),
        ({"retention": -1}, "expires", (" ", "in 13 d", "never", "")),
        (
            {"parts": changed(0, geodatabases=(Geodatabase("roads", "a1"),))},
            "geodatabase removed",
            ("-", "parks", "-", "b2"),
        ),
        (
            {"parts": changed(0, geodatabases=(*HELD[0].geodatabases, Geodatabase("new", "c3")))},
            "geodatabase added",
            ("+", "-", "new", "c3"),
        ),
        (
            {"parts": changed(0, geodatabases=(Geodatabase("streets", "A1"), Geodatabase("parks", "b2")))},
            "geodatabase renamed",
            ("~", "roads", "streets", "same id A1"),
        ),
        (
            {"parts": changed(0, geodatabases=(Geodatabase("roads", "F" * 32), Geodatabase("parks", "b2")))},
            "geodatabase re-created",
            ("~", "roads", "roads", "other id: a1, ffffffff"),
        ),
        (
            {"parts": changed(0, geodatabases=(Geodatabase("roads", ""), Geodatabase("parks", "b2")))},
            "geodatabase",
            ("?", "roads", "roads", "an id in one record only"),
        ),
        ({"parts": changed(0, system_databases=("gwdb",))}, "system database removed", ("-", "arcgis", "-", "")),
        ({"parts": changed(1, buckets=("content", "uploads"))}, "bucket added", ("+", "-", "uploads", "")),
        ({"parts": changed(1, buckets=())}, "buckets", ("?", "1 listed", "none listed", "one record does not say")),
        (
            {"parts": changed(0, cluster="r2")},
            "relational store instance",
            ("~", "r1", "r2", "rebuilt or restored in between?"),
        ),
        ({"parts": changed(0, cluster="")}, "relational store instance", ("?", "r1", "-", "")),
        ({"parts": changed(1, status="failed")}, "object store status", ("~", "✓ completed", "✗ failed", "")),
        ({"parts": HELD[1:]}, "relational store", ("?", "✓ completed", "not in the record", "")),
        (
            {"parts": (*HELD, Part("bigDataStore", "completed"))},
            "bigDataStore added",
            ("+", "not in the record", "✓ completed", ""),
        ),
        (
            {"parts": (*HELD, Part(RELATIONAL, "completed", cluster="r2"))},
            "relational store r2 added",
            ("+", "not in the record", "✓ completed", ""),
        ),
    ],
)
def test_a_line_each(changes: dict[str, Any], what: str, expected: tuple[str, str, str, str]) -> None:
    assert row(after(**changes), what) == expected


def timed(minutes: int, objects: int) -> tuple[Part, ...]:
    ends = (minutes * MINUTE, objects * MINUTE)
    return tuple(Part(kind, "completed", 0, end) for kind, end in zip((RELATIONAL, OBJECT), ends, strict=True))


def test_durations_stand_beside_one_another_with_their_factor() -> None:
    found = of(backup("a", 20, parts=timed(8, 10)), backup("b", 10, parts=timed(29, 30), end=NOW))
    assert row(found, "relational store took") == (" ", "8 m 00 s", "29 m 00 s", "3.6x slower")
    assert row(found, "took") == (" ", "5 m 00 s", "10 h 00 m", "120x slower")
    assert row(found, "captured within") == (" ", "10 min", "30 min", "")
    assert row(found, "object after relational store") == (" ", "2 min", "60 s", "")


@pytest.mark.parametrize(
    ("times", "said"),
    [
        (None, ""),
        (1.0, "about as long"),
        (1.04, "about as long"),
        (0.96, "about as long"),
        (1.05, "1.1x slower"),
        (3.625, "3.6x slower"),
        (0.5, "2.0x faster"),
        (12.4, "12x slower"),
        (0.001, "1,000x faster"),
    ],
)
def test_a_factor_in_words(times: float | None, said: str) -> None:
    assert format_ratio(times) == said


@pytest.mark.parametrize(
    "found",
    [after(), after(release="11.3.0"), after(parts=()), after(status="failed"), after(parts=changed(0, cluster=""))],
)
def test_a_line_says_so_wherever_they_differ(found: Comparison) -> None:
    rows = comparison_rows(found, VIEW)
    assert any(each.is_difference for each in rows) is found.has_differences
    order = [0 if each.is_difference else 1 if each.sign is Sign.INFO else 2 for each in rows]
    assert order == sorted(order), "what differs comes first, what is the same last"


def test_ascii_keeps_to_ascii() -> None:
    lines = comparison_lines(after(release="11.3.0", parts=changed(1, status="failed")), VIEW._replace(plain=True))
    assert all(text.isascii() for line in lines for text, _ in line)


def texts(found: Comparison, cells: int | None) -> list[str]:
    return ["".join(text for text, _ in line).rstrip() for line in comparison_lines(found, VIEW, cells)]


def test_older_on_the_left_newer_on_the_right() -> None:
    lines = texts(after(release="11.3.0"), None)
    assert lines[:2] == [
        "Older: like (store vault), started 2026-09-20 18:13:20 +00:00",
        "Newer: newer (store vault), started 2026-09-21 04:13:20 +00:00, 10 h later",
    ]
    heading = lines.index(next(line for line in lines if "OLDER" in line))
    (release,) = [line for line in lines if line.startswith("~ release")]
    assert release.index("11.4.0") == lines[heading].index("OLDER")
    assert release.index("11.3.0") == lines[heading].index("NEWER")


HUGE = after(
    description="d" * 4_000,
    parts=(
        *changed(0, geodatabases=(Geodatabase("n" * 4_000, "c" * 32), Geodatabase("東京" * 30, "d" * 32))),
        Part("k" * 4_000, "completed"),
    ),
)


@pytest.mark.parametrize("cells", [38, 78, MIN_TABLE_CELLS, 118, 158, 198])
@pytest.mark.parametrize("found", [after(), HUGE, of(LIKE, backup("x", 5, start=None, parts=()))])
def test_columns_keep_to_the_window(found: Comparison, cells: int) -> None:
    for line in comparison_lines(found, VIEW, cells):
        if len(line) > 1 and cells >= MIN_TABLE_CELLS:
            assert sum(width(text) for text, _ in line[:-1]) <= cells, "only the note may be cut"
    assert "newer" in " ".join(texts(found, cells)).lower() or not found.is_ordered_by_time


@pytest.mark.parametrize("found", [after(), after(release="11.3.0"), after(parts=()), HUGE])
def test_one_below_the_other_every_fact_is_still_there(found: Comparison) -> None:
    stacked = "\n".join(texts(found, 78))
    for each in comparison_rows(found, VIEW):
        assert f"{each.sign.value} {cut_middle(each.subject, MAX_LABEL_CELLS)}" in stacked
        for side in held(each):
            assert width(side) > 60 or side in stacked


def held(each: Difference) -> tuple[str, ...]:
    """What there is to show: of what is only in one of them, one side."""
    alone = {Sign.ADDED: (each.newer,), Sign.REMOVED: (each.older,)}
    return alone.get(each.sign, (each.older, each.newer))


def test_counts_say_of_how_many_when_the_two_hold_different_numbers() -> None:
    """20 and 26 geodatabases, of which 18 are in both."""
    older = tuple(Geodatabase(f"g{number}", f"{number}") for number in range(20))
    newer = tuple(Geodatabase(f"g{number}", f"{number}") for number in range(2, 28))
    found = comparison(changed(0, geodatabases=older), changed(0, geodatabases=newer))
    assert row(found, "geodatabases unchanged") == ("=", "18 of 20", "18 of 26", "")


def test_counts_take_a_renamed_geodatabase_for_one_of_each_side() -> None:
    held = tuple(Geodatabase(f"g{number}", f"{number}") for number in range(3))
    found = comparison(
        changed(0, geodatabases=held), changed(0, geodatabases=(*held[:2], Geodatabase("new name", "2")))
    )
    assert row(found, "geodatabases unchanged") == ("=", "2 of 3", "2 of 3", "")


def test_counts_of_buckets_and_databases_say_of_how_many() -> None:
    found = comparison(
        changed(1, buckets=("a", "b")),
        changed(1, buckets=("b", "c", "d")),
    )
    assert row(found, "buckets unchanged") == ("=", "1 of 2", "1 of 3", "")
