"""Which one do I restore: tables of values."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from drtui.core.analysis.point_in_time import PointInTimeChoice, choose_before
from drtui.core.analysis.rpo import measure_rpo
from drtui.core.formatting.times import DAY, HOUR, LAST, MINUTE, UTC
from drtui.core.model.backup import Backup
from drtui.core.model.failure import Failure, FailureKind
from drtui.core.model.site import DrStatus
from drtui.core.model.site_state import Fetched
from drtui.core.summary.point_in_time import explain_choice
from tests.conftest import NOW
from tests.core.points import backup, points, reading

AT = NOW - 10 * HOUR
"""The moment of the damage; the backups take five minutes."""
BERLIN = ZoneInfo("Europe/Berlin")
BROKEN: Fetched[Any] = Fetched(NOW, failure=Failure(FailureKind.UNREACHABLE, "timeout", "no answer"))


def of(*backups: Backup, moment: int = AT, **changes: Any) -> PointInTimeChoice:
    found = reading(*backups, **changes)
    return choose_before(found, points(found), moment, NOW)


def named(choice: PointInTimeChoice) -> tuple[str | None, list[str], list[str], int]:
    chosen = choice.point.backup.name if choice.point else None
    return (
        chosen,
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
def test_the_newest_usable_that_completed_before(backups: tuple[Backup, ...], expected: object) -> None:
    assert named(of(*backups)) == expected


GOING = Fetched(NOW, DrStatus("in_progress", operation="Backup", backup="a", store="vault"))


@pytest.mark.parametrize(
    ("record", "chosen", "spanning", "passed"),
    [
        (backup("a", 11, end=None, status="in_progress"), "b", ["a"], []),
        (backup("a", 11, end=AT - 1), "b", [], ["a"]),  # what it says of itself has passed the moment by
        (backup("a", 10, end=None, status="in_progress"), "b", [], []),
    ],
)
def test_r25_what_is_still_being_made_spans_the_moment(
    record: Backup, chosen: str, spanning: list[str], passed: list[str]
) -> None:
    found = of(record, backup("b", 12), status=GOING)
    assert named(found)[:3] == (chosen, spanning, passed)


def test_what_still_goes_on_is_said_to() -> None:
    found = of(backup("a", 11, end=None, status="in_progress"), status=GOING)
    assert [each.text for each in explain_choice(found, UTC)][2] == (
        "Not a: it was being made at that moment (2026-09-21 03:13:20 +00:00 and it still is) and may hold the damage."
    )


@pytest.mark.parametrize(("late", "chosen"), [(-1, "a"), (0, None), (1, None)])
def test_r5_a_part_that_outlasts_the_whole_counts(late: int, chosen: str | None) -> None:
    record = backup("a", 11, end=AT - MINUTE)
    found = of(replace(record, parts=(*record.parts[:2], replace(record.parts[2], end=AT + late))))
    assert named(found)[0] == chosen
    assert bool(found.spanning) is (chosen is None)


def test_a_part_without_an_end_is_through_with_the_whole() -> None:
    record = backup("a", 11)
    assert of(replace(record, parts=tuple(replace(part, end=None) for part in record.parts))).point is not None
    assert of(replace(record, parts=())).passed_over


@pytest.mark.parametrize(
    ("backups", "older"),
    [
        ((), 0),
        ((backup("a", 11),), 0),
        ((backup("a", 11), backup("b", 12), backup("c", 13, status="failed"), backup("d", 14)), 2),
        ((backup("a", 11, status="failed"), backup("b", 12)), 0),
    ],
)
def test_what_is_left_to_fall_back_on_is_counted(backups: tuple[Backup, ...], older: int) -> None:
    found = of(*backups)
    assert found.older_usable_count == older
    assert any("usable as well" in each.text for each in explain_choice(found, UTC)) is bool(older)
    assert older != 2 or "2 older ones are usable as well." in [each.text for each in explain_choice(found, UTC)]


@pytest.mark.parametrize(("late", "unread"), [(-1, AT - 1), (0, None), (1, None)])
def test_r37_an_old_list_knows_nothing_of_what_was_made_since(late: int, unread: int | None) -> None:
    record = backup("a", 11)
    found = of(record, backups={"vault": Fetched(AT + late, (record,), BROKEN.failure)})
    assert found.lists_read_at == unread
    said = ("The list was read at 2026-09-21 04:13:19 +00:00: nothing made since is in it.", "warn")
    assert (said in [(each.text, each.tone) for each in explain_choice(found, UTC)]) is (unread is not None)


def test_a_moment_to_come_is_beyond_every_list() -> None:
    found = of(backup("a", 1), moment=NOW + HOUR)
    assert (named(found)[0], found.loss, found.lists_read_at) == ("a", 2 * HOUR, NOW)
    assert of(stores=None, backups={}).lists_read_at is None


@pytest.mark.parametrize(("moment", "ahead"), [(NOW, False), (NOW + 1, True), (NOW + 365 * DAY, True)])
def test_a_wrong_date_does_not_quietly_recommend_the_newest(moment: int, ahead: bool) -> None:
    said = [(each.text, each.tone) for each in explain_choice(of(backup("a", 1), moment=moment), UTC)]
    warned = ("That moment is still to come: the newest is no answer to damage that is done.", "bad")
    assert (said[1] == warned) is ahead


def test_r5_the_loss_counts_from_its_start() -> None:
    assert of(backup("a", 12, end=AT - HOUR)).loss == 2 * HOUR
    assert of().loss is None


def test_what_does_not_say_when_it_was_made_is_counted() -> None:
    assert of(backup("a", 11), backup("b", 12, start=None)).undated_count == 1


@pytest.mark.parametrize(
    ("found", "zone", "words"),
    [
        (
            of(backup("a", 11)),
            UTC,
            ["Restore a (store vault): usable", "You lose 1 h: everything", "2026-09-21 03:13:20 +00:00"],
        ),
        (of(backup("a", 14.5)), UTC, ["You lose 4 h 30 min"]),
        (of(backup("a", 11)), BERLIN, ["2026-09-21 06:13:20 +02:00 (2026-09-21 04:13:20 UTC)"]),  # R56
        (
            of(backup("a", 10.05), backup("b", 10.2, status="x")),
            BERLIN,
            ["2026-09-21 06:10:20 +02:00 to 2026-09-21 06:15:20 +02:00", "b of 2026-09-21 06:01:20 +02:00"],
        ),
        (of(), UTC, ["Nothing usable completed before that moment"]),
        (of(backup("a", 10.05)), UTC, ["Not a: it was being made at that moment"]),
        (of(backup("a", 11, status="bad")), UTC, ["Passed over a of 2026-09-21 03:13:20 +00:00: not usable, its own"]),
        (of(backup("a", 1)), UTC, ["1 restore point from that moment or later"]),
        (of(backup("a", 12), backup("b", 1, start=None)), UTC, ["1 restore point says nothing of when it was made"]),
        (of(backups={"vault": BROKEN}), UTC, ["Cannot tell: not every store could be read"]),
        (
            of(backups={"vault": Fetched(NOW, (backup("a", 11),)), "other": BROKEN}, stores=None),
            UTC,
            ["Restore a", "there may be a newer one"],
        ),
        (of(*(backup(f"p{n}", 11 + n, status="bad") for n in range(9))), UTC, ["Passed over 4 older ones"]),
    ],
)
def test_what_is_said(found: PointInTimeChoice, zone: Any, words: list[str]) -> None:
    said = "\n".join(each.text for each in explain_choice(found, zone))
    for expected in words:
        assert expected in said


def test_the_whole_answer() -> None:
    made = (
        backup("span", 10.05),
        *(backup(f"bad{n}", 10.5 + n / 10, status="x") for n in range(5)),
        backup("chosen", 12),
        backup("older", 20),
        backup("later1", 10),
        backup("later2", 2),
        backup("lost1", 1, start=None),
        backup("lost2", 1, start=None),
    )
    said = [(each.text, each.tone) for each in explain_choice(of(*made), UTC)]
    assert said[:5] == [
        ("Before 2026-09-21 04:13:20 +00:00", "strong"),
        ("Restore chosen (store vault): usable", "good"),
        ("You lose 2 h: everything written after 2026-09-21 02:13:20 +00:00 may be missing.", ""),
        ("It was complete at 2026-09-21 02:18:20 +00:00.", ""),
        (
            (
                "Not span: it was being made at that moment (2026-09-21 04:10:20 +00:00 to 2026-09-21 04:15:20 +00:00)"
                " and may hold the damage."
            ),
            "warn",
        ),
    ]
    assert said[5] == (
        'Passed over bad0 of 2026-09-21 03:43:20 +00:00: not usable, its own status is "x", not "completed".',
        "warn",
    )
    assert [tone for _, tone in said[5:10]] == ["warn"] * 5
    assert said[10:] == [
        ("1 older one is usable as well.", "muted"),
        ("2 restore points from that moment or later: made after the damage.", "muted"),
        ("2 restore points say nothing of when it was made.", "muted"),
    ]


def test_nothing_is_said_of_what_there_is_not() -> None:
    assert [each.text for each in explain_choice(of(backup("a", 11)), UTC)] == [
        "Before 2026-09-21 04:13:20 +00:00",
        "Restore a (store vault): usable",
        "You lose 1 h: everything written after 2026-09-21 03:13:20 +00:00 may be missing.",
        "It was complete at 2026-09-21 03:18:20 +00:00.",
    ]


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (of(), ("Nothing usable completed before that moment.", "bad")),
        (
            of(backups={"vault": BROKEN}),
            ("Cannot tell: not every store could be read, and the others hold nothing usable.", "bad"),
        ),
        (
            of(*(backup(f"p{n}", 11 + n, status="bad") for n in range(6))),
            ("Passed over 1 older one, not usable either.", "warn"),
        ),
        (
            of(stores=None, backups={"vault": Fetched(NOW, (backup("a", 11),))}),
            ("Not every store could be read: there may be a newer one.", "warn"),
        ),
    ],
)
def test_other_answers_word_by_word(found: PointInTimeChoice, said: tuple[str, str]) -> None:
    assert said in [(each.text, each.tone) for each in explain_choice(found, UTC)]


def test_nothing_is_ever_called_verified() -> None:
    said = " ".join(each.text for each in explain_choice(of(backup("a", 11)), UTC))
    assert "verified" not in said.lower()


ANY = st.builds(
    replace, st.just(backup("a", 11)),
    start=st.one_of(st.none(), st.integers(AT - HOUR, AT + HOUR)),
    end=st.one_of(st.none(), st.integers(AT - HOUR, AT + HOUR)),
    status=st.sampled_from(["completed", "failed", None]),
    name=st.text(max_size=3),
)  # fmt: skip


@given(st.lists(ANY, max_size=6), st.integers(AT - HOUR, AT + HOUR))
def test_it_never_completed_after_the_moment_and_is_always_usable(backups: list[Backup], moment: int) -> None:
    chosen = of(*backups, moment=moment).point
    if chosen is not None:
        assert chosen.verdict.is_usable
        assert chosen.backup.end is not None
        assert chosen.backup.end < moment
        assert (chosen.backup.start or 0) < moment


@given(st.lists(ANY, max_size=5), ANY)
def test_one_that_is_not_usable_changes_nothing(backups: list[Backup], more: Backup) -> None:
    bad = replace(more, status="failed")
    assert of(*backups, bad).point == of(*backups).point


@given(st.lists(ANY, max_size=5))
def test_every_newer_one_is_accounted_for(backups: list[Backup]) -> None:
    found = of(*backups, moment=AT)
    start = found.point.backup.start if found.point else None
    newer = [b for b in backups if b.start is not None and (start is None or b.start > start)]
    assert len(newer) <= len(found.spanning) + len(found.passed_over) + found.later_count


@given(st.lists(ANY, max_size=5))
def test_before_what_is_to_come_it_is_what_the_exposure_rests_on(backups: list[Backup]) -> None:
    found = reading(*backups)
    newest = measure_rpo(found, points(found), NOW).newest_usable
    assert of(*backups, moment=LAST).point == newest
