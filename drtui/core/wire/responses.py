"""Decode the answers of the site, except backups.

The results contain no secrets and no harmful text: both are removed before values are made. A field that is absent,
null, or a number sent as text is no error (docs/api.md#backups, rule R50). An answer of another shape than the
documented one is an error: it must never look like an empty list (rule R11).
"""

import re

import msgspec

from drtui.core.model import site as s
from drtui.core.model.auth import Secret
from drtui.core.model.data_store import DataStore
from drtui.core.wire import lenient as t
from drtui.core.wire.known_secrets import KnownSecrets
from drtui.core.wire.redact import redact_and_sanitize


class ApiErrorBody(msgspec.Struct, frozen=True):
    """An error in the body of an answer, possibly with HTTP status 200 (docs/api.md#errors)."""

    code: int | None
    messages: tuple[str, ...]

    @property
    def message(self) -> str:
        """The messages of the site in one line."""
        return " ".join(self.messages)


class TokenGrant(msgspec.Struct, frozen=True):
    """A token and its expiry, epoch ms, None if the site sent none (docs/api.md#sign-in)."""

    token: Secret
    expires: int | None


def parse_document(
    body: bytes, envelope: int = 0, secrets: KnownSecrets | None = None, *, saved: bool = False
) -> t.Json:
    """Return the JSON object in `body`, without secrets and sanitized.

    Args:
        body: the answer, or a file that contains answers.
        envelope: number of levels that such a file has around the answers.
        secrets: known secrets, which are removed wherever they occur.
        saved: True if the answers were sanitized before they were saved.

    Raises:
        WireError: `body` is not JSON, is nested too deeply, or is not an object.
    """
    document = redact_and_sanitize(
        t.parse_json(body), -envelope, secrets.if_possibly_in(body) if secrets else None, saved=saved
    )
    if not isinstance(document, dict):
        raise t.WireError(f"the answer is {t.json_type_name(document)}, not an object")
    return document


def decode_error(answer: t.Json) -> ApiErrorBody | None:
    """Return the error in an answer, in either of its forms, which come with any HTTP status; None if there is none.

    The `status` of a resource, such as a failed backup or job, is data and not an error.
    """
    error = answer.get("error")
    if isinstance(error, dict):
        texts = (t.text(error, "message"), *t.messages(error.get("details")), t.text(error, "description"))
        return ApiErrorBody(t.number(error.get("code")), tuple(filter(None, texts)))
    if error:
        return ApiErrorBody(None, t.messages(error) or ("an error without words",))
    if t.text(answer, "status").lower() in {"error", "failed"} and _is_reply(answer):
        return ApiErrorBody(t.number(answer.get("code")), t.messages(answer.get("messages")))
    if t.boolean(answer.get("success")) is False:
        return ApiErrorBody(t.number(answer.get("code")), t.messages(answer.get("messages") or answer.get("message")))
    return None


def _is_reply(answer: t.Json) -> bool:
    """True if the `status` in an answer is that of the request, not that of a backup or job."""
    return bool({"messages", "code"} & answer.keys()) and not {"backupName", "jobid"} & answer.keys()


def decode_grant(body: bytes) -> TokenGrant | None:
    """Return the token in an answer of generateToken; None if there is none (see `decode_error` then)."""
    answer = t.parse_json(body)
    token = answer.get("token") if isinstance(answer, dict) else None
    if not isinstance(token, str) or not token.isascii() or not token.isprintable() or not token:
        return None
    return TokenGrant(Secret(token), t.epoch_ms(answer.get("expires")))


def decode_site(answer: t.Json) -> s.Site:
    """Return the root resource of the site (docs/api.md#root).

    Raises:
        WireError: the answer has neither a release nor resources.
    """
    if not {"fullVersion", "currentVersion", "resources"} & answer.keys():
        raise t.WireError('the answer has neither "fullVersion" nor "resources"')
    release = s.Release.parse(t.text(answer, "fullVersion")) or s.Release.parse(t.text(answer, "currentVersion"))
    return s.Site(release, t.messages(answer.get("resources")), _raw(answer))


