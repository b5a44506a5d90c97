"""The plan of a change: what will be sent, where, what it costs, and what speaks against it."""

import datetime as dt

from msgspec import Struct

from drtui.core.formatting.durations import format_age, format_duration
from drtui.core.formatting.times import format_full, format_utc
from drtui.core.model.address import Address
from drtui.core.model.backup import NEVER
from drtui.core.model.time_limit import time_limit
from drtui.core.operations.confirmation import Confirmation, required_confirmation
from drtui.core.operations.facts import Facts, usual_duration
from drtui.core.operations.findings import Finding, Severity
from drtui.core.operations.outcome import Outcome, unreachable_outcome
from drtui.core.operations.permissions import Permissions, not_allowed_text
from drtui.core.operations.preflight import find_obstacles, retention_text
from drtui.core.operations.request import (
    Change,
    CreateBackup,
    DeleteBackup,
    KeepBackup,
    PauseSchedule,
    PostRequest,
    RestoreBackup,
    ResumeSchedule,
    ValidateStore,
    request_of,
)

READINESS = (
    "Persistent volumes in state Released were made Available",
    "The staging volume has at least 16 GiB and enough for each store; a static one was made available again",
    "Persistent volumes of a hosted backup store have the reclaim policy Retain",
    "The passcode of this backup is available",
    "Users know that the site will be unavailable",
)
"""Statements to confirm one by one before a restore: no answer of the site proves them (rules R20, R35, R36)."""


class Destination(Struct, frozen=True):
    """The site that a change goes to."""

    address: Address
    profile: str = ""
    """Name of the profile; empty if there is none."""
    accent: str = ""
    """Colour of the site in the interface."""

    @property
    def site_name(self) -> str:
        """Name of the site for people: the profile, else host and context."""
        return self.profile or str(self.address)


class Plan(Struct, frozen=True):
    """A change before it is sent."""

    change: Change
    destination: Destination
    request: PostRequest
    facts: Facts
    findings: tuple[Finding, ...]
    confirmation: Confirmation
    id: str = ""
    """Id of the change in the journal. A plan is sent at most once."""
    not_allowed: str = ""
    """The reason why the change is not allowed, with advice; empty if it is."""
    usual: int | None = None
    """Usual duration in milliseconds; None if unknown."""

    @property
    def stops(self) -> tuple[Finding, ...]:
        """The findings that stop the change."""
        return tuple(finding for finding in self.findings if finding.severity is Severity.STOP)

    @property
    def outcome_without_sending(self) -> Outcome | None:
        """The outcome if the change cannot be sent now; None if it could be, once confirmed."""
        if self.not_allowed:
            return Outcome.NOT_ALLOWED
        failure = self.facts.unreachable
        if failure is not None:
            return unreachable_outcome(failure)
        return Outcome.STOPPED if self.stops else None

    @property
    def release(self) -> str:
        """Release of the site; "unknown" if it could not be read."""
        return str(self.facts.release or "unknown")

    @property
    def namespace(self) -> str:
        """Kubernetes namespace by the newest record that names one; empty if none does."""
        backups = sorted(self.facts.state.all_backups, key=lambda backup: -(backup.start or 0))
        return next((backup.namespace for backup in backups if backup.namespace), "")

    @property
    def probable_end(self) -> int | None:
        """Time at which the change will probably end if it is sent now, epoch ms; None if unknown."""
        return None if self.usual is None else self.facts.now + self.usual

    @property
    def release_text(self) -> str:
        """Release and namespace, for people."""
        return f"{self.release}, namespace {self.namespace}" if self.namespace else self.release

    def end_text(self, zone: dt.tzinfo) -> str:
        """Return the probable end and the usual duration, for people; empty if unknown."""
        if self.usual is None:
            return ""
        return f"about {format_full(self.probable_end, zone)}, usually after {format_age(self.usual)}"

    @property
    def readiness(self) -> tuple[str, ...]:
        """Statements that a person confirms before a restore; empty for other changes. `--yes` stands for them."""
        return READINESS if isinstance(self.change, RestoreBackup) else ()

    @property
    def request_lines(self) -> tuple[str, ...]:
        """The exact request, secrets as `***`."""
        return self.request.lines(self.destination.address.admin_url)

    @property
    def costs(self) -> tuple[str, ...]:
        """Sentences on what the change costs."""
        limit, _ = time_limit(self.facts.settings)
        match self.change:
            case CreateBackup() as change:
                duration = "unknown" if self.usual is None else format_age(self.usual)
                return (
                    f"It usually takes {duration}; the site cancels it after {format_duration(limit)}",
                    f"It uses space in store {change.store} {retention_text(change.retention)}",
                    "It puts load on the site while it runs",
                    "Without its passcode the backup cannot be restored; a lost passcode cannot be recovered",
                )
            case KeepBackup() as change:
                return (f"It uses space in store {change.store} {retention_text(change.retention)}",)
            case PauseSchedule():
                return ("This schedule creates no backups until it is resumed", *self._next_run_text())
            case ResumeSchedule():
                return ("The schedule runs again at its next time",)
            case RestoreBackup():
                return (
                    "The whole site, including this API, is unavailable until the restore ends",
                    f"Duration unknown; the time limit is {format_duration(limit)}",
                    "Users, passwords and tokens become those of the backup",
                )
            case ValidateStore() | DeleteBackup():
                return ()

    def _next_run_text(self) -> tuple[str, ...]:
        task = getattr(self.change, "task", "")
        runs = (s.next_run for s in self.facts.assessment.schedules if s.task and s.task.id == task)
        return tuple(f"The first skipped run is at {format_utc(moment)}" for moment in runs if moment)

    @property
    def irreversible(self) -> tuple[str, ...]:
        """Sentences on what cannot be undone."""
        match self.change:
            case DeleteBackup():
                return ("A deleted backup cannot be recovered",)
            case RestoreBackup() as change:
                points = self.facts.find_points(change.store, change.name)
                start = points[0].backup.start if points else None
                since = f"{format_utc(start)}, {format_age(self.facts.now - start)} ago" if start else "an unknown time"
                return (f"Everything written since {since} is lost", "drtui cannot stop a running restore")
            case KeepBackup(retention=retention) if retention != NEVER:
                return ("After that date the site may delete the backup permanently",)
            case _:
                return ()


def make_plan(
    change: Change,
    facts: Facts,
    destination: Destination,
    permissions: Permissions,
    *,
    id_: str = "",
    more: tuple[Finding, ...] = (),
) -> Plan:
    """Return the plan of a change; `more` are findings from elsewhere, such as a journal that cannot be written."""
    allowed = permissions.allows(change.operation)
    return Plan(
        change,
        destination,
        request_of(change, facts.release.line if facts.release is not None else None),
        facts,
        (*more, *find_obstacles(change, facts)),
        required_confirmation(change, facts, destination.address, destination.profile),
        id_,
        "" if allowed else not_allowed_text(change.operation, destination.profile),
        usual_duration(change, facts),
    )
