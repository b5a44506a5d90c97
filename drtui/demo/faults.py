"""Observed faults of real sites, switched on one by one (SPEC sections 3, 4 and 6)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
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
    """2: `{"error": …}`; 3: `{"status": "error", …}` (SPEC 3)."""
    error_code: int = 0
    """Every answer is an error body with this code, over HTTP 200."""
    details_null: bool = False
    missing_key: bool = False
    """Lists come under another key than the documented one."""
    drop: bool = False
    """The connection is closed without an answer."""
    hang: bool = False
    """No answer within two minutes."""
    redirect: str = ""
    job_without_result: bool = True
    needs_big_data_flag: bool = True
    """A store's update without `supportBDSBackup` is an error, as on 12.0."""
    expires_as_text: bool = False

    def hits(self, path: str) -> bool:
        """Whether a request of this path is among those that are hit."""
        return not self.only or any(each in path for each in self.only)


NAMED: dict[str, dict[str, Any]] = {
    "html": {"html": True},
    "403-tasks": {"error_code": 403, "only": ("/system/tasks",)},
    "500": {"error_code": 500},
    "503": {"status_code": 503},
    "status-error": {"error_form": 3},
    "details-null": {"details_null": True},
    "missing-key": {"missing_key": True},
    "drop": {"drop": True},
    "hang": {"hang": True},
    "job-result": {"job_without_result": False},
    "expires-text": {"expires_as_text": True},
}
"""What `demo serve --fault` can be told; several go together."""


def named(names: Iterable[str]) -> Faults:
    """The faults of these names together.

    Raises:
        KeyError: there is no such fault.
    """
    found = Faults()
    for name in names:
        found = replace(found, **NAMED[name])
    return found
