"""Messages on stderr: errors, and hints that `--quiet` leaves out."""

import sys


def print_message(text: str) -> None:
    """Print an error, or why an answer is incomplete or old, to stderr."""
    sys.stderr.write(f"drtui: {text}\n")


class _Hints:
    """True if hints are printed; `--quiet` turns them off for one command."""

    are_printed = True


def set_quiet(quiet: bool) -> None:
    """Set if hints are left out."""
    _Hints.are_printed = not quiet


def print_hint(text: str) -> None:
    """Print what is neither an error nor part of the answer to stderr, unless `--quiet` is given."""
    if _Hints.are_printed:
        print_message(text)
