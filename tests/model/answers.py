"""Every documented answer in one, who reads which, and how to walk what comes out."""

from collections.abc import Callable, Iterator
from typing import Any

from drtui.model import wire, wire_backups

READERS: dict[str, Callable[[dict[str, Any]], object]] = {
    "site": wire.site,
    "stores": wire.stores,
    "backups": lambda answer: wire_backups.backups(answer, "vault"),
    "all backups": lambda answer: wire_backups.backups(answer, None),
    "backup": lambda answer: wire_backups.backup(answer, "vault"),
    "schedules": wire.schedules,
    "status": wire.status,
    "settings": wire.settings,
    "jobs": wire.jobs,
    "job": wire.job,
    "data stores": wire.data_stores,
    "refusal": wire.refusal,
}

SHAPES: dict[str, Any] = {
    "fullVersion": "11.4",
    "resources": ["system"],
    "backupStores": [
        {"name": "vault", "storageConfig": {"labels": {}}, "provider": {"services": [{"connection": {}}]}}
    ],
    "backups": [{"backupName": "a", "relationalStore": [{"geodatabases": [{"gdbName": "g"}]}], "infrastructures": {}}],
    "backupName": "a",
    "relationalStore": [{"clusterID": "c", "status": "completed"}],
    "bigData": {"status": "completed", "deep": [[{}]]},
    "result": [{"id": "t", "parameters": {"name": "n", "metaData": {"retention": {}}}}],
    "status": {"state": "failed", "stages": [{"name": "s"}], "messages": [{"message": "m"}]},
    "stagingVolumeConfig": {"labels": {}},
    "jobs": ["j1", {}],
    "jobid": "j1",
    "items": [{"id": "d", "info": {"users": [{}], "provisionAttributes": {}}}],
    "error": {"code": 500, "message": "no", "details": [{}]},
}
"""Every documented answer in one; each reader takes its own part and the raw record of it."""


def leaves(value: object) -> Iterator[object]:
    """Everything in `value` that holds nothing else, names of entries included."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield key
            yield from leaves(each)
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from leaves(each)
    else:
        yield value
