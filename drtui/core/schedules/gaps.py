"""Find gaps: the spans between the starts of complete backups (rule R5)."""

import statistics
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

from msgspec import Struct

from drtui.core.formatting.durations import DAY
from drtui.core.model.backup import EXPECTED_PARTS, Backup
from drtui.core.model.site_state import SiteHistory
from drtui.core.schedules.inference import GRACE, name_prefix
from drtui.core.verdict.rules import SiteFacts

WINDOWS = (7, 30, 90)
"""Numbers of recent days for which the worst gap is reported."""


class Gap(Struct, frozen=True, gc=False):
    """A span of time in which no complete backup started."""

    start: int
    """Start of the complete backup before the gap, or the time since which backups are known; epoch ms."""
    end: int
    """Start of the next complete backup, or now; epoch ms."""
    is_open: bool
    """True if the gap lasts until now."""

    @property
    def length(self) -> int:
        """Length of the gap in milliseconds."""
        return self.end - self.start


class WorstGap(Struct, frozen=True):
    """The longest gap within the last `days` days."""

    days: int
    gap: Gap | None
    """The gap, cut to these days; None if there is none or nothing is known."""
    since: int | None
    """Time since which backups are known, if later than the first of these days; epoch ms."""


def is_complete(backup: Backup) -> bool:
    """True if the backup was complete when it was made, whatever its release, even if it has expired since."""
    if not backup.is_completed or backup.end is None or backup.start is None:
        return False
    kinds = {part.kind for part in backup.undated_parts}
    return kinds.issuperset(EXPECTED_PARTS) and all(part.is_completed for part in backup.undated_parts)


class GapReport(Struct, frozen=True):
    """The gaps between the complete backups of a site."""

    over_target: tuple[Gap, ...]
    """Gaps that exceed the target by more than `GRACE`, newest first (rule R52)."""
    worst: tuple[WorstGap, ...]
    """The worst gap of the last 7, 30 and 90 days. A window may be only partly known."""
    has_no_complete_backup: bool
    """True if no backup ever completed. "No gaps" is then meaningless, because gaps are between complete backups."""


def measure_gaps(facts: SiteFacts, target: int) -> GapReport:
    """Return the gaps between the complete backups of a site up to now, for a target in milliseconds."""
    state, now = facts.state, facts.now
    backups = [*state.all_backups, *state.history.deleted_backups]
    since = known_since(backups, now, state.history)
    gaps = find_gaps(backups, now, since)
    return GapReport(
        tuple(gap for gap in reversed(gaps) if gap.length > target + GRACE),
        tuple(_worst_gap(gaps, days, now, since) for days in WINDOWS),
        not any(map(is_complete, backups)),
    )


def known_since(backups: Sequence[Backup], now: int, history: SiteHistory) -> int | None:
    """Return the time since which all scheduled backups are known, epoch ms; older ones may have been cleaned up.

    The retention of a schedule is the median of its backups, because a single backup may have another date.
    """
    starts = [backup.start for backup in backups if backup.start is not None]
    if not starts:
        return None
    by_prefix: dict[str, list[int]] = defaultdict(list)
    for backup in backups:
        start, retention = backup.start, backup.retention
        if backup.is_scheduled and start is not None and retention is not None and retention > start:
            by_prefix[name_prefix(backup)].append(retention - start)
    retentions = [statistics.median_low(values) for values in by_prefix.values()]
    return max(min(starts), history.known_since(min(retentions), now)) if retentions else min(starts)


def find_gaps(backups: Sequence[Backup], now: int, since: int | None) -> tuple[Gap, ...]:
    """Return the gaps between complete backups up to `now` (epoch ms), oldest first; the last one is open.

    Manual backups close a gap too. No gap begins before `since` (see `known_since`), except the open one: whatever was
    cleaned up, there is nothing newer to restore from. Without any complete backup the gap is open since `since`.
    """
    complete = filter(is_complete, backups)
    past_starts = sorted(backup.start for backup in complete if backup.start is not None and backup.start <= now)
    if not past_starts and since is not None and since <= now:
        return (Gap(since, now, is_open=True),)
    closed = [
        Gap(max(start, since or start), end, is_open=False)
        for start, end in pairwise(past_starts)
        if end > (since or start)
    ]
    return (*closed, *(Gap(start, now, is_open=True) for start in past_starts[-1:]))


def _worst_gap(gaps: Sequence[Gap], days: int, now: int, since: int | None) -> WorstGap:
    """Return the worst gap within the last `days` days, cut to them."""
    begin = now - days * DAY
    within = [Gap(max(gap.start, begin), gap.end, gap.is_open) for gap in gaps if gap.end > begin]
    longest = max(within, key=lambda gap: gap.length, default=None)
    return WorstGap(days, longest, since if since is not None and since > begin else None)
