"""An immutable, sorted, filtered list of restore points that remembers how it was made."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest
from typing import Self

from msgspec import Struct
from msgspec.structs import replace

from drtui.core.formatting.times import LAST, utc
from drtui.core.model.backup import NEVER, Backup
from drtui.core.model.site import Release
from drtui.core.model.site_state import Reading, Source
from drtui.core.model.time_limit import is_over_limit
from drtui.core.query.query import Query
from drtui.core.query.text_tests import Test
from drtui.core.verdict.verdict import Facts, Level, Reason, Verdict, judge, with_reason


class RestorePoint(Struct, frozen=True, gc=False):
    """A backup and what is to be thought of it."""

    backup: Backup
    verdict: Verdict

    @property
    def id(self) -> tuple[str, str]:
        """Store and label: what it is known by among all restore points of a site."""
        return self.backup.store, self.label

    @property
    def label(self) -> str:
        """The label to ask for it by: its name, if no other record in its store has the same."""
        return self.backup.name


class Namesake(RestorePoint, frozen=True, gc=False):
    """One of several restore points of one name in one store."""

    spelled: str
    """Its name and its start, as in `nightly@2026-09-20T02:00:33Z`."""

    @property
    def label(self) -> str:
        """The label to ask for it by."""
        return self.spelled


def started(point: RestorePoint) -> int:
    """When it started, epoch ms; to sort by."""
    return point.backup.start or 0


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
    "took": _number(lambda backup: backup.took),
    "kind": _text(lambda backup: backup.schedule_type),
    "release": lambda point: (_release(point.backup), point.backup.release, point.backup.start or 0),
    "completed": _number(lambda backup: backup.complete),
    "until": _number(_expiry),
    "geodatabases": _number(lambda backup: len(backup.geodatabases)),
    "buckets": _number(lambda backup: len(backup.buckets)),
    "clusters": _text(lambda backup: " ".join(backup.clusters)),
    "window": _number(lambda backup: backup.window),
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
    """By its numbers: 10.9.1 comes before 11.0 (RULES R14); what is none before every other."""
    release = Release.parse(backup.release)
    return release.numbers if release is not None else ()


class Order(Struct, frozen=True):
    """By what a catalog is sorted."""

    key: str = "started"
    descending: bool = True

    @classmethod
    def by(cls, key: str) -> Self:
        """The way round in which one looks at it first."""
        return cls(key, key in NEWEST_FIRST)

    @property
    def reversed(self) -> "Order":
        """The other way round."""
        return Order(self.key, not self.descending)

    @property
    def oldest_first(self) -> bool | None:
        """Which way time goes in it; None if it is not an order of time."""
        return {"started": not self.descending, "age": self.descending}.get(self.key)


class Criteria(Struct, frozen=True):
    """Which restore points are to be listed, and in which order."""

    order: Order = Order()
    filter: Query = Query()
    store: str | None = None
    """Only this store's; None for all."""


SLICE = 5_000
"""Restore points that are gone through before one is asked whether that is still of interest."""

RUN = 25_000
"""Those that are sorted in one go."""

Check = Callable[[], object]
"""Called between slices; whoever is no longer interested raises in it."""


def uninterrupted() -> None:
    """Whatever is begun is brought to its end."""


class Catalog(Struct, frozen=True):
    """Restore points in an order, under a filter, of one store or of all. Every change gives a new catalog."""

    points: tuple[RestorePoint, ...] = ()
    """Those shown, in order."""
    source: tuple[RestorePoint, ...] = ()
    """All there are."""
    ordered: tuple[RestorePoint, ...] = ()
    """The same in order, so that a filter has nothing to sort."""
    order: Order = Order()
    filter: Query = Query()
    store: str | None = None
    """Only this store's; None for all."""
    within_store: int = 0
    """How many there are before the filter."""

    @property
    def criteria(self) -> Criteria:
        """What it was made by."""
        return Criteria(self.order, self.filter, self.store)

    def meeting(
        self, criteria: Criteria, source: tuple[RestorePoint, ...] | None = None, check: Check = uninterrupted
    ) -> "Catalog":
        """What meets other criteria, of the same restore points or of fresh ones."""
        source = self.source if source is None else source
        fresh = source is not self.source
        if not fresh and criteria == self.criteria:
            return self
        ordered = source if fresh else self.ordered
        if fresh or criteria.order != self.order:
            ordered = _ordered(ordered, criteria.order, check)
        points, within = _view(ordered, criteria, check)
        return Catalog(points, source, ordered, criteria.order, criteria.filter, criteria.store, within)

    def refilled(self, source: tuple[RestorePoint, ...], now: int | None = None) -> "Catalog":
        """The same view of fresh restore points; `now` (epoch ms) is when the filter's ages are taken as of."""
        query = self.filter if now is None else self.filter.as_of(now)
        return self.meeting(replace(self.criteria, filter=query), source)

    def sorted(self, order: Order) -> "Catalog":
        """The same restore points in another order."""
        return self.meeting(replace(self.criteria, order=order))

    def filtered(self, query: Query) -> "Catalog":
        """Those that a filter means."""
        return self.meeting(replace(self.criteria, filter=query))

    def of_store(self, store: str | None) -> "Catalog":
        """Those of one store, or of all."""
        return self.meeting(replace(self.criteria, store=store))

    def passing(self, test: Test, check: Check = uninterrupted) -> int:
        """How many of its store, or of all, pass one test of a filter."""
        return sum(
            bool(test(each.backup, each.verdict)) for some in _slices(self.source, self.store, check) for each in some
        )

    def shows(self, point: RestorePoint) -> bool:
        """Whether store and filter let a restore point through."""
        return self.store in {None, point.backup.store} and self.filter.holds(point.backup, point.verdict)


