"""Operations on stores, settings, schedules and mode of the simulated site (docs/api.md#stores and later)."""

import json
import uuid
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from drtui.demo.backup_history import Record
from drtui.demo.operations import DR, SHORTEST_PASSCODE, post
from drtui.demo.records import release_line, store, task
from drtui.demo.responses import answer, error, page
from drtui.demo.simulated_site import SimulatedSite

CRON = {"minute": "*", "hour": "*", "dayOfMonth": "?", "month": "*", "dayOfWeek": "*"}
"""Fields of a cron expression, and their values if a request has none."""
MOMENTS = ("startDate", "endDate", "maxOccurrences")
"""Numbers of a schedule."""


def find_task(site: SimulatedSite, path: Mapping[str, Any]) -> Record | None:
    """Return the task that a path names; None if there is none."""
    return next((record for record in site.tasks if record["id"] == path["task"]), None)


def _find_store(request: Request) -> Record | None:
    """Return the store that a path names; None if there is none."""
    site, name = request.app.state.site, request.path_params["store"]
    return next((record for record in site.stores if record["name"] == name), None)


def _json_object(form: Mapping[str, str], key: str) -> dict[str, Any] | None:
    """Return the JSON object in a field; None if it is none."""
    try:
        value = json.loads(form.get(key, ""))
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


async def register_store(request: Request) -> Response:
    """Register a new, empty store."""
    site, form = request.app.state.site, request.state.form
    settings = _json_object(form, "settings")
    if settings is None or not form.get("storeName") or form["storeName"] in site.backups:
        return error(request, 500, "storeName must be new, and settings an object.")
    kind = settings.get("storageConfig", {}).get("provisioningType") or settings.get("type", "DYNAMIC")
    new_store = store(form["storeName"], kind, release=site.release)
    if release_line(site.release) >= (12,):
        new_store["supportBDSBackup"] = settings.get("supportBDSBackup") is True
    site.stores.append(new_store)
    site.backups[form["storeName"]] = []
    if form.get("isDefault", "").lower() == "true":
        _make_default(site, form["storeName"])
    return answer(request, {"status": "success", "name": form["storeName"]})


async def update_store(request: Request) -> Response:
    """Make a store the default, or change its coverage; from 12.0 on both values are required."""
    site, settings, record = request.app.state.site, _json_object(request.state.form, "settings"), _find_store(request)
    if record is None:
        return error(request, 500, "Backup store does not exist.")
    if settings is None:
        return error(request, 500, "settings is not an object.")
    if release_line(site.release) >= (12,):
        if "supportBDSBackup" not in settings:
            body = {"code": 500, "message": 'JSONObject["supportBDSBackup"] not found.', "details": None}
            request.state.is_error = True
            return answer(request, {"error": body})
        record["supportBDSBackup"] = settings["supportBDSBackup"]
    if settings.get("default"):
        _make_default(site, request.path_params["store"])
    return answer(request, {"status": "success"})


def _make_default(site: SimulatedSite, name: str) -> None:
    for record in site.stores:
        record["default"] = record["name"] == name


async def validate_store(request: Request) -> Response:
    """Answer whether a store is ready."""
    if _find_store(request) is None:
        return error(request, 500, "Backup store does not exist.")
    return answer(request, {"isReady": not request.app.state.faults.not_ready, "status": "success"})


async def unregister_store(request: Request) -> Response:
    """Unregister a store; its backups can no longer be reached."""
    site, name = request.app.state.site, request.path_params["store"]
    if _find_store(request) is None:
        return error(request, 500, "Backup store does not exist.")
    if site.running is not None and site.running.store == name:
        return error(request, 500, f"Backup store {name} is in use.")
    site.stores[:] = [record for record in site.stores if record["name"] != name]
    site.backups.pop(name, None)
    return answer(request, {"status": "success"})


async def update_settings(request: Request) -> Response:
    """Change staging volume and time limit."""
    settings = _json_object(request.state.form, "settings")
    if settings is None:
        return error(request, 500, "settings is not an object.")
    request.app.state.site.settings |= settings
    return answer(request, {"status": "success"})


async def about(request: Request) -> Response:
    """Answer with an overview of the site, from 11.5 on. Its form is a guess: the reference names only its contents."""
    site = request.app.state.site
    if release_line(site.release) < (11, 5):
        return page("404 Not Found", 404)
    overview = {"currentVersion": site.release, "currentBuild": "7286"}
    profile = {"architectureProfile": {"name": "standard-availability"}}
    licences = {"licenses": [{"name": "ArcGIS Enterprise on Kubernetes Advanced", "canExpire": True}]}
    return answer(request, overview | profile | licences | {"federatedServers": []})


