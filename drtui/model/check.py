"""One grade for monitoring: what is known of the exposure, and every reason not to know (DESIGN section 4)."""

import enum
from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from drtui.model.catalog import RestorePoint
from drtui.model.exposure import Exposure, is_whole
from drtui.model.judgement import Judgement
from drtui.model.moment import DAY, age
from drtui.model.outcomes import Outcome
from drtui.model.plan import Plan, Standing
from drtui.model.reading import Answer, Reading, Source, Trouble
from drtui.model.run_words import (
    count_text,
    idle_text,
    is_missing,
    is_stopped,
    latest_text,
    since_text,
    source_text,
    stop_text,
)
from drtui.model.state import State
from drtui.model.verdict import Level
from drtui.model.words import mark_of


class Grade(enum.IntEnum):
    """The states of the monitoring convention; the number is the exit code."""

    OK = 0
    WARNING = 1
    CRITICAL = 2
    UNKNOWN = 3


class Finding(Struct, frozen=True):
    """One thing that a check has to say."""

    grade: Grade
    code: str
    """Stable, for machines."""
    text: str


class Check(Struct, frozen=True):
    """The grade, and what it rests on."""

    grade: Grade
    findings: tuple[Finding, ...]
    """Worst first; never empty."""
    warn: int
    crit: int
    """From which age of the newest usable restore point on it is a warning, or critical; milliseconds."""
    judgement: Judgement | None = None
    """None when there is nothing to judge."""

    @property
    def text(self) -> str:
        """All findings in one line."""
        return "; ".join(finding.text for finding in self.findings)


def check(judged: Judgement, warn: int, crit: int) -> Check:
    """Grade a judgement; `warn` and `crit` are milliseconds. Whatever could not be read makes it UNKNOWN."""
    found = tuple(_unknown(judged.reading)) or known(judged, warn, crit)
    return Check(found[0].grade, found, warn, crit, judged)


def known(judged: Judgement, warn: int, crit: int) -> tuple[Finding, ...]:
    """What is to be said of what is known, as if it were all and of this moment; worst first."""
    found = (
        *_age(judged.exposure, judged.now, warn, crit),
        *_restore(judged),
        *_vanished(judged),
        *_runs(judged),
        *_runways(judged),
    )
    return tuple(sorted(found, key=lambda finding: -finding.grade))


def unknown(text: str, warn: int = 0, crit: int = 0, code: str = "not-asked") -> Check:
    """The check of which there is nothing to judge."""
    return Check(Grade.UNKNOWN, (Finding(Grade.UNKNOWN, code, text),), warn, crit)


def _unknown(reading: Reading) -> Iterator[Finding]:
    """Every reason not to know how old the newest usable restore point is."""
    needed: dict[str, Answer[Any] | None] = {"stores": reading.stores, "site": reading.site}
    needed |= {f"backups of {store}": answer for store, answer in reading.backups.items()}
    for name, answer in needed.items():
        if answer is not None and answer.trouble is not None:
            yield Finding(Grade.UNKNOWN, answer.trouble.code, f"{name}: {_said(answer.trouble)}")
        elif answer is not None and answer.source is Source.SAVED:
            yield Finding(Grade.UNKNOWN, "saved", f"{name}: not asked, only what was saved is known")
        elif answer is None or answer.value is None:
            yield Finding(Grade.UNKNOWN, "not-read", f"{name}: not read")
    if reading.site is not None and reading.site.value is not None and reading.site.value.release is None:
        yield Finding(Grade.UNKNOWN, "no-release", "the site does not say which release it runs")
    if reading.stores is not None and reading.stores.value is not None and not is_whole(reading):
        unread = [store.name for store in reading.stores.value if store.name not in reading.backups]
        if unread:
            yield Finding(Grade.UNKNOWN, "not-read", f"backups not read: {', '.join(unread)}")


def _said(trouble: Trouble) -> str:
    return f"{trouble.what}: {trouble.said}" if trouble.said else trouble.what


def _age(exposure: Exposure, now: int, warn: int, crit: int) -> Iterator[Finding]:
    """Yield how old the newest usable restore point is, or what may be restored where none is usable."""
    if exposure.fallback is not None:
        yield from _fallback(exposure.fallback, now, warn, crit)
    elif exposure.newest is None or exposure.age is None:
        why = f", {exposure.naive.verdict.main.text}" if exposure.naive else ""
        none = "there are no restore points" if not exposure.total else f"nothing restorable here{why}"
        yield Finding(Grade.CRITICAL, "nothing-usable", none)
        return
    else:
        text = f"newest usable restore point is {age(exposure.age)} old ({exposure.newest.backup.name})"
        yield _too_old(text, exposure.age, warn, crit) or Finding(Grade.OK, "fresh", text)
    if exposure.differs and exposure.naive is not None:
        verdict = exposure.naive.verdict
        if verdict.level is not Level.RUNNING:
            word = mark_of(verdict.level).word
            text = f"{exposure.naive.backup.name} says completed and is {word}: {verdict.main.text}"
            yield Finding(Grade.WARNING, "not-what-it-says", text)


