"""Names of new backups: the rule, and the default name."""

import re

from drtui.core.formatting.times import UTC, to_zone

PATH_WORDS = frozenset({"create", "restore", "delete", "update", "validate"})
"""Last segments of the addresses of operations: a backup with such a name could be taken for the operation."""

DEFAULT_PREFIX = "manual"
"""Prefix of the names of backups that nobody named."""

MAX_LENGTH = 64


def name_error(name: str) -> str:
    """Return the reason why a new backup cannot have this name, with advice; empty if it can."""
    if not re.fullmatch(rf"[A-Za-z0-9._-]{{1,{MAX_LENGTH}}}", name, re.ASCII) or not name.strip("."):
        return f"Use 1 to {MAX_LENGTH} unaccented letters, digits, dots, dashes and underscores"
    if name.lower() in PATH_WORDS:
        return f"{name!r} is the name of an operation. Choose another name"
    return ""


def default_name(now: int, prefix: str = DEFAULT_PREFIX) -> str:
    """Return `<prefix>-YYYY-MM-DD-HH-MM-SS` in UTC for `now` (epoch ms), as schedules name their backups."""
    return f"{prefix}-{to_zone(now, UTC):%Y-%m-%d-%H-%M-%S}"
