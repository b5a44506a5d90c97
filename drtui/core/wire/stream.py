"""The backups of a list, taken out of the answer while it arrives: a piece at a time is held and decoded.

What is left then is an answer with the last of the list, or none of it, which is read like any other: whether it is an
error, say. Where an answer is not as expected, the rest of it is left in, and read at the end.
"""

import re
from collections.abc import Sequence

from drtui.core.model.backup import Backup
from drtui.core.wire import backups
from drtui.core.wire import lenient as t
from drtui.core.wire.backup_schema import BackupDecoder
from drtui.core.wire.known_secrets import KnownSecrets

PIECE = 64 << 10
"""Bytes that are decoded at once: keys are answered between two pieces."""

MAX_RECORD = 1 << 20
"""Bytes of one record; where no record ends within so many, something else is sent."""

MAX_TRIES = 4
"""Places that look like the beginning of a record, from the last one on: one of them is one."""

REST_KEY = "backups, the rest"
"""Under what the list stands in what is left: under its own name, a second one might."""

_HEAD = re.compile(rb'\s*\{\s*"backups"\s*:\s*\[\s*(?=(\{\s*"[^"\\]*"))')
"""How the answer begins, and how its first record does: so do the others."""


class BackupStream:
    """The answer with a list of backups, which has to `begin` before each attempt at getting it.

    Args:
        store: the store they are listed under; with None, each is under the store that it names (10.9).
        piece: bytes that are decoded at once, if there are so many.
        known: those of an earlier look: a backup that is still the same is kept, not held a second time.
        secrets: known ones, which are hidden.
    """

    def __init__(
        self,
        store: str | None,
        piece: int = PIECE,
        known: Sequence[Backup] = (),
        secrets: KnownSecrets | None = None,
    ) -> None:
        self._store, self._piece, self._known, self._secrets = store, piece, known, secrets
        self.reset()

    def reset(self) -> None:
        """Forget what came before."""
        self._backups: list[Backup] = []
        self._reader = BackupDecoder(self._store)
        self._buffer = bytearray()
        self._record_start = b""
        self._passes_through = False
        """Whether the rest is left in the answer."""

    def feed(self, piece: bytes) -> bytes:
        """Take in what has come; what of it is to be left in the answer.

        Raises:
            WireError: it holds more values than there is room for.
        """
        if self._passes_through:
            return piece
        self._buffer += piece
        if len(self._buffer) < self._piece:
            return b""
        head = b"" if self._record_start else self._take_head()
        if self._record_start and not self._take_records():
            self._passes_through = len(self._buffer) > MAX_RECORD
        return head + (self._flush() if self._passes_through else b"")

    def end(self) -> bytes:
        """What is left of the answer, now that all of it has come.

        Raises:
            WireError: as of `feed`.
        """
        head = b"" if self._record_start or self._passes_through else self._take_head()
        end = self._buffer.rfind(b"]")
        if self._record_start and end >= 0 and self._decode(bytes(self._buffer[:end])):
            del self._buffer[:end]
        return head + self._flush()

    def finish(self, answer: t.Json) -> tuple[Backup, ...]:
        """The backups, with those in what was left of the answer.

        Raises:
            WireError: there is no list of backups in it.
        """
        if REST_KEY not in answer or "backups" in answer:  # said twice, the last time counts
            return backups.decode_backups(answer, self._store)
        return (*self._backups, *backups.decode_backups({"backups": answer[REST_KEY]}, self._store))

    def _take_head(self) -> bytes:
        """The beginning of what is left, if this is a list of records; else nothing is taken out of it."""
        head = _HEAD.match(self._buffer)
        if head is None:
            self._passes_through = True
            return b""
        self._record_start, self._reader = bytes(head[1]), BackupDecoder(self._store, self._known, self._secrets)
        del self._buffer[: head.end()]
        return b'{"%s":[' % REST_KEY.encode()

    def _take_records(self) -> bool:
        """Take out the records that are whole; whether there were any."""
        end = len(self._buffer)
        for _ in range(MAX_TRIES):
            end = self._buffer.rfind(self._record_start, 0, end)
            if end <= 0:
                return False
            before = self._buffer[:end].rstrip()
            if before.endswith(b",") and self._decode(bytes(before[:-1])):
                del self._buffer[:end]
                return True
        return False

    def _decode(self, records: bytes) -> bool:
        """Make backups of records; False if they are none, or can only be read with the others."""
        try:
            self._backups += backups.decode_records(b"[%s]" % records, self._reader)
        except t.WireError:
            return False
        if self._reader.value_count > t.MAX_VALUES:
            raise t.WireError(t.TOO_LARGE)
        return True

    def _flush(self) -> bytes:
        held = bytes(self._buffer)
        self._buffer.clear()
        return held
