"""Which data stores of a site are in its newest usable backup, as far as records can show it.

Certain: data stores that people registered are in no backup, and how many stores the site and a record name. Not
certain: which instance a backup was taken from, because ids change when a site is deployed again or restored.
"""

import enum
from collections.abc import Iterable, Sequence

from msgspec import Struct

from drtui.core.model.backup import OBJECT, RELATIONAL, Backup
from drtui.core.model.data_store import DataStore
from drtui.core.model.site import Store
from drtui.core.verdict.restore_points import RestorePoint, start_time


class Cover(enum.Enum):
    """The place of a data store in the backups of its site."""

    OUTSIDE = "outside"
    """People registered it: no backup contains it."""
    HELD = "held"
    """Its instance is in the newest usable backup."""
    NOT_HELD = "not held"
    """There is no usable backup, or it holds no store of this kind."""
    COUNTED = "counted"
    """The newest usable backup holds stores of its kind, but names or ids to compare are missing."""
    OTHER_INSTANCE = "other instance"
    """The newest usable backup holds other instances: of the stores as they were, or of another store."""
    TEMPORARY = "temporary"
    """It holds temporary data only."""
    UNKNOWN_TYPE = "unknown type"
    """The site manages it, and it is unknown whether a backup contains stores of this type."""
    UNKNOWN_OWNER = "unknown owner"
    """The site does not say whether it manages it."""


class CoveredStore(Struct, frozen=True):
    """A data store and its place in the backups."""

    store: DataStore
    cover: Cover


class StoreCount(Struct, frozen=True):
    """The system-managed stores of one kind: how many the site lists, and how many a backup holds."""

    kind: str
    """Kind of part of a backup."""
    listed: int
    held: int
    """Number in the newest usable backup; 0 if there is none."""
    last_full: RestorePoint | None = None
    """The newest usable restore point that holds as many as the site lists; None if none does."""

    @property
    def missing(self) -> int:
        """The number of stores that the site lists beyond those in the newest usable backup."""
        return max(0, self.listed - self.held)


class Coverage(Struct, frozen=True):
    """The data stores of a site against its newest usable backup."""

    stores: tuple[CoveredStore, ...]
    counts: tuple[StoreCount, ...]
    point: RestorePoint | None
    """The newest usable restore point; None if none is known."""
    without_big_data: tuple[Store, ...] = ()
    """Backup stores whose backups leave the spatiotemporal big data store out."""
    big_data_unknown: tuple[Store, ...] = ()
    """Backup stores that do not say whether their backups contain it."""

    def stores_with(self, *covers: Cover) -> tuple[DataStore, ...]:
        """Return the data stores with one of these places."""
        return tuple(covered.store for covered in self.stores if covered.cover in covers)

    @property
    def has_system_managed(self) -> bool:
        """True if the site lists a store that it manages; every site has some."""
        return any(covered.store.is_system_managed for covered in self.stores)

    @property
    def is_missing(self) -> bool:
        """True if by count a system-managed store is not in the newest usable backup."""
        return any(count.missing for count in self.counts)

    @property
    def is_known(self) -> bool:
        """True if the site lists system-managed stores and says of each store whether it manages it."""
        return self.has_system_managed and not self.stores_with(Cover.UNKNOWN_OWNER)


def assess_coverage(
    data_stores: Sequence[DataStore], points: Sequence[RestorePoint], backup_stores: Iterable[Store] = ()
) -> Coverage:
    """Return the coverage of data stores by the usable ones of `points`, which are in `backup_stores`."""
    usable = [point for point in points if point.verdict.is_usable]
    newest = max(usable, key=start_time, default=None)
    backup_stores = tuple(backup_stores)
    return Coverage(
        tuple(CoveredStore(store, _cover(store, newest)) for store in data_stores),
        tuple(
            _count(kind, listed, newest, usable)
            for kind in (RELATIONAL, OBJECT)
            if (listed := sum(store.part_kind == kind for store in data_stores))
        ),
        newest,
        tuple(store for store in backup_stores if store.covers_big_data is False),
        tuple(store for store in backup_stores if store.covers_big_data is None),
    )


def _cover(store: DataStore, newest: RestorePoint | None) -> Cover:
    """Return the place of a data store in the newest usable backup."""
    if store.is_system_managed is None:
        return Cover.UNKNOWN_OWNER
    if not store.is_system_managed:
        return Cover.OUTSIDE
    if store.is_in_memory:
        return Cover.TEMPORARY
    if not store.part_kind:
        return Cover.UNKNOWN_TYPE
    if newest is None or not _held(newest.backup, store.part_kind):
        return Cover.NOT_HELD
    instances = {part.cluster for part in newest.backup.undated_parts if part.kind == store.part_kind}
    if not store.instance or "" in instances:
        return Cover.COUNTED
    return Cover.HELD if store.instance in instances else Cover.OTHER_INSTANCE


def _count(kind: str, listed: int, newest: RestorePoint | None, usable: Sequence[RestorePoint]) -> StoreCount:
    """Return the count of one kind; older usable restore points are only searched if the newest holds too few."""
    held = 0 if newest is None else _held(newest.backup, kind)
    full = newest
    if held < listed:
        full = max((point for point in usable if _held(point.backup, kind) >= listed), key=start_time, default=None)
    return StoreCount(kind, listed, held, full)


def _held(backup: Backup, kind: str) -> int:
    """Return the number of stores of a kind in a backup; parts of one instance are one store."""
    clusters = [part.cluster for part in backup.undated_parts if part.kind == kind]
    return len(set(filter(None, clusters))) + clusters.count("")
