"""Labels for verdicts, statuses, origins and times, shared by screens, command output and reports."""

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
from drtui.core.model.site_state import SiteState
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


_LEVELS = {
    Level.USABLE: ("✓", "ok", "good"),
    Level.DOUBTFUL: ("!", "!", "warn"),
    Level.NOT_USABLE: ("✗", "x", "bad"),
    Level.RUNNING: ("~", "~", "warn"),
    Level.EXPIRED: ("-", "-", "muted"),
    Level.CANNOT_TELL: ("?", "?", "warn"),
}
_STATES = {
    State.GOOD: ("✓", "ok", "good"),
    State.WARNED: ("!", "!", "warn"),
    State.FAILED: ("✗", "x", "bad"),
    State.IN_PROGRESS: ("~", "~", "warn"),
    State.IDLE: ("?", "?", "muted"),
}
"""Symbol, ASCII symbol and tone."""


def level_label(level: Level) -> StatusLabel:
    """Return the label of the level of a verdict."""
    symbol, ascii_symbol, tone = _LEVELS[level]
    return StatusLabel(symbol, ascii_symbol, level.word, tone)


MISSED = StatusLabel("!", "!", "missed", "bad")
"""The label of a run that left no backup."""

FAILED = StatusLabel("✗", "x", "failed", "bad")
"""The label of a run whose backup failed and is no longer listed."""


def state_label(text: str | None) -> StatusLabel:
    """Return the label of a status from the server: its own word, with the symbol of its state."""
    symbol, ascii_symbol, tone = _STATES[state_of(text or "")]
    return StatusLabel(symbol, ascii_symbol, text or "no status", tone)


def origin_text(backup: Backup) -> str:
    """Return the origin of a backup: `scheduled`, `manual`, the word of the server, or `-`."""
    return {"SCHEDULED": "scheduled", "MANUAL": "manual"}.get(backup.schedule_type.upper(), backup.schedule_type or "-")


def expiry_text(backup: Backup, now: int) -> str:
    """Return when a backup may be cleaned up, relative to `now` (epoch ms): `in 9 d`, `2 h ago`, `never`, `unknown`."""
    if backup.retention is None:
        return "unknown"
    return "never" if backup.retention == NEVER else short_time_text(backup.retention, now)


def short_time_text(moment: int, now: int) -> str:
    """Return a moment relative to `now` (both epoch ms) in its largest unit: `in 9 d`, `2 h ago`."""
    remaining = moment - now
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


_FAILURE_WORDS = {
    FailureKind.REFUSED: "refused",
    FailureKind.UNREACHABLE: "unreachable",
    FailureKind.UNREADABLE: "not readable",
    FailureKind.MISSING: "not found",
}


def failure_word(failure: Failure) -> str:
    """Return the kind of a failure in a few words, because each kind needs a different response."""
    return _FAILURE_WORDS[failure.kind]


def read_only_text(state: SiteState) -> str:
    """Return that the site is in read-only mode and what follows; "" if it is not, or if that is not known.

    Whether scheduled backups run in this mode is not documented (docs/api.md#about-and-mode).
    """
    mode = state.mode.value if state.mode is not None else None
    if mode is None or not mode.is_read_only:
        return ""
    return f"{mode.text}: no backup can start until it ends"
