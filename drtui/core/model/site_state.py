"""All that one look at a site returned: each resource as a value or as a Trouble, with its time and its source."""

import enum
from collections.abc import Iterable, Mapping
from typing import Generic, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from drtui.core.formatting.times import format_age
from drtui.core.model.address import Address
from drtui.core.model.backup import NEVER, Backup
from drtui.core.model.failure import Failure, FailureKind
from drtui.core.model.site import DrSettings, DrStatus, Job, Schedule, Site, Store

T = TypeVar("T")


BACKUPS_OF = "backups of "
"""Prefix of the name of the answer for a store's list."""


class Source(enum.Enum):
    """Where an answer comes from."""

    LIVE = "live"
    SAVED = "saved"
    FILE = "file"


class Fetched(Struct, Generic[T], frozen=True):
    """What came of asking for one resource: a value or a trouble; after a failed refresh the old value, and why."""

    at: int
    """When the value came, or where there is none the trouble; epoch ms."""
    value: T | None = None
    failure: Failure | None = None
    source: Source = Source.LIVE
    partial: str = ""
    """One sentence: why the value is not all that the site has; empty for a whole one."""
    cache_age: int | None = None
    """Milliseconds for which a cache on the way had kept the value, 0 if nobody knows; None if the site sent it."""

    @property
    def problem(self) -> Failure | None:
        """The flaw by which this does not say how things are: failed, a part, or cached; None if there is none."""
        if self.failure is not None:
            return self.failure
        if self.partial:
            return Failure(
                FailureKind.UNREADABLE,
                "incomplete-list",
                self.partial,
                cause="The site, or a gateway before it, sends its lists in pages, which is not documented.",
                advice="What is not listed here may exist: look in ArcGIS Enterprise Manager, and please report it.",
            )
        if self.cache_age is not None:
            return Failure(
                FailureKind.UNREADABLE,
                "aged",
                f"the answer is {format_age(self.cache_age)} old: a cache on the way sent it, not the site"
                if self.cache_age
                else "the answer comes from a proxy or cache on the way, not from the site itself",
                cause="A proxy or gateway keeps answers of the site.",
                advice="Have it leave alone what lies under /admin.",
            )
        return None


class DeletedBackup(Struct, frozen=True):
    """A backup that was in a list, and no longer is; moments are epoch ms."""

    backup: Backup
    last_seen: int
    """When it was last seen."""
    missing_since: int
    """When the list no longer had it."""

    @property
    def is_early(self) -> bool:
        """Whether it went before its retention date, or was to be kept forever: the cleaner did not take it."""
        date = self.backup.retention
        return self.backup.is_completed and date is not None and (date == NEVER or date > self.missing_since)


class SiteHistory(Struct, frozen=True):
    """What history remembers of a site beyond its last answers."""

    deletions: tuple[DeletedBackup, ...] = ()
    refresh_times: tuple[int, ...] = ()
    """When it was looked at whole, epoch ms, oldest first; of many looks a day the last is enough."""

    @property
    def deleted_backups(self) -> tuple[Backup, ...]:
        """Those that are gone."""
        return tuple(each.backup for each in self.deletions)

    def without(self, listed: Iterable[Backup]) -> "SiteHistory":
        """Return the same without what a list holds after all: a list that was just read wins over what was saved."""
        if not self.deletions:
            return self
        here = {(each.store, each.name, each.start) for each in listed}
        gone = tuple(
            each for each in self.deletions if (each.backup.store, each.backup.name, each.backup.start) not in here
        )
        return self if len(gone) == len(self.deletions) else replace(self, deletions=gone)

    def early_deletions(self, since: int) -> tuple["DeletedBackup", ...]:
        """Those that were found gone from `since` (epoch ms) on, before their retention date; the latest first."""
        found = (each for each in self.deletions if each.is_early and each.missing_since >= since)
        return tuple(sorted(found, key=lambda each: (-each.missing_since, each.backup.id)))

    def known_since(self, retention: int, now: int) -> int:
        """From when on every backup that is kept for `kept` milliseconds has been seen: epoch ms, at most now - kept.

        Each look knows of all that had not been cleaned up by then; between two looks further apart something may
        have come and gone.
        """
        since = now - retention
        for look in reversed(self.refresh_times):
            if look < since:
                break
            since = min(since, look - retention)
        return since


