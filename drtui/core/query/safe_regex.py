"""Regular expressions that a person types, held back from those that take for ever.

The standard library's engine goes back and tries again, and knows no time limit: a repeat within a repeat, as in
`(a+)+b`, doubles its work with every letter. So what can multiply is refused or counted, and no text is long.
"""

import re
import warnings
from collections.abc import Callable
from functools import cache

MAX_LENGTH = 200
"""Characters of a pattern, and of a line that it looks at."""
MAX_REPEATS = 3
"""Repeats in one pattern: each multiplies the work by the length of a line."""
MAX_CHOICES = 6
"""Groups with a choice and optional pieces in one pattern: each multiplies it by what there is to choose from."""

_PIECE = re.compile(
    r"(?P<odd>\(\?(?!:))|(?P<open>\((?:\?:)?)|(?P<close>\))|(?P<choice>\|)"
    r"|(?P<repeat>(?:[*+?]|\{\d+\}|\{\d*,\d*\})[?+]?)"
    r"|\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|."
)
"""One piece of a pattern; an escaped character and a set of characters are one each."""


class PatternError(ValueError):
    """Text that is no regular expression, or one that is not taken; and where in it, in characters."""

    def __init__(self, message: str, start: int, end: int) -> None:
        self.start, self.end = start, end
        super().__init__(message)


def compile_pattern(pattern: str) -> re.Pattern[str]:
    """A pattern for texts of at most `MOST` characters, in any case.

    Raises:
        PatternError: it is no regular expression, or one that could take for ever.
    """
    _check_cost(pattern)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what later releases of Python may read otherwise
        try:
            return re.compile(pattern, re.IGNORECASE)
        except re.error as error:
            start = error.pos or 0
            raise PatternError(f"this is no regular expression: {error.msg}", start, start + 1) from error
        except (OverflowError, RecursionError) as error:
            raise PatternError("the regular expression is too large", 0, len(pattern)) from error


def pattern_matcher(pattern: re.Pattern[str]) -> Callable[[str], bool]:
    """Whether a pattern is found in a line of a text; `^` and `$` are the ends of the line."""
    # Restore points of one site hold nearly the same, and the same names again and again: each is looked at once.
    matching: set[str] = set()
    missing: set[str] = set()

    @cache
    def in_text(text: str) -> bool:
        lines = set(text.split("\n"))
        if not lines.isdisjoint(matching):
            return True
        for line in lines - missing:
            if pattern.search(line[:MAX_LENGTH]) is not None:
                matching.add(line)
                return True
            missing.add(line)
        return False

    return in_text


def _check_cost(pattern: str) -> None:
    """Refuse what multiplies the work of the engine without bound."""
    if len(pattern) > MAX_LENGTH:
        raise PatternError(f"a regular expression has at most {MAX_LENGTH} characters", MAX_LENGTH, len(pattern))
    opened: list[int] = []
    multiplies = [False]  # whether there is a repeat or a choice in this group; the outermost first
    repeats = choices = 0
    closed: tuple[int, bool] | None = None  # where the group before this piece began, and whether it multiplies
    for piece in _PIECE.finditer(pattern):
        before, closed = closed, None
        match piece.lastgroup:
            case "odd":
                raise PatternError("of groups that begin with (? only (?: is taken", *piece.span())
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
                if before is not None and before[1] and not is_optional:
                    raise PatternError("a repeat or a choice within a repeat can take for ever", before[0], piece.end())
                repeats, choices = repeats + (not is_optional), choices + is_optional
                multiplies[-1] = True
        if repeats > MAX_REPEATS or choices > MAX_CHOICES:
            limits = f"{MAX_REPEATS} repeats and {MAX_CHOICES} choices"
            raise PatternError(f"a regular expression has at most {limits}: more can take for ever", *piece.span())
