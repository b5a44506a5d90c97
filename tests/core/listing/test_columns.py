"""Full and short texts of every column, and column names from people."""

import pytest
from msgspec.structs import replace

from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.durations import DAY, HOUR
from drtui.core.formatting.times import UTC, zone_named
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
from drtui.core.verdict.rules import GOOD, Level, Verdict
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


def make_point(backup_: object) -> RestorePoint:
    return RestorePoint(backup_, Verdict(Level.USABLE, (GOOD,)))  # type: ignore[arg-type]


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
        ("reason", VIEW, "", "before the move"),
    ],
)
def test_column_returns_full_and_short_text_when_the_value_is_known(
    key: str, view: DisplayContext, text: str, short: str
) -> None:
    assert (COLUMNS_BY_KEY[key].text(make_point(KNOWN), view), COLUMNS_BY_KEY[key].short(make_point(KNOWN), view)) == (
        text,
        short,
    )


@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: column.key)
def test_column_returns_a_placeholder_when_the_value_is_unknown(column: object) -> None:
    placeholders = {"name": "(no name)", "verdict": "✓ usable", "expires": "unknown", "until": "unknown", "reason": ""}
    assert COLUMNS_BY_KEY[column.key].short(make_point(NOTHING), VIEW) == placeholders.get(column.key, "-")  # type: ignore[attr-defined]


def test_until_column_is_never_when_the_backup_does_not_expire() -> None:
    assert COLUMNS_BY_KEY["until"].text(make_point(replace(KNOWN, retention=NEVER)), VIEW) == "never"


def test_sort_keys_match_the_columns_when_all_are_listed() -> None:
    assert {column.key for column in COLUMNS} == set(SORT_KEYS)
    assert {*DEFAULT_SCREEN_COLUMNS, *DEFAULT_PRINTED_COLUMNS, *REQUIRED_COLUMNS} <= set(COLUMNS_BY_KEY)


@pytest.mark.parametrize(
    ("typed", "keys"), [("name", ("name",)), (" Name, until,name", ("name", "until")), ("took,age", ("took", "age"))]
)
def test_parse_columns_returns_keys_when_names_vary_in_case_and_blanks(typed: str, keys: tuple[str, ...]) -> None:
    assert parse_columns(typed) == keys


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("verdikt", "Unknown column 'verdikt'. Did you mean verdict? Columns: name, verdict"),
        ("colour", "Unknown column 'colour'. Columns: "),
        ("", "Unknown column ''"),
        ("name,", "Unknown column ''"),
    ],
)
def test_parse_columns_raises_with_valid_names_when_a_name_is_unknown(typed: str, message: str) -> None:
    with pytest.raises(ColumnError) as caught:
        parse_columns(typed)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        (DEFAULT_SCREEN_COLUMNS, DEFAULT_SCREEN_COLUMNS),
        ((), ("name", "verdict")),
        (("age",), ("name", "verdict", "age")),
        (("age", "verdict", "name", "age", "size"), ("name", "age", "verdict")),
    ],
)
def test_normalize_columns_adds_name_and_verdict_when_they_are_absent(
    keys: tuple[str, ...], expected: tuple[str, ...]
) -> None:
    assert normalize_columns(keys) == expected


def test_age_column_is_narrow_when_the_age_is_extreme() -> None:
    for start in (0, NOW - 10_000 * DAY, NOW - 9_999 * DAY, NOW - 59 * 60_000, NOW + 59 * 60_000, NOW + 400_000 * DAY):
        age = COLUMNS_BY_KEY["age"].short(make_point(replace(KNOWN, start=start)), VIEW)
        assert len(age) <= 7, age
        assert len(COLUMNS_BY_KEY["expires"].short(make_point(replace(KNOWN, retention=start)), VIEW)) <= 10
