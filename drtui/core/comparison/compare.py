"""What differs between two restore points: what is in them, where they come from, and how long they took.

Compared are the records: names, ids and times. What is in a geodatabase or a bucket, no record says.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import TypeVar

from msgspec import Struct

from drtui.core.model.backup import EXPECTED_PARTS, OBJECT, RELATIONAL, Backup, Geodatabase, Part
from drtui.core.model.site import Release
from drtui.core.verdict.restore_points import RestorePoint
from drtui.core.verdict.verdict import PART_NAMES

T = TypeVar("T")
GeodatabasePair = tuple[Geodatabase, Geodatabase]
"""A geodatabase in the older restore point, and its counterpart in the newer one."""


class GeodatabasesComparison(Struct, frozen=True):
    """The geodatabases of both, told apart by their ids; names are labels."""

    added: tuple[Geodatabase, ...] = ()
    removed: tuple[Geodatabase, ...] = ()
    renamed: tuple[GeodatabasePair, ...] = ()
    """One id, two names."""
    recreated: tuple[GeodatabasePair, ...] = ()
    """One name, two ids."""
    uncertain: tuple[GeodatabasePair, ...] = ()
    """One name, and an id on one side only."""
    unchanged: tuple[Geodatabase, ...] = ()

    @property
    def has_differences(self) -> bool:
        """Whether anything but what is the same."""
        return any((self.added, self.removed, self.renamed, self.recreated, self.uncertain))


class NamesComparison(Struct, frozen=True):
    """System databases or buckets of both."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()

    @property
    def has_differences(self) -> bool:
        """Whether anything but what is the same."""
        return bool(self.added or self.removed)


class PartPair(Struct, frozen=True):
    """A part of the older one beside that of the newer one; None where the record has no such part."""

    kind: str
    older: Part | None
    newer: Part | None

    @property
    def is_one_sided(self) -> bool:
        """Whether only one of the two has it."""
        return self.older is None or self.newer is None

    @property
    def clusters(self) -> tuple[str, str]:
        """Which instance of the store each was captured from; empty where that is not known."""
        return self.older.cluster if self.older else "", self.newer.cluster if self.newer else ""

    @property
    def is_other_instance(self) -> bool:
        """Whether the instances are known and are two: a hint, not a verdict (docs/rules.md)."""
        older, newer = self.clusters
        return bool(older and newer and older != newer)

    @property
    def has_same_status(self) -> bool:
        """Whether both stand alike, in whatever case the server says so."""
        older, newer = (each.status if each is not None else None for each in (self.older, self.newer))
        return older == newer or (older or "").strip().lower() == (newer or "").strip().lower()

    @property
    def has_differences(self) -> bool:
        """Whether it is missing, stands otherwise, or comes from another instance, or from one that is not known."""
        return self.is_one_sided or not self.has_same_status or self.clusters[0] != self.clusters[1]


class MetadataPair(Struct, frozen=True):
    """What each says of itself, word for word."""

    name: str
    older: str
    newer: str
    is_same: bool | None
    """None where one of the two does not say."""


class Comparison(Struct, frozen=True):
    """Two restore points beside one another."""

    older: RestorePoint
    newer: RestorePoint
    is_ordered_by_time: bool
    """Whether their starts say which one is older; else they stand as they were named."""
    geodatabases: GeodatabasesComparison | None
    """None where only one of the records lists any."""
    databases: NamesComparison | None
    buckets: NamesComparison | None
    parts: tuple[PartPair, ...]
    metadata: tuple[MetadataPair, ...]

    @property
    def labels(self) -> tuple[str, str]:
        """What the two are called: by age, or where that is not known by the order in which they were named."""
        return ("older", "newer") if self.is_ordered_by_time else ("first", "second")

    @property
    def time_apart(self) -> int | None:
        """Milliseconds from start to start; None where one of them is not known."""
        older, newer = self.older.backup.start, self.newer.backup.start
        return newer - older if older is not None and newer is not None else None

    @property
    def contents(self) -> tuple[GeodatabasesComparison | NamesComparison | None, ...]:
        """All that is in them."""
        return self.geodatabases, self.databases, self.buckets

    def part_name(self, pair: PartPair) -> str:
        """What a part is called; of several of a kind by its cluster."""
        name, alike = PART_NAMES.get(pair.kind, pair.kind), [each for each in self.parts if each.kind == pair.kind]
        if len(alike) < 2:
            return name
        return f"{name} {pair.clusters[1] or pair.clusters[0] or alike.index(pair) + 1}"

    @property
    def has_differences(self) -> bool:
        """Whether they differ in more than in name, store and times, in which any two do."""
        return (
            any(each is None or each.has_differences for each in self.contents)
            or any(pair.has_differences for pair in self.parts)
            or any(fact.is_same is not True for fact in self.metadata)
            or self.older.verdict.level != self.newer.verdict.level
        )


