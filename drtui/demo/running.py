"""A backup or a restore that the simulated site is working on: record, status and job at any moment."""

from dataclasses import dataclass
from typing import Any

from drtui.demo.backup_history import MINUTE, Record
from drtui.demo.records import spelled

BACKUP_LASTS = 32_000
"""Milliseconds that a backup takes; short, so that a person can watch the end."""
RESTORE_LASTS = 48_000
BEGINS_AFTER = 2_000
"""Milliseconds from the request to the start. Until then the status is about the operation before."""
AWAY = (0.3, 0.9)
"""Start and end of the time in which a restore takes the site down, as shares of its duration."""
FAILS_AT = 0.4
"""Share of its duration after which a restore with a wrong passcode fails; the site stays up."""
FOR_EVER = 10 * 365 * 24 * 60 * MINUTE
"""Milliseconds that an operation which hangs takes."""

JOB_STATES = {
    "success": "COMPLETED",
    "completed_with_warnings": "COMPLETED",
    "failed": "FAILED",
    "cancelled": "CANCELLED",
}
"""State of the job by the state of the operation."""


@dataclass
class Running:
    """An operation in progress."""

    status: Record
    """The status at its end."""
    start: int
    end: int
    record: Record | None = None
    """The record at its end; None for a restore, which leaves the records alone."""
    away: tuple[int, int] | None = None
    """Start and end of the time without answers, epoch ms."""
    job: str = ""
    """Job that follows the operation; empty if there is none, or if it says COMPLETED at once."""
    is_timed_out: bool = False

    @property
    def name(self) -> str:
        """The backup that is made or restored."""
        return str(self.status["backupName"])

    @property
    def store(self) -> str:
        """The store of the backup."""
        return str(self.status["backupStore"])

    def is_of(self, store: str, name: str) -> bool:
        """True if it makes this backup."""
        return self.record is not None and (self.store, self.name) == (store, name)

    def is_away(self, now: int) -> bool:
        """True if it has taken the site down at `now` (epoch ms)."""
        return self.away is not None and self.away[0] <= now < self.away[1]

    def status_at(self, now: int) -> Record:
        """Return the status at `now` (epoch ms), before the end."""
        status = {**self.status, "state": "in_progress", "completeTime": 0, "message": ""}
        status["overallDuration"] = spelled(now - self.start)
        if self.record is None:
            return status | {"stages": []}
        bounds = (_part(self.record, "relationalStore", "startTime"), *(_part(self.record, key) for key in PARTS))
        finished = sum(bound <= now for bound in bounds)
        stages = [dict(stage) for stage in self.status["stages"]]
        for stage in stages[:finished]:
            stage["state"] = "completed"
        for stage in stages[finished:]:
            stage |= {"state": "in_progress", "duration": ""}
        return status | {"stages": stages}

    def record_at(self, now: int) -> Record | None:
        """Return the record at `now` (epoch ms), before the end: with the parts that have begun."""
        if self.record is None:
            return None
        record = {**self.record, "status": "in_progress", "completeTime": 0}
        for key in PARTS[:2]:
            record[key] = [_part_at(part, now) for part in self.record[key] if part["startTime"] <= now]
        system = self.record["infrastructures"]
        has_begun = system.get("startTime", now + 1) <= now
        record["infrastructures"] = _part_at(system, now) if has_begun else {"status": "in_progress"}
        return record

    def job_at(self, now: int) -> Record:
        """Return the fields of its job that change, at `now` (epoch ms)."""
        if now < self.end:
            return {"status": "EXECUTING" if now >= self.start else "SUBMITTED"}
        state = "TIMED OUT" if self.is_timed_out else JOB_STATES[self.status["state"]]
        ended = {"status": state, "endtime": self.end, "updatedtime": self.end}
        messages = {"messages": [self.status["message"]]} if state != "COMPLETED" else {}
        return {**ended, **messages, "result": {"stages": self.status["stages"]}}


PARTS = ("relationalStore", "objectStore", "infrastructures")
"""Parts of a record in the order in which they are captured."""


def _part(record: Record, key: str, time: str = "endTime") -> int:
    """Return a time of a part, epoch ms; never, if the part has none."""
    part: Any = record[key]
    if isinstance(part, list):
        part = part[0] if part else {}
    return int(part.get(time, record["startTime"] + FOR_EVER))


def _part_at(part: Record, now: int) -> Record:
    """Return a part that has begun, at `now` (epoch ms)."""
    return part if part["endTime"] <= now else {**part, "status": "in_progress", "endTime": 0}


def end_early(record: Record, word: str, at: int | None = None) -> Record:
    """Return the record of a backup whose last parts have the status `word`, because it ended too early.

    Args:
        record: the record of the whole backup.
        word: `failed` or `cancelled`.
        at: the end, epoch ms; by default the end of the object store.
    """
    at = at if at is not None else _part(record, "objectStore")
    ended = {**record, "status": word, "completeTime": at}
    for key in PARTS[:2]:
        parts = [part for part in record[key] if part["startTime"] <= at]
        ended[key] = [part if part["endTime"] < at else {**part, "status": word, "endTime": at} for part in parts]
    return {**ended, "infrastructures": {"status": word}}
