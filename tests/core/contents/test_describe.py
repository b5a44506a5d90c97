"""Descriptions, warnings and labels of items."""

import datetime as dt
from typing import Any

import pytest

from drtui.core.analysis.assessment import assess
from drtui.core.contents.builder import build_index
from drtui.core.contents.describe import (
    describe_item,
    holding_symbol,
    item_label,
    item_state,
    item_warning,
    last_expiry_text,
)
from drtui.core.contents.index import GEODATABASE, ContentIndex, Holding
from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.durations import DAY, HOUR
from drtui.core.formatting.times import UTC
from drtui.core.model.backup import NEVER
from drtui.core.model.failure import Failure, FailureKind
from drtui.core.model.site import Store
from drtui.core.model.site_state import DeletedBackup, Fetched, SiteHistory
from tests.conftest import NOW
from tests.core.contents.test_index import ROADS, backup_with, build, find_item
from tests.core.points import STORE, site_of

VIEW = DisplayContext(NOW, UTC)
ID = ROADS.replace("-", "")
OTHER = ("other", "a" * 32)


@pytest.mark.parametrize(
    ("holders", "present", "expires", "tone", "warning"),
    [
        ([{"retention": NOW + 9 * DAY}], True, "in 9 d", "", ""),
        ([{"retention": NOW + 9 * DAY}, {"retention": NEVER}], False, "never", "", ""),
        ([{"retention": NOW + 9 * DAY}] * 2, False, "in 9 d", "", ""),
        (
            [{"retention": NOW + 6 * DAY}, {"retention": NOW + DAY}], False, "! in 6 d", "warn",
            "the last usable restore point with it expires in 6 d",
        ),
        ([{"retention": NOW + 6 * DAY}] * 2, True, "in 6 d", "", ""),
        ([{"retention": NOW + 90 * DAY}], False, "! in 90 d", "warn", "only one usable restore point contains it"),
        ([{"retention": NEVER}], False, "! never", "warn", "only one usable restore point contains it"),
        ([{"retention": None}] * 2, False, "unknown", "", ""),
        ([{"release": "11.3.0"}], False, "✗ none usable", "bad", "no usable restore point contains it"),
        ([{"retention": NOW - HOUR}], True, "✗ none usable", "bad", "no usable restore point contains it"),
    ],
)  # fmt: skip
def test_item_warning_is_set_when_the_item_may_become_unrecoverable(
    holders: list[dict[str, Any]], present: bool, expires: str, tone: str, warning: str
) -> None:
    newest = backup_with("newest", 1, OTHER, *[("roads", ROADS)] * present, release="11.4.0", retention=NOW - DAY)
    backups = [
        backup_with(f"n{number}", number + 2, ("roads", ROADS), **changes) for number, changes in enumerate(holders)
    ]
    contents = build(*backups, newest)
    roads = find_item(contents, GEODATABASE, ID)
    assert (*last_expiry_text(roads, contents, VIEW), item_warning(roads, contents, VIEW)) == (expires, tone, warning)


def sentences(contents: ContentIndex, identity: str = ID) -> list[str]:
    return [sentence.text for sentence in describe_item(find_item(contents, GEODATABASE, identity), contents, VIEW)]


def test_describe_item_lists_holders_and_losses_when_the_item_is_gone() -> None:
    history = SiteHistory((DeletedBackup(backup_with("before", 90, ("roads", ROADS)), NOW - 60 * DAY, NOW - 59 * DAY),))
    contents = build(
        backup_with("a", 3, ("roads", ROADS), retention=NOW + 5 * DAY),
        backup_with("b", 2, ("roads", ROADS), status="failed"),
        backup_with("c", 1, OTHER),
        history=history,
    )
    assert sentences(contents) == [
        f"roads: geodatabase {ID}, gone",
        "Only one usable restore point contains it",
        "Last usable copy expires in 5 d, 2026-09-26 14:13:20 +00:00: a (vault)",
        "In 2 restore points of 3 (1 usable); first 2026-06-23 14:13:20 +00:00, last 2026-09-19 14:13:20 +00:00",
        "Gone: not in c, the newest complete restore point",
        "1 deleted restore point also contained it: last before, seen until 2026-07-23 14:13:20 +00:00",
    ]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"retention": NEVER}, "Usable, never expires: a (vault)"),
        ({"retention": None}, "Usable, retention date unknown: a (vault)"),
        ({"status": "failed"}, "Unknown whether the site still has it: no restore point is complete"),
    ],
)
def test_describe_item_names_the_last_holder_when_retention_has_no_date(changes: dict[str, Any], expected: str) -> None:
    assert expected in sentences(build(backup_with("a", 3, ("roads", ROADS), **changes)))


def test_describe_item_cannot_tell_when_the_newest_lists_none_of_the_kind() -> None:
    contents = build(backup_with("a", 3, ("roads", ROADS)), backup_with("b", 1))
    because = "b, the newest complete restore point, lists no geodatabase"
    assert f"Unknown whether the site still has it: {because}" in sentences(contents)


def test_describe_item_has_no_holder_when_only_deleted_backups_had_it() -> None:
    history = SiteHistory((DeletedBackup(backup_with("before", 90, ("roads", ROADS)), NOW - 60 * DAY, NOW - 59 * DAY),))
    contents = build(backup_with("c", 1, OTHER), history=history)
    assert "No restore point contains it any more" in sentences(contents)


def test_describe_item_cannot_tell_when_a_store_is_unread() -> None:
    state = site_of(
        backup_with("a", 3, ("roads", ROADS), status="failed"), stores=Fetched(NOW, (STORE, Store("second")))
    ).with_backups("second", Fetched(NOW, failure=Failure(FailureKind.UNREACHABLE, "timeout", "no answer")))
    contents = build_index(assess(state, NOW))
    roads = find_item(contents, GEODATABASE, ID)
    assert last_expiry_text(roads, contents, VIEW) == ("? cannot tell", "warn")
    texts = sentences(contents)
    assert "Not every store could be read: other restore points may contain it" in texts
    assert not any("No usable" in text for text in texts)


def test_item_label_shows_former_names_and_id_when_renamed_and_recreated() -> None:
    contents = build(
        backup_with("a", 9, ("roads_2025", ROADS)),
        backup_with("b", 8, ("roads", ROADS)),
        backup_with("c", 1, ("roads", "f" * 32)),
    )
    assert [item_label(item, contents) for item in contents.items if item.kind == GEODATABASE] == [
        "roads [3338d971] (was roads_2025)",
        "roads [ffffffff]",
    ]
    assert "Another geodatabase has the same name: re-created, or restored?" in sentences(contents, "f" * 32)


def test_item_state_uses_the_zone_when_the_item_is_gone() -> None:
    contents = build(backup_with("a", 3, ("roads", ROADS)), backup_with("c", 1, OTHER))
    view = DisplayContext(NOW, dt.timezone(dt.timedelta(hours=10)), plain=True)
    assert item_state(find_item(contents, GEODATABASE, ID), view) == ("- gone 2026-09-19", "warn")
    assert item_state(find_item(contents, GEODATABASE, "a" * 32), view) == ("ok present", "")
    assert item_state(find_item(contents, GEODATABASE, "a" * 32), VIEW) == ("✓ present", "")


def test_holding_symbol_is_ascii_when_plain() -> None:
    assert [holding_symbol(holding_, plain=False) for holding_ in Holding] == ["⋅", "✗", "✓"]
    assert [holding_symbol(holding_, plain=True) for holding_ in Holding] == [".", "x", "+"]
