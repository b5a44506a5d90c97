"""Decode what concerns changes: replies to operations, and one record."""

import msgspec

from drtui.core.model.backup import Backup
from drtui.core.model.reply import Reply, ReplyKind
from drtui.core.wire import lenient as t
from drtui.core.wire.backups import BackupDecoder
from drtui.core.wire.responses import decode_error

MAX_TEXT = 300
"""Characters of a reply that are kept for people."""


def decode_reply(answer: t.Json) -> Reply:
    """Return the reply to an operation. Any object but an error counts as accepted: few replies are documented."""
    text = msgspec.json.encode(answer).decode()[:MAX_TEXT]
    is_ready = t.boolean(answer.get("isReady"))
    job = t.text(answer, "jobid") or t.text(answer, "jobId")
    status = t.text(answer, "status").strip().lower()
    refused = decode_error(answer) is not None or (status in {"error", "failed", "failure"} and not job)
    return Reply(ReplyKind.ERROR if refused else ReplyKind.ACCEPTED, text, job, is_ready)


def decode_record(answer: t.Json, store: str) -> Backup:
    """Return one backup of a store (docs/api.md#backups).

    Raises:
        WireError: the answer is no record of a backup.
    """
    if "backupName" not in answer:
        raise t.WireError('the answer has no "backupName"')
    return BackupDecoder(store).decode(answer)