def _ordered(points: tuple[RestorePoint, ...], order: Order, check: Check) -> tuple[RestorePoint, ...]:
    """The same in order. Sorted run by run, which are then merged: while `sorted` compares, no thread gives way."""
    key_of, after = SORT_KEYS[order.key], order.descending
    keys = [key_of(point) for point in points]
    runs = []
    for start in range(0, len(points), RUN):
        check()
        runs.append(sorted(range(start, min(start + RUN, len(points))), key=keys.__getitem__, reverse=after))
    while len(runs) > 1:
        check()
        pairs = zip_longest(runs[::2], runs[1::2], fillvalue=())
        runs = [sorted((*one, *other), key=keys.__getitem__, reverse=after) for one, other in pairs]
    return tuple(points[at] for run in runs for at in run)


def _view(ordered: tuple[RestorePoint, ...], criteria: Criteria, check: Check) -> tuple[tuple[RestorePoint, ...], int]:
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


def _slices(points: tuple[RestorePoint, ...], store: str | None, check: Check) -> Iterator[Sequence[RestorePoint]]:
    """Those of a store, or all, some at a time."""
    for start in range(0, len(points), SLICE):
        check()
        some = points[start : start + SLICE]
        yield some if store is None else [point for point in some if point.backup.store == store]


def facts_of(reading: Reading, now: int) -> Facts:
    """What a reading says that verdicts rest on."""
    site = reading.site.value if reading.site else None
    return Facts(
        now, site.release if site else None, reading.status.value if reading.status else None, lost(reading, now)
    )


def lost(reading: Reading, now: int) -> bool:
    """True if the operation that the status calls going on is over its limit, as far as the site was heard."""
    status, settings = reading.status, reading.settings
    if status is None or status.value is None:
        return False
    heard = now if status.flaw is None and status.source is Source.LIVE else min(now, status.at)
    return is_over_limit(status.value, settings.value if settings is not None else None, heard)


def past_points(reading: Reading, now: int) -> tuple[RestorePoint, ...]:
    """Those that are no longer there, with what would be thought of them; nothing can be restored from one."""
    facts = facts_of(reading, now)
    return tuple(RestorePoint(each, judge(each, facts)) for each in reading.past.backups)


def judging(reading: Reading, now: int) -> Iterator[RestorePoint]:
    """Every restore point of a reading with its verdict, one after another."""
    facts = facts_of(reading, now)
    namesakes = _namesakes(reading, facts)
    if not namesakes:
        return (RestorePoint(each, judge(each, facts)) for each in reading.all_backups)
    return (
        next(namesakes.get(each.id, iter(())), None) or RestorePoint(each, judge(each, facts))
        for each in reading.all_backups
    )


def _namesakes(reading: Reading, facts: Facts) -> dict[tuple[str, str], Iterator[Namesake]]:
    """Return the restore points whose store and name others have as well, in the order in which they are listed."""
    lists = [answer.value or () for answer in reading.backups.values()]
    if all(len({each.name for each in backups}) == len(backups) for backups in lists):
        return {}
    found: dict[tuple[str, str], list[Backup]] = defaultdict(list)
    for each in reading.all_backups:
        found[each.id].append(each)
    taken = {name for _, name in found}
    return {key: iter(_told_apart(same, facts, taken)) for key, same in found.items() if len(same) > 1}


def _told_apart(backups: Sequence[Backup], facts: Facts, taken: set[str]) -> list[Namesake]:
    """Return restore points of one name, each with a label of its own and a reason that names the worst other."""
    verdicts = [judge(each, facts) for each in backups]
    worst, second = sorted(range(len(backups)), key=lambda index: -verdicts[index].level)[:2]
    made, numbers = [], Counter[str]()
    for index, (backup, verdict) in enumerate(zip(backups, verdicts, strict=True)):
        other = second if index == worst else worst
        text = f"another record of this name in this store is {verdicts[other].level.word}"
        reason = Reason(Level.DOUBTFUL, "duplicate-name", text, str(backups[other].start or ""))
        label = spelled = f"{backup.name}@{utc(backup.start).replace(' ', 'T')}"
        while label in taken or numbers[spelled] == 0:
            numbers[spelled] += 1
            label = spelled if numbers[spelled] == 1 else f"{spelled}#{numbers[spelled]}"
        taken.add(label)
        made.append(Namesake(backup, with_reason(verdict, reason), label))
    return made


def judged(reading: Reading, now: int) -> tuple[RestorePoint, ...]:
    """The same, all together."""
    return tuple(judging(reading, now))
