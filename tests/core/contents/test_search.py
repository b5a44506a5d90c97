"""Searches for items by name and id."""

import pytest

from drtui.core.contents.index import BUCKET, GEODATABASE, ContentIndex, Item, Presence
from drtui.core.contents.search import SearchResult, search

ID = "3338d971ec91440da81f805a0b8cf0e9"


def make_item(*names: str, kind: str = GEODATABASE, identity: str = "") -> Item:
    """Return an item with these names and id; all other values are arbitrary."""
    return Item(kind, identity or f"{names[0]}-id", names, ((0, 1),), (), 1, 1, 0, 0, None, Presence.PRESENT)


CONTENTS = ContentIndex(
    items=(
        make_item("parcels", identity=ID),
        make_item("roads", "roads_2025"),
        make_item("railroads"),
        make_item("Parcel fabric"),
        make_item("bus_parcels"),
        make_item("content", kind=BUCKET, identity="content"),
        make_item("\u6771\u4eac\u306e\u5730\u56f3"),
    )
)


def names(items: tuple[Item, ...]) -> list[str]:
    return [item.name for item in items]


@pytest.mark.parametrize(
    ("text", "exact", "partial"),
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
def test_search_separates_exact_and_partial_matches_when_text_is_given(
    text: str, exact: list[str], partial: list[str]
) -> None:
    result = search(CONTENTS, text)
    assert (names(result.exact), names(result.partial)) == (exact, partial)
    assert names(result.best) == (exact or partial)


@pytest.mark.parametrize(
    ("text", "scattered"),
    [("prcels", ["parcels", "bus_parcels"]), ("rds", ["roads", "railroads"])],
)
def test_search_suggests_scattered_letters_when_nothing_else_matches(text: str, scattered: list[str]) -> None:
    result = search(CONTENTS, text)
    assert (result.best, names(result.suggestions)) == ((), scattered)


def test_search_returns_every_item_when_the_text_is_empty() -> None:
    assert search(CONTENTS, " ") == SearchResult(exact=CONTENTS.items)


def test_search_ends_quickly_when_letters_repeat_thousands_of_times() -> None:
    contents = ContentIndex(items=tuple(make_item("n" * 4_000 + str(number)) for number in range(200)))
    assert not search(contents, "n" * 30 + "x").suggestions
