"""Write a note about a backup into history. Nothing is sent to the site. All functions block."""

import getpass
import secrets

from drtui.core.model.backup import Backup
from drtui.core.model.note import Note, NoteError, make_note
from drtui.core.wire.history_archive import Archive
from drtui.session.target import ConnectionOptions, Target, remembered_address, why_no_notes
from drtui.storage.history_db import History, HistoryError
from drtui.storage.paths import state_folder


def write_note(target: Target, options: ConnectionOptions, backup: Backup, text: str, now: int) -> Note:
    """Write a note at `now` (epoch ms), and return it.

    Raises:
        NoteError: the text is empty or too long, or history is off.
        HistoryError: history could not be written.
    """
    address = remembered_address(target, options)
    if address is None:
        raise NoteError(why_no_notes(target, options))
    note = make_note(backup, text, now, _local_user(), secrets.token_hex(8))
    History(state_folder(), options.keep_days).add(Archive(address, notes=(note,)), now)
    return note


def _local_user() -> str:
    """Return the name of the local user; `unknown` if the system does not know it."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "unknown"


__all__ = ["HistoryError", "NoteError", "write_note"]
