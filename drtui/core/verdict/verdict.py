"""Is this restore point usable here? A level and its reasons (docs/rules.md).

Nothing here tests a restore: the best that is ever said is *usable*, with what that rests on.
"""

import enum
from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct

from drtui.core.formatting.times import CLOCK_SKEW, format_utc
from drtui.core.model.backup import EXPECTED_PARTS, INFRASTRUCTURE, NEVER, OBJECT, RELATIONAL, Backup, Part
from drtui.core.model.site import DrStatus, Release, State, state_of

PART_NAMES = {RELATIONAL: "relational store", OBJECT: "object store", INFRASTRUCTURE: "infrastructure"}
"""What the documented parts are called in sentences; any other goes by the server's name."""


MOST_EVIDENCE = 80
"""Characters of a value that is quoted because it cannot be read."""


class Level(enum.IntEnum):
    """How a restore point stands; a higher one outweighs a lower one."""

    USABLE = 0
    DOUBTFUL = 1
    CANNOT_TELL = 2
    EXPIRED = 3
    NOT_USABLE = 4
    RUNNING = 5

    @property
    def word(self) -> str:
        """The word that is shown for it: "usable", "not usable", "cannot tell"."""
        return self.name.lower().replace("_", " ")


class Reason(Struct, frozen=True, gc=False):
    """The reason for a level; at `USABLE` a note, which never stands against it."""

    level: Level
    code: str
    """Stable, for machines."""
    text: str
    evidence: str = ""
    """What the record says, verbatim."""


class Verdict(Struct, frozen=True, gc=False):
    """A level and every reason there is, worst first."""

    level: Level
    reasons: tuple[Reason, ...]

    @property
    def is_usable(self) -> bool:
        """Whether nothing stands against it."""
        return self.level is Level.USABLE

    @property
    def main(self) -> Reason:
        """The reason that decides."""
        return self.reasons[0]


class VerdictContext(Struct, frozen=True):
    """What a verdict needs to know beside the record itself."""

    now: int
    """Epoch ms."""
    release: Release | None = None
    """The site's; None if it could not be read."""
    status: DrStatus | None = None
    """The last operation; None if it could not be read."""
    is_status_stale: bool = False
    """True if that operation is over its limit: it hangs, or its end was lost."""


def judge(backup: Backup, context: VerdictContext) -> Verdict:
    """The verdict over one restore point."""
    running, missing = is_running(backup, context.status), tuple(_completeness(backup))
    if running is not None and context.is_status_stale and not missing:
        running = STUCK
    found = [running] if running else []
    found += [*missing, *(tuple(_times(backup, context.now)) or _part_times(backup, context.now))]
    found += [*_release(backup, context.release), *_retention(backup, context.now), *_kind(backup)]
    if not found:
        return FINE
    found.sort(key=lambda reason: -reason.level)
    return _verdict(tuple(found) if found[0].level else (GOOD, *found))


def with_reason(verdict: Verdict, reason: Reason) -> Verdict:
    """Return a verdict with one more reason against it."""
    found = [*(each for each in verdict.reasons if each is not GOOD), reason]
    return _verdict(tuple(sorted(found, key=lambda each: -each.level)))


@lru_cache(1_000)  # after an upgrade, all restore points have the same
def _verdict(reasons: tuple[Reason, ...]) -> Verdict:
    return Verdict(reasons[0].level, reasons)


GOOD = Reason(
    Level.USABLE, "all-completed", "its own status and every part say completed; made by the release that runs here"
)
"""What *usable* rests on: all that the record can say, and no more."""

FINE = Verdict(Level.USABLE, (GOOD,))

NO_RETENTION = Reason(Level.USABLE, "retention-missing", "its record does not say how long it is kept")
"""A note: the field came with 10.9.1, and no retention date is not the same as *kept forever*."""

STUCK = Reason(
    Level.USABLE,
    "status-stuck",
    "the site's status still calls it running, but is over its limit: the record, complete in every part, outweighs it",
)
"""A note on a backup whose own record proves the end that the status does not tell."""


def is_running(backup: Backup, status: DrStatus | None) -> Reason | None:
    """The reason that a backup is still being made, if the site's status names it and is not at an end (rule R25)."""
    if status is None or status.backup != backup.name or status.is_restore:
        return None
    if status.store not in {"", backup.store, backup.recorded_store} or state_of(status.state) is not State.IN_PROGRESS:
        return None
    text = "the site is still making it" if status.is_backup else f"the site is at work on it: {status.operation}"
    return Reason(Level.RUNNING, "running", text, status.state)


def _completeness(backup: Backup) -> Iterator[Reason]:
    """Whether the whole and every part of it are completed (rules R1 to R3, R7)."""
    yield from _own_status(backup)
    incomplete = [part for part in backup.undated_parts if not part.is_completed]
    bad = tuple(part for part in incomplete if part.has_failed)
    for part in incomplete:
        if part.has_failed:
            yield Reason(Level.NOT_USABLE, "part-status", f"{_named(part)} is {_says(part.status)}", part.status or "")
        else:
            said = f'says "{part.status}"' if part.status else "has no status"
            text = f"{_named(part)} {said}: it is not known if it completed"
            yield Reason(Level.CANNOT_TELL, "part-state-unknown", text, part.status or "")
    found = {part.kind for part in backup.undated_parts}
    for kind in EXPECTED_PARTS:
        if kind not in found:
            text = f"the record has no {PART_NAMES[kind]}, so it is not known to be complete"
            yield Reason(Level.CANNOT_TELL, "part-missing", text, kind)
    if backup.is_completed and bad:
        text = "its own status says completed, its parts do not"
        yield Reason(Level.NOT_USABLE, "parts-disagree", text, ", ".join(part.kind for part in bad))


