"""Format durations in milliseconds. Separate from `times`, so that an age needs no import of the calendar."""

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR


CLOCK_SKEW = 10 * MINUTE
"""Milliseconds that a start may be in the future, because clocks differ."""

FUTURE = "in the future: the clocks of the site and this machine differ"
"""Text instead of an age if the start is in the future by more than `CLOCK_SKEW`."""


def format_age(milliseconds: int) -> str:
    """Return an age or a duration in one or two units: `45 s`, `12 min`, `9 h 50 min`, `3 d 4 h`, `41 d`.

    It is rounded up, so that nothing looks younger than it is. A negative age is `0 s`.
    """
    return _spelled(milliseconds, up=True)


def format_duration(milliseconds: int) -> str:
    """Return remaining time in one or two units, rounded down, so that it never looks longer than it is."""
    return _spelled(milliseconds, up=False)


def format_short_age(milliseconds: int) -> str:
    """Return an age in its largest unit, at most 7 cells, rounded up: `45 s`, `12 min`, `9 h`, `9999 d`, `27 y`."""
    return _shortened(milliseconds, up=True)


def format_short_duration(milliseconds: int) -> str:
    """Return remaining time in its largest unit, rounded down."""
    return _shortened(milliseconds, up=False)


def format_signed(milliseconds: int) -> str:
    """Return a difference of times, with a minus sign if negative: `3 min`, `-3 min`."""
    text = format_age(abs(milliseconds))
    return f"-{text}" if milliseconds < 0 else text


def age_at(start: int | None, now: int) -> int | None:
    """Return the age in milliseconds at `now` of something that began at `start`, both epoch ms.

    The age is None if there is no start, or if it is in the future by more than `CLOCK_SKEW`; by less, the age is 0.
    """
    return None if start is None or start > now + CLOCK_SKEW else max(0, now - start)


def format_elapsed(milliseconds: int | None) -> str:
    """Return a duration, rounded up: `52 s`, `5 m 22 s`, `1 h 02 m`; `-` if it is unknown."""
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
    """Return a duration in one or two units. Rounding happens in the smaller unit first."""
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
    """Return a duration in its largest unit."""
    span = max(0, milliseconds)
    minutes, hours, days = (_divided(span, unit, up=up) for unit in (MINUTE, HOUR, DAY))
    if minutes < 60:
        return _spelled(span, up=up)
    if hours < 48:
        return f"{hours} h"
    return f"{days} d" if days < 10_000 else f"{_divided(days * 100, 36_525, up=up)} y"


def _two(big: int, big_unit: str, small: int, small_unit: str) -> str:
    """Return a text such as `9 h 50 min`, or `9 h` if the smaller number is 0."""
    return f"{big} {big_unit} {small} {small_unit}" if small else f"{big} {big_unit}"
