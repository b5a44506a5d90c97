"""The main reason of a verdict in a few words, for a column beside it; the details have the whole sentence."""

from drtui.core.model.backup import Backup
from drtui.core.verdict.restore_points import RestorePoint
from drtui.core.verdict.rules import GOOD, PART_NAMES, Reason

SCHEDULED_DESCRIPTION = "scheduled backup"
"""Description, in lower case, that the site gives every scheduled backup (docs/api.md#backups)."""


def why_text(point: RestorePoint) -> str:
    """Return what stands most against a restore point; else a note on it, or its description; "" for nothing.

    The deciding words come first, so that they remain if the end is cut.
    """
    reason = next((reason for reason in point.verdict.reasons if reason is not GOOD), None)
    return description_text(point.backup) if reason is None else _short_text(point.backup, reason)


def description_text(backup: Backup) -> str:
    """Return the description of a backup; "" if it says only that a schedule made it."""
    text = backup.description.strip()
    return "" if backup.is_scheduled and text.lower() == SCHEDULED_DESCRIPTION else text


_SHORT_TEXTS = {
    "own-status": "status {}",
    "no-completion": "no completion time",
    "other-release": "from {}, not the site's release",
    "other-build": "from build {}, not the site's",
    "expired": "past its retention date",
    "not-full": "type {}, not FULL",
    "retention-missing": "no retention date",
    "duplicate-name": "name used twice in this store",
}
"""Short texts of reasons by their code, with their evidence; reasons that are rare or short keep their sentence."""


def _short_text(backup: Backup, reason: Reason) -> str:
    """Return a reason in a few words."""
    if reason.code == "part-status":
        failed = next((part for part in backup.undated_parts if part.has_failed), None)
        return reason.text if failed is None else f"{PART_NAMES.get(failed.kind, failed.kind)} {failed.status}"
    if reason.code == "part-missing":
        return f"no {PART_NAMES.get(reason.evidence, reason.evidence)} in the record"
    template = _SHORT_TEXTS.get(reason.code)
    return reason.text if template is None else template.format(reason.evidence or "not given")
