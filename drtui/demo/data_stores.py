"""Data stores of simulated sites (docs/api.md#data-stores): what the site manages, and what people registered."""

import uuid
from typing import Any

from drtui.demo.backup_history import Record
from drtui.demo.scenarios import CONNECTION_PASSWORD, DATABASE_PASSWORD

RELATIONAL = "relational-store-"
"""Name of a relational store without the id of its instance."""


def managed(kind: str, name: str) -> Record:
    """Return a data store that the site manages."""
    folder = {"egdb": "enterpriseDatabases"}.get(kind, kind)
    purposes = {"egdb": ["configure", "feature"], "memCacheStore": ["key-value-cache"]}.get(kind, [])
    info = {"isManagedData": True, "provisionAttributes": {"adminUserPassword": DATABASE_PASSWORD}}
    return _data_store(kind, name, folder, managed=True, provider="ArcGIS Data Store", purposes=purposes, info=info)


def registered(kind: str, name: str, folder: str, **info: Any) -> Record:
    """Return a data store that people registered, with a connection in `info`."""
    return _data_store(kind, name, folder, managed=False, provider="", purposes=[], info={"isManaged": False, **info})


def _data_store(
    kind: str, name: str, folder: str, *, managed: bool, provider: str, purposes: list[str], info: Record
) -> Record:
    identity = uuid.uuid5(uuid.NAMESPACE_URL, name.encode("utf-8", "replace").decode()).hex
    return {
        "systemManaged": managed,
        "encryptAttributes": ["info.users.username", "info.users.password"],
        "type": kind,
        "encryptedAttributes": [],
        "revision": "1",
        "path": f"/{folder}/{identity if managed else name}",
        "provider": provider,
        "purposes": purposes,
        "meta": {"modified": 1_690_000_000, "created": 1_690_000_000},
        "name": name,
        "id": identity,
        "info": info,
    }


def site_stores(*instances: str) -> list[Record]:
    """Return the stores that a site manages, with relational stores of these instances."""
    relational = [managed("egdb", RELATIONAL + instance) for instance in instances or ("r4k2w",)]
    return [*relational, managed("memCacheStore", "cachestore-p8n2c")]


def county_stores(*instances: str) -> list[Record]:
    """Return the stores of a site with what people registered: a database, a file share and cloud storage."""
    connection = f"SERVER=db.example.com;INSTANCE=sde:postgresql:db.example.com;USER=sde;PASSWORD={CONNECTION_PASSWORD}"
    users = [{"username": "sde", "password": DATABASE_PASSWORD}]
    return [
        *site_stores(*instances),
        registered("egdb", "assets", "enterpriseDatabases", connectionString=connection, users=users),
        registered("folder", "imagery", "fileShares", path="//files.example.com/imagery", hostName="files.example.com"),
        registered("cloudStore", "lidar", "cloudStores", connectionString=DATABASE_PASSWORD),
    ]


def hostile_stores(names: tuple[str, ...]) -> list[Record]:
    """Return stores with these names, and stores of odd shapes."""
    connection = f"https://sde:{CONNECTION_PASSWORD}@db.example.com/share"
    return [
        *site_stores(),
        *(registered("egdb", name, "enterpriseDatabases") for name in names),
        {**registered("folder", "credentials", "fileShares"), "path": connection},
        {**managed("queueStore", "queue-store-h2v9s"), "purposes": None},
        {key: value for key, value in managed("egdb", "whose").items() if key != "systemManaged"},
        {"type": "egdb", "info": connection},
    ]
