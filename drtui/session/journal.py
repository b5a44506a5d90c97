"""The journal of changes for commands that only read it. Imports nothing that uses the network."""

from drtui.storage.journal import FileJournal, JournalContents, JournalError
from drtui.storage.paths import journal_file


def read_journal() -> JournalContents:
    """Return the changes of all sites that were made from this machine and account, oldest first. Blocks.

    Raises:
        JournalError: the journal cannot be read.
    """
    return FileJournal().read()


__all__ = ["JournalContents", "JournalError", "journal_file", "read_journal"]
