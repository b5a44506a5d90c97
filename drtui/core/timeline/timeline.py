"""A site over time: a lane for each store and kind of restore point, and when they may be cleaned up."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import chain

from msgspec import Struct

from drtui.core.analysis.assessment import Assessment
from drtui.core.listing.rows import unlisted_runs
from drtui.core.model.site_state import SiteState
from drtui.core.schedules.schedule_runs import ScheduleRuns
from drtui.core.schedules.upcoming_runs import upcoming_runs
from drtui.core.summary.labels import failure_word, origin_text
from drtui.core.timeline.lanes import NOT_READ, WEIGHTS, Lane
from drtui.core.timeline.retention_lane import RetentionLane, build_retention_lane
from drtui.core.verdict.restore_points import RestorePoint

SCHEDULED = "scheduled"
RANKS = {SCHEDULED: 0, "manual": 1}
"""In which order the lanes of a store stand; kinds that are not documented come last."""

Track = Lane | RetentionLane
"""What has a row of its own."""


class Timeline(Struct, frozen=True):
    """The lanes of a site."""

    now: int
    """Epoch ms."""
    lanes: tuple[Lane, ...]
    expiries: RetentionLane

    @property
    def tracks(self) -> tuple[Track, ...]:
        """The rows, top to bottom; none as long as no store is known."""
        return (*self.lanes, self.expiries) if self.lanes else ()

    @property
    def span(self) -> tuple[int, int]:
        """From the first to the last moment at which there is something, or now; epoch ms."""
        moments = [self.now, *self.expiries.dates[:1], *self.expiries.dates[-1:]]
        for lane in self.lanes:
            moments += (
                *lane.starts[:1],
                *lane.starts[-1:],
                *lane.missed_times[:1],
                *(each.first for each in lane.upcoming),
            )
        return min(moments), max(moments)


def find_position(found: Timeline, key: object) -> tuple[tuple[str, str], int] | None:
    """In which lane, and at which moment (epoch ms), a restore point or a missed run stands."""
    for lane in found.lanes:
        # From the newest on, which is mostly what is looked for.
        events = ((point.id, start) for point, start in zip(reversed(lane.points), reversed(lane.starts), strict=True))
        runs = ((run.id, run.at) for run in lane.missed)
        moment = next((moment for each, moment in chain(events, runs) if each == key), None)
        if moment is not None:
            return lane.id, moment
    return None


def build_timeline(assessment: Assessment) -> Timeline:
    """The timeline of a site, as of the moment it was judged at."""
    points: dict[tuple[str, str], list[RestorePoint]] = defaultdict(list)
    for point in assessment.points:
        points[point.backup.store, origin_text(point.backup)].append(point)
    plans: dict[tuple[str, str], list[ScheduleRuns]] = defaultdict(list)
    for plan in assessment.schedules.schedules:
        plans[plan.store, SCHEDULED].append(plan)
    lanes = (
        _lane(assessment, key, points.get(key, ()), plans.get(key, ()))
        for key in _keys(assessment.site_state, points, plans)
    )
    return Timeline(
        now=assessment.now,
        lanes=tuple(lanes),
        expiries=build_retention_lane(
            assessment.points, assessment.now, is_cleaner_active=not assessment.schedules.is_cleaner_paused
        ),
    )


def _keys(reading: SiteState, *found: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Store and kind of every lane: the stores in the site's own order, one that has nothing as well."""
    listed = reading.stores.value or () if reading.stores is not None else ()
    stores = list(dict.fromkeys([*(store.name for store in listed), *reading.backups]))
    keys = {key for each in found for key in each}
    keys |= {(store, "") for store in stores if all(store != each for each, _ in keys)}
    order = {store: number for number, store in enumerate(stores)}
    return sorted(keys, key=lambda key: (order.get(key[0], len(order)), key[0], RANKS.get(key[1], len(RANKS)), key[1]))


def _lane(
    judged: Assessment, key: tuple[str, str], points: Sequence[RestorePoint], plans: Sequence[ScheduleRuns]
) -> Lane:
    dated = sorted(((p.backup.start, p.id, p) for p in points if p.backup.start is not None), key=lambda each: each[:2])
    runs = (run for plan in plans for run in unlisted_runs(plan, judged.site_state))
    missed = sorted(runs, key=lambda run: run.at)
    known, note = _known(judged.site_state, key)
    return Lane(
        store=key[0],
        kind=key[1],
        now=judged.now,
        points=tuple(point for _, _, point in dated),
        undated_count=len(points) - len(dated),
        missed=tuple(missed),
        plans=tuple(plans),
        upcoming=tuple(upcoming_runs(plans)),
        read_at=known,
        note=note,
        starts=tuple(start for start, _, _ in dated),
        weights=tuple(WEIGHTS[point.verdict.level] for _, _, point in dated),
        missed_times=tuple(run.at for run in missed),
    )


def _known(reading: SiteState, key: tuple[str, str]) -> tuple[int, str]:
    """When the list of a lane's store was read, epoch ms, and what is to be said of that."""
    answer = reading.backups.get(key[0])
    if answer is not None and answer.value is not None:
        return answer.at, "" if key[1] else "none"
    asked = answer or reading.stores
    return NOT_READ, failure_word(asked.failure) if asked is not None and asked.failure is not None else "not read"
