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
    judged: Assessment
    check: Check
    """As `drtui check` grades it: what was only saved is unknown."""
    last_known: tuple[Finding, ...]
    """What is known of it, as if it were of this moment, worst first; empty where too little is to say so."""
    accent: str = ""
    """The colour by which it is known."""

    @property
    def grade(self) -> Grade:
        """Its state."""
        return self.check.grade

    @property
    def reading(self) -> SiteState:
        """What was read of it."""
        return self.judged.reading

    @property
    def refused(self) -> bool:
        """Whether its state is not known because it will not tell this account."""
        return self.grade is Grade.UNKNOWN and any(each.kind is FailureKind.REFUSED for each in self.troubles)

    @property
    def troubles(self) -> tuple[Failure, ...]:
        """Why its state is not known, most important first, each once."""
        needed = ("stores", "backups of ", "site")
        return tuple(dict.fromkeys(trouble for name, trouble in self.reading.failures if name.startswith(needed)))

    @property
    def newest(self) -> str:
        """How old the newest usable restore point is; `none` only where that is certain."""
        if self.judged.exposure.age is not None:
            return format_age(self.judged.exposure.age)
        return "none" if self.last_known else "unknown"

    @property
    def expires(self) -> str:
        """When the last usable restore point may go if no new one is made: `in 9 d`, `never`, `unknown`."""
        expiry, now = self.judged.exposure.expiry, self.judged.now
        if expiry is None:
            return "-" if self.last_known else "unknown"
        if expiry.last is not None:
            return (
                f"in {format_short_duration(expiry.last - now)}"
                if expiry.last > now
                else f"{format_short_age(now - expiry.last)} ago"
            )
        kept = any(point.verdict.usable and point.backup.retention == NEVER for point in self.judged.points)
        return "never" if kept else "unknown"

    @property
    def operation(self) -> OperationStatus | None:
        """The operation that goes on, or did when the site last said so."""
        found = self.judged.progress
        return found if found is not None and state_of(found.status.state) is State.GOING else None

    @property
    def doing(self) -> str:
        """The operation in a few words: `backup for 12 min`; `-` for none, as far as that is known."""
        found, status = self.operation, self.reading.status
        if found is None:
            return "-" if status is not None and status.value is not None else "unknown"
        lasted = "" if found.elapsed is None else f" for {format_age(found.elapsed)}"
        return f"{found.status.operation or 'operation'}{lasted}".lower()

    @property
    def release(self) -> str | None:
        """What it runs, if that is known."""
        site = self.reading.site.value if self.reading.site is not None else None
        return str(site.release) if site is not None and site.release is not None else None

    @property
    def why(self) -> str:
        """What is wrong with it, in words; where its state is not known why, and what was last known."""
        if self.grade is not Grade.UNKNOWN or self.check.known:
            return _said(self.check.findings)
        if not self.last_known:
            return self._unknown
        return f"{self._unknown}; as last known: {_said(self.last_known)}"

    @property
    def _unknown(self) -> str:
        """Why its state is not known."""
        if self.troubles:
            return "; ".join(f"{each.what}: {each.said}" if each.said else each.what for each in self.troubles)
        if self.reading.is_saved:
            return "not asked since"
        return self.check.findings[0].text if self.reading.stores is not None else "nothing is known of it"


def summarize_site(name: str, reading: SiteState, now: int, target: int, *, accent: str = "") -> SiteSummary:
    """A site at `now` (epoch ms); a warning from its target (milliseconds) on, critical from twice that."""
    judged = assess(reading, now, target)
    graded = check(judged, target, 2 * target)
    found = SiteSummary(name, judged, graded, check_known(judged, target, 2 * target), accent)
    certain = all_lists_known(reading) and found.release is not None
    return found if certain else replace(found, last_known=())


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
    return tuple(sorted(sites, key=_badness))


def _badness(site: SiteSummary) -> tuple[int, bool, int, bool, float, str]:
    """Its state; of one that is not known what was last known; then the age of what is left, against its target."""
    exposure = site.judged.exposure
    last = max((finding.grade for finding in site.last_known), default=Grade.UNKNOWN)
    share = 0.0 if exposure.age is None else exposure.age / exposure.target
    return WORST_FIRST.index(site.grade), not site.refused, -last, exposure.age is not None, -share, site.name


def _said(findings: Iterable[Finding]) -> str:
    """Return the problems and unknowns of a site; if there are none, that all is well."""
    found = tuple(findings)
    wrong = any(each.grade is not Grade.OK for each in found)
    return "; ".join(each.text for each in found if not wrong or each.unknown or each.grade is not Grade.OK)
