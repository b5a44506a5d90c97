"""What each column says, in full and in a narrow one."""

import pytest
from msgspec.structs import replace

from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.times import DAY, HOUR, UTC, zone_named
from drtui.core.listing.catalog import SORT_KEYS
from drtui.core.listing.columns import (
    COLUMNS,
    COLUMNS_BY_KEY,
    DEFAULT_PRINTED_COLUMNS,
    DEFAULT_SCREEN_COLUMNS,
    REQUIRED_COLUMNS,
    ColumnError,
    normalize_columns,
    parse_columns,
)
from drtui.core.model.backup import NEVER, Geodatabase
from drtui.core.verdict.restore_points import RestorePoint
from drtui.core.verdict.verdict import GOOD, Level, Verdict
from tests.conftest import NOW
from tests.core.points import backup, parts

VIEW = DisplayContext(NOW, UTC)
BERLIN = DisplayContext(NOW, zone_named("Europe/Berlin"), plain=True)

START = NOW - 30 * HOUR
KNOWN = backup(
    "nightly-1",
    30,
    parts=(replace(parts(START)[0], geodatabases=(Geodatabase("a", "1"),)), *parts(START)[1:]),
    site_name="prod",
    namespace="arcgis-ns",
    description="before the move",
)
NOTHING = replace(
    backup("", 0), store="", start=None, end=None, retention=None, release="", backup_type="", schedule_type="",
    parts=(),
)  # fmt: skip


def point(each: object) -> RestorePoint:
    return RestorePoint(each, Verdict(Level.USABLE, (GOOD,)))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("key", "view", "text", "short"),
    [
        ("name", VIEW, "nightly-1", "nightly-1"),
        ("verdict", VIEW, "✓ usable", "✓ usable"),
        ("verdict", BERLIN, "ok usable", "ok usable"),
        ("age", VIEW, "30 h", "30 h"),
        ("started", VIEW, "2026-09-20 08:13:20 +00:00", "2026-09-20 08:13"),
        ("started", BERLIN, "2026-09-20 10:13:20 +02:00", "2026-09-20 10:13"),
        ("completed", VIEW, "2026-09-20 08:18:20 +00:00", "2026-09-20 08:18"),
        ("until", BERLIN, "2026-10-04 10:13:20 +02:00", "2026-10-04 10:13"),
        ("expires", VIEW, "in 12 d", "in 12 d"),
        ("store", VIEW, "vault", "vault"),
        ("took", VIEW, "5 m 00 s", "5 m 00 s"),
        ("kind", VIEW, "scheduled", "scheduled"),
        ("release", VIEW, "11.4.0", "11.4.0"),
        ("geodatabases", VIEW, "1", "1"),
        ("buckets", VIEW, "0", "0"),
        ("clusters", VIEW, "rel1, obj1, inf1", "rel1, obj1, inf1"),
        ("window", VIEW, "3 m 00 s", "3 m 00 s"),
        ("site", VIEW, "prod", "prod"),
        ("namespace", VIEW, "arcgis-ns", "arcgis-ns"),
        ("type", VIEW, "FULL", "FULL"),
        ("description", VIEW, "before the move", "before the move"),
        ("reason", VIEW, "", ""),
    ],
)
def test_what_a_column_says(key: str, view: DisplayContext, text: str, short: str) -> None:
    assert (COLUMNS_BY_KEY[key].text(point(KNOWN), view), COLUMNS_BY_KEY[key].short(point(KNOWN), view)) == (
        text,
        short,
    )


@pytest.mark.parametrize("field", COLUMNS, ids=lambda field: field.key)
def test_what_is_not_known_is_said_to_be(field: object) -> None:
    unknown = {"name": "(no name)", "verdict": "✓ usable", "expires": "unknown", "until": "unknown", "reason": ""}
    assert COLUMNS_BY_KEY[field.key].short(point(NOTHING), VIEW) == unknown.get(field.key, "-")  # type: ignore[attr-defined]


def test_kept_forever_is_never() -> None:
    assert COLUMNS_BY_KEY["until"].text(point(replace(KNOWN, retention=NEVER)), VIEW) == "never"


def test_whatever_is_shown_can_be_sorted_by_and_nothing_else() -> None:
    assert {field.key for field in COLUMNS} == set(SORT_KEYS)
    assert {*DEFAULT_SCREEN_COLUMNS, *DEFAULT_PRINTED_COLUMNS, *REQUIRED_COLUMNS} <= set(COLUMNS_BY_KEY)


@pytest.mark.parametrize(
    ("typed", "keys"), [("name", ("name",)), (" Name, until,name", ("name", "until")), ("took,age", ("took", "age"))]
)
def test_columns_as_people_type_them(typed: str, keys: tuple[str, ...]) -> None:
    assert parse_columns(typed) == keys


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("verdikt", "Unknown column 'verdikt'. Did you mean verdict? Columns: name, verdict"),
        ("colour", "Unknown column 'colour'. Columns: "),
        ("", "Unknown column ''"),
        ("name,", "Unknown column ''"),
    ],
)
def test_what_is_no_column_is_said_with_what_there_is(typed: str, why: str) -> None:
    with pytest.raises(ColumnError) as caught:
        parse_columns(typed)
    assert why in str(caught.value)


@pytest.mark.parametrize(
    ("keys", "shown"),
    [
        (DEFAULT_SCREEN_COLUMNS, DEFAULT_SCREEN_COLUMNS),
        ((), ("name", "verdict")),
        (("age",), ("name", "verdict", "age")),
        (("age", "verdict", "name", "age", "size"), ("name", "age", "verdict")),
    ],
)
def test_name_and_verdict_are_always_on_the_screen(keys: tuple[str, ...], shown: tuple[str, ...]) -> None:
    assert normalize_columns(keys) == shown


def test_ages_of_every_length_fit_a_narrow_column() -> None:
    for start in (0, NOW - 10_000 * DAY, NOW - 9_999 * DAY, NOW - 59 * 60_000, NOW + 59 * 60_000, NOW + 400_000 * DAY):
        said = COLUMNS_BY_KEY["age"].short(point(replace(KNOWN, start=start)), VIEW)
        assert len(said) <= 7, said
        assert len(COLUMNS_BY_KEY["expires"].short(point(replace(KNOWN, retention=start)), VIEW)) <= 10
