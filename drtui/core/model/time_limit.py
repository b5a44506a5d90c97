"""The time after which the site cancels an operation, and operations that run for longer (rule R29)."""

from drtui.core.formatting.durations import HOUR, MINUTE, SECOND
from drtui.core.model.site import DrSettings, DrStatus, State, state_of

DEFAULT_TIMEOUT = 2 * HOUR
"""Milliseconds after which a backup is cancelled if the settings name no other limit (rule R29)."""

GRACE = 10 * MINUTE
"""Milliseconds beyond the time limit after which an operation counts as hung."""


def time_limit(settings: DrSettings | None) -> tuple[int, bool]:
    """Return the milliseconds after which a backup is cancelled, and True if this is only the documented default."""
    seconds = settings.timeout_seconds if settings else None
    return (seconds * SECOND, False) if seconds and seconds > 0 else (DEFAULT_TIMEOUT, True)


def is_over_limit(status: DrStatus, limit: int, now: int) -> bool:
    """True if the status says "in progress", but the site should have ended it `limit` ms after its start.

    The operation hangs, or its end was not recorded. The status is then no more reliable than the record of the backup.
    """
    if status.start is None or state_of(status.state) is not State.IN_PROGRESS:
        return False
    return now - status.start > limit + GRACE
