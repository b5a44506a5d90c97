"""Gantt charts and duration bars: offsets, durations, overlaps and drawing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.durations import HOUR, MINUTE, SECOND
from drtui.core.formatting.text import width
from drtui.core.formatting.times import UTC
from drtui.core.model.backup import INFRASTRUCTURE, OBJECT, RELATIONAL, Backup, Part
from drtui.core.model.site import DrSettings
from drtui.core.timeline.durations import BARS, duration_lines, measure_durations
from drtui.core.timeline.gantt import Gantt, build_bars, build_gantt, format_exact
from drtui.core.verdict.restore_points import RestorePoint
from drtui.core.verdict.rules import Level, Reason, Verdict
from tests.conftest import NOW
from tests.core.points import backup

START = NOW - HOUR
PLAIN = DisplayContext(NOW, UTC, plain=True)
USABLE = Verdict(Level.USABLE, ())
RUNNING = Verdict(Level.RUNNING, (Reason(Level.RUNNING, "running", "it is being made"),))


def second(seconds: float | None) -> int | None:
    """Return the time `seconds` seconds after START, in epoch ms."""
    return None if seconds is None else START + round(seconds * SECOND)


def timed(*times: tuple[str, float | None, float | None], **changes: object) -> Backup:
    """Return a backup of 60 s with parts (kind, start, end), in seconds after its start."""
    parts = tuple(Part(kind, "completed", second(start), second(end)) for kind, start, end in times)
    return backup("one", 1, **{"end": START + MINUTE, "parts": parts, **changes})


def gantt_of(record: Backup, verdict: Verdict = USABLE) -> Gantt:
    chart = build_gantt(RestorePoint(record, verdict), NOW)
    assert chart is not None
    return chart


DOCUMENTED = timed((RELATIONAL, 2.274, 10.5), (OBJECT, 10.676, 60.066), (INFRASTRUCTURE, 60.28, 67.954))
"""A backup with the times of the documented answer (rule R5)."""


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (DOCUMENTED, ["relational store and object store do not overlap: 0.176 s between them",
                "object store and infrastructure do not overlap: 0.214 s between them"]),
        (timed((OBJECT, 5, 30), (RELATIONAL, 2, 8)), ["relational store and object store overlap: 3.000 s"]),
        (timed((RELATIONAL, 0, 9), (OBJECT, 2, 4), ("bigData", 5, 20)), [
            "relational store and object store overlap: 2.000 s", "relational store and bigData overlap: 4.000 s",
            "object store and bigData do not overlap: 1.000 s between them"]),
        (timed((RELATIONAL, 0, 5), (OBJECT, 5, 9)),
            ["relational store and object store do not overlap: 0.000 s between them"]),
        (timed((RELATIONAL, 0, None), (OBJECT, 5, 9)), []),
        (timed((RELATIONAL, 9, 3), (OBJECT, 5, 9)), []),
        (timed((RELATIONAL, 0, 9)), []),
        (timed(), []),
    ],
)  # fmt: skip
def test_r5_overlaps_are_exact_when_parts_have_times(record: Backup, expected: list[str]) -> None:
    assert [overlap.text for overlap in gantt_of(record).overlaps] == expected


def test_r2_gantt_has_a_bar_per_part_when_kinds_are_undocumented() -> None:
    record = timed((OBJECT, 5, 30), (RELATIONAL, -1, 8), ("bigData", 31, None), (INFRASTRUCTURE, None, None))
    chart = gantt_of(record)
    offsets = [None if bar.start is None else bar.start - chart.origin for bar in chart.bars]
    assert [(bar.name, offset, bar.duration) for bar, offset in zip(chart.bars, offsets, strict=True)] == [
        ("total", 0, 60_000), ("relational store", -1_000, 9_000), ("object store", 5_000, 25_000),
        ("bigData", 31_000, None), ("infrastructure", None, None),
    ]  # fmt: skip
    assert (chart.start, chart.duration) == (START - SECOND, 61_000)


def test_gantt_ends_now_when_a_part_is_running() -> None:
    record = timed((RELATIONAL, 0, 10), (OBJECT, 10, None), end=None)
    running, stalled = gantt_of(record, RUNNING), gantt_of(record)
    assert (running.duration, stalled.duration) == (HOUR, 10_000)
    assert [bar.is_running for bar in running.bars] == [True, False, True]
    assert running.draw_bar(running.bars[2], 10, plain=True) == "##########"
    assert stalled.draw_bar(stalled.bars[2], 10, plain=True) == " " * 9 + "#"


@pytest.mark.parametrize(
    ("from_", "to", "drawn"),
    [
        (0, 60, "############"), (0, 30, "######"), (30, 60, "      ######"), (20, 21, "    #"),
        (59, 60, "           #"), (60, 60, "           #"), (0, 0, "#"), (7, 13, " ##"),
    ],
)  # fmt: skip
def test_draw_bar_has_at_least_one_cell_when_the_part_is_short(from_: float, to: float, drawn: str) -> None:
    chart = gantt_of(timed((RELATIONAL, from_, to)))
    assert chart.draw_bar(chart.bars[1], 12, plain=True) == drawn
    assert width(chart.draw_bar(chart.bars[1], 12, plain=False)) == len(drawn)


def test_build_gantt_returns_none_when_the_record_has_no_times() -> None:
    point = RestorePoint(Backup("x", "vault", parts=(Part(RELATIONAL),)), USABLE)
    assert build_gantt(point, NOW) is None
    lines, sentences = build_bars(point, None, PLAIN, 80)
    assert (lines, [line.text for line in sentences]) == ((), ["no times recorded"])


def test_build_bars_returns_chart_and_sentences_when_parts_have_times() -> None:
    lines, sentences = build_bars(RestorePoint(DOCUMENTED, USABLE), DrSettings(600), PLAIN, 80)
    assert [line.text for line in (*lines, *sentences)] == [
        "PART                       OFFSET          TOOK  0                1 m 07.954 s",
        "ok total                  0.000 s  1 m 00.000 s  ##########################",
        "ok relational store       2.274 s       8.226 s  #####",
        "ok object store          10.676 s      49.390 s      ######################",
        "ok infrastructure    1 m 00.280 s       7.674 s                           ####",
        "relational store and object store do not overlap: 0.176 s between them",
        "object store and infrastructure do not overlap: 0.214 s between them",
        "captured over 66 s: parts may be inconsistent",
        "object store finished 50 s later",
        "took 10% of the limit of 10 min",
    ]


@given(
    times=st.lists(st.tuples(st.integers(-10, 100), st.integers(-10, 100)), max_size=5), cells=st.integers(0, 160),
    is_running=st.booleans(),
)  # fmt: skip
def test_build_bars_fits_the_window_when_times_are_random(
    times: list[tuple[int, int]], cells: int, is_running: bool
) -> None:
    record = timed(*((f"kind {n}", a, b) for n, (a, b) in enumerate(times)), end=None if is_running else START)
    point = RestorePoint(record, RUNNING if is_running else USABLE)
    lines = build_bars(point, None, PLAIN, cells).chart
    assert max(width(line.text) for line in lines) <= max(cells, 3 + 26 + 2 * 14 + 2)
    chart = gantt_of(record, point.verdict)
    assert all(chart.draw_bar(bar, cells, plain=True).strip(" #") == "" for bar in chart.bars)


@pytest.mark.parametrize(
    ("milliseconds", "text"),
    [
        (0, "0.000 s"), (170, "0.170 s"), (59_999, "59.999 s"), (60_000, "1 m 00.000 s"), (302_337, "5 m 02.337 s"),
        (3_723_004, "1 h 02 m 03.004 s"), (-2_275, "-2.275 s"), (90_000_000, "25 h 00 m 00.000 s"),
    ],
)  # fmt: skip
def test_format_exact_shows_milliseconds_when_given_any_duration(milliseconds: int, text: str) -> None:
    assert format_exact(milliseconds) == text


def points_that_took(*minutes: float | None) -> list[RestorePoint]:
    """Return restore points with these durations; their relational stores took half as long."""
    result = []
    for number, duration in enumerate(minutes):
        end = None if duration is None else START + round(duration * MINUTE)
        half = None if end is None else (START + end) // 2
        part = Part(RELATIONAL, "completed", START, half)
        result.append(RestorePoint(backup(f"b{number}", 1, end=end, parts=(part, replace(part, kind="x"))), USABLE))
    return result


def test_r29_durations_are_compared_with_the_limit_when_it_is_set() -> None:
    whole, relational, undocumented = measure_durations(
        points_that_took(0, 6, 12, 30, 59, 60, 61, None), DrSettings(3_600)
    )
    assert (whole.name, whole.bars(9, plain=True)) == ("total", "01259!!?")
    assert (relational.name, relational.bars(9, plain=True)) == ("relational store", "0012455?")
    assert (undocumented.name, undocumented.bars(3, plain=True)) == ("x", "55?")
    assert whole.bars(9, plain=False) == BARS[0] + BARS[0] + BARS[1] + BARS[4] + BARS[7] + "!!?"
    assert whole.text == "longest 1 h 01 m, 102% of 1 h, 6.7x slower lately, newest unknown"
    assert not whole.is_default_limit


@pytest.mark.parametrize(
    ("minutes", "text"),
    [
        ((6, 12), "longest 12 m 00 s, 10% of 2 h (default), newest 12 m 00 s"),
        ((10, 10, 10, 20, 20, 20), "longest 20 m 00 s, 17% of 2 h (default), 2.0x slower lately, newest 20 m 00 s"),
        ((None,), "no duration in the records"),
        ((6, None), "longest 6 m 00 s, 5% of 2 h (default), newest unknown"),
    ],
)
def test_r29_limit_is_the_default_when_the_setting_is_unknown(minutes: tuple[float | None, ...], text: str) -> None:
    whole = measure_durations(points_that_took(*minutes), None)[0]
    assert (whole.text, whole.is_default_limit) == (text, True)


def test_duration_lines_show_as_many_bars_as_fit_when_narrow() -> None:
    rows = measure_durations(points_that_took(*range(1, 101)), DrSettings(7_200))[:2]
    assert duration_lines(rows, 80, plain=True) == [
        "total             7777788888  longest 1 h 40 m, 83% of 2 h, 8% slower lately",
        "relational store  3333344444  longest 50 m 00 s, 42% of 2 h, 8% slower lately",
    ]
    wide_lines = duration_lines(rows, 200, plain=True)
    assert [line.index("longest") for line in wide_lines] == [80, 80]
    assert duration_lines((), 80, plain=True) == []


def test_durations_span_all_instances_when_a_store_has_several() -> None:
    point = RestorePoint(timed((RELATIONAL, 2, 8), (RELATIONAL, 9, 20), (OBJECT, 1, 2), (OBJECT, 5, None)), USABLE)
    assert [row.values for row in measure_durations([point], None)] == [(60_000,), (18_000,), (None,)]
    assert measure_durations([], None) == ()


def test_bars_are_one_cell_wide_when_measured() -> None:
    assert width(BARS) == len(BARS)
