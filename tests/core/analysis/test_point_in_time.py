"""Tests of the choice of a restore point for a point in time."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from drtui.core.analysis.point_in_time import PointInTimeChoice, Role, choose_before, list_candidates
from drtui.core.analysis.rpo import measure_rpo
from drtui.core.formatting.durations import DAY, HOUR, MINUTE
from drtui.core.formatting.times import LAST, UTC
from drtui.core.model.backup import Backup
from drtui.core.model.failure import Failure, FailureKind
from drtui.core.model.site import DrStatus
from drtui.core.model.site_state import Fetched
from drtui.core.summary.point_in_time import explain_choice
from drtui.core.verdict.rules import SiteFacts
from tests.conftest import NOW
from tests.core.points import backup, points_of, site_of

AT = NOW - 10 * HOUR
"""The moment of the damage, epoch ms. Each backup takes five minutes."""
BERLIN = ZoneInfo("Europe/Berlin")
BROKEN: Fetched[Any] = Fetched(NOW, failure=Failure(FailureKind.UNREACHABLE, "timeout", "no answer"))


def choose(*backups: Backup, moment: int = AT, **changes: Any) -> PointInTimeChoice:
    site_state = site_of(*backups, **changes)
    return choose_before(site_state, points_of(site_state), moment, NOW)


def names_of(choice: PointInTimeChoice) -> tuple[str | None, list[str], list[str], int]:
    name = choice.point.backup.name if choice.point else None
    return (
        name,
        [p.backup.name for p in choice.spanning],
        [p.backup.name for p in choice.passed_over],
        choice.later_count,
    )


@pytest.mark.parametrize(
    ("backups", "expected"),
    [
        ((), (None, [], [], 0)),
        ((backup("a", 11), backup("b", 12)), ("a", [], [], 0)),
        ((backup("a", 9), backup("b", 12)), ("b", [], [], 1)),
        ((backup("a", 10), backup("b", 12)), ("b", [], [], 1)),
        ((backup("a", 10.05), backup("b", 12)), ("b", ["a"], [], 0)),
        ((backup("a", 11, end=AT), backup("b", 12)), ("b", ["a"], [], 0)),
        ((backup("a", 11, end=AT - 1), backup("b", 12)), ("a", [], [], 0)),
        ((backup("a", 11, status="failed"), backup("b", 12)), ("b", [], ["a"], 0)),
        ((backup("a", 11, release="11.3.0"), backup("b", 12)), ("b", [], ["a"], 0)),
        ((backup("a", 11, end=None), backup("b", 12)), ("b", [], ["a"], 0)),
        ((backup("a", 11, backup_type="DELTA"), backup("b", 12)), ("b", [], ["a"], 0)),
        ((backup("a", 11, retention=NOW - 1), backup("b", 12)), ("b", [], ["a"], 0)),  # R40
        ((backup("a", 11), backup("b", 12, status="failed")), ("a", [], [], 0)),
        ((backup("a", 11, status="failed"),), (None, [], ["a"], 0)),
        ((backup("a", 1), backup("b", 2)), (None, [], [], 2)),
    ],
)
def test_choice_is_the_newest_usable_that_completed_before_the_moment(
    backups: tuple[Backup, ...], expected: object
) -> None:
    assert names_of(choose(*backups)) == expected


GOING = Fetched(NOW, DrStatus("in_progress", operation="Backup", backup="a", store="vault"))


@pytest.mark.parametrize(
    ("record", "name", "spanning", "passed_over"),
    [
        (backup("a", 11, end=None, status="in_progress"), "b", ["a"], []),
        (backup("a", 11, end=AT - 1), "b", [], ["a"]),  # its own end is before the moment
        (backup("a", 10, end=None, status="in_progress"), "b", [], []),
    ],
)
def test_r25_backup_spans_the_moment_when_it_is_still_running(
    record: Backup, name: str, spanning: list[str], passed_over: list[str]
) -> None:
    choice = choose(record, backup("b", 12), status=GOING)
    assert names_of(choice)[:3] == (name, spanning, passed_over)


def test_explain_choice_says_so_when_a_backup_is_still_running() -> None:
    choice = choose(backup("a", 11, end=None, status="in_progress"), status=GOING)
    assert [line.text for line in explain_choice(choice, UTC)][2] == (
        "Skipped a: running at this time (2026-09-21 03:13:20 +00:00 until now), may contain the damage."
    )


@pytest.mark.parametrize(("late", "chosen"), [(-1, "a"), (0, None), (1, None)])
def test_r5_choice_uses_the_end_of_the_last_part_when_it_is_later(late: int, chosen: str | None) -> None:
    record = backup("a", 11, end=AT - MINUTE)
    choice = choose(replace(record, parts=(*record.parts[:2], replace(record.parts[2], end=AT + late))))
    assert names_of(choice)[0] == chosen
    assert bool(choice.spanning) is (chosen is None)


def test_choice_uses_the_end_of_the_backup_when_parts_have_none() -> None:
    record = backup("a", 11)
    assert choose(replace(record, parts=tuple(replace(part, end=None) for part in record.parts))).point is not None
    assert choose(replace(record, parts=())).passed_over


@pytest.mark.parametrize(
    ("backups", "older_usable_count"),
    [
        ((), 0),
        ((backup("a", 11),), 0),
        ((backup("a", 11), backup("b", 12), backup("c", 13, status="failed"), backup("d", 14)), 2),
        ((backup("a", 11, status="failed"), backup("b", 12)), 0),
    ],
)
def test_choice_counts_older_usable_restore_points(backups: tuple[Backup, ...], older_usable_count: int) -> None:
    choice = choose(*backups)
    assert choice.older_usable_count == older_usable_count
    assert any("older usable" in line.text for line in explain_choice(choice, UTC)) is bool(older_usable_count)
    assert older_usable_count != 2 or "2 older usable backups exist." in [
        line.text for line in explain_choice(choice, UTC)
    ]


@pytest.mark.parametrize(("late", "lists_read_at"), [(-1, AT - 1), (0, None), (1, None)])
def test_r37_choice_warns_when_the_list_is_older_than_the_moment(late: int, lists_read_at: int | None) -> None:
    record = backup("a", 11)
    choice = choose(record, backups={"vault": Fetched(AT + late, (record,), BROKEN.failure)})
    assert choice.lists_read_at == lists_read_at
    warning = ("List read at 2026-09-21 04:13:19 +00:00: newer backups are missing.", "warn")
    assert (warning in [(line.text, line.tone) for line in explain_choice(choice, UTC)]) is (lists_read_at is not None)


def test_choice_has_the_time_of_the_lists_when_the_moment_is_in_the_future() -> None:
    choice = choose(backup("a", 1), moment=NOW + HOUR)
    assert (names_of(choice)[0], choice.loss, choice.lists_read_at) == ("a", 2 * HOUR, NOW)
    assert choose(stores=None, backups={}).lists_read_at is None


@pytest.mark.parametrize(("moment", "is_in_future"), [(NOW, False), (NOW + 1, True), (NOW + 365 * DAY, True)])
def test_explain_choice_warns_when_the_moment_is_in_the_future(moment: int, is_in_future: bool) -> None:
    lines = [(line.text, line.tone) for line in explain_choice(choose(backup("a", 1), moment=moment), UTC)]
    warning = ("This time is in the future. For damage that already happened, enter the time of the damage.", "bad")
    assert (lines[1] == warning) is is_in_future


def test_r5_loss_is_counted_from_the_start_of_the_backup() -> None:
    assert choose(backup("a", 12, end=AT - HOUR)).loss == 2 * HOUR
    assert choose().loss is None


def test_choice_counts_restore_points_when_they_have_no_start() -> None:
    assert choose(backup("a", 11), backup("b", 12, start=None)).undated_count == 1


@pytest.mark.parametrize(
    ("choice", "zone", "words"),
    [
        (
            choose(backup("a", 11)),
            UTC,
            ["Restore a (store vault): usable", "You lose 1 h: everything", "2026-09-21 03:13:20 +00:00"],
        ),
        (choose(backup("a", 14.5)), UTC, ["You lose 4 h 30 min"]),
        (choose(backup("a", 11)), BERLIN, ["2026-09-21 06:13:20 +02:00 (2026-09-21 04:13:20 UTC)"]),  # R56
        (
            choose(backup("a", 10.05), backup("b", 10.2, status="x")),
            BERLIN,
            [
                "2026-09-21 06:10:20 +02:00 to 2026-09-21 06:15:20 +02:00",
                "Skipped b: not usable",
                "started 2026-09-21 06:01:20 +02:00",
            ],
        ),
        (choose(), UTC, ["Nothing usable completed before this time"]),
        (choose(backup("a", 10.05)), UTC, ["Skipped a: running at this time"]),
        (
            choose(backup("a", 11, status="bad")),
            UTC,
            ['Skipped a: not usable (status is "bad", not "completed"); started 2026-09-21 03:13:20 +00:00.'],
        ),
        (choose(backup("a", 1)), UTC, ["1 restore point from this time or later"]),
        (
            choose(backup("a", 12), backup("b", 1, start=None)),
            UTC,
            ["1 restore point has no start time"],
        ),
        (choose(backups={"vault": BROKEN}), UTC, ["Cannot tell: not every store could be read"]),
        (
            choose(backups={"vault": Fetched(NOW, (backup("a", 11),)), "other": BROKEN}, stores=None),
            UTC,
            ["Restore a", "a newer backup may exist"],
        ),
        (
            choose(*(backup(f"p{n}", 11 + n, status="bad") for n in range(9))),
            UTC,
            ["Skipped 4 older backups: not usable"],
        ),
    ],
)
def test_explain_choice_returns_sentences(choice: PointInTimeChoice, zone: Any, words: list[str]) -> None:
    text = "\n".join(line.text for line in explain_choice(choice, zone))
    for expected in words:
        assert expected in text


def test_explain_choice_returns_every_line_in_order() -> None:
    backups = (
        backup("span", 10.05),
        *(backup(f"bad{n}", 10.5 + n / 10, status="x") for n in range(5)),
        backup("chosen", 12),
        backup("older", 20),
        backup("later1", 10),
        backup("later2", 2),
        backup("lost1", 1, start=None),
        backup("lost2", 1, start=None),
    )
    lines = [(line.text, line.tone) for line in explain_choice(choose(*backups), UTC)]
    assert lines[:5] == [
        ("Before 2026-09-21 04:13:20 +00:00", "strong"),
        ("Restore chosen (store vault): usable", "good"),
        ("You lose 2 h: everything written after 2026-09-21 02:13:20 +00:00 may be missing.", ""),
        ("Completed at 2026-09-21 02:18:20 +00:00.", ""),
        (
            (
                "Skipped span: running at this time (2026-09-21 04:10:20 +00:00 to 2026-09-21 04:15:20 +00:00)"
                ", may contain the damage."
            ),
            "warn",
        ),
    ]
    assert lines[5] == (
        'Skipped bad0: not usable (status is "x", not "completed"); started 2026-09-21 03:43:20 +00:00.',
        "warn",
    )
    assert [tone for _, tone in lines[5:10]] == ["warn"] * 5
    assert lines[10:] == [
        ("1 older usable backup exists.", "muted"),
        ("2 restore points from this time or later: created after the damage.", "muted"),
        ("2 restore points have no start time.", "muted"),
    ]


def test_explain_choice_omits_lines_when_they_do_not_apply() -> None:
    assert [line.text for line in explain_choice(choose(backup("a", 11)), UTC)] == [
        "Before 2026-09-21 04:13:20 +00:00",
        "Restore a (store vault): usable",
        "You lose 1 h: everything written after 2026-09-21 03:13:20 +00:00 may be missing.",
        "Completed at 2026-09-21 03:18:20 +00:00.",
    ]


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        (choose(), ("Nothing usable completed before this time.", "bad")),
        (
            choose(backups={"vault": BROKEN}),
            ("Cannot tell: not every store could be read, and the other backups are not usable.", "bad"),
        ),
        (
            choose(*(backup(f"p{n}", 11 + n, status="bad") for n in range(6))),
            ("Skipped 1 older backup: not usable.", "warn"),
        ),
        (
            choose(stores=None, backups={"vault": Fetched(NOW, (backup("a", 11),))}),
            ("Not every store could be read: a newer backup may exist.", "warn"),
        ),
    ],
)
def test_explain_choice_returns_these_lines_when_lists_are_incomplete_or_nothing_is_usable(
    choice: PointInTimeChoice, expected: tuple[str, str]
) -> None:
    assert expected in [(line.text, line.tone) for line in explain_choice(choice, UTC)]


def test_explain_choice_never_says_verified() -> None:
    text = " ".join(line.text for line in explain_choice(choose(backup("a", 11)), UTC))
    assert "verified" not in text.lower()


ANY = st.builds(
    replace, st.just(backup("a", 11)),
    start=st.one_of(st.none(), st.integers(AT - HOUR, AT + HOUR)),
    end=st.one_of(st.none(), st.integers(AT - HOUR, AT + HOUR)),
    status=st.sampled_from(["completed", "failed", None]),
    name=st.text(max_size=3),
)  # fmt: skip


@given(st.lists(ANY, max_size=6), st.integers(AT - HOUR, AT + HOUR))
def test_choice_is_usable_and_completed_before_the_moment(backups: list[Backup], moment: int) -> None:
    chosen = choose(*backups, moment=moment).point
    if chosen is not None:
        assert chosen.verdict.is_usable
        assert chosen.backup.end is not None
        assert chosen.backup.end < moment
        assert (chosen.backup.start or 0) < moment


@given(st.lists(ANY, max_size=5), ANY)
def test_choice_is_the_same_when_an_unusable_backup_is_added(backups: list[Backup], extra: Backup) -> None:
    failed = replace(extra, status="failed")
    assert choose(*backups, failed).point == choose(*backups).point


@given(st.lists(ANY, max_size=5))
def test_choice_lists_every_newer_restore_point(backups: list[Backup]) -> None:
    choice = choose(*backups, moment=AT)
    start = choice.point.backup.start if choice.point else None
    newer = [b for b in backups if b.start is not None and (start is None or b.start > start)]
    assert len(newer) <= len(choice.spanning) + len(choice.passed_over) + choice.later_count


@given(st.lists(ANY, max_size=5))
def test_choice_is_the_newest_usable_when_the_moment_is_in_the_future(backups: list[Backup]) -> None:
    site_state = site_of(*backups)
    newest = measure_rpo(SiteFacts.of(site_state, NOW), points_of(site_state)).newest_usable
    assert choose(*backups, moment=LAST).point == newest


def test_list_candidates_gives_each_point_before_the_moment_a_role_when_some_are_not_usable() -> None:
    backups = (
        backup("later", 9),
        backup("running", 10.05),
        backup("failed", 11, status="failed"),
        backup("good", 12),
        backup("old", 14, status="failed"),
        backup("undated", 11, start=None),
    )
    site_state = site_of(*backups)
    points = points_of(site_state)
    candidates = list(list_candidates(choose_before(site_state, points, AT, NOW), points))
    assert [(row.point.backup.name, row.role) for row in candidates] == [
        ("running", Role.RUNNING),
        ("failed", Role.SKIPPED),
        ("good", Role.RECOMMENDED),
        ("old", Role.OLDER),
    ]
    assert candidates[2].loss == 2 * HOUR
