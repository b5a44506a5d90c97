"""Restore points: the backups of a site, each with its verdict."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from msgspec import Struct

from drtui.core.formatting.times import format_utc
from drtui.core.model.backup import Backup
from drtui.core.model.site_state import SiteState, Source
from drtui.core.model.time_limit import is_over_limit
from drtui.core.verdict.verdict import Level, Reason, Verdict, VerdictContext, judge, with_reason


class RestorePoint(Struct, frozen=True, gc=False):
    """A backup and what is to be thought of it."""

    backup: Backup
    verdict: Verdict

    @property
    def id(self) -> tuple[str, str]:
        """Store and label: what it is known by among all restore points of a site."""
        return self.backup.store, self.label

    @property
    def label(self) -> str:
        """The label to ask for it by: its name, if no other record in its store has the same."""
        return self.backup.name


class DuplicateRestorePoint(RestorePoint, frozen=True, gc=False):
    """One of several restore points of one name in one store."""

    unique_label: str
    """Its name and its start, as in `nightly@2026-09-20T02:00:33Z`."""

    @property
    def label(self) -> str:
        """The label to ask for it by."""
        return self.unique_label


def start_time(point: RestorePoint) -> int:
    """When it started, epoch ms; to sort by."""
    return point.backup.start or 0


def verdict_context(state: SiteState, now: int) -> VerdictContext:
    """What a reading says that verdicts rest on."""
    site = state.site.value if state.site else None
    return VerdictContext(
        now,
        site.release if site else None,
        state.status.value if state.status else None,
        is_status_stale(state, now),
    )


def is_status_stale(state: SiteState, now: int) -> bool:
    """True if the operation that the status calls going on is over its limit, as far as the site was heard."""
    status, settings = state.status, state.settings
    if status is None or status.value is None:
        return False
    heard = now if status.problem is None and status.source is Source.LIVE else min(now, status.at)
    return is_over_limit(status.value, settings.value if settings is not None else None, heard)


def deleted_restore_points(state: SiteState, now: int) -> tuple[RestorePoint, ...]:
    """Those that are no longer there, with what would be thought of them; nothing can be restored from one."""
    facts = verdict_context(state, now)
    return tuple(RestorePoint(each, judge(each, facts)) for each in state.history.deleted_backups)


def iter_restore_points(state: SiteState, now: int) -> Iterator[RestorePoint]:
    """Every restore point of a reading with its verdict, one after another."""
    facts = verdict_context(state, now)
    namesakes = _duplicates(state, facts)
    if not namesakes:
        return (RestorePoint(each, judge(each, facts)) for each in state.all_backups)
    return (
        next(namesakes.get(each.id, iter(())), None) or RestorePoint(each, judge(each, facts))
        for each in state.all_backups
    )


def _duplicates(state: SiteState, context: VerdictContext) -> dict[tuple[str, str], Iterator[DuplicateRestorePoint]]:
    """Return the restore points whose store and name others have as well, in the order in which they are listed."""
    lists = [answer.value or () for answer in state.backups.values()]
    if all(len({each.name for each in backups}) == len(backups) for backups in lists):
        return {}
    found: dict[tuple[str, str], list[Backup]] = defaultdict(list)
    for each in state.all_backups:
        found[each.id].append(each)
    taken = {name for _, name in found}
    return {key: iter(_labelled_duplicates(same, context, taken)) for key, same in found.items() if len(same) > 1}


def _labelled_duplicates(
    backups: Sequence[Backup], context: VerdictContext, labels: set[str]
) -> list[DuplicateRestorePoint]:
    """Return restore points of one name, each with a label of its own and a reason that names the worst other."""
    verdicts = [judge(each, context) for each in backups]
    worst, second = sorted(range(len(backups)), key=lambda index: -verdicts[index].level)[:2]
    made, numbers = [], Counter[str]()
    for index, (backup, verdict) in enumerate(zip(backups, verdicts, strict=True)):
        other = second if index == worst else worst
        text = f"another record of this name in this store is {verdicts[other].level.word}"
        reason = Reason(Level.DOUBTFUL, "duplicate-name", text, str(backups[other].start or ""))
        label = spelled = f"{backup.name}@{format_utc(backup.start).replace(' ', 'T')}"
        while label in labels or numbers[spelled] == 0:
            numbers[spelled] += 1
            label = spelled if numbers[spelled] == 1 else f"{spelled}#{numbers[spelled]}"
        labels.add(label)
        made.append(DuplicateRestorePoint(backup, with_reason(verdict, reason), label))
    return made


def restore_points(state: SiteState, now: int) -> tuple[RestorePoint, ...]:
    """The same, all together."""
    return tuple(iter_restore_points(state, now))
