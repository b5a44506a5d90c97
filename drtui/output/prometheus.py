"""The Prometheus text of a health check."""

from collections import Counter
from collections.abc import Iterator, Mapping

from drtui.core.formatting.durations import SECOND
from drtui.core.summary.health_check import Check
from drtui.core.summary.labels import level_label
from drtui.core.verdict.rules import Level

PREFIX = "drtui_"


RESOURCES = ("stores", "backups", "site", "status", "settings", "schedules")
"""The resources of a site: values of the label `resource`."""


Sample = tuple[dict[str, str], str]
"""Labels and value of a sample."""


def as_prometheus(checks: Mapping[str, Check]) -> str:
    """Return the checks as Prometheus metrics, each sample with the label of its site.

    Without the label, the files of two sites in one folder would contain the same series. All samples of a metric are
    together under one HELP and one TYPE, as the exposition format demands.
    """
    metrics: dict[tuple[str, str], list[str]] = {}
    for site, check in checks.items():
        for name, help_, samples in _metrics(check):
            metrics.setdefault((name, help_), []).extend(
                f"{PREFIX}{name}{_label_text({'site': site, **labels})} {value}" for labels, value in samples
            )
    lines: list[str] = []
    for (name, help_), lines_of_metric in metrics.items():
        if lines_of_metric:
            lines += [f"# HELP {PREFIX}{name} {help_}", f"# TYPE {PREFIX}{name} gauge", *lines_of_metric]
    return "".join(f"{line}\n" for line in lines)


def _label_text(labels: Mapping[str, str]) -> str:
    """Return labels in the exposition format, with reserved characters escaped."""
    return "{" + ",".join(f'{name}="{_escaped(value)}"' for name, value in labels.items()) + "}"


def _escaped(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")


def _metrics(check: Check) -> Iterator[tuple[str, str, list[Sample]]]:
    """Yield name, help and samples of each metric."""
    yield "check_state", "0 ok, 1 warning, 2 critical, 3 unknown.", [({}, str(int(check.grade)))]
    yield "findings", "Findings of the check by code and state.", _by_code(check)
    if check.assessment is None:
        return
    site_state, rpo = check.assessment.site_state, check.assessment.rpo
    yield "judged_timestamp_seconds", "Time of the assessment, by the site's clock.", _seconds(check.assessment.now)
    yield "read_timestamp_seconds", "Time when the oldest of the lists was read.", _seconds(site_state.listed_at)
    yield "resource_read", "1 if the resource could be read in its current state, else 0.", _by_resource(check)
    if not check.is_known:
        return
    started = rpo.newest_usable.backup.start if rpo.newest_usable else None
    yield "newest_usable_timestamp_seconds", "Start of the newest usable restore point.", _seconds(started)
    yield "newest_usable_age_seconds", "Age of the newest usable restore point.", _seconds(rpo.age)
    yield "target_seconds", "Target for the age of the newest usable restore point.", _seconds(rpo.target)
    yield "restore_points", "Restore points by verdict.", _by_verdict(check)
    missed = check.assessment.missed_count
    yield "missed_runs", "Scheduled runs that left no backup.", [] if missed is None else [({}, str(missed))]
    failed = check.assessment.failed_count
    yield "failed_runs", "Scheduled runs whose backup failed.", [] if failed is None else [({}, str(failed))]
    last = rpo.retention.last_expiry if rpo.retention else None
    yield "last_usable_expires_timestamp_seconds", "Time when the last usable restore point expires.", _seconds(last)
    share: list[Sample] = [({}, f"{rpo.timeout.share:.4f}")] if rpo.timeout else []
    yield "timeout_share", "Longest recent backup as a share of the time limit.", share


def _seconds(milliseconds: int | None) -> list[Sample]:
    return [] if milliseconds is None else [({}, f"{milliseconds / SECOND:.3f}")]


def _by_resource(check: Check) -> list[Sample]:
    """Return a sample for each resource, 1 if it was fetched; the lists of all stores are one resource."""
    missing = {name.partition(" of ")[0] for finding in check.findings for name in finding.resources}
    return [({"resource": name}, str(int(name not in missing))) for name in RESOURCES]


def _by_code(check: Check) -> list[Sample]:
    """Return the number of findings of each code and state, worst first."""
    counts = Counter((finding.code, finding.grade.name.lower()) for finding in check.findings)
    return [({"code": code, "state": state}, str(count)) for (code, state), count in counts.items()]


def _by_verdict(check: Check) -> list[Sample]:
    points = check.assessment.points if check.assessment else ()
    return [
        (
            {"verdict": level_label(level).word.replace(" ", "_")},
            str(sum(point.verdict.level is level for point in points)),
        )
        for level in Level
    ]
