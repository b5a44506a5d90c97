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


_FAILED = re.compile(r"fail|error|cancel|timed_?out|timeout|abort")


def state_of(text: str) -> State:
    """What kind of state `text` is; spelling differs in case, blanks, dashes and underscores."""
    plain = re.sub(r"[\s_-]+", "_", text.strip().lower())
    if plain in {"completed", "success", "succeeded"}:
        return State.GOOD
    if plain in {"cancelling", "canceling"}:
        return State.GOING
    if _FAILED.search(plain):
        return State.FAILED
    if "warning" in plain:
        return State.WARNED
    return State.IDLE if plain in {"", "no_op", "none"} else State.GOING
