"""Parsing of typed times in the past."""

import pytest

from drtui.core.formatting import times as m
from drtui.core.formatting.times import parse_past_time

BERLIN = m.zone_named("Europe/Berlin")
NOW = m.parse_time("2026-09-21T14:13:20Z", m.UTC)
"""Current time in these tests; 16:13:20 in Berlin."""


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("now", "2026-09-21T14:13:20Z"),
        ("14:20", "2026-09-21T12:20Z"),
        ("16:13", "2026-09-21T14:13Z"),
        ("16:14", "2026-09-20T14:14Z"),
        ("23:50", "2026-09-20T21:50Z"),
        ("9:05", "2026-09-21T07:05Z"),
        ("14:20:30", "2026-09-21T12:20:30Z"),
        ("14:20Z", "2026-09-20T14:20Z"),
        ("14:10z", "2026-09-21T14:10Z"),
        ("03:00 +05:30", "2026-09-20T21:30Z"),
        ("today 14:20", "2026-09-21T12:20Z"),
        ("today 23:00", "2026-09-21T21:00Z"),  # still to come, which the answer says
        (" Yesterday  14:20 ", "2026-09-20T12:20Z"),
        ("yesterday 00:00", "2026-09-19T22:00Z"),
        ("3h ago", "2026-09-21T11:13:20Z"),
        ("1d12h ago", "2026-09-20T02:13:20Z"),
        ("999999d ago", "1970-01-01"),
        ("90 min ago", "2026-09-21T12:43:20Z"),
        ("2026-09-18 14:37", "2026-09-18T12:37Z"),
        ("2026-09-18T14:37+00:00", "2026-09-18T14:37Z"),
    ],
)
def test_parse_past_time_accepts_common_formats(typed: str, expected: str) -> None:
    assert m.format_iso(parse_past_time(typed, BERLIN, NOW), m.UTC) == m.format_iso(
        m.parse_time(expected, m.UTC), m.UTC
    )


@pytest.mark.parametrize(
    "typed",
    ["", "yesterday", "tomorrow 14:20", "25:00", "14:60", "1420", "3h", "14.20", "ago", "3:00 +25:00", "3:00+٠٢:00"],
)
def test_parse_past_time_rejects_invalid_text_with_examples(typed: str) -> None:
    with pytest.raises(m.TimeError, match=r"yesterday 14:37 or 3h ago"):
        parse_past_time(typed, BERLIN, NOW)


@pytest.mark.parametrize(
    ("now", "typed", "words"),
    [
        ("2026-10-25T12:00Z", "02:30", "comes twice"),
        ("2026-03-29T12:00Z", "02:30", "does not exist"),
        ("2026-03-30T12:00Z", "yesterday 02:30", "does not exist"),
        ("2026-09-21T12:00Z", "0h ago", "Cannot read '0h' as a duration"),
    ],
)
def test_parse_past_time_rejects_time_when_clock_shows_it_twice_or_never(now: str, typed: str, words: str) -> None:
    with pytest.raises(m.TimeError, match=words):
        parse_past_time(typed, BERLIN, m.parse_time(now, m.UTC))
