"""Tests of the filter language: the restore points that a text matches."""

import datetime as dt
from typing import Any

import pytest
from msgspec.structs import replace

from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.durations import DAY, HOUR, MINUTE
from drtui.core.formatting.times import UTC, zone_named
from drtui.core.listing.catalog import Catalog, Criteria
from drtui.core.model.backup import NEVER, OBJECT, RELATIONAL, Backup, Geodatabase, Part
from drtui.core.query.query import Query, quote_value
from drtui.core.verdict.restore_points import RestorePoint
from drtui.core.verdict.rules import GOOD, Level, Reason, Verdict
from tests.conftest import NOW
from tests.core.points import backup

VIEW = DisplayContext(NOW, UTC)
"""The context of all tests; NOW is 2026-09-21T14:13:20Z."""
ROADS, PARCELS = "0A1B2C3D-0000-4000-8000-00000000000F", "4e8364061576100010421203c407cAFF"


def parts_with(
    *geodatabases: tuple[str, str], databases: tuple[str, ...] = ("gwdb",), buckets: tuple[str, ...] = ("content",)
) -> tuple[Part, ...]:
    return (
        Part(RELATIONAL, "completed", cluster="r4k2w", geodatabases=tuple(Geodatabase(*pair) for pair in geodatabases),
             system_databases=databases),
        Part(OBJECT, "Completed", cluster="o9x3d", buckets=buckets),
    )  # fmt: skip


def points_of(level: Level, *backups: Backup) -> tuple[RestorePoint, ...]:
    reason = GOOD if level is Level.USABLE else Reason(level, "a", "b")
    return tuple(RestorePoint(backup, Verdict(level, (reason,))) for backup in backups)


POINTS = (
    *points_of(
        Level.USABLE,
        backup("nightly-2026-09-21-00-00-09", 14, parts=parts_with(("roads", ROADS), ("Parcels", PARCELS))),
        backup(
            'say "hi", all', 40, schedule_type="MANUAL", store="archive", retention=NEVER, release="11.40.1",
            description="Before the parcel migration", parts=parts_with(("old roads", ROADS), buckets=("uploads",)),
        ),
    ),
    *points_of(
        Level.NOT_USABLE,
        backup("failed", 60, status="failed", end=None, retention=None, release="", parts=parts_with(databases=())),
        backup("half", 72, retention=NOW - DAY, release="11.4.0.6300", parts=(Part(OBJECT, "failed badly"),)),
    ),
    *points_of(
        Level.CANNOT_TELL,
        backup("undated", 99, start=None, status=None, schedule_type="ADHOC", release="beta", retention=NOW + 5 * DAY),
    ),
)  # fmt: skip
NAMES = ("nightly", "say", "failed", "half", "undated")


