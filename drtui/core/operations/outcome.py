"""The outcome of a change: what is known of it, and the exit code of a command."""

import enum

from drtui.core.model.failure import Failure, FailureKind


class Outcome(enum.Enum):
    """The end of a change, as far as it is known. The values are part of the JSON."""

    DONE = "done"
    """The record itself proves it."""
    ACCEPTED = "accepted"
    """The site accepted it and is still at work; nobody has waited for its end."""
    ENDED_BADLY = "ended_badly"
    """It ended otherwise than wanted."""
    UNKNOWN = "unknown"
    """Nobody can tell; also if the site could not be reached and nothing was sent."""
    STOPPED = "stopped"
    """The preflight says stop; nothing was sent."""
    NOT_CONFIRMED = "not_confirmed"
    """Nobody confirmed it; nothing was sent."""
    REFUSED = "refused"
    """The site refused the request or the sign-in."""
    NOT_ALLOWED = "not_allowed"
    """Neither the profile nor `--allow-changes` allows it; nothing was sent."""


EXIT_CODES = {
    Outcome.DONE: 0,
    Outcome.ACCEPTED: 0,
    Outcome.ENDED_BADLY: 1,
    Outcome.STOPPED: 1,
    Outcome.NOT_CONFIRMED: 2,
    Outcome.UNKNOWN: 3,
    Outcome.REFUSED: 4,
    Outcome.NOT_ALLOWED: 4,
}
"""Exit code of a command by the outcome of its change. Ctrl-C while following ends with 130."""


def unreachable_outcome(failure: Failure) -> Outcome:
    """Return the outcome of a change that was not sent because nothing could be read from the site."""
    return Outcome.REFUSED if failure.kind is FailureKind.REFUSED else Outcome.UNKNOWN
