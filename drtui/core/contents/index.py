"""What restore points hold, turned round: geodatabases, system databases, buckets, store instances -> who holds it."""

import enum
from bisect import bisect_right
from collections.abc import Iterable, Iterator

from msgspec import Struct

from drtui.core.analysis.rpo import UNREAD_LISTS
from drtui.core.model.site_state import DeletedBackup
from drtui.core.verdict.restore_points import RestorePoint

PositionRange = tuple[int, int]
"""From the first position up to before the second one."""


PositionRanges = tuple[PositionRange, ...]
"""In order, none touching another."""


def iter_backwards(runs: PositionRanges) -> Iterator[int]:
    """Every position in them, the last one first."""
    for start, stop in reversed(runs):
        yield from range(stop - 1, start - 1, -1)


def is_in_ranges(runs: PositionRanges, position: int) -> bool:
    """Whether a position is in one of them."""
    before = bisect_right(runs, position, key=lambda run: run[0])
    return before > 0 and position < runs[before - 1][1]


def count_positions(runs: Iterable[PositionRange]) -> int:
    """How many positions there are in them."""
    return sum(stop - start for start, stop in runs)


GEODATABASE, DATABASE, BUCKET, CLUSTER = "geodatabase", "database", "bucket", "cluster"
KINDS = (GEODATABASE, DATABASE, BUCKET, CLUSTER)
"""What restore points hold, in the order in which it is listed."""

Key = tuple[str, str]
"""Kind and identity."""


class Presence(enum.Enum):
    """Whether the site still has it, as far as restore points tell."""

    PRESENT = "present"
    GONE = "gone"
    """The newest complete restore point does not hold it."""
    UNKNOWN = "cannot tell"
    """There is no complete restore point to tell by, or it lists nothing of this kind, or a newer one may be unread."""


class Holding(enum.IntEnum):
    """What some neighbouring restore points have of a thing."""

    NOT = 0
    UNUSABLE = 1
    """Held, but by none that is usable."""
    USABLE = 2


class Item(Struct, frozen=True):
    """One thing that restore points hold. Moments are epoch ms, and those at which a restore point *started*."""

    kind: str
    identity: str
    """Of a geodatabase its `egdbID` without dashes and case: names may change, and come again (docs/rules.md)."""
    names: tuple[str, ...]
    """Newest first; two after it was renamed."""
    ranges: PositionRanges
    """Which of the restore points there are hold it."""
    deleted_ranges: PositionRanges
    """Which of those that are gone held it; nothing can be restored from these."""
    holder_count: int
    """How many restore points hold it."""
    usable_count: int
    """How many of them are usable."""
    first_seen: int | None
    """The oldest holder that is known of, of those that are gone as well; None if none says when it started."""
    last_seen: int | None
    """The newest one."""
    last_to_expire: RestorePoint | None
    """The usable holder that expires last; None if none is usable."""
    presence: Presence

    @property
    def key(self) -> Key:
        """Kind and identity."""
        return self.kind, self.identity

    @property
    def name(self) -> str:
        """Its newest name; its identity if it never had one."""
        return self.names[0] if self.names else self.identity


class ContentIndex(Struct, frozen=True):
    """The index over the restore points of one look, of all stores."""

    points: tuple[RestorePoint, ...] = ()
    """Oldest first."""
    deleted: tuple[DeletedBackup, ...] = ()
    """Those that are no longer there, oldest first."""
    items: tuple[Item, ...] = ()
    """By kind; what is gone first, the latest loss on top; then by name."""
    newest_complete: RestorePoint | None = None
    """The newest complete one: what it does not hold is gone."""
    incomplete_reason: str = UNREAD_LISTS
    """The reason why there may be more holders; empty if the lists of all stores are whole."""
    shared_names: frozenset[tuple[str, str]] = frozenset()
    """Kind and name where several have the same: created anew, say."""
    usable_before: tuple[int, ...] = (0,)
    """How many of the restore points before each position are usable."""

    @property
    def is_complete(self) -> bool:
        """True if there can be no other holders."""
        return not self.incomplete_reason

    def holders(self, content: Item) -> tuple[RestorePoint, ...]:
        """The restore points that hold it, newest first."""
        return tuple(self.points[at] for at in iter_backwards(content.ranges))

    def deleted_holders(self, content: Item) -> tuple[DeletedBackup, ...]:
        """Those that held it and are gone, newest first."""
        return tuple(self.deleted[at] for at in iter_backwards(content.deleted_ranges))

    def holdings(self, content: Item, cells: int) -> tuple[Holding, ...]:
        """What each restore point has of it, oldest first; neighbours share a cell where there are not enough."""
        total = len(self.points)
        cells = min(cells, total)
        found = [Holding.NOT] * cells
        for start, stop in content.ranges if cells else ():
            for cell in range(((start + 1) * cells - 1) // total, (stop * cells - 1) // total + 1):
                here = max(start, cell * total // cells), min(stop, (cell + 1) * total // cells)
                usable = self.usable_before[here[1]] > self.usable_before[here[0]]
                found[cell] = max(found[cell], Holding.USABLE if usable else Holding.UNUSABLE)
        return tuple(found)
