"""A backup as the site recorded it (docs/api.md#backups). All times are epoch milliseconds, UTC."""

import struct
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain
from typing import Self, overload

from msgspec import Struct, field

from drtui.core.model.site import State, state_of

RELATIONAL = "relationalStore"
OBJECT = "objectStore"
INFRASTRUCTURE = "infrastructures"
"""Kinds of parts, as the site names them."""

EXPECTED_PARTS = (RELATIONAL, OBJECT, INFRASTRUCTURE)
"""Kinds of the parts that every backup has, in the order in which they are captured (rule R2)."""

NEVER = -1
"""Retention date that means "keep forever" (rule R41)."""


class Geodatabase(Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """A geodatabase in a relational store, in JSON with the names that the site uses."""

    name: str = field(name="gdbName")
    id: str = field(name="egdbID")
    """Id as the site spells it: 32 hexadecimal digits, with or without dashes."""

    @property
    def identity(self) -> str:
        """The id in lower case without dashes, equal for all spellings of one id."""
        return self.id.replace("-", "").lower()


class Part(Struct, frozen=True, gc=False):
    """One part of a backup, with its own start and end (epoch ms)."""

    kind: str
    """Kind as the site names it: `relationalStore`, `objectStore`, `infrastructures`, or an undocumented one."""
    status: str | None = None
    start: int | None = None
    end: int | None = None
    cluster: str = ""
    geodatabases: tuple[Geodatabase, ...] = ()
    system_databases: tuple[str, ...] = ()
    buckets: tuple[str, ...] = ()

    @property
    def is_documented(self) -> bool:
        """True if the statuses of this kind are documented; only `completed` means success then (rule R1)."""
        return self.kind in EXPECTED_PARTS

    @property
    def is_completed(self) -> bool:
        """True if the status is `completed`; for an undocumented kind any good word of docs/api.md#state-words (R1)."""
        return is_completed(self.status) or (not self.is_documented and state_of(self.status or "") is State.GOOD)

    @property
    def has_failed(self) -> bool:
        """True if the status rules out a restore: any that is not good; for an undocumented kind a word for failure."""
        return not self.is_completed and (self.is_documented or state_of(self.status or "") is State.FAILED)

    @property
    def duration(self) -> int | None:
        """Milliseconds from start to end; None if one of them is not known."""
        return _elapsed(self.start, self.end)


class PackedParts(Struct, frozen=True, gc=False):
    """A sequence of parts that creates its `Part` objects on access.

    Consecutive backups mostly differ only in the times of their parts, so that all else is stored once for all of them.
    """

    undated_parts: tuple[Part, ...]
    """The parts without start and end."""
    times: bytes
    """Start and end of each part, epoch ms in 8 bytes each; 0 for unknown (docs/api.md#conventions)."""

    @classmethod
    def pack(cls, undated_parts: tuple[Part, ...], times: Sequence[int]) -> Self:
        """Return the parts with the start and end of each part in turn (epoch ms, 0 for unknown)."""
        return cls(undated_parts, struct.pack(f"{len(times)}q", *times))

    def __len__(self) -> int:
        return len(self.undated_parts)

    def __iter__(self) -> Iterator[Part]:
        return iter(self[:])

    @overload
    def __getitem__(self, index: int) -> Part: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[Part, ...]: ...

    def __getitem__(self, index: int | slice) -> Part | tuple[Part, ...]:
        times = iter(struct.unpack(f"{2 * len(self.undated_parts)}q", self.times))
        parts = [
            Part(p.kind, p.status, start or None, end or None, p.cluster, p.geodatabases, p.system_databases, p.buckets)
            for p, start, end in zip(self.undated_parts, times, times, strict=True)
        ]
        return parts[index] if isinstance(index, int) else tuple(parts[index])


class Backup(Struct, frozen=True, gc=False):
    """A backup, identified by its store and its name."""

    name: str
    store: str
    """Name of the store under which the site lists the backup."""
    recorded_store: str = ""
    """Name of the store in the record itself, which differs after a store was registered again."""
    status: str | None = None
    start: int | None = None
    end: int | None = None
    retention: int | None = None
    """Time from which the backup may be cleaned up, epoch ms; -1 never, None if unknown (rules R40, R41)."""
    release: str = ""
    backup_type: str = ""
    schedule_type: str = ""
    category: str = ""
    description: str = ""
    site_name: str = ""
    namespace: str = ""
    parts: tuple[Part, ...] | PackedParts = ()
    record: bytes = b"{}"
    """The record as JSON without secrets; empty if the fields above hold all of it (`backup_schema` rebuilds it)."""
    unread_retention: str = ""
    """JSON text of a retention date that cannot be read; empty if there is none."""

    @property
    def id(self) -> tuple[str, str]:
        """Store and name."""
        return self.store, self.name

    @property
    def is_completed(self) -> bool:
        """True if the status of the backup is `completed`, the only documented good value (rule R1)."""
        return is_completed(self.status)

    @property
    def duration(self) -> int | None:
        """Milliseconds from start to end; None if one of them is not known."""
        return _elapsed(self.start, self.end)

    @property
    def undated_parts(self) -> tuple[Part, ...]:
        """The parts without their times; does not create `Part` objects."""
        return self.parts.undated_parts if isinstance(self.parts, PackedParts) else self.parts

    @property
    def part_times(self) -> tuple[int, ...]:
        """Start and end of each part in turn, epoch ms, 0 for unknown; does not create `Part` objects."""
        if isinstance(self.parts, PackedParts):
            return struct.unpack(f"{len(self.parts.times) // 8}q", self.parts.times)
        return tuple(time or 0 for part in self.parts for time in (part.start, part.end))

    @property
    def capture_duration(self) -> int | None:
        """Milliseconds from the first start to the last end of parts that have both; None if no part has."""
        timed = [(p.start, p.end) for p in self.parts if p.start is not None and p.end is not None and p.end >= p.start]
        return max(end for _, end in timed) - min(start for start, _ in timed) if timed else None

    @property
    def clusters(self) -> tuple[str, ...]:
        """Ids of the data store clusters that the backup contains, in the order of its parts."""
        return tuple(dict.fromkeys(part.cluster for part in self.undated_parts if part.cluster))

    @property
    def is_scheduled(self) -> bool:
        """True if a schedule made the backup."""
        return self.schedule_type.upper() == "SCHEDULED"

    @property
    def geodatabases(self) -> tuple[Geodatabase, ...]:
        """The geodatabases of all relational stores in the backup."""
        return tuple(chain.from_iterable([part.geodatabases for part in self.undated_parts]))

    @property
    def system_databases(self) -> tuple[str, ...]:
        """The system databases of all relational stores in the backup."""
        return tuple(database for part in self.undated_parts for database in part.system_databases)

    @property
    def buckets(self) -> tuple[str, ...]:
        """The buckets of all object stores in the backup."""
        return tuple(bucket for part in self.undated_parts for bucket in part.buckets)

    @property
    def record_text(self) -> str:
        """Name, store, description, status, schedule type and release in lower case, one per line, for text search."""
        fields = (self.name, self.store, self.description, self.status or "", self.schedule_type, self.release)
        return "\n".join(fields).lower()

    @property
    def content_text(self) -> str:
        """Parts and items in lower case, one value per line, for text search; ids with and without dashes."""
        return _content_text(
            tuple(
                (p.kind, p.cluster, p.status, p.geodatabases, p.system_databases, p.buckets) for p in self.undated_parts
            )
        )

    def parts_of_kind(self, kind: str) -> tuple[Part, ...]:
        """Return the parts of a kind; empty if the backup has none."""
        return tuple(part for part in self.parts if part.kind == kind)


@lru_cache(4096)  # consecutive backups mostly have the same content, and each typed letter searches all of them
def _content_text(
    parts: tuple[tuple[str, str, str | None, tuple[Geodatabase, ...], tuple[str, ...], tuple[str, ...]], ...],
) -> str:
    lines: list[str] = []
    for kind, cluster, status, geodatabases, databases, buckets in parts:
        lines += (kind, cluster, status or "")
        lines += [geodatabase.name for geodatabase in geodatabases]
        lines += [geodatabase.id for geodatabase in geodatabases]
        lines += [geodatabase.identity for geodatabase in geodatabases if "-" in geodatabase.id]
        lines += (*databases, *buckets)
    return "\n".join(lines).lower()


def is_completed(status: str | None) -> bool:
    """True if the status of a backup or a part is `completed`, in upper or lower case."""
    return status == "completed" or (status is not None and status.strip().lower() == "completed")


def _elapsed(start: int | None, end: int | None) -> int | None:
    """Return the milliseconds from `start` to `end`; None if one is unknown or `end` is before `start`."""
    return end - start if start is not None and end is not None and end >= start else None
