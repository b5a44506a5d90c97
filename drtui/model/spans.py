"""Spans of time in milliseconds, as people say them. Apart from moments: an age can be said without a calendar."""

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR


def age(milliseconds: int) -> str:
    """A span as people say it, in one or two units: `45 s`, `12 min`, `9 h 50 min`, `3 d 4 h`, `41 d`."""
    seconds = abs(milliseconds) // SECOND
    sign = "-" if milliseconds < 0 and seconds else ""
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86400
    if seconds < 90:
        return f"{sign}{seconds} s"
    if minutes < 60:
        return f"{sign}{minutes} min"
    if hours < 48:
        return f"{sign}{_two(hours, 'h', minutes % 60, 'min')}"
    return f"{sign}{_two(days, 'd', hours % 24 if days < 10 else 0, 'h')}"


def _two(big: int, big_unit: str, small: int, small_unit: str) -> str:
    """`9 h 50 min`, or `9 h` when nothing is left over."""
    return f"{big} {big_unit} {small} {small_unit}" if small else f"{big} {big_unit}"


def short_age(milliseconds: int) -> str:
    """A span in its largest unit only, in seven cells at most: `45 s`, `12 min`, `9 h`, `9999 d`, `27 y`."""
    number, unit, *_ = age(milliseconds).split(" ")
    days = number.lstrip("-")
    if len(days) > 4:
        number, unit = number.replace(days, str(int(days) * 100 // 36525)), "y"
    return f"{number} {unit}"


def took(milliseconds: int | None) -> str:
    """How long something took: `52 s`, `5 m 22 s`, `1 h 02 m`; `-` when it is not known."""
    if milliseconds is None or milliseconds < 0:
        return "-"
    seconds = milliseconds // SECOND
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 3600:
        return f"{seconds // 60} m {seconds % 60:02} s"
    return f"{seconds // 3600} h {seconds // 60 % 60:02} m"
