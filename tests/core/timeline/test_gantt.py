"""One restore point in time: offsets, durations and overlaps to the millisecond, and how they are drawn."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.text import width
from drtui.core.formatting.times import HOUR, MINUTE, SECOND, UTC
from drtui.core.model.backup import INFRASTRUCTURE, OBJECT, RELATIONAL, Backup, Part
from drtui.core.model.site import DrSettings
from drtui.core.timeline.durations import BARS, duration_lines, measure_durations
from drtui.core.timeline.gantt import Gantt, build_bars, build_gantt, format_exact
from drtui.core.verdict.restore_points import RestorePoint
from drtui.core.verdict.verdict import Level, Reason, Verdict
from tests.conftest import NOW
from tests.core.points import backup

START = NOW - HOUR
PLAIN = DisplayContext(NOW, UTC, plain=True)
USABLE = Verdict(Level.USABLE, ())
RUNNING = Verdict(Level.RUNNING, (Reason(Level.RUNNING, "running", "it is being made"),))


def at(seconds: float | None) -> int | None:
    """So many seconds after the start, epoch ms."""
    return None if seconds is None else START + round(seconds * SECOND)


def spans(*found: tuple[str, float | None, float | None], **changes: object) -> Backup:
    """A backup that took 60 s, whose parts were captured from and to so many seconds after its start."""
    parts = tuple(Part(kind, "completed", at(start), at(end)) for kind, start, end in found)
    return backup("one", 1, **{"end": START + MINUTE, "parts": parts, **changes})


def of(made: Backup, verdict: Verdict = USABLE) -> Gantt:
    found = build_gantt(RestorePoint(made, verdict), NOW)
    assert found is not None
    return found


SEED = spans((RELATIONAL, 2.274, 10.5), (OBJECT, 10.676, 60.066), (INFRASTRUCTURE, 60.28, 67.954))
"""The times of the documented answer (rule R5)."""


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (SEED, ["relational store and object store do not overlap: 0.176 s between them",
                "object store and infrastructure do not overlap: 0.214 s between them"]),
        (spans((OBJECT, 5, 30), (RELATIONAL, 2, 8)), ["relational store and object store overlap: 3.000 s"]),
        (spans((RELATIONAL, 0, 9), (OBJECT, 2, 4), ("bigData", 5, 20)), [
            "relational store and object store overlap: 2.000 s", "relational store and bigData overlap: 4.000 s",
            "object store and bigData do not overlap: 1.000 s between them"]),
        (spans((RELATIONAL, 0, 5), (OBJECT, 5, 9)),
            ["relational store and object store do not overlap: 0.000 s between them"]),
        (spans((RELATIONAL, 0, None), (OBJECT, 5, 9)), []),
        (spans((RELATIONAL, 9, 3), (OBJECT, 5, 9)), []),
        (spans((RELATIONAL, 0, 9)), []),
        (spans(), []),
    ],
)  # fmt: skip
def test_r5_how_far_parts_overlap_is_exact(made: Backup, expected: list[str]) -> None:
    assert [each.text for each in of(made).overlaps] == expected


def test_r2_every_part_has_its_offset_and_duration_and_one_nobody_has_seen_as_well() -> None:
    made = spans((OBJECT, 5, 30), (RELATIONAL, -1, 8), ("bigData", 31, None), (INFRASTRUCTURE, None, None))
    found = of(made)
    assert [(bar.name, found.offset_of(bar), bar.duration) for bar in found.bars] == [
        ("whole", 0, 60_000), ("relational store", -1_000, 9_000), ("object store", 5_000, 25_000),
        ("bigData", 31_000, None), ("infrastructure", None, None),
    ]  # fmt: skip
    assert (found.start, found.duration) == (START - SECOND, 61_000)


def test_what_goes_on_goes_on_until_now() -> None:
    made = spans((RELATIONAL, 0, 10), (OBJECT, 10, None), end=None)
    going, stopped = of(made, RUNNING), of(made)
    assert (going.duration, stopped.duration) == (HOUR, 10_000)
    assert [bar.is_running for bar in going.bars] == [True, False, True]
    assert going.draw_bar(going.bars[2], 10, plain=True) == "##########"
    assert stopped.draw_bar(stopped.bars[2], 10, plain=True) == " " * 9 + "#"


@pytest.mark.parametrize(
    ("from_", "to", "drawn"),
    [
        (0, 60, "############"), (0, 30, "######"), (30, 60, "      ######"), (20, 21, "    #"),
        (59, 60, "           #"), (60, 60, "           #"), (0, 0, "#"), (7, 13, " ##"),
    ],
)  # fmt: skip
def test_a_bar_is_where_it_is_in_time_and_never_vanishes(from_: float, to: float, drawn: str) -> None:
    found = of(spans((RELATIONAL, from_, to)))
    assert found.draw_bar(found.bars[1], 12, plain=True) == drawn
    assert width(found.draw_bar(found.bars[1], 12, plain=False)) == len(drawn)


def test_without_any_time_there_is_no_scale() -> None:
    made = RestorePoint(Backup("x", "vault", parts=(Part(RELATIONAL),)), USABLE)
    assert build_gantt(made, NOW) is None
    drawn, said = build_bars(made, None, PLAIN, 80)
    assert (drawn, [each.text for each in said]) == ((), ["its record says of nothing when it was captured"])


def test_the_lines_say_it_all_and_fit() -> None:
    drawn, said = build_bars(RestorePoint(SEED, USABLE), DrSettings(600), PLAIN, 80)
    assert [each.text for each in (*drawn, *said)] == [
        "PART                       OFFSET          TOOK  0                1 m 07.954 s",
        "ok whole                  0.000 s  1 m 00.000 s  ##########################",
        "ok relational store       2.274 s       8.226 s  #####",
        "ok object store          10.676 s      49.390 s      ######################",
        "ok infrastructure    1 m 00.280 s       7.674 s                           ####",
        "relational store and object store do not overlap: 0.176 s between them",
        "object store and infrastructure do not overlap: 0.214 s between them",
        "66 s from first to last part: in it they may disagree",
        "object store done 50 s after the relational store",
        "it took 10% of the limit of 10 min",
    ]


@given(
    times=st.lists(st.tuples(st.integers(-10, 100), st.integers(-10, 100)), max_size=5), cells=st.integers(0, 160),
    going=st.booleans(),
)  # fmt: skip
def test_no_line_of_bars_is_longer_than_the_window(times: list[tuple[int, int]], cells: int, going: bool) -> None:
    made = spans(*((f"kind {n}", a, b) for n, (a, b) in enumerate(times)), end=None if going else START)
    point = RestorePoint(made, RUNNING if going else USABLE)
    drawn = build_bars(point, None, PLAIN, cells).chart
    assert max(width(each.text) for each in drawn) <= max(cells, 3 + 26 + 2 * 14 + 2)
    found = of(made, point.verdict)
    assert all(found.draw_bar(bar, cells, plain=True).strip(" #") == "" for bar in found.bars)


@pytest.mark.parametrize(
    ("milliseconds", "text"),
    [
        (0, "0.000 s"), (170, "0.170 s"), (59_999, "59.999 s"), (60_000, "1 m 00.000 s"), (302_337, "5 m 02.337 s"),
        (3_723_004, "1 h 02 m 03.004 s"), (-2_275, "-2.275 s"), (90_000_000, "25 h 00 m 00.000 s"),
    ],
)  # fmt: skip
def test_to_the_millisecond(milliseconds: int, text: str) -> None:
    assert format_exact(milliseconds) == text


def taken(*minutes: float | None) -> list[RestorePoint]:
    """Restore points that took so long, their relational stores half of it."""
    made = []
    for number, each in enumerate(minutes):
        complete = None if each is None else START + round(each * MINUTE)
        half = None if complete is None else (START + complete) // 2
        part = Part(RELATIONAL, "completed", START, half)
        made.append(RestorePoint(backup(f"b{number}", 1, end=complete, parts=(part, replace(part, kind="x"))), USABLE))
    return made


def test_r29_durations_stand_against_the_limit() -> None:
    whole, relational, other = measure_durations(taken(0, 6, 12, 30, 59, 60, 61, None), DrSettings(3_600))
    assert (whole.name, whole.bars(9, plain=True)) == ("whole", "01259!!?")
    assert (relational.name, relational.bars(9, plain=True)) == ("relational store", "0012455?")
    assert (other.name, other.bars(3, plain=True)) == ("x", "55?")
    assert whole.bars(9, plain=False) == BARS[0] + BARS[0] + BARS[1] + BARS[4] + BARS[7] + "!!?"
    assert whole.text == "longest 1 h 01 m, 102% of 1 h, newest not known, newer half 6.7x"
    assert not whole.is_default_limit


@pytest.mark.parametrize(
    ("minutes", "text"),
    [
        ((6, 12), "longest 12 m 00 s, 10% of 2 h (the default), newest 12 m 00 s"),
        ((10, 10, 10, 20, 20, 20), "longest 20 m 00 s, 17% of 2 h (the default), newest 20 m 00 s, newer half 2x"),
        ((None,), "no duration in the records"),
        ((6, None), "longest 6 m 00 s, 5% of 2 h (the default), newest not known"),
    ],
)
def test_r29_without_a_setting_the_limit_is_the_default(minutes: tuple[float | None, ...], text: str) -> None:
    whole = measure_durations(taken(*minutes), None)[0]
    assert (whole.text, whole.is_default_limit) == (text, True)


def test_as_many_bars_as_have_room_stand_beside_what_they_come_to() -> None:
    found = measure_durations(taken(*range(1, 101)), DrSettings(7_200))[:2]
    assert duration_lines(found, 80, plain=True) == [
        "whole             7777788888  longest 1 h 40 m, 83% of 2 h, newest 1 h 40 m, ne⋯",
        "relational store  3333344444  longest 50 m 00 s, 42% of 2 h, newest 50 m 00 s,⋯",
    ]
    wide = duration_lines(found, 200, plain=True)
    assert [line.index("longest") for line in wide] == [80, 80]
    assert duration_lines((), 80, plain=True) == []


def test_several_instances_of_a_store_take_from_the_first_start_to_the_last_end() -> None:
    made = RestorePoint(spans((RELATIONAL, 2, 8), (RELATIONAL, 9, 20), (OBJECT, 1, 2), (OBJECT, 5, None)), USABLE)
    assert [each.values for each in measure_durations([made], None)] == [(60_000,), (18_000,), (None,)]
    assert measure_durations([], None) == ()


def test_bars_are_one_cell_wide_in_every_locale() -> None:
    assert width(BARS) == len(BARS)
