"""Build the index from items (geodatabases, databases, buckets, store instances) to the restore points with them.

Consecutive restore points mostly contain the same items, so holders are stored as ranges of positions: building takes
one step per change, not one per item and restore point.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import accumulate, groupby

from msgspec import Struct

from drtui.core.analysis.assessment import Assessment
from drtui.core.analysis.rpo import lists_incomplete_reason
from drtui.core.contents.index import (
    BUCKET,
    CLUSTER,
    DATABASE,
    GEODATABASE,
    KINDS,
    ContentIndex,
    Item,
    Key,
    PositionRange,
    PositionRanges,
    Presence,
    is_in_ranges,
)
from drtui.core.formatting.durations import CLOCK_SKEW
from drtui.core.model.backup import NEVER, Backup, Geodatabase
from drtui.core.schedules.gaps import is_complete
from drtui.core.verdict.restore_points import RestorePoint
from drtui.core.wire.pagination import MORE


def build_index(assessment: Assessment) -> ContentIndex:
    """Index the items in the restore points of an assessment, and in the deleted backups that it remembers."""
    state = assessment.site_state
    points = tuple(sorted(assessment.points, key=lambda point: (point.backup.start or 0, point.id)))
    deleted = tuple(sorted(state.history.deletions, key=lambda entry: (entry.backup.start or 0, entry.backup.id)))
    current = _collect_histories([point.backup for point in points])
    former = _collect_histories([entry.backup for entry in deleted])
    incomplete_reason = lists_incomplete_reason(state)
    builder = _ItemBuilder(points, assessment.now, incomplete_reason)
    items = [
        builder.build_item(key, current.get(key, NO_HOLDERS), former.get(key, NO_HOLDERS))
        for key in {**current, **former}
    ]
    names = Counter((item.kind, item.name) for item in items)
    return ContentIndex(
        points=points,
        deleted=deleted,
        items=tuple(sorted(items, key=_sort_key)),
        newest_complete=points[builder.newest] if builder.newest is not None else None,
        incomplete_reason=incomplete_reason,
        shared_names=frozenset(name for name, number in names.items() if number > 1),
        usable_before=builder.usable_before,
    )


def _sort_key(item: Item) -> tuple[int, bool, int, str, str]:
    is_gone = item.presence is Presence.GONE
    newest_first = -(item.last_seen or 0) if is_gone else 0
    return KINDS.index(item.kind), not is_gone, newest_first, item.name.casefold(), item.identity


class HolderHistory(Struct):
    """The backups that contain an item, oldest first, and the names of the item."""

    ranges: list[PositionRange] = []
    starts: list[int] = []
    """Known starts of holders, among them the first and the last, epoch ms."""
    names: dict[str, int] = {}
    """Each name with the start of the newest backup that uses it, epoch ms."""


NO_HOLDERS = HolderHistory()


def _collect_histories(backups: Sequence[Backup]) -> dict[Key, HolderHistory]:
    """Collect the history of each item from backups, oldest first."""
    histories: defaultdict[Key, HolderHistory] = defaultdict(HolderHistory)
    start = 0
    for contents, group in groupby(backups, key=_contents):
        neighbours = list(group)
        stop = start + len(neighbours)
        starts = [backup.start for backup in neighbours if backup.start is not None]
        for key, name in _item_names(contents).items():
            history = histories[key]
            first = history.ranges.pop()[0] if history.ranges and history.ranges[-1][1] == start else start
            history.ranges.append((first, stop))
            history.starts += starts[:1] + starts[-1:]
            if name:
                history.names[name] = neighbours[-1].start or 0
        start = stop
    return histories


Contents = tuple[tuple[str, tuple[Geodatabase, ...], tuple[str, ...], tuple[str, ...]], ...]
"""Cluster, geodatabases, system databases and buckets of each part of a backup."""


def _contents(backup: Backup) -> Contents:
    return tuple((p.cluster, p.geodatabases, p.system_databases, p.buckets) for p in backup.undated_parts)


def _item_names(contents: Contents) -> dict[Key, str]:
    """Return the key of each item in a backup, and the name that it has there."""
    names: dict[Key, str] = {}
    for cluster, geodatabases, databases, buckets in contents:
        names |= {
            (GEODATABASE, geodatabase.identity or geodatabase.name): geodatabase.name for geodatabase in geodatabases
        }
        names |= {(DATABASE, name): name for name in databases}
        names |= {(BUCKET, name): name for name in buckets}
        if cluster:
            names[CLUSTER, cluster] = cluster
    return names


class _ItemBuilder:
    """Builds items from the histories of their holders."""

    def __init__(self, points: Sequence[RestorePoint], now: int, incomplete_reason: str) -> None:
        self._points, self._incomplete_reason = points, incomplete_reason
        self.newest = _find_newest_complete(points, now)
        self._kinds: set[str] = set()
        if self.newest is not None:
            self._kinds = {kind for kind, _ in _item_names(_contents(points[self.newest].backup))}
        self.usable_before = tuple(accumulate((point.verdict.is_usable for point in points), initial=0))
        usable = [position for position, point in enumerate(points) if point.verdict.is_usable]
        self._usable_by_expiry = sorted(
            usable, key=lambda position: _expiry_order(points[position].backup), reverse=True
        )

    def build_item(self, key: Key, current: HolderHistory, former: HolderHistory) -> Item:
        """Build an item from its holders among the restore points and among the deleted backups."""
        ranges = tuple(current.ranges)
        names = {**former.names}
        for name, moment in current.names.items():
            names[name] = max(moment, names.get(name, 0))
        return Item(
            *key,
            names=tuple(sorted(names, key=lambda name: (-names[name], name))),
            ranges=ranges,
            deleted_ranges=tuple(former.ranges),
            holder_count=sum(stop - start for start, stop in ranges),
            usable_count=sum(self.usable_before[stop] - self.usable_before[start] for start, stop in ranges),
            first_seen=min(current.starts + former.starts, default=None),
            last_seen=max(current.starts + former.starts, default=None),
            last_to_expire=next(
                (self._points[position] for position in self._usable_by_expiry if is_in_ranges(ranges, position)), None
            ),
            presence=self._presence(key[0], ranges),
        )

    def _presence(self, kind: str, ranges: PositionRanges) -> Presence:
        if self.newest is None or kind not in self._kinds:
            return Presence.UNKNOWN
        if not ranges or ranges[-1][1] <= self.newest:
            # A list that was cut off may lack the newest backups.
            return Presence.UNKNOWN if self._incomplete_reason == MORE else Presence.GONE
        # A store that could not be read may have a newer backup without the item.
        return Presence.UNKNOWN if self._incomplete_reason else Presence.PRESENT


def _find_newest_complete(points: Sequence[RestorePoint], now: int) -> int | None:
    """Return the position of the newest complete restore point; ignore starts in the future."""
    for position in range(len(points) - 1, -1, -1):
        backup = points[position].backup
        if is_complete(backup) and (backup.start or 0) <= now + CLOCK_SKEW:
            return position
    return None


def _expiry_order(backup: Backup) -> tuple[bool, bool, int]:
    """Return a sort key for expiry: known dates first, then unknown, then never."""
    end = backup.retention
    return end == NEVER, end is None, end or 0
