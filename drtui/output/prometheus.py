"""Checks as a text file for node_exporter's textfile collector; a metric that is not known is absent."""

from collections.abc import Iterator, Mapping

from drtui.core.formatting.times import SECOND
from drtui.core.summary.health_check import Check
from drtui.core.summary.labels import mark_of
from drtui.core.verdict.verdict import Level

PREFIX = "drtui_"

RESOURCES = ("stores", "backups", "site", "status", "settings", "schedules")
"""Resources of a site, as values of a label."""

Sample = tuple[dict[str, str], str]
"""Labels, and the value."""


def as_prometheus(checks: Mapping[str, Check]) -> str:
    """Return the checks by the labels of their sites, which every sample carries.

    Without the label, the files of two sites in one folder would hold the same series. All samples of a metric stand
    together under one HELP and one TYPE, as the exposition format demands.
    """
    helps: dict[str, str] = {}
    samples: dict[str, list[str]] = {}
    for site, check in checks.items():
        for name, help_, found in _metrics(check):
            helps[name] = help_
            samples.setdefault(name, []).extend(
                f"{PREFIX}{name}{_labelled({'site': site, **labels})} {value}" for labels, value in found
            )
    lines: list[str] = []
    for name, shown in samples.items():
        if shown:
            lines += [f"# HELP {PREFIX}{name} {helps[name]}", f"# TYPE {PREFIX}{name} gauge", *shown]
    return "".join(f"{line}\n" for line in lines)


def _labelled(labels: Mapping[str, str]) -> str:
    """Labels as the exposition format has them, with what it reserves escaped."""
    return "{" + ",".join(f'{name}="{_escaped(value)}"' for name, value in labels.items()) + "}"


def _escaped(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")


def _metrics(check: Check) -> Iterator[tuple[str, str, list[Sample]]]:
    """Name, help and samples of each metric."""
    yield "check_state", "0 ok, 1 warning, 2 critical, 3 unknown.", [({}, str(int(check.grade)))]
    if check.judgement is None:
        return
    reading, found = check.judgement.reading, check.judgement.exposure
    yield "judged_timestamp_seconds", "When the site was judged.", _seconds(check.judgement.now)
    yield "read_timestamp_seconds", "When the oldest of the lists was read.", _seconds(reading.read)
    yield "resource_read", "1 if the resource could be read as it is now, else 0.", _by_resource(check)
    if not check.known:
        return
    started = found.newest.backup.start if found.newest else None
    yield "newest_usable_timestamp_seconds", "When the newest usable restore point started.", _seconds(started)
    yield "newest_usable_age_seconds", "Since the newest usable restore point started.", _seconds(found.age)
    yield "target_seconds", "The recovery point objective.", _seconds(found.target)
    yield "restore_points", "Restore points by verdict.", _by_verdict(check)
    missed = check.judgement.missed
    yield "missed_runs", "Scheduled runs that left no backup.", [] if missed is None else [({}, str(missed))]
    failed = check.judgement.failed
    yield "failed_runs", "Scheduled runs whose backup failed.", [] if failed is None else [({}, str(failed))]
    last = found.expiry.last if found.expiry else None
    yield "last_usable_expires_timestamp_seconds", "When the last usable one may be cleaned up.", _seconds(last)
    share: list[Sample] = [({}, f"{found.timeout.share:.4f}")] if found.timeout else []
    yield "timeout_share", "The longest recent duration as a share of the time limit.", share


def _seconds(milliseconds: int | None) -> list[Sample]:
    return [] if milliseconds is None else [({}, f"{milliseconds / SECOND:.3f}")]


def _by_resource(check: Check) -> list[Sample]:
    """Return each resource and whether it was read; the lists of backups are one."""
    missing = {name.partition(" of ")[0] for each in check.findings for name in each.resources}
    return [({"resource": name}, str(int(name not in missing))) for name in RESOURCES]


def _by_verdict(check: Check) -> list[Sample]:
    points = check.judgement.points if check.judgement else ()
    return [
        ({"verdict": mark_of(level).word.replace(" ", "_")}, str(sum(point.verdict.level is level for point in points)))
        for level in Level
    ]
