"""Names of exported files: site, view and time, in characters that are safe in every shell and file system."""

import datetime as dt
import re
from pathlib import Path

from drtui.core.formatting.times import to_zone

MAX_WORD = 60
"""Longest site name and longest view name in a file name, in characters; either may have up to 4,000."""


def propose_filename(location: str, view: str, now: int, zone: dt.tzinfo, suffix: str) -> str:
    """Return a file name such as `demo-calm-restore-points-20260921-141320.md`; `now` in epoch ms."""
    return f"{_safe_word(location)}-{_safe_word(view)}-{to_zone(now, zone):%Y%m%d-%H%M%S}.{suffix}"


def abbreviate_home(path: Path) -> str:
    """Return a path with `~` for the home folder."""
    home = Path.home()
    return f"~/{path.relative_to(home)}" if path.is_relative_to(home) else str(path)


def _safe_word(text: str) -> str:
    """Return `text` with every run of unsafe characters replaced by a hyphen, or `x` if nothing is left."""
    return re.sub(r"[^A-Za-z0-9.]+", "-", text).strip("-.")[:MAX_WORD] or "x"
