"""Endpoints for reading, in both layouts (docs/api.md#layouts)."""

from collections.abc import Mapping
from itertools import chain
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from drtui.demo import operations, site_operations
from drtui.demo.operations import DR
from drtui.demo.records import release_line
from drtui.demo.responses import NO_PRIVILEGE, answer, error
from drtui.demo.simulated_site import SimulatedSite


def site_of(request: Request) -> SimulatedSite:
    """Return the site of the application."""
    site: SimulatedSite = request.app.state.site
    return site


def _one(request: Request, record: Mapping[str, Any] | None, noun: str) -> Response:
    """Answer with a record, or with the error that it does not exist."""
    return answer(request, record) if record else error(request, 500, f"{noun} does not exist.")


async def root(request: Request) -> Response:
    """Answer with the root of the site."""
    release = site_of(request).release
    resources = ["orgs", "logs", "system", "datastores", "uploads", "services"]
    stage = {"lastUpdated": 1_690_000_000_000, "name": "Relational store", "state": "completed"}
    return answer(
        request,
        {"fullVersion": release, "resources": resources, "currentVersion": release, "status": {"stages": [stage]}},
    )


async def recovery(request: Request) -> Response:
    """Answer with the root of disaster recovery."""
    return answer(request, {"operations": ["status"], "resources": ["stores", "settings"]})


async def status(request: Request) -> Response:
    """Answer with the last operation."""
    site = site_of(request)
    shown = site.status
    if site.old_layout and "startTime" in shown:
        message = {"code": 4014, "message": "Started backup process.", "when": shown["startTime"]}
        shown = {"code": shown["code"], "messages": [message], "state": shown["state"]}
    return answer(request, {"status": shown})


async def stores(request: Request) -> Response:
    """Answer with the backup stores."""
    site = site_of(request)
    return answer(request, {"backupStores": [_shown_store(site, record) for record in site.stores]})


def _shown_store(site: SimulatedSite, record: dict[str, Any]) -> dict[str, Any]:
    """Return a store as the release of the site shows it."""
    return {"supportBDSBackup": False, **record} if release_line(site.release) >= (12,) else record


async def store(request: Request) -> Response:
    """Answer with one store, without its identity key."""
    name = request.path_params["store"]
    site = site_of(request)
    record = next((_shown_store(site, candidate) for candidate in site.stores if candidate["name"] == name), {})
    shown = {key: value for key, value in record.items() if key != "identityKey"}
    return _one(request, shown, f"Backup store {name}")


async def backups(request: Request) -> Response:
    """Answer with the backups of a store, or of all stores in the old layout."""
    backups_by_store = site_of(request).backups
    name = request.path_params.get("store")
    if name is None:
        return answer(request, {"backups": [*chain.from_iterable(backups_by_store.values())]})
    listed = {"backups": backups_by_store[name]} if name in backups_by_store else None
    return _one(request, listed, f"Backup store {name}")


async def backup(request: Request) -> Response:
    """Answer with one backup."""
    return _one(request, operations.find(site_of(request), request.path_params), "Backup")


async def settings(request: Request) -> Response:
    """Answer with staging volume and time limit."""
    settings = dict(site_of(request).settings)
    if request.app.state.faults.no_staging:
        settings.pop("stagingVolumeConfig", None)
    return answer(request, settings)


async def jobs(request: Request) -> Response:
    """Answer with the ids of the jobs."""
    return answer(request, {"jobs": list(site_of(request).jobs)})


async def job(request: Request) -> Response:
    """Answer with one job."""
    return _one(request, site_of(request).jobs.get(request.path_params["job"]), "Job")


async def tasks(request: Request) -> Response:
    """Answer with the tasks, which a custom role may not read."""
    site = site_of(request)
    if not request.state.member.is_administrator:
        return error(request, 403, NO_PRIVILEGE)
    return answer(request, {"result": site.tasks})


async def task(request: Request) -> Response:
    """Answer with one task, or with its runs."""
    record = site_operations.find_task(site_of(request), request.path_params)
    if record and request.url.path.endswith("/runs"):
        record = {"result": [{"result": "Backup submitted.", "status": "succeeded", "task": record}]}
    return _one(request, record, "Task")


async def data(request: Request) -> Response:
    """Answer with the data stores that a backup should cover, or with one of them."""
    if not request.state.member.may_read_data_stores:
        return error(request, 403, NO_PRIVILEGE)
    identity, items = request.path_params.get("item"), site_of(request).data_stores
    if identity is None:
        return answer(request, {"items": items})
    return _one(request, next((item for item in items if item["id"] == identity), None), "Data store")


async def find_data(request: Request) -> Response:
    """Answer with the data stores of some types, or with an id; by default with all."""
    form = request.state.form
    types, identity = form.get("types", "").split(","), form.get("id")
    items = [
        item
        for item in site_of(request).data_stores
        if (types == [""] or item["type"] in types) and identity in {None, item["id"]}
    ]
    return answer(request, {"items": items})


async def cloud_store(request: Request) -> Response:
    """Answer with the cloud storage that a store's provider and service ids refer to."""
    connection = {"bucketName": "gis-dr-archive", "rootDir": "site-backups", "region": "eu-central-1"}
    service = {"providerId": "s3prov01", "usage": "BACKUP", "name": "AWS S3", "connection": connection}
    record = {**service, "id": request.path_params["id"], "type": "objectStore", "category": "storage"}
    return answer(request, record)


COMMON = (
    Route("/admin", root),
    Route(DR, recovery),
    Route(f"{DR}/stores", stores),
    Route(f"{DR}/stores/{{store}}", store),
    Route(f"{DR}/settings", settings),
    Route("/admin/jobs", jobs),
    Route("/admin/jobs/{job}", job),
    Route("/admin/system/tasks", tasks),
    Route("/admin/system/tasks/{task}", task),
    Route("/admin/system/tasks/{task}/runs", task),
    Route("/admin/data", data),
    Route("/admin/data/findItems", find_data, methods=["POST"]),
    Route("/admin/data/{item}", data),
    Route("/admin/cloud/providers/{id}", cloud_store),
    Route("/admin/cloud/services/{id}", cloud_store),
)

LATER = (
    Route("/admin/mode", site_operations.mode),
    Route("/admin/about", site_operations.about),
    Route(f"{DR}/status", status),
    Route(f"{DR}/stores/{{store}}/backups", backups),
    Route(f"{DR}/stores/{{store}}/backups/{{backup}}", backup),
)
"""Routes of 10.9.1 and later."""

EARLIER = (
    Route(f"{DR}/backuprestore/status", status),
    Route(f"{DR}/backuprestore/backups", backups),
    Route(f"{DR}/backuprestore/backups/{{backup}}", backup),
)
"""Routes of 10.9."""
