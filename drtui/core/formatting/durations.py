"""Spans of time in milliseconds, as people say them. Apart from moments: an age can be said without a calendar."""

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR


CLOCK_SKEW = 10 * MINUTE
"""Tolerance for a start in the future, as clocks differ, milliseconds."""

FUTURE = "in the future: the site's clock and this one disagree"
"""Stands for the age of what began later than now, by more than clocks differ."""


def format_age(milliseconds: int) -> str:
    """Return how old something is, or how long it lasted: `45 s`, `12 min`, `9 h 50 min`, `3 d 4 h`, `41 d`.

    Rounded up: nothing looks younger than it is. What has not begun yet is `0 s` old.
    """
    return _spelled(milliseconds, up=True)


def format_duration(milliseconds: int) -> str:
    """Return how long something still takes, or may take, in the same form, rounded down: never more than it is."""
    return _spelled(milliseconds, up=False)


def format_short_age(milliseconds: int) -> str:
    """Return an age in its largest unit only, in seven cells at most: `45 s`, `12 min`, `9 h`, `9999 d`, `27 y`."""
    return _shortened(milliseconds, up=True)


def format_short_duration(milliseconds: int) -> str:
    """Return what remains in its largest unit only."""
    return _shortened(milliseconds, up=False)


def format_signed(milliseconds: int) -> str:
    """Return how much later, or with a minus sign earlier, something is: `3 min`, `-3 min`."""
    text = format_age(abs(milliseconds))
    return f"-{text}" if milliseconds < 0 else text


def age_at(start: int | None, now: int) -> int | None:
    """Return how old at `now` is what began at `start`, both epoch ms, in milliseconds.

    None where that is not known: there is no start, or it is in the future by more than clocks differ. By less, 0.
    """
    return None if start is None or start > now + CLOCK_SKEW else max(0, now - start)


def format_elapsed(milliseconds: int | None) -> str:
    """Return a duration rounded up: `52 s`, `5 m 22 s`, `1 h 02 m`; `-` when it is not known."""
    if milliseconds is None or milliseconds < 0:
        return "-"
    seconds, minutes = _divided(milliseconds, SECOND, up=True), _divided(milliseconds, MINUTE, up=True)
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 3600:
        return f"{seconds // 60} m {seconds % 60:02} s"
    return f"{minutes // 60} h {minutes % 60:02} m"


def _divided(milliseconds: int, unit: int, *, up: bool) -> int:
    return -(-milliseconds // unit) if up else milliseconds // unit


def _spelled(milliseconds: int, *, up: bool) -> str:
    """Return a span in one or two units; each unit takes what is rounded to the smaller one."""
    span = max(0, milliseconds)
    seconds, minutes, hours, days = (_divided(span, unit, up=up) for unit in (SECOND, MINUTE, HOUR, DAY))
    if seconds < 90:
        return f"{seconds} s"
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 48 * 60:
        return _two(minutes // 60, "h", minutes % 60, "min")
    return _two(hours // 24, "d", hours % 24, "h") if hours < 240 else f"{days} d"


def _shortened(milliseconds: int, *, up: bool) -> str:
    """Return a span in its largest unit."""
    span = max(0, milliseconds)
    minutes, hours, days = (_divided(span, unit, up=up) for unit in (MINUTE, HOUR, DAY))
    if minutes < 60:
        return _spelled(span, up=up)
    if hours < 48:
        return f"{hours} h"
    return f"{days} d" if days < 10_000 else f"{_divided(days * 100, 36_525, up=up)} y"


def _two(big: int, big_unit: str, small: int, small_unit: str) -> str:
    """`9 h 50 min`, or `9 h` when nothing is left over."""
    return f"{big} {big_unit} {small} {small_unit}" if small else f"{big} {big_unit}"
