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

    def with_unlisted(self, reading: SiteState, points: Iterable[RestorePoint]) -> "PreviousLists":
        """The same, and the lists of which nothing was known, as they are now."""
        unknown = {store for store, answer in reading.backups.items() if answer.value is not None} - self.stores.keys()
        if not unknown:
            return self
        found = {store: PreviousList(array("q"), {}) for store in unknown}
        for point in points:
            if (known := found.get(point.backup.store)) is not None:
                known.identities.append(_identity(point.backup))
                known.levels[point.backup] = point.verdict.level
        ordered = {store: PreviousList(array("q", sorted(names)), levels) for store, (names, levels) in found.items()}
        return PreviousLists(reading.listed_at if self.at is None else self.at, {**self.stores, **ordered})

    def fetched_only(self, reading: SiteState) -> "PreviousLists":
        """Only of the lists that have been read since: of what was saved, nothing is new."""
        read = {store for store, answer in reading.backups.items() if answer.source is not Source.SAVED}
        stores = {store: each for store, each in self.stores.items() if store in read}
        return PreviousLists(self.at if stores else None, stores)

    def classify(self, point: RestorePoint) -> Change | None:
        """What became of a restore point; None for nothing, and where it cannot be told."""
        known = self.stores.get(point.backup.store)
        if known is None or (level := known.levels.get(point.backup)) == point.verdict.level:
            return None
        return (
            Change.CHANGED if level is not None or _is_among(known.identities, _identity(point.backup)) else Change.NEW
        )


def previous_lists(reading: SiteState, now: int) -> PreviousLists:
    """The lists of an earlier reading, with what was thought of them then; `now` (epoch ms) may be earlier still."""
    then = now if reading.listed_at is None else min(now, reading.listed_at)
    return PreviousLists().with_unlisted(reading, iter_restore_points(reading, then))


def describe_changes(points: Iterable[RestorePoint], since: PreviousLists, view: DisplayContext) -> str:
    """How many of these are new, and since when: `2 new, 1 changed since 22:14 yesterday`; empty if none is."""
    found = Counter(map(since.classify, points))
    said = [f"{found[each]:,} {each.value}" for each in Change if found[each]]
    return (
        f"{', '.join(said)} since {format_relative_day(since.at, view.now, view.zone)}"
        if said and since.at is not None
        else ""
    )


def _identity(backup: Backup) -> int:
    """A number for its name and start: within its store, a name that is used again is another backup."""
    return hash((backup.name, backup.start))


def _is_among(ordered: "array[int]", number: int) -> bool:
    at = bisect_left(ordered, number)
    return at < len(ordered) and ordered[at] == number
