"""The state of a site in one or two words: the grade of the health check, as the headline and the splash spell it."""

from drtui.core.summary.health_check import Check, Grade
from drtui.core.summary.labels import StatusLabel
from drtui.core.summary.last_known import CANNOT_TELL_ASCII, CANNOT_TELL_SYMBOL, CANNOT_TELL_WORD

SAFE = StatusLabel("✓", "ok", "SAFE", "good")
AT_RISK = StatusLabel("!", "!", "AT RISK", "warn")
AT_CRITICAL_RISK = StatusLabel("✗", "x", "AT RISK", "bad")
NOTHING_RESTORABLE = StatusLabel("✗", "x", "NOTHING RESTORABLE", "bad")
CANNOT_TELL = StatusLabel(CANNOT_TELL_SYMBOL, CANNOT_TELL_ASCII, CANNOT_TELL_WORD, "warn")

NOTHING_CODES = frozenset({"nothing-usable", "only-expired"})
"""Codes of findings that say that no restore point can be relied on."""


def restorability_label(check: Check) -> StatusLabel:
    """Return the state of a site by its health check, so that `drtui check` and every screen agree.

    `SAFE` is OK, `AT RISK` WARNING or CRITICAL, `NOTHING RESTORABLE` CRITICAL and `CANNOT TELL` UNKNOWN.
    """
    if check.grade is Grade.UNKNOWN:
        return CANNOT_TELL
    if check.grade is Grade.CRITICAL:
        has_nothing = any(finding.code in NOTHING_CODES for finding in check.findings)
        return NOTHING_RESTORABLE if has_nothing else AT_CRITICAL_RISK
    return SAFE if check.grade is Grade.OK else AT_RISK
