"""Status of the last backup or restore, compared between backup record, site status and job (rules R25 to R28)."""

from msgspec import Struct

from drtui.core.formatting.durations import MINUTE, format_age, format_duration
from drtui.core.model.backup import Backup
from drtui.core.model.failure import Failure, FailureKind
from drtui.core.model.site import DrStatus, State, state_of
from drtui.core.model.site_state import SiteState, Source, all_lists_known
from drtui.core.model.time_limit import DEFAULT_TIMEOUT, is_over_limit
from drtui.core.schedules.gaps import is_complete
from drtui.core.verdict.rules import PART_NAMES, SiteFacts


class StatusSource(Struct, frozen=True):
    """The state of an operation according to one source."""

    name: str
    """`record`, `status` or `job`."""
    state: State
    text: str
    """The state in the words of the server; of a record also the statuses of parts that differ from its own."""
    own_text: str = ""
    """The status of the record without those of its parts."""
    failed_parts: str = ""
    """The parts of the record that failed, if its own status does not say so: `object store failed`."""


class OperationStatus(Struct, frozen=True):
    """The state of the last operation, as of a moment."""

    status: DrStatus
    now: int
    """Epoch ms."""
    is_finished: bool | None
    """True if the operation has ended; None if unknown."""
    outcome: State
    """GOOD for a backup only if its record is complete; a job status COMPLETED is never sufficient (rule R27)."""
    sources: tuple[StatusSource, ...]
    reported_at: int
    """Time at which the site last reported the status, epoch ms."""
    status_failure: Failure | None
    """Reason that the status of a running operation could not be refreshed; likely during a restore (rule R37)."""
    has_all_lists: bool
    """True if every list of backups was read; otherwise the record may be in an unread list."""
    time_limit: int = DEFAULT_TIMEOUT
    """Duration after which the site cancels an operation, milliseconds."""

    @property
    def is_consistent(self) -> bool:
        """True if all sources report the same state."""
        return len({source.state for source in self.sources}) == 1

    @property
    def is_restore(self) -> bool:
        """True if the operation is a restore."""
        return self.status.is_restore

    @property
    def stage(self) -> str:
        """The name of the first running stage, else of the next one; empty if none (docs/api.md#status)."""
        if self.is_finished:
            return ""
        stages = [(state_of(stage.state), stage.name) for stage in self.status.stages]
        running = (name for state, name in stages if state is State.IN_PROGRESS)
        return next(running, next((name for state, name in stages if state is State.IDLE), ""))

    @property
    def elapsed(self) -> int | None:
        """The duration of the operation up to now or to the last report, milliseconds; None if unknown.

        It is computed from the timestamps, not read from the duration text of the server (rule R30).
        """
        start, end = self.status.start, self.status.end
        if state_of(self.status.state) is State.IN_PROGRESS:
            end = self.reported_at if self.status_failure else self.now
        return end - start if start is not None and end is not None and end >= start else None

    @property
    def is_over_limit(self) -> bool:
        """True if the operation runs for longer than its time limit: it hangs, or its end was not recorded."""
        return is_over_limit(self.status, self.time_limit, self.reported_at if self.status_failure else self.now)

    @property
    def is_worth_polling(self) -> bool:
        """True if the state may change soon: the operation is running, or ended and its record is not yet updated."""
        if state_of(self.status.state) is State.IN_PROGRESS:
            return True
        end = self.status.end
        return not self.is_finished and end is not None and 0 <= self.now - end <= RECORD_DELAY

    @property
    def text(self) -> str:
        """The state of the operation in one sentence, the deciding word first."""
        subject = self._subject
        duration = "" if self.elapsed is None else f" after {format_age(self.elapsed)}"
        message = f": {self.status.message}" if self.status.message else ""
        if self.is_over_limit:
            return f"{subject} running{self._over_limit_text}"
        if self.is_finished is None:
            return f"{subject}{self._unknown_text}"
        if not self.is_finished:
            return self._ongoing_text(subject)
        if self.outcome is State.GOOD:
            return f"{subject} completed{duration}{self._contradiction_text}"
        if self.outcome is State.WARNED:
            return f"{subject} finished WITH WARNINGS{duration}{message}"
        return f"{subject} FAILED{self._failure_text}{message}"

    @property
    def short_text(self) -> str:
        """The same without stage and advice, for a narrow window."""
        if self.is_over_limit or self.is_finished is not False or state_of(self.status.state) is not State.IN_PROGRESS:
            return self.text
        return f"{self._subject} running{'' if self.elapsed is None else f' for {format_age(self.elapsed)}'}"

    @property
    def _subject(self) -> str:
        """Operation and backup: `Backup X`, `Restore of X`."""
        joint = " " if self.status.is_backup else " of "
        return joint.join(filter(None, (self.status.operation or "Operation", self.status.backup)))

    @property
    def _failure_text(self) -> str:
        """The parts that failed, and the states of all sources, as the rest of a sentence."""
        parts = next((source.failed_parts for source in self.sources if source.failed_parts), "")
        states = (
            f"backup is marked {source.own_text}" if source.failed_parts else f"{source.name} {source.text}"
            for source in self.sources
        )
        return f"{f': {parts}' if parts else ''} ({', '.join(states)})"

    @property
    def _unknown_text(self) -> str:
        """The reason why the end of the operation is unknown, as the rest of a sentence."""
        if self.status_failure is not None:
            age, expected = format_age(max(self.now - self.reported_at, 0)), ""
            if self.is_restore and self.status_failure.code in RESTORE_FAILURE_CODES:
                expected = f" ({EXPECTED_DURING_RESTORE})"
            return f" was running {age} ago; {self.status_failure.summary}{expected}"
        record_text = "no store lists it" if self.has_all_lists else "its record could not be read"
        if any(source.name == "record" for source in self.sources):
            record_text = "its record is incomplete"
        return f": outcome cannot be determined (status {self.status.state}, {record_text})"

    @property
    def _over_limit_text(self) -> str:
        """The duration over the limit, its meaning and the state of the record, as the rest of a sentence."""
        duration = f" for {format_age(self.elapsed or 0)}, past its limit of {format_duration(self.time_limit)}"
        record_text = "; its record is complete" if self.outcome is State.GOOD else ""
        return f"{duration}: hung, or its end was not recorded{record_text}{self._contradiction_text}"

    @property
    def _contradiction_text(self) -> str:
        """The sources that report a failure, as the rest of a sentence; empty if none does."""
        failed = [source for source in self.sources if source.state is State.FAILED]
        return "".join(f", but the {source.name} says {source.text}" for source in failed)

    def _ongoing_text(self, subject: str) -> str:
        """Return the state of an operation that has not ended, in one sentence."""
        contradiction = self._contradiction_text
        if state_of(self.status.state) is not State.IN_PROGRESS:
            return f"{subject}: status says {self.status.state}, record is not complete{contradiction}"
        duration = f" for {format_age(self.elapsed)}" if self.elapsed is not None else ""
        stage = f" (stage: {stage_name(self.stage)})" if self.stage else ""
        warning = "; site unavailable until it ends, errors are normal" if self.is_restore else ""
        return f"{subject} running{duration}{stage}{contradiction}{warning}"


