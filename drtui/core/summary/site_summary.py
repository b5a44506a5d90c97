"""Summaries of several sites, sorted worst first: the grade of each and its reasons. Unknown is never fine."""

from collections.abc import Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from drtui.core.analysis.assessment import Assessment, assess
from drtui.core.analysis.operation import OperationStatus
from drtui.core.formatting.durations import format_age
from drtui.core.model.backup import NEVER
from drtui.core.model.failure import Failure, FailureKind
from drtui.core.model.site import State, state_of
from drtui.core.model.site_state import SiteState, all_lists_known
from drtui.core.summary.health_check import Check, Finding, Grade, check_health, check_known_data
from drtui.core.summary.labels import StatusLabel, short_time_text

WORST_FIRST = (Grade.CRITICAL, Grade.UNKNOWN, Grade.WARNING, Grade.OK)
"""Grades by urgency: a known breach is worse than a possible one, and unknown is worse than a warning."""


class SiteSummary(Struct, frozen=True):
    """The summary of a site, as of a moment and against its own target."""

    name: str
    assessment: Assessment
    check: Check
    """The health check, as `drtui check` does it: saved data is graded UNKNOWN."""
    last_known_findings: tuple[Finding, ...]
    """Findings from saved data as if it were current, worst first; empty if the data is incomplete."""
    accent: str = ""
    """The colour of the site; empty for the default."""

    @property
    def grade(self) -> Grade:
        """The grade of the health check."""
        return self.check.grade

    @property
    def site_state(self) -> SiteState:
        """The site state that was assessed."""
        return self.assessment.site_state

    @property
    def is_refused(self) -> bool:
        """True if the grade is UNKNOWN because the site refuses access to this account."""
        return self.grade is Grade.UNKNOWN and any(failure.kind is FailureKind.REFUSED for failure in self.failures)

    @property
    def failures(self) -> tuple[Failure, ...]:
        """The distinct failures of needed resources, most important first."""
        needed = ("stores", "backups of ", "site")
        return tuple(dict.fromkeys(failure for name, failure in self.site_state.failures if name.startswith(needed)))

    @property
    def newest_text(self) -> str:
        """The age of the newest usable restore point; `none` if there certainly is none, else `unknown`."""
        if self.assessment.rpo.age is not None:
            return format_age(self.assessment.rpo.age)
        return "none" if self.last_known_findings else "unknown"

    @property
    def expiry_text(self) -> str:
        """Time until the last usable restore point expires without a new backup: `in 9 d`, `never`, `unknown`."""
        retention, now = self.assessment.rpo.retention, self.assessment.now
        if retention is None:
            return "-" if self.last_known_findings else "unknown"
        if retention.last_expiry is not None:
            return short_time_text(retention.last_expiry, now)
        is_kept_forever = any(
            point.verdict.is_usable and point.backup.retention == NEVER for point in self.assessment.points
        )
        return "never" if is_kept_forever else "unknown"

    @property
    def operation(self) -> OperationStatus | None:
        """The operation that is running by the last report of the site; None if none is."""
        operation = self.assessment.operation
        return operation if operation is not None and state_of(operation.status.state) is State.IN_PROGRESS else None

    @property
    def operation_text(self) -> str:
        """The operation in a few words: `backup for 12 min`; `-` for none, `unknown` without a status."""
        operation, status = self.operation, self.site_state.status
        if operation is None:
            return "-" if status is not None and status.value is not None else "unknown"
        duration = "" if operation.elapsed is None else f" for {format_age(operation.elapsed)}"
        return f"{operation.status.operation or 'operation'}{duration}".lower()

    @property
    def release(self) -> str | None:
        """The release that the site runs; None if unknown."""
        return str(self.assessment.release) if self.assessment.release else None

    @property
    def explanation(self) -> str:
        """The problems of the site in words; for an unknown grade the reason, and the last known problems."""
        if self.grade is not Grade.UNKNOWN or self.check.is_known:
            return _findings_text(self.check.findings)
        if not self.last_known_findings:
            return self._unknown_reason
        return f"{self._unknown_reason}; as last known: {_findings_text(self.last_known_findings)}"

    @property
    def _unknown_reason(self) -> str:
        """The reason why the grade is UNKNOWN."""
        if self.failures:
            return "; ".join(
                f"{failure.summary}: {failure.server_message}" if failure.server_message else failure.summary
                for failure in self.failures
            )
        if self.site_state.is_saved:
            return "not asked since"
        return self.check.findings[0].text if self.site_state.stores is not None else "nothing is known of it"


def summarize_site(name: str, site_state: SiteState, now: int, target: int, *, accent: str = "") -> SiteSummary:
    """Return the summary of a site at `now` (epoch ms).

    An age above the target (milliseconds) is a warning, and above twice the target critical.
    """
    assessment = assess(site_state, now, target)
    result = check_health(assessment, target, 2 * target)
    summary = SiteSummary(name, assessment, result, check_known_data(assessment, target, 2 * target), accent)
    is_certain = all_lists_known(site_state) and summary.release is not None
    return summary if is_certain else replace(summary, last_known_findings=())


_GRADES = {
    Grade.OK: StatusLabel("✓", "ok", "fine", "good"),
    Grade.WARNING: StatusLabel("!", "!", "warning", "warn"),
    Grade.CRITICAL: StatusLabel("✗", "x", "critical", "bad"),
    Grade.UNKNOWN: StatusLabel("?", "?", "unknown", "warn"),
}


def grade_label(grade: Grade) -> StatusLabel:
    """Return the label of a grade."""
    return _GRADES[grade]


def sort_worst_first(sites: Iterable[SiteSummary]) -> tuple[SiteSummary, ...]:
    """Return the sites sorted by urgency, the worst first."""
    return tuple(sorted(sites, key=_severity_key))


def _severity_key(site: SiteSummary) -> tuple[int, bool, int, bool, float, str]:
    """Return a sort key: grade, refused access, last known grade, then age relative to the target, and name."""
    rpo = site.assessment.rpo
    worst_last_known = max((finding.grade for finding in site.last_known_findings), default=Grade.UNKNOWN)
    share = 0.0 if rpo.age is None else rpo.age / rpo.target
    return WORST_FIRST.index(site.grade), not site.is_refused, -worst_last_known, rpo.age is not None, -share, site.name


def _findings_text(findings: Sequence[Finding]) -> str:
    """Return the texts of problems and unknowns; if there are none, the texts of all findings."""
    has_problems = any(finding.grade is not Grade.OK for finding in findings)
    shown = (f for f in findings if not has_problems or f.is_unknown or f.grade is not Grade.OK)
    return "; ".join(finding.text for finding in shown)
