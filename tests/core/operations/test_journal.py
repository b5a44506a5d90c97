"""Journal of changes: events, and the entries that they make up."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from drtui.core.formatting.durations import HOUR, MINUTE
from drtui.core.model.reply import Reply, ReplyKind
from drtui.core.operations.journal import (
    Ended,
    Event,
    Intent,
    JournalEntry,
    Replied,
    entries_of,
    event_from_json,
    event_to_json,
    find_unfinished,
    open_entries,
)
from drtui.core.operations.outcome import Outcome
from drtui.core.operations.progress import OperationKey
from drtui.core.operations.request import Change, DeleteBackup, KeepBackup, RestoreBackup, request_of
from tests.conftest import NOW
from tests.core.operations.facts import CREATE

SITE = "https://gis.example.com/arcgis"


def intent(identity: str = "c1", at: int = NOW, site: str = SITE) -> Intent:
    before = OperationKey("Backup", "vault", "nightly-1", NOW - 1)
    return Intent(identity, at, site, CREATE, request_of(CREATE), "prod", "siteadmin", before, 5, None, "11.4.0")


INTENT, REPLIED = intent(), Replied("c1", NOW + 1, Reply(ReplyKind.ACCEPTED, "{}", "j1"))
DONE = Ended("c1", NOW + 2, Outcome.DONE, "The backup is complete")


@pytest.mark.parametrize(
    "event",
    [INTENT, REPLIED, DONE, Intent("c2", NOW, SITE, RestoreBackup("v", "a"), request_of(RestoreBackup("v", "a")))],
)
def test_event_survives_json_in_one_line(event: Event) -> None:
    line = event_to_json(event)
    assert b"\n" not in line
    assert event_from_json(line) == event


def test_event_is_none_when_the_line_is_torn_anywhere() -> None:
    line = event_to_json(INTENT)
    assert all(event_from_json(line[:length]) is None for length in range(len(line)))


@pytest.mark.parametrize("line", [b"", b"[]", b"{}", b'{"event":"later","id":"c1"}', b"\xff", b"[" * 100_000])
def test_event_is_none_when_the_line_is_something_else(line: bytes) -> None:
    assert event_from_json(line) is None


@given(st.binary(max_size=60))
def test_event_from_json_never_raises(line: bytes) -> None:
    assert event_from_json(line) is None


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([], ()),
        ([INTENT], (JournalEntry(INTENT),)),
        ([INTENT, INTENT], (JournalEntry(INTENT),)),
        ([INTENT, REPLIED], (JournalEntry(INTENT, REPLIED.reply),)),
        (
            [INTENT, REPLIED, DONE],
            (JournalEntry(INTENT, REPLIED.reply, Outcome.DONE, NOW + 2, "The backup is complete"),),
        ),
        ([REPLIED, DONE], ()),
        (
            [intent("b", NOW + 5), intent("a", NOW)],
            (JournalEntry(intent("b", NOW + 5)), JournalEntry(intent("a", NOW))),
        ),
    ],
)
def test_entries_are_made_of_the_events_of_each_change(events: list[Event], expected: tuple[JournalEntry, ...]) -> None:
    assert entries_of(events) == expected


@pytest.mark.parametrize("outcomes", [*permutations([Outcome.UNKNOWN, Outcome.DONE, Outcome.ACCEPTED])])
def test_definite_outcome_is_not_replaced_by_one_without_proof(outcomes: tuple[Outcome, ...]) -> None:
    events: list[Event] = [INTENT, *(Ended("c1", NOW + number, outcome) for number, outcome in enumerate(outcomes))]
    (entry,) = entries_of(events)
    assert entry.outcome is Outcome.DONE


@pytest.mark.parametrize(
    ("outcome", "kind", "is_open", "can_be_followed"),
    [
        (None, None, True, True),
        (None, ReplyKind.LOST, True, True),
        (Outcome.ACCEPTED, ReplyKind.ACCEPTED, False, True),
        (Outcome.UNKNOWN, ReplyKind.LOST, False, True),
        (Outcome.UNKNOWN, ReplyKind.NOT_SENT, False, False),
        (Outcome.DONE, ReplyKind.ACCEPTED, False, False),
        (Outcome.REFUSED, ReplyKind.ERROR, False, False),
    ],
)
def test_entry_is_followed_when_the_site_may_tell_more(
    outcome: Outcome | None, kind: ReplyKind | None, is_open: bool, can_be_followed: bool
) -> None:
    entry = JournalEntry(INTENT, None if kind is None else Reply(kind), outcome)
    assert (entry.is_open, entry.can_be_followed) == (is_open, can_be_followed)


def test_submission_has_a_lost_reply_when_drtui_ended_before_it() -> None:
    submission = JournalEntry(INTENT).submission
    assert submission.reply.kind is ReplyKind.LOST
    assert (submission.change, submission.sent_at, submission.id) == (CREATE, NOW, "c1")
    assert (submission.before, submission.limit, submission.release) == (INTENT.before, 5, "11.4.0")


def test_open_entries_are_those_of_the_site_without_an_outcome() -> None:
    other = Intent("c3", NOW, "https://else.example.com/arcgis", DeleteBackup("v", "a"), request_of(CREATE))
    entries = entries_of([INTENT, intent("c2"), Ended("c2", NOW, Outcome.DONE), other])
    assert [entry.id for entry in open_entries(entries, SITE)] == ["c1"]


RESTORE = RestoreBackup("vault", "pre-upgrade")
KEEP = KeepBackup("vault", "pre-upgrade", NOW)


@pytest.mark.parametrize(
    ("entry", "change", "later", "is_found"),
    [
        (JournalEntry(INTENT), CREATE, 24 * HOUR, True),
        (JournalEntry(INTENT, REPLIED.reply, Outcome.ACCEPTED), CREATE, 9 * MINUTE, True),
        (JournalEntry(INTENT, REPLIED.reply, Outcome.ACCEPTED), CREATE, 10 * MINUTE, False),
        (JournalEntry(INTENT, REPLIED.reply, Outcome.DONE), CREATE, 1, False),
        (JournalEntry(INTENT, REPLIED.reply, Outcome.UNKNOWN), CREATE, 1, False),
        (JournalEntry(INTENT), replace(CREATE, name="other"), 1, False),
        (JournalEntry(INTENT), replace(CREATE, store="other"), 1, False),
        (JournalEntry(INTENT), RESTORE, 1, False),
        (JournalEntry(replace(INTENT, change=RESTORE)), RESTORE, 1, True),
        (JournalEntry(replace(INTENT, change=KEEP)), KEEP, 1, False),
        (JournalEntry(replace(INTENT, site="https://elsewhere/arcgis")), CREATE, 1, False),
    ],
)
def test_find_unfinished_returns_what_may_have_been_sent_before(
    entry: JournalEntry, change: Change, later: int, is_found: bool
) -> None:
    assert (find_unfinished([entry], SITE, change, NOW + later) is entry) is is_found
