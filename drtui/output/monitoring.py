"""A health check for monitoring systems: plugin output and JSON."""

from collections.abc import Iterator, Sequence
from typing import Any

from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.durations import SECOND
from drtui.core.formatting.times import UTC, format_full
from drtui.core.model.site_clock import skew_seconds
from drtui.core.summary.health_check import Check
from drtui.output.assessment import failures_rows, findings_rows, rpo_object, runs_object
from drtui.output.failures import error_object
from drtui.output.formats import SCHEMA, json_text, moment_object

MAX_LINE_BYTES = 1_000
"""The largest size of the first line, bytes: monitoring systems cut at one to eight kilobytes."""

MAX_FINDING_BYTES = 200
"""The largest size of one finding in a first line that is too long, bytes."""


def as_plugin(check: Check) -> str:
    """Return the output of a monitoring plugin: state, text, `|`, performance data in seconds and counts.

    Findings that do not fit into the first line are counted there; all follow in full, one per line (long output).
    """
    data = " ".join(_performance(check))
    data = f" | {data}" if data else ""
    as_of = "" if check.as_of is None else f"as of {format_full(check.as_of, UTC)}, by a file: "
    head = f"{check.grade.name}: {as_of}"
    texts = [finding.text.replace("|", "/").replace("\n", " ") for finding in check.findings]
    room = MAX_LINE_BYTES - _byte_count(head) - _byte_count(data) - 1
    whole = "; ".join(texts)
    if _byte_count(whole) <= room:
        return f"{head}{whole}{data}\n"
    details = "".join(f"{finding.grade.name}: {text}\n" for finding, text in zip(check.findings, texts, strict=True))
    return f"{head}{_texts_that_fit(texts, room)}{data}\n{details}"


def _texts_that_fit(texts: Sequence[str], room: int) -> str:
    """Return as many texts as fit into `room` bytes, and the number of the others."""
    parts: list[str] = []
    for number, text in enumerate(texts):
        rest = len(texts) - number - 1
        more = f"; and {rest:,} more" if rest else ""
        cut = _cut(text, MAX_FINDING_BYTES)
        if parts and _byte_count("; ".join([*parts, cut])) + _byte_count(more) > room:
            return "; ".join(parts) + f"; and {rest + 1:,} more"
        parts.append(cut)
    return "; ".join(parts)


def _cut(text: str, room: int) -> str:
    """Return the text, cut to at most `room` bytes."""
    if _byte_count(text) <= room:
        return text
    while text and _byte_count(text) > room - len("..."):
        text = text[: -max(1, (_byte_count(text) - room) // 10)]
    return f"{text}..."


def _byte_count(text: str) -> int:
    """Return the largest size of a text, bytes: in UTF-8, or escaped for an encoding without its characters."""
    return len(text.encode("ascii", "backslashreplace"))


def _performance(check: Check) -> Iterator[str]:
    """Yield `label=value;warn;crit;min`; unknown values are left out, because 0 would be false."""
    if check.assessment is None or not check.is_known:
        return
    assessment, rpo = check.assessment, check.assessment.rpo
    if rpo.age is not None:
        yield f"age={rpo.age // SECOND}s;{check.warn // SECOND};{check.crit // SECOND};0"
    counts = {"missed": assessment.missed_count, "failed": assessment.failed_count}
    counts |= {"usable": rpo.usable_count, "total": rpo.total_count}
    yield from (f"{label}={count};;;0" for label, count in counts.items() if count is not None)
    if rpo.timeout is not None:
        yield f"timeout_share={rpo.timeout.share * 100:.0f}%;;;0"


def as_check_json(check: Check, view: DisplayContext) -> str:
    """Return the check as JSON."""
    document: dict[str, Any] = {
        "schema": SCHEMA,
        "state": check.grade.name.lower(),
        "exit_code": int(check.grade),
        "findings": findings_rows(check.findings),
        "warn_ms": check.warn,
        "crit_ms": check.crit,
        "as_of": moment_object(check.as_of, view.zone),
        "rpo": None,
        "failures": [error_object(finding.code, finding.text) for finding in check.findings if finding.is_unknown],
    }
    if check.assessment is not None:
        assessment = check.assessment
        document |= {
            "site": assessment.site_state.location,
            "read_at": moment_object(assessment.site_state.listed_at, view.zone),
            "assessed_at": moment_object(assessment.now, view.zone),
            "clock_offset_seconds": skew_seconds(assessment.site_state.clock_offset),
            "failures": failures_rows(assessment.site_state),
            "unread_resources": [name for finding in check.findings for name in finding.resources],
            **runs_object(assessment),
        }
        if check.is_known:
            document["rpo"] = rpo_object(assessment.rpo, view)
    return json_text(document)
