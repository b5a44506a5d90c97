"""Compare two restore points: their contents, origin and durations.

Only the records are compared: names, ids and times. No record says what a geodatabase or a bucket contains.
"""

import operator
from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import TypeVar

from msgspec import Struct

from drtui.core.model.backup import EXPECTED_PARTS, OBJECT, RELATIONAL, Backup, Geodatabase, Part
from drtui.core.model.site import Release
from drtui.core.verdict.restore_points import RestorePoint
from drtui.core.verdict.rules import PART_NAMES

T = TypeVar("T")
GeodatabasePair = tuple[Geodatabase, Geodatabase]
"""A geodatabase of the older restore point and its counterpart in the newer restore point."""


class GeodatabasesComparison(Struct, frozen=True):
    """The geodatabases of two restore points, identified by their ids; names are only labels."""

    added: tuple[Geodatabase, ...] = ()
    removed: tuple[Geodatabase, ...] = ()
    renamed: tuple[GeodatabasePair, ...] = ()
    """Geodatabases with the same id and two names."""
    recreated: tuple[GeodatabasePair, ...] = ()
    """Geodatabases with the same name and two ids."""
    uncertain: tuple[GeodatabasePair, ...] = ()
    """Geodatabases with the same name and an id in only one of the records."""
    unchanged: tuple[Geodatabase, ...] = ()

    @property
    def has_differences(self) -> bool:
        """True if any geodatabase is not unchanged."""
        return any((self.added, self.removed, self.renamed, self.recreated, self.uncertain))


