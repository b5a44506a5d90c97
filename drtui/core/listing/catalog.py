"""An immutable, sorted, filtered list of restore points that remembers how it was made."""

from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest
from typing import Self

from msgspec import Struct
from msgspec.structs import replace

from drtui.core.formatting.times import LAST
from drtui.core.model.backup import NEVER, Backup
from drtui.core.model.site import Release
from drtui.core.query.query import Query
from drtui.core.query.text_tests import Test
from drtui.core.verdict.restore_points import RestorePoint

SortKey = Callable[[RestorePoint], tuple[object, ...]]


def _text(of: Callable[[Backup], str]) -> SortKey:
    return lambda point: (of(point.backup).lower(), point.backup.start or 0)


def _number(of: Callable[[Backup], int | None]) -> SortKey:
    """By a number; where it is not known, before every other."""

    def key(point: RestorePoint) -> tuple[object, ...]:
        found = of(point.backup)
        return -1 if found is None else found, point.backup.start or 0

    return key


def _expiry(backup: Backup) -> int:
    """When it goes; never comes after every date, and not known before."""
    return LAST + 1 if backup.retention == NEVER else backup.retention or 0


SORT_KEYS: dict[str, SortKey] = {
    "name": lambda point: (point.backup.name.lower(), point.backup.store),
    "verdict": lambda point: (point.verdict.level, point.backup.start or 0),
    "age": lambda point: (-(point.backup.start or 0), point.backup.name),
    "started": lambda point: (point.backup.start or 0, point.backup.name),
    "expires": _number(_expiry),
    "store": _text(lambda backup: backup.store),
    "took": _number(lambda backup: backup.duration),
    "kind": _text(lambda backup: backup.schedule_type),
    "release": lambda point: (_release(point.backup), point.backup.release, point.backup.start or 0),
    "completed": _number(lambda backup: backup.end),
    "until": _number(_expiry),
    "geodatabases": _number(lambda backup: len(backup.geodatabases)),
    "buckets": _number(lambda backup: len(backup.buckets)),
    "clusters": _text(lambda backup: " ".join(backup.clusters)),
    "window": _number(lambda backup: backup.capture_duration),
    "site": _text(lambda backup: backup.site_name),
    "namespace": _text(lambda backup: backup.namespace),
    "type": _text(lambda backup: backup.backup_type),
    "description": _text(lambda backup: backup.description),
    "reason": lambda point: (point.verdict.level, point.verdict.main.text, point.backup.start or 0),
}
"""What a list of restore points can be sorted by: everything that is a column (`columns`)."""

NEWEST_FIRST = frozenset({"started", "completed"})
"""By what one looks for the largest first."""


def _release(backup: Backup) -> tuple[int, ...]:
    """By its numbers: 10.9.1 comes before 11.0 (rule R14); what is none before every other."""
    release = Release.parse(backup.release)
    return release.numbers if release is not None else ()


class Order(Struct, frozen=True):
    """By what a catalog is sorted."""

    key: str = "started"
    descending: bool = True

    @classmethod
    def default_for(cls, key: str) -> Self:
        """The way round in which one looks at it first."""
        return cls(key, key in NEWEST_FIRST)

    @property
    def reversed(self) -> "Order":
        """The other way round."""
        return Order(self.key, not self.descending)

    @property
    def is_oldest_first(self) -> bool | None:
        """Which way time goes in it; None if it is not an order of time."""
        return {"started": not self.descending, "age": self.descending}.get(self.key)


class Criteria(Struct, frozen=True):
    """Which restore points are to be listed, and in which order."""

    order: Order = Order()
    filter: Query = Query()
    store: str | None = None
    """Only this store's; None for all."""


SLICE_SIZE = 5_000
"""Restore points that are gone through before one is asked whether that is still of interest."""

SORT_RUN_SIZE = 25_000
"""Those that are sorted in one go."""

CancelCheck = Callable[[], object]
"""Called between slices; whoever is no longer interested raises in it."""


def never_cancel() -> None:
    """Whatever is begun is brought to its end."""


