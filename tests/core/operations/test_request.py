"""Requests that changes stand for."""

import msgspec
import pytest

from drtui.core.operations.request import (
    Change,
    CreateBackup,
    DeleteBackup,
    KeepBackup,
    PauseSchedule,
    RestoreBackup,
    ResumeSchedule,
    ValidateStore,
    change_from_json,
    change_to_json,
    request_of,
)

STORES = "/system/disasterrecovery/stores"
CHANGES: list[tuple[Change, str, dict[str, str], tuple[str, ...]]] = [
    (
        CreateBackup("vault", "a", 5, "before"),
        f"{STORES}/vault/backups/create",
        {"name": "a", "retentionDate": "5", "description": "before"},
        ("passcode",),
    ),
    (CreateBackup("v", "a", -1), f"{STORES}/v/backups/create", {"name": "a", "retentionDate": "-1"}, ("passcode",)),
    (KeepBackup("vault", "a", 5), f"{STORES}/vault/backups/a/update", {"retentionDate": "5"}, ()),
    (ValidateStore("my store"), f"{STORES}/my%20store/validate", {}, ()),
    (PauseSchedule("t/1", "nightly"), "/system/tasks/t%2F1/disable", {}, ()),
    (ResumeSchedule("t1", "nightly"), "/system/tasks/t1/enable", {}, ()),
    (DeleteBackup("vault", "a b/\u00e9"), f"{STORES}/vault/backups/a%20b%2F%C3%A9/delete", {}, ()),
    (DeleteBackup("vault", ".."), f"{STORES}/vault/backups/%2E%2E/delete", {}, ()),
    (DeleteBackup("vault", "a<202E>b"), f"{STORES}/vault/backups/a%E2%80%AEb/delete", {}, ()),
    (RestoreBackup("vault", "a"), f"{STORES}/vault/backups/a/restore", {}, ("passcode",)),
]


@pytest.mark.parametrize(("change", "path", "fields", "secrets"), CHANGES)
def test_request_has_path_and_form_of_the_change(
    change: Change, path: str, fields: dict[str, str], secrets: tuple[str, ...]
) -> None:
    request = request_of(change)
    assert (request.path, dict(request.fields), request.secrets) == (path, fields, secrets)


@pytest.mark.parametrize(
    ("line", "fields"), [(None, {}), ((10, 9, 1), {}), ((11, 0, 0), {"async": "true"}), ((12, 0, 0), {"async": "true"})]
)
def test_deletion_is_asynchronous_when_the_release_accepts_it(
    line: tuple[int, int, int] | None, fields: dict[str, str]
) -> None:
    assert dict(request_of(DeleteBackup("vault", "a"), line).fields) == fields


def test_request_lines_show_secrets_as_stars() -> None:
    lines = request_of(CreateBackup("vault", "a", 5, "x\x1by")).lines("https://gis.example.com/arcgis/admin")
    assert lines == (
        f"POST https://gis.example.com/arcgis/admin{STORES}/vault/backups/create",
        "name=a",
        "retentionDate=5",
        "description=x\u241by",
        "passcode=***",
        "f=json",
        "token=***",
    )


@pytest.mark.parametrize("change", [row[0] for row in CHANGES])
def test_change_survives_json(change: Change) -> None:
    assert change_from_json(change_to_json(change)) == change


def test_change_from_json_refuses_an_unknown_operation() -> None:
    with pytest.raises(msgspec.DecodeError):
        change_from_json(b'{"operation":"format","store":"vault","name":"a"}')
