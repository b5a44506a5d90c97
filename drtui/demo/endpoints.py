"""Endpoints for reading, in both layouts (docs/api.md#layouts)."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from drtui.demo import operations
from drtui.demo.responses import answer, error
from drtui.demo.scenarios import DATABASE_PASSWORD
from drtui.demo.simulated_site import SimulatedSite

DR = "/admin/system/disasterrecovery"


def site_of(request: Request) -> SimulatedSite:
    """The site that is asked, brought up to the present."""
    world: SimulatedSite = request.app.state.world
    operations.advance(world, request.app.state.clock())
    return world


async def root(request: Request) -> Response:
    """The site's root."""
    release = site_of(request).release
    resources = ["orgs", "logs", "system", "datastores", "uploads", "services"]
    stage = {"lastUpdated": 1_690_000_000_000, "name": "Relational store", "state": "completed"}
    return answer(
        request,
        {"fullVersion": release, "resources": resources, "currentVersion": release, "status": {"stages": [stage]}},
    )


async def recovery(request: Request) -> Response:
    """The root of disaster recovery."""
    return answer(request, {"operations": ["status"], "resources": ["stores", "settings"]})


async def status(request: Request) -> Response:
    """The last operation."""
    return answer(request, {"status": site_of(request).status})


async def stores(request: Request) -> Response:
    """The backup stores."""
    return answer(request, {"backupStores": site_of(request).stores})


async def store(request: Request) -> Response:
    """One store, without its identity key."""
    name = request.path_params["store"]
    for each in site_of(request).stores:
        if each["name"] == name:
            return answer(request, {key: value for key, value in each.items() if key != "identityKey"})
    return error(request, 500, f"Backup store {name} does not exist.")


async def backups(request: Request) -> Response:
    """The backups of a store, or of all of them in the old layout."""
    kept = site_of(request).backups
    name = request.path_params.get("store")
    if name is None:
        return answer(request, {"backups": [each for listed in kept.values() for each in listed]})
    if name not in kept:
        return error(request, 500, f"Backup store {name} does not exist.")
    return answer(request, {"backups": kept[name]})


async def backup(request: Request) -> Response:
    """One backup."""
    found = operations.find(site_of(request), request.path_params)
    return answer(request, found) if found else error(request, 500, "Backup does not exist.")


async def settings(request: Request) -> Response:
    """Staging volume and time limit."""
    return answer(request, site_of(request).settings)


async def jobs(request: Request) -> Response:
    """The ids of the jobs."""
    return answer(request, {"jobs": list(site_of(request).jobs)})


async def job(request: Request) -> Response:
    """One job."""
    found = site_of(request).jobs.get(request.path_params["job"])
    return answer(request, found) if found else error(request, 500, "Job does not exist.")


async def tasks(request: Request) -> Response:
    """The tasks, which a custom role may not read."""
    world = site_of(request)
    if world.refuses_tasks:
        return error(request, 403, "You do not have permissions to access this resource or perform this operation.")
    return answer(request, {"result": world.tasks})


async def task(request: Request) -> Response:
    """One task, or its runs."""
    for each in site_of(request).tasks:
        if each["id"] == request.path_params["task"]:
            runs = {"result": [{"result": "Backup submitted.", "status": "succeeded", "task": each}]}
            return answer(request, runs if request.url.path.endswith("/runs") else each)
    return error(request, 500, "Task does not exist.")


async def data(request: Request) -> Response:
    """The data stores that a backup should cover, or one of them."""
    identity = request.path_params.get("item")
    if identity is None:
        return answer(request, {"items": _data_stores()})
    found = next((each for each in _data_stores() if each["id"] == identity), None)
    return answer(request, found) if found else error(request, 500, "Data store does not exist.")


async def find_data(request: Request) -> Response:
    """The data stores of some types, or with an id; all, if neither is said."""
    form = request.state.form
    types, identity = form.get("types", "").split(","), form.get("id")
    found = [
        each for each in _data_stores() if (types == [""] or each["type"] in types) and identity in {None, each["id"]}
    ]
    return answer(request, {"items": found})


def _data_stores() -> list[dict[str, Any]]:
    return [_data_store("egdb", "relational-store-r4k2w"), _data_store("memCacheStore", "cachestore-p8n2c")]


def _data_store(kind: str, name: str) -> dict[str, Any]:
    return {
        "systemManaged": True,
        "type": kind,
        "revision": "1",
        "path": f"/{kind}/{name}",
        "provider": "ArcGIS Data Store",
        "purposes": ["configure", "feature"],
        "meta": {"modified": 1_690_000_000, "created": 1_690_000_000},
        "name": name,
        "id": name.replace("-", ""),
        "info": {"isManagedData": True, "provisionAttributes": {"adminUserPassword": DATABASE_PASSWORD}},
    }


async def cloud_store(request: Request) -> Response:
    """What a store's provider and service ids stand for."""
    connection = {"bucketName": "gis-dr-archive", "rootDir": "site-backups", "region": "eu-central-1"}
    service = {"providerId": "s3prov01", "usage": "BACKUP", "name": "AWS S3", "connection": connection}
    found = {**service, "id": request.path_params["id"], "type": "objectStore", "category": "storage"}
    return answer(request, found)


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
    Route(f"{DR}/status", status),
    Route(f"{DR}/stores/{{store}}/backups", backups),
    Route(f"{DR}/stores/{{store}}/backups/{{backup}}", backup),
)
"""10.9.1 and later."""

EARLIER = (
    Route(f"{DR}/backuprestore/status", status),
    Route(f"{DR}/backuprestore/backups", backups),
    Route(f"{DR}/backuprestore/backups/{{backup}}", backup),
)
"""10.9."""