class Catalog(Struct, frozen=True):
    """Restore points in an order, under a filter, of one store or of all. Every change gives a new catalog."""

    points: tuple[RestorePoint, ...] = ()
    """Those shown, in order."""
    source: tuple[RestorePoint, ...] = ()
    """All there are."""
    sorted_source: tuple[RestorePoint, ...] = ()
    """The same in order, so that a filter has nothing to sort."""
    order: Order = Order()
    filter: Query = Query()
    store: str | None = None
    """Only this store's; None for all."""
    store_count: int = 0
    """How many there are before the filter."""

    @property
    def criteria(self) -> Criteria:
        """What it was made by."""
        return Criteria(self.order, self.filter, self.store)

    def with_criteria(
        self, criteria: Criteria, source: tuple[RestorePoint, ...] | None = None, check: CancelCheck = never_cancel
    ) -> "Catalog":
        """What meets other criteria, of the same restore points or of fresh ones."""
        source = self.source if source is None else source
        fresh = source is not self.source
        if not fresh and criteria == self.criteria:
            return self
        ordered = source if fresh else self.sorted_source
        if fresh or criteria.order != self.order:
            ordered = _ordered(ordered, criteria.order, check)
        points, within = _view(ordered, criteria, check)
        return Catalog(points, source, ordered, criteria.order, criteria.filter, criteria.store, within)

    def with_source(self, source: tuple[RestorePoint, ...], now: int | None = None) -> "Catalog":
        """The same view of fresh restore points; `now` (epoch ms) is when the filter's ages are taken as of."""
        query = self.filter if now is None else self.filter.as_of(now)
        return self.with_criteria(replace(self.criteria, filter=query), source)

    def with_order(self, order: Order) -> "Catalog":
        """The same restore points in another order."""
        return self.with_criteria(replace(self.criteria, order=order))

    def with_filter(self, query: Query) -> "Catalog":
        """Those that a filter means."""
        return self.with_criteria(replace(self.criteria, filter=query))

    def with_store(self, store: str | None) -> "Catalog":
        """Those of one store, or of all."""
        return self.with_criteria(replace(self.criteria, store=store))

    def count_matching(self, test: Test, check: CancelCheck = never_cancel) -> int:
        """How many of its store, or of all, pass one test of a filter."""
        return sum(
            bool(test(each.backup, each.verdict)) for some in _slices(self.source, self.store, check) for each in some
        )

    def includes(self, point: RestorePoint) -> bool:
        """Whether store and filter let a restore point through."""
        return self.store in {None, point.backup.store} and self.filter.matches(point.backup, point.verdict)


def _ordered(points: tuple[RestorePoint, ...], order: Order, check: CancelCheck) -> tuple[RestorePoint, ...]:
    """The same in order. Sorted run by run, which are then merged: while `sorted` compares, no thread gives way."""
    key_of, after = SORT_KEYS[order.key], order.descending
    keys = [key_of(point) for point in points]
    runs = []
    for start in range(0, len(points), SORT_RUN_SIZE):
        check()
        runs.append(sorted(range(start, min(start + SORT_RUN_SIZE, len(points))), key=keys.__getitem__, reverse=after))
    while len(runs) > 1:
        check()
        pairs = zip_longest(runs[::2], runs[1::2], fillvalue=())
        runs = [sorted((*one, *other), key=keys.__getitem__, reverse=after) for one, other in pairs]
    return tuple(points[at] for run in runs for at in run)


def _view(
    ordered: tuple[RestorePoint, ...], criteria: Criteria, check: CancelCheck
) -> tuple[tuple[RestorePoint, ...], int]:
    """Those that store and filter let through, and how many the store alone does."""
    tests, chosen, within = criteria.filter.tests, list[RestorePoint](), 0
    if criteria.store is None and not tests:
        return ordered, len(ordered)
    for some in _slices(ordered, criteria.store, check):
        within += len(some)
        passed = some
        for test in tests:
            passed = [point for point in passed if test(point.backup, point.verdict)]
        chosen += passed
    return tuple(chosen), within


def _slices(
    points: tuple[RestorePoint, ...], store: str | None, check: CancelCheck
) -> Iterator[Sequence[RestorePoint]]:
    """Those of a store, or all, some at a time."""
    for start in range(0, len(points), SLICE_SIZE):
        check()
        some = points[start : start + SLICE_SIZE]
        yield some if store is None else [point for point in some if point.backup.store == store]
