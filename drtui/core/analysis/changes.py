"""New and changed restore points since the lists of a site were last viewed."""

import enum
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

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


class PreviousLists(Struct, frozen=True):
    """The lists of stores as they were when last viewed."""

    listed_at: int | None = None
    """Time of the previous lists, epoch ms; None if there are none."""
    stores: frozenset[str] = frozenset()
    """Names of the stores that have a previous list."""
    identities: "array[int]" = array("q")
    """Sorted hashes of store, name and start of each backup; a set of names would take more memory than the backups."""
    levels: dict[Backup, Level] = {}
    """Level of the verdict by backup, as it was. Most keys are objects that the current list holds as well."""

    def with_unlisted(self, site_state: SiteState, points: Iterable[RestorePoint]) -> "PreviousLists":
        """Return these lists, and the current lists of those stores that have no previous list."""
        unknown = {store for store, answer in site_state.backups.items() if answer.value is not None} - self.stores
        if not unknown:
            return self
        identities, levels = array("q", self.identities), dict(self.levels)
        for point in points:
            if point.backup.store in unknown:
                identities.append(_hash_identity(point.backup))
                levels[point.backup] = point.verdict.level
        listed_at = site_state.listed_at if self.listed_at is None else self.listed_at
        return PreviousLists(listed_at, self.stores | unknown, array("q", sorted(identities)), levels)

    def fetched_only(self, site_state: SiteState) -> "PreviousLists":
        """Return only the lists of stores whose current list was fetched: a saved list contains nothing new."""
        fetched = {store for store, answer in site_state.backups.items() if answer.source is not Source.SAVED}
        stores = self.stores & fetched
        return replace(self, listed_at=self.listed_at if stores else None, stores=stores)

    def classify(self, point: RestorePoint) -> Change | None:
        """Return the change of a restore point; None if it did not change or its store has no previous list."""
        backup = point.backup
        if backup.store not in self.stores or (level := self.levels.get(backup)) == point.verdict.level:
            return None
        if level is not None or _contains(self.identities, _hash_identity(backup)):
            return Change.CHANGED
        return Change.NEW


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
    if not parts or previous.listed_at is None:
        return ""
    return f"{', '.join(parts)} since {format_relative_day(previous.listed_at, view.now, view.zone)}"


def _hash_identity(backup: Backup) -> int:
    """Return a hash of store, name and start, because a store may use the name of a deleted backup again."""
    return hash((backup.store, backup.name, backup.start))


def _contains(ordered: "array[int]", number: int) -> bool:
    index = bisect_left(ordered, number)
    return index < len(ordered) and ordered[index] == number
