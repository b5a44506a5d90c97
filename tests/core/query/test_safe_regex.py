"""Tests that regular expressions cannot take very long."""

import pytest

from drtui.core.query.safe_regex import MAX_LENGTH, PatternError, compile_pattern, pattern_matcher


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("prod", "a\nPROD-1\nb", True),
        ("^prod", "a\nmy prod\nb", False),
        ("^prod$", "a\nprod\nb", True),
        ("a.b", "a\nb", False),
        ("[^x]{3}", "ab\nc", False),
        ("(prod|test)-[0-9]{2}", "test-01", True),
        ("(?:a|b)?c", "c", True),
        ("a{0,2}b", "b", True),
        ("x$", "a" * MAX_LENGTH + "x", False),  # beyond the searched part
        ("", "", True),
        (r"\(a+\)+", "(a))", True),
        ("[(a+)+]+", "+", True),
        ("[]+*]+", "]", True),
        (r"[\]+]*z", "z", True),
        ("[[a]x", "ax", True),  # Python warns of this syntax
        ("{a}", "{a}", True),
        (r"\bprod\b", "a prod b", True),
    ],
)
def test_pattern_matcher_matches_single_lines(pattern: str, text: str, expected: bool) -> None:
    matches = pattern_matcher(compile_pattern(pattern))
    assert matches(text) is expected
    assert matches(text) is expected


@pytest.mark.parametrize(
    ("pattern", "span"),
    [
        ("(a+)+b", (0, 5)),
        ("x(?:a*)*", (1, 8)),
        ("((a+))+", (0, 7)),
        ("(a|aa)+$", (0, 7)),
        ("(a?){20}", (0, 8)),
        ("(.*a){12}", (0, 9)),
        ("((a|b)c)+?", (0, 10)),
        ("a*a*a*a*b", (7, 8)),
        ("a?" * 7, (13, 14)),
        ("(a|b)" * 7, (32, 33)),
        ("(?=a)", (0, 2)),
        ("(?i)a", (0, 2)),
        ("(?P<x>a)", (0, 2)),
        ("a" * (MAX_LENGTH + 1), (MAX_LENGTH, MAX_LENGTH + 1)),
        ("a)", (1, 2)),
        ("(a", (0, 1)),
        ("[a", (0, 1)),
        ("*", (0, 1)),
        ("\\", (0, 1)),
        ("a{99999999999}", (0, 14)),
    ],
)
def test_compile_pattern_raises_an_error_at_the_position_when_a_pattern_is_refused(
    pattern: str, span: tuple[int, int]
) -> None:
    with pytest.raises(PatternError) as raised:
        compile_pattern(pattern)
    assert (raised.value.start, raised.value.end) == span
