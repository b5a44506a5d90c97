"""How a command can end."""

FINE, FINDINGS, USAGE, UNREACHABLE, REFUSED, INTERRUPTED = 0, 1, 2, 3, 4, 130
"""The exit codes: they are part of what the program promises."""


class CommandError(Exception):
    """A command cannot go on; the message says why, and what to do."""

    def __init__(self, message: str, code: int = USAGE) -> None:
        self.code = code
        super().__init__(message)