def names_matching(text: str, view: DisplayContext = VIEW) -> list[str]:
    """Return the first word of the name of each matching restore point."""
    query = Query.parse(text, view)
    listed = {point.id for point in Catalog().with_criteria(Criteria(filter=query), POINTS).points}
    matching = {point.id for point in POINTS if query.matches(point.backup, point.verdict)}
    assert matching == listed
    return [name for name, point in zip(NAMES, POINTS, strict=True) if point.id in listed]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["nightly", "say", "failed", "half", "undated"]),
        ("  ", ["nightly", "say", "failed", "half", "undated"]),
        ("NIGHTLY", ["nightly"]),
        ("parcel", ["nightly", "say"]),
        ("parcel migration", ["say"]),
        ("migration parcel", ["say"]),
        ('"parcel migration"', ["say"]),
        ('"migration parcel"', []),
        ('"say ""hi"""', ["say"]),
        ('sa"y "', ["say"]),
        ("hi,all", []),
        ('","', ["say"]),
        ("failed", ["failed", "half"]),
        ("!failed", ["nightly", "say", "undated"]),
        ('!"parcel migration" parcel', ["nightly"]),
        ("0a1b2c3d-0000", ["nightly", "say"]),
        ("0a1b2c3d0000", ["nightly", "say"]),
        ("r4k2w", ["nightly", "say", "failed"]),
        ("usable", []),
        ("14:37", []),
        ("2026-09-21", ["nightly"]),
    ],
)
def test_word_matches_all_texts_of_a_restore_point(text: str, expected: list[str]) -> None:
    assert names_matching(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("name:night", ["nightly"]),
        ("name:parcel", []),
        ("name=failed", ["failed"]),
        ("name=fail", []),
        ("NAME:Night", ["nightly"]),
        ("gdb:parcels", ["nightly"]),
        ("gdb:parcel", ["nightly"]),
        ("gdb=parcel", []),
        ("gdb=parcels", ["nightly"]),
        ("gdb:roads", ["nightly", "say"]),
        ("gdb=roads", ["nightly"]),
        ('gdb="old roads"', ["say"]),
        ('gdb:"old roads",parcels', ["nightly", "say"]),
        ("gdb:content", []),
        (f"gdb:{ROADS}", ["nightly", "say"]),
        (f"gdb={ROADS.replace('-', '').lower()}", ["nightly", "say"]),
        (f"gdb={PARCELS[:8]}-{PARCELS[8:]}", ["nightly"]),
        ("gdb:0a1b2c3d-0", ["nightly", "say"]),
        ("gdb=0a1b2c3d", []),
        ("gdb:0a1b2", []),
        ("!gdb:roads", ["failed", "half", "undated"]),
        ('gdb:""', ["nightly", "say"]),
        ('gdb=""', []),
        ("bucket:content", ["nightly", "failed"]),
        ("bucket:content,uploads", ["nightly", "say", "failed"]),
        ("bucket:gwdb", []),
        ("db:gwdb", ["nightly", "say"]),
        ("db=gw", []),
        ("cluster:r4", ["nightly", "say", "failed"]),
        ("store:vault", ["nightly", "failed", "half", "undated"]),
        ("store:VAU,archive", ["nightly", "say", "failed", "half", "undated"]),
        ("store=vau", []),
        ("status:failed", ["failed", "half"]),
        ('status:"no status"', ["undated"]),
        ("status=completed", ["nightly", "say", "failed", "half", "undated"]),
        ("kind:manual", ["say"]),
        ("kind:sched", ["nightly", "failed", "half"]),
        ("kind:adhoc", ["undated"]),
    ],
)
def test_text_field_matches_texts(text: str, expected: list[str]) -> None:
    assert names_matching(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("verdict:usable", ["nightly", "say"]),
        ("verdict:u", ["nightly", "say"]),
        ("verdict:✓", ["nightly", "say"]),
        ("verdict:ok", ["nightly", "say"]),
        ('verdict:"not usable"', ["failed", "half"]),
        ("verdict:not-usable", ["failed", "half"]),
        ("verdict:NOT", ["failed", "half"]),
        ("verdict:x", ["failed", "half"]),
        ("verdict:✗,?", ["failed", "half", "undated"]),
        ("verdict:cannot", ["undated"]),
        ("verdict:-", []),
        ("verdict:!", []),
        ("!verdict:usable", ["failed", "half", "undated"]),
        ("!verdict:usable,not", ["undated"]),
        ("release:11.4", ["nightly", "half"]),
        ("release:11.4.", ["nightly", "half"]),
        ("release:11", ["nightly", "say", "half"]),
        ("release:11.4.0", ["nightly", "half"]),
        ("release=11.4", ["nightly"]),
        ("release:11.4.0.6300", ["half"]),
        ("release:11.40", ["say"]),
        ("release:11.5", []),
        ("release:bet", ["undated"]),
        ('release=""', ["failed"]),
        ("!release:11.4", ["say", "failed", "undated"]),
    ],
)
def test_verdict_and_release_fields_match_values(text: str, expected: list[str]) -> None:
    assert names_matching(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("since:1d", ["nightly"]),
        ("since:2d", ["nightly", "say"]),
        ("until:2d", ["failed", "half"]),
        ("since:today", ["nightly"]),
        ("since:Yesterday", ["nightly"]),
        ("since:yesterday until:yesterday", []),
        ("since:2026-09-19 until:2026-09-19", ["failed", "say"]),
        ("since:2026-09-19T22:13:20Z", ["nightly", "say"]),
        ("since:2026-09-19T22:13:21Z", ["nightly"]),
        ('until:"2026-09-19 02:13"', ["failed", "half"]),
        ("until:2026-09-19T02:12", ["half"]),
        ("until:2026-09-19T02:13:19", ["half"]),
        ("until:2026-09-19T02", ["failed", "half"]),
        ("until:2026-09-19T04:13+02:00", ["failed", "half"]),
        (f"since:{NOW - 14 * HOUR}", ["nightly"]),
        (f"since:{NOW - 14 * HOUR + 1}", []),
        (f"until:{NOW - 60 * HOUR - 1}", ["half"]),
        ("!since:1d", ["say", "failed", "half"]),
        ("!until:1d", ["nightly"]),
        ("age<2d", ["nightly", "say"]),
        ("age>2d", ["failed", "half"]),
        ("age<=40h", ["nightly", "say"]),
        ("age<40h", ["nightly"]),
        ("age>=72h", ["half"]),
        ("!age<2d", ["failed", "half"]),
        ("age:unknown", ["undated"]),
        ("!age:unknown", ["nightly", "say", "failed", "half"]),
        ("took<5m", []),
        ("took<=5m", ["nightly", "say", "half"]),
        ("took>299s", ["nightly", "say", "half"]),
        ("!took>299s", []),
        ("took:unknown", ["failed", "undated"]),
        ("expires<7d", ["half", "undated"]),
        ("expires>7d", ["nightly", "say"]),
        ("!expires<7d", ["nightly", "say"]),
        ("!expires>7d", ["half", "undated"]),
        ("expires:never", ["say"]),
        ("expires:Unknown", ["failed"]),
        ("expires:never,unknown", ["say", "failed"]),
        ("expires<7d,20d", ["nightly", "half", "undated"]),
        ("!expires<7d,20d", ["say"]),
    ],
)
def test_time_field_matches_neither_way_when_the_time_is_unknown(text: str, expected: list[str]) -> None:
    assert sorted(names_matching(text)) == sorted(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/^nightly-.*-09$/", ["nightly"]),
        ("/NIGHT/", ["nightly"]),
        ("/say .hi/", ["say"]),
        ("/^parcels$/", ["nightly"]),
        ("/roads$|^failed$/", ["nightly", "say", "failed"]),
        ("!/roads/ verdict:not", ["failed", "half"]),
        ("/nightly.*roads/", []),
        (r"/\S+-\d\d$/", ["nightly"]),
        (r"/a\/b/", []),
        ("/a/b/", []),
    ],
)
def test_regular_expression_matches_one_name_at_a_time(text: str, expected: list[str]) -> None:
    assert names_matching(text) == expected


