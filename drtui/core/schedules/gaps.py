"""How long there was nothing to restore from: from one whole backup's start to the next one's (rule R5)."""

import statistics
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

from msgspec import Struct

from drtui.core.formatting.times import DAY
from drtui.core.model.backup import EXPECTED_PARTS, Backup
from drtui.core.model.site_state import SiteHistory
from drtui.core.schedules.inference import name_prefix

WINDOWS = (7, 30, 90)
"""Days over which the worst gap is told."""


NOTHING = SiteHistory()
"""Without history, only what is listed is known."""


class Gap(Struct, frozen=True, gc=False):
    """A span without a whole backup started in it, epoch ms."""

    start: int
    """When the whole backup before it started, or from when on the list knows."""
    end: int
    """When the next one did, or now."""
    is_open: bool
    """Whether it lasts until now."""

    @property
    def length(self) -> int:
        """Milliseconds."""
        return self.end - self.start


class WorstGap(Struct, frozen=True):
    """The longest gap within the last days, as far as they are known."""

    days: int
    gap: Gap | None
    """Cut to these days; None when nothing is known of them."""
    since: int | None
    """From when on the list knows, if that is later than the beginning of these days; epoch ms."""


def is_complete(backup: Backup) -> bool:
    """Whether it was complete when it was made, whatever its release, and even if it has expired since."""
    if not backup.is_completed or backup.end is None or backup.start is None:
        return False
    kinds = {part.kind for part in backup.undated_parts}
    return kinds.issuperset(EXPECTED_PARTS) and all(part.is_completed for part in backup.undated_parts)


def no_complete_backup(backups: Sequence[Backup]) -> bool:
    """Whether none of them was ever whole: then it is no good sign that there is no gap between whole ones."""
    return not any(is_complete(backup) for backup in backups)


def known_since(backups: Sequence[Backup], now: int, past: SiteHistory = NOTHING) -> int | None:
    """From when on every scheduled backup there was is known, epoch ms: before, retention may have taken some.

    How long a schedule's backups are kept is what is usual for them: a single one may have been given another date.
    """
    starts = [backup.start for backup in backups if backup.start is not None]
    if not starts:
        return None
    kept = [statistics.median_low(each) for each in _kept(backups).values()]
    return max(min(starts), past.known_since(min(kept), now)) if kept else min(starts)


def _kept(backups: Sequence[Backup]) -> dict[str, list[int]]:
    """How long scheduled backups are kept, milliseconds, by the prefix of their names."""
    found: dict[str, list[int]] = defaultdict(list)
    for backup in backups:
        if backup.is_scheduled and backup.start is not None and backup.retention is not None:
            kept = backup.retention - backup.start
            if kept > 0:
                found[name_prefix(backup)].append(kept)
    return found


def find_gaps(backups: Sequence[Backup], now: int, since: int | None) -> tuple[Gap, ...]:
    """The spans between whole backups that started up to `now` (epoch ms), oldest first; the last one is open.

    A manual backup closes a gap like any other. Before `since` (`known_since`) nothing is called a gap, but for the
    open one: whatever retention took, there is nothing newer to restore from. Without any whole one it is open since
    the list knows.
    """
    starts = sorted(backup.start for backup in backups if backup.start is not None and is_complete(backup))
    known = [start for start in starts if start <= now]
    if not known and since is not None and since <= now:
        return (Gap(since, now, is_open=True),)
    closed = [
        Gap(max(start, since or start), end, is_open=False) for start, end in pairwise(known) if end > (since or start)
    ]
    return (*closed, *(Gap(start, now, is_open=True) for start in known[-1:]))


def worst_gaps(found: Sequence[Gap], now: int, since: int | None) -> tuple[WorstGap, ...]:
    """The worst of these gaps over each window, which may be known in part: retention takes older records."""
    return tuple(_worst(found, days, now, since) for days in WINDOWS)


def _worst(found: Sequence[Gap], days: int, now: int, since: int | None) -> WorstGap:
    begin = now - days * DAY
    within = [Gap(max(gap.start, begin), gap.end, gap.is_open) for gap in found if gap.end > begin]
    longest = max(within, key=lambda gap: gap.length, default=None)
    return WorstGap(days, longest, since if since is not None and since > begin else None)
