"""The filter: what a person types -> which restore points are meant."""

from collections.abc import Callable

from drtui.model.backup import Backup

Predicate = Callable[[Backup], bool]


def query(text: str) -> Predicate:
    """Which backups hold every word of `text`, in any case, in their name, their contents, or what is said of them."""
    words = text.lower().split()
    return lambda backup: all(word in haystack(backup) for word in words) if words else True


def haystack(backup: Backup) -> str:
    """Everything about a backup that a word may match, in lower case, a line each."""
    said = (backup.name, backup.store, backup.description, backup.status or "", backup.schedule_type, backup.release)
    held = (*(each.name for each in backup.geodatabases), *(each.id for each in backup.geodatabases))
    parts = (each for part in backup.parts for each in (part.kind, part.cluster, part.status or ""))
    return "\n".join((*said, *held, *backup.system_databases, *backup.buckets, *parts)).lower()
