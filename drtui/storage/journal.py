"""Journal of changes: a file of JSON lines that is only ever appended to. All functions block.

It is kept when history is pruned or forgotten: it is the only record of what was changed with drtui, by whom and when.
An event is written by one call, begins with a line end and ends with one. A line that a killed program left incomplete
is thus a line of its own, and two programs do not mix theirs.
"""

import os
import stat
from pathlib import Path
from typing import NamedTuple, Protocol

from drtui.core.operations.journal import Event, JournalEntry, entries_of, event_from_json, event_to_json
from drtui.storage.file_io import PRIVATE
from drtui.storage.paths import JOURNAL, journal_file, private_folder

MAX_BYTES = 64 << 20
"""Largest journal that is read, bytes: more than 50,000 changes."""


class JournalError(Exception):
    """Raised if the journal cannot be read or written; the message says why."""


class JournalContents(NamedTuple):
    """The content of a journal."""

    entries: tuple[JournalEntry, ...]
    """Changes, oldest first."""
    unread_lines: int = 0
    """Number of lines that were torn or written by a later release."""


class Journal(Protocol):
    """A journal of changes. Every method may raise JournalError."""

    def append(self, event: Event) -> None:
        """Write an event, so that it survives a crash."""

    def read(self) -> JournalContents:
        """Return the changes, oldest first."""

    def check_writable(self) -> None:
        """Raise a JournalError if no event can be written."""


class FileJournal:
    """The journal of all sites.

    Args:
        folder: its folder, which is restricted to its owner; the state folder by default.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.path = journal_file() if folder is None else folder / JOURNAL
        """Path of the file."""

    def append(self, event: Event) -> None:
        """Write an event, and wait until it is on the disk.

        Raises:
            JournalError: it cannot be written.
        """
        line = b"\n" + event_to_json(event) + b"\n"
        try:
            handle = self._open()
            try:
                if os.write(handle, line) != len(line):
                    raise JournalError(f"cannot write the journal '{self.path}': the disk is full")
                os.fsync(handle)
            finally:
                os.close(handle)
        except OSError as error:
            raise JournalError(f"cannot write the journal '{self.path}': {error.strerror}") from None

    def check_writable(self) -> None:
        """Open the file for writing.

        Raises:
            JournalError: that is not possible.
        """
        try:
            os.close(self._open())
        except OSError as error:
            raise JournalError(f"cannot write the journal '{self.path}': {error.strerror}") from None

    def _open(self) -> int:
        """Open the file for appending, restricted to its owner; create it if needed."""
        private_folder(self.path.parent)
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
        handle = os.open(self.path, flags, PRIVATE)
        if stat.S_IMODE(os.fstat(handle).st_mode) != PRIVATE:
            os.fchmod(handle, PRIVATE)
        return handle

    def read(self) -> JournalContents:
        """Return the changes, oldest first; none if there is no file.

        Raises:
            JournalError: the file cannot be read, or is too large.
        """
        try:
            with self.path.open("rb") as file:
                body = file.read(MAX_BYTES + 1)
        except FileNotFoundError:
            return JournalContents(())
        except OSError as error:
            raise JournalError(f"cannot read the journal '{self.path}': {error.strerror}") from None
        if len(body) > MAX_BYTES:
            raise JournalError(f"the journal '{self.path}' is larger than {MAX_BYTES >> 20} MiB. Move it aside")
        lines = [line for line in body.split(b"\n") if line.strip()]
        events = [event_from_json(line) for line in lines]
        known = [event for event in events if event is not None]
        return JournalContents(entries_of(known), len(events) - len(known))


class MemoryJournal:
    """A journal that ends with the process, for the simulated site."""

    def __init__(self) -> None:
        self._events: list[Event] = []

    def append(self, event: Event) -> None:
        """Remember an event."""
        self._events.append(event)

    def read(self) -> JournalContents:
        """Return the changes, oldest first."""
        return JournalContents(entries_of(self._events))

    def check_writable(self) -> None:
        """Do nothing: memory can be written."""
