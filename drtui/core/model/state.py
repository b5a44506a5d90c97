"""The texts by which the server says how something stands, sorted into the few kinds that matter (SPEC 7.1)."""

import enum
import re


class State(enum.Enum):
    """How an operation, a stage or a job stands."""

    GOOD = "good"
    WARNED = "warned"
    FAILED = "failed"
    IDLE = "idle"
    GOING = "going"
    """Any text that is none of the others: Esri's own client takes every unknown state for still going on."""


_FAILED = re.compile(r"fail|error|cancel|timed?_?out|abort")

_WHOLE = re.compile(
    r"completed|complete|success|successful|succeeded|ok|done|finished|ready"
    r"|(fail|error|cancel|abort)[a-z]*|timed?_?out"
    r"|(completed?|finished|succeeded|failed)_with_[a-z]+|partial(ly)?(_[a-z]+)?|incomplete|unsuccessful"
    r"|in_?progress|running|executing|submitted|queued|pending|waiting|start(ed|ing)|not_started"
    r"|skipped|paused|stopped|unknown|unavailable"
)
"""Texts that can be nothing but the state of something, spelled plainly."""


def is_state(text: str) -> bool:
    """True if a text that stands under no telling name is the state of something, rather than a name or a remark."""
    return _WHOLE.fullmatch(_plain(text)) is not None


def _plain(text: str) -> str:
    return re.sub(r"[\s_-]+", "_", text.strip().lower())


def state_of(text: str) -> State:
    """What kind of state `text` is; spelling differs in case, blanks, dashes and underscores."""
    plain = _plain(text)
    if plain in {"completed", "success", "succeeded"}:
        return State.GOOD
    if plain in {"cancelling", "canceling"}:
        return State.GOING
    if _FAILED.search(plain):
        return State.FAILED
    if "warning" in plain:
        return State.WARNED
    return State.IDLE if plain in {"", "no_op", "none"} else State.GOING
