"""Is it really finished? The record, the site's status and the job side by side, and which agree (rules R25 to R28)."""

from msgspec import Struct

from drtui.core.formatting.times import MINUTE, format_age, format_duration
from drtui.core.model.backup import Backup
from drtui.core.model.failure import Failure, FailureKind
from drtui.core.model.site import DrStatus, Job, State, state_of
from drtui.core.model.site_state import Fetched, SiteState, Source
from drtui.core.model.site_state import all_lists_known as all_read
from drtui.core.model.time_limit import DEFAULT_TIMEOUT, GRACE, time_limit
from drtui.core.schedules.gaps import is_complete
from drtui.core.verdict.restore_points import is_status_stale
from drtui.core.verdict.verdict import PART_NAMES


class StatusSource(Struct, frozen=True):
    """What one source says."""

    name: str
    """`record`, `status` or `job`."""
    state: State
    text: str
    """Verbatim, with the parts of a record that say something else than the whole."""


class OperationStatus(Struct, frozen=True):
    """How the last operation stands."""

    status: DrStatus
    now: int
    """Epoch ms."""
    is_finished: bool | None
    """None when it cannot be told."""
    outcome: State
    """Good for a backup only if its own record is whole; a job that says COMPLETED is never enough (rule R27)."""
    sources: tuple[StatusSource, ...]
    reported_at: int
    """When the site last said how it stands, epoch ms."""
    status_failure: Failure | None
    """Why it has not said since whether it still goes on, which a restore makes likely (rule R37)."""
    has_all_lists: bool
    """Whether every list of backups could be read: else the record may be in one that was not."""
    time_limit: int = DEFAULT_TIMEOUT
    """Milliseconds after which the site itself ends an operation."""

    @property
    def is_consistent(self) -> bool:
        """Whether all sources say the same."""
        return len({witness.state for witness in self.sources}) == 1

    @property
    def is_restore(self) -> bool:
        """Whether it is a restore."""
        return self.status.is_restore

    @property
    def stage(self) -> str:
        """The first stage that is running, else the next one, in the server's words (docs/api.md#status)."""
        if self.is_finished:
            return ""
        stages = [(state_of(each.state), each.name) for each in self.status.stages]
        going = (name for state, name in stages if state is State.IN_PROGRESS)
        return next(going, next((name for state, name in stages if state is State.IDLE), ""))

    @property
    def elapsed(self) -> int | None:
        """Milliseconds that it took, or has gone on as far as is known: from its times, not its own text (R30)."""
        start, end = self.status.start, self.status.end
        if state_of(self.status.state) is State.IN_PROGRESS:
            end = self.reported_at if self.status_failure else self.now
        return end - start if start is not None and end is not None and end >= start else None

    @property
    def is_over_limit(self) -> bool:
        """True if it goes on for longer than the site lets it: it hangs, or its end was lost."""
        going = state_of(self.status.state) is State.IN_PROGRESS
        return going and self.elapsed is not None and self.elapsed > self.time_limit + GRACE

    @property
    def is_worth_polling(self) -> bool:
        """Whether it may turn soon: it is going on, or its record has yet to show what the status says."""
        if state_of(self.status.state) is State.IN_PROGRESS:
            return True
        ended = self.status.end
        return not self.is_finished and ended is not None and 0 <= self.now - ended <= RECORD_DELAY

    @property
    def text(self) -> str:
        """All of it in one sentence."""
        subject = " of ".join(filter(None, (self.status.operation or "Operation", self.status.backup)))
        duration = "" if self.elapsed is None else f" after {format_age(self.elapsed)}"
        message = f": {self.status.message}" if self.status.message else ""
        if self.is_over_limit:
            return f"{subject} is over its limit{self._over_limit_text}"
        if self.is_finished is None:
            return f"{subject}{self._unknown_text}"
        if not self.is_finished:
            return self._ongoing_text(subject)
        if self.outcome is State.GOOD:
            return f"{subject} is complete{duration}{self._contradiction_text}"
        if self.outcome is State.WARNED:
            return f"{subject} ended with warnings{duration}, which is no success{message}"
        statements = " and ".join(f"the {each.name} says {each.text}" for each in self.sources)
        return f"{subject} did not succeed: {statements}{message}"

    @property
    def _unknown_text(self) -> str:
        """Why it cannot be told."""
        if self.status_failure is not None:
            lasted = "" if self.elapsed is None else f" for {format_age(self.elapsed)}"
            expected = "; errors are expected until a restore ends" if self.is_restore else ""
            heard = format_age(max(self.now - self.reported_at, 0))
            summary = self.status_failure.summary
            return f" was going on{lasted} when the site last said so, {heard} ago: {summary}{expected}"
        if any(each.name == "record" for each in self.sources):
            return f": the status says {self.status.state}, its record does not say enough: nobody can tell"
        lists = "but no store lists it" if self.has_all_lists else "but no record of it could be read"
        return f": the status says {self.status.state}, {lists}: nobody can tell"

    @property
    def _over_limit_text(self) -> str:
        """Return since when, what it means, and what its record says."""
        lasted = f" (going on for {format_age(self.elapsed or 0)}, limit {format_duration(self.time_limit)})"
        whole = "; its record is complete" if self.outcome is State.GOOD else ""
        return f": hung, or its end was lost{lasted}{whole}{self._contradiction_text}"

    @property
    def _contradiction_text(self) -> str:
        """Who contradicts."""
        against = [each for each in self.sources if each.state is State.FAILED]
        return "".join(f", but the {each.name} says {each.text}" for each in against)

    def _ongoing_text(self, what: str) -> str:
        if state_of(self.status.state) is not State.IN_PROGRESS:
            return f"{what}: the status says {self.status.state}, its record is not complete{self._contradiction_text}"
        lasts = f" for {format_age(self.elapsed)}" if self.elapsed is not None else ""
        stage = f", in {self.stage}" if self.stage else ""
        away = "; until it ends the site is unavailable and errors are expected" if self.is_restore else ""
        return f"{what} is going on{lasts}{stage}{self._contradiction_text}{away}"


