"""Progress of a change that was sent, until the record itself proves its end (docs/api.md#finished).

`begin` and `advance` form a state machine without clock or I/O. Once there is an outcome, nothing changes it.
"""

from msgspec import Struct
from msgspec.structs import replace

from drtui.core.formatting.durations import CLOCK_SKEW, MINUTE, SECOND, format_age, format_duration
from drtui.core.model.backup import Backup
from drtui.core.model.failure import Failure, FailureKind
from drtui.core.model.reply import Reply, ReplyKind
from drtui.core.model.site import DrStatus, Job, Release, Schedule, Stage, State, state_of
from drtui.core.model.time_limit import DEFAULT_TIMEOUT, GRACE
from drtui.core.operations.outcome import Outcome
from drtui.core.operations.preflight import is_active, retention_text
from drtui.core.operations.request import (
    FOLLOWED,
    Change,
    CreateBackup,
    DeleteBackup,
    KeepBackup,
    Operation,
    PauseSchedule,
    RestoreBackup,
    ResumeSchedule,
    ValidateStore,
)
from drtui.core.schedules.gaps import is_complete
from drtui.core.verdict.rules import Level, SiteFacts, judge

RECORD_DELAY = 10 * MINUTE
"""The site may complete the record of a backup this much later than the status; milliseconds."""

LOOKING_LIMIT = 10 * MINUTE
"""Milliseconds after a lost reply in which an accepted operation has to show itself."""

SETTLING_LIMIT = 2 * MINUTE
"""Milliseconds in which the record has to show a change that the site makes at once."""

DELETION_LIMIT = 10 * MINUTE
"""Milliseconds in which a deleted backup has to disappear."""

REFUSAL_LIMIT = 10 * MINUTE
"""Milliseconds of refused requests after which following ends: a restore changes users, passwords and tokens."""

FIRST_DELAY, LAST_DELAY, DELAY_STEP = 10.0, 30.0, 2.0
"""Seconds between two observations: the first, the longest, and the growth."""


def poll_delay(observations: int) -> float:
    """Return the seconds to wait after this number of observations: 10, growing to 30."""
    return min(LAST_DELAY, FIRST_DELAY + DELAY_STEP * observations)


class OperationKey(Struct, frozen=True):
    """The identity of an operation in the status of a site."""

    operation: str = ""
    store: str = ""
    backup: str = ""
    start: int | None = None

    @classmethod
    def of(cls, status: DrStatus) -> "OperationKey":
        """Return the identity of the operation that a status is about."""
        return cls(status.operation, status.store, status.backup, status.start)


class Submission(Struct, frozen=True):
    """A change that was sent, or may have been."""

    change: Change
    sent_at: int
    """Time by the site's clock, epoch ms."""
    reply: Reply
    before: OperationKey | None = None
    """The last operation before; None if unknown. It proves nothing about this change."""
    limit: int = DEFAULT_TIMEOUT
    """Milliseconds after which the site cancels an operation."""
    usual: int | None = None
    """Usual duration in milliseconds; None if unknown."""
    release: str = ""
    """Release of the site; empty if unknown."""
    id: str = ""
    """Id in the journal."""
    waits: bool = True
    """True if a backup or a restore is followed to its end; else only until the site has accepted it."""

    @property
    def earliest_start(self) -> int:
        """Earliest start of the operation, epoch ms; earlier than the submission only if clocks may explain it."""
        return self.sent_at - (CLOCK_SKEW if self.before is not None else 0)

    def is_own_status(self, status: DrStatus | None) -> bool:
        """True if a status is about this change: operation, name, store and start agree, and it is new."""
        change = self.change
        if status is None or status.start is None or OperationKey.of(status) == self.before:
            return False
        kind_agrees = status.is_restore if isinstance(change, RestoreBackup) else status.is_backup
        names_agree = status.backup == change.name and status.store in {"", change.store}
        return kind_agrees and names_agree and status.start >= self.earliest_start

    def is_own_record(self, record: Backup | None) -> bool:
        """True if a record is that of the backup which this change creates, and not older."""
        return record is not None and (record.start is None or record.start >= self.sent_at - CLOCK_SKEW)


