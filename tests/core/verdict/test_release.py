"""Releases are compared as numbers."""

import itertools

import pytest

from drtui.core.model.site import Release

ORDER = ["10.9", "10.9.1", "11.0", "11.0.1", "11.2", "11.4.0.6300", "11.4.0.6305", "11.10", "12", "12.0.0.7286", "12.1"]


def release(text: str) -> Release:
    """Return the release for a text."""
    parsed = Release.parse(text)
    assert parsed is not None
    return parsed


@pytest.mark.parametrize(("older", "newer"), list(itertools.pairwise(ORDER)))
def test_r14_releases_sort_by_numbers(older: str, newer: str) -> None:
    assert release(older) < release(newer)
    assert release(older) != release(newer)


@pytest.mark.parametrize(
    ("first", "other"), [("11", "11.0"), ("11.4", "11.4.0.0"), (" 11.4\n", "11.4"), ("011.4", "11.4")]
)
def test_releases_are_equal_when_only_trailing_zeros_differ(first: str, other: str) -> None:
    assert release(first) == release(other)
    assert hash(release(first)) == hash(release(other))


@pytest.mark.parametrize(
    ("text", "line"),
    [("11", (11, 0, 0)), ("11.4", (11, 4, 0)), ("10.9.1", (10, 9, 1)), ("11.4.0.6305", (11, 4, 0)), ("0", (0, 0, 0))],
)
def test_release_line_is_first_three_numbers(text: str, line: tuple[int, int, int]) -> None:
    assert release(text).line == line


def test_release_text_is_as_the_site_writes_it() -> None:
    assert str(release("11.4.0.6300")) == "11.4.0.6300"
    assert str(release("11.0")) == "11.0"


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "eleven",
        "v11.4",
        "11.",
        ".11",
        "11..4",
        "11.4-beta",
        "11,4",
        "-1",
        "1e3",
        "\N{ARABIC-INDIC DIGIT ONE}1.4",
        "9" * 7,
        "1." * 6 + "1",
        "11.4 11.5",
        "nan",
        "11.4\n.5",
    ],
)
def test_release_parse_returns_none_for_invalid_text(text: str) -> None:
    assert Release.parse(text) is None
