"""Preflight: what speaks against a change, from facts that were read anew. Nothing overrides a stop."""

from collections.abc import Iterator
from typing import Any

from drtui.core.formatting.durations import DAY, HOUR, format_duration
from drtui.core.formatting.times import format_utc
from drtui.core.model.auth import Secret
from drtui.core.model.backup import NEVER, Backup
from drtui.core.model.site import DrStatus, Schedule, State, Store, state_of
from drtui.core.model.site_state import BACKUPS_OF, Fetched
from drtui.core.model.time_limit import is_over_limit, time_limit
from drtui.core.operations.facts import Facts, usual_duration
from drtui.core.operations.findings import Finding, Severity, note, stop, warning
from drtui.core.operations.names import name_error
from drtui.core.operations.obstacles import FIRST_RELEASE
from drtui.core.operations.request import (
    Change,
    CreateBackup,
    DeleteBackup,
    KeepBackup,
    PauseSchedule,
    RestoreBackup,
    ResumeSchedule,
    ValidateStore,
)
from drtui.core.verdict.restore_points import RestorePoint
from drtui.core.verdict.rules import Level, is_running

MIN_PASSCODE = 8
"""Minimum length of a passcode, characters (docs/api.md#creating-a-backup)."""

SHORT_RETENTION = DAY
"""A backup that is kept for less than this may be cleaned up before anybody notices; milliseconds."""

UNKNOWN_DURATION = HOUR
"""Milliseconds within which a scheduled run counts as near if the usual duration is not known."""

_WEIGHTS = {Severity.STOP: 0, Severity.WARNING: 1, Severity.NOTE: 2}


def find_obstacles(change: Change, facts: Facts) -> tuple[Finding, ...]:
    """Return everything that speaks against a change, stops first."""
    findings = [*_site_findings(change, facts), *_change_findings(change, facts), *_unread_notes(change, facts)]
    return tuple(sorted(findings, key=lambda finding: _WEIGHTS[finding.severity]))


def check_passcode(change: Change, passcode: Secret | None) -> Finding | None:
    """Return the finding that stops a change for its passcode, else None. Its length is not part of the text."""
    if not change.secrets:
        return None
    if not passcode:
        return stop("no-passcode", "A passcode is required. Give --passcode-file, or DRTUI_PASSCODE")
    if isinstance(change, CreateBackup) and len(passcode.reveal()) < MIN_PASSCODE:
        return stop("short-passcode", f"The passcode is too short. Use at least {MIN_PASSCODE} characters")
    return None


def _site_findings(change: Change, facts: Facts) -> Iterator[Finding]:
    """Yield the findings that concern the site as a whole."""
    failure = facts.unreachable
    if failure is not None:
        yield stop("unreadable", f"The site is not readable: {failure.summary}")
        return
    if facts.has_old_layout or (facts.release is not None and facts.release.line < FIRST_RELEASE):
        yield stop("old-layout", "drtui cannot change sites of release 10.9: its API has no stores")
    mode = facts.mode.value if facts.mode is not None else None
    if mode is not None and mode.is_read_only:
        yield stop("read-only", f"The {mode.text}")
    if facts.status is not None:
        yield from _running_operation(change, facts.status, facts)
    if isinstance(change, (CreateBackup, RestoreBackup)):
        settings = facts.settings
        if settings is not None and not (
            settings.staging_provisioning or settings.staging_class or settings.staging_size
        ):
            yield stop("no-staging", "The site has no staging volume. Configure one in ArcGIS Enterprise Manager first")
        yield from _due_runs(change, facts)
        yield from _token_end(change, facts)
    yield from _account(change, facts)


def _running_operation(change: Change, status: DrStatus, facts: Facts) -> Iterator[Finding]:
    """Yield a finding if an operation is running. Two at once are never started; a restore tolerates nothing beside."""
    if state_of(status.state) is not State.IN_PROGRESS:
        return
    name = " of ".join(filter(None, (status.operation or "An operation", status.backup)))
    since = f" since {format_utc(status.start)}" if status.start is not None else ""
    if is_over_limit(status, time_limit(facts.settings)[0], facts.now):
        yield warning("hung-operation", f"{name} is running{since}, past its limit: hung, or its end was not recorded")
    elif isinstance(change, (CreateBackup, RestoreBackup)) or status.is_restore:
        yield stop("operation-running", f"{name} is running{since}. Wait until it ends: drtui status")
    else:
        yield warning("operation-running", f"{name} is running{since}")


def _due_runs(change: Change, facts: Facts) -> Iterator[Finding]:
    """Yield a warning for each scheduled run that is due before the change usually ends."""
    horizon = facts.now + (usual_duration(change, facts) or UNKNOWN_DURATION)
    for schedule in facts.assessment.schedules:
        if schedule.next_run is not None and facts.now <= schedule.next_run <= horizon:
            wait = format_duration(schedule.next_run - facts.now)
            yield warning(
                "run-due",
                f"A run of {schedule.title} is due in {wait}, at {format_utc(schedule.next_run)}: it may fail",
            )


