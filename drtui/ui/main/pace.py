"""When to look at a site again by itself: soon while something goes on, ever later while it does not answer."""

CALM = 30
"""Waits between two looks where nothing happens, in units: five minutes with units of ten seconds."""

LONGEST_GOING = 6
"""The longest wait while an operation goes on, in units: a site that comes back is to be noticed within a minute."""


def wait(failures: int, *, going: bool, unit: float, chance: float) -> float:
    """Seconds until the next look.

    Args:
        failures: how many looks in a row have failed.
        going: whether an operation goes on, or its record has yet to show what the status says.
        unit: seconds between two looks while an operation goes on.
        chance: from 0 to 1, at random: many programs that lost a site at one moment must not come back at one moment.
    """
    longest = LONGEST_GOING if going else CALM
    if not failures:
        return unit if going else unit * CALM
    return unit * min(1 << min(failures - 1, 10), longest) * (0.75 + chance / 2)
