"""All documented answers in one object, the decoders, and a function to list the values of a result."""

from collections.abc import Callable, Iterator
from typing import Any

from drtui.core.wire import backups, responses

READERS: dict[str, Callable[[dict[str, Any]], object]] = {
    "site": responses.decode_site,
    "stores": responses.decode_stores,
    "backups": lambda answer: backups.decode_backups(answer, "vault"),
    "all backups": lambda answer: backups.decode_backups(answer, None),
    "schedules": responses.decode_schedules,
    "status": responses.decode_status,
    "settings": responses.decode_settings,
    "data": responses.decode_data_stores,
    "jobs": responses.decode_jobs,
    "job": responses.decode_job,
    "refusal": responses.decode_error,
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
"""All documented answers in one object; each decoder reads its own fields."""


def leaves(value: object) -> Iterator[object]:
    """Yield all scalars in `value`, including the names of fields."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from leaves(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from leaves(inner)
    else:
        yield value
