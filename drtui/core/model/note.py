"""Notes that people write about a backup, such as the log of a restore drill. drtui checks nothing in them."""

import datetime as dt

from msgspec import Struct

from drtui.core.formatting.text import sanitize
from drtui.core.formatting.times import format_full
from drtui.core.model.backup import Backup

MAX_NOTE = 500
"""Limit for the text of a note, characters."""
MAX_NAME = 100
"""Limit for the name of a user, characters."""


class NoteError(ValueError):
    """Raised for a text that cannot be a note; the message says why."""


class Note(Struct, frozen=True):
    """A note about one backup."""

    id: str
    """Random id, so that a note is imported once."""
    store: str
    name: str
    """Name of the backup."""
    start: int
    """Start of the backup, epoch ms, 0 if unknown; it distinguishes backups that reuse a name."""
    at: int
    """Time of the note, epoch ms."""
    user: str
    """Local user who wrote it."""
    text: str

    @property
    def backup_key(self) -> tuple[str, str, int]:
        """The backup: store, name and start."""
        return self.store, self.name, self.start


def make_note(backup: Backup, text: str, at: int, user: str, id_: str) -> Note:
    """Return a note about a backup.

    Raises:
        NoteError: the text is empty or too long.
    """
    return Note(id_, backup.store, backup.name, backup.start or 0, at, harmless(user)[:MAX_NAME], checked_text(text))


def read_note(identity: str, store: str, name: str, start: int, at: int, user: str, text: str) -> Note:
    """Return a note of a file, which may have been altered: its texts are made harmless and cut to their limits."""
    return Note(
        identity, sanitize(store), sanitize(name), start, at, harmless(user)[:MAX_NAME], harmless(text)[:MAX_NOTE]
    )


def checked_text(text: str) -> str:
    """Return the text of a note as it is kept: one line without control characters.

    Raises:
        NoteError: the text is empty or too long.
    """
    clean = harmless(text)
    if not clean:
        raise NoteError("The note is empty. Write what was done, as in 'restored to staging, 42 min'.")
    if len(clean) > MAX_NOTE:
        raise NoteError(f"The note has {len(clean):,} characters. Write at most {MAX_NOTE}.")
    return clean


def note_text(note: Note, zone: dt.tzinfo) -> str:
    """Return time, user and text of a note."""
    return f"{format_full(note.at, zone)}, {note.user}: {note.text}"


def harmless(text: str) -> str:
    """Return text as one line, with characters made visible that control a terminal or mislead a reader."""
    return sanitize(" ".join(text.encode("utf-8", "replace").decode().split()))


def notes_of(backup: Backup, notes: tuple[Note, ...]) -> tuple[Note, ...]:
    """Return the notes about a backup, newest first."""
    key = (backup.store, backup.name, backup.start or 0)
    return newest_first(tuple(note for note in notes if note.backup_key == key))


def newest_first(notes: tuple[Note, ...]) -> tuple[Note, ...]:
    """Return notes in the order in which they are shown."""
    return tuple(sorted(notes, key=lambda note: (-note.at, note.id)))
