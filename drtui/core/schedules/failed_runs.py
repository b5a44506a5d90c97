"""Determine the outcome of a scheduled run: a complete, failed, missing or running backup."""

import enum
from collections.abc import Sequence

from msgspec import Struct

from drtui.core.formatting.durations import MINUTE, format_duration
from drtui.core.formatting.text import cut
from drtui.core.model.backup import EXPECTED_PARTS, Backup, Part
from drtui.core.model.site import DrStatus, State, state_of
from drtui.core.model.site_state import SiteState
from drtui.core.model.site_state import all_lists_known as all_lists_read
from drtui.core.model.time_limit import time_limit
from drtui.core.schedules.gaps import is_complete
from drtui.core.verdict.rules import PART_NAMES, is_running

OVERTIME = 10 * MINUTE
"""Milliseconds beyond the time limit of the site after which a backup counts as hung."""

MAX_STATUS_CELLS = 40
"""Maximum width of a status in a reason, in cells."""

MAX_PARTS = 3
"""Maximum number of parts that a reason names."""


class Outcome(enum.Enum):
    """The outcome of a run."""

    GOOD = "good"
    """The backup was complete when it was made, whatever its release, even if it has expired since."""
    FAILED = "failed"
    """The backup is not known to be complete, and will not become complete."""
    MISSED = "missed"
    """There is no backup."""
    RUNNING = "running"
    """The backup may still become complete."""


class Run(Struct, frozen=True):
    """A run of a schedule and its outcome."""

    at: int
    """Time at which the run was due, epoch ms."""
    backup: Backup | None = None
    outcome: Outcome = Outcome.MISSED
    reason: str = ""
    """The reason of a failure, from the record of the backup: `object store: failed`."""


class Evidence(Struct, frozen=True):
    """The facts that outcomes of runs depend on, besides the records of the backups."""

    state: SiteState
    now: int
    """Current time, epoch ms."""
    limit: int
    """Milliseconds after which the site cancels a backup (rule R29)."""
    status: DrStatus | None
    """The last operation; None if it could not be read."""

    @classmethod
    def from_state(cls, state: SiteState, now: int) -> "Evidence":
        """Return the evidence from a site state at `now` (epoch ms)."""
        limit, _ = time_limit(state.settings.value if state.settings else None)
        return cls(state, now, limit, state.status.value if state.status else None)

    def listed_at(self, store: str) -> int | None:
        """Return the time at which the backups of a store were listed, epoch ms; None if not completely known."""
        answer = self.state.backups.get(store)
        if answer is None:
            read = self.state.listed_at if all_lists_read(self.state) else None
        else:
            known = answer.value is not None and not answer.incomplete_reason
            read = answer.at - (answer.cache_age or 0) if known else None
        return None if read is None else min(read, self.now)

    def make_run(self, at: int, backups: Sequence[Backup], listed_at: int) -> Run:
        """Return the run due at `at` with its backups, which were listed at `listed_at` (both epoch ms).

        If a run has several backups, the best one counts: a failed backup may have been repeated.
        """
        runs = [self._make_run(at, backup, listed_at) for backup in backups]
        return min(runs, key=lambda run: _BEST_FIRST.index(run.outcome), default=Run(at))

    def _make_run(self, at: int, backup: Backup, listed_at: int) -> Run:
        """Return the run due at `at` with one backup, which was listed at `listed_at` (both epoch ms)."""
        complete, running = is_complete(backup), is_running(backup, self.status) is not None
        if complete and not running:
            return Run(at, backup, Outcome.GOOD)
        states = {state_of(backup.status or ""), *(state_of(part.status or "") for part in backup.undated_parts)}
        unfinished = backup.end is None and State.FAILED not in states
        if (running or unfinished) and listed_at <= (backup.start or 0) + self.limit + OVERTIME:
            return Run(at, backup, Outcome.RUNNING)
        if complete:
            return Run(at, backup, Outcome.GOOD)
        hung = f"not complete within its limit of {format_duration(self.limit)}" if unfinished else ""
        return Run(at, backup, Outcome.FAILED, hung or failure_text(backup))


_BEST_FIRST = (Outcome.GOOD, Outcome.RUNNING, Outcome.FAILED)


def failure_text(backup: Backup) -> str:
    """Return the reason why a backup is not complete, from its record: `object store: failed`, `status: cancelled`."""
    bad = [part for part in backup.undated_parts if not part.is_completed]
    failed = [part for part in bad if state_of(part.status or "") is State.FAILED] or bad
    if failed:
        more = f", {len(failed) - MAX_PARTS} more" if len(failed) > MAX_PARTS else ""
        return ", ".join(map(_part_text, failed[:MAX_PARTS])) + more
    if not backup.is_completed:
        return f"status: {cut(backup.status, MAX_STATUS_CELLS)}" if backup.status else "its record has no status"
    if backup.end is None:
        return "its record has no time of completion"
    kinds = {part.kind for part in backup.undated_parts}
    missing = ", ".join(PART_NAMES[kind] for kind in EXPECTED_PARTS if kind not in kinds)
    return f"its record has no {missing}"


def _part_text(part: Part) -> str:
    """Return the name and the status of a part, each cut to `MAX_STATUS_CELLS`."""
    name, status = PART_NAMES.get(part.kind, part.kind), part.status or "no status"
    return f"{cut(name, MAX_STATUS_CELLS)}: {cut(status, MAX_STATUS_CELLS)}"