class SiteState(Struct, frozen=True):
    """One look at one site. An answer that has not arrived yet, or was not asked for, is None."""

    location: str
    """What was looked at, for people: host and context, or a file."""
    address: Address | None = None
    """None for a file."""
    site: Fetched[Site] | None = None
    stores: Fetched[tuple[Store, ...]] | None = None
    backups: dict[str, Fetched[tuple[Backup, ...]]] = {}
    """By the name of the store. Not to be changed in place."""
    status: Fetched[DrStatus] | None = None
    settings: Fetched[DrSettings] | None = None
    schedules: Fetched[tuple[Schedule, ...]] | None = None
    job: Fetched[Job | None] | None = None
    """The job of the operation, asked for only while one goes on; its value is None if there is none."""
    history: SiteHistory = SiteHistory()
    """What history adds; empty without one."""
    clock_offset: int | None = None
    """Milliseconds that the site's clock is ahead of this machine's; its own moments (`Answer.at`) and ages follow the
    site's. None if that is not known, or not wanted."""
    user: str = ""
    is_complete: bool = False
    """Whether everything that was asked for has been answered."""

    def __repr__(self) -> str:
        # asyncio asks for it when a program ends, and would be told every record.
        return f"Reading({self.location!r})"

    def with_backups(self, store: str, answer: Fetched[tuple[Backup, ...]]) -> "SiteState":
        """The same reading with the backups of one store."""
        return replace(self, backups={**self.backups, store: answer})

    @property
    def all_backups(self) -> tuple[Backup, ...]:
        """The backups of every store that could be read."""
        return tuple(each for answer in self.backups.values() for each in answer.value or ())

    def shifted(self, offset: int) -> "SiteState":
        """Return the same reading with everything answered `by` milliseconds later."""
        if not offset:
            return self
        return replace(
            self,
            site=_shifted(self.site, offset),
            stores=_shifted(self.stores, offset),
            backups={store: replace(answer, at=answer.at + offset) for store, answer in self.backups.items()},
            status=_shifted(self.status, offset),
            settings=_shifted(self.settings, offset),
            schedules=_shifted(self.schedules, offset),
            job=_shifted(self.job, offset),
        )

    def with_cache_ages(self, cache_ages: Mapping[str, int]) -> "SiteState":
        """Return the same reading with the answers of these names as old as that, milliseconds, when they came."""
        stores = {name.removeprefix(BACKUPS_OF): ms for name, ms in cache_ages.items() if name.startswith(BACKUPS_OF)}
        return replace(
            self,
            backups={store: _with_cache_age(answer, stores.get(store)) for store, answer in self.backups.items()},
            **{
                name: _with_cache_age(getattr(self, name), ms)
                for name, ms in cache_ages.items()
                if not name.startswith(BACKUPS_OF)
            },
        )

    def site_time(self, local_time: int) -> int:
        """Return the moment `here` of this machine's clock, epoch ms, by the site's."""
        return local_time + (self.clock_offset or 0)

    def is_known_missing(self, store: str) -> bool:
        """Whether it is known that there is no such store."""
        if not self.is_complete or self.stores is None or self.stores.value is None:
            return False
        return store not in self.backups and store not in {each.name for each in self.stores.value}

    @property
    def failures(self) -> tuple[tuple[str, Failure], ...]:
        """What failed, with the name of what it was, most important first."""
        named = [("stores", _problem(self.stores))]
        named += [(BACKUPS_OF + store, _problem(answer)) for store, answer in self.backups.items()]
        named += [("site", _problem(self.site)), ("status", _problem(self.status))]
        named += [("settings", _problem(self.settings)), ("schedules", _problem(self.schedules))]
        return tuple((name, trouble) for name, trouble in named if trouble is not None)

    @property
    def is_saved(self) -> bool:
        """Whether the list of stores, or of the backups of one, is one that was saved by an earlier look."""
        answers = (self.stores, *self.backups.values())
        return any(each is not None and each.source is Source.SAVED for each in answers)

    @property
    def listed_at(self) -> int | None:
        """When the list was read, epoch ms: the oldest of the answers that it is made of."""
        answers = (self.stores, *self.backups.values())
        return min((answer.at for answer in answers if answer is not None), default=None)

    def with_fallback(self, previous: "SiteState") -> "SiteState":
        """This reading where it brought something, and `kept` where it has not arrived, or failed."""
        stores = _with_fallback(self.stores, previous.stores)
        named = None if stores is None or stores.value is None else {store.name for store in stores.value}
        backups = {name: _with_fallback(self.backups.get(name), answer) for name, answer in previous.backups.items()}
        backups |= {name: answer for name, answer in self.backups.items() if name not in backups}
        return replace(
            self,
            site=_with_fallback(self.site, previous.site),
            stores=stores,
            backups={name: answer for name, answer in backups.items() if named is None or name in named},
            status=_with_fallback(self.status, previous.status),
            settings=_with_fallback(self.settings, previous.settings),
            schedules=_with_fallback(self.schedules, previous.schedules),
            history=self.history if self.history != SiteHistory() else previous.history,
            clock_offset=self.clock_offset if self.clock_offset is not None else previous.clock_offset,
        )


def _shifted(answer: Fetched[T] | None, offset: int) -> Fetched[T] | None:
    return answer and replace(answer, at=answer.at + offset)


def _with_cache_age(answer: Fetched[T], cache_age: int | None) -> Fetched[T]:
    return answer if cache_age is None else replace(answer, cache_age=cache_age, at=answer.at - cache_age)


def _with_fallback(fresh: Fetched[T] | None, previous: Fetched[T] | None) -> Fetched[T] | None:
    """The fresh answer; where there is none the one from before; where it failed the value from before, and why."""
    if fresh is None or previous is None:
        return fresh or previous
    if fresh.failure is not None and previous.value is not None:
        return replace(previous, failure=fresh.failure)
    if fresh.cache_age is not None and previous.value is not None and previous.at > fresh.at:
        return replace(previous, failure=fresh.problem)
    return fresh


def _problem(answer: Fetched[T] | None) -> Failure | None:
    """Return the flaw of an answer that has arrived; None if it has none."""
    return answer.problem if answer is not None else None


def all_lists_known(state: SiteState) -> bool:
    """True if the lists of all stores could be read, each whole, so that *nothing usable* means what it says."""
    if state.stores is None or state.stores.value is None or state.stores.partial:
        return False
    return all(
        (answer := state.backups.get(store.name)) is not None and answer.value is not None and not answer.partial
        for store in state.stores.value
    )
