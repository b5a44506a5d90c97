"""Facts about a site, read anew before a change."""

import statistics

from msgspec import Struct

from drtui.core.analysis.assessment import Assessment
from drtui.core.formatting.durations import DAY
from drtui.core.model.account import Account, SiteMode
from drtui.core.model.failure import Failure
from drtui.core.model.site import DrSettings, DrStatus, Release, Schedule, Store
from drtui.core.model.site_state import Fetched, SiteState
from drtui.core.operations.request import Change, CreateBackup
from drtui.core.schedules.gaps import is_complete
from drtui.core.verdict.restore_points import RestorePoint

DEFAULT_RETENTION = 14 * DAY
"""Milliseconds that a new backup is kept if no schedule says for how long."""

RECENT_BACKUPS = 10
"""Number of recent complete backups whose durations are compared."""


class Facts(Struct, frozen=True):
    """Answers of a site before a change."""

    assessment: Assessment
    user: str = ""
    """User name that was given to sign in; the account read from the site outweighs it."""
    token_expires: int | None = None
    """End of the token by the site's clock, epoch ms; None if unknown."""
    has_old_layout: bool = False
    """True if the site has the addresses of 10.9 (docs/api.md#layouts)."""
    can_renew_token: bool = False
    """True if a new token can be requested without asking the person."""

    @property
    def state(self) -> SiteState:
        """The answers of the site."""
        return self.assessment.site_state

    @property
    def mode(self) -> Fetched[SiteMode] | None:
        """The answer for the mode of the site."""
        return self.state.mode

    @property
    def account(self) -> Fetched[Account] | None:
        """The answer for the account."""
        return self.state.account

    @property
    def now(self) -> int:
        """Time of the reading by the site's clock, epoch ms."""
        return self.assessment.now

    @property
    def release(self) -> Release | None:
        """Release of the site; None if it could not be read."""
        site = self.state.site.value if self.state.site is not None else None
        return site.release if site is not None else None

    @property
    def status(self) -> DrStatus | None:
        """The last operation; None if it could not be read."""
        return self.state.status.value if self.state.status is not None else None

    @property
    def settings(self) -> DrSettings | None:
        """Settings of disaster recovery; None if they could not be read."""
        return self.state.settings.value if self.state.settings is not None else None

    @property
    def stores(self) -> tuple[Store, ...]:
        """The backup stores; empty if they could not be read."""
        return (self.state.stores.value or ()) if self.state.stores is not None else ()

    @property
    def schedules(self) -> tuple[Schedule, ...]:
        """The tasks of the site; empty if they could not be read."""
        return (self.state.schedules.value or ()) if self.state.schedules is not None else ()

    @property
    def account_name(self) -> str:
        """User name of the account; empty if unknown."""
        account = self.account.value if self.account is not None else None
        return account.user if account is not None else self.user

    @property
    def unreachable(self) -> Failure | None:
        """The failure of the stores if neither stores, root nor status could be read, else None."""
        answers = (self.state.stores, self.state.site, self.state.status)
        if any(answer is not None and answer.value is not None for answer in answers):
            return None
        return next((answer.failure for answer in answers if answer is not None and answer.failure is not None), None)

    def find_store(self, name: str) -> Store | None:
        """Return the store with this name, or None."""
        return next((store for store in self.stores if store.name == name), None)

    def find_points(self, store: str, name: str) -> tuple[RestorePoint, ...]:
        """Return the restore points of this name in a store; more than one if the site lists duplicates."""
        return tuple(p for p in self.assessment.points if p.backup.store == store and p.backup.name == name)

    def find_schedule(self, task: str) -> Schedule | None:
        """Return the task with this id, or None."""
        return next((schedule for schedule in self.schedules if schedule.id == task), None)


def usual_duration(change: Change, facts: Facts) -> int | None:
    """Return the median duration of recent complete backups in milliseconds; None for other changes, or if unknown.

    The store of the change decides, unless it has no complete backup.
    """
    if not isinstance(change, CreateBackup):
        return None
    backups = [*facts.state.all_backups, *facts.state.history.deleted_backups]
    timed = [backup for backup in backups if is_complete(backup) and backup.duration is not None]
    timed = [backup for backup in timed if backup.store == change.store] or timed
    recent = sorted(timed, key=lambda backup: backup.start or 0)[-RECENT_BACKUPS:]
    return round(statistics.median(backup.duration or 0 for backup in recent)) if recent else None


def default_retention(facts: Facts, store: str) -> int:
    """Return the default time that a new backup is kept, milliseconds: that of the schedules, else 14 days.

    Schedules to this store outweigh others, active ones outweigh paused ones; of several values the largest counts.
    """
    schedules = [
        schedule for schedule in facts.schedules if schedule.makes_backups and (schedule.retention_offset or 0) > 0
    ]
    best = max((_weight(schedule, store) for schedule in schedules), default=None)
    offsets = [schedule.retention_offset or 0 for schedule in schedules if _weight(schedule, store) == best]
    return max(offsets, default=DEFAULT_RETENTION)


def _weight(schedule: Schedule, store: str) -> tuple[bool, bool]:
    return schedule.store == store, schedule.active is not False
