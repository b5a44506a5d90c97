"""Determine the outcome of a scheduled run: a complete, failed, missing or running backup."""

import enum
from collections.abc import Sequence

from msgspec import Struct

from drtui.core.formatting.durations import format_duration
from drtui.core.formatting.text import cut
from drtui.core.model.backup import EXPECTED_PARTS, Backup, Part
from drtui.core.model.site import State, state_of
from drtui.core.model.site_state import all_lists_known
from drtui.core.model.time_limit import GRACE
from drtui.core.schedules.gaps import is_complete
from drtui.core.verdict.rules import PART_NAMES, SiteFacts, is_running

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


def listed_at(facts: SiteFacts, store: str) -> int | None:
    """Return the time at which the backups of a store were listed, epoch ms; None if not completely known."""
    answer = facts.state.backups.get(store)
    if answer is None:
        read = facts.state.listed_at if all_lists_known(facts.state) else None
    else:
        known = answer.value is not None and not answer.incomplete_reason
        read = answer.at - (answer.cache_age or 0) if known else None
    return None if read is None else min(read, facts.now)


def make_run(facts: SiteFacts, at: int, backups: Sequence[Backup], read_at: int) -> Run:
    """Return the run due at `at` with its backups, which were listed at `read_at` (both epoch ms).

    If a run has several backups, the best one counts: a failed backup may have been repeated.
    """
    runs = [_make_run(facts, at, backup, read_at) for backup in backups]
    return min(runs, key=lambda run: _BEST_FIRST.index(run.outcome), default=Run(at))


def _make_run(facts: SiteFacts, at: int, backup: Backup, read_at: int) -> Run:
    """Return the run due at `at` with one backup, which was listed at `read_at` (both epoch ms)."""
    complete, running = is_complete(backup), is_running(backup, facts.status) is not None
    if complete and not running:
        return Run(at, backup, Outcome.GOOD)
    states = {state_of(backup.status or ""), *(state_of(part.status or "") for part in backup.undated_parts)}
    unfinished = backup.end is None and State.FAILED not in states
    if (running or unfinished) and read_at <= (backup.start or 0) + facts.limit + GRACE:
        return Run(at, backup, Outcome.RUNNING)
    if complete:
        return Run(at, backup, Outcome.GOOD)
    hung = f"not complete within its limit of {format_duration(facts.limit)}" if unfinished else ""
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
        return f"status: {cut(backup.status, MAX_STATUS_CELLS)}" if backup.status else "no status in the record"
    if backup.end is None:
        return "no completion time"
    kinds = {part.kind for part in backup.undated_parts}
    missing = ", ".join(PART_NAMES[kind] for kind in EXPECTED_PARTS if kind not in kinds)
    return f"no {missing} in the record"


def _part_text(part: Part) -> str:
    """Return the name and the status of a part, each cut to `MAX_STATUS_CELLS`."""
    name, status = PART_NAMES.get(part.kind, part.kind), part.status or "no status"
    return f"{cut(name, MAX_STATUS_CELLS)}: {cut(status, MAX_STATUS_CELLS)}"