def decode_stores(answer: t.Json) -> tuple[s.Store, ...]:
    """Return the backup stores (docs/api.md#stores).

    Raises:
        WireError: the answer has no list of stores.
    """
    return tuple(_store(record) for record in t.records(answer, "backupStores"))


def _store(record: t.Json) -> s.Store:
    """Return the store in a record."""
    volume = record.get("storageConfig")
    volume = volume if isinstance(volume, dict) else {}
    return s.Store(
        name=t.text(record, "name"),
        type=t.text(record, "type"),
        default=t.boolean(record.get("default")),
        created_by=s.Release.parse(t.text(record, "versionCreated")),
        root=t.text(record, "rootDir"),
        bucket=t.text(record, "bucketName") or t.text(record, "containerName"),
        region=t.text(record, "region"),
        provider=t.text(record, "providerID") or t.text(record, "providerId"),
        service=t.text(record, "serviceID") or t.text(record, "serviceId"),
        provisioning=t.text(volume, "provisioningType"),
        storage_class=t.text(volume, "storageClass"),
        size=t.text(volume, "size"),
        covers_big_data=t.boolean(record.get("supportBDSBackup")),
        raw=_raw(record),
    )


def decode_schedules(answer: t.Json) -> tuple[s.Schedule, ...]:
    """Return the tasks of the site (docs/api.md#schedules).

    Raises:
        WireError: the answer has no list of tasks.
    """
    return tuple(_schedule(record) for record in t.records(answer, "result"))


def _schedule(record: t.Json) -> s.Schedule:
    """Return the schedule in the record of a task."""
    parameters = record.get("parameters")
    parameters = parameters if isinstance(parameters, dict) else {}
    limits = {key: _limit(record.get(key)) for key in ("endDate", "maxOccurrences")}
    return s.Schedule(
        id=t.text(record, "id") or t.text(record, "taskId"),
        task_type=t.text(record, "taskType"),
        title=t.text(record, "taskTitle") or t.text(record, "title"),
        prefix=t.text(parameters, "name"),
        store=t.text(parameters, "storeName"),
        state=t.text(record, "taskState"),
        active=t.boolean(record.get("active")),
        cron=t.text(record, "cronExpression"),
        interval_seconds=t.number(record.get("runIntervalSeconds")),
        retention_offset=t.number(parameters.get("retentionOffset")),
        created=t.epoch_ms(record.get("created")),
        updated=t.epoch_ms(record.get("updated")),
        last_start=t.epoch_ms(record.get("lastStart")),
        starts=t.epoch_ms(record.get("startDate")),
        ends=t.epoch_ms(limits["endDate"]),
        max_occurrences=limits["maxOccurrences"] or None,
        unread_limits=tuple(
            f'{key} "{t.display_value(record[key])}"' for key, limit in limits.items() if limit is None
        ),
        raw=_raw(record),
    )


def _limit(value: object) -> int | None:
    """Return a limit of a schedule (docs/api.md#schedules): 0 if absent, empty, 0 or -1; None if unreadable."""
    limit = 0 if value is None or value == "" else t.number(value)
    return None if limit is None else max(0, limit)


def decode_status(answer: t.Json) -> s.DrStatus:
    """Return the last operation (docs/api.md#status).

    Raises:
        WireError: the answer has no object under `status`.
    """
    record = answer.get("status")
    if not isinstance(record, dict):
        raise t.WireError(f'the answer has {t.json_type_name(record)} under "status", not an object')
    return s.DrStatus(
        state=t.text(record, "state"),
        code=t.number(record.get("code")),
        operation=t.text(record, "operation"),
        store=t.text(record, "backupStore"),
        backup=t.text(record, "backupName"),
        schedule_type=t.text(record, "scheduleType"),
        start=t.epoch_ms(record.get("startTime")),
        end=t.epoch_ms(record.get("completeTime")),
        message=t.text(record, "message"),
        overall_duration=t.text(record, "overallDuration"),
        stages=_stages(record),
        messages=t.messages(record.get("messages")),
        raw=_raw(record),
    )


