"""Parsing of typed times and durations."""

import datetime as dt

import pytest

from drtui.core.formatting import times as m
from drtui.core.formatting.durations import DAY, HOUR, MINUTE, SECOND

BERLIN, NEW_YORK, KOLKATA = map(m.zone_named, ("Europe/Berlin", "America/New_York", "Asia/Kolkata"))
KIRITIMATI = m.zone_named("Pacific/Kiritimati")
MIN, H, D = MINUTE, HOUR, DAY
SEED = 1634932842008


def ms(text: str) -> int:
    """Return the epoch ms of an ISO 8601 text, computed by the standard library."""
    return round(dt.datetime.fromisoformat(text).timestamp() * 1000)


@pytest.mark.parametrize(
    ("typed", "span"),
    [
        ("24h", 24 * H),
        ("24 H", 24 * H),
        ("90m", 90 * MIN),
        ("90min", 90 * MIN),
        ("90 min", 90 * MIN),
        ("7d", 7 * D),
        ("2w", 14 * D),
        ("1d12h", 36 * H),
        (" 1d 12h ", 36 * H),
        ("45 s", 45 * SECOND),
        ("1.5h", 90 * MIN),
    ],
)
def test_parse_duration_accepts_common_formats(typed: str, span: int) -> None:
    assert m.parse_duration(typed) == span


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "24",
        "h",
        "-5h",
        "0h",
        "0.0001s",
        "5 minutes",
        "1h30",
        "1d, 2h",
        "one day",
        "inf",
        "9" * 400 + "d",
        "9" * 30 + "s",
    ],
)
def test_parse_duration_rejects_invalid_text_with_examples(typed: str) -> None:
    with pytest.raises(m.TimeError, match="24h, 90m"):
        m.parse_duration(typed)


@pytest.mark.parametrize(
    ("typed", "zone", "moment"),
    [
        ("2026-09-18T14:37", BERLIN, ms("2026-09-18T12:37+00:00")),
        ("2026-09-18 14:37", BERLIN, ms("2026-09-18T12:37+00:00")),
        (" 2026-09-18 14:37:21 ", NEW_YORK, ms("2026-09-18T18:37:21+00:00")),
        ("2026-09-18T14:37", KOLKATA, ms("2026-09-18T09:07+00:00")),
        ("2026-09-18T14:37Z", BERLIN, ms("2026-09-18T14:37+00:00")),
        ("2026-09-18T14:37+02:00", NEW_YORK, ms("2026-09-18T12:37+00:00")),
        ("2026-09-18T14:37-03:30", KOLKATA, ms("2026-09-18T18:07+00:00")),
        ("2026-09-20 02:00:33 +02:00", NEW_YORK, ms("2026-09-20T00:00:33+00:00")),
        ("2026-09-18", BERLIN, ms("2026-09-17T22:00+00:00")),
        ("20260918T1437Z", BERLIN, ms("2026-09-18T14:37+00:00")),
        ("1634932842008", BERLIN, SEED),
        ("2021-10-22T20:00:42.008Z", BERLIN, SEED),
        ("1970-01-01T00:00Z", BERLIN, 0),
        ("2026-03-29T01:59:59", BERLIN, ms("2026-03-29T00:59:59+00:00")),
        ("2026-03-29T03:00", BERLIN, ms("2026-03-29T01:00+00:00")),
        ("2026-10-25T02:30+02:00", BERLIN, ms("2026-10-25T00:30+00:00")),
        ("2026-10-25T02:30+01:00", BERLIN, ms("2026-10-25T01:30+00:00")),
        ("2026-10-25T03:00", BERLIN, ms("2026-10-25T02:00+00:00")),
        ("2026-10-25T02:30", m.UTC, ms("2026-10-25T02:30+00:00")),
    ],
)
def test_parse_time_accepts_common_formats(typed: str, zone: dt.tzinfo, moment: int) -> None:
    assert m.parse_time(typed, zone) == moment


@pytest.mark.parametrize(
    ("typed", "zone", "how", "readings"),
    [
        ("2026-03-29T02:30", BERLIN, "does not exist", ("2026-03-29T00:30Z", "2026-03-29T01:30Z")),
        ("2026-10-25T02:30", BERLIN, "comes twice", ("2026-10-25T00:30Z", "2026-10-25T01:30Z")),
        ("2026-03-08T02:00", NEW_YORK, "does not exist", ("2026-03-08T06:00Z", "2026-03-08T07:00Z")),
        ("2026-11-01T01:59", NEW_YORK, "comes twice", ("2026-11-01T05:59Z", "2026-11-01T06:59Z")),
    ],
)
def test_parse_time_names_both_times_when_clock_shows_it_twice_or_never(
    typed: str, zone: dt.tzinfo, how: str, readings: tuple[str, str]
) -> None:
    with pytest.raises(m.TimeError, match=how) as caught:
        m.parse_time(typed, zone)
    assert all(reading in str(caught.value) for reading in readings)


@pytest.mark.parametrize(
    "typed", ["", "yesterday", "18.09.2026", "2026-13-01", "2026-09-18T25:00", "1634932842", "Apr 22, 2021, 2:00:00 AM"]
)
def test_parse_time_rejects_invalid_text_with_example(typed: str) -> None:
    with pytest.raises(m.TimeError, match="2026-09-18T14:37"):
        m.parse_time(typed, BERLIN)


@pytest.mark.parametrize("zone", [m.UTC, BERLIN, NEW_YORK, KIRITIMATI])
@pytest.mark.parametrize(
    "typed", ["0001-01-01", "9999-12-31T23:59", "9999-12-31T23:59Z", "0001-01-01T00:00+14:00", "1969-12-30T00:00Z"]
)
def test_parse_time_rejects_time_when_out_of_range(typed: str, zone: dt.tzinfo) -> None:
    with pytest.raises(m.TimeError, match="1970"):
        m.parse_time(typed, zone)
