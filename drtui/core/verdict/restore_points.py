"""Restore points: the backups of a site, each with its verdict."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from msgspec import Struct

from drtui.core.formatting.times import format_utc
from drtui.core.model.backup import Backup
from drtui.core.verdict.rules import Level, Reason, SiteFacts, Verdict, judge, with_reason


class RestorePoint(Struct, frozen=True, gc=False):
    """A backup and its verdict."""

    backup: Backup
    verdict: Verdict

    @property
    def id(self) -> tuple[str, str]:
        """Store and label, unique among the restore points of a site."""
        return self.backup.store, self.label

    @property
    def label(self) -> str:
        """Name of the backup; a duplicate has a label of its own."""
        return self.backup.name


class DuplicateRestorePoint(RestorePoint, frozen=True, gc=False):
    """One of several restore points with the same name in the same store."""

    unique_label: str
    """Name and start of the backup: `nightly@2026-09-20T02:00:33Z`; with a number if that is not unique."""

    @property
    def label(self) -> str:
        """The unique label, by which the user can name this restore point."""
        return self.unique_label


def start_time(point: RestorePoint) -> int:
    """Return the start of a restore point, epoch ms, as a sort key; 0 if unknown."""
    return point.backup.start or 0


def deleted_restore_points(facts: SiteFacts) -> tuple[RestorePoint, ...]:
    """Return the deleted backups with the verdicts they would have. Nothing can be restored from them."""
    return tuple(RestorePoint(backup, judge(backup, facts)) for backup in facts.state.history.deleted_backups)


def restore_points(facts: SiteFacts) -> tuple[RestorePoint, ...]:
    """Return all restore points of a site, in the order of the lists."""
    duplicates = _duplicates(facts)
    return tuple(
        next(duplicates.get(backup.id, iter(())), None) or RestorePoint(backup, judge(backup, facts))
        for backup in facts.state.all_backups
    )


def _duplicates(facts: SiteFacts) -> dict[tuple[str, str], Iterator[DuplicateRestorePoint]]:
    """Return the restore points that share store and name with others, by store and name, in the order of the list."""
    lists = [answer.value or () for answer in facts.state.backups.values()]
    if all(len({backup.name for backup in backups}) == len(backups) for backups in lists):
        return {}
    by_id: dict[tuple[str, str], list[Backup]] = defaultdict(list)
    for backup in facts.state.all_backups:
        by_id[backup.id].append(backup)
    labels = {name for _, name in by_id}
    return {key: iter(_labelled_duplicates(same, facts, labels)) for key, same in by_id.items() if len(same) > 1}


def _labelled_duplicates(backups: Sequence[Backup], facts: SiteFacts, labels: set[str]) -> list[DuplicateRestorePoint]:
    """Return restore points for backups with one name: each has a unique label, and a reason naming the worst other."""
    verdicts = [judge(backup, facts) for backup in backups]
    worst, second = sorted(range(len(backups)), key=lambda index: -verdicts[index].level)[:2]
    duplicates, numbers = [], Counter[str]()
    for index, (backup, verdict) in enumerate(zip(backups, verdicts, strict=True)):
        worst_other = second if index == worst else worst
        text = f"another backup with this name in this store is {verdicts[worst_other].level.word}"
        reason = Reason(Level.DOUBTFUL, "duplicate-name", text, str(backups[worst_other].start or ""))
        label = spelled = f"{backup.name}@{format_utc(backup.start).replace(' ', 'T')}"
        while label in labels or numbers[spelled] == 0:
            numbers[spelled] += 1
            label = spelled if numbers[spelled] == 1 else f"{spelled}#{numbers[spelled]}"
        labels.add(label)
        duplicates.append(DuplicateRestorePoint(backup, with_reason(verdict, reason), label))
    return duplicates
