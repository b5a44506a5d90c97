"""Group scheduled backups by the prefix of their names (rule R51), and infer missed runs from their starts."""

import re
import statistics
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from drtui.core.formatting.durations import DAY, MINUTE
from drtui.core.model.backup import Backup

_MOMENT = re.compile(r"-\d{4}(-\d\d){5}")
_LENGTH = len("-2026-09-21-14-20-00")
"""Pattern and length of the end of the names that schedules give, `-2026-09-21-14-20-00`."""

GRACE = 30 * MINUTE
"""Milliseconds after the longest usual duration before a run counts as missed (rule R52)."""

MAX_EARLY = MINUTE
"""Milliseconds that a backup may start before its run is due, because clocks differ."""

Family = list[Backup]
"""Backups of one schedule with a known start, oldest first."""


def name_prefix(backup: Backup) -> str:
    """Return the prefix of a name that a schedule gave, without the date; empty for other names."""
    name, length = backup.name, len(backup.name) - _LENGTH
    return name[:length] if length > 0 and _MOMENT.fullmatch(name, length) else ""


def group_by_prefix(backups: Iterable[Backup]) -> dict[str, Family]:
    """Return the scheduled backups by the prefix of their names, oldest first; manual ones are left out."""
    families: dict[str, Family] = defaultdict(list)
    for backup in backups:
        if backup.is_scheduled and backup.start is not None and (prefix := name_prefix(backup)):
            families[prefix].append(backup)
    return {prefix: sorted(family, key=start_time) for prefix, family in sorted(families.items())}


def split_by_store(family: Family) -> Sequence[Family]:
    """Split a family by store if its backups went to several stores in the same period: two schedules with one prefix.

    A schedule that moved from one store to another remains one family.
    """
    by_store: dict[str, Family] = defaultdict(list)
    for backup in family:
        by_store[backup.store].append(backup)
    spans = sorted((start_time(backups[0]), start_time(backups[-1])) for backups in by_store.values())
    if all(end <= start for (_, end), (start, _) in pairwise(spans)):
        return [family]
    return [by_store[store] for store in sorted(by_store)]


def start_tolerance(family: Sequence[Backup]) -> int:
    """Return the milliseconds after which a run without a backup counts as missed (rule R52).

    It is the longest duration without the slowest tenth, plus `GRACE`, at most a day.
    """
    durations = sorted(backup.duration for backup in family if backup.duration is not None)
    usual = durations[: max(1, len(durations) * 9 // 10)]
    return min((usual[-1] if usual else 0) + GRACE, DAY)


def match_runs(run_times: Sequence[int], family: Sequence[Backup], tolerance: int) -> dict[int, Family]:
    """Return the backups of each run: those that started within `tolerance` ms after it. Times are epoch ms.

    A backup belongs to the latest run before its start.
    """
    matches: dict[int, Family] = defaultdict(list)
    for backup in family:
        position = bisect_right(run_times, start_time(backup) + MAX_EARLY) - 1
        if position >= 0 and start_time(backup) - run_times[position] <= tolerance:
            matches[run_times[position]].append(backup)
    return matches


def start_time(backup: Backup) -> int:
    """Return the start of a backup, epoch ms, as a sort key; 0 if unknown."""
    return backup.start or 0


WEEK = 7 * DAY


MAX_SHIFT = 30 * MINUTE
"""Milliseconds that a run may be away from its usual time of the week; a tenth of the period if that is more."""


def regular_period(starts: Sequence[int]) -> int:
    """Return the median of the steps between starts, milliseconds; single missed runs do not change it."""
    return round(statistics.median(later - earlier for earlier, later in pairwise(starts)))


def is_regular(starts: Sequence[int], period: int) -> bool:
    """True if at least half of the steps between starts equal the period within a tenth."""
    steps = [later - earlier for earlier, later in pairwise(starts)]
    return period >= MINUTE and sum(abs(step - period) <= period / 10 for step in steps) * 2 >= len(steps)


def infer_missed_runs(starts: Sequence[int], period: int, first: int, until: int, limit: int) -> Iterator[int]:
    """Yield the times from `first` to `until` (epoch ms) at which a backup was expected but did not start.

    They lie between the starts and after the last one. Of many in a row only the newest `limit` are yielded.
    """
    end = until + period // 2
    for earlier, later in pairwise([*starts, end]):
        if later >= first:
            count = round((min(later, end) - earlier) / period)
            skip = max(1, -((earlier - first) // period), count - limit)
            moments = (earlier + number * period for number in range(skip, count))
            yield from (moment for moment in moments if _was_usual(moment, starts, period))


def _was_usual(moment: int, starts: Sequence[int], period: int) -> bool:
    """True if a backup started at this time of the week before: schedules for working days skip weekends."""
    if starts[-1] - starts[0] < 2 * WEEK:
        return True
    near = max(period // 10, MAX_SHIFT)
    for weeks in range(1, 13):
        position = bisect_right(starts, moment - weeks * WEEK + near) - 1
        if position >= 0 and abs(starts[position] - (moment - weeks * WEEK)) <= near:
            return True
    return False
