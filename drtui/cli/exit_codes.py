"""Exit codes, and the error that carries one."""

from collections.abc import Sequence

TYPE_CHECKING = False
if TYPE_CHECKING:  # this is imported before the splash
    from drtui.core.model.failure import Failure

FINE, FINDINGS, USAGE, UNREACHABLE, REFUSED, INTERRUPTED = 0, 1, 2, 3, 4, 130
"""The exit codes; they are part of the public interface."""


class CommandError(Exception):
    """An error that ends a command; the message says why and what to do next.

    `notes` are printed before it: the failures that may be its cause. `failures` are those failures, or the error
    itself, each with the name of its resource.
    """

    def __init__(
        self,
        message: str,
        code: int = USAGE,
        notes: Sequence[str] = (),
        failures: "Sequence[tuple[str | None, Failure]]" = (),
    ) -> None:
        self.code, self.notes, self.failures = code, notes, failures
        super().__init__(message)
