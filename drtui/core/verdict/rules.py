"""Determine if a backup is usable on this site: a level with its reasons (docs/rules.md).

No restore is tested. The best verdict is "usable", and its reason says what that is based on.
"""

import enum
from collections.abc import Iterator
from functools import lru_cache
from typing import Self

from msgspec import Struct

from drtui.core.formatting.durations import CLOCK_SKEW
from drtui.core.formatting.times import format_utc
from drtui.core.model.backup import EXPECTED_PARTS, INFRASTRUCTURE, NEVER, OBJECT, RELATIONAL, Backup, Part
from drtui.core.model.site import DrStatus, Release, State, state_of
from drtui.core.model.site_state import SiteState, Source
from drtui.core.model.time_limit import DEFAULT_TIMEOUT, is_over_limit, time_limit

PART_NAMES = {RELATIONAL: "relational store", OBJECT: "object store", INFRASTRUCTURE: "infrastructure"}
"""Names of the documented parts in sentences; other parts keep the name that the site uses."""


MAX_EVIDENCE = 80
"""Characters of an unreadable value that are quoted in a reason."""


class Level(enum.IntEnum):
    """The level of a verdict; the highest level of all reasons decides."""

    USABLE = 0
    DOUBTFUL = 1
    CANNOT_TELL = 2
    EXPIRED = 3
    NOT_USABLE = 4
    RUNNING = 5

    @property
    def word(self) -> str:
        """The level as a word: "usable", "not usable", "cannot tell"."""
        return self.name.lower().replace("_", " ")


class Reason(Struct, frozen=True, gc=False):
    """A reason for a level. At level `USABLE` it is a note, which does not change the verdict."""

    level: Level
    code: str
    """Stable code for scripts."""
    text: str
    evidence: str = ""
    """The value in the record, verbatim."""


class Verdict(Struct, frozen=True, gc=False):
    """A level and all reasons, worst first."""

    level: Level
    reasons: tuple[Reason, ...]

    @property
    def is_usable(self) -> bool:
        """True if the level is `USABLE`."""
        return self.level is Level.USABLE

    @property
    def main(self) -> Reason:
        """The reason that determines the level."""
        return self.reasons[0]


class SiteFacts(Struct, frozen=True):
    """The facts of a site at a moment on which verdicts, RPO, runs and the operation depend; worked out once."""

    now: int
    """Epoch ms."""
    release: Release | None = None
    """Release of the site; None if it could not be read."""
    status: DrStatus | None = None
    """The last operation; None if it could not be read."""
    is_status_stale: bool = False
    """True if that operation is over its time limit: it hangs, or its end was not recorded."""
    limit: int = DEFAULT_TIMEOUT
    """Milliseconds after which the site cancels an operation (rule R29)."""
    is_limit_assumed: bool = True
    """True if the limit is the documented default, because the settings contain none or could not be read."""
    state: SiteState = SiteState("")

    @classmethod
    def of(cls, state: SiteState, now: int) -> Self:
        """Return the facts of a site state at `now` (epoch ms)."""
        site, answer = state.site.value if state.site else None, state.status
        limit, is_limit_assumed = time_limit(state.settings.value if state.settings else None)
        status, is_stale = None, False
        if answer is not None and answer.value is not None:
            status = answer.value
            answered_at = now if answer.problem is None and answer.source is Source.LIVE else min(now, answer.at)
            is_stale = is_over_limit(status, limit, answered_at)
        return cls(now, site.release if site else None, status, is_stale, limit, is_limit_assumed, state)


def judge(backup: Backup, facts: SiteFacts) -> Verdict:
    """Return the verdict on a backup."""
    running, missing = is_running(backup, facts.status), tuple(_completeness(backup))
    if running is not None and facts.is_status_stale and not missing:
        running = STUCK
    reasons = [running] if running else []
    reasons += [*missing, *(tuple(_times(backup, facts.now)) or _part_times(backup, facts.now))]
    reasons += [*_release(backup, facts.release), *_retention(backup, facts.now), *_kind(backup)]
    if not reasons:
        return FINE
    reasons.sort(key=lambda reason: -reason.level)
    return _verdict(tuple(reasons) if reasons[0].level else (GOOD, *reasons))


