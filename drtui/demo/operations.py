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
"""Milliseconds that each stage of a backup takes here."""


def find(world: SimulatedSite, path: Mapping[str, Any]) -> Record | None:
    """The backup that a path names, in its store or, in the old layout, in any."""
    stores = [world.backups.get(path["store"], [])] if "store" in path else world.backups.values()
    return next((each for listed in stores for each in listed if each["backupName"] == path["backup"]), None)


def advance(world: SimulatedSite, now: int) -> None:
    """Bring running operations up to `now` (epoch ms)."""
    if world.away and world.afterwards and now >= world.away[1]:
        world.status, world.afterwards, world.away = world.afterwards, {}, None
    for listed in world.backups.values():
        for record in listed:
            if record.get("status") == "in_progress" and "doneAt" in record:
                _advance(world, record, now)


def _advance(world: SimulatedSite, record: Record, now: int) -> None:
    """Move a backup that was created here to the stage it has reached."""
    stage = (now - record["startTime"]) // STAGE_LASTS
    for position, each in enumerate(world.status["stages"]):
        each["state"] = "completed" if position < stage else "in_progress"
    if now < record["doneAt"]:
        return
    finished = record.pop("finished")
    record.pop("doneAt")
    record |= finished
    world.status = status_of(record)


def is_away(world: SimulatedSite, now: int) -> bool:
    """Whether a restore has taken the site away for now."""
    return world.away is not None and world.away[0] <= now < world.away[1]


async def create_backup(request: Request) -> Response:
    """A job is submitted at once; the backup runs through its stages and is listed all the while."""
    world, now, form = request.app.state.world, request.app.state.clock(), request.state.form
    store_name = request.path_params.get("store") or form.get("storeName", "")
    if len(form.get("passcode", "")) < 8 or not form.get("name"):
        return error(request, 500, "A name and a passcode of at least 8 characters are required.")
    if store_name not in world.backups:
        return error(request, 500, f"Backup store {store_name} does not exist.")
    maker = joining(now, form["name"], world.release)
    keep = int(form.get("retentionDate", "-1"))
    done = maker.backup(
        form["name"], now, store=store_name, minutes=1, scheduled=False, description=form.get("description", "")
    )
    done["retentionDate"] = keep
    going = {**done, "status": "in_progress", "completeTime": 0, "infrastructures": {"status": "in_progress"}}
    world.backups[store_name].append(
        {**going, "finished": done, "doneAt": done["startTime"] + len(STAGES) * STAGE_LASTS}
    )
    world.status = {**status_of(done, state="in_progress"), "completeTime": 0}
    return _submitted(request, world, now)


def _submitted(request: Request, world: SimulatedSite, now: int) -> Response:
    identity = f"j{uuid.uuid5(uuid.NAMESPACE_URL, f'{now}:{len(world.jobs)}')}"
    world.jobs[identity] = job_of(identity, now, status="COMPLETED")
    if not request.app.state.faults.job_without_result:
        world.jobs[identity]["result"] = {"stages": world.status.get("stages", [])}
    url = f"{request.url.scheme}://{request.url.netloc}/arcgis/admin/jobs/{identity}"
    return answer(request, {"jobsUrl": url, "jobid": identity, "status": "SUBMITTED"})


async def restore_backup(request: Request) -> Response:
    """Accepted at once; soon after the site goes away, and comes back as it was in the backup."""
    world, now = request.app.state.world, request.app.state.clock()
    record = find(world, request.path_params)
    if record is None or len(request.state.form.get("passcode", "")) < 8:
        return error(request, 500, "Backup does not exist, or the passcode is too short.")
    going = {**record, "startTime": now, "completeTime": now + MINUTE}
    world.status = {**status_of(going, state="in_progress", operation="Restore"), "completeTime": 0}
    world.afterwards = status_of(going, operation="Restore")
    world.away = (now + 5_000, now + MINUTE)
    request.app.state.tokens.forget()
    return answer(request, {"status": "success"})


