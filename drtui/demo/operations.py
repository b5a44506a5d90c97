"""Operations that change the simulated site, and their progress over time (docs/api.md#creating-a-backup and later)."""

import json
import uuid
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from drtui.demo.backup_history import MINUTE, Record, joining
from drtui.demo.records import STAGES, job_of, status_of, store, task
from drtui.demo.responses import answer, error
from drtui.demo.simulated_site import SimulatedSite

DR = "/admin/system/disasterrecovery"
STAGE_LASTS = 12_000
"""Milliseconds that each stage of a simulated backup takes."""


def find(site: SimulatedSite, path: Mapping[str, Any]) -> Record | None:
    """Return the backup that a path names, in its store or, in the old layout, in any store; None if there is none."""
    stores = [site.backups.get(path["store"], [])] if "store" in path else site.backups.values()
    return next((record for records in stores for record in records if record["backupName"] == path["backup"]), None)


def find_task(site: SimulatedSite, path: Mapping[str, Any]) -> Record | None:
    """Return the task that a path names; None if there is none."""
    return next((record for record in site.tasks if record["id"] == path["task"]), None)


def advance(site: SimulatedSite, now: int) -> None:
    """Bring running operations up to `now` (epoch ms)."""
    if site.away and site.afterwards and now >= site.away[1]:
        site.status, site.afterwards, site.away = site.afterwards, {}, None
    for records in site.backups.values():
        for record in records:
            if record.get("status") == "in_progress" and "doneAt" in record:
                _advance(site, record, now)


def _advance(site: SimulatedSite, record: Record, now: int) -> None:
    """Move a backup that was created in the simulation to the stage reached at `now` (epoch ms)."""
    reached = (now - record["startTime"]) // STAGE_LASTS
    for position, stage_record in enumerate(site.status["stages"]):
        stage_record["state"] = "completed" if position < reached else "in_progress"
    if now < record["doneAt"]:
        return
    finished = record.pop("finished")
    record.pop("doneAt")
    record |= finished
    site.status = status_of(record)


def is_away(site: SimulatedSite, now: int) -> bool:
    """True if a restore has taken the site down at `now` (epoch ms)."""
    return site.away is not None and site.away[0] <= now < site.away[1]


async def create_backup(request: Request) -> Response:
    """Submit a job, start a backup that runs through its stages, and list it meanwhile."""
    site, now, form = request.app.state.site, request.app.state.clock(), request.state.form
    store_name = request.path_params.get("store") or form.get("storeName", "")
    if len(form.get("passcode", "")) < 8 or not form.get("name"):
        return error(request, 500, "A name and a passcode of at least 8 characters are required.")
    if store_name not in site.backups:
        return error(request, 500, f"Backup store {store_name} does not exist.")
    maker = joining(now, form["name"], site.release)
    keep = int(form.get("retentionDate", "-1"))
    done = maker.backup(
        form["name"], now, store=store_name, minutes=1, scheduled=False, description=form.get("description", "")
    )
    done["retentionDate"] = keep
    running = {**done, "status": "in_progress", "completeTime": 0, "infrastructures": {"status": "in_progress"}}
    site.backups[store_name].append(
        {**running, "finished": done, "doneAt": done["startTime"] + len(STAGES) * STAGE_LASTS}
    )
    site.status = {**status_of(done, state="in_progress"), "completeTime": 0}
    return _submitted(request, site, now)


def _submitted(request: Request, site: SimulatedSite, now: int) -> Response:
    identity = f"j{uuid.uuid5(uuid.NAMESPACE_URL, f'{now}:{len(site.jobs)}')}"
    site.jobs[identity] = job_of(identity, now, status="COMPLETED")
    if not request.app.state.faults.job_without_result:
        site.jobs[identity]["result"] = {"stages": site.status.get("stages", [])}
    url = f"{request.url.scheme}://{request.url.netloc}/arcgis/admin/jobs/{identity}"
    return answer(request, {"jobsUrl": url, "jobid": identity, "status": "SUBMITTED"})


async def restore_backup(request: Request) -> Response:
    """Accept a restore. Soon after, the site goes down, and comes back with the state of the backup."""
    site, now = request.app.state.site, request.app.state.clock()
    record = find(site, request.path_params)
    if record is None or len(request.state.form.get("passcode", "")) < 8:
        return error(request, 500, "Backup does not exist, or the passcode is too short.")
    running = {**record, "startTime": now, "completeTime": now + MINUTE}
    site.status = {**status_of(running, state="in_progress", operation="Restore"), "completeTime": 0}
    site.afterwards = status_of(running, operation="Restore")
    site.away = (now + 5_000, now + MINUTE)
    request.app.state.tokens.forget()
    return answer(request, {"status": "success"})


async def delete_backup(request: Request) -> Response:
    """Delete a backup for good."""
    site = request.app.state.site
    record = find(site, request.path_params)
    if record is None:
        return error(request, 500, "Backup does not exist.")
    for records in site.backups.values():
        if record in records:
            records.remove(record)
    if request.state.form.get("async", "").lower() == "true":
        return _submitted(request, site, request.app.state.clock())
    return answer(request, {"status": "success"})


