"""Report crashes of drtui itself: versions and places in the code, without anything that was typed or read."""

import os
import platform
import sys
import traceback
from collections.abc import Iterator

from drtui import __version__

EX_SOFTWARE = 70
"""Exit code for a failure of drtui itself (EX_SOFTWARE of sysexits.h); 1 would mean findings."""


def crash_report(error: BaseException) -> str:
    """Return the report of a crash: versions, terminal, and the traceback, innermost frame last.

    It contains no values of variables, no arguments of the command line, and only messages of our own exceptions: those
    of libraries may quote what they were given.
    """
    header = (
        f"drtui {__version__}, Python {platform.python_version()}, {platform.system()} {platform.release()}",
        f"TERM={os.environ.get('TERM', '')} LC_ALL={os.environ.get('LC_ALL', '')} LANG={os.environ.get('LANG', '')}",
        f"command: {sys.argv[1] if len(sys.argv) > 1 and sys.argv[1].isalpha() else '-'}",
    )
    return "".join(f"{line}\n" for line in (*header, "", *_error_lines(error)))


def _error_lines(error: BaseException) -> Iterator[str]:
    """Yield the lines of an error, after those of its cause."""
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None:
        yield from _error_lines(cause)
        yield "then:"
    if isinstance(error, BaseExceptionGroup):
        for member in error.exceptions:
            yield from _error_lines(member)
    for frame in traceback.extract_tb(error.__traceback__):
        yield f"  {_path_end(frame.filename)}:{frame.lineno} in {frame.name}"
    yield error_name(error)


def error_name(error: BaseException) -> str:
    """Return the type of an error, with its message if the error is drtui's own."""
    kind = type(error)
    is_ours = kind.__module__.partition(".")[0] == "drtui"
    return f"{kind.__qualname__}: {error}" if is_ours else f"{kind.__module__}.{kind.__qualname__}"


def _path_end(path: str) -> str:
    """Return the end of a path: its beginning may contain the name of a user."""
    return "/".join(path.replace(os.sep, "/").split("/")[-3:])