async def mode(request: Request) -> Response:
    """Answer whether the site is read-only."""
    if request.app.state.faults.read_only:
        return answer(request, {"isReadOnly": True, "message": "The site is being updated."})
    return answer(request, request.app.state.site.mode)


async def update_mode(request: Request) -> Response:
    """Make the site read-only, or end that."""
    form = request.state.form
    is_read_only = form.get("isReadOnly", "").lower() == "true"
    request.app.state.site.mode = {"isReadOnly": is_read_only, "message": form.get("message", "")}
    return answer(request, {"status": "success"})


async def create_task(request: Request) -> Response:
    """Create a schedule."""
    site, form, now = request.app.state.site, request.state.form, request.app.state.clock()
    problem = _task_problem(site, form)
    if problem:
        return error(request, 500, problem)
    title = form.get("title") or "task"
    new_task = task(title, "", "0 0 0 * * ?", last=now, keep_days=14)
    identity = uuid.uuid5(uuid.NAMESPACE_URL, f"{title}:{now}:{len(site.tasks)}").hex
    new_task |= {"id": identity, "taskId": identity, "created": now, "startDate": now, "generation": 1}
    _change_task(new_task, form, now)
    site.tasks.append(new_task)
    return answer(request, {"status": "success", "taskId": identity})


def _task_problem(site: SimulatedSite, form: Mapping[str, str]) -> str:
    """Return what is wrong with a form that creates or changes a schedule; empty if nothing is."""
    if form.get("parameters"):
        parameters = _json_object(form, "parameters")
        if parameters is None:
            return "parameters is not an object."
        if form.get("type", "CreateBackup") == "CreateBackup":
            if parameters.get("storeName") not in site.backups:
                return f"Backup store {parameters.get('storeName')} does not exist."
            if not parameters.get("name") or len(str(parameters.get("passcode", ""))) < SHORTEST_PASSCODE:
                return f"parameters must have name, and passcode with at least {SHORTEST_PASSCODE} characters."
    numbers = [form[key].removeprefix("-") for key in MOMENTS if form.get(key)]
    return "" if all(number.isdecimal() for number in numbers) else f"{', '.join(MOMENTS)} must be numbers."


def _change_task(record: Record, form: Mapping[str, str], now: int) -> None:
    """Change those fields of a schedule that a form contains."""
    schedule = {key: form.get(key) or old for key, old in record["cronSchedule"].items()}
    fields = " ".join(schedule[key] for key in CRON)
    record |= {"cronSchedule": schedule, "cronExpression": f"0 {fields}", "updated": now}
    parameters = _json_object(form, "parameters")
    if parameters is not None:
        # What is not repeated is lost, as a schedule is replaced as a whole.
        record["parameters"] = {"itemId": "", **parameters}
    if form.get("title"):
        record["taskTitle"] = form["title"]
    if form.get("type"):
        record["taskType"] = form["type"]
    record |= {key: int(form[key]) for key in MOMENTS if form.get(key)}


async def change_task(request: Request) -> Response:
    """Enable, disable, update or delete a schedule; it takes effect from the next run."""
    site, now = request.app.state.site, request.app.state.clock()
    record = find_task(site, request.path_params)
    if record is None:
        return error(request, 500, "Task does not exist.")
    match request.url.path.rsplit("/", 1)[1]:
        case "delete":
            site.tasks.remove(record)
        case "enable" | "disable" as verb:
            record |= {"active": verb == "enable", "taskState": "active" if verb == "enable" else "paused"}
            record["updated"] = now
        case _:
            problem = _task_problem(site, request.state.form)
            if problem:
                return error(request, 500, problem)
            _change_task(record, request.state.form, now)
            record["generation"] += 1
    return answer(request, {"status": "success"})


ROUTES = (
    post(f"{DR}/stores/register", register_store),
    post(f"{DR}/stores/{{store}}/update", update_store),
    post(f"{DR}/stores/{{store}}/validate", validate_store),
    post(f"{DR}/stores/{{store}}/unregister", unregister_store),
    post(f"{DR}/settings/update", update_settings),
    post("/admin/mode/update", update_mode),
    post("/admin/system/tasks/createTask", create_task),
    *(post(f"/admin/system/tasks/{{task}}/{verb}", change_task) for verb in ("enable", "disable", "update", "delete")),
)