async def update_backup(request: Request) -> Response:
    """Change the retention of a backup; nothing else can be changed."""
    record = find(request.app.state.site, request.path_params)
    retention = request.state.form.get("retentionDate", "")
    if record is None or not retention.removeprefix("-").isdigit():
        return error(request, 500, "Backup does not exist, or retentionDate is not a number.")
    record["retentionDate"] = int(retention)
    return answer(request, {"status": "success"})


async def register_store(request: Request) -> Response:
    """Register a new, empty store."""
    site, form = request.app.state.site, request.state.form
    settings = _settings(form)
    if settings is None or not form.get("storeName") or form["storeName"] in site.backups:
        return error(request, 500, "storeName must be new, and settings an object.")
    kind = settings.get("storageConfig", {}).get("provisioningType") or settings.get("type", "DYNAMIC")
    new_store = store(form["storeName"], kind, release=site.release)
    site.stores.append(new_store)
    site.backups[form["storeName"]] = []
    if form.get("isDefault", "").lower() == "true":
        _make_default(site, form["storeName"])
    return answer(request, {"status": "success", "name": form["storeName"]})


async def update_store(request: Request) -> Response:
    """Make a store the default, or change its coverage; recent releases require both values."""
    site, settings = request.app.state.site, _settings(request.state.form)
    if settings is None:
        return error(request, 500, "settings is not an object.")
    if request.app.state.faults.needs_big_data_flag and "supportBDSBackup" not in settings:
        body = {"code": 500, "message": 'JSONObject["supportBDSBackup"] not found.', "details": None}
        return answer(request, {"error": body})
    if settings.get("default"):
        _make_default(site, request.path_params["store"])
    return answer(request, {"status": "success"})


def _make_default(site: SimulatedSite, name: str) -> None:
    for record in site.stores:
        record["default"] = record["name"] == name


def _settings(form: Mapping[str, str]) -> dict[str, Any] | None:
    try:
        settings = json.loads(form.get("settings", ""))
    except ValueError:
        return None
    return settings if isinstance(settings, dict) else None


async def validate_store(request: Request) -> Response:
    """Answer that a store is ready."""
    return answer(request, {"isReady": True, "status": "success"})


async def unregister_store(request: Request) -> Response:
    """Unregister a store; its backups can no longer be reached."""
    site, name = request.app.state.site, request.path_params["store"]
    site.stores[:] = [record for record in site.stores if record["name"] != name]
    site.backups.pop(name, None)
    return answer(request, {"status": "success"})


async def update_settings(request: Request) -> Response:
    """Change staging volume and time limit."""
    settings = _settings(request.state.form)
    if settings is None:
        return error(request, 500, "settings is not an object.")
    request.app.state.site.settings |= settings
    return answer(request, {"status": "success"})


async def create_task(request: Request) -> Response:
    """Create a schedule."""
    site, form, now = request.app.state.site, request.state.form, request.app.state.clock()
    fields = (form.get(key, "*") for key in ("minute", "hour", "dayOfMonth", "month", "dayOfWeek"))
    name = form.get("title", "task")
    new_task = task(name, "", f"0 {' '.join(fields)}", last=now, keep_days=14)
    site.tasks.append(new_task)
    return answer(request, {"status": "success", "taskId": new_task["id"]})


async def change_task(request: Request) -> Response:
    """Enable, disable, update or delete a schedule."""
    site = request.app.state.site
    record = find_task(site, request.path_params)
    if record is None:
        return error(request, 500, "Task does not exist.")
    match request.url.path.rsplit("/", 1)[1]:
        case "delete":
            site.tasks.remove(record)
        case "enable" | "disable" as verb:
            record |= {"active": verb == "enable", "taskState": "active" if verb == "enable" else "paused"}
        case _:
            record["updated"] = request.app.state.clock()
    return answer(request, {"status": "success"})


def _post(path: str, operation: Any) -> Route:
    return Route(path, operation, methods=["POST"])


_BACKUP = f"{DR}/stores/{{store}}/backups/{{backup}}"

ROUTES = (
    _post(f"{DR}/stores/register", register_store),
    _post(f"{DR}/stores/{{store}}/update", update_store),
    _post(f"{DR}/stores/{{store}}/validate", validate_store),
    _post(f"{DR}/stores/{{store}}/unregister", unregister_store),
    _post(f"{DR}/stores/{{store}}/backups/create", create_backup),
    _post(f"{DR}/backuprestore/backup", create_backup),
    _post(f"{_BACKUP}/restore", restore_backup),
    _post(f"{_BACKUP}/delete", delete_backup),
    _post(f"{DR}/backuprestore/backups/{{backup}}/delete", delete_backup),
    _post(f"{DR}/backuprestore/backups/{{backup}}/restore", restore_backup),
    _post(f"{_BACKUP}/update", update_backup),
    _post(f"{DR}/settings/update", update_settings),
    _post("/admin/system/tasks/createTask", create_task),
    *(_post(f"/admin/system/tasks/{{task}}/{verb}", change_task) for verb in ("enable", "disable", "update", "delete")),
)
