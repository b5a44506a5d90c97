"""Exit codes, and the error that carries one."""

FINE, FINDINGS, USAGE, UNREACHABLE, REFUSED, INTERRUPTED = 0, 1, 2, 3, 4, 130
"""The exit codes; they are part of the public interface."""


class CommandError(Exception):
    """An error that ends a command; the message says why and what to do next."""

    def __init__(self, message: str, code: int = USAGE) -> None:
        self.code = code
        super().__init__(message)