class Observation(Struct, frozen=True):
    """Answers of the site at one moment. Only live and complete ones are part of it."""

    at: int
    """Time by the site's clock, epoch ms."""
    status: DrStatus | None = None
    record: Backup | None = None
    is_missing: bool = False
    """True if the site said that there is no such record."""
    is_listed: bool | None = None
    """True if the list of the store contains the backup; None if it was not read."""
    job: Job | None = None
    schedule: Schedule | None = None
    failures: tuple[Failure, ...] = ()
    """Failures of the requests, without the answer that a record does not exist."""

    @property
    def is_refused(self) -> bool:
        """True if the site answered, but refused everything."""
        return bool(self.failures) and not self.has_answer and self.failures[0].kind is FailureKind.REFUSED

    @property
    def has_answer(self) -> bool:
        """True if the site answered any of the requests."""
        answers = (self.status, self.record, self.is_listed, self.job, self.schedule)
        return self.is_missing or any(answer is not None for answer in answers)


class Progress(Struct, frozen=True):
    """State of a change that was sent, as far as it is known."""

    submission: Submission
    at: int
    """Time of the last observation, epoch ms."""
    outcome: Outcome | None = None
    """The outcome; None while the change goes on."""
    statement: str = ""
    """The state in one sentence."""
    stage: str = ""
    """The stage: a word of drtui, or the site's name for it."""
    stages: tuple[Stage, ...] = ()
    """All stages by the status; empty if it is not about this change."""
    started: int | None = None
    """Start by the site, epoch ms; None until it is seen."""
    ended: int | None = None
    """First sign of the end, epoch ms."""
    refused_since: int | None = None
    """Time since which the site refuses every request, epoch ms."""
    is_away: bool = False
    """True if the last observation found no answer."""

    @property
    def elapsed(self) -> int:
        """Milliseconds since the start, or since the submission."""
        return max(0, self.at - (self.started if self.started is not None else self.submission.sent_at))

    @property
    def submitted(self) -> int | None:
        """Time of the submission, epoch ms; None if nothing was sent."""
        return None if self.submission.reply.kind is ReplyKind.NOT_SENT else self.submission.sent_at

    @property
    def is_looking(self) -> bool:
        """True if the reply was lost, and the operation has not been seen yet."""
        return self.outcome is None and self.submission.reply.may_be_accepted and self.started is None

    @property
    def stages_done(self) -> int:
        """Number of stages that have ended well."""
        return sum(state_of(stage.state) is State.GOOD for stage in self.stages)


def not_sent(change: Change, at: int, outcome: Outcome, statement: str) -> Progress:
    """Return the progress of a change that was not sent, as of `at` (epoch ms)."""
    progress = Progress(Submission(change, at, Reply(ReplyKind.NOT_SENT, statement)), at)
    return _ended(progress, outcome, statement)


def begin(submission: Submission) -> Progress:
    """Return the progress after the reply; with an outcome if the reply alone decides."""
    reply, change = submission.reply, submission.change
    progress = Progress(submission, submission.sent_at)
    failure = reply.failure
    words = reply.text or (failure.line if failure is not None else "")
    is_refusal = failure is not None and failure.kind is FailureKind.REFUSED
    match reply.kind:
        case ReplyKind.NOT_SENT:
            return _ended(progress, Outcome.REFUSED if is_refusal else Outcome.UNKNOWN, f"Nothing was sent: {words}")
        case ReplyKind.ERROR:
            if isinstance(change, ValidateStore) and not is_refusal:
                return _ended(progress, Outcome.ENDED_BADLY, f"Store {change.store} is not ready: {words}")
            return _ended(progress, Outcome.REFUSED, f"The site refused it: {words}")
        case ReplyKind.ACCEPTED if isinstance(change, ValidateStore):
            if reply.is_ready:
                return _ended(progress, Outcome.DONE, f"Store {change.store} is ready")
            return _ended(progress, Outcome.ENDED_BADLY, f"Store {change.store} is not ready: {words}")
        case ReplyKind.ACCEPTED:
            if change.operation in FOLLOWED and not submission.waits:
                return _ended(progress, Outcome.ACCEPTED, f"The site accepted it. Not waiting for the end{_job(reply)}")
            return replace(progress, stage="submitted", statement=f"The site accepted it{_job(reply)}")
    if isinstance(change, ValidateStore):
        return _ended(progress, Outcome.UNKNOWN, f"Unknown if store {change.store} is ready: {words}")
    statement = f"The reply was lost; checking if the site accepted it. It is not sent again: {words}"
    return replace(progress, stage="looking", statement=statement)