def _token_end(change: Change, facts: Facts) -> Iterator[Finding]:
    """Yield a warning if the token ends before the change usually does, and cannot be renewed unasked."""
    expires = facts.token_expires
    if expires is None or facts.can_renew_token:
        return
    if expires <= facts.now + (usual_duration(change, facts) or UNKNOWN_DURATION):
        left = format_duration(expires - facts.now)
        yield warning(
            "token-ends", f"The token expires in {left}, before this usually ends: drtui may not see the outcome"
        )


def _account(change: Change, facts: Facts) -> Iterator[Finding]:
    account = facts.account.value if facts.account is not None else None
    if account is None:
        return
    if isinstance(change, (PauseSchedule, ResumeSchedule)) and account.is_administrator is False:
        yield warning(
            "no-privilege", f"{account.user} has the role {account.role}: only administrators change schedules"
        )
    elif account.has_admin_privilege is False:
        yield warning("no-privilege", f"{account.user} has no administrative privilege: the site will probably refuse")


def _change_findings(change: Change, facts: Facts) -> Iterator[Finding]:
    """Yield the findings that concern one kind of change."""
    if facts.unreachable is not None:
        return
    match change:
        case CreateBackup():
            yield from _store(change.store, facts)
            yield from _new_name(change, facts)
            yield from _retention(change.retention, facts.now)
        case KeepBackup():
            yield from _keep(change, facts)
        case ValidateStore():
            yield from _store(change.store, facts)
        case PauseSchedule() | ResumeSchedule():
            yield from _schedule(change, facts)
        case DeleteBackup():
            yield from _delete(change, facts)
        case RestoreBackup():
            yield from _restore(change, facts)


def _store(name: str, facts: Facts) -> Iterator[Finding]:
    """Yield the findings about the store of a change."""
    answer, store = facts.state.stores, facts.find_store(name)
    if answer is None or answer.value is None:
        return
    if store is None:
        if answer.incomplete_reason:
            yield warning("store-unseen", f"Store {name!r} is not in the readable part of the list")
        else:
            listed = ", ".join(listed.name for listed in answer.value) or "none"
            yield stop("unknown-store", f"Store {name!r} is not registered. Registered: {listed}")
        return
    if not any(listed.default for listed in answer.value):
        yield warning("no-default-store", "There is no default store: schedules and tools may use another store")
    yield from _store_release(store, facts)


def _store_release(store: Store, facts: Facts) -> Iterator[Finding]:
    if store.created_by is not None and facts.release is not None and store.created_by.line != facts.release.line:
        yield warning(
            "store-release",
            f"Store {store.name!r} was registered by release {store.created_by}, the site runs {facts.release}: "
            "Manager hides it",
        )


def _new_name(change: CreateBackup, facts: Facts) -> Iterator[Finding]:
    """Yield a stop if a new backup cannot have its name."""
    error = name_error(change.name)
    if error:
        yield stop("bad-name", error)
    namesakes = [b for b in facts.state.all_backups if b.name.lower() == change.name.lower()]
    if any(backup.store == change.store for backup in namesakes):
        yield stop("name-taken", f"Store {change.store!r} already has a backup {change.name!r}. Choose another name")
    elif namesakes:
        yield warning("name-elsewhere", f"Store {namesakes[0].store!r} already has a backup {change.name!r}")


def _retention(retention: int, now: int) -> Iterator[Finding]:
    """Yield a finding if a date of retention is past or near."""
    if retention == NEVER:
        return
    if retention <= now:
        yield stop(
            "past-date",
            f"Retention date {format_utc(retention)} is in the past: the site could delete the backup at once",
        )
    elif retention < now + SHORT_RETENTION:
        yield warning(
            "short-retention",
            f"Retention ends in {format_duration(retention - now)}: the site may delete the backup early",
        )


def _only_point(change: KeepBackup | DeleteBackup | RestoreBackup, facts: Facts) -> RestorePoint | Finding:
    """Return the restore point of a change, or the finding that stops the change."""
    points = facts.find_points(change.store, change.name)
    if len(points) > 1:
        text = f"Store {change.store!r} lists {len(points)} backups {change.name!r}: a request cannot tell them apart"
        return stop("duplicate-name", text)
    if points:
        return points[0]
    answer = facts.state.backups.get(change.store)
    if answer is None or answer.value is None or answer.incomplete_reason:
        return stop("unread-list", f"The backups of store {change.store!r} are not completely readable")
    return stop("unknown-backup", f"Store {change.store!r} has no backup {change.name!r}")


