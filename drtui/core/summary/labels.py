"""Labels for verdicts, statuses, origins and times, shared by screens, command output and reports."""

from typing import assert_never

from msgspec import Struct

from drtui.core.formatting.durations import (
    FUTURE,
    age_at,
    format_age,
    format_duration,
    format_short_age,
    format_short_duration,
)
from drtui.core.model.backup import NEVER, Backup
from drtui.core.model.failure import Failure, FailureKind
from drtui.core.model.site import State, state_of
from drtui.core.verdict.rules import Level


class StatusLabel(Struct, frozen=True):
    """A state as a symbol, a word and a tone; understandable without colours."""

    symbol: str
    """One cell wide in every locale (UAX #11)."""
    ascii: str
    word: str
    tone: str
    """`good`, `warn`, `bad` or `muted`; a theme defines the colours."""

    def text(self, *, plain: bool = False) -> str:
        """Return symbol and word; only ASCII if `plain`."""
        return f"{self.ascii if plain else self.symbol} {self.word}"


def level_label(level: Level) -> StatusLabel:
    """Return the label of the level of a verdict."""
    match level:
        case Level.USABLE:
            return StatusLabel("✓", "ok", level.word, "good")
        case Level.DOUBTFUL:
            return StatusLabel("!", "!", level.word, "warn")
        case Level.NOT_USABLE:
            return StatusLabel("✗", "x", level.word, "bad")
        case Level.RUNNING:
            return StatusLabel("~", "~", level.word, "warn")
        case Level.EXPIRED:
            return StatusLabel("-", "-", level.word, "muted")
        case Level.CANNOT_TELL:
            return StatusLabel("?", "?", level.word, "warn")
        case _:
            assert_never(level)


MISSED = StatusLabel("!", "!", "missed", "bad")
"""The label of a run that left no backup."""

FAILED = StatusLabel("✗", "x", "failed", "bad")
"""The label of a run whose backup failed and is no longer listed."""


def state_label(text: str | None) -> StatusLabel:
    """Return the label of a status from the server: its own word, with the symbol of its state."""
    word = text or "no status"
    match state_of(text or ""):
        case State.GOOD:
            return StatusLabel("✓", "ok", word, "good")
        case State.WARNED:
            return StatusLabel("!", "!", word, "warn")
        case State.FAILED:
            return StatusLabel("✗", "x", word, "bad")
        case State.IN_PROGRESS:
            return StatusLabel("~", "~", word, "warn")
        case State.IDLE:
            return StatusLabel("?", "?", word, "muted")
        case unexpected:
            assert_never(unexpected)


def origin_text(backup: Backup) -> str:
    """Return the origin of a backup: `scheduled`, `manual`, the word of the server, or `-`."""
    return {"SCHEDULED": "scheduled", "MANUAL": "manual"}.get(backup.schedule_type.upper(), backup.schedule_type or "-")


def expiry_text(backup: Backup, now: int) -> str:
    """Return when a backup may be cleaned up, relative to `now` (epoch ms): `in 9 d`, `2 h ago`, `never`, `unknown`."""
    if backup.retention is None:
        return "unknown"
    if backup.retention == NEVER:
        return "never"
    remaining = backup.retention - now
    return f"in {format_short_duration(remaining)}" if remaining > 0 else f"{format_short_age(-remaining)} ago"


def age_text(moment: int | None, now: int) -> str:
    """Return a moment relative to `now` (both epoch ms): `2 h ago`, `in 2 h`, `unknown`."""
    if moment is None:
        return "unknown"
    return f"in {format_duration(moment - now)}" if moment > now else f"{format_age(now - moment)} ago"


def started_ago_text(start: int | None, now: int) -> str:
    """Return how long ago a backup started, as of `now` (both epoch ms).

    A start in the future is a clock error and is reported as such.
    """
    age = age_at(start, now)
    if age is None:
        return "unknown" if start is None else FUTURE
    return f"{format_age(age)} ago"


def failure_word(failure: Failure) -> str:
    """Return the kind of a failure in a few words, because each kind needs a different response."""
    match failure.kind:
        case FailureKind.REFUSED:
            return "refused"
        case FailureKind.UNREACHABLE:
            return "unreachable"
        case FailureKind.UNREADABLE:
            return "not readable"
        case FailureKind.MISSING:
            return "not found"
        case unexpected:
            assert_never(unexpected)