class NamesComparison(Struct, frozen=True):
    """The names of the system databases, or of the buckets, of two restore points."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()

    @property
    def has_differences(self) -> bool:
        """True if any name is in only one of the restore points."""
        return bool(self.added or self.removed)


class PartPair(Struct, frozen=True):
    """A part of the older restore point and its counterpart in the newer; None if a record has no such part."""

    kind: str
    older: Part | None
    newer: Part | None

    @property
    def is_one_sided(self) -> bool:
        """True if only one of the records has the part."""
        return self.older is None or self.newer is None

    @property
    def clusters(self) -> tuple[str, str]:
        """The store instances that the two parts were captured from; "" if unknown."""
        return self.older.cluster if self.older else "", self.newer.cluster if self.newer else ""

    @property
    def is_other_instance(self) -> bool:
        """True if both store instances are known and differ: a hint, not a verdict (docs/rules.md)."""
        older, newer = self.clusters
        return bool(older and newer and older != newer)

    @property
    def has_same_status(self) -> bool:
        """True if both parts have the same status, ignoring case."""
        older, newer = (part.status if part is not None else None for part in (self.older, self.newer))
        return (older or "").strip().lower() == (newer or "").strip().lower()

    @property
    def has_differences(self) -> bool:
        """True if a part is missing, or status or store instance differ; a known instance differs from an unknown."""
        return self.is_one_sided or not self.has_same_status or self.clusters[0] != self.clusters[1]


class MetadataPair(Struct, frozen=True):
    """One property of two restore points, such as the release, as the records spell it."""

    name: str
    older: str
    newer: str
    is_same: bool | None
    """True if both values mean the same; None if one record has no value."""


class Comparison(Struct, frozen=True):
    """The comparison of two restore points."""

    older: RestorePoint
    newer: RestorePoint
    is_ordered_by_time: bool
    """True if both start times are known; else `older` is the restore point that was named first."""
    geodatabases: GeodatabasesComparison | None
    """None if only one of the records lists contents of the relational store."""
    databases: NamesComparison | None
    buckets: NamesComparison | None
    parts: tuple[PartPair, ...]
    metadata: tuple[MetadataPair, ...]

    @property
    def labels(self) -> tuple[str, str]:
        """The words for the two restore points: by age, or by order of naming if the age is unknown."""
        return ("older", "newer") if self.is_ordered_by_time else ("first", "second")

    @property
    def time_apart(self) -> int | None:
        """Milliseconds from the older start to the newer start; None if a start is unknown."""
        older, newer = self.older.backup.start, self.newer.backup.start
        return newer - older if older is not None and newer is not None else None

    @property
    def contents(self) -> tuple[GeodatabasesComparison | NamesComparison | None, ...]:
        """The comparisons of geodatabases, system databases and buckets."""
        return self.geodatabases, self.databases, self.buckets

    def part_name(self, pair: PartPair) -> str:
        """Return the name of a part, with its cluster (else its number) if there are several of the kind."""
        name = PART_NAMES.get(pair.kind, pair.kind)
        same_kind = [part for part in self.parts if part.kind == pair.kind]
        if len(same_kind) < 2:
            return name
        return f"{name} {pair.clusters[1] or pair.clusters[0] or same_kind.index(pair) + 1}"

    @property
    def has_differences(self) -> bool:
        """True if anything but name, store and times differs or may differ; any two restore points differ in these."""
        return (
            any(contents is None or contents.has_differences for contents in self.contents)
            or any(pair.has_differences for pair in self.parts)
            or any(pair.is_same is not True for pair in self.metadata)
            or self.older.verdict.level != self.newer.verdict.level
        )


def compare(first: RestorePoint, second: RestorePoint) -> Comparison:
    """Compare two restore points, in either order."""
    is_ordered = first.backup.start is not None and second.backup.start is not None
    older, newer = first, second
    if is_ordered:
        older, newer = sorted((first, second), key=lambda point: (point.backup.start or 0, point.id))
    a, b = older.backup, newer.backup
    is_comparable = {kind: _lists_contents(a, kind) == _lists_contents(b, kind) for kind in (RELATIONAL, OBJECT)}
    return Comparison(
        older=older,
        newer=newer,
        is_ordered_by_time=is_ordered,
        geodatabases=_compare_geodatabases(a, b) if is_comparable[RELATIONAL] else None,
        databases=_compare_names(a.system_databases, b.system_databases) if is_comparable[RELATIONAL] else None,
        buckets=_compare_names(a.buckets, b.buckets) if is_comparable[OBJECT] else None,
        parts=tuple(_pair_parts(a, b)),
        metadata=tuple(_pair_metadata(a, b)),
    )


def compute_duration_ratio(older: int | None, newer: int | None) -> float | None:
    """Return the newer duration divided by the older; None if a duration is unknown or 0."""
    return newer / older if older and newer else None


def _lists_contents(backup: Backup, kind: str) -> bool:
    """Return True if the record lists contents of this kind of store; an absent or empty part may have contents."""
    return any(part.geodatabases or part.system_databases or part.buckets for part in backup.parts_of_kind(kind))


def _compare_geodatabases(a: Backup, b: Backup) -> GeodatabasesComparison:
    """Match geodatabases by id and name, then by id, then by name; the rest is in only one of the backups."""
    older, newer = _deduplicate(a.geodatabases), _deduplicate(b.geodatabases)
    unchanged, older, newer = _match_by_key(older, newer, lambda geodatabase: (geodatabase.identity, geodatabase.name))
    renamed, older, newer = _match_by_key(older, newer, lambda geodatabase: geodatabase.identity)
    same_name, older, newer = _match_by_key(older, newer, lambda geodatabase: geodatabase.name)
    return GeodatabasesComparison(
        added=tuple(newer),
        removed=tuple(older),
        renamed=tuple(renamed),
        recreated=tuple((x, y) for x, y in same_name if x.identity and y.identity),
        uncertain=tuple((x, y) for x, y in same_name if not (x.identity and y.identity)),
        unchanged=tuple(y for _, y in unchanged),
    )


def _deduplicate(geodatabases: Iterable[Geodatabase]) -> list[Geodatabase]:
    """Drop repeated geodatabases, however their ids are spelled."""
    return list({(geodatabase.identity, geodatabase.name): geodatabase for geodatabase in geodatabases}.values())


def _match_by_key(
    older: Sequence[T], newer: Sequence[T], key: Callable[[T], Hashable]
) -> tuple[list[tuple[T, T]], list[T], list[T]]:
    """Pair elements with equal keys, in order; return the pairs and the rest of each side. Empty keys never match."""
    unmatched: defaultdict[Hashable, deque[int]] = defaultdict(deque)
    for position, element in enumerate(newer):
        unmatched[key(element)].append(position)
    pairs: list[tuple[T, T]] = []
    only_older: list[T] = []
    matched: set[int] = set()
    for element in older:
        if key(element) and unmatched[key(element)]:
            position = unmatched[key(element)].popleft()
            pairs.append((element, newer[position]))
            matched.add(position)
        else:
            only_older.append(element)
    return pairs, only_older, [element for position, element in enumerate(newer) if position not in matched]


def _compare_names(older: Iterable[str], newer: Iterable[str]) -> NamesComparison:
    before, after = dict.fromkeys(older), dict.fromkeys(newer)
    return NamesComparison(
        added=tuple(name for name in after if name not in before),
        removed=tuple(name for name in before if name not in after),
        unchanged=tuple(name for name in after if name in before),
    )


def _pair_parts(a: Backup, b: Backup) -> Iterator[PartPair]:
    """Pair parts of the same kind, including undocumented kinds: by cluster, then by position."""
    kinds = dict.fromkeys((*EXPECTED_PARTS, *(part.kind for part in (*a.parts, *b.parts))))
    for kind in kinds:
        same_cluster, older, newer = _match_by_key(
            a.parts_of_kind(kind), b.parts_of_kind(kind), lambda part: part.cluster
        )
        yield from (PartPair(kind, *pair) for pair in same_cluster)
        for position in range(max(len(older), len(newer))):
            yield PartPair(kind, *(side[position] if position < len(side) else None for side in (older, newer)))


def _pair_metadata(a: Backup, b: Backup) -> Iterator[MetadataPair]:
    """Pair release, type, site and namespace; skip properties that neither record has."""
    properties = (
        ("release", a.release, b.release, _is_same_release),
        ("type", a.backup_type, b.backup_type, operator.eq),
        ("site", a.site_name, b.site_name, operator.eq),
        ("namespace", a.namespace, b.namespace, operator.eq),
    )
    for name, older, newer, compare_values in properties:
        if older or newer:
            yield MetadataPair(name, older, newer, compare_values(older, newer) if older and newer else None)


def _is_same_release(older: str, newer: str) -> bool:
    """Return True if two texts name the same release, and not two builds of it (rules R13, R14)."""
    a, b = Release.parse(older), Release.parse(newer)
    if a is None or b is None:
        return older == newer
    return a.line == b.line and not a.is_other_build(b)