def _own_status(backup: Backup) -> Iterator[Reason]:
    if not backup.is_completed:
        yield Reason(Level.NOT_USABLE, "own-status", f"its own status is {_says(backup.status)}", backup.status or "")
    if backup.end is None:
        yield Reason(Level.NOT_USABLE, "no-completion", "it has no time of completion")
    if backup.start is None:
        yield Reason(Level.CANNOT_TELL, "no-start", "it has no start time, so its age is not known")


def _times(backup: Backup, now: int) -> Iterator[Reason]:
    """Whether its times can be: by those that cannot, neither its age nor its end is known (rules R5, R7)."""
    start, complete = backup.start, backup.end
    if start is not None and start > now + CLOCK_SKEW:
        text = "it starts in the future: the site's clock and this one disagree"
        yield Reason(Level.CANNOT_TELL, "future-start", text, str(start))
    elif complete is not None and complete > now + CLOCK_SKEW:
        text = "it completes in the future: the site's clock and this one disagree"
        yield Reason(Level.CANNOT_TELL, "future-completion", text, str(complete))
    if start is not None and complete is not None and complete < start:
        text = "it completed before it started: one of its times is wrong, so its age is not known"
        yield Reason(Level.CANNOT_TELL, "times-disagree", text, f"{start}, {complete}")


def _part_times(backup: Backup, now: int) -> Iterator[Reason]:
    """Yield the parts that were captured at a time that cannot be: what is in them is not of the backup's time."""
    moments, present = backup.part_times, now + CLOCK_SKEW
    soonest = (backup.start or 0) - CLOCK_SKEW
    latest = present if backup.end is None else backup.end + CLOCK_SKEW
    # Nearly all parts are dated and captured one after another: told at a glance, as there may be very many backups.
    if moments and soonest <= moments[0] and moments[-1] <= latest <= present and (*sorted(moments),) == moments:
        return
    for part in backup.parts:
        begin, end = part.start or 0, part.end or 0
        times = f"{format_utc(part.start)} to {format_utc(part.end)}"
        evidence = f"{begin}, {end}"
        if end and end < begin:
            text = f"{_named(part)} ended before it started, {times}: one of its times is wrong"
            yield Reason(Level.CANNOT_TELL, "part-times-disagree", text, evidence)
        elif max(begin, end) > present:
            text = f"{_named(part)} was captured in the future, {times}: one of its times is wrong"
            yield Reason(Level.CANNOT_TELL, "part-in-future", text, evidence)
        elif any(moment and not soonest <= moment <= latest for moment in (begin, end)):
            text = f"{_named(part)} was captured {times}, not while the backup was made"
            yield Reason(Level.CANNOT_TELL, "part-outside", text, evidence)


def _named(part: Part) -> str:
    """What a part is called in a sentence."""
    name = PART_NAMES.get(part.kind, part.kind)
    return f"{name} {part.cluster}" if part.cluster else name


def _says(status: str | None) -> str:
    """A status quoted as the server wrote it."""
    return "missing" if status is None else f'"{status}", not "completed"'


def _release(backup: Backup, here: Release | None) -> Iterator[Reason]:
    """Yield what its release says against it, or a note on another build (rules R12 to R14)."""
    made = Release.parse(backup.release)
    if made is None and backup.release.strip():
        text = f'its release "{backup.release}" cannot be read as a version'
        yield Reason(Level.CANNOT_TELL, "release-unreadable", text, backup.release)
    elif made is None:
        yield Reason(Level.CANNOT_TELL, "release-missing", "the record names no release", backup.release)
    elif here is None:
        text = f"the site's release is not known, and only {made} could restore it"
        yield Reason(Level.CANNOT_TELL, "site-release-unknown", text, backup.release)
    elif made.line != here.line:
        text = f"made by release {made}, this site runs {here}: only the same release restores it"
        yield Reason(Level.NOT_USABLE, "other-release", text, backup.release)
    elif made.is_other_build(here):
        text = f"made by build {made}, this site runs build {here} of the same release"
        yield Reason(Level.USABLE, "other-build", text, backup.release)


def _retention(backup: Backup, now: int) -> Iterator[Reason]:
    """Yield whether the cleaner may take it at any moment, as far as its record says when (rules R40, R41)."""
    if backup.retention is None:
        if sent := backup.unread_retention[:MOST_EVIDENCE]:
            yield Reason(Level.DOUBTFUL, "retention-unreadable", f"its retention could not be read: {sent}", sent)
        else:
            yield NO_RETENTION
    elif backup.retention != NEVER and backup.retention <= now:
        text = "its retention has ended: it may be cleaned up at any moment"
        yield Reason(Level.EXPIRED, "expired", text, str(backup.retention))


def _kind(backup: Backup) -> Iterator[Reason]:
    """Whether it stands alone (rule R9)."""
    if backup.backup_type.strip().upper() != "FULL":
        value = f'"{backup.backup_type}"' if backup.backup_type else "not given"
        text = f"its type is {value}, not FULL: it may depend on another backup"
        yield Reason(Level.DOUBTFUL, "not-full", text, backup.backup_type)
