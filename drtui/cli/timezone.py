"""Find the user's time zone."""

import datetime as dt
import io
import os
import struct
from pathlib import Path

from drtui.core.formatting.times import UTC, TimeError, zone_named

DATABASE = "zoneinfo/"
"""The text before a zone's name in a path to the zone database."""


def local_zone(localtime: Path = Path("/etc/localtime")) -> dt.tzinfo:
    """Return the user's zone: `TZ`, else the system's, else UTC, as `date` does."""
    name = os.environ.get("TZ", "").lstrip(":")
    if not name:
        return _system_zone(localtime)
    try:
        return _normalize_utc(zone_named(name.partition(DATABASE)[2] or name))
    except TimeError:
        return _zone_from_rule(name)


def _system_zone(localtime: Path) -> dt.tzinfo:
    """Return the zone of `localtime`: a link into the zone database, or in many containers a copy without a name."""
    try:
        if localtime.is_symlink():
            return _normalize_utc(zone_named(str(localtime.resolve()).partition(DATABASE)[2]))
        return _zone_from_file(localtime.read_bytes())
    except (TimeError, OSError, ValueError):
        return UTC


def _zone_from_rule(rule: str) -> dt.tzinfo:
    """Return the zone of a POSIX rule such as `CET-1CEST,M3.5.0,M10.5.0/3`, for systems without a zone database.

    The standard library reads such a rule only at the end of a zone file (RFC 8536): the file here has
    no other data.
    """
    counts = struct.pack(">6l", 0, 0, 0, 0, 1, 4)
    block = b"TZif2" + bytes(15) + counts + struct.pack(">lbb", 0, 0, 0) + b"UTC\0"
    try:
        return _zone_from_file(block * 2 + b"\n" + rule.encode() + b"\n")
    except ValueError:
        return UTC


def _zone_from_file(content: bytes) -> dt.tzinfo:
    from zoneinfo import ZoneInfo

    return ZoneInfo.from_file(io.BytesIO(content))


def _normalize_utc(zone: dt.tzinfo) -> dt.tzinfo:
    """Return UTC for its aliases, else the zone itself."""
    return UTC if str(zone) in {"Etc/UTC", "Etc/UCT", "UTC"} else zone