def stage_name(stage: str) -> str:
    """Return a stage without the word that its documented names begin with: `Stage Object store` as `object store`."""
    name = stage.removeprefix("Stage ")
    return stage if name == stage else f"{name[:1].lower()}{name[1:]}"


RECORD_DELAY = 10 * MINUTE
"""The server may update the record of a backup this much later than the status; milliseconds."""

NOT_REFRESHED = Failure(FailureKind.UNREACHABLE, "saved", "not refreshed since then")
"""Failure to refresh a status that is not from the site itself, and may be outdated."""


def assess_operation(facts: SiteFacts) -> OperationStatus | None:
    """Return the state of the last operation; None if there was none or it is not known yet."""
    site_state, status, answer = facts.state, facts.status, facts.state.status
    if answer is None or status is None or state_of(status.state) is State.IDLE:
        return None
    record = _find_record(site_state, status) if status.is_backup else None
    is_finished, outcome = _conclude(status, record)
    if facts.is_status_stale and record is not None and is_complete(record):
        is_finished, outcome = True, State.GOOD
    if is_finished is None and not (site_state.is_complete or all_lists_known(site_state)):
        return None  # the record may be in a list that is not fetched yet
    failure = None
    if state_of(status.state) is State.IN_PROGRESS:
        failure = answer.failure or (None if answer.source is Source.LIVE else NOT_REFRESHED)
    if failure is not None and not is_finished:
        is_finished = None  # the operation may have ended since the last report
    sources = [StatusSource("status", state_of(status.state), status.state)]
    if record is not None:
        own_text, failed_parts = record.status or "no status", _failed_parts_text(record)
        record_text = _record_status_text(record)
        sources.insert(0, StatusSource("record", _record_state(record), record_text, own_text, failed_parts))
    if site_state.job is not None and site_state.job.value is not None:
        sources.append(StatusSource("job", state_of(site_state.job.value.status), site_state.job.value.status))
    return OperationStatus(
        status=status,
        now=facts.now,
        is_finished=is_finished,
        outcome=outcome,
        sources=tuple(sources),
        reported_at=answer.at,
        status_failure=failure,
        has_all_lists=all_lists_known(site_state),
        time_limit=facts.limit,
    )