def _keep(change: KeepBackup, facts: Facts) -> Iterator[Finding]:
    point = _only_point(change, facts)
    yield from _retention(change.retention, facts.now)
    if isinstance(point, Finding):
        yield point
        return
    old = point.backup.retention
    if old == change.retention:
        yield note("nothing-to-do", "The backup already has this retention")
    elif shortens(point.backup, change.retention):
        yield warning("shortens", f"This is shorter than now ({retention_text(old)})")
    if point.verdict.level is Level.EXPIRED:
        yield warning("expired", f"Its retention ended at {format_utc(old)}: the site may delete it first")


def shortens(backup: Backup, retention: int) -> bool:
    """True if a new date of retention may be earlier than the present one, which may be unknown."""
    if retention == NEVER:
        return False
    return backup.retention is None or backup.retention == NEVER or retention < backup.retention


def retention_text(retention: int | None) -> str:
    """Return a date of retention for a sentence: "forever", "until 2026-10-05 00:00:00Z", "until an unknown date"."""
    if retention is None:
        return "until an unknown date"
    return "forever" if retention == NEVER else f"until {format_utc(retention)}"


def _schedule(change: PauseSchedule | ResumeSchedule, facts: Facts) -> Iterator[Finding]:
    answer = facts.state.schedules
    if answer is None or answer.value is None:
        yield stop("unread-schedules", "Schedules not readable: their state is unknown")
        return
    schedule = facts.find_schedule(change.task)
    if schedule is None:
        yield stop("unknown-schedule", f"There is no schedule {change.name!r}")
    elif not schedule.makes_backups:
        yield stop("other-task", f"{change.name!r} is a task of type {schedule.task_type}, not a backup schedule")
    elif is_active(schedule) is isinstance(change, ResumeSchedule):
        yield note("nothing-to-do", f"{change.name!r} is {'active' if is_active(schedule) else 'paused'} already")
    elif isinstance(change, PauseSchedule):
        yield warning("forgotten-pause", f"{change.name!r} creates no backups until it is resumed")


def is_active(schedule: Schedule) -> bool | None:
    """True if a schedule is active, False if it is paused; None if its fields contradict each other or are missing."""
    word = {"active": True, "paused": False}.get(schedule.state.strip().lower())
    states = {state for state in (word, schedule.active) if state is not None}
    return states.pop() if len(states) == 1 else None


def _delete(change: DeleteBackup, facts: Facts) -> Iterator[Finding]:
    point = _only_point(change, facts)
    if isinstance(point, Finding):
        yield point
        return
    texts = {
        "newest-usable": "It is the newest usable restore point of the site",
        "only-usable": f"It is the only usable restore point in store {change.store!r}",
        "kept-for-ever": "It is kept forever: somebody wanted to keep it",
        "running": "It is still running",
    }
    for reason in deletion_reasons(point, facts):
        yield warning(reason, texts[reason])


def deletion_reasons(point: RestorePoint, facts: Facts) -> tuple[str, ...]:
    """Return the codes of the reasons to think twice before deleting a backup."""
    reasons = []
    newest = facts.assessment.rpo.newest_usable
    if newest is not None and newest.id == point.id:
        reasons.append("newest-usable")
    usable = [p.id for p in facts.assessment.points if p.verdict.is_usable and p.backup.store == point.backup.store]
    if usable == [point.id]:
        reasons.append("only-usable")
    if point.backup.retention == NEVER:
        reasons.append("kept-for-ever")
    if point.verdict.level is Level.RUNNING or is_running(point.backup, facts.status) is not None:
        reasons.append("running")
    return tuple(reasons)


def _restore(change: RestoreBackup, facts: Facts) -> Iterator[Finding]:
    point = _only_point(change, facts)
    if isinstance(point, Finding):
        yield point
        return
    if not point.verdict.is_usable:
        code = "other-release" if point.verdict.main.code == "other-release" else "not-usable"
        yield stop(code, f"The restore point is {point.verdict.level.word}: {point.verdict.main.text}")
    newest = facts.assessment.rpo.newest_usable
    if newest is not None and newest.id != point.id and (newest.backup.start or 0) > (point.backup.start or 0):
        yield warning("newer-usable", f"A newer usable restore point exists: {newest.label}")


def _unread_notes(change: Change, facts: Facts) -> Iterator[Finding]:
    """Yield a note for each resource whose answer is missing, incomplete or not live, so that nothing was checked."""
    if facts.unreachable is not None:
        return
    state = facts.state
    answers: dict[str, Fetched[Any] | None] = {
        "release": state.site,
        "read-only mode": facts.mode,
        "running operation": state.status,
        "stores": state.stores,
        "settings": state.settings,
        "schedules": state.schedules,
        "account": facts.account,
    }
    answers |= {BACKUPS_OF + store: answer for store, answer in state.backups.items()}
    if change.store not in state.backups and facts.find_store(change.store) is not None:
        answers[BACKUPS_OF + change.store] = None
    for name, answer in answers.items():
        problem = answer.problem if answer is not None else None
        if answer is None or problem is not None:
            reason = problem.summary if problem is not None else "not read"
            yield note("unread", f"Not checked: {name} ({reason})")
