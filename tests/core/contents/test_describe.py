"""How it is told where something is."""

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
from drtui.core.formatting.times import DAY, HOUR, UTC
from drtui.core.model.backup import NEVER
from drtui.core.model.failure import Failure, FailureKind
from drtui.core.model.site import Store
from drtui.core.model.site_state import DeletedBackup, Fetched, SiteHistory
from tests.conftest import NOW
from tests.core.contents.test_index import ROADS, holding, index, of
from tests.core.points import STORE, reading

VIEW = DisplayContext(NOW, UTC)
ID = ROADS.replace("-", "")
OTHER = ("other", "a" * 32)


@pytest.mark.parametrize(
    ("holders", "present", "expires", "tone", "wrong"),
    [
        ([{"retention": NOW + 9 * DAY}], True, "in 9 d", "", ""),
        ([{"retention": NOW + 9 * DAY}, {"retention": NEVER}], False, "never", "", ""),
        ([{"retention": NOW + 9 * DAY}] * 2, False, "in 9 d", "", ""),
        (
            [{"retention": NOW + 6 * DAY}, {"retention": NOW + DAY}], False, "! in 6 d", "warn",
            "the last usable restore point that holds it expires in 6 d",
        ),
        ([{"retention": NOW + 6 * DAY}] * 2, True, "in 6 d", "", ""),
        ([{"retention": NOW + 90 * DAY}], False, "! in 90 d", "warn", "only one usable restore point still holds it"),
        ([{"retention": NEVER}], False, "! never", "warn", "only one usable restore point still holds it"),
        ([{"retention": None}] * 2, False, "unknown", "", ""),
        ([{"release": "11.3.0"}], False, "✗ none usable", "bad", "no usable restore point holds it"),
        ([{"retention": NOW - HOUR}], True, "✗ none usable", "bad", "no usable restore point holds it"),
    ],
)  # fmt: skip
def test_what_may_be_lost_is_said_unasked(
    holders: list[dict[str, Any]], present: bool, expires: str, tone: str, wrong: str
) -> None:
    newest = holding("newest", 1, OTHER, *[("roads", ROADS)] * present, release="11.4.0", retention=NOW - DAY)
    made = [holding(f"n{at}", at + 2, ("roads", ROADS), **changes) for at, changes in enumerate(holders)]
    found = index(*made, newest)
    roads = of(found, GEODATABASE, ID)
    assert (*last_expiry_text(roads, found, VIEW), item_warning(roads, found, VIEW)) == (expires, tone, wrong)


def sentences(found: ContentIndex, identity: str = ID) -> list[str]:
    return [each.text for each in describe_item(of(found, GEODATABASE, identity), found, VIEW)]


def test_what_is_gone_is_told_whole() -> None:
    past = SiteHistory((DeletedBackup(holding("before", 90, ("roads", ROADS)), NOW - 60 * DAY, NOW - 59 * DAY),))
    found = index(
        holding("a", 3, ("roads", ROADS), retention=NOW + 5 * DAY),
        holding("b", 2, ("roads", ROADS), status="failed"),
        holding("c", 1, OTHER),
        history=past,
    )
    assert sentences(found) == [
        f"roads: geodatabase {ID}, gone",
        "Only one usable restore point still holds it",
        "The last usable one expires in 5 d, 2026-09-26 14:13:20 +00:00: a (vault)",
        "In 2 restore points of 3, 1 of them usable; first 2026-06-23 14:13:20 +00:00, last 2026-09-19 14:13:20 +00:00",
        "Gone: not in c, the newest complete restore point",
        "1 more held it and is gone: the last was before, seen until 2026-07-23 14:13:20 +00:00",
    ]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"retention": NEVER}, "Usable, and kept forever: a (vault)"),
        ({"retention": None}, "Usable, without a known end of retention: a (vault)"),
        ({"status": "failed"}, "Whether the site still has it cannot be told: no restore point is complete"),
    ],
)
def test_what_keeps_it(changes: dict[str, Any], said: str) -> None:
    assert said in sentences(index(holding("a", 3, ("roads", ROADS), **changes)))


def test_one_that_lists_none_at_all_does_not_say_that_it_is_gone() -> None:
    found = index(holding("a", 3, ("roads", ROADS)), holding("b", 1))
    because = "b, the newest complete restore point, lists no geodatabase at all"
    assert f"Whether the site still has it cannot be told: {because}" in sentences(found)


def test_of_what_only_history_knows_nothing_can_be_restored() -> None:
    past = SiteHistory((DeletedBackup(holding("before", 90, ("roads", ROADS)), NOW - 60 * DAY, NOW - 59 * DAY),))
    found = index(holding("c", 1, OTHER), history=past)
    assert "No restore point holds it any more" in sentences(found)


def test_where_a_store_could_not_be_read_nothing_is_said_to_be_lost() -> None:
    whole = reading(
        holding("a", 3, ("roads", ROADS), status="failed"), stores=Fetched(NOW, (STORE, Store("second")))
    ).with_backups("second", Fetched(NOW, failure=Failure(FailureKind.UNREACHABLE, "timeout", "no answer")))
    found = build_index(assess(whole, NOW))
    roads = of(found, GEODATABASE, ID)
    assert last_expiry_text(roads, found, VIEW) == ("? cannot tell", "warn")
    said = sentences(found)
    assert "Not every store could be read: others may hold it, newer ones may not" in said
    assert not any("No usable" in each for each in said)


def test_a_rename_is_one_line_and_a_new_creation_is_another() -> None:
    found = index(
        holding("a", 9, ("roads_2025", ROADS)), holding("b", 8, ("roads", ROADS)), holding("c", 1, ("roads", "f" * 32))
    )
    assert [item_label(each, found) for each in found.items if each.kind == GEODATABASE] == [
        "roads [3338d971] (was roads_2025)",
        "roads [ffffffff]",
    ]
    assert "Another geodatabase has the same name: created anew, or restored?" in sentences(found, "f" * 32)


def test_states_are_symbol_and_word_in_the_zone_of_the_person() -> None:
    found = index(holding("a", 3, ("roads", ROADS)), holding("c", 1, OTHER))
    view = DisplayContext(NOW, dt.timezone(dt.timedelta(hours=10)), plain=True)
    assert item_state(of(found, GEODATABASE, ID), view) == ("- gone 2026-09-19", "warn")
    assert item_state(of(found, GEODATABASE, "a" * 32), view) == ("ok present", "")
    assert item_state(of(found, GEODATABASE, "a" * 32), VIEW) == ("✓ present", "")


def test_every_sign_of_the_bar_has_its_twin() -> None:
    assert [holding_symbol(each, plain=False) for each in Holding] == ["╌", "▫", "▪"]
    assert [holding_symbol(each, plain=True) for each in Holding] == [".", "o", "#"]
