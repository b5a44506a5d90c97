"""The timeline of a site: a lane for each store and kind of restore point, and a lane of retention dates."""

from collections import defaultdict
from collections.abc import Sequence
from operator import itemgetter

from msgspec import Struct

from drtui.core.analysis.assessment import Assessment
from drtui.core.listing.rows import iter_unlisted_runs, row_time
from drtui.core.model.site_state import SiteState
from drtui.core.schedules.schedule_runs import ScheduleRuns
from drtui.core.schedules.upcoming_runs import upcoming_runs
from drtui.core.summary.labels import failure_word, origin_text
from drtui.core.timeline.lanes import NOT_READ, Lane, PastEvent
from drtui.core.timeline.retention_lane import RetentionLane, build_retention_lane
from drtui.core.verdict.restore_points import RestorePoint, start_time

SCHEDULED = "scheduled"
RANKS = {SCHEDULED: 0, "manual": 1}
"""Order of the lanes of a store by kind; undocumented kinds come last."""

Track = Lane | RetentionLane
"""A row of the timeline."""


class Timeline(Struct, frozen=True):
    """The lanes of a site."""

    now: int
    """Time of the assessment, epoch ms."""
    lanes: tuple[Lane, ...]
    expiries: RetentionLane

    @property
    def tracks(self) -> tuple[Track, ...]:
        """The rows from top to bottom; empty if no store is known."""
        return (*self.lanes, self.expiries) if self.lanes else ()

    @property
    def span(self) -> tuple[int, int]:
        """The first and last time with an event, now included; epoch ms."""
        moments = [self.now]
        for track in (*self.lanes, self.expiries):
            moments += track.times[:1] + track.times[-1:]
        moments += (upcoming.first for lane in self.lanes for upcoming in lane.upcoming)
        return min(moments), max(moments)


def find_position(timeline: Timeline, event_id: object) -> tuple[tuple[str, str], int] | None:
    """Return lane id and time (epoch ms) of a restore point or missed run; None if it is in no lane."""
    for lane in timeline.lanes:
        for event in reversed(lane.events):  # mostly recent events are searched
            if event.id == event_id:
                return lane.id, row_time(event)
    return None


def build_timeline(assessment: Assessment) -> Timeline:
    """Build the timeline of a site as of the time of the assessment."""
    points: dict[tuple[str, str], list[RestorePoint]] = defaultdict(list)
    for point in assessment.points:
        points[point.backup.store, origin_text(point.backup)].append(point)
    schedules: dict[tuple[str, str], list[ScheduleRuns]] = defaultdict(list)
    for schedule in assessment.schedules:
        schedules[schedule.store, SCHEDULED].append(schedule)
    lanes = (
        _build_lane(assessment, key, points.get(key, ()), schedules.get(key, ()))
        for key in _lane_keys(assessment.site_state, {*points, *schedules})
    )
    return Timeline(
        now=assessment.now,
        lanes=tuple(lanes),
        expiries=build_retention_lane(
            assessment.points, assessment.now, is_cleaner_active=not assessment.is_cleaner_paused
        ),
    )


def _lane_keys(state: SiteState, keys: set[tuple[str, str]]) -> list[tuple[str, str]]:
    """Sort keys (store and kind) by the site's order of stores; add a key for each store without any."""
    listed = state.stores.value or () if state.stores is not None else ()
    stores = list(dict.fromkeys([*(store.name for store in listed), *state.backups]))
    used = {store for store, _ in keys}
    keys = keys | {(store, "") for store in stores if store not in used}
    order = {store: number for number, store in enumerate(stores)}
    return sorted(keys, key=lambda key: (order.get(key[0], len(order)), key[0], RANKS.get(key[1], len(RANKS)), key[1]))


def _build_lane(
    assessment: Assessment, key: tuple[str, str], points: Sequence[RestorePoint], schedules: Sequence[ScheduleRuns]
) -> Lane:
    dated = [point for point in points if point.backup.start is not None]
    dated.sort(key=lambda point: (start_time(point), point.id))
    runs = (run for schedule in schedules for run in iter_unlisted_runs(schedule, assessment.site_state))
    missed = sorted(runs, key=row_time)
    timed: list[tuple[int, PastEvent]] = [
        *((start_time(point), point) for point in dated),
        *((run.at, run) for run in missed),
    ]
    timed.sort(key=itemgetter(0))
    read_at, note = _read_state(assessment.site_state, key)
    return Lane(
        store=key[0],
        kind=key[1],
        now=assessment.now,
        points=tuple(dated),
        undated_count=len(points) - len(dated),
        missed_runs=tuple(missed),
        schedules=tuple(schedules),
        upcoming=tuple(upcoming_runs(schedules)),
        read_at=read_at,
        note=note,
        events=tuple(event for _, event in timed),
        times=tuple(time for time, _ in timed),
    )


def _read_state(state: SiteState, key: tuple[str, str]) -> tuple[int, str]:
    """Return when the backup list of a lane's store was read (epoch ms), and a note for an empty lane."""
    answer = state.backups.get(key[0])
    if answer is not None and answer.value is not None:
        return answer.at, "" if key[1] else "none"
    fetch = answer or state.stores
    return NOT_READ, failure_word(fetch.failure) if fetch is not None and fetch.failure is not None else "not read"
