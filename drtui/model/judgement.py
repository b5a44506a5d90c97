"""Everything that is to be thought of one reading: made once, shown by every view of it."""

from msgspec import Struct

from drtui.model.cadence import Cadence, cadence
from drtui.model.capture import InstanceChange, instance_changes
from drtui.model.catalog import RestorePoint, judged
from drtui.model.exposure import DEFAULT_TARGET, Exposure, expose, is_whole
from drtui.model.progress import Progress, progress
from drtui.model.reading import Reading


class Judgement(Struct, frozen=True):
    """What a reading amounts to, as of a moment, against a target."""

    reading: Reading
    now: int
    """Epoch ms."""
    target: int
    """The recovery point objective, milliseconds."""
    points: tuple[RestorePoint, ...]
    exposure: Exposure
    cadence: Cadence
    changes: tuple[InstanceChange, ...]
    progress: Progress | None
    """None if no operation was ever submitted, or the status is not known."""

    @property
    def missed(self) -> int | None:
        """How many scheduled runs left no backup; None where that is not known."""
        found, schedules = self.cadence, self.reading.schedules
        unread = not found.plans and (schedules is None or schedules.value is None)
        untold = any(plan.trouble for plan in found.plans) and not found.missed
        return None if unread or untold or not is_whole(self.reading) else len(found.missed)


def judgement(reading: Reading, now: int, target: int = DEFAULT_TARGET) -> Judgement:
    """Judge a reading at `now` (epoch ms) against a target in milliseconds. Never raises, whatever was read."""
    points = judged(reading, now)
    return Judgement(
        reading=reading,
        now=now,
        target=target,
        points=points,
        exposure=expose(reading, points, now, target),
        cadence=cadence(reading, points, now, target),
        changes=instance_changes(points),
        progress=progress(reading, now),
    )
