"""Questions to the person at the terminal."""

import contextlib
import getpass
import io
import sys
import termios
import warnings

from drtui.cli.exit_codes import CommandError


def ask(question: str) -> str:
    """Return the answer typed to a question. Keys typed before the question do not count."""
    _discard_typed()
    sys.stderr.write(question)
    sys.stderr.flush()
    return sys.stdin.readline().strip()


def ask_hidden(question: str, advice: str) -> str:
    """Return an answer that is typed without echo.

    Raises:
        CommandError: the terminal cannot hide it; the message is `advice`.
    """
    _discard_typed()
    with warnings.catch_warnings():
        warnings.simplefilter("error", getpass.GetPassWarning)
        try:
            return getpass.getpass(question, stream=sys.stderr)
        except (getpass.GetPassWarning, EOFError):
            raise CommandError(advice) from None


def accept_any_bytes() -> None:
    """Let standard input yield a replacement character for bytes that cannot be decoded, from its first line on."""
    reconfigure = getattr(sys.stdin, "reconfigure", None)  # tests replace the stream with one without reconfigure
    if reconfigure is not None:
        with contextlib.suppress(io.UnsupportedOperation):  # a line was read already
            reconfigure(errors="replace")


def _discard_typed() -> None:
    """Discard keys that were typed ahead."""
    try:
        termios.tcflush(sys.stdin.fileno(), termios.TCIFLUSH)
    except (OSError, ValueError, termios.error):
        return