def compare(first: RestorePoint, second: RestorePoint) -> Comparison:
    """What differs between two restore points, in whichever order they are given."""
    ordered = first.backup.start is not None and second.backup.start is not None
    older, newer = sorted((first, second), key=lambda p: (p.backup.start or 0, p.id)) if ordered else (first, second)
    a, b = older.backup, newer.backup
    listed = {kind: _lists(a, kind) == _lists(b, kind) for kind in (RELATIONAL, OBJECT)}
    return Comparison(
        older=older,
        newer=newer,
        is_ordered_by_time=ordered,
        geodatabases=_geodatabases(a, b) if listed[RELATIONAL] else None,
        databases=_names(a.system_databases, b.system_databases) if listed[RELATIONAL] else None,
        buckets=_names(a.buckets, b.buckets) if listed[OBJECT] else None,
        parts=tuple(_pairs(a, b)),
        metadata=tuple(_facts(a, b)),
    )


def duration_ratio(older: int | None, newer: int | None) -> float | None:
    """How many times as long the newer one took; None where one of the durations is not known, or is nothing."""
    return newer / older if older and newer else None


def _lists(backup: Backup, kind: str) -> bool:
    """Whether its record says what is in that kind of store: a part that is missing, or lists nothing, is no *none*."""
    return any(part.geodatabases or part.system_databases or part.buckets for part in backup.of_kind(kind))


def _geodatabases(a: Backup, b: Backup) -> GeodatabasesComparison:
    """By id and name, then what has one id, then what has one name; what is left over is only in one of them."""
    older, newer = _once(a.geodatabases), _once(b.geodatabases)
    same, older, newer = _matched(older, newer, lambda each: (each.identity, each.name))
    renamed, older, newer = _matched(older, newer, lambda each: each.identity)
    namesakes, older, newer = _matched(older, newer, lambda each: each.name)
    return GeodatabasesComparison(
        added=tuple(newer),
        removed=tuple(older),
        renamed=tuple(renamed),
        recreated=tuple((x, y) for x, y in namesakes if x.identity and y.identity),
        uncertain=tuple((x, y) for x, y in namesakes if not (x.identity and y.identity)),
        unchanged=tuple(y for _, y in same),
    )


def _once(found: Iterable[Geodatabase]) -> list[Geodatabase]:
    """Each one once, however its id is spelled."""
    return list({(each.identity, each.name): each for each in found}.values())


def _matched(
    older: Sequence[T], newer: Sequence[T], key: Callable[[T], Hashable]
) -> tuple[list[tuple[T, T]], list[T], list[T]]:
    """Those that have a key in common, one to one and in order, and what is left on either side; no key is none."""
    waiting: defaultdict[Hashable, deque[int]] = defaultdict(deque)
    for position, each in enumerate(newer):
        waiting[key(each)].append(position)
    pairs: list[tuple[T, T]] = []
    alone: list[T] = []
    taken: set[int] = set()
    for each in older:
        if key(each) and waiting[key(each)]:
            position = waiting[key(each)].popleft()
            pairs.append((each, newer[position]))
            taken.add(position)
        else:
            alone.append(each)
    return pairs, alone, [each for position, each in enumerate(newer) if position not in taken]


def _names(older: Iterable[str], newer: Iterable[str]) -> NamesComparison:
    before, after = dict.fromkeys(older), dict.fromkeys(newer)
    return NamesComparison(
        added=tuple(each for each in after if each not in before),
        removed=tuple(each for each in before if each not in after),
        unchanged=tuple(each for each in after if each in before),
    )


def _pairs(a: Backup, b: Backup) -> Iterator[PartPair]:
    """Kind by kind, those never seen before as well: of several parts those of one cluster, then by position."""
    kinds = dict.fromkeys((*EXPECTED_PARTS, *(part.kind for part in (*a.parts, *b.parts))))
    for kind in kinds:
        same, older, newer = _matched(a.of_kind(kind), b.of_kind(kind), lambda part: part.cluster)
        yield from (PartPair(kind, *pair) for pair in same)
        for position in range(max(len(older), len(newer))):
            yield PartPair(kind, *(left[position] if position < len(left) else None for left in (older, newer)))


def _facts(a: Backup, b: Backup) -> Iterator[MetadataPair]:
    """Where they come from; of what neither says there is nothing to compare."""
    if a.release or b.release:
        known = a.release and b.release
        yield MetadataPair("release", a.release, b.release, _one_release(a.release, b.release) if known else None)
    told = (
        ("type", a.backup_type, b.backup_type),
        ("site", a.site_name, b.site_name),
        ("namespace", a.namespace, b.namespace),
    )
    for what, older, newer in told:
        if older or newer:
            yield MetadataPair(what, older, newer, older == newer if older and newer else None)


def _one_release(older: str, newer: str) -> bool:
    """True if two texts name one release and no two builds of it, by their numbers (rules R13, R14)."""
    a, b = Release.parse(older), Release.parse(newer)
    if a is None or b is None:
        return older == newer
    return a.line == b.line and not a.is_other_build(b)
