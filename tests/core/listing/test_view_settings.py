"""View settings as JSON: written, read, damaged and newer files."""

import json

import pytest

from drtui.core.listing.catalog import Order
from drtui.core.listing.columns import DEFAULT_SCREEN_COLUMNS
from drtui.core.listing.grouping import Grouping
from drtui.core.listing.view_settings import FORMER_COLUMNS, ViewSettings, from_json, is_newer, to_json

SITE = "https://gis.example.com/arcgis"
CUSTOM = ViewSettings(Order("took"), ("name", "until", "verdict"), Grouping.SCHEDULE, utc=True, store="archive-s3")


@pytest.mark.parametrize("settings", [ViewSettings(), CUSTOM])
def test_view_settings_are_equal_when_written_and_read(settings: ViewSettings) -> None:
    assert from_json(to_json(SITE, settings)) == settings


def with_fields(**fields: object) -> bytes:
    return json.dumps({**json.loads(to_json(SITE, CUSTOM)), **fields}).encode()


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (with_fields(sort="size"), Order()),
        (with_fields(sort="took", descending=False), Order("took", is_descending=False)),
        (with_fields(columns=["size", "took"]), ("name", "verdict", "took")),
        (with_fields(columns=[]), ("name", "verdict")),
        (with_fields(columns=FORMER_COLUMNS), DEFAULT_SCREEN_COLUMNS),
        (with_fields(group="moon"), Grouping.NONE),
        (with_fields(store="\x1b[2Jgone"), "␛[2Jgone"),
        (with_fields(colour="red"), CUSTOM.order),
    ],
)
def test_from_json_uses_defaults_when_a_value_is_unknown(body: bytes, expected: object) -> None:
    settings = from_json(body)
    assert settings is not None
    assert expected in {settings.order, settings.columns, settings.grouping, settings.store}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"{}",
        b"[" * 100_000,
        b"\xff\xfe",
        to_json(SITE, CUSTOM)[:-20],
        with_fields(version="one"),
        with_fields(version=2),
        with_fields(columns="name"),
        with_fields(utc="yes"),
        with_fields(sort=None),
        with_fields(store=5),
    ],
)
def test_from_json_returns_none_when_the_file_is_damaged(body: bytes) -> None:
    assert from_json(body) is None


@pytest.mark.parametrize(
    ("body", "expected"), [(with_fields(version=2), True), (with_fields(), False), (b"{", False), (b"", False)]
)
def test_is_newer_is_true_when_the_version_is_higher(body: bytes, expected: bool) -> None:
    assert is_newer(body) is expected


def test_view_settings_have_default_columns_when_new() -> None:
    assert ViewSettings().columns == DEFAULT_SCREEN_COLUMNS
