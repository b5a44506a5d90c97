"""What is new in the lists of a site since somebody last looked: nothing, where nothing is known of before."""

import enum
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from msgspec import Struct

from drtui.model.backup import Backup
from drtui.model.catalog import RestorePoint, judged
from drtui.model.freshness import when
from drtui.model.reading import Reading, Source
from drtui.model.view import View

Identity = tuple[str, int | None]
"""Name and start of a backup within its store: a name that is used again is another backup."""


class Change(enum.Enum):
    """What became of a restore point."""

    NEW = "new"
    CHANGED = "changed"
    """Its record is another one, or what is thought of it."""

    @property
    def sign(self) -> str:
        """One cell, the same in ASCII."""
        return "+" if self is Change.NEW else "~"


class Known(NamedTuple):
    """The list of a store: which backups are in it, and a number for each as it was."""

    names: set[Identity]
    records: set[int]


class Before(Struct, frozen=True):
    """The lists as they were when somebody last looked."""

    at: int | None = None
    """When that was, epoch ms; None if nothing is known."""
    stores: Mapping[str, Known] = {}

    def including(self, reading: Reading, points: Iterable[RestorePoint]) -> "Before":
        """The same, and the lists of which nothing was known, as they are now."""
        unknown = {store for store, answer in reading.backups.items() if answer.value is not None} - self.stores.keys()
        if not unknown:
            return self
        found = {store: Known(set(), set()) for store in unknown}
        for point in points:
            if (known := found.get(point.backup.store)) is not None:
                known.names.add(_identity(point.backup))
                known.records.add(_digest(point))
        return Before(reading.read if self.at is None else self.at, {**self.stores, **found})

    def among(self, reading: Reading) -> "Before":
        """Only of the lists that have been read since: of what was saved, nothing is new."""
        read = {store for store, answer in reading.backups.items() if answer.source is not Source.SAVED}
        stores = {store: each for store, each in self.stores.items() if store in read}
        return Before(self.at if stores else None, stores)

    def change(self, point: RestorePoint) -> Change | None:
        """What became of a restore point; None for nothing, and where it cannot be told."""
        known = self.stores.get(point.backup.store)
        if known is None or _digest(point) in known.records:
            return None
        return Change.CHANGED if _identity(point.backup) in known.names else Change.NEW


def before(reading: Reading, now: int) -> Before:
    """The lists of an earlier reading, with what was thought of them then; `now` (epoch ms) may be earlier still."""
    then = now if reading.read is None else min(now, reading.read)
    return Before().including(reading, judged(reading, then))


def news(points: Iterable[RestorePoint], since: Before, view: View) -> str:
    """How many of these are new, and since when: `2 new, 1 changed since 22:14 yesterday`; empty if none is."""
    found = Counter(map(since.change, points))
    said = [f"{found[each]:,} {each.value}" for each in Change if found[each]]
    return f"{', '.join(said)} since {when(since.at, view.now, view.zone)}" if said and since.at is not None else ""


def _identity(backup: Backup) -> Identity:
    return backup.name, backup.start


def _digest(point: RestorePoint) -> int:
    """A number that is another one for another record or verdict: the record itself may be long."""
    return hash((point.backup, point.verdict.level))
