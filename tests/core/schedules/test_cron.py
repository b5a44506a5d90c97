"""Run times of Quartz expressions, computed by hand for 2026."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drtui.core.formatting.durations import DAY, SECOND
from drtui.core.formatting.times import LAST
from drtui.core.schedules.cron import QuartzCron, QuartzError
from tests.conftest import NOW


def ms(text: str) -> int:
    return int(dt.datetime.fromisoformat(f"{text}+00:00").timestamp() * 1000)


@pytest.mark.parametrize(
    ("expression", "after", "expected"),
    [
        ("0 0 4 ? * 7", "2021-10-22T12:00", "2021-10-23T04:00"),  # R53: the sample's Saturday
        ("0 0 4 ? * 1", "2026-09-21T00:00", "2026-09-27T04:00"),  # R53: Sunday
        ("0 0 4 ? * SUN", "2026-09-21T00:00", "2026-09-27T04:00"),
        ("0 0 */1 * * ?", "2026-09-21T08:15", "2026-09-21T09:00"),  # the sample's hourly one
        ("15 30 2 * * ?", "2026-09-21T02:30:15", "2026-09-22T02:30:15"),
        ("0 0/15 2-4 ? * MON-FRI", "2026-09-25T04:45", "2026-09-28T02:00"),
        ("0 0/15 2-4 ? * 2-6", "2026-09-21T02:10", "2026-09-21T02:15"),
        ("0 5/20 * * * ?", "2026-09-21T08:46", "2026-09-21T09:05"),
        ("0 0 0 L * ?", "2026-02-03T00:00", "2026-02-28T00:00"),
        ("0 0 0 LW * ?", "2026-02-03T00:00", "2026-02-27T00:00"),
        ("0 0 0 15W * ?", "2026-08-01T00:00", "2026-08-14T00:00"),
        ("0 0 0 15W * ?", "2026-11-01T00:00", "2026-11-16T00:00"),
        ("0 0 0 15W * ?", "2026-09-01T00:00", "2026-09-15T00:00"),
        ("0 0 0 1W * ?", "2026-07-31T12:00", "2026-08-03T00:00"),
        ("0 0 0 31W * ?", "2026-04-01T00:00", "2026-05-29T00:00"),
        ("0 0 0 L-3 * ?", "2026-02-01T00:00", "2026-02-25T00:00"),
        ("0 0 0 L-1 * ?", "2026-08-01T00:00", "2026-08-30T00:00"),  # a Sunday
        ("0 0 0 2W * ?", "2026-04-30T00:00", "2026-05-01T00:00"),  # a Saturday
        ("0 0 0 L-1W * ?", "2026-05-01T00:00", "2026-05-29T00:00"),
        ("0 30 10 ? * 6#3", "2026-09-01T00:00", "2026-09-18T10:30"),
        ("0 30 10 ? * FRI#3", "2026-09-18T10:30", "2026-10-16T10:30"),
        ("0 0 0 ? * 6L", "2026-09-01T00:00", "2026-09-25T00:00"),
        ("0 0 0 ? * L", "2026-09-21T00:00", "2026-09-26T00:00"),
        ("0 0 22-2 ? * *", "2026-09-21T02:30", "2026-09-21T22:00"),
        ("0 0 0 ? NOV-JAN FRI-MON", "2026-09-21T00:00", "2026-11-01T00:00"),
        ("0 0 0 ? * 1/3", "2026-09-21T00:00", "2026-09-23T00:00"),
        ("0 0 0 1,15 * ?", "2026-09-02T00:00", "2026-09-15T00:00"),
        ("0 0 0 1/10 * ?", "2026-09-02T00:00", "2026-09-11T00:00"),
        ("0 0 0 ? JAN MON 2028", "2026-09-02T00:00", "2028-01-03T00:00"),
        ("0 0 0 29 2 ?", "2026-09-02T00:00", "2028-02-29T00:00"),
        ("0 0 2 * * *", "2026-09-02T00:00", "2026-09-02T02:00"),
        ("/30 * * * * ?", "2026-09-02T00:00", "2026-09-02T00:00:30"),
        ("0 0 2 * * ?", "1970-01-01T00:00", "1970-01-01T02:00"),
    ],
)
def test_r53_cron_after_returns_next_run(expression: str, after: str, expected: str) -> None:
    assert QuartzCron(expression).after(ms(after)) == ms(expected)
    assert QuartzCron(expression).after(ms(expected) - 1) == ms(expected)
    assert QuartzCron(expression.lower()).after(ms(after)) == ms(expected)


MONTHS = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC"
DAYS = "SUN MON TUE WED THU FRI SAT"


@pytest.mark.parametrize(("form", "names"), [("0 0 0 1 {} ?", MONTHS), ("0 0 0 ? * {}", DAYS)])
def test_r53_cron_accepts_names_of_months_and_weekdays(form: str, names: str) -> None:
    for number, name in enumerate(names.split(), 1):
        assert QuartzCron(form.format(name)).after(NOW) == QuartzCron(form.format(number)).after(NOW)


@pytest.mark.parametrize(
    "expression",
    [
        "", "0 0 2 * *", "0 2 * * *", "0 0 2 1 * 2", "60 0 0 * * ?", "0 0 24 * * ?", "0 0 0 ? * 8", "0 0 0 ? * 0",
        "0 0 0 32 * ?", "0 0 0 ? 13 *", "0 0 0 ? * MON#6", "0 0 0 ? * NOD", "0 0 0 * * ? 2026 7", "a b c d e f",
        "0 0 0 L-31 * ?", "0 0/0 0 * * ?", "0 , 0 * * ?", "0 0 0 30 2 ?", "0 0 ٣ * * ?",
        "0 0 0 ? * 8#1", "0 0 0 * * ? 1969",
    ],
)  # fmt: skip
def test_cron_rejects_invalid_expression(expression: str) -> None:
    with pytest.raises(QuartzError):
        QuartzCron(expression)


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("0 0 2 * *", "5 fields instead of 6 or 7"),
        ("0 0 24 * * ?", "'24' is not between 0 and 23"),
        ("0 0 0 32 * ?", "'32' is not between 1 and 31"),
        ("0 0 0 32W * ?", "'32' is not between 1 and 31"),
        ("0 0 0 ? * 8L", "'8' is not between 1 and 7"),
        ("0 0 0 * * ? 2200", "'2200' is not between 1970 and 2199"),
        ("0 0 2 1 * 2", "day of the month and day of the week are both set; one must be ?"),
        ("0 0 0 30 2 ?", "Bad day-of-month"),
    ],
)
def test_cron_error_says_why_expression_is_invalid(expression: str, words: str) -> None:
    with pytest.raises(QuartzError) as raised:
        QuartzCron(expression)
    assert str(raised.value) == words


@pytest.mark.parametrize("expression", ["0 0 0 * * ? 1970", "* * * ? * * 2199", "0 0 0 28 9 ? 2031"])
def test_cron_after_is_none_when_no_run_within_five_years(expression: str) -> None:
    assert QuartzCron(expression).after(NOW) is None


def test_cron_between_includes_both_ends() -> None:
    assert list(QuartzCron("0 0 * * * ?").between(ms("2026-09-21T02:00"), ms("2026-09-21T04:00"))) == [
        ms("2026-09-21T02:00"), ms("2026-09-21T03:00"), ms("2026-09-21T04:00")
    ]  # fmt: skip
    assert list(QuartzCron("0 0 * * * ?").between(ms("2026-09-21T02:01"), ms("2026-09-21T02:59"))) == []
    for start in ("2026-09-20T00:01", "2026-09-21T00:00"):
        assert list(QuartzCron("0 0 0 * * ?").between(ms(start), ms("2026-09-21T00:00"))) == [ms("2026-09-21T00:00")]


@pytest.mark.parametrize("moment", [-5, 0, LAST, LAST + DAY, 10**30])
def test_cron_returns_nothing_beyond_the_calendar(moment: int) -> None:
    next_run = QuartzCron("0 0 2 * * ?").after(moment)
    assert next_run is None or next_run > moment


@pytest.mark.parametrize("expression", ["0 0 0 1 1 ?", "0 0 0 ? * 2#5", "0 0 0 LW * ?", "0 0 0 15W 6 ?"])
@pytest.mark.parametrize("days_before", [1, 10, 40, 400])
def test_cron_does_not_search_after_the_end_of_the_calendar(expression: str, days_before: int) -> None:
    moment = LAST - days_before * DAY
    next_run = QuartzCron(expression).after(moment)
    assert next_run is None or moment < next_run <= LAST
    assert list(QuartzCron(expression).between(moment, NOW)) == []


NUMBERS = st.integers(0, 70).map(str)
TERM = st.one_of(NUMBERS, st.sampled_from(["*", "?", "L", "LW", "15W", "2#1", "6L", "1-5", "*/3", "MON", "JAN", "L-2"]))
FIELD = st.lists(TERM, min_size=1, max_size=2).map(",".join)


@given(st.lists(FIELD, min_size=5, max_size=8).map(" ".join))
def test_cron_is_rejected_or_returns_sorted_runs_for_any_text(expression: str) -> None:
    try:
        quartz = QuartzCron(expression)
    except QuartzError:
        return
    first = quartz.after(NOW)
    assert first is None or first > NOW
    moments = list(zip(range(50), quartz.between(NOW, NOW + 40 * DAY), strict=False))
    assert [moment for _, moment in moments] == sorted({moment for _, moment in moments})
    assert all(moment % SECOND == 0 for _, moment in moments)
