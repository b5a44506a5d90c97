"""The person's own time zone, from what the system says of it."""

import datetime as dt
import io
import os
import struct
from pathlib import Path

from drtui.core.formatting.times import UTC, TimeError, zone_named

DATABASE = "zoneinfo/"
"""What stands before a zone's name in a path to it."""


def local_zone(localtime: Path = Path("/etc/localtime")) -> dt.tzinfo:
    """The person's zone: `TZ`, else the system's, else UTC; that is what `date` takes for local, too."""
    name = os.environ.get("TZ", "").lstrip(":")
    if not name:
        return _of_system(localtime)
    try:
        return _plainly(zone_named(name.partition(DATABASE)[2] or name))
    except TimeError:
        return _by_rule(name)


def _of_system(localtime: Path) -> dt.tzinfo:
    """The zone of the machine: a link into the zones there are, or in many containers a copy without its name."""
    try:
        if localtime.is_symlink():
            return _plainly(zone_named(str(localtime.resolve()).partition(DATABASE)[2]))
        return _in_file(localtime.read_bytes())
    except (TimeError, OSError, ValueError):
        return UTC


def _by_rule(rule: str) -> dt.tzinfo:
    """A zone by its rule, as POSIX writes it where there is no list of zones: `CET-1CEST,M3.5.0,M10.5.0/3`.

    The standard library reads such a rule at the end of a file of a zone (RFC 8536), here one that holds nothing else.
    """
    counts = struct.pack(">6l", 0, 0, 0, 0, 1, 4)
    block = b"TZif2" + bytes(15) + counts + struct.pack(">lbb", 0, 0, 0) + b"UTC\0"
    try:
        return _in_file(block * 2 + b"\n" + rule.encode() + b"\n")
    except ValueError:
        return UTC


def _in_file(content: bytes) -> dt.tzinfo:
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - seldom needed

    return ZoneInfo.from_file(io.BytesIO(content))


def _plainly(zone: dt.tzinfo) -> dt.tzinfo:
    """UTC where it is that by another name."""
    return UTC if str(zone) in {"Etc/UTC", "Etc/UCT", "UTC"} else zone
