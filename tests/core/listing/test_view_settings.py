"""How a person looks at a site, as a file: read again as it was written, and never a reason to fail."""

import json

import pytest

from drtui.core.listing.catalog import Order
from drtui.core.listing.columns import DEFAULT_SCREEN_COLUMNS
from drtui.core.listing.grouping import Grouping
from drtui.core.listing.view_settings import ViewSettings, from_json, is_newer, to_json

SITE = "https://gis.example.com/arcgis"
CHOSEN = ViewSettings(Order("took"), ("name", "until", "verdict"), Grouping.SCHEDULE, utc=True, store="archive-s3")


@pytest.mark.parametrize("arrangement", [ViewSettings(), CHOSEN])
def test_what_was_written_is_read_again(arrangement: ViewSettings) -> None:
    assert from_json(to_json(SITE, arrangement)) == arrangement


def changed(**fields: object) -> bytes:
    return json.dumps({**json.loads(to_json(SITE, CHOSEN)), **fields}).encode()


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (changed(sort="size"), Order()),
        (changed(sort="took", descending=False), Order("took", descending=False)),
        (changed(columns=["size", "took"]), ("name", "verdict", "took")),
        (changed(columns=[]), ("name", "verdict")),
        (changed(group="moon"), Grouping.NONE),
        (changed(store="\x1b[2Jgone"), "␛[2Jgone"),
        (changed(colour="red"), CHOSEN.order),
    ],
)
def test_what_this_drtui_does_not_know_is_as_if_it_were_not_there(body: bytes, expected: object) -> None:
    found = from_json(body)
    assert found is not None
    assert expected in {found.order, found.columns, found.grouping, found.store}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"{}",
        b"[" * 100_000,
        b"\xff\xfe",
        to_json(SITE, CHOSEN)[:-20],
        changed(version="one"),
        changed(version=2),
        changed(columns="name"),
        changed(utc="yes"),
        changed(sort=None),
        changed(store=5),
    ],
)
def test_what_is_damaged_is_nothing(body: bytes) -> None:
    assert from_json(body) is None


@pytest.mark.parametrize(
    ("body", "newer"), [(changed(version=2), True), (changed(), False), (b"{", False), (b"", False)]
)
def test_a_newer_file_is_told(body: bytes, newer: bool) -> None:
    assert is_newer(body) is newer


def test_at_first_the_columns_are_the_usual_ones() -> None:
    assert ViewSettings().columns == DEFAULT_SCREEN_COLUMNS