def advance(progress: Progress, observation: Observation) -> Progress:
    """Return the progress after an observation. A progress with an outcome stays as it is."""
    if progress.outcome is not None:
        return progress
    refused_since = (progress.refused_since or observation.at) if observation.is_refused else None
    progress = replace(
        progress,
        at=max(progress.at, observation.at),
        refused_since=refused_since,
        is_away=bool(observation.failures) and not observation.has_answer,
    )
    match progress.submission.change:
        case CreateBackup():
            progress = _advance_backup(progress, observation)
        case RestoreBackup():
            progress = _advance_restore(progress, observation)
        case DeleteBackup():
            progress = _advance_deletion(progress, observation)
        case KeepBackup() as change:
            progress = _advance_retention(progress, observation, change)
        case PauseSchedule() | ResumeSchedule() as change:
            progress = _advance_schedule(progress, observation, change)
        case ValidateStore():
            pass
    return progress if progress.outcome is not None else _with_limits(progress, observation)


def _ended(progress: Progress, outcome: Outcome, statement: str) -> Progress:
    return replace(progress, outcome=outcome, stage="ended", statement=statement)


def _job(reply: Reply) -> str:
    return f" (job {reply.job})" if reply.job else ""


def _with_own_status(progress: Progress, observation: Observation) -> tuple[Progress, State | None]:
    """Return the progress with start and stages of its status, and the state; None if the status is about another."""
    status = observation.status
    if status is None or not progress.submission.is_own_status(status):
        return replace(progress, stages=()), None
    return replace(progress, started=status.start, stages=status.stages), state_of(status.state)


def _running_stage(progress: Progress) -> str:
    """Return the name of the first running stage, else of the next one, else "running"."""
    states = [(state_of(stage.state), stage.name) for stage in progress.stages]
    running = (name for state, name in states if state is State.IN_PROGRESS)
    return next(running, next((name for state, name in states if state is State.IDLE), "")) or "running"


def _advance_backup(progress: Progress, observation: Observation) -> Progress:
    """Return the progress of a new backup: only its own record, whole and usable, proves that it is done."""
    submission, status = progress.submission, observation.status
    progress, status_state = _with_own_status(progress, observation)
    record = observation.record if submission.is_own_record(observation.record) else None
    if record is not None and progress.started is None and record.start is not None:
        progress = replace(progress, started=record.start)
    is_over_limit = progress.elapsed > submission.limit + GRACE
    failed = _failed_sources(status if status_state is not None else None, record, observation.job)
    if status_state is State.IN_PROGRESS and not is_over_limit:
        doubts = "".join(f", but {source}" for source in failed)
        return _going_on(progress, f"{_running_stage(progress)} is running{doubts}")
    if failed:
        return _ended(progress, Outcome.ENDED_BADLY, f"The backup FAILED: {' and '.join(failed)}")
    if status_state is State.WARNED:
        message = f": {status.message}" if status is not None and status.message else ""
        return _ended(progress, Outcome.ENDED_BADLY, f"The backup finished WITH WARNINGS{message}")
    if record is not None and is_complete(record):
        verdict = judge(
            record,
            SiteFacts(progress.at, Release.parse(submission.release), status, is_over_limit),
        )
        if verdict.is_usable:
            return _ended(progress, Outcome.DONE, f"The backup completed after {format_age(record.duration or 0)}")
        if verdict.level is not Level.RUNNING:
            outcome = Outcome.ENDED_BADLY if verdict.level in {Level.NOT_USABLE, Level.EXPIRED} else Outcome.UNKNOWN
            text = f"The backup ended and is {verdict.level.word}: {verdict.main.text}"
            return _ended(progress, outcome, text)
    if status_state is State.GOOD or (record is not None and record.is_completed):
        return _await_record(progress, status if status_state is not None else None, record)
    if status_state is None and record is not None:
        return _going_on(progress, f"Its record says {record.status or 'nothing'}")
    return progress


