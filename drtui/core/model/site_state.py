"""The state of a site after one refresh: each resource as a value or a failure, with its time and source."""

import enum
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Generic, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from drtui.core.formatting.durations import format_age
from drtui.core.model.account import Account, SiteAbout, SiteMode
from drtui.core.model.address import Address
from drtui.core.model.backup import NEVER, Backup
from drtui.core.model.data_store import DataStore
from drtui.core.model.failure import Failure, FailureKind
from drtui.core.model.note import Note
from drtui.core.model.site import DrSettings, DrStatus, Job, Schedule, Site, Store

T = TypeVar("T")


BACKUPS_OF = "backups of "
"""Prefix of the name of the answer that lists the backups of a store."""

RESOURCES = ("stores", "site", "status", "settings", "schedules")
"""Names of the answers of a refresh besides lists of backups and jobs, most important first."""

EXTRAS = ("mode", "account", "about", "data")
"""Names of the answers that are fetched only on request. No judgement of the backups needs them, and each may be
missing: older releases and other roles do not have all of them. Their failures are not in `SiteState.failures`."""

LASTING = (*RESOURCES, "data")
"""Names of the answers whose previous value is still of use after a failure."""


class Source(enum.Enum):
    """The source of an answer: the site now, history, or a file."""

    LIVE = "live"
    SAVED = "saved"
    FILE = "file"


class Fetched(Struct, Generic[T], frozen=True):
    """The result of fetching one resource: a value or a failure; after a failed refresh the old value and a failure."""

    at: int
    """Time of the value, or of the failure if there is no value; epoch ms."""
    value: T | None = None
    failure: Failure | None = None
    source: Source = Source.LIVE
    incomplete_reason: str = ""
    """The reason why the value is incomplete, one sentence; empty if it is complete."""
    cache_age: int | None = None
    """Milliseconds that the value spent in a cache, 0 if unknown; None if the site itself sent it."""
    failed_at: int | None = None
    """Time of the first of the failures in a row, epoch ms; None if the only failure was at `at`."""
    digest: bytes = b""
    """Digest of a list of backups as it came; empty if it is unknown."""

    @property
    def failing_since(self) -> int | None:
        """Time since which the resource cannot be read, epoch ms; None if it has not failed."""
        if self.failure is None:
            return None
        return self.at if self.failed_at is None else self.failed_at

    @property
    def problem(self) -> Failure | None:
        """The reason why the value may not show the site as it is: failed, incomplete or cached; None if none."""
        if self.failure is not None:
            return self.failure
        if self.incomplete_reason:
            return Failure(
                FailureKind.UNREADABLE,
                "incomplete-list",
                self.incomplete_reason,
                cause="The site, or a gateway in front of it, sends lists in pages, which is undocumented.",
                advice="More backups may exist: check in ArcGIS Enterprise Manager, and please report this.",
            )
        if self.cache_age is not None:
            return Failure(
                FailureKind.UNREADABLE,
                "aged",
                f"answer is {format_age(self.cache_age)} old: it came from a cache, not from the site"
                if self.cache_age
                else "answer came from a proxy or cache, not from the site",
                cause="A proxy or gateway caches answers of the site.",
                advice="Have it exclude everything under /admin from caching.",
            )
        return None


class DeletedBackup(Struct, frozen=True):
    """A backup that is no longer listed; times are epoch ms."""

    backup: Backup
    last_seen: int
    """Time of the last list that contained the backup."""
    missing_since: int
    """Time of the first list without the backup."""

    @property
    def is_early(self) -> bool:
        """True if a complete backup was deleted before the end of its retention, so not by the cleaner."""
        date = self.backup.retention
        return self.backup.is_completed and date is not None and (date == NEVER or date > self.missing_since)


