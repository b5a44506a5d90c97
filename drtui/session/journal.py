"""The journal of changes for commands that only read it. Imports nothing that uses the network."""

from drtui.core.model.address import Address
from drtui.core.operations.journal import JournalEntry
from drtui.storage.journal import FileJournal, JournalContents, JournalError
from drtui.storage.paths import journal_file


def read_journal() -> JournalContents:
    """Return the changes of all sites that were made from this machine and account, oldest first. Blocks.

    Raises:
        JournalError: the journal cannot be read.
    """
    return FileJournal().read()


def read_site_changes(address: Address | None) -> tuple[tuple[JournalEntry, ...] | None, list[str]]:
    """Return the changes of a site, None if the journal cannot be read, and notes on what is missing. Blocks.

    Without an address, as of a saved answer, nothing can have been changed.
    """
    if address is None:
        return (), []
    try:
        contents = read_journal()
    except JournalError as error:
        return None, [str(error)]
    notes = [f"{contents.unread_lines} lines of the journal could not be read"] if contents.unread_lines else []
    return tuple(entry for entry in contents.entries if entry.intent.site == address.url), notes


__all__ = ["JournalContents", "JournalError", "journal_file", "read_journal", "read_site_changes"]
