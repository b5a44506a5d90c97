"""Names for files that a person takes along: site, view, moment; harmless in every shell and on every system."""

import datetime as dt
import re
from pathlib import Path

from drtui.core.formatting.times import to_zone

MAX_WORD = 60
"""Characters of site and view each; names have up to 4,000."""


def proposed_filename(place: str, view: str, now: int, zone: dt.tzinfo, suffix: str) -> str:
    """`demo-calm-restore-points-20260921-141320.md`; `now` in epoch ms."""
    return f"{_safe_word(place)}-{_safe_word(view)}-{to_zone(now, zone):%Y%m%d-%H%M%S}.{suffix}"


def abbreviate_home(path: Path) -> str:
    """A path as people write it, short enough for a footer."""
    home = Path.home()
    return f"~/{path.relative_to(home)}" if path.is_relative_to(home) else str(path)


def _safe_word(text: str) -> str:
    """What is left of a text in a name."""
    return re.sub(r"[^A-Za-z0-9.]+", "-", text).strip("-.")[:MAX_WORD] or "x"
