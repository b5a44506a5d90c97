"""Times in time zones, and ages and durations at the limits of their units."""

import datetime as dt
import zoneinfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drtui.core.formatting import durations
from drtui.core.formatting import times as m

BERLIN, NEW_YORK, KOLKATA = map(m.zone_named, ("Europe/Berlin", "America/New_York", "Asia/Kolkata"))
ST_JOHNS, SAO_PAULO, KIRITIMATI = map(m.zone_named, ("America/St_Johns", "America/Sao_Paulo", "Pacific/Kiritimati"))
ZONES = sorted(zoneinfo.available_timezones() - {"localtime"})
SEED = 1634932842008
"""Start of the scheduled backup in the documented answer: 2021-10-22 20:00:42.008 UTC."""


def ms(text: str) -> int:
    """Return the epoch ms of an ISO 8601 text, computed by the standard library."""
    return round(dt.datetime.fromisoformat(text).timestamp() * 1000)


@pytest.mark.parametrize(
    ("zone", "clock", "stamp", "label", "iso"),
    [
        (m.UTC, "2021-10-22 20:00", "2021-10-22 20:00:42 +00:00", "UTC", "2021-10-22T20:00:42+00:00"),
        (BERLIN, "2021-10-22 22:00", "2021-10-22 22:00:42 +02:00", "CEST +02:00", "2021-10-22T22:00:42+02:00"),
        (NEW_YORK, "2021-10-22 16:00", "2021-10-22 16:00:42 -04:00", "EDT -04:00", "2021-10-22T16:00:42-04:00"),
        (KOLKATA, "2021-10-23 01:30", "2021-10-23 01:30:42 +05:30", "IST +05:30", "2021-10-23T01:30:42+05:30"),
        (ST_JOHNS, "2021-10-22 17:30", "2021-10-22 17:30:42 -02:30", "NDT -02:30", "2021-10-22T17:30:42-02:30"),
        (SAO_PAULO, "2021-10-22 17:00", "2021-10-22 17:00:42 -03:00", "-03:00", "2021-10-22T17:00:42-03:00"),
        (KIRITIMATI, "2021-10-23 10:00", "2021-10-23 10:00:42 +14:00", "+14:00", "2021-10-23T10:00:42+14:00"),
    ],
)
def test_format_functions_return_time_in_zone(zone: dt.tzinfo, clock: str, stamp: str, label: str, iso: str) -> None:
    assert m.format_minutes(SEED, zone) == clock
    assert m.format_full(SEED, zone) == stamp
    assert m.zone_label(SEED, zone) == label
    assert m.format_iso(SEED, zone) == iso


def test_format_functions_return_dash_when_time_is_none() -> None:
    assert m.format_minutes(None, BERLIN) == "-"
    assert m.format_full(None, BERLIN) == "-"


@pytest.mark.parametrize(
    ("zone", "moment", "clock", "label"),
    [
        (BERLIN, ms("2026-03-29T00:59:59+00:00"), "2026-03-29 01:59", "CET +01:00"),
        (BERLIN, ms("2026-03-29T01:00:00+00:00"), "2026-03-29 03:00", "CEST +02:00"),
        (BERLIN, ms("2026-10-25T00:30:00+00:00"), "2026-10-25 02:30", "CEST +02:00"),
        (BERLIN, ms("2026-10-25T01:30:00+00:00"), "2026-10-25 02:30", "CET +01:00"),
        (NEW_YORK, ms("2026-03-08T06:59:59+00:00"), "2026-03-08 01:59", "EST -05:00"),
        (NEW_YORK, ms("2026-03-08T07:00:00+00:00"), "2026-03-08 03:00", "EDT -04:00"),
        (NEW_YORK, ms("2026-11-01T05:30:00+00:00"), "2026-11-01 01:30", "EDT -04:00"),
        (NEW_YORK, ms("2026-11-01T06:30:00+00:00"), "2026-11-01 01:30", "EST -05:00"),
    ],
)
def test_day_has_23_or_25_hours_when_clock_changes(zone: dt.tzinfo, moment: int, clock: str, label: str) -> None:
    assert m.format_minutes(moment, zone) == clock
    assert m.zone_label(moment, zone) == label


