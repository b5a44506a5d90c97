"""What the list of restore points shows beside them: runs that were missed, and where a store's instance changed."""

from msgspec import Struct

from drtui.model.cadence import Plan
from drtui.model.capture import InstanceChange
from drtui.model.catalog import Catalog, RestorePoint
from drtui.model.judgement import Judgement
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
    store = catalog.store
    dated: list[tuple[int, int, Entry]] = [(point.backup.start or 0, 1, point) for point in catalog.points]
    runs = ((plan, run) for plan, run in judged.cadence.missed if store in {None, plan.store})
    dated += [(run.at, 0, MissedRun(plan, run.at)) for plan, run in runs]
    changes = (each for each in judged.changes if store in {None, each.after.backup.store})
    dated += [(each.after.backup.start or 0, 0, each) for each in changes]
    # Stable, so that restore points of one moment stay in the catalog's own order.
    dated.sort(key=lambda each: each[:2], reverse=not oldest_first)
    return tuple(entry for _, _, entry in dated)


def change_text(change: InstanceChange) -> str:
    """What a line between two rows says (RULES G): a hint, not a verdict."""
    kinds = " and ".join(PART_NAMES.get(kind, kind) for kind in change.kinds)
    return f"another instance of the {kinds} from here on: rebuilt or restored in between?"
