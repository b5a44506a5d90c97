"""A check in the forms that monitoring reads: a plugin's line, and JSON."""

from collections.abc import Iterator
from typing import Any

import msgspec

from drtui.model.check import Check, Grade
from drtui.model.moment import SECOND
from drtui.model.view import View
from drtui.report.formats import SCHEMA
from drtui.report.judged import exposure
from drtui.report.rows import moment


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
    if check.judgement.missed is not None:
        yield f"missed={check.judgement.missed};;;0"
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
