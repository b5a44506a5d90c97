"""The end of a retention as a person types it."""

import datetime as dt

import pytest

from drtui.core.formatting.durations import DAY
from drtui.core.formatting.times import UTC, TimeError, to_zone
from drtui.core.model.backup import NEVER
from drtui.core.operations.retention import parse_retention
from tests.conftest import NOW

EAST = dt.timezone(dt.timedelta(hours=2))


@pytest.mark.parametrize(
    ("text", "retention"),
    [
        ("30d", NOW + 30 * DAY),
        (" 2w ", NOW + 14 * DAY),
        ("forever", NEVER),
        ("For  ever", NEVER),
    ],
)
def test_parse_retention_returns_the_end_when_it_can_be_read(text: str, retention: int) -> None:
    assert parse_retention(text, UTC, NOW) == retention


@pytest.mark.parametrize("zone", [UTC, EAST])
def test_date_means_its_last_moment_when_it_stands_alone(zone: dt.tzinfo) -> None:
    moment = to_zone(parse_retention("2031-12-31", zone, NOW), zone)
    assert f"{moment:%Y-%m-%d %H:%M:%S}" == "2031-12-31 23:59:59"


@pytest.mark.parametrize("text", ["", "soon", "30", "-1", "2020-01-01", "2031-02-30", "0d", "1999-12-31 10:00"])
def test_parse_retention_refuses_text_when_it_is_no_future_end(text: str) -> None:
    with pytest.raises(TimeError):
        parse_retention(text, UTC, NOW)