def test_zone_label_is_offset_when_zone_has_no_name() -> None:
    assert m.zone_label(SEED, dt.timezone(dt.timedelta(hours=2))) == "UTC+02:00"
    assert m.zone_label(SEED, dt.timezone(dt.timedelta(hours=-3, minutes=-30))) == "UTC-03:30"


def test_format_full_keeps_seconds_of_offset() -> None:
    monrovia = m.zone_named("Africa/Monrovia")
    assert m.format_full(1, monrovia) == "1969-12-31 23:15:30 -00:44:30"
    assert m.zone_label(1, monrovia) == "MMT -00:44:30"


@pytest.mark.parametrize("moment", [0, 1, m.LAST - 1, m.LAST])
def test_format_functions_accept_first_and_last_time_in_every_zone(moment: int) -> None:
    for zone in map(m.zone_named, ZONES):
        assert len(m.format_minutes(moment, zone)) == 16
        assert m.format_full(moment, zone)
        assert m.zone_label(moment, zone)
        assert m.format_iso(moment, zone)


@given(st.integers(0, m.LAST))
def test_parse_time_returns_formatted_time_unchanged(moment: int) -> None:
    typed = m.to_zone(moment, BERLIN).isoformat(timespec="milliseconds")
    assert m.parse_time(typed, m.UTC) == moment


@pytest.mark.parametrize("name", ["UTC", "utc", "Z", "z"])
def test_zone_named_returns_utc_for_each_of_its_names(name: str) -> None:
    assert m.zone_named(name) is m.UTC


@pytest.mark.parametrize(
    "name", ["", " ", "Europe", "Europe/Nowhere", "../../etc/passwd", "/etc/passwd", "\0", "\ud800", "x" * 5_000, "+2"]
)
def test_zone_named_rejects_unknown_zone_with_example(name: str) -> None:
    with pytest.raises(m.TimeError, match=r"Europe/[A-Z]"):
        m.zone_named(name)


S, MIN, H, D = durations.SECOND, durations.MINUTE, durations.HOUR, durations.DAY


@pytest.mark.parametrize(
    ("span", "text", "short"),
    [
        (0, "0 s", "0 s"),
        (1, "1 s", "1 s"),
        (999, "1 s", "1 s"),
        (S, "1 s", "1 s"),
        (89 * S, "89 s", "89 s"),
        (89 * S + 1, "2 min", "2 min"),
        (90 * S, "2 min", "2 min"),
        (2 * MIN, "2 min", "2 min"),
        (59 * MIN, "59 min", "59 min"),
        (59 * MIN + 1, "1 h", "1 h"),
        (H, "1 h", "1 h"),
        (H + 1, "1 h 1 min", "2 h"),
        (H + 59 * MIN, "1 h 59 min", "2 h"),
        (H + 59 * MIN + 1, "2 h", "2 h"),
        (9 * H + 50 * MIN, "9 h 50 min", "10 h"),
        (24 * H, "24 h", "24 h"),
        (47 * H + 59 * MIN, "47 h 59 min", "2 d"),
        (48 * H - 1, "2 d", "2 d"),
        (48 * H, "2 d", "2 d"),
        (3 * D + 4 * H, "3 d 4 h", "4 d"),
        (3 * D + 4 * H + 1, "3 d 5 h", "4 d"),
        (10 * D - 1, "10 d", "10 d"),
        (10 * D, "10 d", "10 d"),
        (10 * D + 1, "11 d", "11 d"),
        (41 * D, "41 d", "41 d"),
        (-1, "0 s", "0 s"),
        (-7 * MIN, "0 s", "0 s"),
        (9_999 * D, "9999 d", "9999 d"),
        (9_999 * D + 1, "10000 d", "28 y"),
        (10**30, f"{-(-(10**30) // D)} d", "31688087814028950238 y"),
    ],
)
def test_format_age_rounds_up(span: int, text: str, short: str) -> None:
    assert durations.format_age(span) == text
    assert durations.format_short_age(span) == short


