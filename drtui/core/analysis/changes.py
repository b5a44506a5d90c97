"""New and changed restore points since the lists of a site were last viewed."""

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
from drtui.core.verdict.restore_points import RestorePoint, restore_points
from drtui.core.verdict.rules import Level, SiteFacts


class Change(enum.Enum):
    """The change of a restore point since its list was last viewed."""

    NEW = "new"
    CHANGED = "changed"
    """The record or the verdict of the restore point is different."""

    @property
    def sign(self) -> str:
        """A symbol of one ASCII cell."""
        return "+" if self is Change.NEW else "~"


class PreviousList(NamedTuple):
    """The previous list of one store."""

    identities: "array[int]"
    """Sorted hashes of name and start of each backup; a set of names would take more memory than the backups."""
    levels: dict[Backup, Level]
    """Level of the verdict by backup, as it was. Most keys are objects that the current list holds as well."""


class PreviousLists(Struct, frozen=True):
    """The lists of all stores as they were when last viewed."""

    listed_at: int | None = None
    """Time of the previous lists, epoch ms; None if there are none."""
    stores: Mapping[str, PreviousList] = {}

    def with_unlisted(self, site_state: SiteState, points: Iterable[RestorePoint]) -> "PreviousLists":
        """Return these lists, and the current lists of those stores that have no previous list."""
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
            store: PreviousList(array("q", sorted(identities)), levels)
            for store, (identities, levels) in previous.items()
        }
        return PreviousLists(
            site_state.listed_at if self.listed_at is None else self.listed_at, {**self.stores, **ordered}
        )

    def fetched_only(self, site_state: SiteState) -> "PreviousLists":
        """Return only the lists of stores whose current list was fetched: a saved list contains nothing new."""
        fetched = {store for store, answer in site_state.backups.items() if answer.source is not Source.SAVED}
        stores = {store: previous_list for store, previous_list in self.stores.items() if store in fetched}
        return PreviousLists(self.listed_at if stores else None, stores)

    def classify(self, point: RestorePoint) -> Change | None:
        """Return the change of a restore point; None if it did not change or its store has no previous list."""
        previous = self.stores.get(point.backup.store)
        if previous is None or (level := previous.levels.get(point.backup)) == point.verdict.level:
            return None
        return (
            Change.CHANGED
            if level is not None or _contains(previous.identities, _hash_identity(point.backup))
            else Change.NEW
        )


def make_previous_lists(site_state: SiteState, now: int) -> PreviousLists:
    """Return the lists of an earlier site state, with the verdicts as of its time.

    If `now` (epoch ms) is earlier than that time, the verdicts are as of `now`.
    """
    moment = now if site_state.listed_at is None else min(now, site_state.listed_at)
    return PreviousLists().with_unlisted(site_state, restore_points(SiteFacts.of(site_state, moment)))


def describe_changes(points: Iterable[RestorePoint], previous: PreviousLists, view: DisplayContext) -> str:
    """Return the number of changes and their period: `2 new, 1 changed since 22:14 yesterday`; empty for no changes."""
    counts = Counter(map(previous.classify, points))
    parts = [f"{counts[change]:,} {change.value}" for change in Change if counts[change]]
    return (
        f"{', '.join(parts)} since {format_relative_day(previous.listed_at, view.now, view.zone)}"
        if parts and previous.listed_at is not None
        else ""
    )


def _hash_identity(backup: Backup) -> int:
    """Return a hash of name and start, because a store may use the name of a deleted backup again."""
    return hash((backup.name, backup.start))


def _contains(ordered: "array[int]", number: int) -> bool:
    index = bisect_left(ordered, number)
    return index < len(ordered) and ordered[index] == number
