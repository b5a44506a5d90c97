"""Several sites side by side, the worst first: how each is graded, and what is behind it. Unknown is never fine."""

from collections.abc import Iterable
from typing import assert_never

from msgspec import Struct
from msgspec.structs import replace

from drtui.core.analysis.assessment import Assessment, assess
from drtui.core.analysis.operation import OperationStatus
from drtui.core.formatting.times import format_age, format_short_age, format_short_duration
from drtui.core.model.backup import NEVER
from drtui.core.model.failure import Failure, FailureKind
from drtui.core.model.site import State, state_of
from drtui.core.model.site_state import SiteState, all_lists_known
from drtui.core.summary.health_check import Check, Finding, Grade, check, check_known
from drtui.core.summary.labels import StatusLabel

WORST_FIRST = (Grade.CRITICAL, Grade.UNKNOWN, Grade.WARNING, Grade.OK)
"""A breach that is known is worse than one that may be; what nobody knows is worse than what can wait."""


class SiteSummary(Struct, frozen=True):
    """One site among others, as of a moment, against its own target."""

    name: str
    assessment: Assessment
    check: Check
    """As `drtui check` grades it: what was only saved is unknown."""
    last_known_findings: tuple[Finding, ...]
    """What is known of it, as if it were of this moment, worst first; empty where too little is to say so."""
    accent: str = ""
    """The colour by which it is known."""

    @property
    def grade(self) -> Grade:
        """Its state."""
        return self.check.grade

    @property
    def site_state(self) -> SiteState:
        """What was read of it."""
        return self.assessment.site_state

    @property
    def is_refused(self) -> bool:
        """Whether its state is not known because it will not tell this account."""
        return self.grade is Grade.UNKNOWN and any(each.kind is FailureKind.REFUSED for each in self.failures)

    @property
    def failures(self) -> tuple[Failure, ...]:
        """Why its state is not known, most important first, each once."""
        needed = ("stores", "backups of ", "site")
        return tuple(dict.fromkeys(trouble for name, trouble in self.site_state.failures if name.startswith(needed)))

    @property
    def newest_text(self) -> str:
        """How old the newest usable restore point is; `none` only where that is certain."""
        if self.assessment.rpo.age is not None:
            return format_age(self.assessment.rpo.age)
        return "none" if self.last_known_findings else "unknown"

    @property
    def expiry_text(self) -> str:
        """When the last usable restore point may go if no new one is made: `in 9 d`, `never`, `unknown`."""
        expiry, now = self.assessment.rpo.retention, self.assessment.now
        if expiry is None:
            return "-" if self.last_known_findings else "unknown"
        if expiry.last_expiry is not None:
            return (
                f"in {format_short_duration(expiry.last_expiry - now)}"
                if expiry.last_expiry > now
                else f"{format_short_age(now - expiry.last_expiry)} ago"
            )
        kept = any(point.verdict.is_usable and point.backup.retention == NEVER for point in self.assessment.points)
        return "never" if kept else "unknown"

    @property
    def operation(self) -> OperationStatus | None:
        """The operation that goes on, or did when the site last said so."""
        operation = self.assessment.operation
        return operation if operation is not None and state_of(operation.status.state) is State.IN_PROGRESS else None

    @property
    def operation_text(self) -> str:
        """The operation in a few words: `backup for 12 min`; `-` for none, as far as that is known."""
        operation, status = self.operation, self.site_state.status
        if operation is None:
            return "-" if status is not None and status.value is not None else "unknown"
        duration = "" if operation.elapsed is None else f" for {format_age(operation.elapsed)}"
        return f"{operation.status.operation or 'operation'}{duration}".lower()

    @property
    def release(self) -> str | None:
        """What it runs, if that is known."""
        site = self.site_state.site.value if self.site_state.site is not None else None
        return str(site.release) if site is not None and site.release is not None else None

    @property
    def explanation(self) -> str:
        """What is wrong with it, in words; where its state is not known why, and what was last known."""
        if self.grade is not Grade.UNKNOWN or self.check.is_known:
            return _findings_text(self.check.findings)
        if not self.last_known_findings:
            return self._unknown_reason
        return f"{self._unknown_reason}; as last known: {_findings_text(self.last_known_findings)}"

    @property
    def _unknown_reason(self) -> str:
        """Why its state is not known."""
        if self.failures:
            return "; ".join(
                f"{each.summary}: {each.server_message}" if each.server_message else each.summary
                for each in self.failures
            )
        if self.site_state.is_saved:
            return "not asked since"
        return self.check.findings[0].text if self.site_state.stores is not None else "nothing is known of it"


def summarize_site(name: str, site_state: SiteState, now: int, target: int, *, accent: str = "") -> SiteSummary:
    """A site at `now` (epoch ms); a warning from its target (milliseconds) on, critical from twice that."""
    assessment = assess(site_state, now, target)
    graded = check(assessment, target, 2 * target)
    summary = SiteSummary(name, assessment, graded, check_known(assessment, target, 2 * target), accent)
    is_certain = all_lists_known(site_state) and summary.release is not None
    return summary if is_certain else replace(summary, last_known_findings=())


def grade_label(grade: Grade) -> StatusLabel:
    """How a site's state is shown."""
    match grade:
        case Grade.OK:
            return StatusLabel("✓", "ok", "fine", "good")
        case Grade.WARNING:
            return StatusLabel("!", "!", "warning", "warn")
        case Grade.CRITICAL:
            return StatusLabel("✗", "x", "critical", "bad")
        case Grade.UNKNOWN:
            return StatusLabel("?", "?", "unknown", "warn")
        case _:
            assert_never(grade)


def sort_worst_first(sites: Iterable[SiteSummary]) -> tuple[SiteSummary, ...]:
    """In the order in which they want to be looked at."""
    return tuple(sorted(sites, key=_severity_key))


def _severity_key(site: SiteSummary) -> tuple[int, bool, int, bool, float, str]:
    """Its state; of one that is not known what was last known; then the age of what is left, against its target."""
    rpo = site.assessment.rpo
    worst_last_known = max((finding.grade for finding in site.last_known_findings), default=Grade.UNKNOWN)
    share = 0.0 if rpo.age is None else rpo.age / rpo.target
    return WORST_FIRST.index(site.grade), not site.is_refused, -worst_last_known, rpo.age is not None, -share, site.name


def _findings_text(findings: Iterable[Finding]) -> str:
    """Return the problems and unknowns of a site; if there are none, that all is well."""
    shown_findings = tuple(findings)
    wrong = any(each.grade is not Grade.OK for each in shown_findings)
    return "; ".join(each.text for each in shown_findings if not wrong or each.is_unknown or each.grade is not Grade.OK)
