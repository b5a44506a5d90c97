"""What a site says of itself: release, backup stores, schedules, settings, the last operation, jobs, data stores.

Every moment is an int of epoch milliseconds, UTC, or None where the server gave none that can be read. `raw` is the
record as the server sent it, as JSON, without its secrets (`wire`). Every field may be missing from an answer.
"""

import enum
import re
from dataclasses import dataclass, field
from functools import lru_cache

from msgspec import Struct


@dataclass(frozen=True, slots=True, order=True)
class Release:
    """A release of ArcGIS Enterprise, compared by its numbers: 10.9.1 < 11.0 < 11.10 (rule R14)."""

    numbers: tuple[int, ...]
    """Without trailing zeros: 11.4 and 11.4.0 are the same release."""
    text: str = field(compare=False)
    """As the server writes it."""

    @classmethod
    @lru_cache(256)  # all records of a site name the same few
    def parse(cls, text: str) -> "Release | None":
        """The release that `text` names (`10.9.1`, `11.4.0.6300`); None if it names none."""
        plain = text.strip()
        if not re.fullmatch(r"\d{1,6}(\.\d{1,9}){0,5}", plain, re.ASCII):
            return None
        numbers = [int(piece) for piece in plain.split(".")]
        while len(numbers) > 1 and not numbers[-1]:
            numbers.pop()
        return cls(tuple(numbers), plain)

    @property
    def line(self) -> tuple[int, int, int]:
        """The first three numbers: what has to be equal for a restore (rules R12, R13)."""
        first, second, third, *_ = (*self.numbers, 0, 0)
        return first, second, third

    @property
    def build(self) -> tuple[int, ...]:
        """The numbers after the first three; empty if the text names no build."""
        return self.numbers[3:]

    def is_other_build(self, other: "Release") -> bool:
        """True if both are the same release and name different builds; a missing build is no difference."""
        return self.line == other.line and bool(self.build and other.build) and self.build != other.build

    def __str__(self) -> str:
        return self.text


class Site(Struct, frozen=True):
    """The site's root (docs/api.md#root)."""

    release: Release | None
    resources: tuple[str, ...] = ()
    raw: bytes = b"{}"


class Store(Struct, frozen=True):
    """A backup store (docs/api.md#stores)."""

    name: str
    type: str = ""
    default: bool | None = None
    created_by: Release | None = None
    """The release that registered it (`versionCreated`, 11.2 and later)."""
    root: str = ""
    bucket: str = ""
    region: str = ""
    provider: str = ""
    service: str = ""
    provisioning: str = ""
    storage_class: str = ""
    size: str = ""
    """Of the volume asked for at registration ("64Gi"); not of what is in it."""
    covers_big_data: bool | None = None
    """Whether the spatiotemporal big data store is in its backups (`supportBDSBackup`, 12.0 and later)."""
    raw: bytes = b"{}"

    @property
    def location(self) -> str:
        """Where it keeps its files, as far as the record says."""
        volume = " ".join(filter(None, (self.provisioning.lower(), self.storage_class, self.size)))
        return " ".join(filter(None, (self.bucket, self.region, self.root, volume)))


class Schedule(Struct, frozen=True):
    """A task of the site (docs/api.md#schedules): a backup schedule, or the cleaner that retention relies on."""

    id: str
    task_type: str
    title: str = ""
    prefix: str = ""
    """The prefix of the names of its backups."""
    store: str = ""
    state: str = ""
    active: bool | None = None
    cron: str = ""
    """Quartz: six fields, seconds first, 1 = Sunday, UTC (rule R53)."""
    interval_seconds: int | None = None
    retention_offset: int | None = None
    """Milliseconds from the trigger to the end of retention."""
    created: int | None = None
    updated: int | None = None
    last_start: int | None = None
    starts: int | None = None
    ends: int | None = None
    """The moment at which it ends, epoch ms; None for never."""
    max_occurrences: int | None = None
    """The number of runs after which it ends; None for no limit."""
    unread_limits: tuple[str, ...] = ()
    """Fields that say when it ends and cannot be read, as the server wrote them: `endDate "soon"`."""
    raw: bytes = b"{}"

    @property
    def makes_backups(self) -> bool:
        """Whether it is a backup schedule."""
        return self.task_type.lower() == "createbackup"

    @property
    def is_cleaner(self) -> bool:
        """Whether it removes backups past their retention."""
        return self.task_type.lower() == "backupretentioncleaner"


