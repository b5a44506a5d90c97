"""Estimation of the site's clock from single answers and from all together."""

import pytest

from drtui.core.formatting.durations import DAY, HOUR, MINUTE
from drtui.core.model.site_clock import (
    ClockSample,
    cache_age,
    clock_offset,
    clock_sample,
    parse_http_date,
    skew_text,
    stale_answers,
)
from tests.conftest import NOW

SECOND = 1_000


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("Thu, 01 Jan 1970 00:00:01 GMT", 1_000),
        ("Mon, 21 Sep 2026 14:13:20 GMT", NOW),
        (" mon, 21 sep 2026 14:13:20 utc ", NOW),
        ("Sat, 29 Feb 2020 23:59:59 GMT", 1_583_020_799_000),
        ("Sun, 29 Feb 2026 23:59:59 GMT", None),
        ("Mon, 21 Sep 2026 24:00:00 GMT", None),
        ("Mon, 21 Sep 2026 14:13:20 +0200", None),
        ("Mon, 21 Foo 2026 14:13:20 GMT", None),
        ("Mon, 21 Sep 9999 14:13:20 GMT", None),
        ("Mon, 21 Sep 0000 14:13:20 GMT", None),
        ("Mon, 21 Sep 2026 14:13:20 GMT, Mon, 21 Sep 2026 14:13:20 GMT", None),
        ("Mon, ٢١ Sep 2026 14:13:20 GMT", None),
        ("1790000000", None),
        ("", None),
    ],
)
def test_parse_http_date_returns_time_or_none(text: str, moment: int | None) -> None:
    assert parse_http_date(text) == moment


def dated(ahead: int, took: int = 100) -> ClockSample:
    """Return the sample of an answer from a site whose clock is `ahead` milliseconds ahead."""
    return ClockSample((NOW + took // 2 + ahead) // SECOND * SECOND, NOW, NOW + took)


@pytest.mark.parametrize(
    ("samples", "expected"),
    [
        ([], None),
        ([dated(0)], 0),
        ([dated(1_900)], 0),
        ([dated(-1_900)], 0),
        ([dated(3 * HOUR)], 3 * HOUR),
        ([dated(-3 * HOUR)] * 4, -3 * HOUR),
        ([dated(3 * HOUR, took=1_800)] * 4, 3 * HOUR),
        ([dated(0), dated(0), dated(5 * DAY)], 0),
        ([dated(HOUR), dated(HOUR), dated(-10 * DAY, took=60_000)], HOUR),
        ([dated(HOUR), dated(-10 * DAY), dated(HOUR), dated(HOUR)], HOUR),
        ([dated(30_000, took=90_000)], 0),
        ([dated(HOUR, took=90_000)], HOUR),
    ],
)
def test_clock_offset_is_median_of_quick_answers(samples: list[ClockSample], expected: int | None) -> None:
    offset = clock_offset(samples)
    assert (offset is None) == (expected is None)
    if offset is not None and expected is not None:
        assert abs(offset - expected) <= 2 * SECOND
        assert expected or not offset, "a difference within the precision is none"


def test_clock_offset_stays_when_change_is_within_precision() -> None:
    assert clock_offset([dated(HOUR)], previous=HOUR + 1_500) == HOUR + 1_500
    assert clock_offset([dated(HOUR)], previous=HOUR + 5_000) != HOUR + 5_000
    assert clock_offset([dated(0)], previous=1_500) == 0


@pytest.mark.parametrize(
    ("status", "headers", "expected"),
    [
        (200, {}, None),
        (200, {"age": "0"}, None),
        (200, {"age": "60"}, None),
        (200, {"age": "61"}, 61_000),
        (200, {"age": "864000"}, 10 * DAY),
        (200, {"age": "0, 864000"}, 10 * DAY),
        (200, {"age": "9" * 400}, 3650 * DAY),
        (200, {"age": "-1"}, 0),
        (200, {"age": "1.5e9"}, 0),
        (200, {"age": "٣٠٠"}, 0),
        (200, {"age": ""}, None),
        (203, {}, 0),
        (203, {"age": "864000"}, 10 * DAY),
        (203, {"age": "5"}, 5_000),
        (200, {"warning": '110 cache "Response is Stale"'}, 0),
        (200, {"warning": '299 - "deprecated", 111 cache "Revalidation Failed"'}, 0),
        (200, {"warning": '299 - "110 things"'}, None),
        (200, {"warning": '1101 x "y"'}, None),
    ],
)
def test_cache_age_returns_time_in_cache(status: int, headers: dict[str, str], expected: int | None) -> None:
    assert cache_age(status, headers) == expected


DATE = "Mon, 21 Sep 2026 14:13:20 GMT"


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        (200, {}),
        (200, {"date": "yesterday"}),
        (200, {"date": DATE, "age": "0"}),
        (203, {"date": DATE}),
        (206, {"date": DATE}),
        (200, {"date": DATE, "warning": "110 a b"}),
    ],
)
def test_clock_sample_is_none_when_site_did_not_date_the_answer(status: int, headers: dict[str, str]) -> None:
    assert clock_sample(status, headers, NOW, NOW) is None
    sample = clock_sample(200, {"date": DATE}, NOW, NOW)
    assert sample is not None
    assert (sample.date, sample.sent, sample.received) == (NOW, NOW, NOW)


def test_stale_answers_returns_answers_dated_long_before_the_median() -> None:
    most = {"stores": dated(0), "site": dated(0), "status": dated(2_000)}
    assert stale_answers(most) == {}
    assert stale_answers({**most, "settings": dated(-9 * MINUTE)}) == {}
    late = stale_answers({**most, "backups of a": dated(-DAY), "settings": dated(DAY)})
    assert late.keys() == {"backups of a"}
    assert abs(late["backups of a"] - DAY) <= 2_000
    assert stale_answers({"stores": dated(0), "backups of a": dated(-DAY)}) == {}, (
        "of two nobody knows which one is late"
    )


def test_stale_answers_counts_each_answer_when_their_times_are_equal() -> None:
    equal = {name: dated(0) for name in ("site", "stores", "status", "settings")}
    assert stale_answers({**equal, "backups of a": dated(-DAY)}).keys() == {"backups of a"}


def test_stale_answers_counts_answer_once_when_several_stores_share_it() -> None:
    one = dated(-DAY)
    lists = {f"backups of {number}": one for number in range(20)}
    assert (
        stale_answers({"site": dated(0), "status": dated(1_000), "stores": dated(2_000), **lists}).keys()
        == lists.keys()
    )


@pytest.mark.parametrize(
    ("ahead", "words"),
    [
        (None, ""),
        (0, ""),
        (119_000, ""),
        (2 * MINUTE, "2 min behind the site's"),
        (-3 * HOUR, "ahead of the site's"),
        (30 * DAY, "30 d behind"),
    ],
)
def test_skew_text_is_empty_when_difference_is_below_two_minutes(ahead: int | None, words: str) -> None:
    text = skew_text(ahead)
    assert words in text
    assert bool(words) == bool(text)