RECORD_DELAY = 10 * MINUTE
"""A backup whose status has ended and whose record has not may still be written; milliseconds."""


def operation_status(site_state: SiteState, now: int) -> OperationStatus | None:
    """How the last operation stands at `now` (epoch ms); None if there was none, or nothing is known of it yet."""
    answer = site_state.status
    if answer is None or answer.value is None or state_of(answer.value.state) is State.IDLE:
        return None
    status, job = answer.value, site_state.job.value if site_state.job else None
    record = _find_record(site_state, status) if status.is_backup else None
    limit, _ = time_limit(site_state.settings.value if site_state.settings is not None else None)
    is_stale = is_status_stale(site_state, now)
    finished, outcome = (
        (True, State.GOOD) if is_stale and record is not None and is_complete(record) else _conclude(status, record)
    )
    if finished is None and not site_state.is_complete:
        return None  # its record may be in a list that is still to come
    failure = (
        (answer.failure or _not_refreshed_failure(answer)) if state_of(status.state) is State.IN_PROGRESS else None
    )
    if failure is not None and not finished:
        finished = None  # it may have ended since
    sources = _status_sources(status, record, job)
    return OperationStatus(status, now, finished, outcome, sources, answer.at, failure, all_read(site_state), limit)


def _not_refreshed_failure(answer: Fetched[DrStatus]) -> Failure | None:
    """Why a status that was saved does not tell how it stands now."""
    if answer.source is Source.LIVE:
        return None
    return Failure(FailureKind.UNREACHABLE, "saved", "the site was not asked since")


def _find_record(site_state: SiteState, status: DrStatus) -> Backup | None:
    """The record of the backup that the status names; where several go by that name, the one that proves least."""
    named = [each for each in site_state.all_backups if each.name == status.backup]
    stored = [each for each in named if status.store in {"", each.store, each.recorded_store}]
    return min(stored, key=lambda each: (each.store != status.store, is_complete(each)), default=None)


def _status_sources(status: DrStatus, record: Backup | None, job: Job | None) -> tuple[StatusSource, ...]:
    found = [StatusSource("status", state_of(status.state), status.state)]
    if record is not None:
        found.insert(0, StatusSource("record", _record_state(record), _record_status_text(record)))
    if job is not None:
        found.append(StatusSource("job", state_of(job.status), job.status))
    return tuple(found)


def _record_status_text(record: Backup) -> str:
    """The status of a record, and those of its parts that say something else."""
    own = state_of(record.status or "")
    other = [part for part in record.undated_parts if state_of(part.status or "") is not own]
    parts = ", ".join(f"{PART_NAMES.get(part.kind, part.kind)}: {part.status or 'nothing'}" for part in other)
    return f"{record.status or 'nothing'} ({parts})" if parts else record.status or "nothing"


def _record_state(record: Backup) -> State:
    """What a record says of its backup, the worst of it first; idle if it does not say enough (rules R2, R3, R7)."""
    if is_complete(record):
        return State.GOOD
    states = {state_of(record.status or ""), *(state_of(part.status or "") for part in record.undated_parts)}
    if State.FAILED in states:
        return State.FAILED
    if record.end is None or State.IN_PROGRESS in states:
        return State.IN_PROGRESS
    return State.WARNED if State.WARNED in states else State.IDLE


def _conclude(status: DrStatus, record: Backup | None) -> tuple[bool | None, State]:
    """Whether it is over, and how it ended."""
    said = state_of(status.state)
    if said is State.IN_PROGRESS:
        return False, said
    if not status.is_backup or said is State.FAILED:
        return True, said
    shown = _record_state(record) if record is not None else State.IDLE
    if shown is State.IDLE:  # not listed yet, deleted since, in a list that could not be read, or half a record
        return None, State.IN_PROGRESS
    if shown is State.IN_PROGRESS:
        return False, shown
    return True, said if shown is State.GOOD else shown


RESTORE_FAILURE_CODES = frozenset({"connection-refused", "dropped", "timeout", "404", "500", "502", "503", "504"})
"""Codes of how a site fails that is being restored: nobody listens, the gateway has nobody to ask, half of it is up."""


EXPECTED_DURING_RESTORE = "expected while a restore goes on"


def is_expected_during_restore(site_state: SiteState, failure: Failure) -> bool:
    """Whether a failure is what a restore brings about: as far as the site last said, one goes on."""
    status = site_state.status.value if site_state.status is not None else None
    going = status is not None and status.is_restore and state_of(status.state) is State.IN_PROGRESS
    return going and failure.code in RESTORE_FAILURE_CODES
