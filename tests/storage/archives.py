"""Short builders of archives."""

import json

from drtui.core.model.address import Address
from drtui.core.wire.backups import BackupDecoder
from drtui.core.wire.history_archive import Archive, SavedRefresh, SavedResponse, SeenBackup
from tests.conftest import NOW

ADDRESS = Address("https", "gis.example.com", "arcgis")


def record(name: str, start: int = NOW) -> bytes:
    """Return the record of a backup as the server sends it."""
    whole = {
        "backupName": name, "backupStore": "vault", "status": "completed", "startTime": start,
        "completeTime": start + 60_000, "retentionDate": start + 14 * 86_400_000,
    }  # fmt: skip
    return json.dumps(whole).encode()


def refresh_archive(at: int, *names: str, outcome: str = "", identity: str = "", store: str = "vault") -> Archive:
    """Return the archive of a refresh at `at` that listed these backups in one store."""
    stores = json.dumps({"backupStores": [{"name": store}]}).encode()
    records = tuple(SeenBackup(BackupDecoder(store).decode_saved(record(name)), 0, at, at, None) for name in names)
    refreshes = SavedRefresh(identity or f"look-{at}", at, outcome)
    return Archive(ADDRESS, {"stores": SavedResponse(at, stores)}, {store: at}, records, (refreshes,))
