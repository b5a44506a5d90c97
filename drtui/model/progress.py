"""Is it really finished? The record, the site's status and the job side by side, and which agree (RULES R25 to R28)."""

from msgspec import Struct

from drtui.model.backup import Backup
from drtui.model.gaps import is_whole
from drtui.model.moment import MINUTE, age
from drtui.model.reading import Reading
from drtui.model.site import DrStatus, Job
from drtui.model.state import State, state_of

OVER = frozenset({State.GOOD, State.WARNED, State.FAILED})


class Witness(Struct, frozen=True):
    """What one source says."""

    source: str
    """`record`, `status` or `job`."""
    state: State
    said: str
    """Verbatim."""


class Progress(Struct, frozen=True):
    """How the last operation stands."""

    status: DrStatus
    now: int
    """Epoch ms."""
    finished: bool | None
    """None when it cannot be told."""
    outcome: State
    """Good for a backup only if its own record is whole; a job that says COMPLETED is never enough (RULES R27)."""
    witnesses: tuple[Witness, ...]

    @property
    def agree(self) -> bool:
        """Whether all sources say the same."""
        return len({witness.state for witness in self.witnesses}) == 1

    @property
    def restores(self) -> bool:
        """Whether it is a restore."""
        return is_restore(self.status)

    @property
    def stage(self) -> str:
        """The stage it is in, as the server calls it: the first that is not over, as they come in order (SPEC 1.3)."""
        going = (each.name for each in self.status.stages if state_of(each.state) not in OVER)
        return "" if self.finished else next(going, "")

    @property
    def elapsed(self) -> int | None:
        """Milliseconds since it started, or that it took: from its times, which its own text does not match (R30)."""
        start, end = self.status.start, self.status.complete if self.finished else self.now
        return end - start if start is not None and end is not None and end >= start else None

    @property
    def worth_following(self) -> bool:
        """Whether it may turn soon: it is going on, or its record has yet to show what the status says."""
        if self.finished is False and state_of(self.status.state) is State.GOING:
            return True
        ended = self.status.complete
        return not self.finished and ended is not None and 0 <= self.now - ended <= RECENT

    @property
    def text(self) -> str:
        """All of it in one sentence."""
        what = " of ".join(filter(None, (self.status.operation or "Operation", self.status.backup)))
        lasted = "" if self.elapsed is None else f" after {age(self.elapsed)}"
        message = f": {self.status.message}" if self.status.message else ""
        if self.finished is None:
            return f"{what}: the status says {self.status.state}, but no record of it could be read: nobody can tell"
        if not self.finished:
            return self._going_on(what)
        if self.outcome is State.GOOD:
            return f"{what} is complete{lasted}"
        if self.outcome is State.WARNED:
            return f"{what} ended with warnings{lasted}, which is no success{message}"
        said = " and ".join(f"the {each.source} says {each.said}" for each in self.witnesses)
        return f"{what} did not succeed: {said}{message}"

    def _going_on(self, what: str) -> str:
        if state_of(self.status.state) is not State.GOING:
            return f"{what}: the status says {self.status.state}, its record is not complete"
        lasts = f" for {age(self.elapsed)}" if self.elapsed is not None else ""
        stage = f", in {self.stage}" if self.stage else ""
        away = "; until it ends the site is unavailable and errors are expected" if self.restores else ""
        return f"{what} is going on{lasts}{stage}{away}"


def is_restore(status: DrStatus) -> bool:
    """Whether the last operation is a restore: else its end reads as that of a backup (RULES R25)."""
    return status.operation.strip().lower() == "restore"


RECENT = 10 * MINUTE
"""A backup whose status has ended and whose record has not may still be written; milliseconds."""


def progress(reading: Reading, now: int) -> Progress | None:
    """How the last operation stands at `now` (epoch ms); None if there was none, or the status is not known."""
    status = reading.status.value if reading.status else None
    if status is None or state_of(status.state) is State.IDLE:
        return None
    job = reading.job.value if reading.job else None
    record = None if is_restore(status) else _record(reading, status)
    finished, outcome = _concluded(status, record)
    return Progress(status, now, finished, outcome, _witnesses(status, record, job))


def _record(reading: Reading, status: DrStatus) -> Backup | None:
    """The record of the backup that the status names."""
    named = (each for each in reading.all_backups if each.name == status.backup)
    return next((each for each in named if status.store in {"", each.store, each.recorded_store}), None)


def _witnesses(status: DrStatus, record: Backup | None, job: Job | None) -> tuple[Witness, ...]:
    found = [Witness("status", state_of(status.state), status.state)]
    if record is not None:
        found.insert(0, Witness("record", _state_of_record(record), record.status or "nothing"))
    if job is not None:
        found.append(Witness("job", state_of(job.status), job.status))
    return tuple(found)


def _state_of_record(record: Backup) -> State:
    """What a record says of its backup: good only if all of it is complete."""
    if is_whole(record):
        return State.GOOD
    if record.complete is None:
        own = state_of(record.status or "")
        return own if own in {State.WARNED, State.FAILED} else State.GOING
    return State.FAILED


def _concluded(status: DrStatus, record: Backup | None) -> tuple[bool | None, State]:
    """Whether it is over, and how it ended."""
    said = state_of(status.state)
    if said is State.GOING:
        return False, said
    if is_restore(status) or said is State.FAILED:
        return True, said
    if record is None:  # not listed yet, deleted since, or the list could not be read
        return None, State.GOING
    shown = _state_of_record(record)
    if shown is State.GOING:
        return False, shown
    return True, said if shown is State.GOOD else shown
