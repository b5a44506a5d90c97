"""How much would be lost now: the newest usable restore point over all stores, and its age against the target."""

from collections.abc import Sequence

from msgspec import Struct

from drtui.model.catalog import RestorePoint
from drtui.model.moment import HOUR
from drtui.model.reading import Reading

DEFAULT_TARGET = 24 * HOUR
"""The recovery point objective if none was named, in milliseconds."""


class Exposure(Struct, frozen=True):
    """What would be left if the site were lost now."""

    newest: RestorePoint | None
    """The newest usable restore point."""
    age: int | None
    """Milliseconds since it *started*: what was written after that may be missing (RULES R5)."""
    target: int
    naive: RestorePoint | None
    """What a pipeline would take: the newest whose own status is completed (RULES R6)."""
    total: int

    @property
    def met(self) -> bool:
        """Whether the target is met."""
        return self.age is not None and self.age <= self.target


def expose(points: Sequence[RestorePoint], now: int, target: int = DEFAULT_TARGET) -> Exposure:
    """The exposure of a site with these restore points at `now` (epoch ms), against a target in milliseconds."""
    newest = max((p for p in points if p.verdict.usable), key=_started, default=None)
    naive = max((p for p in points if p.backup.completed), key=_started, default=None)
    age = now - _started(newest) if newest else None
    return Exposure(newest, age, target, naive, len(points))


def _started(point: RestorePoint) -> int:
    return point.backup.start or 0


def is_whole(reading: Reading) -> bool:
    """Whether the lists of all stores could be read, so that *nothing usable* means what it says."""
    if reading.stores is None or reading.stores.value is None:
        return False
    return all(
        (answer := reading.backups.get(store.name)) is not None and answer.value is not None
        for store in reading.stores.value
    )
