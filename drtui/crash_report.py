"""What is told of a failure of drtui itself: where it happened, and nothing of what was typed or read."""

import os
import platform
import sys
import traceback
from collections.abc import Iterator

from drtui import __version__

SOFTWARE = 70
"""The exit code for a failure of drtui itself (EX_SOFTWARE of sysexits.h): 1 would say that there are findings."""


def crash_report(error: BaseException) -> str:
    """The report of a failure: versions, terminal, and the places in the code, innermost last.

    No values of variables, no arguments of the command line, and the messages of our own errors only: what a library
    says of its failure may hold what it was given.
    """
    about = (
        f"drtui {__version__}, Python {platform.python_version()}, {platform.system()} {platform.release()}",
        f"TERM={os.environ.get('TERM', '')} LC_ALL={os.environ.get('LC_ALL', '')} LANG={os.environ.get('LANG', '')}",
        f"command: {sys.argv[1] if len(sys.argv) > 1 and sys.argv[1].isalpha() else '-'}",
    )
    return "".join(f"{line}\n" for line in (*about, "", *_told(error)))


def _told(error: BaseException) -> Iterator[str]:
    """An error, and what it came from, which goes first."""
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None:
        yield from _told(before)
        yield "then:"
    if isinstance(error, BaseExceptionGroup):
        for each in error.exceptions:
            yield from _told(each)
    for frame in traceback.extract_tb(error.__traceback__):
        yield f"  {_short(frame.filename)}:{frame.lineno} in {frame.name}"
    yield error_name(error)


def error_name(error: BaseException) -> str:
    """The kind of an error, with its message if the message is ours."""
    kind = type(error)
    ours = kind.__module__.partition(".")[0] == "drtui"
    return f"{kind.__qualname__}: {error}" if ours else f"{kind.__module__}.{kind.__qualname__}"


def _short(path: str) -> str:
    """The end of a path: what comes before it is the machine's, and may hold the name of its user."""
    return "/".join(path.replace(os.sep, "/").split("/")[-3:])
