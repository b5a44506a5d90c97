"""A check in the forms that monitoring reads: a plugin's line, JSON, node_exporter's text file."""

from collections.abc import Iterator
from typing import Any

import msgspec

from drtui.model.check import Check, Grade
from drtui.model.moment import SECOND
from drtui.model.verdict import Level
from drtui.model.view import View
from drtui.model.words import mark_of
from drtui.report.formats import SCHEMA
from drtui.report.judged import exposure
from drtui.report.rows import moment

PREFIX = "drtui_"


def as_plugin(check: Check) -> str:
    """One line of the monitoring plugins' convention: state, text, `|`, performance data in seconds and counts."""
    text = check.text.replace("|", "/").replace("\n", " ")
    data = " ".join(_performance(check))
    return f"{check.grade.name}: {text}{' | ' if data else ''}{data}\n"


def _performance(check: Check) -> Iterator[str]:
    """`label=value;warn;crit;min`; what is not known is left out, because a 0 would be a lie."""
    if check.judgement is None or check.grade is Grade.UNKNOWN:
        return
    found = check.judgement.exposure
    if found.age is not None:
        yield f"age={found.age // SECOND}s;{check.warn // SECOND};{check.crit // SECOND};0"
    yield f"missed={len(check.judgement.cadence.missed)};;;0"
    yield f"usable={found.usable};;;0"
    yield f"total={found.total};;;0"
    if found.timeout is not None:
        yield f"timeout_share={found.timeout.share * 100:.0f}%;;;0"


def as_object(check: Check, view: View) -> str:
    """One JSON object."""
    found: dict[str, Any] = {
        "schema": SCHEMA,
        "state": check.grade.name,
        "exit_code": int(check.grade),
        "findings": [{"state": f.grade.name, "code": f.code, "text": f.text} for f in check.findings],
        "warn_ms": check.warn,
        "crit_ms": check.crit,
        "exposure": None,
    }
    if check.judgement is not None:
        judged = check.judgement
        found |= {"site": judged.reading.place, "read": moment(judged.reading.read, view.zone)}
        found |= {"judged_as_of": moment(judged.now, view.zone)}
        if check.grade is not Grade.UNKNOWN:
            found["exposure"] = exposure(judged.exposure, view)
    return msgspec.json.format(msgspec.json.encode(found), indent=2).decode() + "\n"


def as_prometheus(check: Check) -> str:
    """A text file for node_exporter's textfile collector; a metric that is not known is absent."""
    lines: list[str] = []
    for name, help_, samples in _metrics(check):
        if samples:
            lines += [f"# HELP {PREFIX}{name} {help_}", f"# TYPE {PREFIX}{name} gauge"]
            lines += [f"{PREFIX}{name}{labels} {value}" for labels, value in samples]
    return "".join(f"{line}\n" for line in lines)


def _metrics(check: Check) -> Iterator[tuple[str, str, list[tuple[str, str]]]]:
    """Name, help and samples of each metric."""
    yield "check_state", "0 ok, 1 warning, 2 critical, 3 unknown.", [("", str(int(check.grade)))]
    if check.judgement is None:
        return
    reading, found = check.judgement.reading, check.judgement.exposure
    yield "judged_timestamp_seconds", "When the site was judged.", _seconds(check.judgement.now)
    yield "read_timestamp_seconds", "When the oldest of the lists was read.", _seconds(reading.read)
    if check.grade is Grade.UNKNOWN:
        return
    yield "newest_usable_age_seconds", "Since the newest usable restore point started.", _seconds(found.age)
    yield "target_seconds", "The recovery point objective.", _seconds(found.target)
    yield "restore_points", "Restore points by verdict.", _by_verdict(check)
    yield "missed_runs", "Scheduled runs that left no backup.", [("", str(len(check.judgement.cadence.missed)))]
    last = found.expiry.last if found.expiry else None
    yield "last_usable_expiry_timestamp_seconds", "When the last usable one may be cleaned up.", _seconds(last)
    share = [("", f"{found.timeout.share:.4f}")] if found.timeout else []
    yield "timeout_share", "The longest recent duration as a share of the time limit.", share


def _seconds(milliseconds: int | None) -> list[tuple[str, str]]:
    return [] if milliseconds is None else [("", f"{milliseconds / SECOND:.3f}")]


def _by_verdict(check: Check) -> list[tuple[str, str]]:
    points = check.judgement.points if check.judgement else ()
    return [
        (f'{{verdict="{mark_of(level).word}"}}', str(sum(point.verdict.level is level for point in points)))
        for level in Level
    ]
