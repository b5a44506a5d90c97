"""Outcome of a scheduled run: a complete backup, a failed one, none at all, or one that is still being made."""

import enum
from collections.abc import Sequence

from msgspec import Struct

from drtui.core.formatting.text import cut
from drtui.core.formatting.times import MINUTE, format_duration
from drtui.core.model.backup import EXPECTED_PARTS, Backup, Part
from drtui.core.model.site import DrStatus, State, state_of
from drtui.core.model.site_state import SiteState
from drtui.core.model.site_state import all_lists_known as all_lists_read
from drtui.core.model.time_limit import time_limit
from drtui.core.schedules.gaps import is_complete
from drtui.core.verdict.verdict import PART_NAMES, is_running

OVERTIME = 10 * MINUTE
"""Milliseconds that a backup is given beyond the time limit of the site before it counts as hung."""

LONGEST = 40
"""Cells of a status in a reason."""

MOST_PARTS = 3
"""Parts that are named in a reason."""


class Outcome(enum.Enum):
    """The outcome of a run."""

    GOOD = "good"
    """Its backup was complete when it was made, whatever its release, and even if it has expired since."""
    FAILED = "failed"
    """Its backup is not complete, or not known to be, and will not become so."""
    MISSED = "missed"
    """It left no record."""
    RUNNING = "running"
    """Its backup may still become complete."""


class Run(Struct, frozen=True):
    """A moment at which a schedule had to run, and what became of it."""

    at: int
    """Epoch ms."""
    backup: Backup | None = None
    outcome: Outcome = Outcome.MISSED
    reason: str = ""
    """The reason of a failure, from its record: `object store: failed`."""


class Evidence(Struct, frozen=True):
    """A reading as of a moment, and what outcomes of runs rest on beside the records."""

    state: SiteState
    now: int
    """Epoch ms."""
    limit: int
    """Milliseconds after which the site cancels a backup (rule R29)."""
    status: DrStatus | None
    """The last operation, if it is known."""

    @classmethod
    def from_state(cls, state: SiteState, now: int) -> "Evidence":
        """Return the evidence of a reading at `now` (epoch ms)."""
        limit, _ = time_limit(state.settings.value if state.settings else None)
        return cls(state, now, limit, state.status.value if state.status else None)

    def listed_at(self, store: str) -> int | None:
        """Return as of when the list of a store is known, epoch ms; None if it is not, or only a part of it."""
        answer = self.state.backups.get(store)
        if answer is None:
            read = self.state.listed_at if all_lists_read(self.state) else None
        else:
            known = answer.value is not None and not answer.partial
            read = answer.at - (answer.cache_age or 0) if known else None
        return None if read is None else min(read, self.now)

    def make_run(self, at: int, backups: Sequence[Backup], listed_at: int) -> Run:
        """Return the run due at `at` that left these backups, as of `read`, when their list was read (epoch ms).

        Where several started for one run, the best of them counts: a failed one may have been repeated.
        """
        runs = [self._make_run(at, backup, listed_at) for backup in backups]
        return min(runs, key=lambda run: _BEST_FIRST.index(run.outcome), default=Run(at))

    def _make_run(self, at: int, backup: Backup, listed_at: int) -> Run:
        whole, running = is_complete(backup), is_running(backup, self.status) is not None
        if whole and not running:
            return Run(at, backup, Outcome.GOOD)
        states = {state_of(backup.status or ""), *(state_of(part.status or "") for part in backup.undated_parts)}
        unfinished = backup.end is None and State.FAILED not in states
        if (running or unfinished) and listed_at <= (backup.start or 0) + self.limit + OVERTIME:
            return Run(at, backup, Outcome.RUNNING)
        if whole:
            return Run(at, backup, Outcome.GOOD)
        hung = f"not complete within its limit of {format_duration(self.limit)}" if unfinished else ""
        return Run(at, backup, Outcome.FAILED, hung or failure_text(backup))


_BEST_FIRST = (Outcome.GOOD, Outcome.RUNNING, Outcome.FAILED)


def failure_text(backup: Backup) -> str:
    """Return why a backup is not complete, from its own record: `object store: failed`, `status: cancelled`."""
    bad = [part for part in backup.undated_parts if not part.is_completed]
    failed = [part for part in bad if state_of(part.status or "") is State.FAILED] or bad
    if failed:
        more = f", {len(failed) - MOST_PARTS} more" if len(failed) > MOST_PARTS else ""
        return ", ".join(map(_part_text, failed[:MOST_PARTS])) + more
    if not backup.is_completed:
        return f"status: {cut(backup.status, LONGEST)}" if backup.status else "its record has no status"
    if backup.end is None:
        return "its record has no time of completion"
    kinds = {part.kind for part in backup.undated_parts}
    missing = ", ".join(PART_NAMES[kind] for kind in EXPECTED_PARTS if kind not in kinds)
    return f"its record has no {missing}"


def _part_text(part: Part) -> str:
    return f"{cut(PART_NAMES.get(part.kind, part.kind), LONGEST)}: {cut(part.status or 'no status', LONGEST)}"
