"""Data types for the answers of a site: release, stores, schedules, settings, operation, jobs, data stores.

All times are epoch milliseconds, UTC, or None if the site sent no readable time. `raw` is the record as the site sent
it: JSON, without secrets (see `core.wire`). Every field may be missing in an answer.
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
    """Numbers without trailing zeros, so that 11.4 and 11.4.0 are equal."""
    text: str = field(compare=False)
    """The release as the site writes it."""

    @classmethod
    @lru_cache(256)  # the records of a site have very few different releases
    def parse(cls, text: str) -> "Release | None":
        """Return the release in a text such as `10.9.1` or `11.4.0.6300`; None if the text is not a release."""
        plain = text.strip()
        if not re.fullmatch(r"\d{1,6}(\.\d{1,9}){0,5}", plain, re.ASCII):
            return None
        numbers = [int(piece) for piece in plain.split(".")]
        while len(numbers) > 1 and not numbers[-1]:
            numbers.pop()
        return cls(tuple(numbers), plain)

    @property
    def line(self) -> tuple[int, int, int]:
        """The first three numbers, which must be equal for a restore (rules R12, R13)."""
        first, second, third, *_ = (*self.numbers, 0, 0)
        return first, second, third

    @property
    def build(self) -> tuple[int, ...]:
        """The numbers after the first three; empty if there is no build number."""
        return self.numbers[3:]

    def is_other_build(self, other: "Release") -> bool:
        """True if both have the same first three numbers and different builds; a missing build is not different."""
        return self.line == other.line and bool(self.build and other.build) and self.build != other.build

    def __str__(self) -> str:
        return self.text


class Site(Struct, frozen=True):
    """The root resource of the site (docs/api.md#root)."""

    release: Release | None
    resources: tuple[str, ...] = ()
    raw: bytes = b"{}"


class Store(Struct, frozen=True):
    """A backup store (docs/api.md#stores)."""

    name: str
    type: str = ""
    default: bool | None = None
    created_by: Release | None = None
    """Release that registered the store (`versionCreated`, 11.2 and later)."""
    root: str = ""
    bucket: str = ""
    region: str = ""
    provider: str = ""
    service: str = ""
    provisioning: str = ""
    storage_class: str = ""
    size: str = ""
    """Size of the volume requested at registration ("64Gi"), not the space in use."""
    covers_big_data: bool | None = None
    """True if its backups contain the spatiotemporal big data store (`supportBDSBackup`, 12.0 and later)."""
    raw: bytes = b"{}"

    @property
    def location(self) -> str:
        """Bucket, region, folder and volume of the store, as far as the record names them."""
        volume = " ".join(filter(None, (self.provisioning.lower(), self.storage_class, self.size)))
        return " ".join(filter(None, (self.bucket, self.region, self.root, volume)))


class Schedule(Struct, frozen=True):
    """A task of the site (docs/api.md#schedules): a backup schedule, or the cleaner of expired backups."""

    id: str
    task_type: str
    title: str = ""
    prefix: str = ""
    """Prefix of the names of its backups."""
    store: str = ""
    state: str = ""
    active: bool | None = None
    cron: str = ""
    """Quartz cron expression: six fields, seconds first, 1 = Sunday, UTC (rule R53)."""
    interval_seconds: int | None = None
    retention_offset: int | None = None
    """Milliseconds from a run to the end of retention of its backup."""
    created: int | None = None
    updated: int | None = None
    last_start: int | None = None
    starts: int | None = None
    ends: int | None = None
    """Time at which the schedule ends, epoch ms; None for never."""
    max_occurrences: int | None = None
    """Number of runs after which the schedule ends; None for no limit."""
    unread_limits: tuple[str, ...] = ()
    """Unreadable fields about the end of the schedule, as the site wrote them: `endDate "soon"`."""
    raw: bytes = b"{}"

    @property
    def makes_backups(self) -> bool:
        """True if the task is a backup schedule."""
        return self.task_type.lower() == "createbackup"

    @property
    def is_cleaner(self) -> bool:
        """True if the task removes expired backups."""
        return self.task_type.lower() == "backupretentioncleaner"


class Stage(Struct, frozen=True):
    """A stage of an operation (docs/api.md#status); `duration` is a text of the site that contradicts its times."""

    name: str
    state: str = ""
    duration: str = ""


class DrStatus(Struct, frozen=True):
    """The last submitted backup or restore, whoever submitted it (docs/api.md#status, rule R25)."""

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
        """True if the operation is a restore (rule R25). The documentation shows only similar names."""
        return "restore" in self.operation.lower()

    @property
    def is_backup(self) -> bool:
        """True if the operation is a backup; an operation without a name counts as a backup."""
        return not self.is_restore and (not self.operation.strip() or "backup" in self.operation.lower())


class DrSettings(Struct, frozen=True):
    """Time limit and staging volume of backups and restores (docs/api.md#settings)."""

    timeout_seconds: int | None = None
    staging_provisioning: str = ""
    staging_class: str = ""
    staging_size: str = ""
    raw: bytes = b"{}"


class Job(Struct, frozen=True):
    """A job of the site (docs/api.md#jobs). Its status COMPLETED proves nothing about a backup (rule R27)."""

    id: str
    status: str = ""
    start: int | None = None
    end: int | None = None
    operation: str = ""
    user: str = ""
    stages: tuple[Stage, ...] = ()
    messages: tuple[str, ...] = ()
    raw: bytes = b"{}"


class State(enum.Enum):
    """The state of an operation, a stage or a job."""

    GOOD = "good"
    WARNED = "warned"
    FAILED = "failed"
    IDLE = "idle"
    IN_PROGRESS = "running"
    """Also any unknown text: Esri's own client takes every unknown state for "in progress"."""


_FAILED = re.compile(r"fail|error|cancel|timed?_?out|abort")


_STATE_WORD = re.compile(
    r"completed|complete|success|successful|succeeded|ok|done|finished|ready"
    r"|(fail|error|cancel|abort)[a-z]*|timed?_?out"
    r"|(completed?|finished|succeeded|failed)_with_[a-z]+|partial(ly)?(_[a-z]+)?|incomplete|unsuccessful"
    r"|in_?progress|running|executing|submitted|queued|pending|waiting|start(ed|ing)|not_started"
    r"|skipped|paused|stopped|unknown|unavailable"
)
"""Normalised texts that can only be a state, not a name or a message."""


def is_state(text: str) -> bool:
    """True if a text in an undocumented field is a state rather than a name or a message."""
    return _STATE_WORD.fullmatch(_normalise(text)) is not None


def _normalise(text: str) -> str:
    """Return the text in lower case, with blanks and dashes replaced by underscores."""
    return re.sub(r"[\s_-]+", "_", text.strip().lower())


def state_of(text: str) -> State:
    """Return the state that a text stands for; case, blanks, dashes and underscores do not matter."""
    plain = _normalise(text)
    if plain in {"completed", "success", "succeeded"}:
        return State.GOOD
    if plain in {"cancelling", "canceling"}:
        return State.IN_PROGRESS
    if _FAILED.search(plain):
        return State.FAILED
    if "warning" in plain:
        return State.WARNED
    return State.IDLE if plain in {"", "no_op", "none"} else State.IN_PROGRESS