async def delete_backup(request: Request) -> Response:
    """Gone for good."""
    world = request.app.state.world
    record = find(world, request.path_params)
    if record is None:
        return error(request, 500, "Backup does not exist.")
    for listed in world.backups.values():
        if record in listed:
            listed.remove(record)
    if request.state.form.get("async", "").lower() == "true":
        return _submitted(request, world, request.app.state.clock())
    return answer(request, {"status": "success"})


async def update_backup(request: Request) -> Response:
    """Only its retention can be changed."""
    record = find(request.app.state.world, request.path_params)
    wanted = request.state.form.get("retentionDate", "")
    if record is None or not wanted.removeprefix("-").isdigit():
        return error(request, 500, "Backup does not exist, or retentionDate is not a number.")
    record["retentionDate"] = int(wanted)
    return answer(request, {"status": "success"})


async def register_store(request: Request) -> Response:
    """A new, empty store."""
    world, form = request.app.state.world, request.state.form
    wanted = _settings(form)
    if wanted is None or not form.get("storeName") or form["storeName"] in world.backups:
        return error(request, 500, "storeName must be new, and settings an object.")
    kind = wanted.get("storageConfig", {}).get("provisioningType") or wanted.get("type", "DYNAMIC")
    made = store(form["storeName"], kind, release=world.release)
    world.stores.append(made)
    world.backups[form["storeName"]] = []
    if form.get("isDefault", "").lower() == "true":
        _make_default(world, form["storeName"])
    return answer(request, {"status": "success", "name": form["storeName"]})


async def update_store(request: Request) -> Response:
    """Make it the default, or change what it covers; recent releases want both said."""
    world, wanted = request.app.state.world, _settings(request.state.form)
    if wanted is None:
        return error(request, 500, "settings is not an object.")
    if request.app.state.faults.needs_big_data_flag and "supportBDSBackup" not in wanted:
        body = {"code": 500, "message": 'JSONObject["supportBDSBackup"] not found.', "details": None}
        return answer(request, {"error": body})
    if wanted.get("default"):
        _make_default(world, request.path_params["store"])
    return answer(request, {"status": "success"})


def _make_default(world: SimulatedSite, name: str) -> None:
    for each in world.stores:
        each["default"] = each["name"] == name


def _settings(form: Mapping[str, str]) -> dict[str, Any] | None:
    try:
        found = json.loads(form.get("settings", ""))
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


async def validate_store(request: Request) -> Response:
    """Always ready."""
    return answer(request, {"isReady": True, "status": "success"})


async def unregister_store(request: Request) -> Response:
    """The store's backups can no longer be reached."""
    world, name = request.app.state.world, request.path_params["store"]
    world.stores[:] = [each for each in world.stores if each["name"] != name]
    world.backups.pop(name, None)
    return answer(request, {"status": "success"})


async def update_settings(request: Request) -> Response:
    """Staging volume and time limit."""
    wanted = _settings(request.state.form)
    if wanted is None:
        return error(request, 500, "settings is not an object.")
    request.app.state.world.settings |= wanted
    return answer(request, {"status": "success"})


async def create_task(request: Request) -> Response:
    """A new schedule."""
    world, form, now = request.app.state.world, request.state.form, request.app.state.clock()
    fields = (form.get(key, "*") for key in ("minute", "hour", "dayOfMonth", "month", "dayOfWeek"))
    name = form.get("title", "task")
    made = task(name, "", f"0 {' '.join(fields)}", last=now, keep_days=14)
    world.tasks.append(made)
    return answer(request, {"status": "success", "taskId": made["id"]})


async def change_task(request: Request) -> Response:
    """Enable, disable, update or delete a schedule."""
    world = request.app.state.world
    found = next((each for each in world.tasks if each["id"] == request.path_params["task"]), None)
    if found is None:
        return error(request, 500, "Task does not exist.")
    match request.url.path.rsplit("/", 1)[1]:
        case "delete":
            world.tasks.remove(found)
        case "enable" | "disable" as wanted:
            found |= {"active": wanted == "enable", "taskState": "active" if wanted == "enable" else "paused"}
        case _:
            found["updated"] = request.app.state.clock()
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
