"""Which backups a schedule made: scheduled ones, by the prefix of their names (rule R51)."""

import re
import statistics
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from drtui.core.formatting.times import DAY, MINUTE
from drtui.core.model.backup import Backup

_MOMENT = re.compile(r"-\d{4}(-\d\d){5}")
_LENGTH = len("-2026-09-21-14-20-00")
"""How the name ends that a schedule gives, and of how many characters that is."""

GRACE = 30 * MINUTE
"""What jitter is given: after the longest usual duration, before a run counts as missed; milliseconds (rule R52)."""

EARLY = MINUTE
"""How far a backup may start before its run: two clocks are never quite the same. Milliseconds."""

Family = list[Backup]
"""Backups of one schedule whose start is known, oldest first."""


def name_prefix(backup: Backup) -> str:
    """What the name begins with if it is of the form that schedules give; else nothing."""
    name, length = backup.name, len(backup.name) - _LENGTH
    return name[:length] if length > 0 and _MOMENT.fullmatch(name, length) else ""


def group_by_prefix(backups: Iterable[Backup]) -> dict[str, Family]:
    """Scheduled backups by prefix; manual ones teach nothing."""
    found: dict[str, Family] = defaultdict(list)
    for backup in backups:
        if backup.is_scheduled and backup.start is not None and (prefix := name_prefix(backup)):
            found[prefix].append(backup)
    return {prefix: sorted(each, key=start_time) for prefix, each in sorted(found.items())}


def split_by_store(family: Family) -> Sequence[Family]:
    """The same by store, if backups come to several stores at a time: two schedules may have one name.

    One that moved from one store to another is one family.
    """
    by_store: dict[str, Family] = defaultdict(list)
    for backup in family:
        by_store[backup.store].append(backup)
    spans = sorted((start_time(each[0]), start_time(each[-1])) for each in by_store.values())
    if all(end <= start for (_, end), (start, _) in pairwise(spans)):
        return [family]
    return [by_store[store] for store in sorted(by_store)]


def start_tolerance(family: Sequence[Backup]) -> int:
    """The longest usual duration and half an hour more (rule R52); the slowest tenth is not usual."""
    durations = sorted(each.duration for each in family if each.duration is not None)
    usual = durations[: max(1, len(durations) * 9 // 10)]
    return min((usual[-1] if usual else 0) + GRACE, DAY)


def match_runs(moments: Sequence[int], family: Sequence[Backup], tolerance: int) -> dict[int, Family]:
    """The backups that started within the tolerance after each of these moments; each is of the latest one before."""
    made: dict[int, Family] = defaultdict(list)
    for backup in family:
        position = bisect_right(moments, start_time(backup) + EARLY) - 1
        if position >= 0 and start_time(backup) - moments[position] <= tolerance:
            made[moments[position]].append(backup)
    return made


def start_time(backup: Backup) -> int:
    """When it started, epoch ms; to sort by."""
    return backup.start or 0


WEEK = 7 * DAY


NEAR = 30 * MINUTE
"""How far from its usual hour a run may be, in milliseconds, or a tenth of the period, if that is more."""


def regular_period(starts: Sequence[int]) -> int:
    """The median time from one to the next, milliseconds: holes do not make it longer."""
    return round(statistics.median(later - earlier for earlier, later in pairwise(starts)))


def is_regular(starts: Sequence[int], period: int) -> bool:
    """Whether most backups follow the one before after a period, give or take a tenth."""
    steps = [later - earlier for earlier, later in pairwise(starts)]
    return period >= MINUTE and sum(abs(step - period) <= period / 10 for step in steps) * 2 >= len(steps)


def infer_missed_runs(starts: Sequence[int], period: int, first: int, until: int, most: int) -> Iterator[int]:
    """The moments from `first` to `until` at which one should have been; the newest, where there are many at a time."""
    return (moment for moment in _holes(starts, period, first, until, most) if _was_usual(moment, starts, period))


def _holes(starts: Sequence[int], period: int, first: int, until: int, most: int) -> Iterator[int]:
    """The moments between the starts, and after the last, at which there is none."""
    end = until + period // 2
    for earlier, later in pairwise([*starts, end]):
        if later >= first:
            count = round((min(later, end) - earlier) / period)
            skip = max(1, -((earlier - first) // period), count - most)
            yield from (earlier + number * period for number in range(skip, count))


def _was_usual(moment: int, starts: Sequence[int], period: int) -> bool:
    """Whether it ran at that hour of the week before: a schedule of working days has no holes at weekends."""
    if starts[-1] - starts[0] < 2 * WEEK:
        return True
    near = max(period // 10, NEAR)
    for weeks in range(1, 13):
        position = bisect_right(starts, moment - weeks * WEEK + near) - 1
        if position >= 0 and abs(starts[position] - (moment - weeks * WEEK)) <= near:
            return True
    return False
