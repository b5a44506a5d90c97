"""`drtui note`: write a note about a backup into history."""

import argparse
import sys

from drtui.cli.context import resolve_context
from drtui.cli.exit_codes import FINDINGS, FINE, UNREACHABLE, USAGE, CommandError
from drtui.cli.loading import Site, find_restore_point
from drtui.core.analysis.assessment import Assessment
from drtui.core.formatting.text import sanitize
from drtui.core.formatting.times import format_utc
from drtui.core.model.backup import Backup
from drtui.core.model.note import NoteError, checked_text, note_text
from drtui.session import now_ms
from drtui.session.notes import HistoryError, write_note
from drtui.session.target import why_no_notes


def run_note(arguments: argparse.Namespace) -> int:
    """Write a note. Only reading requests are sent, to find the backup.

    Raises:
        CommandError: history is off, the text or the name is unusable, or history could not be written.
    """
    context = resolve_context(arguments)
    if context.target is None:
        raise CommandError("No TARGET. Give a named site or an address.")
    reason = why_no_notes(context.target, context.access)
    if reason:
        raise CommandError(reason)
    try:
        checked_text(arguments.text)
        loaded = Site(context).load()
        backup = _find_backup(loaded.assessment, arguments.backup, arguments.store)
        note = write_note(context.target, context.access, backup, arguments.text, now_ms())
    except NoteError as error:
        raise CommandError(str(error)) from error
    except HistoryError as error:
        raise CommandError(str(error), UNREACHABLE) from error
    sys.stdout.write(f"{note.name} in {note.store}: {note_text(note, context.zone)}\n")
    return FINE


def _find_backup(assessment: Assessment, name: str, store: str | None) -> Backup:
    """Return the listed backup of that name, else the deleted one that history knows.

    Raises:
        CommandError: there is none, or more than one.
    """
    try:
        return find_restore_point(assessment, name, only_in=store, exit_code=FINDINGS).backup
    except CommandError as error:
        if error.code == USAGE:
            raise
        deleted = _deleted_backups(assessment, sanitize(name), store)
        if not deleted:
            raise
    if len(deleted) > 1:
        labels = ", ".join(f"{backup.store}/{_label(backup)}" for backup in deleted)
        raise CommandError(f"Several deleted backups have the name {name!r}. Name one of them: {labels}")
    return deleted[0]


def _deleted_backups(assessment: Assessment, typed: str, store: str | None) -> list[Backup]:
    """Return the deleted backups of that name, `NAME@START`, or either after `STORE/`."""
    return [
        backup
        for backup in assessment.site_state.history.deleted_backups
        if store is None or backup.store == sanitize(store)
        for label in ((backup.name, _label(backup)),)
        if typed in {*label, *(f"{backup.store}/{text}" for text in label)}
    ]


def _label(backup: Backup) -> str:
    """Return the name of a deleted backup with its start, which tells those of one name apart."""
    return f"{backup.name}@{format_utc(backup.start)}"
