"""The coverage of data stores as lines of an outline, at the newest usable restore point."""

import datetime as dt
from collections.abc import Iterator

from drtui.core.analysis.assessment import Assessment
from drtui.core.summary.coverage_text import coverage_statements, data_stores_as_of, outside_text, unread_reason
from drtui.core.verdict.restore_points import RestorePoint

_IN_DETAIL = ("not-in-backup", "other-instance")
"""Codes of the statements that the details of a restore point have, besides what is outside every backup."""


def coverage_lines(assessment: Assessment, point: RestorePoint, zone: dt.tzinfo) -> Iterator[tuple[str, str, str]]:
    """Yield label, text and tone of what its site has beyond this restore point, if it is the newest usable one."""
    newest = assessment.rpo.newest_usable
    if newest is None or newest.id != point.id or assessment.site_state.data is None:
        return
    if assessment.coverage is None:
        yield "coverage", f"unknown: {unread_reason(assessment.site_state.data)}", "muted"
        return
    for statement in coverage_statements(assessment):
        if statement.code in _IN_DETAIL:
            yield "coverage", statement.text, statement.tone
    outside, as_of = outside_text(assessment.coverage), data_stores_as_of(assessment, zone)
    if outside:
        yield "outside", f"every backup: {outside}", "muted"
    if as_of:
        yield "coverage", as_of, "muted"
