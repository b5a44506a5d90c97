"""The refresh interval: the wait before the next refresh, longer after failures."""

IDLE_UNITS = 30
"""Interval of refreshes without an operation, in units: five minutes with units of ten seconds."""


MAX_OPERATION_UNITS = 6
"""Longest interval during an operation, in units: a site that comes back is noticed within a minute."""


def compute_refresh_delay(failures: int, *, is_following: bool, unit: float, chance: float) -> float:
    """Return the seconds until the next refresh.

    Args:
        failures: number of consecutive failed refreshes.
        is_following: True if an operation is in progress, or its record does not show the final status yet.
        unit: seconds between two refreshes during an operation.
        chance: random number from 0 to 1, so that programs that lost a site together do not all retry together.
    """
    max_units = MAX_OPERATION_UNITS if is_following else IDLE_UNITS
    if not failures:
        return unit if is_following else unit * IDLE_UNITS
    return unit * min(1 << min(failures - 1, 10), max_units) * (0.75 + chance / 2)
