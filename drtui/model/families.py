"""Which backups a schedule made: scheduled ones, by the prefix of their names (RULES R51)."""

import re
from collections import defaultdict
from collections.abc import Iterable

from drtui.model.backup import Backup

_SCHEDULED_NAME = re.compile(r"(?P<prefix>.+)-\d{4}(-\d\d){5}", re.DOTALL)

Family = list[Backup]
"""Backups of one schedule whose start is known, oldest first."""


def prefix_of(backup: Backup) -> str:
    """What the name begins with if it is of the form that schedules give; else nothing."""
    named = _SCHEDULED_NAME.fullmatch(backup.name)
    return named["prefix"] if named else ""


def families(backups: Iterable[Backup]) -> dict[str, Family]:
    """Scheduled backups by prefix; manual ones teach nothing."""
    found: dict[str, Family] = defaultdict(list)
    for backup in backups:
        if backup.scheduled and backup.start is not None and (prefix := prefix_of(backup)):
            found[prefix].append(backup)
    return {prefix: sorted(each, key=started) for prefix, each in sorted(found.items())}


def started(backup: Backup) -> int:
    """When it started, epoch ms; to sort by."""
    return backup.start or 0
