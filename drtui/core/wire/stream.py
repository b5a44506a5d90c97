"""Decode a list of backups piece by piece while the answer arrives, to limit memory.

The decoded records are removed. What remains is an answer with the last part of the list, or with an error, and is
decoded like any other. If the answer is not as expected, all that follows is left in it and decoded at the end.
"""

import re
from collections.abc import Sequence
from hashlib import blake2b

from drtui.core.model.backup import Backup
from drtui.core.wire import lenient as t
from drtui.core.wire.backups import BackupDecoder
from drtui.core.wire.known_secrets import KnownSecrets

PIECE = 64 << 10
"""Bytes that are decoded at once; the interface handles keys between two pieces."""

DIGEST_BYTES = 16
"""Size of the digest of a list."""

MAX_RECORD = 1 << 20
"""Maximum size of a record in bytes; more bytes without the end of a record are not a list of backups."""

MAX_TRIES = 4
"""Maximum number of possible starts of a record to try, from the end of the buffer."""

REST_KEY = "backups, the rest"
"""Name of the list in the remaining answer; differs from its own name, which could occur twice."""

_HEAD = re.compile(rb'\s*\{\s*"backups"\s*:\s*\[\s*(?=(\{\s*"[^"\\]*"))')
"""The start of the answer and of its first record; all other records start the same way."""


class BackupStream:
    """Decoder of an answer with a list of backups; call `reset` before each attempt to fetch it.

    Args:
        store: name of the store whose backups are listed; with None each record names its store (10.9).
        piece: bytes that are decoded at once.
        previous: backups of an earlier refresh; an unchanged backup is reused to save memory.
        secrets: known secrets, which are removed.
    """

    def __init__(
        self,
        store: str | None,
        piece: int = PIECE,
        previous: Sequence[Backup] = (),
        secrets: KnownSecrets | None = None,
    ) -> None:
        self._piece, self._decoder = piece, BackupDecoder(store, previous, secrets)
        self.reset()

    def reset(self) -> None:
        """Discard everything received so far."""
        self._backups: list[Backup] = []
        self._hash = blake2b(digest_size=DIGEST_BYTES)
        self._decoder.value_count = 0
        self._buffer = bytearray()
        self._record_start = b""
        self._passes_through = False
        """True if the rest of the answer is passed through undecoded."""

    @property
    def digest(self) -> bytes:
        """A digest of everything received: equal lists have equal digests, whatever the pieces were."""
        return self._hash.digest()

    def feed(self, piece: bytes) -> bytes:
        """Receive a piece of the answer and return the bytes that remain in it.

        Raises:
            WireError: the answer contains too many values.
        """
        self._hash.update(piece)
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
        """Return the remaining bytes after the last piece.

        Raises:
            WireError: the answer contains too many values.
        """
        head = b"" if self._record_start or self._passes_through else self._take_head()
        end = self._buffer.rfind(b"]")
        if self._record_start and end >= 0 and self._decode(bytes(self._buffer[:end])):
            del self._buffer[:end]
        return head + self._flush()

    def finish(self, answer: t.Json) -> tuple[Backup, ...]:
        """Return all backups: those decoded from pieces and those in the remaining answer.

        Raises:
            WireError: the answer has no list of backups.
        """
        if REST_KEY not in answer or "backups" in answer:  # if the list occurs twice, the last one counts
            return tuple(map(self._decoder.decode, t.records(answer, "backups")))
        return (*self._backups, *map(self._decoder.decode, t.records({"backups": answer[REST_KEY]}, "backups")))

    def _take_head(self) -> bytes:
        """Remove the start of the list from the buffer. Return the start of the remaining answer; empty if no list."""
        head = _HEAD.match(self._buffer)
        if head is None:
            self._passes_through = True
            return b""
        self._record_start = bytes(head[1])
        del self._buffer[: head.end()]
        return b'{"%s":[' % REST_KEY.encode()

    def _take_records(self) -> bool:
        """Decode and remove the complete records in the buffer. Return True if there were any."""
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
        """Decode records. Return False if they cannot be decoded separately from the others."""
        try:
            self._backups += self._decoder.decode_list(b"[%s]" % records)
        except t.WireError:
            return False
        if self._decoder.value_count > t.MAX_VALUES:
            raise t.WireError(t.TOO_LARGE)
        return True

    def _flush(self) -> bytes:
        """Return the contents of the buffer and empty it."""
        rest = bytes(self._buffer)
        self._buffer.clear()
        return rest
