"""The parsed facts of different lines are never equal."""

import pytest

from drtui.ui.widgets.styled_lines import Line
from tests.ui import facts
from tests.values import is_span_of


def line(*texts: str) -> Line:
    return Line(tuple((text, "") for text in texts))


@pytest.mark.parametrize(
    ("points_text", "expected"),
    [
        ("  3, usable 8 h old", (3, "8 h")),
        ("  13, usable 8 h old", (13, "8 h")),
        ("  1,003, usable 11 d old", (1003, "11 d")),
        ("  0, nothing usable", (0, None)),
    ],
)
def test_store_count_is_exact_when_numbers_end_alike(points_text: str, expected: tuple[int, str | None]) -> None:
    store_facts = facts.store(line("vault (default)", points_text, "  S3 by 11.2.0"))
    assert (store_facts["restore_points"], store_facts["age"]) == expected
    assert (store_facts["name"], store_facts["default"], store_facts["type"], store_facts["created_by"]) == (
        "vault",
        True,
        "S3",
        "11.2.0",
    )


def test_store_is_uncounted_when_its_list_was_not_read() -> None:
    store_facts = facts.store(line("vault", "  not readable"))
    assert store_facts == {"name": "vault", "default": False, "restore_points": None}


@pytest.mark.parametrize(
    ("text", "milliseconds", "expected"),
    [
        ("6 h 13 min", 22_350_355, True),
        ("6 h 13 min", 22_320_000, False),
        ("6 h 13 min", 22_380_001, False),
        ("8 h", 8 * 3_600_000, True),
        ("8 h", 7 * 3_600_000, False),
        ("37 m 49 s", 2_268_497, True),
        ("37 m 49 s", 2_269_001, False),
    ],
)
def test_span_is_true_when_only_what_was_rounded_up_differs(text: str, milliseconds: int, *, expected: bool) -> None:
    assert is_span_of(text, milliseconds) is expected


def test_headline_has_every_value_when_something_is_usable() -> None:
    text = "Newest usable restore point: 6 h 12 min old, past the target of 2 h (weekly-2)"
    headline_facts = facts.headline([line(text), line("1,057 restore points in all stores")])
    assert headline_facts == {"name": "weekly-2", "age": "6 h 12 min", "met": "past", "target": "2 h", "total": 1057}