@pytest.mark.parametrize(
    ("span", "text", "short"),
    [
        (0, "0 s", "0 s"),
        (999, "0 s", "0 s"),
        (90 * S - 1, "89 s", "89 s"),
        (90 * S, "1 min", "1 min"),
        (2 * MIN - 1, "1 min", "1 min"),
        (60 * MIN - 1, "59 min", "59 min"),
        (H + 59 * MIN, "1 h 59 min", "1 h"),
        (2 * H - 1, "1 h 59 min", "1 h"),
        (48 * H - 1, "47 h 59 min", "47 h"),
        (10 * D - 1, "9 d 23 h", "9 d"),
        (11 * D - 1, "10 d", "10 d"),
        (-1, "0 s", "0 s"),
        (10_000 * D, "10000 d", "27 y"),
    ],
)
def test_format_duration_rounds_down(span: int, text: str, short: str) -> None:
    assert durations.format_duration(span) == text
    assert durations.format_short_duration(span) == short


UNITS = {"s": S, "min": MIN, "h": H, "d": D, "y": 36_525 * D // 100, "m": MIN}


def milliseconds(text: str) -> int:
    words = text.split()
    return sum(int(number) * UNITS[unit] for number, unit in zip(words[::2], words[1::2], strict=True))


@given(
    st.integers(0, 10**14)
    | st.sampled_from([S, MIN, H, D, 2 * D, 10 * D]).flatmap(lambda at: st.integers(at - 2, at + 2))
)
def test_format_functions_round_to_the_unfavourable_side(span: int) -> None:
    for text in (durations.format_age(span), durations.format_short_age(span), durations.format_elapsed(span)):
        assert milliseconds(text) >= span
    for text in (durations.format_duration(span), durations.format_short_duration(span)):
        assert milliseconds(text) <= span
    assert max(len(durations.format_short_age(span)), len(durations.format_short_duration(span))) <= 7


@pytest.mark.parametrize(("span", "text"), [(0, "0 s"), (3 * MIN, "3 min"), (-3 * MIN, "-3 min"), (-1, "-1 s")])
def test_format_signed_has_minus_when_negative(span: int, text: str) -> None:
    assert durations.format_signed(span) == text


@pytest.mark.parametrize(
    ("start", "old"),
    [
        (None, None),
        (0, 1_000 * D),
        (1_000 * D, 0),
        (1_000 * D + 7 * MIN, 0),
        (1_000 * D + 10 * MIN, 0),
        (1_000 * D + 10 * MIN + 1, None),
    ],
)
def test_age_at_is_zero_when_clocks_differ_a_little_and_none_when_much(start: int | None, old: int | None) -> None:
    assert durations.age_at(start, 1_000 * D) == old


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (None, "-"),
        (-1, "-"),
        (0, "0 s"),
        (1, "1 s"),
        (49_341, "50 s"),
        (60 * S - 1, "1 m 00 s"),
        (60 * S, "1 m 00 s"),
        (340_280, "5 m 41 s"),
        (H - 1, "1 h 00 m"),
        (H, "1 h 00 m"),
        (H + 2 * MIN, "1 h 02 m"),
        (H + 2 * MIN + 59 * S, "1 h 03 m"),
        (100 * H, "100 h 00 m"),
    ],
)
def test_format_elapsed_rounds_up(span: int | None, text: str) -> None:
    assert durations.format_elapsed(span) == text


@pytest.mark.parametrize(
    ("zone", "named"),
    [
        ("UTC", "UTC"),
        ("Europe/Berlin", "CET/CEST"),
        ("Europe/London", "GMT/BST"),
        ("America/New_York", "EST/EDT"),
        ("Pacific/Auckland", "NZST/NZDT"),
        ("Asia/Kolkata", "+05:30"),
        ("America/Sao_Paulo", "-03:00"),
    ],
)
def test_zone_name_returns_expected_heading(zone: str, named: str) -> None:
    for moment in (m.parse_time("2026-01-15T12:00Z", m.UTC), m.parse_time("2026-07-15T12:00Z", m.UTC)):
        assert m.zone_name(moment, m.zone_named(zone)) == named
    assert m.zone_name(0, m.UTC) == "UTC"
