"""Resources of a site that were not read, and what is therefore unknown, for health check, headline and site list.

The stores, the list of each store and the release of the site are *needed*: without them nobody can tell whether the
site could be restored. Without the optional status, settings or schedules only other things are unknown.
"""

from collections.abc import Iterable
from typing import Any

from msgspec import Struct

from drtui.core.analysis.assessment import Assessment
from drtui.core.formatting.durations import format_duration
from drtui.core.model.failure import Failure
from drtui.core.model.site_state import BACKUPS_OF, Fetched, Source
from drtui.core.model.time_limit import DEFAULT_TIMEOUT

NOT_REFRESHED = "not refreshed, saved data only"

OPTIONAL_RESOURCES = {
    "status": "operation unknown",
    "settings": f"time limit unknown, {format_duration(DEFAULT_TIMEOUT)} assumed",
    "schedules": "missed runs unknown",
}
"""The consequence of each optional resource not being read, by its name in `SiteState`."""

LEARNED_SCHEDULES = ", some inferred from backup names"
"""Suffix for unknown missed runs if a schedule was derived from the names of backups."""


class UnreadResource(Struct, frozen=True):
    """One or more resources that were not read in their current state, and the reason."""

    resources: tuple[str, ...]
    """`stores`, `backups of NAME`, `site`, `status`, `settings`, `schedules`."""
    cause: str
    """Stable code, for machines: that of a failure (`403`, `dns`), `incomplete-list`, `aged`, `saved`, `not-read`."""
    text: str
    """The reason in words; for an optional resource, what is unknown comes first."""
    is_needed: bool
    """True if without the resource nobody can tell whether the site could be restored."""
    failure: Failure | None = None
    """The failure of the fetch of an optional resource; None if there was none."""

    @property
    def code(self) -> str:
        """Stable code, for machines: the cause, or for optional resources for example `schedules-unread`."""
        return self.cause if self.is_needed or self.cause == "incomplete-list" else f"{self.resources[0]}-unread"


def find_unread_resources(assessment: Assessment, *, accept_files: bool = False) -> tuple[UnreadResource, ...]:
    """Return the unread resources, most important first; with `accept_files`, the content of a file counts as read.

    Needed resources with the same reason are one. If no request was made at all, the optional resources are part of it.
    """
    site_state = assessment.site_state
    stores = (site_state.stores and site_state.stores.value) or ()
    needed: dict[str, Fetched[Any] | None] = {"stores": site_state.stores, "site": site_state.site}
    for store in (*site_state.backups, *(store.name for store in stores)):
        needed[BACKUPS_OF + store] = site_state.backups.get(store)
    optional: dict[str, Fetched[Any] | None]
    optional = {"schedules": site_state.schedules, "status": site_state.status, "settings": site_state.settings}
    groups: dict[tuple[str, str], list[str]] = {}
    optional_resources: list[UnreadResource] = []
    for name, answer in (needed | optional).items():
        reason = _unread_reason(answer, accept_files)
        if reason is not None and (name in needed or (reason[0] == "saved" and reason[:2] in groups)):
            groups.setdefault(reason[:2], []).append(name)
        elif reason is not None:
            optional_resources.append(_optional_resource(assessment, name, *reason))
    resources = [
        UnreadResource(tuple(names), cause, f"{_join_names(names)}: {text}", is_needed=True)
        for (cause, text), names in groups.items()
    ]
    if site_state.site is not None and site_state.site.value is not None and site_state.site.value.release is None:
        text = "release of the site unknown"
        resources.append(UnreadResource(("site",), "no-release", text, is_needed=True))
    return (*resources, *optional_resources)


def _optional_resource(
    assessment: Assessment, name: str, cause: str, reason: str, failure: Failure | None
) -> UnreadResource:
    """Return the unread schedules, status or settings, with what is therefore unknown."""
    if failure is not None and cause not in {"aged", "incomplete-list"}:
        reason = f"{name} not readable ({cause if cause.isdigit() else failure.summary})"
    else:
        reason = f"{name}: {reason}" if cause != "not-read" else f"{name} not read"
    is_learned = name == "schedules" and any(schedule.task is None for schedule in assessment.schedules)
    text = f"{OPTIONAL_RESOURCES[name]}: {reason}{LEARNED_SCHEDULES if is_learned else ''}"
    return UnreadResource((name,), cause, text, is_needed=cause == "incomplete-list", failure=failure)


def _unread_reason(answer: Fetched[Any] | None, accept_files: bool) -> tuple[str, str, Failure | None] | None:
    """Return why an answer is not the current state: code, words and failure; None if it is current."""
    problem = answer.problem if answer is not None else None
    if problem is not None:
        text = f"{problem.summary}: {problem.server_message}" if problem.server_message else problem.summary
        return problem.code, text, problem
    if answer is None or answer.value is None:
        return "not-read", "not read", None
    if answer.source is Source.SAVED or (answer.source is Source.FILE and not accept_files):
        return "saved", NOT_REFRESHED, None
    return None


def _join_names(names: Iterable[str]) -> str:
    """Return names of resources in one clause: `stores`, `stores, site`, `site, backups of a, b, c`."""
    stores = [name.removeprefix(BACKUPS_OF) for name in names if name.startswith(BACKUPS_OF)]
    rest = [name for name in names if not name.startswith(BACKUPS_OF)]
    return ", ".join([*rest, *([f"{BACKUPS_OF}{', '.join(stores)}"] if stores else [])])
