"""The restore points of a look -> the index of what they hold.

Neighbours mostly hold the same, so that holders are kept as runs of neighbours: to build the index takes one step for
each change, not one for each thing in each restore point.
"""

from collections import Counter
from collections.abc import Sequence
from itertools import accumulate, groupby

from drtui.core.analysis.assessment import Assessment
from drtui.core.analysis.rpo import why_lists_incomplete
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
    count_positions,
    is_in_ranges,
)
from drtui.core.formatting.durations import CLOCK_SKEW
from drtui.core.model.backup import NEVER, Backup, Geodatabase
from drtui.core.schedules.gaps import is_complete
from drtui.core.verdict.restore_points import RestorePoint
from drtui.core.wire.pagination import MORE


def build_index(judged: Assessment) -> ContentIndex:
    """The index over everything that the restore points of a judgement hold."""
    points = tuple(sorted(judged.points, key=lambda point: (point.backup.start or 0, point.id)))
    gone = tuple(sorted(judged.site_state.history.deletions, key=lambda each: (each.backup.start or 0, each.backup.id)))
    listed, before = _held([point.backup for point in points]), _held([each.backup for each in gone])
    unlisted = why_lists_incomplete(judged.site_state)
    tell = _IndexBuilder(points, judged.now, unlisted)
    entries = [tell.content(key, listed.get(key, NOBODY), before.get(key, NOBODY)) for key in {**listed, **before}]
    names = Counter((each.kind, each.name) for each in entries)
    return ContentIndex(
        points=points,
        deleted=gone,
        items=tuple(sorted(entries, key=_order)),
        newest_complete=points[tell.newest] if tell.newest is not None else None,
        incomplete_reason=unlisted,
        shared_names=frozenset(name for name, number in names.items() if number > 1),
        usable_before=tell.usable_before,
    )


def _order(content: Item) -> tuple[int, bool, int, str, str]:
    lost = content.presence is Presence.GONE
    when = -(content.last_seen or 0) if lost else 0
    return KINDS.index(content.kind), not lost, when, content.name.casefold(), content.identity


class HolderHistory:
    """Who holds a thing, and what it was called, from the oldest on."""

    def __init__(self) -> None:
        self.runs: list[PositionRange] = []
        self.first: int | None = None
        self.last: int | None = None
        self.names: dict[str, int] = {}
        """When each was last used."""

    def add(self, run: PositionRange, name: str, first: int | None, last: int | None) -> None:
        """Neighbours hold it under this name; the first and the last of them started then."""
        if self.runs and self.runs[-1][1] == run[0]:
            run = (self.runs.pop()[0], run[1])
        self.runs.append(run)
        self.first = first if self.first is None else self.first
        self.last = last
        if name:
            self.names[name] = last or 0


NOBODY = HolderHistory()


def _held(backups: Sequence[Backup]) -> dict[Key, HolderHistory]:
    """Who holds what, of backups in order of time."""
    found: dict[Key, HolderHistory] = {}
    start = 0
    for parts, group in groupby(backups, key=_within):
        neighbours = list(group)
        run = (start, start + len(neighbours))
        first = next((each.start for each in neighbours if each.start is not None), None)
        for key, name in _named(parts).items():
            holding = found.get(key) or found.setdefault(key, HolderHistory())
            holding.add(run, name, first, neighbours[-1].start)
        start = run[1]
    return found


Within = tuple[tuple[str, tuple[Geodatabase, ...], tuple[str, ...], tuple[str, ...]], ...]


def _within(backup: Backup) -> Within:
    """All that a backup holds, as its parts list it."""
    return tuple((p.cluster, p.geodatabases, p.system_databases, p.buckets) for p in backup.undated_parts)


def _named(parts: Within) -> dict[Key, str]:
    """What it is that the parts list, and what it is called there."""
    found: dict[Key, str] = {}
    for cluster, geodatabases, databases, buckets in parts:
        found |= {(GEODATABASE, each.identity or each.name): each.name for each in geodatabases}
        found |= {(DATABASE, name): name for name in databases}
        found |= {(BUCKET, name): name for name in buckets}
        if cluster:
            found[CLUSTER, cluster] = cluster
    return found


class _IndexBuilder:
    """Tells of each thing what follows from who holds it."""

    def __init__(self, points: Sequence[RestorePoint], now: int, unlisted: str) -> None:
        self._points, self._unlisted = points, unlisted
        self.newest = _newest_whole(points, now)
        self._kinds = (
            {kind for kind, _ in _named(_within(points[self.newest].backup))} if self.newest is not None else set()
        )
        self.usable_before = tuple(accumulate((point.verdict.is_usable for point in points), initial=0))
        usable = [at for at, point in enumerate(points) if point.verdict.is_usable]
        self._last_to_go = sorted(usable, key=lambda at: _end(points[at].backup), reverse=True)

    def content(self, key: Key, listed: HolderHistory, before: HolderHistory) -> Item:
        """One thing, by those who hold it and those who did."""
        runs = tuple(listed.runs)
        names = {**before.names}
        for name, moment in listed.names.items():
            names[name] = max(moment, names.get(name, 0))
        return Item(
            *key,
            names=tuple(sorted(names, key=lambda name: (-names[name], name))),
            ranges=runs,
            deleted_ranges=tuple(before.runs),
            holder_count=count_positions(runs),
            usable_count=sum(self.usable_before[stop] - self.usable_before[start] for start, stop in runs),
            first_seen=min((each for each in (listed.first, before.first) if each is not None), default=None),
            last_seen=max((each for each in (listed.last, before.last) if each is not None), default=None),
            last_to_expire=next((self._points[at] for at in self._last_to_go if is_in_ranges(runs, at)), None),
            presence=self._standing(key[0], runs),
        )

    def _standing(self, kind: str, runs: PositionRanges) -> Presence:
        if self.newest is None or kind not in self._kinds:
            return Presence.UNKNOWN
        if not runs or runs[-1][1] <= self.newest:
            # Of a list that is a part, the newest may be missing.
            return Presence.UNKNOWN if self._unlisted == MORE else Presence.GONE
        # A store that could not be read may have a newer one, without it.
        return Presence.UNKNOWN if self._unlisted else Presence.PRESENT


def _newest_whole(points: Sequence[RestorePoint], now: int) -> int | None:
    """The position of the newest that tells what the site had; one that is yet to come tells nothing."""
    for position in range(len(points) - 1, -1, -1):
        backup = points[position].backup
        if is_complete(backup) and (backup.start or 0) <= now + CLOCK_SKEW:
            return position
    return None


def _end(backup: Backup) -> tuple[bool, bool, int]:
    """By when it goes: never comes after all, and what is not known after every date."""
    end = backup.retention
    return end == NEVER, end is None, end or 0
