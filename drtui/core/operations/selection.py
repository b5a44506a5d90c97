"""Select the backup, store or schedule that a person names for a change. An ambiguous name selects nothing."""

from collections.abc import Sequence

from drtui.core.formatting.text import sanitize
from drtui.core.model.site import Schedule
from drtui.core.operations.facts import Facts
from drtui.core.verdict.restore_points import RestorePoint


class SelectionError(ValueError):
    """Raised if a name selects nothing or more than one thing; the message names the candidates and what to write."""


class AmbiguousError(SelectionError):
    """Raised if a name selects more than one thing."""


def select_backup(facts: Facts, name: str, store: str | None = None) -> RestorePoint:
    """Return the restore point with this name or unique label, in any store or in `store`.

    Raises:
        SelectionError: there is none, or more than one.
    """
    typed = sanitize(name)
    points = [p for p in facts.assessment.points if typed in {p.backup.name, p.label}]
    if store is not None:
        points = [p for p in points if p.backup.store == sanitize(store)]
    if len({p.backup.store for p in points}) > 1:
        stores = ", ".join(dict.fromkeys(p.backup.store for p in points))
        raise AmbiguousError(f"Several stores have a backup {typed!r}: {stores}. Add --store")
    if len(points) > 1:
        raise AmbiguousError(f"Store {points[0].backup.store!r} lists {len(points)} backups {typed!r}")
    if not points:
        place = f" in store {store!r}" if store is not None else ""
        raise SelectionError(f"No backup {typed!r}{place}. See drtui list")
    return points[0]


def select_store(facts: Facts, name: str | None = None) -> str:
    """Return the name of a store: the one that is named, else the default one, else the only one.

    A named store is returned even if it is not registered: the preflight says so.

    Raises:
        SelectionError: no store is named, none is the default, and there is not exactly one.
    """
    if name is not None:
        return sanitize(name)
    stores = facts.stores
    chosen = [store.name for store in stores if store.default] or [store.name for store in stores]
    if len(chosen) == 1:
        return chosen[0]
    if not chosen:
        raise SelectionError("No store is registered, or the stores could not be read. Add --store")
    raise AmbiguousError(f"Several stores are possible: {', '.join(chosen)}. Add --store")


def select_schedule(facts: Facts, name: str) -> Schedule:
    """Return the backup schedule with this id, title or prefix; an id outweighs a title, a title a prefix.

    Raises:
        SelectionError: there is none, or more than one.
    """
    typed = sanitize(name)
    schedules = [schedule for schedule in facts.schedules if schedule.makes_backups]
    by_id = [schedule for schedule in schedules if schedule.id == typed]
    by_title = [schedule for schedule in schedules if schedule.title == typed]
    by_prefix = [schedule for schedule in schedules if schedule.prefix == typed]
    matches = by_id or by_title or by_prefix
    if len(matches) > 1:
        raise AmbiguousError(f"Several schedules are called {typed!r}. Use an id: {_ids(matches)}")
    if not matches:
        names = ", ".join(schedule_name(schedule) for schedule in schedules) or "none"
        raise SelectionError(f"No backup schedule {typed!r}. The site has: {names}")
    return matches[0]


def schedule_name(schedule: Schedule) -> str:
    """Return the name by which a schedule is listed: its title, else its prefix or id."""
    return schedule.title or schedule.prefix or schedule.id


def _ids(schedules: Sequence[Schedule]) -> str:
    return ", ".join(schedule.id for schedule in schedules)
