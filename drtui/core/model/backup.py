"""One restore point as the server recorded it (docs/api.md#backups). Moments are epoch milliseconds, UTC."""

import struct
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Self, overload

from msgspec import Struct

from drtui.core.model.site import State, state_of

RELATIONAL = "relationalStore"
OBJECT = "objectStore"
INFRASTRUCTURE = "infrastructures"

EXPECTED_PARTS = (RELATIONAL, OBJECT, INFRASTRUCTURE)
"""The parts every backup has, in the order they are captured (rule R2)."""

NEVER = -1
"""A retention date that says: keep forever (rule R41)."""


class Geodatabase(Struct, frozen=True, gc=False):
    """A geodatabase in a relational store."""

    name: str
    id: str
    """As the server spells it: 32 hexadecimal digits, with or without dashes."""

    @property
    def identity(self) -> str:
        """Its id without dashes and case: two spellings of one id are one geodatabase."""
        return self.id.replace("-", "").lower()


class Part(Struct, frozen=True, gc=False):
    """One part of a backup, captured in a span of its own."""

    kind: str
    """The server's name of it: `relationalStore`, `objectStore`, `infrastructures`, or one we have never seen."""
    status: str | None = None
    start: int | None = None
    end: int | None = None
    cluster: str = ""
    geodatabases: tuple[Geodatabase, ...] = ()
    system_databases: tuple[str, ...] = ()
    buckets: tuple[str, ...] = ()

    @property
    def is_documented(self) -> bool:
        """True if it is of a kind whose statuses are documented: only `completed` is good there (rule R1)."""
        return self.kind in EXPECTED_PARTS

    @property
    def is_completed(self) -> bool:
        """True if its status is `completed`, or for another kind a good word of docs/api.md#state-words (rule R1)."""
        return is_completed(self.status) or (not self.is_documented and state_of(self.status or "") is State.GOOD)

    @property
    def has_failed(self) -> bool:
        """True if its status rules out a restore: any but good; for an undocumented kind only a word for failure."""
        return not self.is_completed and (self.is_documented or state_of(self.status or "") is State.FAILED)

    @property
    def duration(self) -> int | None:
        """Milliseconds from its start to its end, where both are known."""
        return _elapsed(self.start, self.end)


class PackedParts(Struct, frozen=True, gc=False):
    """A tuple of parts that is made when it is looked at: all but their moments is what neighbours have as well."""

    undated_parts: tuple[Part, ...]
    """The same without start and end."""
    times: bytes
    """Start and end of each, epoch ms in eight bytes; 0 for unknown, as servers write it (docs/api.md#conventions)."""

    @classmethod
    def pack(cls, undated_parts: tuple[Part, ...], times: Sequence[int]) -> Self:
        """These, with start and end of each in turn."""
        return cls(undated_parts, struct.pack(f"{len(times)}q", *times))

    def __len__(self) -> int:
        return len(self.undated_parts)

    def __iter__(self) -> Iterator[Part]:
        return iter(self[:])

    @overload
    def __getitem__(self, at: int) -> Part: ...

    @overload
    def __getitem__(self, at: slice) -> tuple[Part, ...]: ...

    def __getitem__(self, at: int | slice) -> Part | tuple[Part, ...]:
        moments = iter(struct.unpack(f"{2 * len(self.undated_parts)}q", self.times))
        made = [
            Part(p.kind, p.status, start or None, end or None, p.cluster, p.geodatabases, p.system_databases, p.buckets)
            for p, start, end in zip(self.undated_parts, moments, moments, strict=True)
        ]
        return made[at] if isinstance(at, int) else tuple(made[at])


