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

LONGEST = 1 << 20
"""Bytes of one record; where no record ends within so many, something else is sent."""

TRIES = 4
"""Places that look like the beginning of a record, from the last one on: one of them is one."""

REST = "backups, the rest"
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
        self.begin()

    def begin(self) -> None:
        """Forget what came before."""
        self._made: list[Backup] = []
        self._reader = BackupDecoder(self._store)
        self._held = bytearray()
        self._first = b""
        self._leaving = False
        """Whether the rest is left in the answer."""

    def feed(self, piece: bytes) -> bytes:
        """Take in what has come; what of it is to be left in the answer.

        Raises:
            WireError: it holds more values than there is room for.
        """
        if self._leaving:
            return piece
        self._held += piece
        if len(self._held) < self._piece:
            return b""
        head = b"" if self._first else self._begun()
        if self._first and not self._taken():
            self._leaving = len(self._held) > LONGEST
        return head + (self._all() if self._leaving else b"")

    def end(self) -> bytes:
        """What is left of the answer, now that all of it has come.

        Raises:
            WireError: as of `feed`.
        """
        head = b"" if self._first or self._leaving else self._begun()
        end = self._held.rfind(b"]")
        if self._first and end >= 0 and self._read(bytes(self._held[:end])):
            del self._held[:end]
        return head + self._all()

    def whole(self, answer: t.Json) -> tuple[Backup, ...]:
        """The backups, with those in what was left of the answer.

        Raises:
            WireError: there is no list of backups in it.
        """
        if REST not in answer or "backups" in answer:  # said twice, the last time counts
            return backups.decode_backups(answer, self._store)
        return (*self._made, *backups.decode_backups({"backups": answer[REST]}, self._store))

    def _begun(self) -> bytes:
        """The beginning of what is left, if this is a list of records; else nothing is taken out of it."""
        head = _HEAD.match(self._held)
        if head is None:
            self._leaving = True
            return b""
        self._first, self._reader = bytes(head[1]), BackupDecoder(self._store, self._known, self._secrets)
        del self._held[: head.end()]
        return b'{"%s":[' % REST.encode()

    def _taken(self) -> bool:
        """Take out the records that are whole; whether there were any."""
        end = len(self._held)
        for _ in range(TRIES):
            end = self._held.rfind(self._first, 0, end)
            if end <= 0:
                return False
            before = self._held[:end].rstrip()
            if before.endswith(b",") and self._read(bytes(before[:-1])):
                del self._held[:end]
                return True
        return False

    def _read(self, records: bytes) -> bool:
        """Make backups of records; False if they are none, or can only be read with the others."""
        try:
            self._made += backups.decode_records(b"[%s]" % records, self._reader)
        except t.WireError:
            return False
        if self._reader.values > t.MOST_VALUES:
            raise t.WireError(t.TOO_MUCH)
        return True

    def _all(self) -> bytes:
        held = bytes(self._held)
        self._held.clear()
        return held
