"""The plan of a change as styled lines."""

import datetime as dt
from collections.abc import Iterator

from drtui.core.operations.findings import Severity
from drtui.core.operations.plan import Plan
from drtui.core.operations.preflight import retention_text
from drtui.core.operations.request import Change, CreateBackup, KeepBackup, Operation
from drtui.ui.widgets.styled_lines import Line

LABELS = {
    Operation.CREATE: "Create backup {}",
    Operation.KEEP: "Change how long {} is kept",
    Operation.VALIDATE: "Validate store {}",
    Operation.PAUSE: "Pause schedule {}",
    Operation.RESUME: "Resume schedule {}",
    Operation.DELETE: "Delete backup {}",
    Operation.RESTORE: "Restore {}: the whole site becomes what it was then",
}
"""Title of a plan, by the operation of its change."""

SEVERITIES = {Severity.STOP: ("STOP", "bad"), Severity.WARNING: ("warning", "warn"), Severity.NOTE: ("note", "muted")}

LABEL_CELLS = 10


def change_title(change: Change) -> str:
    """Return what a change does: `Delete backup nightly-1`."""
    return LABELS[change.operation].format(change.name)


def build_plan_lines(plan: Plan, zone: dt.tzinfo) -> Iterator[Line]:
    """Yield the plan: site, what speaks against it, what it costs, and the exact request."""
    change, destination = plan.change, plan.destination
    accent = f"accent:{destination.accent}" if destination.accent else "accent"
    address = f"  {destination.address}" if destination.profile else ""
    yield Line((_label("site"), (destination.site_name, accent), (address, "")))
    yield Line((_label("release"), (plan.release_text, "")))
    if change.store:
        yield Line((_label("store"), (change.store, "")))
    if isinstance(change, (CreateBackup, KeepBackup)):
        yield Line((_label("kept"), (retention_text(change.retention), "")))
    if plan.not_allowed:
        yield Line((_label("STOP", "bad"), (plan.not_allowed, "bad")))
    for finding in plan.findings:
        word, tone = SEVERITIES[finding.severity]
        yield Line((_label(word, tone), (finding.text, tone)))
    for sentence in plan.irreversible:
        yield Line((_label("forever", "warn"), (sentence, "warn")))
    for number, sentence in enumerate(plan.costs):
        yield Line((_label("costs" if not number else ""), (sentence, "")))
    if end := plan.end_text(zone):
        yield Line((_label("ends"), (end, "")))
    for number, text in enumerate(plan.request_lines):
        yield Line((_label("request" if not number else ""), (text, "muted")))


def _label(text: str, tone: str = "muted") -> tuple[str, str]:
    return f" {text:<{LABEL_CELLS}}", tone