def with_reason(verdict: Verdict, reason: Reason) -> Verdict:
    """Return a copy of a verdict with one more reason."""
    reasons = [*(known for known in verdict.reasons if known is not GOOD), reason]
    return _verdict(tuple(sorted(reasons, key=lambda reason: -reason.level)))


@lru_cache(1_000)  # after an upgrade all restore points have equal reasons, so that one object serves them all
def _verdict(reasons: tuple[Reason, ...]) -> Verdict:
    """Return the verdict for reasons that are sorted, worst first."""
    return Verdict(reasons[0].level, reasons)


GOOD = Reason(Level.USABLE, "all-completed", "all parts completed, same release as the site")
"""The reason of a usable verdict: all that a record can say, and no more."""

FINE = Verdict(Level.USABLE, (GOOD,))

NO_RETENTION = Reason(Level.USABLE, "retention-missing", "no retention date in the record")
"""Note for a record without retention date: the field exists since 10.9.1; missing does not mean "keep forever"."""

STUCK = Reason(
    Level.USABLE,
    "status-stuck",
    "record complete in every part; the status still says running, but is past its time limit",
)
"""Note for a backup whose own record proves that it ended, although the status says "in progress"."""


def is_running(backup: Backup, status: DrStatus | None) -> Reason | None:
    """Return the reason "running" if the status says that the site works on this backup (rule R25), else None."""
    if status is None or status.backup != backup.name or status.is_restore:
        return None
    if status.store not in {"", backup.store, backup.recorded_store} or state_of(status.state) is not State.IN_PROGRESS:
        return None
    text = "still running" if status.is_backup else f"{status.operation} is running on it"
    return Reason(Level.RUNNING, "running", text, status.state)


def _completeness(backup: Backup) -> Iterator[Reason]:
    """Yield the reasons why the backup or one of its parts is not completed (rules R1 to R3, R7)."""
    yield from _own_status(backup)
    incomplete = [part for part in backup.undated_parts if not part.is_completed]
    bad = tuple(part for part in incomplete if part.has_failed)
    for part in incomplete:
        if part.has_failed:
            text = f"{_part_name(part)} is {_quoted_status(part.status)}"
            yield Reason(Level.NOT_USABLE, "part-status", text, part.status or "")
        else:
            status = f'unknown status "{part.status}"' if part.status else "no status"
            text = f"{_part_name(part)}: {status}, completion unknown"
            yield Reason(Level.CANNOT_TELL, "part-state-unknown", text, part.status or "")
    kinds = {part.kind for part in backup.undated_parts}
    for kind in EXPECTED_PARTS:
        if kind not in kinds:
            text = f"no {PART_NAMES[kind]} in the record: it may be incomplete"
            yield Reason(Level.CANNOT_TELL, "part-missing", text, kind)
    if backup.is_completed and bad:
        text = "marked completed, but not all parts are"
        yield Reason(Level.NOT_USABLE, "parts-disagree", text, ", ".join(part.kind for part in bad))


def _own_status(backup: Backup) -> Iterator[Reason]:
    """Yield the reasons why the status or the times of the backup do not prove that it completed."""
    if not backup.is_completed:
        text = f"status is {_quoted_status(backup.status)}"
        yield Reason(Level.NOT_USABLE, "own-status", text, backup.status or "")
    if backup.end is None:
        yield Reason(Level.NOT_USABLE, "no-completion", "no completion time")
    if backup.start is None:
        yield Reason(Level.CANNOT_TELL, "no-start", "no start time: age unknown")


def _times(backup: Backup, now: int) -> Iterator[Reason]:
    """Yield the reasons why the times of the backup are impossible, so that its age is unknown (rules R5, R7)."""
    start, end = backup.start, backup.end
    if start is not None and start > now + CLOCK_SKEW:
        text = "starts in the future: the clocks of the site and this machine differ"
        yield Reason(Level.CANNOT_TELL, "future-start", text, str(start))
    elif end is not None and end > now + CLOCK_SKEW:
        text = "completes in the future: the clocks of the site and this machine differ"
        yield Reason(Level.CANNOT_TELL, "future-completion", text, str(end))
    if start is not None and end is not None and end < start:
        text = "completed before it started: a time is wrong, age unknown"
        yield Reason(Level.CANNOT_TELL, "times-disagree", text, f"{start}, {end}")


