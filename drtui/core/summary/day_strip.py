"""The last 30 days in one cell each: the worst of the backups that each day was to bring."""

import datetime as dt
import enum
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from drtui.core.analysis.assessment import Assessment
from drtui.core.formatting.times import day_start, to_zone
from drtui.core.model.backup import Backup
from drtui.core.model.site_state import all_lists_known
from drtui.core.schedules.failed_runs import Outcome
from drtui.core.schedules.gaps import is_complete
from drtui.core.schedules.schedule_runs import ScheduleRuns, ScheduleState
from drtui.core.summary.labels import StatusLabel
from drtui.core.verdict.rules import Level

STRIP_DAYS = 30
"""Number of days in the strip."""


class DayOutcome(enum.IntEnum):
    """The worst of what a day was to bring; a greater number is worse."""

    NONE_DUE = 0
    USABLE = 1
    """Every backup of the day was complete when it was made, whatever its release, even if it has expired since."""
    RUNNING = 2
    UNKNOWN = 3
    """Not everything about the day could be read, or its records may have been cleaned up."""
    DOUBTFUL = 4
    MISSED = 5
    FAILED = 6


DAY_MARKS: Mapping[DayOutcome, StatusLabel] = {
    DayOutcome.USABLE: StatusLabel("✓", "+", "usable", "good"),
    DayOutcome.FAILED: StatusLabel("✗", "x", "failed", "bad"),
    DayOutcome.MISSED: StatusLabel("▫", "_", "missed", "bad"),
    DayOutcome.RUNNING: StatusLabel("↻", "~", "running", "warn"),
    DayOutcome.DOUBTFUL: StatusLabel("!", "!", "doubtful", "warn"),
    DayOutcome.UNKNOWN: StatusLabel("?", "?", "unknown", "warn"),
    DayOutcome.NONE_DUE: StatusLabel("⋅", ".", "none due", "muted"),
}
"""Symbol of one cell, ASCII symbol, word and tone, in the order of a legend."""


class Day(NamedTuple):
    """A day in the zone of the user and its outcome."""

    date: dt.date
    outcome: DayOutcome


def build_day_strip(assessment: Assessment, zone: dt.tzinfo, count: int = STRIP_DAYS) -> tuple[Day, ...]:
    """Return the last `count` days in `zone`, the oldest first and today last."""
    today = to_zone(assessment.now, zone).date()
    dates = [today - dt.timedelta(days=back) for back in range(count - 1, -1, -1)]
    outcomes = dict.fromkeys(dates, DayOutcome.NONE_DUE)
    for moment, outcome in _events(assessment, day_start(dates[0], zone)):
        date = to_zone(moment, zone).date()
        if date in outcomes:
            outcomes[date] = max(outcomes[date], outcome)
    doubts = _Doubts(assessment, zone)
    return tuple(Day(date, doubts.applied(date, outcome)) for date, outcome in outcomes.items())


def strip_text(days: tuple[Day, ...], *, plain: bool) -> str:
    """Return the symbols of the days in a line."""
    marks = (DAY_MARKS[day.outcome] for day in days)
    return "".join(mark.ascii if plain else mark.symbol for mark in marks)


_RUN_OUTCOMES = {
    Outcome.GOOD: DayOutcome.USABLE,
    Outcome.RUNNING: DayOutcome.RUNNING,
    Outcome.MISSED: DayOutcome.MISSED,
    Outcome.FAILED: DayOutcome.FAILED,
}

_DOUBTFUL_LEVELS = frozenset({Level.DOUBTFUL, Level.CANNOT_TELL})


def _events(assessment: Assessment, since: int) -> Iterator[tuple[int, DayOutcome]]:
    """Yield time and outcome of scheduled runs and of all other backups since `since`, epoch ms."""
    recent = [point for point in assessment.points if (point.backup.start or 0) >= since]
    doubtful = {_key(point.backup) for point in recent if point.verdict.level in _DOUBTFUL_LEVELS}
    of_runs = set()
    for schedule in assessment.schedules:
        for run in schedule.runs:
            if run.backup is not None:
                of_runs.add(_key(run.backup))
            if run.at >= since:
                is_doubtful = run.outcome is Outcome.GOOD and run.backup is not None and _key(run.backup) in doubtful
                yield run.at, DayOutcome.DOUBTFUL if is_doubtful else _RUN_OUTCOMES[run.outcome]
    for point in recent:
        if _key(point.backup) not in of_runs:
            yield point.backup.start or 0, _outcome_of_point(point.verdict.level, point.backup)
    for backup in assessment.site_state.history.deleted_backups:
        if (backup.start or 0) >= since and _key(backup) not in of_runs:
            yield backup.start or 0, DayOutcome.USABLE if is_complete(backup) else DayOutcome.FAILED


def _key(backup: Backup) -> tuple[str, str, int | None]:
    return backup.store, backup.name, backup.start


def _outcome_of_point(level: Level, backup: Backup) -> DayOutcome:
    """Return the outcome of a listed backup that belongs to no run of a schedule."""
    if level is Level.RUNNING:
        return DayOutcome.RUNNING
    if level in _DOUBTFUL_LEVELS:
        return DayOutcome.DOUBTFUL
    return DayOutcome.USABLE if is_complete(backup) else DayOutcome.FAILED


class _Doubts:
    """The days of which not everything is known."""

    def __init__(self, assessment: Assessment, zone: dt.tzinfo) -> None:
        state, schedules = assessment.site_state, assessment.schedules
        self._zone = zone
        self._has_all_lists = all_lists_known(state)
        self._listed_on = None if state.listed_at is None else to_zone(state.listed_at, zone).date()
        answer = state.schedules
        self._has_all_schedules = (
            answer is not None
            and answer.value is not None
            and not answer.incomplete_reason
            and not any(schedule.unknown_reason and not schedule.is_orphaned for schedule in schedules)
        )
        starts = [backup.start for backup in (*state.all_backups, *state.history.deleted_backups) if backup.start]
        self._oldest = to_zone(min(starts), zone).date() if starts else None
        self._beginnings = [bounds for schedule in schedules if (bounds := self._unknown_period(schedule)) is not None]

    def _unknown_period(self, schedule: ScheduleRuns) -> tuple[dt.date, dt.date] | None:
        """Return the days from the creation of a schedule to its first known run; None if there are none."""
        if schedule.task is None or not schedule.runs or schedule.state is ScheduleState.NOT_BEGUN:
            return None
        begun = max(schedule.task.created or 0, schedule.task.starts or 0)
        return to_zone(begun, self._zone).date(), to_zone(schedule.runs[0].at, self._zone).date()

    def applied(self, date: dt.date, outcome: DayOutcome) -> DayOutcome:
        """Return the outcome of a day, or UNKNOWN if that may be worse."""
        is_after_list = self._listed_on is None or date > self._listed_on
        if not self._has_all_lists or is_after_list:
            return max(outcome, DayOutcome.UNKNOWN)
        if outcome is not DayOutcome.NONE_DUE:
            return outcome
        is_before_oldest = self._oldest is not None and date < self._oldest
        is_unknown = is_before_oldest or not self._has_all_schedules
        is_unknown = is_unknown or any(begun <= date < first for begun, first in self._beginnings)
        return DayOutcome.UNKNOWN if is_unknown else outcome
