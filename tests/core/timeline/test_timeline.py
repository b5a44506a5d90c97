"""Lanes over time: the worst of every slot, what is missing, what is to come, and what may be cleaned up."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from drtui.core.analysis.assessment import assess
from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.text import width
from drtui.core.formatting.times import DAY, HOUR, UTC, format_minutes, zone_named
from drtui.core.listing.rows import MissedRun
from drtui.core.model.backup import NEVER, Backup
from drtui.core.model.failure import Failure, FailureKind
from drtui.core.model.site import Schedule, Store
from drtui.core.model.site_state import Fetched, SiteState
from drtui.core.timeline.axis import SlotLength, TimeAxis, axis_around
from drtui.core.timeline.chart import LEGEND, axis_lines, join_marks, label_width, slots_that_fit
from drtui.core.timeline.describe import count_text, describe_empty_slot, describe_lane, event_name, event_text
from drtui.core.timeline.lanes import EVENT_MARKS, Lane, event_mark
from drtui.core.timeline.retention_lane import RetentionLane
from drtui.core.timeline.timeline import Timeline, build_timeline, find_position
from drtui.core.verdict.verdict import Level
from tests.conftest import NOW
from tests.core.points import STORE, backup, parts, reading
from tests.core.schedules.test_missed_runs import NIGHTLY, night, nights

VIEW = DisplayContext(NOW, UTC)
REFUSED: Fetched[Any] = Fetched(NOW, failure=Failure(FailureKind.REFUSED, "403", "may not read this"))


def of(*backups: Backup, schedules: Any = (), **changes: Any) -> Timeline:
    """The timeline of a store with these backups and schedules."""
    answer = schedules if isinstance(schedules, Fetched) else Fetched(NOW, schedules)
    return build_timeline(assess(reading(*backups, schedules=answer, **changes), NOW))


def days(before: int = 9, after: int = 3) -> TimeAxis:
    return axis_around(NOW, SlotLength.DAY, UTC, before + 1 + after, before)


def row(found: Lane | RetentionLane, window: TimeAxis | None = None, *, plain: bool = False) -> str:
    return join_marks(found.marks((window or days()).edges), plain=plain)


def lane(found: Timeline, kind: str = "scheduled") -> Lane:
    return next(each for each in found.lanes if each.kind == kind)


@pytest.mark.parametrize(
    ("backups", "expected"),
    [
        (nights(*range(10)), "✓✓✓✓✓✓✓✓✓✓▹▹▹"),
        (nights(9, 8, 7, 3, 2, 1, 0), "✓✓✓▫▫▫✓✓✓✓▹▹▹"),
        (nights(9, 8), "✓✓▫▫▫▫▫▫▫▫▹▹▹"),
        ((*nights(*range(1, 10)), night(0, parts=parts(0, "completed", "failed"))), "✓✓✓✓✓✓✓✓✓✗▹▹▹"),
        ((*nights(*range(1, 10)), night(0, retention=NOW - HOUR)), "✓✓✓✓✓✓✓✓✓-▹▹▹"),
        ((*nights(*range(1, 10)), night(0, backup_type="DIFF")), "✓✓✓✓✓✓✓✓✓!▹▹▹"),
        ((*nights(*range(1, 10)), night(0, release="")), "✓✓✓✓✓✓✓✓✓?▹▹▹"),
        ((), "▫▫▫▫▫▫▫▫▫▫▹▹▹"),
    ],
)
def test_a_cell_is_the_worst_of_its_slot_and_a_hole_is_seen(backups: tuple[Backup, ...], expected: str) -> None:
    assert row(lane(of(*backups, schedules=(NIGHTLY,)))) == expected


@pytest.mark.parametrize(
    ("good", "bad", "sign"),
    [
        ({}, {"status": "failed"}, "✗"),
        ({}, {"backup_type": "DIFF"}, "!"),
        ({}, {"retention": NOW - HOUR}, "-"),
        ({"backup_type": "DIFF"}, {"retention": NOW - HOUR}, "!"),
        ({"release": ""}, {"release": "9.9"}, "✗"),
        ({}, {"status": "in_progress", "end": None}, "✗"),
    ],
)
def test_nothing_good_hides_anything_bad(good: dict[str, Any], bad: dict[str, Any], sign: str) -> None:
    made = (night(1, **good), replace(night(1, **bad), name="other"))
    assert row(lane(of(*made)), axis_around(NOW - DAY, SlotLength.DAY, UTC, 1, 0)) == sign
    assert row(lane(of(*reversed(made))), axis_around(NOW - DAY, SlotLength.DAY, UTC, 1, 0)) == sign


def test_every_sign_is_one_cell_in_every_locale_and_stands_for_one_thing() -> None:
    assert all(width(mark.symbol) == len(mark.symbol) == len(mark.ascii) == 1 for mark in LEGEND)
    assert all(mark.ascii.isascii() for mark in LEGEND)
    verdicts = [event_mark(level) for level in (*Level, None)]
    assert {mark.symbol for mark in verdicts} == {mark.symbol for mark in EVENT_MARKS}
    assert len({mark.symbol for mark in verdicts}) == len({mark.ascii for mark in verdicts}) == len(Level) + 1


def test_hours_tell_apart_what_a_day_does_not() -> None:
    found = lane(of(*nights(*range(10)), schedules=(NIGHTLY,)))
    assert row(found, axis_around(NOW, SlotLength.HOUR, UTC, 40, 20)) == "        ✓           ╎           ▹       "
    assert row(found, axis_around(NOW, SlotLength.WEEK, UTC, 5, 2)) == "✓✓✓▹▹"
    assert row(found, axis_around(NOW, SlotLength.MONTH, UTC, 3, 1)) == " ✓▹"


def test_r56_on_a_day_of_25_hours_every_run_has_its_own_hour() -> None:
    hourly = Schedule(
        "t1", "CreateBackup", "Hourly", "hourly", "vault", "active", active=True, cron="0 0 * * * ?", created=0
    )
    now = NOW + 34 * DAY + 10 * HOUR  # 2026-10-26T00:13Z
    judged = assess(reading(schedules=Fetched(now, (hourly,)), backups={"vault": Fetched(now, ())}), now)
    berlin = zone_named("Europe/Berlin")
    yesterday = axis_around(now - DAY, SlotLength.HOUR, berlin, 25, 2)
    assert format_minutes(yesterday.edges[0], berlin) == "2026-10-25 00:00"
    assert format_minutes(yesterday.edges[25], berlin) == "2026-10-26 00:00"
    assert row(lane(build_timeline(judged)), yesterday) == "▫" * 25


def test_there_is_a_lane_for_each_store_and_kind_and_for_a_store_without_any() -> None:
    made = (backup("o", 4, schedule_type="X"), backup("m", 3, schedule_type="MANUAL"), *nights(1, 0))
    found = of(
        stores=Fetched(NOW, (Store("spare"), STORE)),
        backups={"vault": Fetched(NOW, made), "spare": Fetched(NOW, ())},
    )  # fmt: skip
    assert [each.name for each in found.tracks] == [
        "spare, none", "vault scheduled", "vault manual", "vault X", "expires, all stores"
    ]  # fmt: skip


def test_what_could_not_be_read_is_no_empty_row() -> None:
    found = of(backups={"vault": REFUSED}, schedules=(NIGHTLY,))
    assert [each.name for each in found.lanes] == ["vault scheduled, refused"]
    assert row(found.lanes[0]) == "??????????▹▹▹"
    assert "its list is not known: refused" in [each.text for each in describe_lane(found.lanes[0], VIEW)]
    assert next(describe_empty_slot(found.lanes[0], NOW - DAY, NOW, VIEW)).text == "Not known: the list was never read."
    assert of(stores=REFUSED, backups={}).tracks == ()
    waiting = of(backups={})
    assert [each.name for each in waiting.lanes] == ["vault, not read"]


def test_what_came_after_a_saved_answer_is_not_known() -> None:
    read = NOW - 3 * DAY
    found = of(*nights(*range(4, 10)), backups={"vault": Fetched(read, nights(*range(4, 10)))}, schedules=(NIGHTLY,))
    assert row(lane(found)) == "✓✓✓✓✓✓▫???▹▹▹"
    assert [each.text for each in describe_empty_slot(lane(found), NOW - DAY, NOW, VIEW)] == [
        "Not known: the list was read at 2026-09-18 14:13:20 +00:00.",
        "before it 2026-09-18 02:00:00 +00:00, 2 d 13 h earlier",
        "after it  2026-09-22 02:00:00 +00:00, 11 h 47 min later",
    ]


@pytest.mark.parametrize(
    ("schedules", "expected", "said"),
    [
        ((replace(NIGHTLY, state="paused", active=False),), "✓✓✓✓✓✓✓✓▫▫   ", "Nightly will not run: paused"),
        ((replace(NIGHTLY, state="active", active=False),), "✓✓✓✓✓✓✓✓▫▫   ", "Nightly will not run: disagrees"),
        ((NIGHTLY,), "✓✓✓✓✓✓✓✓▫▫▹▹▹", "next run of Nightly 2026-09-22 02:00:00 +00:00"),
        (REFUSED, "✓✓✓✓✓✓✓✓▫▫   ", "learned from names, the schedules could not be read: runs to come are not known"),
        ((), "✓✓✓✓✓✓✓✓▫▫   ", "no schedule makes nightly any more: learned from names"),
        ((replace(NIGHTLY, ends=NOW - HOUR),), "✓✓✓✓✓✓✓✓▫▫   ", "schedule Nightly ended 1 h ago"),
        ((replace(NIGHTLY, ends=NOW + 2 * DAY),), "✓✓✓✓✓✓✓✓▫▫▹▹ ", "next run of Nightly 2026-09-22 02:00:00 +00:00"),
        (
            (replace(NIGHTLY, unread_limits=('endDate "x"',)),),
            "✓✓✓✓✓✓✓✓▫▫   ",
            "not known if Nightly has ended: its endDate",
        ),
        (
            (replace(NIGHTLY, cron="x"),),
            "✓✓✓✓✓✓✓✓▫▫   ",
            "runs of Nightly cannot be told: its cron expression cannot be",
        ),
        ((replace(NIGHTLY, starts=NOW + 2 * DAY),), "✓✓✓✓✓✓✓✓ ╎  ▹", "next run of Nightly 2026-09-24 02:00:00 +00:00"),
    ],
)
def test_r54_what_is_to_come_is_promised_only_by_a_schedule_that_runs(schedules: Any, expected: str, said: str) -> None:
    found = lane(of(*nights(*range(2, 10)), schedules=schedules))
    assert row(found) == expected
    assert any(each.text.startswith(said) for each in describe_lane(found, VIEW))


def test_a_schedule_for_every_second_neither_takes_for_ever_nor_fills_the_memory() -> None:
    found = lane(of(schedules=(replace(NIGHTLY, cron="* * * * * ?"),)))
    window = axis_around(NOW, SlotLength.MONTH, UTC, 9, 4)
    assert row(found, window)[5:] == "▹▹▹▹"
    held = found.events_between(*window.edges[6:8])
    assert (len(held), count_text(found, held, window.edges[8])) == (100, "100 runs to come or more")


def test_ascii_has_the_same_cells() -> None:
    found = of(*nights(9, 8, 7, 3, 2), night(0, status="failed"), schedules=(NIGHTLY,))
    assert row(lane(found), plain=True) == "+++___++_x>>>"
    assert row(found.expiries, days(2, 14), plain=True) == "  |    111   1! 1"


def test_r46_what_expires_when_and_what_is_left_then() -> None:
    made = [*nights(3, 2), backup("long", 80, retention=NOW + 30 * DAY), night(1, status="failed", retention=NOW + DAY)]
    found = of(*made).expiries
    assert row(found, days(1, 31)) == " ╎1         11                 ! "
    assert [found.count_usable_at(NOW + days * DAY) for days in (0, 11, 12, 29, 30)] == [3, 2, 1, 1, 0]
    assert [event_name(each) for each in found.events_between(NOW, NOW + 2 * DAY)] == [made[3].name]
    assert (found.last_usable_expiry, found.last_event_before(NOW), found.next_event_from(NOW)) == (
        NOW + 30 * DAY,
        None,
        NOW + DAY,
    )
    kept = of(*made, backup("ever", 9, retention=NEVER)).expiries
    assert (kept.last_usable_expiry, kept.count_usable_at(NOW + 99 * DAY)) == (None, 1)
    assert row(
        of(*(night(1, retention=NOW + DAY) for _ in range(12)), backup("ever", 9, retention=NEVER)).expiries
    ) == ("         ╎*  ")


@pytest.mark.parametrize(
    ("backups", "said"),
    [
        (
            nights(0),
            "without a new one the last of 1 usable restore point may be gone after 2026-10-05 02:00:42 +00:00",
        ),
        (
            (*nights(0), night(1, retention=NEVER)),
            "no end of retention is known of 1 of 2 usable restore points",
        ),
        ((night(0, status="failed"),), "nothing usable that could expire"),
    ],
)
def test_the_last_row_says_what_is_left(backups: tuple[Backup, ...], said: str) -> None:
    assert [each.text for each in describe_lane(of(*backups).expiries, VIEW)] == [said]


def test_r45_a_paused_cleaner_is_said() -> None:
    cleaner = Schedule("c", "BackupRetentionCleaner", state="paused", active=False)
    said = [each.text for each in describe_lane(of(*nights(0), schedules=(cleaner,)).expiries, VIEW)]
    assert said[0] == "the cleaner is paused: nothing is cleaned up until it runs again"


def test_what_is_in_a_slot_comes_worst_first_then_newest_first_then_what_is_to_come() -> None:
    made = (night(0), backup("late", 11), backup("bad", 12.5, status="failed"))
    found = lane(of(*made, schedules=(replace(NIGHTLY, cron="0 0 2,20 * * ?"),)))
    today = days(9, 0)
    names = [event_name(each) for each in found.events_between(today.cursor_start, today.cursor_end)]
    assert names == ["bad", "late", made[0].name, "(Nightly: to come)"]


def test_an_event_in_one_line() -> None:
    found = lane(of(*nights(2, 0), schedules=(NIGHTLY,)))
    told_of = [event_text(event, VIEW) for event in found.events_between(NOW - 3 * DAY, NOW + DAY)]
    assert told_of == [
        "▫ missed  Nightly, due 2026-09-20 02:00:00 +00:00",
        "✓ usable  nightly-2026-09-21-02-00-42  started 2026-09-21 02:00:42 +00:00, took 10 m 00 s, expires in 13 d",
        "✓ usable  nightly-2026-09-19-02-00-42  started 2026-09-19 02:00:42 +00:00, took 10 m 00 s, expires in 11 d",
        "▹ expected  Nightly, due 2026-09-22 02:00:00 +00:00",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("days_ago", "said"),
    [
        ((3, 2), "2 restore points, 2 missed runs, 1 run to come"),
        ((3, 2, 1, 0), "4 restore points, 1 run to come"),
        ((3,), "1 restore point, 3 missed runs, 1 run to come"),
    ],
)
def test_how_much_is_in_a_slot(days_ago: tuple[int, ...], said: str) -> None:
    found = of(*nights(*days_ago), schedules=(NIGHTLY,))
    start, end = NOW - 4 * DAY, NOW + DAY
    assert count_text(lane(found), lane(found).events_between(start, end), end) == said
    gone = found.expiries.events_between(NOW, NOW + 12 * DAY)
    left = sum(each < 2 for each in days_ago)
    number = len(days_ago) - left
    assert count_text(found.expiries, gone, NOW + 12 * DAY) == f"{number} may be cleaned up, {left} usable left"
    assert count_text(found.expiries, (), end) == ""


def test_where_something_stands() -> None:
    found = of(*nights(3, 1), schedules=(NIGHTLY,))
    vault = ("vault", "scheduled")
    assert find_position(found, nights(1)[0].id) == (vault, nights(1)[0].start)
    assert find_position(found, lane(found).missed_runs[0].id) == (vault, NOW // DAY * DAY - 2 * DAY + 2 * HOUR)
    assert find_position(found, None) is None
    assert find_position(found, ("vault", "other")) is None


def test_an_undated_restore_point_stands_nowhere_and_is_counted() -> None:
    found = of(night(1), replace(night(0), start=None))
    assert (lane(found).undated_count, len(lane(found).points)) == (1, 1)
    assert "1 restore point without a start: not shown here" in [each.text for each in describe_lane(lane(found), VIEW)]


@pytest.mark.parametrize(
    ("made", "schedules", "before", "after"),
    [
        ((), (), None, None),
        (nights(3), (), "2026-09-18 02:00", None),
        (nights(3), (NIGHTLY,), "2026-09-21 02:00", "2026-09-22 02:00"),
        ((backup("ahead", -3),), (), None, "2026-09-21 17:13"),
        ((backup("ahead", -3),), (replace(NIGHTLY, cron="0 0 16 * * ?"),), "2026-09-20 16:00", "2026-09-21 16:00"),
    ],
)
def test_from_a_slot_to_the_next_one_that_holds_something(
    made: tuple[Backup, ...], schedules: tuple[Schedule, ...], before: str | None, after: str | None
) -> None:
    found = lane(of(*made, schedules=schedules)) if made else Lane("vault", "", NOW)
    found_both = found.last_event_before(NOW), found.next_event_from(NOW)
    assert [each and format_minutes(each, UTC) for each in found_both] == [before, after]


@pytest.mark.parametrize(
    ("zoom", "before", "marks"),
    [
        (SlotLength.DAY, 20, "      < kept 14 d   v now"),
        (SlotLength.DAY, 14, "< kept 14 d   v now"),
        (SlotLength.DAY, 9, "         v now"),
        (SlotLength.WEEK, 9, "       < v now"),
    ],
)
def test_now_and_how_far_retention_reaches_are_marked_over_the_lanes(zoom: SlotLength, before: int, marks: str) -> None:
    found = of(*nights(*range(10)), schedules=(replace(NIGHTLY, retention_offset=14 * DAY),))
    window = axis_around(NOW, zoom, UTC, before + 10, before)
    assert axis_lines(window, lane(found), DisplayContext(NOW, UTC, plain=True))[2] == marks
    assert axis_lines(window, found.expiries, DisplayContext(NOW, UTC, plain=True))[2].lstrip() == "v now"


@pytest.mark.parametrize(
    ("schedules", "kept", "text"),
    [
        (
            (replace(NIGHTLY, retention_offset=30 * DAY),),
            30 * DAY,
            "its schedule keeps about 30 d, so back to 2026-08-22",
        ),
        ((replace(NIGHTLY, retention_offset=None),), 14 * DAY, "the newest is kept about 14 d, so back to 2026-09-07"),
        ((replace(NIGHTLY, retention_offset=-1),), 14 * DAY, "the newest is kept about 14 d, so back to 2026-09-07"),
        ((), 14 * DAY, "the newest is kept about 14 d, so back to 2026-09-07"),
        (
            (replace(NIGHTLY, retention_offset=30 * DAY), replace(NIGHTLY, id="u", retention_offset=60 * DAY)),
            14 * DAY,
            "the newest is kept about 14 d, so back to 2026-09-07",
        ),
    ],
)
def test_retention_of_a_lane_is_the_figure_of_its_schedule_and_says_what_it_counts(
    schedules: tuple[Schedule, ...], kept: int, text: str
) -> None:
    found = lane(of(*nights(*range(10)), schedules=schedules))
    (said,) = [each.text for each in describe_lane(found, VIEW) if "so back to" in each.text]
    assert (found.retention, said.rpartition(" ")[0]) == (kept, text)


@pytest.mark.parametrize("cells", [40, 80, 120, 200])
def test_names_and_slots_share_the_line(cells: int) -> None:
    found = of(*nights(0), stores=Fetched(NOW, (STORE, Store("a name that is longer than any line " * 9))))
    assert label_width(found, cells) + slots_that_fit(found, cells) == cells - 1
    assert slots_that_fit(found, cells) > cells // 2


def test_a_site_of_which_nothing_is_known_has_no_lanes() -> None:
    found = build_timeline(assess(SiteState("nowhere"), NOW))
    assert (found.tracks, found.span, label_width(found, 80)) == ((), (NOW, NOW), 15)


@given(st.lists(st.tuples(st.integers(0, 40), st.sampled_from(["completed", "failed", "odd"])), max_size=30))
def test_a_cell_says_what_is_in_its_slot_whatever_there_is(made: list[tuple[int, str]]) -> None:
    backups = tuple(backup(f"b{n}", hours * 9, status=status) for n, (hours, status) in enumerate(made))
    found = of(*backups)
    window = axis_around(NOW, SlotLength.DAY, UTC, 30, 20)
    for track in found.tracks:
        slots = list(zip(window.edges, window.edges[1:], strict=False))
        for (start, end), mark in zip(slots, track.marks(window.edges), strict=True):
            events = track.events_between(start, end)
            if mark is None or mark.word == "now":
                assert events == ()
            elif isinstance(track, Lane):
                assert mark.symbol == event_mark(events[0].verdict.level).symbol  # type: ignore[union-attr]
    placed = sum(
        len(found.lanes[0].events_between(*slot)) for slot in zip(window.edges, window.edges[1:], strict=False)
    )
    assert placed == len(backups)


def test_missed_runs_of_one_moment_stay_apart_from_those_to_come() -> None:
    found = lane(of(*nights(3, 2), schedules=(NIGHTLY,)))
    ids = [event.id for event in found.events_between(NOW - 3 * DAY, NOW + 3 * DAY)]
    assert len(ids) == len(set(ids)) == 2 + 2 + 2
    assert sum(isinstance(event, MissedRun) for event in found.events_between(NOW - 3 * DAY, NOW)) == 2
