"""Observed faults of real sites, switched on one by one (docs/api.md#errors)."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any


@dataclass(frozen=True)
class Faults:
    """What is wrong with the site; nothing, unless said."""

    only: tuple[str, ...] = ()
    """Only requests whose path holds one of these are hit; all, if empty."""
    html: bool = False
    """Every answer is a page of HTML, as from a login or an ingress."""
    status_code: int = 0
    """Every answer has this HTTP status, with a page of HTML."""
    error_form: int = 2
    """2: `{"error": …}`; 3: `{"status": "error", …}` (docs/api.md#errors)."""
    error_code: int = 0
    """Every answer is an error body with this code, over HTTP 200."""
    details_null: bool = False
    drop: bool = False
    """The connection is closed without an answer."""
    hang: bool = False
    """No answer within two minutes."""
    redirect: str = ""
    job_without_result: bool = True
    needs_big_data_flag: bool = True
    """A store's update without `supportBDSBackup` is an error, as on 12.0."""
    expires_as_text: bool = False
    broken: Mapping[str, str] = field(default_factory=dict)
    """Single resources of `RESOURCES` that fail, each with its kind of `KINDS`."""

    def kind_of(self, path: str) -> str:
        """Return the kind of fault that hits the resource at a path; empty if none does."""
        matching = (kind for name, kind in self.broken.items() if RESOURCES[name].search(path))
        return next(matching, "")

    def hits(self, path: str) -> bool:
        """Whether a request of this path is among those that are hit."""
        return not self.only or any(each in path for each in self.only)


KINDS = ("403", "404", "500", "drop", "aged", "missing-key")
"""Kinds of failure of a single resource: an error code, no answer, an answer from a cache, other keys."""

_DR = r"/system/disasterrecovery(/backuprestore)?"
RESOURCES = {
    "root": re.compile(r"/admin$"),
    "stores": re.compile(rf"{_DR}/stores$"),
    "backups": re.compile(rf"{_DR}(/stores/[^/]+)?/backups$"),
    "status": re.compile(rf"{_DR}/status$"),
    "settings": re.compile(rf"{_DR}/settings$"),
    "tasks": re.compile(r"/system/tasks$"),
    "data": re.compile(r"/admin/data$"),
}
"""The resources that can fail on their own, by the end of their path."""


LISTS = ("stores", "backups", "tasks", "data")
"""Resources that are lists, each under one key."""


def without_keys(body: bytes) -> bytes:
    """Return a JSON object with each of its keys renamed, so that no documented one is left."""
    return json.dumps({f"other{name}": value for name, value in json.loads(body).items()}).encode()


NAMED: dict[str, dict[str, Any]] = {
    "html": {"html": True},
    "500": {"error_code": 500},
    "503": {"status_code": 503},
    "status-error": {"error_form": 3},
    "details-null": {"details_null": True},
    "missing-key": {"broken": dict.fromkeys(LISTS, "missing-key")},
    "drop": {"drop": True},
    "hang": {"hang": True},
    "job-result": {"job_without_result": False},
    "expires-text": {"expires_as_text": True},
    **{f"{kind}-{resource}": {"broken": {resource: kind}} for resource in RESOURCES for kind in KINDS},
}
"""The names that `demo serve --fault` takes; several go together."""


def parse_fault(names: Iterable[str]) -> Faults:
    """The faults of these names together.

    Raises:
        KeyError: there is no such fault.
    """
    found = Faults()
    for name in names:
        fault = NAMED[name]
        broken = {**found.broken, **fault.get("broken", {})}
        found = replace(found, **{**fault, "broken": broken})
    return found
