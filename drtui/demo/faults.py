"""Observed faults of real sites, switched on one by one (docs/api.md#errors)."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any


@dataclass(frozen=True)
class Faults:
    """Faults of a site; none by default."""

    only: tuple[str, ...] = ()
    """Parts of paths: only requests whose path contains one of them are hit; all, if empty."""
    html: bool = False
    """True if every answer is a page of HTML, as from a login page or an ingress."""
    status_code: int = 0
    """HTTP status of every answer, with a page of HTML; 0 for none."""
    error_form: int = 2
    """Form of errors. 2: `{"error": …}`; 3: `{"status": "error", …}` (docs/api.md#errors)."""
    error_code: int = 0
    """Code of an error body in every answer, over HTTP 200; 0 for none."""
    details_null: bool = False
    drop: bool = False
    """True if the connection is closed without an answer."""
    hang: bool = False
    """True if no answer comes within two minutes."""
    redirect: str = ""
    job_without_result: bool = True
    job_follows: bool = False
    """True if a job ends with its operation, as before 11.4; later ones say COMPLETED at once."""
    lost_reply: bool = False
    """True if the connection breaks off after the site accepted a change."""
    lost_request: bool = False
    """True if the connection breaks off before a change reaches the site."""
    read_only: bool = False
    """True if the site is in read-only mode, as during an update."""
    not_ready: bool = False
    """True if no store is ready for backups."""
    no_staging: bool = False
    """True if no staging volume is configured."""
    release: str = ""
    """Release of the site; empty for that of the scenario."""
    run_due: bool = False
    """True if the nightly backup starts in three minutes."""
    no_privilege: bool = False
    """True if the role of every member lacks administrative privileges."""
    web_tier: bool = False
    """True if a web tier in front of the site asks for a sign-in of its own, and lets no request through."""
    wrong_context: bool = False
    """True if there is no site in this context."""
    strips_referer: bool = False
    """True if a proxy removes `Referer`, so that tokens bound to one are refused; the token of `--demo` is, too."""
    hours_ahead: int = 0
    """Hours that the clock of the site is ahead."""
    backup_ends: str = "success"
    """End of new backups: success, failed, cancelled, or hung."""
    restore_ends: str = "success"
    """End of restores: success, failed, or completed_with_warnings."""
    pace: int = 1
    """Factor of the duration of operations."""
    token_minutes: int = 120
    """Longest life of a token in minutes; like a real server, longer requests are shortened without notice."""
    refresh_minutes: int = 129_600
    """Longest life of a refresh token in minutes."""
    expires_as_text: bool = False
    broken: Mapping[str, str] = field(default_factory=dict)
    """Resources of `RESOURCES` that fail on their own, with their kind of `KINDS`."""

    def kind_of(self, path: str) -> str:
        """Return the kind of fault of the resource at a path; empty if there is none."""
        matching = (kind for name, kind in self.broken.items() if RESOURCES[name].search(path))
        return next(matching, "")

    def hits(self, path: str) -> bool:
        """True if requests with this path are hit."""
        return not self.only or any(part in path for part in self.only)


NO_FAULTS = Faults()

KINDS = ("403", "404", "500", "drop", "aged", "missing-key")
"""Kinds of fault of a single resource: an error code, no answer, a cached answer, other keys."""

_DR = r"/system/disasterrecovery(/backuprestore)?"
RESOURCES = {
    "root": re.compile(r"/admin$"),
    "stores": re.compile(rf"{_DR}/stores$"),
    "backups": re.compile(rf"{_DR}(/stores/[^/]+)?/backups$"),
    "status": re.compile(rf"{_DR}/status$"),
    "settings": re.compile(rf"{_DR}/settings$"),
    "tasks": re.compile(r"/system/tasks$"),
    "data": re.compile(r"/admin/data$"),
    "mode": re.compile(r"/admin/mode$"),
    "about": re.compile(r"/admin/about$"),
    "account": re.compile(r"/community/self$"),
}
"""Resources that can fail on their own, by the end of their path."""


LISTS = ("stores", "backups", "tasks", "data")
"""Resources that are lists, each under one key."""


def without_keys(body: bytes) -> bytes:
    """Return a JSON object with each key renamed, so that no documented key is left."""
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
    "job-follows": {"job_follows": True},
    "lost-reply": {"lost_reply": True},
    "lost-request": {"lost_request": True},
    "read-only": {"read_only": True},
    "not-ready": {"not_ready": True},
    "no-staging": {"no_staging": True},
    "run-due": {"run_due": True},
    "release-12": {"release": "12.0.0"},
    "backup-fails": {"backup_ends": "failed"},
    "backup-cancelled": {"backup_ends": "cancelled"},
    "backup-hangs": {"backup_ends": "hung"},
    "restore-fails": {"restore_ends": "failed"},
    "restore-warns": {"restore_ends": "completed_with_warnings"},
    "slow": {"pace": 25},
    "short-token": {"token_minutes": 1},
    "short-refresh": {"refresh_minutes": 2},
    "no-privilege": {"no_privilege": True},
    "web-tier-401": {"web_tier": True},
    "wrong-context": {"wrong_context": True},
    "wrong-referer": {"strips_referer": True},
    "clock-ahead": {"hours_ahead": 3},
    "refuses-data": {"broken": {"data": "403"}},
    **{f"{kind}-{resource}": {"broken": {resource: kind}} for resource in RESOURCES for kind in KINDS},
}
"""Names for `demo serve --fault`; several can be combined."""


def parse_fault(names: Iterable[str]) -> Faults:
    """Return the combined faults of these names.

    Raises:
        KeyError: a name is unknown.
    """
    combined = Faults()
    for name in names:
        fault = NAMED[name]
        broken = {**combined.broken, **fault.get("broken", {})}
        combined = replace(combined, **{**fault, "broken": broken})
    return combined
