"""Lanes of a timeline: marks, missed and upcoming runs, retention, and their descriptions."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from drtui.core.analysis.assessment import assess
from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.durations import DAY, HOUR
from drtui.core.formatting.text import width
from drtui.core.formatting.times import UTC, format_minutes, zone_named
from drtui.core.listing.rows import MissedRun
from drtui.core.model.backup import NEVER, Backup
from drtui.core.model.failure import Failure, FailureKind
from drtui.core.model.site import Schedule, Store
from drtui.core.model.site_state import Fetched, SiteState
from drtui.core.timeline.axis import SlotLength, TimeAxis, build_axis_around
from drtui.core.timeline.chart import LEGEND, axis_lines, count_fitting_slots, join_marks, measure_label_width
from drtui.core.timeline.describe import count_text, describe_empty_slot, describe_lane, event_name, event_text
from drtui.core.timeline.lanes import EVENT_MARKS, Lane, event_mark
from drtui.core.timeline.retention_lane import RetentionLane
from drtui.core.timeline.timeline import Timeline, build_timeline, find_position
from drtui.core.verdict.rules import Level
from tests.conftest import NOW
from tests.core.points import STORE, backup, parts, site_of
from tests.core.schedules.test_missed_runs import NIGHTLY, night, nights

VIEW = DisplayContext(NOW, UTC)
REFUSED: Fetched[Any] = Fetched(NOW, failure=Failure(FailureKind.REFUSED, "403", "may not read this"))


def timeline_of(*backups: Backup, schedules: Any = (), **changes: Any) -> Timeline:
    """Return the timeline of a store with these backups and schedules."""
    answer = schedules if isinstance(schedules, Fetched) else Fetched(NOW, schedules)
    return build_timeline(assess(site_of(*backups, schedules=answer, **changes), NOW))


def day_axis(before: int = 9, after: int = 3) -> TimeAxis:
    return build_axis_around(NOW, SlotLength.DAY, UTC, before + 1 + after, before)


def draw_track(track: Lane | RetentionLane, axis: TimeAxis | None = None, *, plain: bool = False) -> str:
    return join_marks(track.marks((axis or day_axis()).edges), plain=plain)


def find_lane(timeline: Timeline, kind: str = "scheduled") -> Lane:
    return next(lane for lane in timeline.lanes if lane.kind == kind)


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
def test_marks_show_the_worst_event_when_a_slot_has_several(backups: tuple[Backup, ...], expected: str) -> None:
    assert draw_track(find_lane(timeline_of(*backups, schedules=(NIGHTLY,)))) == expected


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
def test_marks_show_the_bad_event_when_a_slot_has_a_good_one_too(
    good: dict[str, Any], bad: dict[str, Any], sign: str
) -> None:
    backups = (night(1, **good), replace(night(1, **bad), name="other"))
    assert draw_track(find_lane(timeline_of(*backups)), build_axis_around(NOW - DAY, SlotLength.DAY, UTC, 1, 0)) == sign
    assert (
        draw_track(find_lane(timeline_of(*reversed(backups))), build_axis_around(NOW - DAY, SlotLength.DAY, UTC, 1, 0))
        == sign
    )


def test_marks_are_distinct_and_one_cell_wide_when_listed_in_the_legend() -> None:
    assert all(width(mark.symbol) == len(mark.symbol) == len(mark.ascii) == 1 for mark in LEGEND)
    assert all(mark.ascii.isascii() for mark in LEGEND)
    verdicts = [event_mark(level) for level in (*Level, None)]
    assert {mark.symbol for mark in verdicts} == {mark.symbol for mark in EVENT_MARKS}
    assert len({mark.symbol for mark in verdicts}) == len({mark.ascii for mark in verdicts}) == len(Level) + 1


def test_marks_differ_when_slots_are_hours_weeks_or_months() -> None:
    nightly = find_lane(timeline_of(*nights(*range(10)), schedules=(NIGHTLY,)))
    assert (
        draw_track(nightly, build_axis_around(NOW, SlotLength.HOUR, UTC, 40, 20))
        == "        ✓           ╎           ▹       "
    )
    assert draw_track(nightly, build_axis_around(NOW, SlotLength.WEEK, UTC, 5, 2)) == "✓✓✓▹▹"
    assert draw_track(nightly, build_axis_around(NOW, SlotLength.MONTH, UTC, 3, 1)) == " ✓▹"


def test_r56_every_run_has_its_hour_when_the_day_has_25_hours() -> None:
    hourly = Schedule(
        "t1", "CreateBackup", "Hourly", "hourly", "vault", "active", active=True, cron="0 0 * * * ?", created=0
    )
    now = NOW + 34 * DAY + 10 * HOUR  # 2026-10-26T00:13Z
    assessment = assess(site_of(schedules=Fetched(now, (hourly,)), backups={"vault": Fetched(now, ())}), now)
    berlin = zone_named("Europe/Berlin")
    yesterday = build_axis_around(now - DAY, SlotLength.HOUR, berlin, 25, 2)
    assert format_minutes(yesterday.edges[0], berlin) == "2026-10-25 00:00"
    assert format_minutes(yesterday.edges[25], berlin) == "2026-10-26 00:00"
    assert draw_track(find_lane(build_timeline(assessment)), yesterday) == "▫" * 25


def test_timeline_has_a_lane_for_each_store_and_kind_when_a_store_is_empty() -> None:
    backups = (backup("o", 4, schedule_type="X"), backup("m", 3, schedule_type="MANUAL"), *nights(1, 0))
    timeline = timeline_of(
        stores=Fetched(NOW, (Store("spare"), STORE)),
        backups={"vault": Fetched(NOW, backups), "spare": Fetched(NOW, ())},
    )  # fmt: skip
    assert [track.name for track in timeline.tracks] == [
        "spare, none", "vault scheduled", "vault manual", "vault X", "expires, all stores"
    ]  # fmt: skip


def test_lane_is_marked_unread_when_its_store_was_refused() -> None:
    timeline = timeline_of(backups={"vault": REFUSED}, schedules=(NIGHTLY,))
    assert [lane.name for lane in timeline.lanes] == ["vault scheduled, refused"]
    assert draw_track(timeline.lanes[0]) == "░░░░░░░░░░▹▹▹"
    assert "list unknown: refused" in [line.text for line in describe_lane(timeline.lanes[0], VIEW)]
    assert (
        next(describe_empty_slot(timeline.lanes[0], NOW - DAY, NOW, VIEW)).text == "Unknown: the list was never read."
    )
    assert timeline_of(stores=REFUSED, backups={}).tracks == ()
    unread = timeline_of(backups={})
    assert [lane.name for lane in unread.lanes] == ["vault, not read"]


def test_lane_is_unknown_after_the_answer_when_the_answer_is_saved() -> None:
    read = NOW - 3 * DAY
    timeline = timeline_of(
        *nights(*range(4, 10)), backups={"vault": Fetched(read, nights(*range(4, 10)))}, schedules=(NIGHTLY,)
    )
    assert draw_track(find_lane(timeline)) == "✓✓✓✓✓✓▫░░░▹▹▹"
    assert [sentence.text for sentence in describe_empty_slot(find_lane(timeline), NOW - DAY, NOW, VIEW)] == [
        "Unknown: the list was read at 2026-09-18 14:13:20 +00:00.",
        "previous 2026-09-18 02:00:00 +00:00, 2 d 13 h earlier",
        "next     2026-09-22 02:00:00 +00:00, 11 h 47 min later",
    ]


@pytest.mark.parametrize(
    ("schedules", "expected", "text"),
    [
        ((replace(NIGHTLY, state="paused", active=False),), "✓✓✓✓✓✓✓✓▫▫   ", "Nightly will not run: paused"),
        ((replace(NIGHTLY, state="active", active=False),), "✓✓✓✓✓✓✓✓▫▫   ", "Nightly will not run: disagrees"),
        ((NIGHTLY,), "✓✓✓✓✓✓✓✓▫▫▹▹▹", "next run of Nightly 2026-09-22 02:00:00 +00:00"),
        (REFUSED, "✓✓✓✓✓✓✓✓▫▫   ", "inferred from backup names (schedules not readable): coming runs unknown"),
        ((), "✓✓✓✓✓✓✓✓▫▫   ", "schedule nightly no longer exists (inferred from backup names)"),
        ((replace(NIGHTLY, ends=NOW - HOUR),), "✓✓✓✓✓✓✓✓▫▫   ", "schedule Nightly ended 1 h ago"),
        ((replace(NIGHTLY, ends=NOW + 2 * DAY),), "✓✓✓✓✓✓✓✓▫▫▹▹ ", "next run of Nightly 2026-09-22 02:00:00 +00:00"),
        (
            (replace(NIGHTLY, unread_limits=('endDate "x"',)),),
            "✓✓✓✓✓✓✓✓▫▫   ",
            "unknown whether Nightly has ended: unreadable endDate",
        ),
        (
            (replace(NIGHTLY, cron="x"),),
            "✓✓✓✓✓✓✓✓▫▫   ",
            "runs of Nightly unknown: unreadable cron expression",
        ),
        ((replace(NIGHTLY, starts=NOW + 2 * DAY),), "✓✓✓✓✓✓✓✓ ╎  ▹", "next run of Nightly 2026-09-24 02:00:00 +00:00"),
    ],
)
def test_r54_upcoming_runs_are_shown_only_when_the_schedule_will_run(schedules: Any, expected: str, text: str) -> None:
    scheduled = find_lane(timeline_of(*nights(*range(2, 10)), schedules=schedules))
    assert draw_track(scheduled) == expected
    assert any(sentence.text.startswith(text) for sentence in describe_lane(scheduled, VIEW))


def test_upcoming_runs_are_limited_when_a_schedule_runs_every_second() -> None:
    scheduled = find_lane(timeline_of(schedules=(replace(NIGHTLY, cron="* * * * * ?"),)))
    axis = build_axis_around(NOW, SlotLength.MONTH, UTC, 9, 4)
    assert draw_track(scheduled, axis)[5:] == "▹▹▹▹"
    events = scheduled.events_between(*axis.edges[6:8])
    assert (len(events), count_text(scheduled, events, axis.edges[8])) == (100, "100 coming runs or more")


def test_marks_are_ascii_when_plain() -> None:
    timeline = timeline_of(*nights(9, 8, 7, 3, 2), night(0, status="failed"), schedules=(NIGHTLY,))
    assert draw_track(find_lane(timeline), plain=True) == "+++___++_xooo"
    assert draw_track(timeline.expiries, day_axis(2, 14), plain=True) == "  |    111   1L 1"


def test_r46_retention_lane_counts_usable_points_when_others_expire() -> None:
    backups = [
        *nights(3, 2),
        backup("long", 80, retention=NOW + 30 * DAY),
        night(1, status="failed", retention=NOW + DAY),
    ]
    expiries = timeline_of(*backups).expiries
    assert draw_track(expiries, day_axis(1, 31)) == " ╎1         11                 L "
    assert [expiries.count_usable_at(NOW + days * DAY) for days in (0, 11, 12, 29, 30)] == [3, 2, 1, 1, 0]
    assert [event_name(event) for event in expiries.events_between(NOW, NOW + 2 * DAY)] == [backups[3].name]
    assert (expiries.last_usable_expiry, expiries.last_event_before(NOW), expiries.next_event_from(NOW)) == (
        NOW + 30 * DAY,
        None,
        NOW + DAY,
    )
    with_unexpiring = timeline_of(*backups, backup("ever", 9, retention=NEVER)).expiries
    assert (with_unexpiring.last_usable_expiry, with_unexpiring.count_usable_at(NOW + 99 * DAY)) == (None, 1)
    assert draw_track(
        timeline_of(*(night(1, retention=NOW + DAY) for _ in range(12)), backup("ever", 9, retention=NEVER)).expiries
    ) == ("         ╎*  ")


@pytest.mark.parametrize(
    ("backups", "expected"),
    [
        (
            nights(0),
            "without a new backup the last of 1 usable restore point expires 2026-10-05 02:00:42 +00:00",
        ),
        (
            (*nights(0), night(1, retention=NEVER)),
            "1 of 2 usable restore points never expire, or their expiry is unknown",
        ),
        ((night(0, status="failed"),), "no usable restore point"),
    ],
)
def test_describe_lane_says_when_the_last_usable_point_expires(backups: tuple[Backup, ...], expected: str) -> None:
    assert [sentence.text for sentence in describe_lane(timeline_of(*backups).expiries, VIEW)] == [expected]


def test_r45_describe_lane_warns_when_the_cleaner_is_paused() -> None:
    cleaner = Schedule("c", "BackupRetentionCleaner", state="paused", active=False)
    texts = [sentence.text for sentence in describe_lane(timeline_of(*nights(0), schedules=(cleaner,)).expiries, VIEW)]
    assert texts[0] == "retention cleaner PAUSED: nothing is deleted"


def test_events_are_worst_first_and_upcoming_last_when_a_slot_has_several() -> None:
    backups = (night(0), backup("late", 11), backup("bad", 12.5, status="failed"))
    scheduled = find_lane(timeline_of(*backups, schedules=(replace(NIGHTLY, cron="0 0 2,20 * * ?"),)))
    today = day_axis(9, 0)
    names = [event_name(event) for event in scheduled.events_between(today.cursor_start, today.cursor_end)]
    assert names == ["bad", "late", backups[0].name, "(Nightly: coming)"]


def test_event_text_is_one_line_when_given_any_event() -> None:
    scheduled = find_lane(timeline_of(*nights(2, 0), schedules=(NIGHTLY,)))
    texts = [event_text(event, VIEW) for event in scheduled.events_between(NOW - 3 * DAY, NOW + DAY)]
    assert texts == [
        "▫ missed  Nightly, due 2026-09-20 02:00:00 +00:00",
        "✓ usable  nightly-2026-09-21-02-00-42  started 2026-09-21 02:00:42 +00:00, took 10 m 00 s, expires in 13 d",
        "✓ usable  nightly-2026-09-19-02-00-42  started 2026-09-19 02:00:42 +00:00, took 10 m 00 s, expires in 11 d",
        "▹ expected  Nightly, due 2026-09-22 02:00:00 +00:00",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("days_ago", "expected"),
    [
        ((3, 2), "2 restore points, 2 missed runs, 1 coming run"),
        ((3, 2, 1, 0), "4 restore points, 1 coming run"),
        ((3,), "1 restore point, 3 missed runs, 1 coming run"),
    ],
)
def test_count_text_counts_each_kind_when_a_slot_has_events(days_ago: tuple[int, ...], expected: str) -> None:
    timeline = timeline_of(*nights(*days_ago), schedules=(NIGHTLY,))
    start, end = NOW - 4 * DAY, NOW + DAY
    assert count_text(find_lane(timeline), find_lane(timeline).events_between(start, end), end) == expected
    expired = timeline.expiries.events_between(NOW, NOW + 12 * DAY)
    left = sum(days_before < 2 for days_before in days_ago)
    number = len(days_ago) - left
    assert count_text(timeline.expiries, expired, NOW + 12 * DAY) == f"{number} expiring, {left} usable left"
    assert count_text(timeline.expiries, (), end) == ""


def test_find_position_returns_lane_and_time_when_the_event_exists() -> None:
    timeline = timeline_of(*nights(3, 1), schedules=(NIGHTLY,))
    vault = ("vault", "scheduled")
    assert find_position(timeline, nights(1)[0].id) == (vault, nights(1)[0].start)
    assert find_position(timeline, find_lane(timeline).missed_runs[0].id) == (
        vault,
        NOW // DAY * DAY - 2 * DAY + 2 * HOUR,
    )
    assert find_position(timeline, None) is None
    assert find_position(timeline, ("vault", "other")) is None


def test_lane_counts_a_point_apart_when_it_has_no_start() -> None:
    timeline = timeline_of(night(1), replace(night(0), start=None))
    assert (find_lane(timeline).undated_count, len(find_lane(timeline).points)) == (1, 1)
    assert "1 restore point without a start: not shown here" in [
        sentence.text for sentence in describe_lane(find_lane(timeline), VIEW)
    ]


@pytest.mark.parametrize(
    ("backups", "schedules", "before", "after"),
    [
        ((), (), None, None),
        (nights(3), (), "2026-09-18 02:00", None),
        (nights(3), (NIGHTLY,), "2026-09-21 02:00", "2026-09-22 02:00"),
        ((backup("ahead", -3),), (), None, "2026-09-21 17:13"),
        ((backup("ahead", -3),), (replace(NIGHTLY, cron="0 0 16 * * ?"),), "2026-09-20 16:00", "2026-09-21 16:00"),
    ],
)
def test_lane_returns_the_nearest_events_when_they_exist(
    backups: tuple[Backup, ...], schedules: tuple[Schedule, ...], before: str | None, after: str | None
) -> None:
    scheduled = find_lane(timeline_of(*backups, schedules=schedules)) if backups else Lane(NOW, store="vault", kind="")
    nearest = scheduled.last_event_before(NOW), scheduled.next_event_from(NOW)
    assert [moment and format_minutes(moment, UTC) for moment in nearest] == [before, after]


@pytest.mark.parametrize(
    ("length", "before", "marks"),
    [
        (SlotLength.DAY, 20, "      < 14 d        | now"),
        (SlotLength.DAY, 14, "< 14 d        | now"),
        (SlotLength.DAY, 9, "         | now"),
        (SlotLength.WEEK, 9, "       < | now"),
    ],
)
def test_axis_lines_mark_now_and_retention_when_they_fit(length: SlotLength, before: int, marks: str) -> None:
    timeline = timeline_of(*nights(*range(10)), schedules=(replace(NIGHTLY, retention_offset=14 * DAY),))
    axis = build_axis_around(NOW, length, UTC, before + 10, before)
    assert axis_lines(axis, find_lane(timeline), DisplayContext(NOW, UTC, plain=True))[2] == marks
    assert axis_lines(axis, timeline.expiries, DisplayContext(NOW, UTC, plain=True))[2].lstrip() == "| now"


@pytest.mark.parametrize(
    ("schedules", "retention", "text"),
    [
        (
            (replace(NIGHTLY, retention_offset=30 * DAY),),
            30 * DAY,
            "retention 30 d (from the schedule), back to 2026-08-22",
        ),
        (
            (replace(NIGHTLY, retention_offset=None),),
            14 * DAY,
            "retention about 14 d (from the newest restore point), back to 2026-09-07",
        ),
        (
            (replace(NIGHTLY, retention_offset=-1),),
            14 * DAY,
            "retention about 14 d (from the newest restore point), back to 2026-09-07",
        ),
        ((), 14 * DAY, "retention about 14 d (from the newest restore point), back to 2026-09-07"),
        (
            (replace(NIGHTLY, retention_offset=30 * DAY), replace(NIGHTLY, id="u", retention_offset=60 * DAY)),
            14 * DAY,
            "retention about 14 d (from the newest restore point), back to 2026-09-07",
        ),
    ],
)
def test_lane_retention_is_that_of_the_schedule_when_it_is_unambiguous(
    schedules: tuple[Schedule, ...], retention: int, text: str
) -> None:
    scheduled = find_lane(timeline_of(*nights(*range(10)), schedules=schedules))
    (sentence,) = [line.text for line in describe_lane(scheduled, VIEW) if "back to" in line.text]
    assert (scheduled.retention, sentence.rpartition(" ")[0]) == (retention, text)


@pytest.mark.parametrize("cells", [40, 80, 120, 200])
def test_labels_and_slots_fill_the_line_when_a_name_is_long(cells: int) -> None:
    timeline = timeline_of(*nights(0), stores=Fetched(NOW, (STORE, Store("a name that is longer than any line " * 9))))
    assert measure_label_width(timeline, cells) + count_fitting_slots(timeline, cells) == cells - 1
    assert count_fitting_slots(timeline, cells) > cells // 2


def test_timeline_has_no_lanes_when_nothing_is_known() -> None:
    timeline = build_timeline(assess(SiteState("nowhere"), NOW))
    assert (timeline.tracks, timeline.span, measure_label_width(timeline, 80)) == ((), (NOW, NOW), 15)


@given(st.lists(st.tuples(st.integers(0, 40), st.sampled_from(["completed", "failed", "odd"])), max_size=30))
def test_marks_agree_with_events_when_backups_are_random(ages_and_statuses: list[tuple[int, str]]) -> None:
    backups = tuple(backup(f"b{n}", hours * 9, status=status) for n, (hours, status) in enumerate(ages_and_statuses))
    timeline = timeline_of(*backups)
    axis = build_axis_around(NOW, SlotLength.DAY, UTC, 30, 20)
    for track in timeline.tracks:
        slots = list(zip(axis.edges, axis.edges[1:], strict=False))
        for (start, end), mark in zip(slots, track.marks(axis.edges), strict=True):
            events = track.events_between(start, end)
            if mark is None or mark.word == "now":
                assert events == ()
            elif isinstance(track, Lane):
                assert mark.symbol == event_mark(events[0].verdict.level).symbol  # type: ignore[union-attr]
    placed = sum(len(timeline.lanes[0].events_between(*slot)) for slot in zip(axis.edges, axis.edges[1:], strict=False))
    assert placed == len(backups)


def test_event_ids_are_unique_when_runs_are_missed_and_upcoming() -> None:
    scheduled = find_lane(timeline_of(*nights(3, 2), schedules=(NIGHTLY,)))
    ids = [event.id for event in scheduled.events_between(NOW - 3 * DAY, NOW + 3 * DAY)]
    assert len(ids) == len(set(ids)) == 2 + 2 + 2
    assert sum(isinstance(event, MissedRun) for event in scheduled.events_between(NOW - 3 * DAY, NOW)) == 2
