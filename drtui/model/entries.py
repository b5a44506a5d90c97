"""What the list of restore points shows beside them: runs that were missed, and where a store's instance changed."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import chain

from msgspec import Struct

from drtui.model.capture import InstanceChange
from drtui.model.catalog import Catalog, RestorePoint, started
from drtui.model.judgement import Judgement
from drtui.model.plan import Plan
from drtui.model.verdict import PART_NAMES


class MissedRun(Struct, frozen=True):
    """A run that left no backup."""

    plan: Plan
    at: int
    """When it was due, epoch ms."""

    @property
    def id(self) -> tuple[str, str, int]:
        """Of which schedule it is, and when it was due."""
        return self.plan.store, self.plan.prefix, self.at

    @property
    def name(self) -> str:
        """What stands where a restore point has its name."""
        return f"({self.plan.title}: no backup)"


Entry = RestorePoint | MissedRun | InstanceChange
"""One row of the list."""


def entries(judged: Judgement, catalog: Catalog) -> tuple[Entry, ...]:
    """The restore points of a catalog; in order of time also what is missing between them.

    Under a filter, or in another order, there is no *between*.
    """
    oldest_first = catalog.order.oldest_first
    if oldest_first is None or catalog.filter:
        return catalog.points
    points, rows, begin = catalog.points, list[Entry](), 0
    for moment, entry in sorted(_between(judged, catalog.store), key=_at, reverse=not oldest_first):
        if oldest_first:
            end = bisect_left(points, moment, begin, key=started)
        else:
            end = bisect_right(points, -moment, begin, key=lambda point: -started(point))
        rows += points[begin:end]
        rows.append(entry)
        begin = end
    return (*rows, *points[begin:]) if rows else points


def _between(judged: Judgement, store: str | None) -> Iterator[tuple[int, Entry]]:
    """What is missing, and what changed, in one store or in all, and when; epoch ms."""
    runs = ((plan, run) for plan, run in judged.cadence.missed if store in {None, plan.store})
    changes = (each for each in judged.changes if store in {None, each.after.backup.store})
    return chain(
        ((run.at, MissedRun(plan, run.at)) for plan, run in runs), ((started(each.after), each) for each in changes)
    )


def _at(dated: tuple[int, Entry]) -> int:
    return dated[0]


def change_text(change: InstanceChange) -> str:
    """What a line between two rows says (RULES G): a hint, not a verdict."""
    kinds = " and ".join(PART_NAMES.get(kind, kind) for kind in change.kinds)
    return f"another instance of the {kinds} from here on: rebuilt or restored in between?"