def _failed_sources(status: DrStatus | None, record: Backup | None, job: Job | None) -> list[str]:
    """Return a statement for each source that says "failed": status, record with its parts, and job."""
    statements = []
    if status is not None and state_of(status.state) is State.FAILED:
        statements.append(f"the status says {status.state}" + (f": {status.message}" if status.message else ""))
    if record is not None:
        if state_of(record.status or "") is State.FAILED:
            statements.append(f"its record says {record.status}")
        statements += [
            f"its {part.kind} says {part.status}"
            for part in record.undated_parts
            if state_of(part.status or "") is State.FAILED
        ]
    if job is not None and state_of(job.status) is State.FAILED:
        statements.append(f"the job says {job.status}" + (f": {' '.join(job.messages)}" if job.messages else ""))
    return statements


def _await_record(progress: Progress, status: DrStatus | None, record: Backup | None) -> Progress:
    """Return the progress of a backup that has ended, but whose record does not prove it yet."""
    end = (status.end if status is not None else None) or (record.end if record is not None else None)
    ended = progress.ended if progress.ended is not None else min(end or progress.at, progress.at)
    progress = replace(progress, ended=ended)
    if progress.at - ended < RECORD_DELAY:
        return replace(
            progress, stage="waiting for the record", statement="It has ended; not yet confirmed by its record"
        )
    status_text = f"the status says {status.state}, " if status is not None else ""
    missing = "no record found" if record is None else "its record is not complete"
    return _ended(progress, Outcome.UNKNOWN, f"Outcome cannot be determined: {status_text}{missing}")


def _advance_restore(progress: Progress, observation: Observation) -> Progress:
    """Return the progress of a restore: only the status that names it proves its end."""
    status = observation.status
    progress, state = _with_own_status(progress, observation)
    if status is not None and state is not None:
        message = f": {status.message}" if status.message else ""
        if state is State.GOOD:
            duration = format_age((status.end or progress.at) - (status.start or progress.at))
            return _ended(
                progress,
                Outcome.DONE,
                f"The restore completed after {duration}. Users and passwords are those of the backup",
            )
        if state is State.WARNED:
            return _ended(progress, Outcome.ENDED_BADLY, f"The restore finished WITH WARNINGS{message}")
        if state is State.FAILED:
            return _ended(progress, Outcome.ENDED_BADLY, f"The restore FAILED: the status says {status.state}{message}")
        return _going_on(progress, f"{_running_stage(progress)} is running; site unavailable until it ends")
    job = observation.job
    if job is not None and state_of(job.status) is State.FAILED:
        return _ended(progress, Outcome.ENDED_BADLY, f"The restore FAILED: the job says {job.status}")
    if progress.is_away:
        summary = observation.failures[0].summary
        text = f"Site unavailable ({summary}), normal during a restore"
        return replace(progress, stage="site unavailable", statement=text)
    return progress


