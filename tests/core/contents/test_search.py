"""A name as one types it, against the things that restore points hold."""

import pytest

from drtui.core.contents.index import BUCKET, GEODATABASE, ContentIndex, Item, Presence
from drtui.core.contents.search import SearchResult, search

ID = "3338d971ec91440da81f805a0b8cf0e9"


def content(*names: str, kind: str = GEODATABASE, identity: str = "") -> Item:
    """A thing of which only names and id matter."""
    return Item(kind, identity or f"{names[0]}-id", names, ((0, 1),), (), 1, 1, 0, 0, None, Presence.PRESENT)


THINGS = ContentIndex(
    items=(
        content("parcels", identity=ID),
        content("roads", "roads_2025"),
        content("railroads"),
        content("Parcel fabric"),
        content("bus_parcels"),
        content("content", kind=BUCKET, identity="content"),
        content("\u6771\u4eac\u306e\u5730\u56f3"),
    )
)


def names(found: tuple[Item, ...]) -> list[str]:
    return [each.name for each in found]


@pytest.mark.parametrize(
    ("text", "exact", "holding"),
    [
        ("parcels", ["parcels"], ["bus_parcels"]),
        ("PARCELS ", ["parcels"], ["bus_parcels"]),
        ("parcel", [], ["parcels", "Parcel fabric", "bus_parcels"]),
        ("roads_2025", ["roads"], []),
        ("roads", ["roads"], ["railroads"]),
        ("fabric parcel", [], ["Parcel fabric"]),
        ("3338d971-EC91-440d-a81f-805a0b8cf0e9", ["parcels"], []),
        (ID, ["parcels"], []),
        ("3338-d9", [], ["parcels"]),
        ("440d", [], ["parcels"]),
        ("333", [], []),
        ("content", ["content"], []),
        ("\u4eac", [], ["\u6771\u4eac\u306e\u5730\u56f3"]),
        ("nowhere", [], []),
        ("-", [], []),
    ],
)
def test_a_whole_name_means_no_other_and_a_piece_means_any(text: str, exact: list[str], holding: list[str]) -> None:
    found = search(THINGS, text)
    assert (names(found.exact), names(found.partial)) == (exact, holding)
    assert names(found.best) == (exact or holding)


@pytest.mark.parametrize(
    ("text", "near"),
    [("prcels", ["parcels", "bus_parcels"]), ("rds", ["roads", "railroads"])],
)
def test_scattered_letters_are_listed_where_nothing_else_is_and_are_no_answer(text: str, near: list[str]) -> None:
    found = search(THINGS, text)
    assert (found.best, names(found.suggestions)) == ((), near)


def test_without_a_name_everything_is_meant() -> None:
    assert search(THINGS, " ") == SearchResult(exact=THINGS.items)


def test_letters_that_could_be_scattered_in_endless_ways_are_tried_in_one() -> None:
    endless = ContentIndex(items=tuple(content("n" * 4_000 + str(number)) for number in range(200)))
    assert not search(endless, "n" * 30 + "x").suggestions
