"""An immutable, sorted and filtered list of restore points."""

from collections.abc import Callable, Sequence
from typing import Self

from msgspec import Struct

from drtui.core.formatting.times import LAST
from drtui.core.model.backup import NEVER, Backup
from drtui.core.model.site import Release
from drtui.core.query.query import Query
from drtui.core.query.text_tests import Test
from drtui.core.summary.labels import why_text
from drtui.core.verdict.restore_points import RestorePoint

SortKey = Callable[[RestorePoint], tuple[object, ...]]


def _by_text(value_of: Callable[[Backup], str]) -> SortKey:
    return lambda point: (value_of(point.backup).lower(), point.backup.start or 0)


def _by_number(value_of: Callable[[Backup], int | None]) -> SortKey:
    """Return a sort key by number; unknown numbers come first."""

    def key(point: RestorePoint) -> tuple[object, ...]:
        number = value_of(point.backup)
        return -1 if number is None else number, point.backup.start or 0

    return key


def _expiry(backup: Backup) -> int:
    """Return a number to sort retention dates by: unknown comes before all dates, never after all."""
    return LAST + 1 if backup.retention == NEVER else backup.retention or 0


SORT_KEYS: dict[str, SortKey] = {
    "name": lambda point: (point.backup.name.lower(), point.backup.store),
    "verdict": lambda point: (point.verdict.level, point.backup.start or 0),
    "age": lambda point: (-(point.backup.start or 0), point.backup.name),
    "started": lambda point: (point.backup.start or 0, point.backup.name),
    "expires": _by_number(_expiry),
    "store": _by_text(lambda backup: backup.store),
    "took": _by_number(lambda backup: backup.duration),
    "kind": _by_text(lambda backup: backup.schedule_type),
    "release": lambda point: (_release_numbers(point.backup), point.backup.release, point.backup.start or 0),
    "completed": _by_number(lambda backup: backup.end),
    "until": _by_number(_expiry),
    "geodatabases": _by_number(lambda backup: len(backup.geodatabases)),
    "buckets": _by_number(lambda backup: len(backup.buckets)),
    "clusters": _by_text(lambda backup: " ".join(backup.clusters)),
    "window": _by_number(lambda backup: backup.capture_duration),
    "site": _by_text(lambda backup: backup.site_name),
    "namespace": _by_text(lambda backup: backup.namespace),
    "type": _by_text(lambda backup: backup.backup_type),
    "description": _by_text(lambda backup: backup.description),
    "reason": lambda point: (point.verdict.level, why_text(point), point.backup.start or 0),
}
"""The sort key of each column (`columns`)."""

NEWEST_FIRST = frozenset({"started", "completed"})
"""Keys that sort in descending order by default."""


def _release_numbers(backup: Backup) -> tuple[int, ...]:
    """Return the release as numbers, so that 10.9.1 comes before 11.0 (rule R14); unreadable releases come first."""
    release = Release.parse(backup.release)
    return release.numbers if release is not None else ()


class Order(Struct, frozen=True):
    """The sort order of a catalog."""

    key: str = "started"
    is_descending: bool = True

    @classmethod
    def default_for(cls, key: str) -> Self:
        """Return the order by `key` in its default direction."""
        return cls(key, key in NEWEST_FIRST)

    @property
    def reversed(self) -> "Order":
        """The same key in the opposite direction."""
        return Order(self.key, not self.is_descending)

    @property
    def is_oldest_first(self) -> bool | None:
        """True if older restore points come first; None if the order is not by start time."""
        return {"started": not self.is_descending, "age": self.is_descending}.get(self.key)


class Criteria(Struct, frozen=True):
    """The order, filter and store of a catalog."""

    order: Order = Order()
    filter: Query = Query()
    store: str | None = None
    """The only store to list; None for all stores."""


class Catalog(Criteria, frozen=True):
    """An immutable list of restore points, sorted and filtered by criteria."""

    points: tuple[RestorePoint, ...] = ()
    """The restore points that match store and filter, sorted."""
    source: tuple[RestorePoint, ...] = ()
    """All restore points, unsorted."""
    store_count: int = 0
    """Number of restore points in the store, before the filter."""

    @property
    def criteria(self) -> Criteria:
        """The order, filter and store of this catalog."""
        return Criteria(self.order, self.filter, self.store)

    def with_criteria(self, criteria: Criteria, source: tuple[RestorePoint, ...] | None = None) -> "Catalog":
        """Return a catalog with other criteria, of the same restore points or of `source`."""
        source = self.source if source is None else source
        if source is self.source and criteria == self.criteria:
            return self
        order, query, store = criteria.order, criteria.filter, criteria.store
        in_store = source if store is None else [point for point in source if point.backup.store == store]
        points: Sequence[RestorePoint] = in_store
        for term in query.terms:
            points = [point for point in points if term.test(point.backup, point.verdict)]
        points = sorted(points, key=SORT_KEYS[order.key], reverse=order.is_descending)
        return Catalog(order, query, store, tuple(points), source, len(in_store))

    def count_matching(self, test: Test) -> int:
        """Count the restore points of the store, or of all stores, that pass one test of a filter."""
        in_store = (point for point in self.source if self.store in {None, point.backup.store})
        return sum(bool(test(point.backup, point.verdict)) for point in in_store)

    def includes(self, point: RestorePoint) -> bool:
        """Return True if a restore point matches store and filter."""
        return self.store in {None, point.backup.store} and self.filter.matches(point.backup, point.verdict)
