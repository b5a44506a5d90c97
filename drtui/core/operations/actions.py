"""Changes that a person can choose for a restore point, a store, a schedule or the site, and why some cannot be."""

import string
from collections.abc import Iterable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from drtui.core.analysis.assessment import Assessment
from drtui.core.model.site import Schedule, State
from drtui.core.operations.facts import Facts
from drtui.core.operations.permissions import Permissions, not_allowed_text, read_only_text
from drtui.core.operations.preflight import is_active, retention_text
from drtui.core.operations.request import Operation
from drtui.core.operations.selection import SelectionError, schedule_name, select_store
from drtui.core.verdict.restore_points import RestorePoint

LISTED = 8
"""Largest number of stores, and of schedules, in the menu of the site: it has to fit into 24 lines."""

MOVING_KEYS = frozenset("jkghlqG")
"""Keys that move in a menu or close it, and choose no entry."""


class Situation(Struct, frozen=True):
    """Facts that decide which changes are possible, without asking the site."""

    assessment: Assessment
    permissions: Permissions
    profile: str = ""
    """Name of the profile; empty if there is none."""
    obstacle: str = ""
    """Reason why nothing can be changed here; empty if there is none."""
    running: str = ""
    """A backup or restore that this program follows; empty if there is none."""


class Action(Struct, frozen=True):
    """An entry of the menu: a change, or a screen."""

    letter: str
    """Key that chooses it."""
    label: str
    operation: Operation | None = None
    """None for an entry that changes nothing."""
    store: str = ""
    name: str = ""
    task: str = ""
    """Id of the schedule."""
    note: str = ""
    reason: str = ""
    """Reason why it is not possible, with advice; empty if it is."""


JOURNAL = Action("o", "show the journal", note="what was changed, when, by whom, with which outcome")
SITE = Action("s", "the whole site", note="schedules, stores and a new backup")


def point_actions(point: RestorePoint, situation: Situation) -> tuple[Action, ...]:
    """Return the entries for a restore point."""
    backup = point.backup
    kept = retention_text(backup.retention)
    verdict = point.verdict
    not_usable = "" if verdict.is_usable else f"It is {verdict.level.word}: {verdict.main.text}"
    entries = (
        Action("e", "keep longer", Operation.KEEP, backup.store, backup.name, note=f"kept {kept}"),
        Action("t", "restore", Operation.RESTORE, backup.store, backup.name, reason=not_usable),
        Action("x", "delete", Operation.DELETE, backup.store, backup.name, note="forever"),
        Action("c", "create a backup", Operation.CREATE, backup.store, note=f"in store {backup.store}"),
    )
    return (*_checked(entries, situation), SITE, JOURNAL)


def store_actions(store: str, situation: Situation) -> tuple[Action, ...]:
    """Return the entries for a store."""
    entries = (
        Action("v", "validate", Operation.VALIDATE, store, store, note="checks if the store is ready; changes nothing"),
        Action("c", "create a backup", Operation.CREATE, store, note=f"in store {store}"),
    )
    return (*_checked(entries, situation), SITE, JOURNAL)


def site_actions(situation: Situation) -> tuple[Action, ...]:
    """Return the entries for the site: a new backup, its schedules and stores, and where the others are."""
    facts = Facts(situation.assessment)
    schedules = [schedule for schedule in facts.schedules if schedule.makes_backups]
    letters = _free_letters()
    entries = [_create(facts)]
    entries += [_schedule(schedule, next(letters)) for schedule in schedules[:LISTED]]
    stores = facts.stores if len(facts.stores) <= LISTED else ()
    entries += [
        Action(next(letters), f"validate {store.name}", Operation.VALIDATE, store.name, store.name) for store in stores
    ]
    if not schedules:
        entries.append(Action("p", "pause a schedule", Operation.PAUSE, reason=_no_schedules(facts)))
    if not stores:
        where = "Go to the store (2), then press a"
        entries.append(Action("v", "validate a store", Operation.VALIDATE, reason=where))
    where = "Select a restore point in the list (3), then press a"
    hints = (
        ("e", "keep longer", Operation.KEEP),
        ("t", "restore", Operation.RESTORE),
        ("x", "delete", Operation.DELETE),
    )
    entries += [Action(letter, label, operation, reason=where) for letter, label, operation in hints]
    return (*_checked(entries, situation), JOURNAL)


def _free_letters() -> Iterator[str]:
    """Yield letters that no other entry of the menu of the site has."""
    taken = {*MOVING_KEYS, *"cetxopvs"}
    yield from (letter for letter in string.digits[1:] + string.ascii_letters if letter not in taken)


def _create(facts: Facts) -> Action:
    """Return the entry for a backup in the default store."""
    action = Action("c", "create a backup", Operation.CREATE)
    try:
        store = select_store(facts)
    except SelectionError:
        return replace(action, reason="No store is the only or the default one. Go to a store (2), then press a")
    return replace(action, store=store, note=f"in store {store}")


def _schedule(schedule: Schedule, letter: str) -> Action:
    """Return the entry that pauses an active schedule, or resumes a paused one."""
    name = schedule_name(schedule)
    resumes = is_active(schedule) is False
    operation, verb = (Operation.RESUME, "resume") if resumes else (Operation.PAUSE, "pause")
    note = "a schedule that is paused" if resumes else "a schedule"
    return Action(letter, f"{verb} {name}", operation, schedule.store, name, schedule.id, note=note)


def _no_schedules(facts: Facts) -> str:
    answer = facts.state.schedules
    if answer is None or answer.value is None:
        return "The schedules could not be read"
    return "The site has no backup schedule"


def _checked(entries: Iterable[Action], situation: Situation) -> Iterator[Action]:
    """Yield the entries, each with the reason why it is not possible."""
    for entry in entries:
        yield replace(entry, reason=_reason(entry, situation))


def _reason(entry: Action, situation: Situation) -> str:
    """Return the most general reason why an entry is not possible; empty if it is."""
    operation = entry.operation
    if operation is None:
        return entry.reason
    if situation.obstacle:
        return situation.obstacle
    if situation.permissions.is_read_only:
        return read_only_text(situation.profile)
    if not situation.permissions.allows(operation):
        text = not_allowed_text(operation, situation.profile)
        return f"{text[:1].upper()}{text[1:]}"
    mode = Facts(situation.assessment).mode
    if mode is not None and mode.value is not None and mode.value.is_read_only:
        return f"The {mode.value.text}. r reads it again"
    running = _running_operation(situation)
    if running and operation in {Operation.CREATE, Operation.RESTORE}:
        return f"{running} is running. Wait until it ends"
    return entry.reason


def _running_operation(situation: Situation) -> str:
    """Return the backup or restore that is running; empty if none is known to be."""
    if situation.running:
        return situation.running
    operation = situation.assessment.operation
    if operation is None or operation.outcome is not State.IN_PROGRESS or operation.is_over_limit:
        return ""
    return " of ".join(filter(None, (operation.status.operation or "An operation", operation.status.backup)))