def _part_times(backup: Backup, now: int) -> Iterator[Reason]:
    """Yield a reason for each part with impossible times: its content is not from the time of the backup."""
    moments, present = backup.part_times, now + CLOCK_SKEW
    soonest = (backup.start or 0) - CLOCK_SKEW
    latest = present if backup.end is None else backup.end + CLOCK_SKEW
    # Fast path for very many backups: nearly always all parts have times and were captured one after another.
    if moments and soonest <= moments[0] and moments[-1] <= latest <= present and (*sorted(moments),) == moments:
        return
    for part in backup.parts:
        begin, end = part.start or 0, part.end or 0
        times = f"{format_utc(part.start)} to {format_utc(part.end)}"
        evidence = f"{begin}, {end}"
        if end and end < begin:
            text = f"{_part_name(part)} ended before it started ({times}): a time is wrong"
            yield Reason(Level.CANNOT_TELL, "part-times-disagree", text, evidence)
        elif max(begin, end) > present:
            text = f"{_part_name(part)} captured in the future ({times}): a time is wrong"
            yield Reason(Level.CANNOT_TELL, "part-in-future", text, evidence)
        elif any(moment and not soonest <= moment <= latest for moment in (begin, end)):
            text = f"{_part_name(part)} captured outside the time of the backup ({times})"
            yield Reason(Level.CANNOT_TELL, "part-outside", text, evidence)


def _part_name(part: Part) -> str:
    """Return the name of a part for a sentence."""
    name = PART_NAMES.get(part.kind, part.kind)
    return f"{name} {part.cluster}" if part.cluster else name


def _quoted_status(status: str | None) -> str:
    """Return a status in quotes as the site wrote it."""
    return "missing" if status is None else f'"{status}", not "completed"'


def _release(backup: Backup, site_release: Release | None) -> Iterator[Reason]:
    """Yield a reason if the release of the backup does not fit the site, or a note on another build (R12 to R14)."""
    made_by = Release.parse(backup.release)
    if made_by is None and backup.release.strip():
        text = f'release "{backup.release}" is not a version number'
        yield Reason(Level.CANNOT_TELL, "release-unreadable", text, backup.release)
    elif made_by is None:
        yield Reason(Level.CANNOT_TELL, "release-missing", "no release in the record", backup.release)
    elif site_release is None:
        text = f"release of the site unknown; only {made_by} can restore it"
        yield Reason(Level.CANNOT_TELL, "site-release-unknown", text, backup.release)
    elif made_by.line != site_release.line:
        text = f"from release {made_by}, this site runs {site_release}: restore needs the same release"
        yield Reason(Level.NOT_USABLE, "other-release", text, backup.release)
    elif made_by.is_other_build(site_release):
        text = f"from build {made_by}, this site runs build {site_release} of the same release"
        yield Reason(Level.USABLE, "other-build", text, backup.release)


def _retention(backup: Backup, now: int) -> Iterator[Reason]:
    """Yield a reason if the backup has expired, or a note if its retention is unknown (rules R40, R41)."""
    if backup.retention is None:
        if sent := backup.unread_retention[:MAX_EVIDENCE]:
            yield Reason(Level.DOUBTFUL, "retention-unreadable", f"unreadable retention date: {sent}", sent)
        else:
            yield NO_RETENTION
    elif backup.retention != NEVER and backup.retention <= now:
        text = "past its retention date: may be deleted at any time"
        yield Reason(Level.EXPIRED, "expired", text, str(backup.retention))


def _kind(backup: Backup) -> Iterator[Reason]:
    """Yield a reason if the backup is not of type FULL and may depend on another one (rule R9)."""
    if backup.backup_type.strip().upper() != "FULL":
        value = f'"{backup.backup_type}"' if backup.backup_type else "not given"
        text = f"type is {value}, not FULL: may depend on another backup"
        yield Reason(Level.DOUBTFUL, "not-full", text, backup.backup_type)