def _find_record(site_state: SiteState, status: DrStatus) -> Backup | None:
    """Return the record of the backup that the status names; None if it is not listed.

    If several backups have the name, prefer the right store and then an incomplete one, which proves less.
    """
    namesakes = [backup for backup in site_state.all_backups if backup.name == status.backup]
    candidates = [backup for backup in namesakes if status.store in {"", backup.store, backup.recorded_store}]
    return min(candidates, key=lambda backup: (backup.store != status.store, is_complete(backup)), default=None)


def _failed_parts_text(record: Backup) -> str:
    """Return the parts that failed although the status of the record does not say so: `object store failed`."""
    if state_of(record.status or "") is State.FAILED:
        return ""
    failed = [part for part in record.undated_parts if state_of(part.status or "") is State.FAILED]
    return ", ".join(f"{PART_NAMES.get(part.kind, part.kind)} {part.status}" for part in failed)


def _record_status_text(record: Backup) -> str:
    """Return the status of a record, followed by the differing statuses of its parts; if it failed, by what failed."""
    record_state = state_of(record.status or "")
    expected = State.GOOD if record_state is State.FAILED else record_state
    differing = [part for part in record.undated_parts if state_of(part.status or "") is not expected]
    parts = ", ".join(f"{PART_NAMES.get(part.kind, part.kind)}: {part.status or 'no status'}" for part in differing)
    return f"{record.status or 'no status'} ({parts})" if parts else record.status or "no status"


def _record_state(record: Backup) -> State:
    """Return the worst state in a record and its parts; IDLE if they prove nothing (rules R2, R3, R7)."""
    if is_complete(record):
        return State.GOOD
    states = {state_of(record.status or ""), *(state_of(part.status or "") for part in record.undated_parts)}
    if State.FAILED in states:
        return State.FAILED
    if record.end is None or State.IN_PROGRESS in states:
        return State.IN_PROGRESS
    return State.WARNED if State.WARNED in states else State.IDLE


def _conclude(status: DrStatus, record: Backup | None) -> tuple[bool | None, State]:
    """Return whether an operation has ended (None if unknown) and its outcome."""
    status_state = state_of(status.state)
    if status_state is State.IN_PROGRESS:
        return False, status_state
    if not status.is_backup or status_state is State.FAILED:
        return True, status_state
    record_state = _record_state(record) if record is not None else State.IDLE
    if record_state is State.IDLE:  # not listed yet, already deleted, in an unread list, or incomplete
        return None, State.IN_PROGRESS
    if record_state is State.IN_PROGRESS:
        return False, record_state
    return True, status_state if record_state is State.GOOD else record_state


RESTORE_FAILURE_CODES = frozenset({"connection-refused", "dropped", "timeout", "404", "500", "502", "503", "504"})
"""Failure codes of a site during a restore: the server is down, or the gateway has no backend, or only some are up."""


EXPECTED_DURING_RESTORE = "normal during a restore"


def is_expected_during_restore(site_state: SiteState, failure: Failure) -> bool:
    """True if a failure is normal during a restore and, by the last status, the site is being restored."""
    status = site_state.status.value if site_state.status is not None else None
    is_restoring = status is not None and status.is_restore and state_of(status.state) is State.IN_PROGRESS
    return is_restoring and failure.code in RESTORE_FAILURE_CODES
