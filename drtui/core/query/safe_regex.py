"""Regular expressions from users, limited to those that cannot take very long.

The `re` module backtracks and has no time limit: a repeat inside a repeat, such as `(a+)+b`, doubles its time with
every character. Therefore nested repeats are refused, other repeats and choices are limited, and so are lines.
"""

import re
import warnings
from collections.abc import Callable
from functools import cache

MAX_LENGTH = 200
"""The maximum number of characters of a pattern, and of each line to search."""
MAX_REPEATS = 3
"""The maximum number of repeats in a pattern; each multiplies the time by the length of a line."""
MAX_CHOICES = 6
"""The maximum number of choices and optional pieces in a pattern; each multiplies the time by its alternatives."""

_PIECE = re.compile(
    r"(?P<unsupported>\(\?(?!:))|(?P<open>\((?:\?:)?)|(?P<close>\))|(?P<choice>\|)"
    r"|(?P<repeat>(?:[*+?]|\{\d+\}|\{\d*,\d*\})[?+]?)"
    r"|\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|."
)
"""One piece of a pattern; an escaped character or a set of characters is one piece."""


class PatternError(ValueError):
    """Raised for an invalid or refused regular expression; `start` and `end` are positions in characters."""

    def __init__(self, message: str, start: int, end: int) -> None:
        self.start, self.end = start, end
        super().__init__(message)


def compile_pattern(pattern: str) -> re.Pattern[str]:
    """Return a compiled pattern that ignores case, for texts of at most `MAX_LENGTH` characters.

    Raises:
        PatternError: the pattern is invalid or could take very long.
    """
    _check_cost(pattern)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # FutureWarning for syntax that later releases of Python may change
        try:
            return re.compile(pattern, re.IGNORECASE)
        except re.error as error:
            start = error.pos or 0
            raise PatternError(f"Invalid regular expression: {error.msg}", start, start + 1) from error
        except (OverflowError, RecursionError) as error:
            raise PatternError("Regular expression is too large. Use a shorter one", 0, len(pattern)) from error


def pattern_matcher(pattern: re.Pattern[str]) -> Callable[[str], bool]:
    """Return a function that is True for a text with a matching line; `^` and `$` are the ends of a line."""

    @cache  # restore points of a site have nearly equal contents with many equal names
    def matches_line(line: str) -> bool:
        return pattern.search(line[:MAX_LENGTH]) is not None

    return cache(lambda text: any(map(matches_line, text.split("\n"))))


def _check_cost(pattern: str) -> None:
    """Raise PatternError if the time of a pattern could grow without bound."""
    if len(pattern) > MAX_LENGTH:
        raise PatternError(
            f"Regular expression is longer than {MAX_LENGTH} characters. Use a shorter one", MAX_LENGTH, len(pattern)
        )
    opened: list[int] = []
    multiplies = [False]  # True for groups with a repeat or choice; the outermost first
    repeats = choices = 0
    closed: tuple[int, bool] | None = None  # start of the group before this piece; True if it has a repeat or choice
    for piece in _PIECE.finditer(pattern):
        previous, closed = closed, None
        match piece.lastgroup:
            case "unsupported":
                raise PatternError("Unsupported group '(?'. Use ( or (?:", *piece.span())
            case "open":
                opened.append(piece.start())
                multiplies.append(False)
            case "close" if opened:
                has_multiplier = multiplies.pop()
                closed = (opened.pop(), has_multiplier)
                multiplies[-1] |= has_multiplier
            case "choice":
                choices += bool(opened) and not multiplies[-1]
                multiplies[-1] |= bool(opened)
            case "repeat":
                is_optional = piece[0].startswith("?")
                if previous is not None and previous[1] and not is_optional:
                    raise PatternError(
                        "Repeat or choice inside a repeat could take very long. Remove one of them",
                        previous[0],
                        piece.end(),
                    )
                repeats, choices = repeats + (not is_optional), choices + is_optional
                multiplies[-1] = True
        if repeats > MAX_REPEATS or choices > MAX_CHOICES:
            limits = f"{MAX_REPEATS} repeats or {MAX_CHOICES} choices"
            raise PatternError(f"More than {limits} could take very long. Use fewer", *piece.span())
