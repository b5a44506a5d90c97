"""Operations of the simulated site as time passes: their start, their progress, and scheduled backups."""

from drtui.demo.backup_history import Record, joining, name_at
from drtui.demo.faults import NO_FAULTS, Faults
from drtui.demo.records import release_line, spelled, status_of
from drtui.demo.running import (
    AWAY,
    BACKUP_LASTS,
    BEGINS_AFTER,
    FAILS_AT,
    FOR_EVER,
    PARTS,
    RESTORE_LASTS,
    Running,
    end_early,
)
from drtui.demo.scenarios import PASSCODE
from drtui.demo.schedule_times import next_run
from drtui.demo.simulated_site import SimulatedSite

DELETION_LASTS = 2_000
"""Milliseconds that an asynchronous deletion takes."""


def advance(site: SimulatedSite, now: int, faults: Faults = NO_FAULTS) -> None:
    """Bring the site up to `now` (epoch ms)."""
    while site.runs_schedules and (due := _next_scheduled(site)) is not None and due[0] <= now:
        trigger, task = due
        _advance_running(site, trigger)
        task["lastStart"] = site.advanced_to = trigger
        if site.running is None and not is_read_only(site, faults):
            _start_scheduled(site, task, trigger, faults)
    _advance_running(site, now)
    for deletion in [deletion for deletion in site.deletions if deletion.at <= now]:
        site.deletions.remove(deletion)
        remove_record(site, deletion.store, deletion.name)
        site.jobs[deletion.job] |= {"status": "COMPLETED", "endtime": deletion.at, "updatedtime": deletion.at}
    site.advanced_to = max(site.advanced_to, now)


def is_read_only(site: SimulatedSite, faults: Faults) -> bool:
    """True if the site refuses changes."""
    return bool(site.mode["isReadOnly"]) or faults.read_only


def _next_scheduled(site: SimulatedSite) -> tuple[int, Record] | None:
    """Return the next run of all active schedules (epoch ms), and its task; None if there is none."""
    tasks = [task for task in site.tasks if task["active"] and task["taskType"] == "CreateBackup"]
    runs = [(next_run(task, max(site.now, site.advanced_to)), position) for position, task in enumerate(tasks)]
    moment, position = min(((run, position) for run, position in runs if run is not None), default=(None, 0))
    return None if moment is None else (moment, tasks[position])


def _start_scheduled(site: SimulatedSite, task: Record, trigger: int, faults: Faults) -> None:
    parameters = task["parameters"]
    if parameters["storeName"] not in site.backups:
        return
    start_backup(
        site,
        name_at(parameters["name"], trigger),
        parameters["storeName"],
        trigger,
        retention=trigger + parameters["retentionOffset"] if parameters.get("retentionOffset") else -1,
        description=parameters.get("description", "Scheduled Backup"),
        passcode=parameters["passcode"],
        scheduled=True,
        faults=faults,
    )


def _advance_running(site: SimulatedSite, now: int) -> None:
    running = site.running
    if running is None:
        return
    if running.job:
        site.jobs[running.job] |= running.job_at(now)
    if now < running.start:
        return
    if now < running.end:
        site.status, record = running.status_at(now), running.record_at(now)
    else:
        site.status, record, site.running = running.status, running.record, None
    if record is not None:
        put_record(site, record)


def put_record(site: SimulatedSite, record: Record) -> None:
    """Put a record in its store, in the place of an earlier one of the same name."""
    records = site.backups[record["backupStore"]]
    for position, listed in enumerate(records):
        if listed["backupName"] == record["backupName"]:
            records[position] = record
            return
    records.append(record)


def remove_record(site: SimulatedSite, store: str, name: str) -> None:
    """Remove a backup from its store."""
    records = site.backups.get(store, [])
    records[:] = [record for record in records if record["backupName"] != name]


def start_backup(
    site: SimulatedSite,
    name: str,
    store: str,
    now: int,
    *,
    retention: int,
    description: str,
    passcode: str,
    scheduled: bool,
    faults: Faults,
) -> Running:
    """Start a backup at `now` (epoch ms) that ends as the faults say, at the latest after the time limit."""
    lasts, limit = BACKUP_LASTS * faults.pace, site.settings.get("timeoutInSeconds", 7_200) * 1_000
    record = joining(now, name, site.release).backup(
        name, now, store=store, scheduled=scheduled, description=description, span=(BEGINS_AFTER, lasts)
    )
    record["retentionDate"] = retention
    state = "timed_out" if lasts > limit and faults.backup_ends == "success" else faults.backup_ends
    status = status_of(record)
    if state == "hung":
        record["completeTime"] = status["completeTime"] = record["startTime"] + FOR_EVER
        record["infrastructures"]["endTime"] = record["completeTime"]
    elif state != "success":
        status, record = _ended_early(status, record, state, limit)
    site.running = Running(
        status, record["startTime"], record["completeTime"], record, is_timed_out=state == "timed_out"
    )
    site.passcodes[store, name] = passcode
    return site.running


MESSAGES = {
    "failed": "Object store could not be staged.",
    "cancelled": "The backup was cancelled.",
    "timed_out": "The backup was cancelled after its time limit.",
}
"""Message of the status by the way in which a backup ends too early."""


def _ended_early(status: Record, record: Record, state: str, limit: int) -> tuple[Record, Record]:
    """Return status and record of a backup that ends too early, with its last part failed or cancelled."""
    # How a site calls a cancelled backup is not documented.
    word = "failed" if state == "failed" else "cancelled"
    record = end_early(record, word, record["startTime"] + limit if state == "timed_out" else None)
    part = (record["relationalStore"] + record["objectStore"])[-1:]
    ended = next((position for position in (1, 2) if part == record[PARTS[position - 1]][-1:]), 0)
    stages = [dict(stage) for stage in status["stages"]]
    for stage in stages[ended:]:
        stage |= {"state": word, "duration": ""}
        word = ""
    status |= {"completeTime": record["completeTime"], "message": MESSAGES[state], "stages": stages}
    status |= {"state": "failed" if state == "failed" else "cancelled"}
    return {**status, "overallDuration": spelled(record["completeTime"] - record["startTime"])}, record


def start_restore(site: SimulatedSite, record: Record, passcode: str, now: int, faults: Faults) -> Running:
    """Start a restore at `now` (epoch ms). A wrong passcode shows only later, before the site goes down."""
    lasts, start = RESTORE_LASTS * faults.pace, now + BEGINS_AFTER
    state, message = faults.restore_ends, ""
    away: tuple[int, int] | None = (start + int(lasts * AWAY[0]), start + int(lasts * AWAY[1]))
    if passcode != site.passcodes.get((record["backupStore"], record["backupName"]), PASSCODE):
        state, message, away = "failed", "The backup could not be decrypted: the passcode is not correct.", None
        lasts = int(lasts * FAILS_AT)
    elif state == "failed":
        message = "The relational store could not be restored."
    elif state == "completed_with_warnings":
        message = "2 services could not be started."
    restored = {**record, "startTime": start, "completeTime": start + lasts}
    status = {**status_of(restored, state=state, operation="Restore", message=message), "stages": []}
    site.running = Running(status, start, start + lasts, away=away)
    return site.running


def follows_job(site: SimulatedSite, faults: Faults) -> bool:
    """True if jobs follow their operation: from 11.4 on they say COMPLETED at once."""
    return faults.job_follows or release_line(site.release) < (11, 4)