class SiteHistory(Struct, frozen=True):
    """Information about a site from history, besides its last answers."""

    deletions: tuple[DeletedBackup, ...] = ()
    refresh_times: tuple[int, ...] = ()
    """Times of complete refreshes, epoch ms, oldest first; of several on one day only the last."""
    notes: tuple[Note, ...] = ()
    """Notes about backups, also about deleted ones."""

    @property
    def deleted_backups(self) -> tuple[Backup, ...]:
        """The backups that are no longer listed."""
        return tuple(deletion.backup for deletion in self.deletions)

    def without(self, listed: Iterable[Backup]) -> "SiteHistory":
        """Return the history without deletions of backups that are listed again: a new list outweighs a saved one."""
        if not self.deletions:
            return self
        keys = {(backup.store, backup.name, backup.start) for backup in listed}
        deletions = tuple(
            deletion
            for deletion in self.deletions
            if (deletion.backup.store, deletion.backup.name, deletion.backup.start) not in keys
        )
        return self if len(deletions) == len(self.deletions) else replace(self, deletions=deletions)

    def early_deletions(self, since: int) -> tuple["DeletedBackup", ...]:
        """Return the early deletions noticed since `since` (epoch ms), newest first."""
        early = (deletion for deletion in self.deletions if deletion.is_early and deletion.missing_since >= since)
        return tuple(sorted(early, key=lambda deletion: (-deletion.missing_since, deletion.backup.id)))

    def known_since(self, retention: int, now: int) -> int:
        """Return the time since which every backup with this retention (milliseconds) is known: epoch ms.

        It is at most `now - retention`. Each refresh lists all backups that had not been cleaned up by then; between
        two refreshes further apart than the retention a backup may have been made and deleted unseen.
        """
        since = now - retention
        for refreshed in reversed(self.refresh_times):
            if refreshed < since:
                break
            since = min(since, refreshed - retention)
        return since


class SiteState(Struct, frozen=True):
    """The results of one refresh of a site. An answer that has not arrived or was not requested is None."""

    location: str
    """Host and context of the site, or a file name; for display."""
    address: Address | None = None
    """Address of the site; None for a file."""
    site: Fetched[Site] | None = None
    stores: Fetched[tuple[Store, ...]] | None = None
    backups: dict[str, Fetched[tuple[Backup, ...]]] = {}
    """Lists of backups by the name of the store. Do not modify."""
    status: Fetched[DrStatus] | None = None
    settings: Fetched[DrSettings] | None = None
    schedules: Fetched[tuple[Schedule, ...]] | None = None
    job: Fetched[Job | None] | None = None
    """Job of the operation, fetched only while one is in progress; the value is None if there is no job."""
    history: SiteHistory = SiteHistory()
    """Information from history; empty if history is off."""
    clock_offset: int | None = None
    """Milliseconds that the site's clock is ahead of the local clock; None if unknown or not used. All times in here
    (`Fetched.at`) are times of the site's clock."""
    user: str = ""
    is_complete: bool = False
    """True if every requested resource has been answered."""
    mode: Fetched[SiteMode] | None = None
    """Mode of the site; this and the following are `EXTRAS`."""
    account: Fetched[Account] | None = None
    about: Fetched[SiteAbout] | None = None
    data: Fetched[tuple[DataStore, ...]] | None = None
    """Data stores of the site."""

    def __repr__(self) -> str:
        # asyncio logs it when a program ends; the default would list every record.
        return f"SiteState({self.location!r})"

    def with_backups(self, store: str, answer: Fetched[tuple[Backup, ...]]) -> "SiteState":
        """Return a copy with the list of backups of one store replaced."""
        return replace(self, backups={**self.backups, store: answer})

    @property
    def all_backups(self) -> tuple[Backup, ...]:
        """The backups of every store that could be read."""
        return tuple(backup for answer in self.backups.values() for backup in answer.value or ())

    def shifted(self, offset: int) -> "SiteState":
        """Return a copy with the times of all answers moved by `offset` milliseconds."""
        return self._changed(lambda _, answer: replace(answer, at=answer.at + offset)) if offset else self

    def with_cache_ages(self, cache_ages: Mapping[str, int]) -> "SiteState":
        """Return a copy with the named answers marked as cached for the given milliseconds."""
        return self._changed(lambda name, answer: _with_cache_age(answer, cache_ages.get(name)))

    def _changed(self, change: Callable[[str, Fetched[Any]], Fetched[Any]]) -> "SiteState":
        """Return a copy with each answer changed by a function of its name and value."""
        answers = {name: getattr(self, name) for name in (*RESOURCES, *EXTRAS, "job")}
        return replace(
            self,
            backups={store: change(BACKUPS_OF + store, answer) for store, answer in self.backups.items()},
            **{name: change(name, answer) for name, answer in answers.items() if answer is not None},
        )

    def site_time(self, local_time: int) -> int:
        """Return the time of the site's clock for a time of the local clock, both epoch ms."""
        return local_time + (self.clock_offset or 0)

    def is_known_missing(self, store: str) -> bool:
        """True if all stores are known and none has this name."""
        if not self.is_complete or self.stores is None or self.stores.value is None:
            return False
        return store not in self.backups and all(known.name != store for known in self.stores.value)

    @property
    def failures(self) -> tuple[tuple[str, Failure], ...]:
        """Names and failures of the resources with a problem, most important first."""
        lists = {BACKUPS_OF + store: answer for store, answer in self.backups.items()}
        answers = {"stores": self.stores, **lists, **{name: getattr(self, name) for name in RESOURCES}}
        problems = ((name, answer.problem) for name, answer in answers.items() if answer is not None)
        return tuple((name, failure) for name, failure in problems if failure is not None)

    @property
    def is_saved(self) -> bool:
        """True if the list of stores or a list of backups comes from history."""
        answers = (self.stores, *self.backups.values())
        return any(answer is not None and answer.source is Source.SAVED for answer in answers)

    @property
    def listed_at(self) -> int | None:
        """Time of the oldest answer among the lists of stores and backups, epoch ms; None if there is none."""
        answers = (self.stores, *self.backups.values())
        return min((answer.at for answer in answers if answer is not None), default=None)

    def with_fallback(self, previous: "SiteState") -> "SiteState":
        """Return a copy in which answers that are missing or failed are taken from `previous`.

        A failed account or mode is not: the account may have changed with the sign-in, and the mode with an update.
        """
        stores = _with_fallback(self.stores, previous.stores)
        names = None if stores is None or stores.value is None else {store.name for store in stores.value}
        backups = {name: _with_fallback(self.backups.get(name), answer) for name, answer in previous.backups.items()}
        backups |= {name: answer for name, answer in self.backups.items() if name not in backups}
        return replace(
            self,
            **{name: _with_fallback(getattr(self, name), getattr(previous, name)) for name in LASTING},
            **{name: getattr(self, name) or getattr(previous, name) for name in EXTRAS if name not in LASTING},
            backups={name: answer for name, answer in backups.items() if names is None or name in names},
            history=self.history if self.history != SiteHistory() else previous.history,
            clock_offset=self.clock_offset if self.clock_offset is not None else previous.clock_offset,
        )