class Stage(Struct, frozen=True):
    """One stage of an operation (docs/api.md#status); `duration` is the server's text, which contradicts its times."""

    name: str
    state: str = ""
    duration: str = ""


class DrStatus(Struct, frozen=True):
    """The last submitted disaster-recovery operation, whoever submitted it (docs/api.md#status, rule R25)."""

    state: str = ""
    code: int | None = None
    operation: str = ""
    store: str = ""
    backup: str = ""
    schedule_type: str = ""
    start: int | None = None
    end: int | None = None
    message: str = ""
    overall_duration: str = ""
    stages: tuple[Stage, ...] = ()
    messages: tuple[str, ...] = ()
    raw: bytes = b"{}"

    @property
    def is_restore(self) -> bool:
        """Whether it is a restore: else its end reads as that of a backup (rule R25). Only its like is documented."""
        return "restore" in self.operation.lower()

    @property
    def is_backup(self) -> bool:
        """Whether it is the making of a backup, which is what an operation that has no name is taken for."""
        return not self.is_restore and (not self.operation.strip() or "backup" in self.operation.lower())


class DrSettings(Struct, frozen=True):
    """Staging volume and time limit (docs/api.md#settings)."""

    timeout_seconds: int | None = None
    staging_provisioning: str = ""
    staging_class: str = ""
    staging_size: str = ""
    raw: bytes = b"{}"


class Job(Struct, frozen=True):
    """A job of the site (docs/api.md#jobs). That it is COMPLETED proves nothing about a backup (rule R27)."""

    id: str
    status: str = ""
    start: int | None = None
    end: int | None = None
    operation: str = ""
    user: str = ""
    stages: tuple[Stage, ...] = ()
    messages: tuple[str, ...] = ()
    raw: bytes = b"{}"


class DataStore(Struct, frozen=True):
    """Something a backup should cover (docs/api.md#data-stores)."""

    id: str
    name: str = ""
    type: str = ""
    system_managed: bool | None = None
    raw: bytes = b"{}"


class State(enum.Enum):
    """How an operation, a stage or a job stands."""

    GOOD = "good"
    WARNED = "warned"
    FAILED = "failed"
    IDLE = "idle"
    IN_PROGRESS = "going"
    """Any text that is none of the others: Esri's own client takes every unknown state for still going on."""


_FAILED = re.compile(r"fail|error|cancel|timed?_?out|abort")


_WHOLE = re.compile(
    r"completed|complete|success|successful|succeeded|ok|done|finished|ready"
    r"|(fail|error|cancel|abort)[a-z]*|timed?_?out"
    r"|(completed?|finished|succeeded|failed)_with_[a-z]+|partial(ly)?(_[a-z]+)?|incomplete|unsuccessful"
    r"|in_?progress|running|executing|submitted|queued|pending|waiting|start(ed|ing)|not_started"
    r"|skipped|paused|stopped|unknown|unavailable"
)
"""Texts that can be nothing but the state of something, spelled plainly."""


def is_state(text: str) -> bool:
    """True if a text that stands under no telling name is the state of something, rather than a name or a remark."""
    return _WHOLE.fullmatch(_plain(text)) is not None


def _plain(text: str) -> str:
    return re.sub(r"[\s_-]+", "_", text.strip().lower())


def state_of(text: str) -> State:
    """What kind of state `text` is; spelling differs in case, blanks, dashes and underscores."""
    plain = _plain(text)
    if plain in {"completed", "success", "succeeded"}:
        return State.GOOD
    if plain in {"cancelling", "canceling"}:
        return State.IN_PROGRESS
    if _FAILED.search(plain):
        return State.FAILED
    if "warning" in plain:
        return State.WARNED
    return State.IDLE if plain in {"", "no_op", "none"} else State.IN_PROGRESS
