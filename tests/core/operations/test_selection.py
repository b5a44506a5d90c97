"""Selection of backups, stores and schedules by name."""

from typing import Any

import pytest
from msgspec.structs import replace

from drtui.core.model.site_state import Fetched
from drtui.core.operations.selection import (
    AmbiguousError,
    SelectionError,
    select_backup,
    select_schedule,
    select_store,
)
from tests.conftest import NOW
from tests.core.operations.facts import NIGHTLY, facts_of
from tests.core.points import STORE, backup

TWO_STORES: dict[str, Any] = {
    "stores": Fetched(NOW, (STORE, replace(STORE, name="second", default=False))),
    "backups": {
        "vault": Fetched(NOW, (backup("a", 3), backup("b", 4))),
        "second": Fetched(NOW, (backup("a", 3, store="second"),)),
    },
}


def test_select_backup_returns_the_one_in_the_store_when_two_have_the_name() -> None:
    facts = facts_of(**TWO_STORES)
    assert select_backup(facts, "a", "second").backup.store == "second"
    assert select_backup(facts, "b").backup.store == "vault"


@pytest.mark.parametrize(
    ("name", "store", "error"),
    [("a", None, AmbiguousError), ("none", None, SelectionError), ("b", "second", SelectionError)],
)
def test_select_backup_raises_when_the_name_is_ambiguous_or_unknown(
    name: str, store: str | None, error: type[Exception]
) -> None:
    with pytest.raises(error):
        select_backup(facts_of(**TWO_STORES), name, store)


def test_select_backup_raises_when_a_store_lists_the_name_twice() -> None:
    with pytest.raises(AmbiguousError):
        select_backup(facts_of(backup("a", 3), backup("a", 5)), "a")


@pytest.mark.parametrize(
    ("defaults", "name", "chosen"),
    [([False], None, "s0"), ([False, True], None, "s1"), ([None, True, False], None, "s1"), ([True], "other", "other")],
)
def test_select_store_returns_the_named_the_default_or_the_only_one(
    defaults: list[bool | None], name: str | None, chosen: str
) -> None:
    stores = tuple(replace(STORE, name=f"s{number}", default=default) for number, default in enumerate(defaults))
    assert select_store(facts_of(stores=Fetched(NOW, stores)), name) == chosen


@pytest.mark.parametrize("defaults", [[], [False, False], [True, True]])
def test_select_store_raises_when_none_is_certain(defaults: list[bool]) -> None:
    stores = tuple(replace(STORE, name=f"s{number}", default=default) for number, default in enumerate(defaults))
    with pytest.raises(SelectionError):
        select_store(facts_of(stores=Fetched(NOW, stores)))


@pytest.mark.parametrize(
    ("schedules", "name", "chosen"),
    [
        ((NIGHTLY,), "nightly", "t1"),
        ((NIGHTLY,), "t1", "t1"),
        ((NIGHTLY, replace(NIGHTLY, id="nightly", title="weekly")), "nightly", "nightly"),
        ((replace(NIGHTLY, id="t2", title="Every night"), replace(NIGHTLY, prefix="x")), "nightly", "t1"),
        ((replace(NIGHTLY, title=""),), "nightly", "t1"),
    ],
)
def test_select_schedule_prefers_id_over_title_over_prefix(schedules: Any, name: str, chosen: str) -> None:
    assert select_schedule(facts_of(schedules=Fetched(NOW, schedules)), name).id == chosen


@pytest.mark.parametrize(
    ("schedules", "name", "error"),
    [
        ((NIGHTLY, replace(NIGHTLY, id="t2")), "nightly", AmbiguousError),
        ((NIGHTLY,), "weekly", SelectionError),
        ((replace(NIGHTLY, task_type="BackupRetentionCleaner"),), "nightly", SelectionError),
    ],
)
def test_select_schedule_raises_when_none_or_several_match(schedules: Any, name: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        select_schedule(facts_of(schedules=Fetched(NOW, schedules)), name)
