"""Exit codes, and the error that carries one."""

from collections.abc import Sequence

FINE, FINDINGS, USAGE, UNREACHABLE, REFUSED, INTERRUPTED = 0, 1, 2, 3, 4, 130
"""The exit codes; they are part of the public interface."""


class CommandError(Exception):
    """An error that ends a command; the message says why and what to do next.

    `notes` are printed before it: the failures that may be its cause.
    """

    def __init__(self, message: str, code: int = USAGE, notes: Sequence[str] = ()) -> None:
        self.code, self.notes = code, notes
        super().__init__(message)
