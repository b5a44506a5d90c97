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
from drtui.core.verdict.restore_points import RestorePoint
from drtui.core.verdict.rules import GOOD, PART_NAMES, Level, Reason


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
    Level.RUNNING: ("↻", "~", "warn"),
    Level.EXPIRED: ("-", "-", "muted"),
    Level.CANNOT_TELL: ("?", "?", "warn"),
}
_STATES = {
    State.GOOD: ("✓", "ok", "good"),
    State.WARNED: ("!", "!", "warn"),
    State.FAILED: ("✗", "x", "bad"),
    State.IN_PROGRESS: ("↻", "~", "warn"),
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


SCHEDULED_DESCRIPTION = "scheduled backup"
"""Description, in lower case, that the site gives every scheduled backup (docs/api.md#backups)."""


def why_text(point: RestorePoint) -> str:
    """Return what stands most against a restore point; else a note on it, or its description; "" for nothing."""
    return why_texts(point)[0]


def why_texts(point: RestorePoint) -> tuple[str, ...]:
    """Return the same in several lengths, the longest first. The last one may still be too long for its place.

    The deciding words come first, so that they remain if the end is cut.
    """
    reason = next((reason for reason in point.verdict.reasons if reason is not GOOD), None)
    return (description_text(point.backup),) if reason is None else _short_texts(point.backup, reason)


def description_text(backup: Backup) -> str:
    """Return the description of a backup; "" if it says only that a schedule made it."""
    text = backup.description.strip()
    return "" if backup.is_scheduled and text.lower() == SCHEDULED_DESCRIPTION else text


_SHORT_TEXTS = {
    "own-status": ("status {}",),
    "no-completion": ("no completion time", "not completed"),
    "other-release": ("from {}, not the site's release", "other release {}", "other release"),
    "other-build": ("from build {}, not the site's", "other build {}", "other build"),
    "expired": ("past its retention date", "past retention"),
    "not-full": ("type {}, not FULL", "not FULL"),
    "retention-missing": ("no retention date", "no retention"),
    "duplicate-name": ("name used twice in this store", "name used twice"),
}
"""Short texts of reasons by their code, with their evidence; reasons that are rare or short keep their sentence."""


def _short_texts(backup: Backup, reason: Reason) -> tuple[str, ...]:
    """Return a reason in a few words, and in fewer."""
    if reason.code == "part-status":
        failed = next((part for part in backup.undated_parts if part.has_failed), None)
        if failed is None:
            return (reason.text,)
        kind = PART_NAMES.get(failed.kind, failed.kind)
        return f"{kind} {failed.status}", f"{kind.partition(' ')[0]} {failed.status}"
    if reason.code == "part-missing":
        kind = PART_NAMES.get(reason.evidence, reason.evidence)
        return f"no {kind} in the record", f"no {kind}"
    texts = _SHORT_TEXTS.get(reason.code, ())
    return tuple(text.format(reason.evidence or "not given") for text in texts) or (reason.text,)
