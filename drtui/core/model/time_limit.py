"""After how long the site itself ends an operation, and what it means that one goes on for longer (rule R29)."""

from drtui.core.formatting.times import HOUR, MINUTE, SECOND
from drtui.core.model.site import DrSettings, DrStatus, State, state_of

DEFAULT_TIMEOUT = 2 * HOUR
"""After this a backup is cancelled if the settings name no other limit, in milliseconds (rule R29)."""

GRACE = 10 * MINUTE
"""Grace beyond the time limit before an operation counts as hung, milliseconds."""


def time_limit(settings: DrSettings | None) -> tuple[int, bool]:
    """Return after how many milliseconds a backup is cancelled, and whether that is only the documented default."""
    named = settings.timeout_seconds if settings else None
    return (named * SECOND, False) if named and named > 0 else (DEFAULT_TIMEOUT, True)


def is_over_limit(status: DrStatus, settings: DrSettings | None, now: int) -> bool:
    """True if an operation that the status calls going on should have been ended by the site before `now` (epoch ms).

    It hangs, or its end was lost: what the status says is then no better than what the record says.
    """
    if status.start is None or state_of(status.state) is not State.IN_PROGRESS:
        return False
    return now - status.start > time_limit(settings)[0] + GRACE
