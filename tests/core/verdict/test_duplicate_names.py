"""Several records with the same name in one store are doubtful and have unique labels."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from drtui.core.model.backup import Backup
from drtui.core.model.site import Store
from drtui.core.model.site_state import Fetched
from drtui.core.verdict.rules import Level
from tests.conftest import NOW
from tests.core.points import STORE, backup, points_of, site_of

WHOLE, BROKEN = backup("nightly", 30), backup("nightly", 6, status="failed")


def test_restore_points_are_doubtful_with_own_labels_when_names_are_equal() -> None:
    good, bad, other = points_of(site_of(WHOLE, BROKEN, backup("weekly", 9)))
    assert (good.verdict.level, good.verdict.main.code) == (Level.DOUBTFUL, "duplicate-name")
    assert good.verdict.main.text == "another backup with this name in this store is not usable"
    assert bad.verdict.level is Level.NOT_USABLE
    assert "another backup with this name in this store is usable" in {reason.text for reason in bad.verdict.reasons}
    assert (good.label, bad.label) == ("nightly@2026-09-20T08:13:20Z", "nightly@2026-09-21T08:13:20Z")
    assert (other.label, other.verdict.is_usable) == ("weekly", True)
    assert len({good.id, bad.id, other.id}) == 3


def test_restore_points_are_no_duplicates_when_stores_differ() -> None:
    state = site_of(
        stores=Fetched(NOW, (STORE, Store("b"))),
        backups={"vault": Fetched(NOW, (WHOLE,)), "b": Fetched(NOW, (replace(WHOLE, store="b"),))},
    )
    assert [(point.label, point.verdict.is_usable) for point in points_of(state)] == [("nightly", True)] * 2


@pytest.mark.parametrize(
    ("backups", "labels"),
    [
        ([WHOLE, WHOLE], ["nightly@2026-09-20T08:13:20Z", "nightly@2026-09-20T08:13:20Z#2"]),
        ([replace(WHOLE, start=None)] * 2, ["nightly@?", "nightly@?#2"]),
        (
            [WHOLE, replace(WHOLE, name="nightly@2026-09-20T08:13:20Z"), BROKEN],
            ["nightly@2026-09-20T08:13:20Z#2", "nightly@2026-09-20T08:13:20Z", "nightly@2026-09-21T08:13:20Z"],
        ),
    ],
)
def test_labels_are_unique_when_names_look_like_labels(backups: list[Backup], labels: list[str]) -> None:
    assert [point.label for point in points_of(site_of(*backups))] == labels


def test_restore_points_are_fast_when_thousands_have_one_name() -> None:
    points = points_of(site_of(*[WHOLE] * 5_000))
    assert len({point.id for point in points}) == 5_000


@given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from([1, 2, None])), max_size=8))
def test_restore_point_ids_are_unique(named: list[tuple[str, int | None]]) -> None:
    points = points_of(site_of(*(replace(WHOLE, name=name, start=start) for name, start in named)))
    assert len({point.id for point in points}) == len(named)
    assert [point.backup.name for point in points] == [name for name, _ in named]
