"""Resources of a site that could not be read, and what is therefore unknown: said alike by check, headline and sites.

Without the stores, the list of each, and the release that the site runs, nobody can tell whether it could be restored:
these are *needed*. Without the status, the settings or the schedules something else is unknown, which is said.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from drtui.core.analysis.assessment import Assessment
from drtui.core.formatting.times import format_duration
from drtui.core.model.failure import Failure
from drtui.core.model.site_state import Fetched, SiteState, Source
from drtui.core.model.time_limit import DEFAULT_TIMEOUT

NOT_ASKED = "not asked, only what was saved is known"

COMPANIONS = {
    "status": "operation unknown",
    "settings": f"time limit unknown, {format_duration(DEFAULT_TIMEOUT)} assumed",
    "schedules": "missed runs unknown",
}
"""Words for what is unknown if one of these could not be read."""

LEARNED = ", only the names of backups tell of some"
"""Added to the words for missed runs if a cadence was learned."""


class UnreadResource(Struct, frozen=True):
    """Something that was not read as it is now, and why."""

    resources: tuple[str, ...]
    """`stores`, `backups of NAME`, `site`, `status`, `settings`, `schedules`."""
    cause: str
    """Stable, for machines: the code of a failure (`403`, `dns`), `incomplete-list`, `aged`, `saved`, `not-read`."""
    text: str
    """The reason in words; for what is not needed, what is unknown comes first."""
    is_needed: bool
    """True if without it nobody can tell whether the site could be restored."""
    failure: Failure | None = None
    """The failure, if it was one."""

    @property
    def code(self) -> str:
        """Stable, for machines: of what is not needed its name, `schedules-unread` for instance."""
        return self.cause if self.is_needed or self.cause == "incomplete-list" else f"{self.resources[0]}-unread"


def unread_resources(judged: Assessment, *, files_count: bool = False) -> tuple[UnreadResource, ...]:
    """Return what was not read, most important first; with `files_count`, what a file holds counts as read."""
    needed = list(_needed(judged.site_state, files_count))
    for each in _companions(judged, files_count):
        alike = next((n for n, of in enumerate(needed) if of.cause == each.cause == "saved"), None)
        if alike is None:
            needed.append(each)
        else:  # nobody was asked at all, which is said once
            resources = (*needed[alike].resources, *each.resources)
            needed[alike] = replace(needed[alike], resources=resources, text=f"{_listed(resources)}: {NOT_ASKED}")
    return tuple(needed)


def _needed(reading: SiteState, files_count: bool) -> Iterator[UnreadResource]:
    """Yield why stores, lists or the release are not known; a reason that several have is one."""
    answers: dict[str, Fetched[Any] | None] = {"stores": reading.stores, "site": reading.site}
    answers |= {f"backups of {store}": answer for store, answer in reading.backups.items()}
    if reading.stores is not None and reading.stores.value is not None:
        answers |= {f"backups of {store.name}": reading.backups.get(store.name) for store in reading.stores.value}
    groups: dict[tuple[str, str], list[str]] = {}
    troubles: dict[tuple[str, str], Failure | None] = {}
    for name, answer in answers.items():
        why = _why(answer, files_count)
        if why is not None:
            cause, said, trouble = why
            groups.setdefault((cause, said), []).append(name)
            troubles.setdefault((cause, said), trouble)
    for (cause, said), names in groups.items():
        text = f"{_listed(names)}: {said}"
        yield UnreadResource(tuple(names), cause, text, is_needed=True, failure=troubles[cause, said])
    if reading.site is not None and reading.site.value is not None and reading.site.value.release is None:
        yield UnreadResource(("site",), "no-release", "the site does not say which release it runs", is_needed=True)


def _companions(judged: Assessment, files_count: bool) -> Iterator[UnreadResource]:
    """Yield why the schedules, the status or the settings are not known."""
    reading = judged.site_state
    answers: dict[str, Fetched[Any] | None]
    answers = {"schedules": reading.schedules, "status": reading.status, "settings": reading.settings}
    for name, answer in answers.items():
        why = _why(answer, files_count)
        if why is None:
            continue
        cause, said, trouble = why
        if trouble is not None and cause not in {"aged", "incomplete-list"}:
            said = f"{name} could not be read ({cause if cause.isdigit() else trouble.summary})"
        else:
            said = f"{name}: {said}" if cause != "not-read" else f"{name} not read"
        learned = name == "schedules" and any(plan.task is None for plan in judged.schedules.schedules)
        text = f"{COMPANIONS[name]}: {said}{LEARNED if learned else ''}"
        yield UnreadResource((name,), cause, text, is_needed=cause == "incomplete-list", failure=trouble)


def _why(answer: Fetched[Any] | None, files_count: bool) -> tuple[str, str, Failure | None] | None:
    """Return why an answer does not say how things are now, as a code, in words, and the failure; None if it does."""
    if answer is None:
        return "not-read", "not read", None
    flaw = answer.problem
    if flaw is not None:
        return flaw.code, f"{flaw.summary}: {flaw.server_message}" if flaw.server_message else flaw.summary, flaw
    if answer.value is None:
        return "not-read", "not read", None
    if answer.source is Source.SAVED or (answer.source is Source.FILE and not files_count):
        return "saved", NOT_ASKED, None
    return None


def _listed(names: Iterable[str]) -> str:
    """Return names in one clause: `stores`, `stores, site`, `site, backups of a, b, c`."""
    stores = [name.removeprefix("backups of ") for name in names if name.startswith("backups of ")]
    others = [name for name in names if not name.startswith("backups of ")]
    return ", ".join([*others, *([f"backups of {', '.join(stores)}"] if stores else [])])
