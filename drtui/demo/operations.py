"""Operations on the backups of the simulated site (docs/api.md#creating-a-backup and later)."""

import uuid
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from drtui.demo.backup_history import Record
from drtui.demo.operations_over_time import (
    DELETION_LASTS,
    follows_job,
    remove_record,
    start_backup,
    start_restore,
)
from drtui.demo.records import job_of, release_line
from drtui.demo.responses import answer, error
from drtui.demo.simulated_site import Deletion, SimulatedSite

DR = "/admin/system/disasterrecovery"
SHORTEST_PASSCODE = 8


def find(site: SimulatedSite, path: Mapping[str, Any]) -> Record | None:
    """Return the backup that a path names, in its store or, in the old layout, in any store; None if there is none."""
    stores = [site.backups.get(path["store"], [])] if "store" in path else site.backups.values()
    return next((record for records in stores for record in records if record["backupName"] == path["backup"]), None)


def _find_of(request: Request) -> Record | None:
    """Return the backup that a request names, in the old layout by store and name; None if there is none."""
    path, store = dict(request.path_params), request.state.form.get("storeName")
    return find(request.app.state.site, {"store": store, **path} if store else path)


def parse_retention(text: str, now: int) -> int | None:
    """Return a date of retention: epoch ms later than `now`, or -1 for ever. None if the text is neither."""
    try:
        retention = int(text)
    except ValueError:
        return None
    return retention if retention == -1 or now < retention < 2**63 else None


def _busy(request: Request, site: SimulatedSite) -> Response | None:
    """Return the error for an operation while another is in progress; None if there is none."""
    running = site.running
    if running is None:
        return None
    operation = running.status["operation"].lower()
    return error(request, 500, f"Another disaster recovery operation is in progress: {operation} of {running.name}.")


async def create_backup(request: Request) -> Response:
    """Submit a job that makes a backup, which passes through its stages and is listed meanwhile."""
    state, form = request.app.state, request.state.form
    site, now = state.site, state.clock()
    store, name = request.path_params.get("store") or form.get("storeName", ""), form.get("name", "")
    retention = parse_retention(form.get("retentionDate") or "-1", now)
    if not name:
        return error(request, 500, "The parameter name is required.")
    if len(form.get("passcode", "")) < SHORTEST_PASSCODE:
        return error(request, 500, f"The passcode must have at least {SHORTEST_PASSCODE} characters.")
    if store not in site.backups:
        return error(request, 500, f"Backup store {store} does not exist.")
    if find(site, {"store": store, "backup": name}) is not None:
        return error(request, 500, f"Backup {name} already exists in backup store {store}.")
    if retention is None:
        return error(request, 500, "retentionDate must be -1, or a time in the future in milliseconds.")
    if "stagingVolumeConfig" not in site.settings or state.faults.no_staging:
        return error(request, 500, "No staging location is configured.")
    busy = _busy(request, site)
    if busy is not None:
        return busy
    running = start_backup(
        site,
        name,
        store,
        now,
        retention=retention,
        description=form.get("description", ""),
        passcode=form["passcode"],
        scheduled=False,
        faults=state.faults,
    )
    job = _add_job(request)
    if follows_job(site, state.faults):
        running.job = job
    elif not state.faults.job_without_result:
        site.jobs[job]["result"] = {"stages": running.status["stages"]}
    return _submitted(request, job)


def _add_job(request: Request) -> str:
    """Add a job, which says COMPLETED at once if jobs do not follow their operation; return its id."""
    site, now = request.app.state.site, request.app.state.clock()
    job = f"j{uuid.uuid5(uuid.NAMESPACE_URL, f'{now}:{len(site.jobs)}')}"
    status = "SUBMITTED" if follows_job(site, request.app.state.faults) else "COMPLETED"
    site.jobs[job] = job_of(job, now, status=status, uri=request.url.path)
    return job


def _submitted(request: Request, job: str) -> Response:
    url = f"{request.url.scheme}://{request.url.netloc}/arcgis/admin/jobs/{job}"
    return answer(request, {"jobsUrl": url, "jobid": job, "status": "SUBMITTED"})


async def restore_backup(request: Request) -> Response:
    """Accept a restore. Soon after, the site goes down, and comes back with the state of the backup."""
    state = request.app.state
    site, record, passcode = state.site, _find_of(request), request.state.form.get("passcode", "")
    if record is None:
        return error(request, 500, "Backup does not exist.")
    if not passcode:
        return error(request, 500, "The parameter passcode is required.")
    busy = _busy(request, site)
    if busy is not None:
        return busy
    if record["status"] != "completed":
        return error(request, 500, f"Backup {record['backupName']} is not completed.")
    if release_line(record["release"]) != release_line(site.release):
        message = (
            f"Backup {record['backupName']} was made with release {record['release']}, the site is {site.release}."
        )
        return error(request, 500, message)
    running = start_restore(site, record, passcode, state.clock(), state.faults)
    if running.away is not None:
        # The tokens are those of the restored state.
        state.tokens.forget(running.away[0])
    return answer(request, {"status": "success"})


async def delete_backup(request: Request) -> Response:
    """Delete a backup for good; from 11.0 on by a job, if the request says so."""
    state = request.app.state
    site, record = state.site, _find_of(request)
    if record is None:
        return error(request, 500, "Backup does not exist.")
    store, name = record["backupStore"], record["backupName"]
    if site.running is not None and (site.running.store, site.running.name) == (store, name):
        return error(request, 500, f"Backup {name} cannot be deleted while it is made or restored.")
    in_jobs = request.state.form.get("async", "").lower() == "true" and release_line(site.release) >= (11,)
    if not in_jobs:
        remove_record(site, store, name)
        return answer(request, {"status": "success"})
    job = _add_job(request)
    site.deletions.append(Deletion(state.clock() + DELETION_LASTS * state.faults.pace, store, name, job))
    return _submitted(request, job)


async def update_backup(request: Request) -> Response:
    """Change the retention of a backup; nothing else can be changed."""
    state = request.app.state
    record = _find_of(request)
    if record is None:
        return error(request, 500, "Backup does not exist.")
    retention = parse_retention(request.state.form.get("retentionDate", ""), state.clock())
    if retention is None:
        return error(request, 500, "retentionDate must be -1, or a time in the future in milliseconds.")
    record["retentionDate"] = retention
    running = state.site.running
    if running is not None and running.is_of(record["backupStore"], record["backupName"]):
        running.record["retentionDate"] = retention
    return answer(request, {"status": "success"})


def post(path: str, operation: Any) -> Route:
    """Return a route that accepts POST only."""
    return Route(path, operation, methods=["POST"])


_BACKUP = f"{DR}/stores/{{store}}/backups/{{backup}}"

ROUTES = (
    post(f"{DR}/stores/{{store}}/backups/create", create_backup),
    post(f"{DR}/backuprestore/backup", create_backup),
    post(f"{_BACKUP}/restore", restore_backup),
    post(f"{_BACKUP}/delete", delete_backup),
    post(f"{DR}/backuprestore/backups/{{backup}}/delete", delete_backup),
    post(f"{DR}/backuprestore/backups/{{backup}}/restore", restore_backup),
    post(f"{_BACKUP}/update", update_backup),
)