def decode_settings(answer: t.Json) -> s.DrSettings:
    """Return the time limit and the staging volume (docs/api.md#settings).

    The limit is at the top level or in the settings of the volume. A site without any settings sends an empty object.

    Raises:
        WireError: the answer is not empty and has neither of the two.
    """
    if answer and not {"stagingVolumeConfig", "timeoutInSeconds"} & answer.keys():
        raise t.WireError('the answer has neither "stagingVolumeConfig" nor "timeoutInSeconds"')
    volume = answer.get("stagingVolumeConfig")
    volume = volume if isinstance(volume, dict) else {}
    timeout = t.number(answer.get("timeoutInSeconds")) or t.number(volume.get("timeoutInSeconds"))
    return s.DrSettings(
        timeout_seconds=timeout if timeout and timeout > 0 else None,
        staging_provisioning=t.text(volume, "provisioningType"),
        staging_class=t.text(volume, "storageClass"),
        staging_size=t.text(volume, "size"),
        raw=_raw(answer),
    )


def decode_data_stores(answer: t.Json) -> tuple[DataStore, ...]:
    """Return the data stores (docs/api.md#data-stores), without `info`, which holds secrets and connections.

    Raises:
        WireError: the answer has no list of data stores.
    """
    return tuple(_data_store(record) for record in t.records(answer, "items"))


def _data_store(record: t.Json) -> DataStore:
    """Return the data store in a record; nothing else of the record is kept."""
    name, path = (_without_credentials(t.text(record, key)) for key in ("name", "path"))
    kept: t.Json = {key: t.text(record, key) for key in ("type", "id", "provider")}
    owner, purposes = t.boolean(record.get("systemManaged")), t.messages(record.get("purposes"))
    return DataStore(
        name=name or path.rstrip("/").rpartition("/")[2] or kept["id"],
        type=kept["type"],
        path=path,
        is_system_managed=owner,
        id=kept["id"],
        provider=kept["provider"],
        purposes=purposes,
        raw=_raw({**kept, "name": name, "path": path, "systemManaged": owner, "purposes": purposes}),
    )


def _without_credentials(text: str) -> str:
    """Return a name or path without an account, and without the parameters of a connection string or URL.

    An account is what is before `@` in `https://USER@HOST`, `//USER@HOST` or `jdbc:oracle:USER/PASSWORD@HOST`.
    """
    scheme, rest = re.match(r"((?:[\w+.-]+:)?//|)(.*)", text, re.DOTALL).groups()  # type: ignore[union-attr]
    account, _, host = rest.rpartition("@")
    kept = host if scheme or ":" in account else rest
    return re.split(r"[?;](?=\s*\w+=)", scheme + kept, maxsplit=1)[0]


def decode_jobs(answer: t.Json) -> tuple[str, ...]:
    """Return the ids of the jobs of the site (docs/api.md#jobs).

    Raises:
        WireError: the answer has no list of jobs.
    """
    return tuple(filter(None, map(t.scalar_text, t.require_list(answer, "jobs"))))


def decode_job(answer: t.Json) -> s.Job:
    """Return a job (docs/api.md#jobs).

    Raises:
        WireError: the answer has neither an id nor a status.
    """
    if not {"jobid", "status"} & answer.keys():
        raise t.WireError('the answer has neither "jobid" nor "status"')
    result = answer.get("result")
    return s.Job(
        id=t.text(answer, "jobid"),
        status=t.text(answer, "status"),
        start=t.epoch_ms(answer.get("starttime")),
        end=t.epoch_ms(answer.get("endtime")),
        operation=t.text(answer, "operationURI"),
        user=t.text(answer, "username"),
        stages=_stages(result) if isinstance(result, dict) else (),
        messages=t.messages(answer.get("messages")),
        raw=_raw(answer),
    )


def _stages(record: t.Json) -> tuple[s.Stage, ...]:
    return tuple(
        s.Stage(t.text(stage, "name"), t.text(stage, "state"), t.text(stage, "duration"))
        for stage in t.dicts(record.get("stages"))
    )


def _raw(record: t.Json) -> bytes:
    """Return the record as JSON, for the view of the raw record."""
    return msgspec.json.encode(record)
