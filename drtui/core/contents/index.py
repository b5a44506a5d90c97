"""The index from items (geodatabases, system databases, buckets, store instances) to the restore points with them."""

import enum
from bisect import bisect_right
from collections.abc import Iterator

from msgspec import Struct

from drtui.core.analysis.rpo import UNREAD_STORES
from drtui.core.model.site_state import DeletedBackup
from drtui.core.verdict.restore_points import RestorePoint

PositionRange = tuple[int, int]
"""Consecutive positions: the first, and the one after the last."""


PositionRanges = tuple[PositionRange, ...]
"""Sorted ranges that neither overlap nor touch."""


def iter_backwards(ranges: PositionRanges) -> Iterator[int]:
    """Yield every position in the ranges, the last one first."""
    for start, stop in reversed(ranges):
        yield from range(stop - 1, start - 1, -1)


def is_in_ranges(ranges: PositionRanges, position: int) -> bool:
    """Return True if a range contains the position."""
    before = bisect_right(ranges, position, key=lambda positions: positions[0])
    return before > 0 and position < ranges[before - 1][1]


GEODATABASE, DATABASE, BUCKET, CLUSTER = "geodatabase", "database", "bucket", "cluster"
KINDS = (GEODATABASE, DATABASE, BUCKET, CLUSTER)
"""The kinds of item, in the order of lists."""

Key = tuple[str, str]
"""Kind and identity of an item."""


class Presence(enum.Enum):
    """The presence of an item on the site, as far as restore points show."""

    PRESENT = "present"
    GONE = "gone"
    """The newest complete restore point does not contain the item."""
    UNKNOWN = "cannot tell"
    """No restore point is complete, the newest lists nothing of this kind, or a newer restore point may be unread."""


class Holding(enum.IntEnum):
    """The best copy of an item in one or more neighbouring restore points."""

    NONE = 0
    UNUSABLE = 1
    """Only restore points that are not usable contain the item."""
    USABLE = 2


class Item(Struct, frozen=True):
    """A geodatabase, system database, bucket or store instance, and the restore points that contain it.

    Times are the *starts* of restore points, in epoch ms.
    """

    kind: str
    identity: str
    """The `egdbID` of a geodatabase in lower case without dashes, else the name.

    Names of geodatabases can change and be reused (docs/rules.md).
    """
    names: tuple[str, ...]
    """All names, newest first; several if the item was renamed."""
    ranges: PositionRanges
    """Positions of the holders in `ContentIndex.points`."""
    deleted_ranges: PositionRanges
    """Positions of the former holders in `ContentIndex.deleted`; nothing can be restored from these."""
    holder_count: int
    """Number of restore points that contain the item."""
    usable_count: int
    """Number of usable restore points that contain the item."""
    first_seen: int | None
    """Start of the oldest known holder, deleted backups included; None if no holder has a start."""
    last_seen: int | None
    """Start of the newest known holder, deleted backups included; None if no holder has a start."""
    last_to_expire: RestorePoint | None
    """The usable holder that expires last; None if no holder is usable."""
    presence: Presence

    @property
    def key(self) -> Key:
        """Kind and identity."""
        return self.kind, self.identity

    @property
    def name(self) -> str:
        """The newest name; the identity if the item never had a name."""
        return self.names[0] if self.names else self.identity


class ContentIndex(Struct, frozen=True):
    """The items in all restore points of a site, of all stores."""

    points: tuple[RestorePoint, ...] = ()
    """All restore points, oldest first."""
    deleted: tuple[DeletedBackup, ...] = ()
    """Backups that the site no longer lists, oldest first."""
    items: tuple[Item, ...] = ()
    """Items by kind; deleted items first, the latest loss first; then by name."""
    newest_complete: RestorePoint | None = None
    """The newest complete restore point: an item that it does not contain is gone."""
    incomplete_reason: str = UNREAD_STORES
    """The reason why more holders may exist; empty if the lists of all stores are complete."""
    shared_names: frozenset[tuple[str, str]] = frozenset()
    """Kind and name of items that have the same name, such as a recreated geodatabase."""
    usable_before: tuple[int, ...] = (0,)
    """Number of usable restore points before each position."""

    @property
    def is_complete(self) -> bool:
        """True if no other holders can exist."""
        return not self.incomplete_reason

    def holders(self, item: Item) -> tuple[RestorePoint, ...]:
        """Return the restore points that contain an item, newest first."""
        return tuple(self.points[position] for position in iter_backwards(item.ranges))

    def deleted_holders(self, item: Item) -> tuple[DeletedBackup, ...]:
        """Return the deleted backups that contained an item, newest first."""
        return tuple(self.deleted[position] for position in iter_backwards(item.deleted_ranges))

    def holdings(self, item: Item, cells: int) -> tuple[Holding, ...]:
        """Return the holding of an item in each restore point, oldest first, in at most `cells` cells.

        Neighbours share a cell if there are more restore points than cells.
        """
        total = len(self.points)
        cells = min(cells, total)
        holdings = [Holding.NONE] * cells
        for start, stop in item.ranges if cells else ():
            for cell in range(((start + 1) * cells - 1) // total, (stop * cells - 1) // total + 1):
                first, end = max(start, cell * total // cells), min(stop, (cell + 1) * total // cells)
                is_usable = self.usable_before[end] > self.usable_before[first]
                holdings[cell] = max(holdings[cell], Holding.USABLE if is_usable else Holding.UNUSABLE)
        return tuple(holdings)
