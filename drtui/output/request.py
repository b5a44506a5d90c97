"""What one would ask a site for a restore point: its record, and its restore. As text: nothing is sent from here."""

from drtui.core.analysis.assessment import Judgement
from drtui.core.formatting.text import original
from drtui.core.model.address import segment
from drtui.core.model.site import Release
from drtui.core.verdict.restore_points import RestorePoint, facts_of

NESTED = Release.parse("10.9.1")
"""From this release on a backup is found under its store (SPEC 1.11, 1.13)."""


def record_url(judged: Judgement, point: RestorePoint) -> str:
    """The address of its record."""
    address = judged.reading.address
    root = f"{address.url if address else 'https://HOST/CONTEXT'}/admin/system/disasterrecovery"
    name, store = (segment(original(each)) for each in (point.backup.name, point.backup.store))
    return f"{root}/stores/{store}/backups/{name}" if _nested(judged) else f"{root}/backuprestore/backups/{name}"


def restore_request(judged: Judgement, point: RestorePoint) -> tuple[str, ...]:
    """The lines of the request that restores it; passcode and token are placeholders: neither is ever held here."""
    store = "" if _nested(judged) else f"&storeName={segment(original(point.backup.store))}"
    return (
        f"POST {record_url(judged, point)}/restore",
        "X-Esri-Authorization: Bearer TOKEN",
        "Content-Type: application/x-www-form-urlencoded",
        "",
        f"passcode=PASSCODE&f=json{store}",
    )


def _nested(judged: Judgement) -> bool:
    here = facts_of(judged.reading, judged.now).release
    return here is None or NESTED is None or here >= NESTED