def test_filter_matches_only_when_all_terms_do() -> None:
    assert names_matching("gdb:roads !store:vault expires:never migration") == ["say"]


@pytest.mark.parametrize("value", ["roads", "old roads", 'a"b', "a,b", "!x", "/x/", "gdb:x", "", "ü", "x<3", "'", "\\"])
def test_quoted_value_matches_exactly_that_value(value: str) -> None:
    matching = replace(POINTS[2].backup, parts=parts_with((value, "")), description=value)
    different = replace(matching, parts=parts_with(("nothing", "")), description="nothing")
    for text in (f"gdb={quote_value(value)}", f"gdb:{quote_value(value)}", f"!gdb={quote_value('nothing')}"):
        query = Query.parse(text, VIEW)
        assert query.matches(matching, POINTS[2].verdict)
        assert not query.matches(different, POINTS[2].verdict) or not value
    assert Query.parse(quote_value(value), VIEW).matches(matching, POINTS[2].verdict)


@pytest.mark.parametrize(
    ("text", "zone", "first_moment"),
    [
        ("since:2026-09-20", "Europe/Berlin", "2026-09-19T22:00:00+00:00"),
        ("since:2026-09-20T00:00", "America/New_York", "2026-09-20T04:00:00+00:00"),
        ("since:2026-09-20T00:00Z", "America/New_York", "2026-09-20T00:00:00+00:00"),
        ("since:2026-03-08", "America/Havana", "2026-03-08T05:00:00+00:00"),  # the day begins at 01:00
        ("since:2026-11-01", "America/Havana", "2026-11-01T04:00:00+00:00"),  # midnight comes twice
        ("since:today", "Pacific/Kiritimati", "2026-09-21T10:00:00+00:00"),
    ],
)
def test_time_field_uses_the_zone_of_the_context(text: str, zone: str, first_moment: str) -> None:
    first = round(dt.datetime.fromisoformat(first_moment).timestamp() * 1000)
    query = Query.parse(text, DisplayContext(NOW, zone_named(zone)))
    matches = [query.matches(replace(POINTS[0].backup, start=start), POINTS[0].verdict) for start in (first, first - 1)]
    assert matches == [True, False]


def test_age_changes_with_the_time_and_dates_do_not() -> None:
    query = Query.parse("age<15h since:2026-09-20", VIEW)
    assert query.as_of(NOW) is query
    for now, expected in ((NOW + 2 * HOUR, 0), (NOW + 30 * MINUTE, 1)):
        later = Catalog().with_criteria(Criteria(filter=query.as_of(now)), POINTS)
        assert (len(later.points), later.filter.text) == (expected, query.text)


def test_filter_description_has_every_term() -> None:
    query = Query.parse('"two words" !verdict:x,u gdb:a,"b c" /x|y/ expires<7d', VIEW)
    assert query.term_texts == ('"two words"', "!verdict:x,u", 'gdb:a,"b c"', "/x|y/", "expires<7d")
    assert query.description.split("; ") == [
        "has 'two words' somewhere in it",
        "not: is not usable or usable",
        "contains a geodatabase with 'a' or 'b c' in its name or ID",
        "has /x|y/ somewhere in it",
        "expires in less than 7 d",
        "unknown values match neither a term nor its negation",
    ]


@pytest.mark.parametrize(("text", "expected"), [("", False), ("  ", False), ("a", True), ('""', True)])
def test_filter_is_false_when_it_has_no_terms(text: str, expected: bool) -> None:
    assert bool(Query.parse(text, VIEW)) is expected


def test_backups_are_equal_when_only_one_has_computed_its_text() -> None:
    first, second = backup("a", 1), backup("a", 1)
    assert first.content_text.startswith("relationalstore\nrel1\ncompleted\n")
    assert first == second
    assert repr(first) == repr(second)


def test_filter_matches_sanitised_text_when_it_has_control_characters() -> None:
    record: Any = replace(POINTS[0].backup, description="\N{SYMBOL FOR ESCAPE}[2J")
    assert Query.parse("\x1b[2J", VIEW).matches(record, POINTS[0].verdict)
