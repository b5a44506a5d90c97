"""Changes of a site, and the request that each stands for. No secret is part of either."""

import enum
from typing import get_args

import msgspec
from msgspec import Struct

from drtui.core.formatting.text import sanitize, unescape
from drtui.core.model.address import path_segment

DISASTER_RECOVERY = "/system/disasterrecovery"
TASKS = "/system/tasks"

MASK = "***"
"""Text that stands for a secret wherever a request is shown."""

ASYNC_RELEASE = (11, 0, 0)
"""First release that accepts `async` for deleting (docs/api.md#deleting-a-backup)."""


class Operation(enum.Enum):
    """The kind of a change."""

    CREATE = "create"
    KEEP = "keep"
    VALIDATE = "validate"
    PAUSE = "pause"
    RESUME = "resume"
    DELETE = "delete"
    RESTORE = "restore"


class PostRequest(Struct, frozen=True):
    """A POST of the administrator API, without secrets."""

    path: str
    """Path below the root of the API, percent-encoded."""
    fields: tuple[tuple[str, str], ...] = ()
    """Names and values of the form, without `f` and the secrets."""
    secrets: tuple[str, ...] = ()
    """Names of the fields that hold a secret, besides the token."""

    @property
    def shown_fields(self) -> tuple[tuple[str, str], ...]:
        """Every field of the form, with `***` for secrets."""
        shown = ((name, sanitize(value)) for name, value in self.fields)
        return (*shown, *((name, MASK) for name in self.secrets), ("f", "json"), ("token", MASK))

    def lines(self, root: str) -> tuple[str, ...]:
        """Return the request as lines of text; `root` is the URL of the root of the API."""
        return (f"POST {root}{self.path}", *(f"{name}={value}" for name, value in self.shown_fields))


class CreateBackup(Struct, frozen=True, tag_field="operation", tag="create"):
    """Make a backup."""

    store: str
    name: str
    retention: int
    """End of retention, epoch ms; `NEVER` keeps the backup for ever. It is always sent."""
    description: str = ""
    is_auto: bool = False
    """True if drtui chose the name: `--yes auto` confirms it then."""

    operation = Operation.CREATE
    secrets = ("passcode",)


class KeepBackup(Struct, frozen=True, tag_field="operation", tag="keep"):
    """Change how long a backup is kept."""

    store: str
    name: str
    retention: int
    """New end of retention, epoch ms; `NEVER` keeps the backup for ever."""

    operation = Operation.KEEP
    secrets = ()


class ValidateStore(Struct, frozen=True, tag_field="operation", tag="validate"):
    """Ask a store whether it is ready for backups."""

    store: str

    operation = Operation.VALIDATE
    secrets = ()

    @property
    def name(self) -> str:
        """The name of the store."""
        return self.store


class _ScheduleChange(Struct, frozen=True):
    """A change of a schedule."""

    task: str
    """Id of the task."""
    name: str
    """Title of the schedule, else its prefix or id: as it is listed."""
    store: str = ""

    secrets = ()


class PauseSchedule(_ScheduleChange, frozen=True, tag_field="operation", tag="pause"):
    """Stop a schedule until it is resumed."""

    operation = Operation.PAUSE


class ResumeSchedule(_ScheduleChange, frozen=True, tag_field="operation", tag="resume"):
    """Let a paused schedule run again."""

    operation = Operation.RESUME


class DeleteBackup(Struct, frozen=True, tag_field="operation", tag="delete"):
    """Delete a backup for good."""

    store: str
    name: str

    operation = Operation.DELETE
    secrets = ()


class RestoreBackup(Struct, frozen=True, tag_field="operation", tag="restore"):
    """Replace the whole site by what a backup contains."""

    store: str
    name: str

    operation = Operation.RESTORE
    secrets = ("passcode",)


Change = CreateBackup | KeepBackup | ValidateStore | PauseSchedule | ResumeSchedule | DeleteBackup | RestoreBackup
"""A change of a site. Names of existing backups, stores and schedules are written as the site state lists them."""

FOLLOWED = frozenset({Operation.CREATE, Operation.RESTORE})
"""Operations that go on for minutes or hours after the site has accepted them."""

NEED_PASSCODE = frozenset(kind.operation for kind in get_args(Change) if kind.secrets)
"""Operations whose request contains a passcode."""


def request_of(change: Change, release_line: tuple[int, int, int] | None = None) -> PostRequest:
    """Return the request that a change stands for; `release_line` is the release of the site, if known."""
    match change:
        case CreateBackup():
            fields: tuple[tuple[str, str], ...] = (("name", change.name), ("retentionDate", str(change.retention)))
            if change.description:
                fields += (("description", change.description),)
            return PostRequest(f"{_store_path(change.store)}/backups/create", fields, change.secrets)
        case KeepBackup():
            return PostRequest(f"{_backup_path(change)}/update", (("retentionDate", str(change.retention)),))
        case ValidateStore():
            return PostRequest(f"{_store_path(change.store)}/validate")
        case PauseSchedule():
            return PostRequest(f"{TASKS}/{_segment(change.task)}/disable")
        case ResumeSchedule():
            return PostRequest(f"{TASKS}/{_segment(change.task)}/enable")
        case DeleteBackup():
            is_async = release_line is not None and release_line >= ASYNC_RELEASE
            return PostRequest(f"{_backup_path(change)}/delete", (("async", "true"),) if is_async else ())
        case RestoreBackup():
            return PostRequest(f"{_backup_path(change)}/restore", (), change.secrets)


def _store_path(store: str) -> str:
    return f"{DISASTER_RECOVERY}/stores/{_segment(store)}"


def _backup_path(change: KeepBackup | DeleteBackup | RestoreBackup) -> str:
    return f"{_store_path(change.store)}/backups/{_segment(change.name)}"


def _segment(listed_name: str) -> str:
    """Return the path segment of a name that the site state lists with harmful characters made visible."""
    return path_segment(unescape(listed_name))


def change_to_json(change: Change) -> bytes:
    """Return a change as JSON, to be journalled."""
    return msgspec.json.encode(change)


def change_from_json(body: bytes | msgspec.Raw) -> Change:
    """Return the change in JSON made by `change_to_json`.

    Raises:
        msgspec.DecodeError: it is none.
    """
    return _DECODER.decode(body)


_DECODER: msgspec.json.Decoder[Change] = msgspec.json.Decoder(Change)
