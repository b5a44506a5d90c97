"""Journal of changes: events as JSON lines, and the entries that they make up. It contains no secrets."""

from collections.abc import Iterable

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from drtui.core.formatting.durations import MINUTE
from drtui.core.model.reply import Reply, ReplyKind
from drtui.core.model.time_limit import DEFAULT_TIMEOUT
from drtui.core.operations.outcome import Outcome
from drtui.core.operations.progress import OperationKey, Submission
from drtui.core.operations.request import FOLLOWED, Change, Operation, PostRequest

DEFINITE = frozenset({Outcome.DONE, Outcome.ENDED_BADLY, Outcome.REFUSED})
"""Outcomes that a later observation without proof does not replace."""

SHOWN_AFTER = 10 * MINUTE
"""Milliseconds after which a site shows what it accepted, in its status or in its list."""


class Intent(Struct, frozen=True, tag_field="event", tag="intent"):
    """The decision to send a request, written before it is sent."""

    id: str
    at: int
    """Time by the site's clock, epoch ms."""
    site: str
    """`https://host/context`."""
    change: Change
    request: PostRequest
    profile: str = ""
    user: str = ""
    before: OperationKey | None = None
    limit: int = DEFAULT_TIMEOUT
    usual: int | None = None
    release: str = ""


class Replied(Struct, frozen=True, tag_field="event", tag="reply"):
    """The reply to a request, or that it was lost."""

    id: str
    at: int
    reply: Reply


class Ended(Struct, frozen=True, tag_field="event", tag="outcome"):
    """The outcome of a change."""

    id: str
    at: int
    outcome: Outcome
    statement: str = ""


Event = Intent | Replied | Ended
_DECODER: msgspec.json.Decoder[Event] = msgspec.json.Decoder(Event)


def event_to_json(event: Event) -> bytes:
    """Return an event as one line of JSON, without the end of the line."""
    return msgspec.json.encode(event)


def event_from_json(line: bytes) -> Event | None:
    """Return the event in a line; None if it was torn or written by a later release."""
    try:
        return _DECODER.decode(line)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return None


class JournalEntry(Struct, frozen=True):
    """A change in the journal: what was sent, and what became of it."""

    intent: Intent
    reply: Reply | None = None
    """None if drtui ended before it was known."""
    outcome: Outcome | None = None
    """None while the change is followed, or if drtui ended before."""
    ended: int | None = None
    """Time of the outcome, epoch ms."""
    statement: str = ""

    @property
    def id(self) -> str:
        """Id of the change."""
        return self.intent.id

    @property
    def is_open(self) -> bool:
        """True if no outcome is known: it has to be looked for."""
        return self.outcome is None

    @property
    def can_be_followed(self) -> bool:
        """True if asking the site may tell more than the journal knows."""
        return self.outcome in {None, Outcome.ACCEPTED, Outcome.UNKNOWN} and (
            self.reply is None or self.reply.kind is not ReplyKind.NOT_SENT
        )

    @property
    def submission(self) -> Submission:
        """The submission to follow. Without a reply it may have been sent or not, as after a lost reply."""
        intent = self.intent
        return Submission(
            intent.change,
            intent.at,
            self.reply if self.reply is not None else Reply(ReplyKind.LOST, "drtui ended before the reply"),
            before=intent.before,
            limit=intent.limit,
            usual=intent.usual,
            release=intent.release,
            id=intent.id,
        )


def find_unfinished(entries: Iterable[JournalEntry], site: str, change: Change, now: int) -> JournalEntry | None:
    """Return a backup or restore of the same name that was sent to a site and may not be visible there yet.

    A site shows it seconds after it accepted it; `now` is in epoch ms. None for operations that may be repeated.
    """
    if change.operation not in FOLLOWED:
        return None
    for entry in entries:
        sent = entry.intent
        is_same = sent.site == site and _key(sent.change) == _key(change)
        is_recent = entry.outcome is Outcome.ACCEPTED and now - sent.at < SHOWN_AFTER
        if is_same and (entry.is_open or is_recent):
            return entry
    return None


def _key(change: Change) -> tuple[Operation, str, str]:
    return change.operation, change.store, change.name


def entries_of(events: Iterable[Event]) -> tuple[JournalEntry, ...]:
    """Return the entries that events make up, in the order of their intents; events without an intent are left out."""
    entries: dict[str, JournalEntry] = {}
    for event in events:
        entry = entries.get(event.id)
        if isinstance(event, Intent):
            if entry is None:
                entries[event.id] = JournalEntry(event)
        elif entry is None:
            continue
        elif isinstance(event, Replied):
            entries[event.id] = replace(entry, reply=event.reply)
        elif entry.outcome not in DEFINITE or event.outcome in DEFINITE:
            entries[event.id] = replace(entry, outcome=event.outcome, ended=event.at, statement=event.statement)
    return tuple(entries.values())


def open_entries(entries: Iterable[JournalEntry], site: str) -> tuple[JournalEntry, ...]:
    """Return the entries of a site (`https://host/context`) without an outcome, oldest first."""
    return tuple(entry for entry in entries if entry.intent.site == site and entry.is_open)