def _fallback(point: RestorePoint, now: int, warn: int, crit: int) -> Iterator[Finding]:
    """Yield that nothing is usable although something may restore: this point, if its reason is no obstacle."""
    name, reason, start = point.backup.name, point.verdict.main.text, point.backup.start
    match point.verdict.level:
        case Level.DOUBTFUL:
            text = f"no restore point is usable without doubt; newest doubtful: {name}, {reason}"
            yield Finding(Grade.WARNING, "only-doubtful", text)
        case Level.CANNOT_TELL:
            text = f"cannot tell if anything can be restored; newest: {name}, {reason}"
            yield Finding(Grade.UNKNOWN, "cannot-tell", text)
        case _:
            text = f"all that might restore is past its retention; newest: {name}, {reason}"
            yield Finding(Grade.CRITICAL, "only-expired", text)
    if start is not None:
        old = _too_old(f"{name} is {age(now - start)} old", now - start, warn, crit)
        yield from () if old is None else (old,)


def _too_old(text: str, old: int, warn: int, crit: int) -> Finding | None:
    """Return a finding if an age, in milliseconds, is past one of the limits."""
    for grade, limit in ((Grade.CRITICAL, crit), (Grade.WARNING, warn)):
        if old > limit:
            return Finding(grade, "too-old", f"{text}, more than {age(limit)}")
    return None


def _restore(judged: Judgement) -> Iterator[Finding]:
    """A restore that goes on, or did not end well: what can be read of the site may not be what it will be."""
    found = judged.progress
    if found is not None and found.restores and found.outcome is not State.GOOD:
        yield Finding(Grade.WARNING, "restore", found.text)


def _vanished(judged: Judgement) -> Iterator[Finding]:
    """What was removed before its time, within a day."""
    for each in judged.reading.past.vanished(judged.now - DAY):
        text = f"{each.backup.name} vanished from {each.backup.store} before its retention date"
        yield Finding(Grade.WARNING, "vanished", text)


def _runs(judged: Judgement) -> Iterator[Finding]:
    """Yield what is wrong with schedules and their latest runs: the age will tell, but later."""
    for plan in judged.cadence.plans:
        yield from _stopped(plan, judged.now) if is_stopped(plan) else _latest(plan)
        if plan.doubt:
            text = f"not known if schedule {plan.title} has ended: {plan.doubt}"
            yield Finding(Grade.OK, "schedule-end-unknown", text)


def _latest(plan: Plan) -> Iterator[Finding]:
    """Yield a schedule whose latest runs left no usable backup, or that says two things of itself."""
    if plan.streak:
        text = f"{latest_text(plan)}{since_text(plan)}{source_text(plan)}"
        yield Finding(Grade.WARNING, _run_code(plan), text)
    elif plan.standing is Standing.DISAGREES:
        yield Finding(Grade.WARNING, "schedule-state", f"the two states of schedule {plan.title} disagree")


def _stopped(plan: Plan, now: int) -> Iterator[Finding]:
    """Yield a schedule that makes no backups for now: it is paused, has ended, has not begun, or is gone."""
    stop = stop_text(plan, now, plan.title)
    if plan.orphaned or plan.standing is Standing.ENDED:
        code = "no-schedule"
    elif plan.standing is Standing.NOT_BEGUN:
        code = "schedule-not-begun"
    else:
        code = _run_code(plan) if plan.streak else "paused"
    if plan.streak:
        why = f"{count_text(plan.streak)}{since_text(plan)}{source_text(plan)}"
        yield Finding(Grade.WARNING, code, f"{stop}: {why}")
    elif is_missing(plan):
        yield Finding(Grade.WARNING, code, f"{stop}: {idle_text(plan)}")
    elif plan.standing is Standing.NOT_BEGUN:
        yield Finding(Grade.OK, code, stop)


def _run_code(plan: Plan) -> str:
    """Return the code of a finding on the latest runs of a schedule."""
    return "failed-run" if any(run.outcome is Outcome.FAILED for run in plan.streak) else "missed-run"


def _runways(judged: Judgement) -> Iterator[Finding]:
    """What will go wrong soon if nothing changes."""
    exposure = judged.exposure
    if exposure.expires_soon(judged.now) and exposure.expiry is not None and exposure.expiry.last is not None:
        text = f"without a new backup the last usable one may go in {age(exposure.expiry.last - judged.now)}"
        yield Finding(Grade.WARNING, "expires-soon", text)
    if exposure.timeout is not None and exposure.timeout.near:
        share = f"{exposure.timeout.share:.0%} of the limit of {age(exposure.timeout.limit)}"
        yield Finding(Grade.WARNING, "timeout-near", f"{exposure.timeout.longest.backup.name} took {share}")
