"""A backup schedule with its runs, from its task or learned from the names of its backups."""

import enum
from itertools import takewhile

from msgspec import Struct

from drtui.core.model.site import Schedule
from drtui.core.schedules.failed_runs import Outcome, Run


class ScheduleState(enum.Enum):
    """The state of a schedule (rule R54)."""

    ACTIVE = "active"
    PAUSED = "paused"
    DISAGREES = "disagrees"
    """The two fields `taskState` and `active` contradict each other."""
    UNKNOWN = "unknown"
    NOT_BEGUN = "not begun"
    """The first day of the schedule is in the future."""
    ENDED = "ended"
    """No run is left: the last day is past, or the number of runs has been reached."""


STOPPED = frozenset({ScheduleState.PAUSED, ScheduleState.NOT_BEGUN, ScheduleState.ENDED})
"""States of a schedule that makes no backups now."""


class ScheduleRuns(Struct, frozen=True):
    """A backup schedule and its past runs."""

    prefix: str
    """Prefix of the names of its backups."""
    store: str
    title: str
    task: Schedule | None
    """Task of the site; None if the schedule was learned from names (rule R51)."""
    state: ScheduleState
    tolerance: int
    """Milliseconds after which a run without a backup counts as missed (rule R52)."""
    next_run: int | None = None
    """Time of the next run, epoch ms; None if there is none, or it is unknown."""
    runs: tuple[Run, ...] = ()
    """Past runs, oldest first, without those that may still get a backup."""
    unknown_reason: str = ""
    """The reason why its runs are unknown; empty if they are known."""
    is_truncated: bool = False
    """True if there were more runs, and `runs` has only the newest."""
    learned_because: str = ""
    """The reason why runs are learned from names; empty if they all come from the task."""
    is_orphaned: bool = False
    """True if the tasks were read and none of them makes these backups."""
    is_replaced: bool = False
    """True if another schedule will make backups in the same store."""
    has_lapsed: bool = False
    """True if the schedule has not begun, but by the names of its earlier backups a run was missed since."""
    ended_at: int | None = None
    """Time at which the schedule ended, epoch ms; None if it has not ended or the time is unknown."""
    certain_until: int | None = None
    """Time until which the schedule certainly goes on, epoch ms; None for no limit."""
    end_doubt: str = ""
    """The reason why the end of the schedule is unknown; empty if it is known."""

    @property
    def missed_runs(self) -> tuple[Run, ...]:
        """Runs without a backup."""
        return tuple(run for run in self.runs if run.outcome is Outcome.MISSED)

    @property
    def failed_runs(self) -> tuple[Run, ...]:
        """Runs with a backup that is not complete."""
        return tuple(run for run in self.runs if run.outcome is Outcome.FAILED)

    @property
    def streak(self) -> tuple[Run, ...]:
        """The latest consecutive runs without a complete backup, oldest first; running ones are left out."""
        ended = [run for run in self.runs if run.outcome is not Outcome.RUNNING]
        return tuple(takewhile(lambda run: run.outcome is not Outcome.GOOD, reversed(ended)))[::-1]

    @property
    def is_overdue(self) -> bool:
        """True if the latest run was missed."""
        return any(run.outcome is Outcome.MISSED for run in self.streak[-1:])

    @property
    def is_failing(self) -> bool:
        """True if the latest run failed."""
        return any(run.outcome is Outcome.FAILED for run in self.streak[-1:])
