"""Steps of a connection to a site, each with its result: what `drtui doctor` answers."""

import enum

from msgspec import Struct

from drtui.core.model.failure import Failure


class StepResult(enum.Enum):
    """Result of one step."""

    OK = "ok"
    WARNING = "warning"
    """Works, but something needs attention; does not change the exit code."""
    FAILED = "failed"
    SKIPPED = "skipped"
    """Not tried: an earlier step failed, or the step makes no sense for this target. `Step.summary` says which."""
    UNKNOWN = "unknown"
    """Tried, and the answer does not tell; does not change the exit code."""


class Fact(Struct, frozen=True):
    """One piece of evidence, without secrets."""

    name: str
    """Label for people, lower case: `issuer`."""
    text: str


class Step(Struct, frozen=True):
    """One step, worded for the administrator who has to fix it. No secrets."""

    name: str
    """Stable name for scripts: `tls`, `sign-in`, …."""
    title: str
    """Name for people: `TLS`, `Sign-in`, …."""
    result: StepResult
    summary: str
    """One line: what works, what failed, or why it was skipped."""
    evidence: tuple[Fact, ...] = ()
    cause: str = ""
    """The most likely cause; empty if nothing is wrong."""
    advice: str = ""
    """The next step for the administrator; may be empty."""
    exit_code: int = 0
    """2 configuration, 3 unreachable or unreadable, 4 refused; 0 unless the step failed."""
    duration: int | None = None
    """Milliseconds that it took; None if it was not timed."""
    failure: Failure | None = None
    """The failure of the request that this step made, as other commands report it."""


class Diagnosis(Struct, frozen=True):
    """The steps of one connection, in order."""

    location: str
    """The target, for display."""
    at: int
    """Start, epoch ms."""
    steps: tuple[Step, ...] = ()

    @property
    def first_failure(self) -> Step | None:
        """The first step that failed; None if none did."""
        return next((step for step in self.steps if step.result is StepResult.FAILED), None)

    @property
    def warnings(self) -> tuple[Step, ...]:
        """The steps that need attention without having failed."""
        return tuple(step for step in self.steps if step.result in {StepResult.WARNING, StepResult.UNKNOWN})

    @property
    def exit_code(self) -> int:
        """The exit code of the first step that failed; 0 if none did."""
        return self.first_failure.exit_code if self.first_failure is not None else 0
