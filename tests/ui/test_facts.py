"""The parsed facts of different lines are never equal."""

import pytest

from drtui.ui.widgets.styled_lines import Line
from tests.ui import facts
from tests.values import is_span_of


def line(*texts: str) -> Line:
    return Line(tuple((text, "") for text in texts))


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
    text = "Newest usable restore point is 6 h 12 min old, over the target of 2 h"
    headline_facts = facts.headline([line("! AT RISK", "   ", text, "     ", "weekly-2")])
    assert headline_facts == {
        "state": "AT RISK",
        "name": "weekly-2",
        "age": "6 h 12 min",
        "met": "past",
        "target": "2 h",
    }
