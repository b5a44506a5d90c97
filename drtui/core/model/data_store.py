"""Data stores of a site: what it keeps its data in, and what people have registered with it."""

import re

from msgspec import Struct

from drtui.core.model.backup import OBJECT, RELATIONAL

PART_KINDS = {"egdb": RELATIONAL, "objectstore": OBJECT}
"""Kind of part of a backup by the type of a system-managed data store, in lower case (docs/api.md#data-stores)."""

IN_MEMORY = "memcachestore"
"""Type of the in-memory store, in lower case: it holds temporary data."""

REGISTERED_NOUNS = {
    "egdb": ("registered database", "registered databases"),
    "folder": ("registered folder", "registered folders"),
    "cloudstore": ("registered cloud store", "registered cloud stores"),
    "rasterstore": ("registered raster store", "registered raster stores"),
    "bigdatafileshare": ("registered big data file share", "registered big data file shares"),
}
"""Singular and plural by the type of a data store that people registered, in lower case."""

FILE_SHARES = "/fileshares/"
"""Beginning of the path of a folder on a file server, in lower case."""

_INSTANCE = re.compile(r"relational-store-([a-z0-9]{5})")


class DataStore(Struct, frozen=True):
    """A data store (docs/api.md#data-stores), without what is needed to connect to it: that holds secrets."""

    name: str
    """Its name; the end of its path, or its id, if the site names none."""
    type: str = ""
    path: str = ""
    """Path in the list of data stores, without user names and passwords."""
    is_system_managed: bool | None = None
    """True if the site itself manages it, False if people registered it; None if the site does not say."""
    id: str = ""
    provider: str = ""
    purposes: tuple[str, ...] = ()
    raw: bytes = b"{}"

    @property
    def part_kind(self) -> str:
        """Kind of the part of a backup that holds such a store; empty if there is none, or the type is not known."""
        return PART_KINDS.get(self.type.lower(), "") if self.is_system_managed else ""

    @property
    def is_in_memory(self) -> bool:
        """True if it holds temporary data only."""
        return self.is_system_managed is True and self.type.lower() == IN_MEMORY

    @property
    def instance(self) -> str:
        """Id of the instance at the end of the name of a relational store; empty if there is none."""
        match = _INSTANCE.fullmatch(self.name) if self.part_kind == RELATIONAL else None
        return match[1] if match else ""

    @property
    def nouns(self) -> tuple[str, str]:
        """Singular and plural for a store that people registered."""
        if self.type.lower() == "folder" and self.path.lower().startswith(FILE_SHARES):
            return "registered file share", "registered file shares"
        other = f"of type {self.type}" if self.type else "without a type"
        return REGISTERED_NOUNS.get(
            self.type.lower(), (f"registered data store {other}", f"registered data stores {other}")
        )
