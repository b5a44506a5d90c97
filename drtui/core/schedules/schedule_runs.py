"""A backup schedule with its runs: as its task says, or as the names of its backups teach."""

import enum

from msgspec import Struct

from drtui.core.model.site import Schedule
from drtui.core.schedules.failed_runs import Outcome, Run


class ScheduleState(enum.Enum):
    """The state of a schedule, by which it will run or not (rule R54)."""

    ACTIVE = "active"
    PAUSED = "paused"
    DISAGREES = "disagrees"
    """Its state and its flag say different things."""
    UNKNOWN = "unknown"
    NOT_BEGUN = "not begun"
    """Its first day is still to come."""
    ENDED = "ended"
    """No run of it is left: its last day is past, or it has run as often as it was to run."""


STOPPED = frozenset({ScheduleState.PAUSED, ScheduleState.NOT_BEGUN, ScheduleState.ENDED})
"""Standings of a schedule that makes no backup for now."""


class ScheduleRuns(Struct, frozen=True):
    """One backup schedule, and what became of its runs."""

    prefix: str
    """The prefix of the names of its backups."""
    store: str
    title: str
    task: Schedule | None
    """None when it was learned from names (rule R51)."""
    state: ScheduleState
    next_run: int | None
    """Its next run, epoch ms; None for one that is paused, or cannot be told."""
    tolerance: int
    """Milliseconds after its moment from which on a run counts as missed (rule R52)."""
    runs: tuple[Run, ...]
    """Oldest first, those that are not over yet left out."""
    unknown_reason: str = ""
    """The reason why its runs cannot be told; empty if they can."""
    is_truncated: bool = False
    """True if there were more runs than these newest ones."""
    learned_because: str = ""
    """The reason why its runs are learned from names; empty if its task says them all."""
    is_orphaned: bool = False
    """True if the tasks were read, and none of them makes its backups."""
    is_replaced: bool = False
    """True if another schedule will make backups for its store."""
    has_lapsed: bool = False
    """True if it has not begun, and by the names of its backups one was due since the last of them."""
    ended_at: int | None = None
    """The moment at which it ended, epoch ms; None if it has not, or that is not known."""
    certain_until: int | None = None
    """The last moment up to which it certainly goes on, epoch ms; None for no such limit."""
    end_doubt: str = ""
    """The reason why it is not known if it has ended; empty if it is known."""

    @property
    def missed_runs(self) -> tuple[Run, ...]:
        """Runs that left no record."""
        return tuple(run for run in self.runs if run.outcome is Outcome.MISSED)

    @property
    def failed_runs(self) -> tuple[Run, ...]:
        """Runs whose backup is not complete."""
        return tuple(run for run in self.runs if run.outcome is Outcome.FAILED)

    @property
    def streak(self) -> tuple[Run, ...]:
        """The latest runs in a row that left no complete backup, oldest first; one that is running does not count."""
        runs: list[Run] = []
        for run in reversed(self.runs):
            if run.outcome is Outcome.GOOD:
                break
            if run.outcome is not Outcome.RUNNING:
                runs.append(run)
        return tuple(reversed(runs))

    @property
    def is_overdue(self) -> bool:
        """True if the latest run was missed."""
        return self._latest is Outcome.MISSED

    @property
    def is_failing(self) -> bool:
        """True if the latest run failed."""
        return self._latest is Outcome.FAILED

    @property
    def _latest(self) -> Outcome | None:
        """The outcome of the latest run that is not running; None if there is none."""
        outcomes = (run.outcome for run in reversed(self.runs) if run.outcome is not Outcome.RUNNING)
        return next(outcomes, None)