def _with_cache_age(answer: Fetched[T], cache_age: int | None) -> Fetched[T]:
    return answer if cache_age is None else replace(answer, cache_age=cache_age, at=answer.at - cache_age)


def _with_fallback(fresh: Fetched[T] | None, previous: Fetched[T] | None) -> Fetched[T] | None:
    """Return the fresh answer; without one the previous answer; if it failed the previous value with the failure."""
    if fresh is None or previous is None:
        return fresh or previous
    if fresh.failure is not None:
        since = fresh.at if previous.failing_since is None else previous.failing_since
        kept = fresh if previous.value is None else previous
        return replace(kept, failure=fresh.failure, failed_at=since)
    if fresh.cache_age is not None and previous.value is not None and previous.at > fresh.at:
        return replace(previous, failure=fresh.problem)
    return fresh


def awaits_first_lists(state: SiteState) -> bool:
    """True while the first refresh has not yet brought the list of every store, so that a count would be too low."""
    if state.is_complete or state.is_saved or state.stores is None or state.stores.value is None:
        return False
    return any(state.backups.get(store.name) is None for store in state.stores.value)


def all_lists_known(state: SiteState) -> bool:
    """True if the backups of all stores are completely listed, so that "nothing usable" is certain."""
    if state.stores is None or state.stores.value is None or state.stores.incomplete_reason:
        return False
    return all(
        (answer := state.backups.get(store.name)) is not None
        and answer.value is not None
        and not answer.incomplete_reason
        for store in state.stores.value
    )