class Backup(Struct, frozen=True, gc=False):
    """One backup. Its identity is its store and its name."""

    name: str
    store: str
    """The store it is listed under."""
    recorded_store: str = ""
    """The store the record itself names, which differs after a store was registered anew."""
    status: str | None = None
    start: int | None = None
    end: int | None = None
    retention: int | None = None
    """The moment from which it may be cleaned up, epoch ms; -1 never, None if none can be read (rules R40, R41)."""
    release: str = ""
    backup_type: str = ""
    schedule_type: str = ""
    category: str = ""
    description: str = ""
    site_name: str = ""
    namespace: str = ""
    parts: tuple[Part, ...] | PackedParts = ()
    record: bytes = b"{}"
    """The record, JSON without secrets; empty where all that it says is said here (`record.raw` writes it again)."""
    unread_retention: str = ""
    """JSON text of a retention date that is in the record but cannot be read; empty if there is none."""

    @property
    def id(self) -> tuple[str, str]:
        """Store and name."""
        return self.store, self.name

    @property
    def is_completed(self) -> bool:
        """Whether its own status is the one published value that is good (rule R1)."""
        return is_completed(self.status)

    @property
    def duration(self) -> int | None:
        """Milliseconds from start to completion, where both are known."""
        return _elapsed(self.start, self.end)

    @property
    def undated_parts(self) -> tuple[Part, ...]:
        """Its parts without their moments, which need not be made first."""
        return self.parts.undated_parts if isinstance(self.parts, PackedParts) else self.parts

    @property
    def part_times(self) -> tuple[int, ...]:
        """Start and end of each part in turn, epoch ms; 0 for what is not known. The parts need not be made."""
        if isinstance(self.parts, PackedParts):
            return struct.unpack(f"{len(self.parts.times) // 8}q", self.parts.times)
        return tuple(moment or 0 for part in self.parts for moment in (part.start, part.end))

    @property
    def capture_duration(self) -> int | None:
        """Milliseconds from the start of the first part to the end of the last, of those that have both."""
        timed = [(p.start, p.end) for p in self.parts if p.start is not None and p.end is not None and p.end >= p.start]
        return max(end for _, end in timed) - min(start for start, _ in timed) if timed else None

    @property
    def clusters(self) -> tuple[str, ...]:
        """The instances of stores that it was taken from, in the order of its parts."""
        return tuple(dict.fromkeys(part.cluster for part in self.undated_parts if part.cluster))

    @property
    def is_scheduled(self) -> bool:
        """Whether a schedule made it."""
        return self.schedule_type.upper() == "SCHEDULED"

    @property
    def geodatabases(self) -> tuple[Geodatabase, ...]:
        """Those of all its relational stores."""
        return tuple(each for part in self.undated_parts for each in part.geodatabases)

    @property
    def system_databases(self) -> tuple[str, ...]:
        """Those of all its relational stores."""
        return tuple(each for part in self.undated_parts for each in part.system_databases)

    @property
    def buckets(self) -> tuple[str, ...]:
        """Those of all its object stores."""
        return tuple(each for part in self.undated_parts for each in part.buckets)

    @property
    def record_text(self) -> str:
        """All that it says of itself, in lower case, a line each."""
        said = (self.name, self.store, self.description, self.status or "", self.schedule_type, self.release)
        return "\n".join(said).lower()

    @property
    def content_text(self) -> str:
        """All that is in it, in lower case, a line each; an id that has dashes also without them."""
        return _content_text(
            tuple(
                (p.kind, p.cluster, p.status, p.geodatabases, p.system_databases, p.buckets) for p in self.undated_parts
            )
        )

    def parts_of_kind(self, kind: str) -> tuple[Part, ...]:
        """Its parts of that kind; none if the record does not have it."""
        return tuple(part for part in self.parts if part.kind == kind)


@lru_cache(4096)  # neighbours mostly hold the same, and every letter of a filter is looked for in all of them
def _content_text(
    parts: tuple[tuple[str, str, str | None, tuple[Geodatabase, ...], tuple[str, ...], tuple[str, ...]], ...],
) -> str:
    held: list[str] = []
    for kind, cluster, status, geodatabases, databases, buckets in parts:
        held += (kind, cluster, status or "")
        held += [each.name for each in geodatabases]
        held += [each.id for each in geodatabases]
        held += [each.identity for each in geodatabases if "-" in each.id]
        held += (*databases, *buckets)
    return "\n".join(held).lower()


def is_completed(status: str | None) -> bool:
    """Whether a status of a backup or a part is `completed`, in any case."""
    return status == "completed" or (status is not None and status.strip().lower() == "completed")


def _elapsed(start: int | None, end: int | None) -> int | None:
    """Milliseconds from `start` to `end`; None where either is unknown or they are the wrong way round."""
    return end - start if start is not None and end is not None and end >= start else None
