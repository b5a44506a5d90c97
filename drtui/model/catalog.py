"""An immutable, sorted, filtered list of restore points that remembers how it was made."""

from collections.abc import Callable

from msgspec import Struct
from msgspec.structs import replace

from drtui.model.backup import NEVER, Backup
from drtui.model.moment import LAST
from drtui.model.query import query
from drtui.model.reading import Reading
from drtui.model.verdict import Facts, Verdict, judge


class RestorePoint(Struct, frozen=True):
    """A backup and what is to be thought of it."""

    backup: Backup
    verdict: Verdict

    @property
    def id(self) -> tuple[str, str]:
        """Store and name."""
        return self.backup.id


SORT_KEYS: dict[str, Callable[[RestorePoint], tuple[object, ...]]] = {
    "started": lambda point: (point.backup.start or 0, point.backup.name),
    "name": lambda point: (point.backup.name.lower(), point.backup.store),
    "store": lambda point: (point.backup.store.lower(), point.backup.start or 0),
    "verdict": lambda point: (point.verdict.level, point.backup.start or 0),
    "kind": lambda point: (point.backup.schedule_type, point.backup.start or 0),
    "took": lambda point: (-1 if point.backup.took is None else point.backup.took, point.backup.start or 0),
    "expires": lambda point: (_expiry(point.backup), point.backup.start or 0),
    "release": lambda point: (point.backup.release, point.backup.start or 0),
}
"""What a list of restore points can be sorted by."""


def _expiry(backup: Backup) -> int:
    """When it goes; never comes after every date, and not known before."""
    return LAST + 1 if backup.retention == NEVER else backup.retention or 0


class Order(Struct, frozen=True):
    """By what a catalog is sorted."""

    key: str = "started"
    descending: bool = True


class Catalog(Struct, frozen=True):
    """Restore points in an order, under a filter, of one store or of all. Every change gives a new catalog."""

    points: tuple[RestorePoint, ...] = ()
    """Those shown, in order."""
    source: tuple[RestorePoint, ...] = ()
    """All there are."""
    order: Order = Order()
    filter: str = ""
    store: str | None = None
    """Only this store's; None for all."""

    def refilled(self, source: tuple[RestorePoint, ...]) -> "Catalog":
        """The same view of fresh restore points."""
        return replace(self, source=source, points=self._view(source, self.order, self.filter, self.store))

    def sorted(self, order: Order) -> "Catalog":
        """The same restore points in another order."""
        return replace(self, order=order, points=_ordered(self.points, order))

    def filtered(self, text: str) -> "Catalog":
        """Those that hold every word of `text`."""
        return replace(self, filter=text, points=self._view(self.source, self.order, text, self.store))

    def of_store(self, store: str | None) -> "Catalog":
        """Those of one store, or of all."""
        return replace(self, store=store, points=self._view(self.source, self.order, self.filter, store))

    @property
    def within_store(self) -> int:
        """How many there are before the filter."""
        return len(self.source) if self.store is None else sum(p.backup.store == self.store for p in self.source)

    @staticmethod
    def _view(source: tuple[RestorePoint, ...], order: Order, text: str, store: str | None) -> tuple[RestorePoint, ...]:
        matches = query(text)
        chosen = (p for p in source if (store is None or p.backup.store == store) and matches(p.backup))
        return _ordered(tuple(chosen), order)


def _ordered(points: tuple[RestorePoint, ...], order: Order) -> tuple[RestorePoint, ...]:
    return tuple(sorted(points, key=SORT_KEYS[order.key], reverse=order.descending))


def facts_of(reading: Reading, now: int) -> Facts:
    """What a reading says that verdicts rest on."""
    site = reading.site.value if reading.site else None
    status = reading.status.value if reading.status else None
    return Facts(now, site.release if site else None, status)


def past_points(reading: Reading, now: int) -> tuple[RestorePoint, ...]:
    """Those that are no longer there, with what would be thought of them; nothing can be restored from one."""
    facts = facts_of(reading, now)
    return tuple(RestorePoint(each, judge(each, facts)) for each in reading.past.backups)


def judged(reading: Reading, now: int) -> tuple[RestorePoint, ...]:
    """Every restore point of a reading with its verdict."""
    facts = facts_of(reading, now)
    return tuple(RestorePoint(each, judge(each, facts)) for each in reading.all_backups)