def _advance_deletion(progress: Progress, observation: Observation) -> Progress:
    """Return the progress of a deletion: done when neither the list nor the record exists."""
    if observation.is_missing and observation.is_listed is False:
        return _ended(progress, Outcome.DONE, "The backup is deleted: no longer in the list, no record")
    job = observation.job
    if job is not None and state_of(job.status) is State.FAILED:
        return _ended(progress, Outcome.ENDED_BADLY, f"The backup was not deleted: the job says {job.status}")
    if progress.elapsed > DELETION_LIMIT and observation.has_answer:
        return _ended(progress, Outcome.UNKNOWN, "Unknown if the site still has the backup or part of it")
    if observation.has_answer:
        return _going_on(progress, "The backup is still there")
    return progress


def _advance_retention(progress: Progress, observation: Observation, change: KeepBackup) -> Progress:
    """Return the progress of a new date of retention: done when the record has it."""
    record = observation.record
    if record is None or observation.is_missing:
        return _settling(progress, observation, "Record not readable after the change")
    if record.retention is not None and _to_second(record.retention) == _to_second(change.retention):
        return _ended(progress, Outcome.DONE, f"Confirmed by the record: kept {retention_text(change.retention)}")
    return _settling(progress, observation, f"The record still says kept {retention_text(record.retention)}")


def _to_second(moment: int) -> int:
    return moment // SECOND


def _advance_schedule(progress: Progress, observation: Observation, change: PauseSchedule | ResumeSchedule) -> Progress:
    """Return the progress of pausing or resuming: done when the schedule says so."""
    if observation.schedule is None:
        return _settling(progress, observation, "Schedule not readable after the change")
    word = {True: "active", False: "paused", None: "contradictory"}[is_active(observation.schedule)]
    if word == ("active" if isinstance(change, ResumeSchedule) else "paused"):
        return _ended(progress, Outcome.DONE, f"{change.name} is {word}")
    return _settling(progress, observation, f"The schedule is still {word}")


def _settling(progress: Progress, observation: Observation, statement: str) -> Progress:
    """Return the progress of a change that the site makes at once, and that does not show yet."""
    if progress.elapsed > SETTLING_LIMIT and observation.has_answer:
        return _ended(progress, Outcome.UNKNOWN, f"{statement}: outcome unknown")
    return replace(progress, stage="checking", statement=statement)


def _going_on(progress: Progress, statement: str) -> Progress:
    """Return the progress of a running change; without waiting, a change that shows itself was accepted."""
    submission = progress.submission
    if submission.change.operation in FOLLOWED and not submission.waits and progress.started is not None:
        return _ended(progress, Outcome.ACCEPTED, f"The site accepted it: {statement}. Not waiting for the end")
    return replace(progress, stage=_running_stage(progress), statement=statement)


def _with_limits(progress: Progress, observation: Observation) -> Progress:
    """Return the progress, ended if a limit has passed after which nobody can tell."""
    submission = progress.submission
    since_sending = progress.at - submission.sent_at
    if progress.refused_since is not None and progress.at - progress.refused_since > REFUSAL_LIMIT:
        text = "The site refuses this account"
        if submission.change.operation is Operation.RESTORE:
            text += ": users, passwords and tokens may be those of the backup. Sign in again"
        return _ended(progress, Outcome.UNKNOWN, f"{text}; outcome unknown")
    is_followed = submission.change.operation in FOLLOWED
    sees_nothing = observation.status is not None and not submission.is_own_record(observation.record)
    if is_followed and progress.is_looking and sees_nothing and since_sending > LOOKING_LIMIT:
        text = (
            f"The reply was lost, and after {format_age(since_sending)} neither status nor list shows it. "
            "Check in ArcGIS Enterprise Manager before you send it again"
        )
        return _ended(progress, Outcome.UNKNOWN, text)
    if progress.elapsed > submission.limit + GRACE:
        limit = format_duration(submission.limit)
        text = (
            f"Running for {format_age(progress.elapsed)}, past its limit of {limit}: hung, or its end was not recorded"
        )
        return _ended(progress, Outcome.UNKNOWN, text)
    return progress
