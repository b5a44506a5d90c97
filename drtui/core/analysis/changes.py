"""What is new in the lists of a site since somebody last looked: nothing, where nothing is known of before."""

import enum
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from msgspec import Struct

from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.times import format_relative_day
from drtui.core.model.backup import Backup
from drtui.core.model.site_state import SiteState, Source
from drtui.core.verdict.restore_points import RestorePoint, iter_restore_points
from drtui.core.verdict.verdict import Level


class Change(enum.Enum):
    """What became of a restore point."""

    NEW = "new"
    CHANGED = "changed"
    """Its record is another one, or what is thought of it."""

    @property
    def sign(self) -> str:
        """One cell, the same in ASCII."""
        return "+" if self is Change.NEW else "~"


class PreviousList(NamedTuple):
    """The list of a store."""

    identities: "array[int]"
    """A number for each backup in it, in order: sets of what they are called would take more than the backups do."""
    levels: dict[Backup, Level]
    """Each as it was, mostly a value that is held anyway, with what was thought of it."""


class PreviousLists(Struct, frozen=True):
    """The lists as they were when somebody last looked."""

    at: int | None = None
    """When that was, epoch ms; None if nothing is known."""
    stores: Mapping[str, PreviousList] = {}

    def with_unlisted(self, site_state: SiteState, points: Iterable[RestorePoint]) -> "PreviousLists":
        """The same, and the lists of which nothing was known, as they are now."""
        unknown = {
            store for store, answer in site_state.backups.items() if answer.value is not None
        } - self.stores.keys()
        if not unknown:
            return self
        previous = {store: PreviousList(array("q"), {}) for store in unknown}
        for point in points:
            if (previous_list := previous.get(point.backup.store)) is not None:
                previous_list.identities.append(_hash_identity(point.backup))
                previous_list.levels[point.backup] = point.verdict.level
        ordered = {
            store: PreviousList(array("q", sorted(names)), levels) for store, (names, levels) in previous.items()
        }
        return PreviousLists(site_state.listed_at if self.at is None else self.at, {**self.stores, **ordered})

    def fetched_only(self, site_state: SiteState) -> "PreviousLists":
        """Only of the lists that have been read since: of what was saved, nothing is new."""
        read = {store for store, answer in site_state.backups.items() if answer.source is not Source.SAVED}
        stores = {store: each for store, each in self.stores.items() if store in read}
        return PreviousLists(self.at if stores else None, stores)

    def classify(self, point: RestorePoint) -> Change | None:
        """What became of a restore point; None for nothing, and where it cannot be told."""
        previous = self.stores.get(point.backup.store)
        if previous is None or (level := previous.levels.get(point.backup)) == point.verdict.level:
            return None
        return (
            Change.CHANGED
            if level is not None or _contains(previous.identities, _hash_identity(point.backup))
            else Change.NEW
        )


def previous_lists(site_state: SiteState, now: int) -> PreviousLists:
    """The lists of an earlier reading, with what was thought of them then; `now` (epoch ms) may be earlier still."""
    then = now if site_state.listed_at is None else min(now, site_state.listed_at)
    return PreviousLists().with_unlisted(site_state, iter_restore_points(site_state, then))


def describe_changes(points: Iterable[RestorePoint], previous: PreviousLists, view: DisplayContext) -> str:
    """How many of these are new, and since when: `2 new, 1 changed since 22:14 yesterday`; empty if none is."""
    counts = Counter(map(previous.classify, points))
    parts = [f"{counts[each]:,} {each.value}" for each in Change if counts[each]]
    return (
        f"{', '.join(parts)} since {format_relative_day(previous.at, view.now, view.zone)}"
        if parts and previous.at is not None
        else ""
    )


def _hash_identity(backup: Backup) -> int:
    """A number for its name and start: within its store, a name that is used again is another backup."""
    return hash((backup.name, backup.start))


def _contains(ordered: "array[int]", number: int) -> bool:
    at = bisect_left(ordered, number)
    return at < len(ordered) and ordered[at] == number
