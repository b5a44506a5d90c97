"""The restore hand-over: what has to be true before, what is lost, and the request as text. Never sent from here."""

from collections.abc import Iterator
from typing import TypeGuard

from drtui.core.analysis.assessment import Judgement
from drtui.core.formatting.display import View
from drtui.core.formatting.durations import FUTURE
from drtui.core.formatting.text import original
from drtui.core.formatting.times import age, age_at, remaining, stamp
from drtui.core.model.address import segment
from drtui.core.model.site import DrStatus, Release, State, state_of
from drtui.core.model.site_state import Answer, Source
from drtui.core.model.time_limit import limit_of
from drtui.core.summary.freshness import warning
from drtui.core.summary.labels import expiry_of, mark_of
from drtui.core.verdict.restore_points import RestorePoint, facts_of
from drtui.output.formats import code, plain

BLANK = "______________________"
"""A line to write on: what neither the record nor the address knows must be asked, not assumed (RULES R34)."""


def as_runbook(judged: Judgement, point: RestorePoint, view: View) -> str:
    """The hand-over for restoring `point`, as Markdown."""
    sections = (_heading, _verdict, _loss, _in_place, _out_of_place, _request, _after)
    return "".join(f"{line}\n" for section in sections for line in section(judged, point, view))


def _heading(judged: Judgement, point: RestorePoint, view: View) -> Iterator[str]:
    yield f"# Restore hand-over: {code(point.backup.name)}"
    yield ""
    yield f"* Site: {code(judged.reading.place)}, read {stamp(judged.reading.read, view.zone)}"
    mark = warning(judged.reading, judged.now, view.zone)
    if mark:
        yield f"* **{plain(mark[:1].upper() + mark[1:])}**"
    yield f"* Judged as of {stamp(judged.now, view.zone)}"
    yield f"* Store: {code(point.backup.store)}"
    yield "* Restoring replaces everything; the site is unavailable until it ends."
    yield ""


def _verdict(_: Judgement, point: RestorePoint, view: View) -> Iterator[str]:
    yield f"## Verdict: {mark_of(point.verdict.level).text(plain=view.plain)}"
    yield ""
    for reason in point.verdict.reasons:
        yield f"* {plain(reason.text)}"
    yield "* Nothing here has tested a restore."
    yield ""


def _loss(judged: Judgement, point: RestorePoint, view: View) -> Iterator[str]:
    start = point.backup.start
    yield "## What is lost"
    yield ""
    if start is None:
        yield "The record has no start: what would be lost is not known."
    else:
        old = age_at(start, judged.now)
        gone = f"{age(old)} as of now" if old is not None else FUTURE
        yield f"Everything written after **{stamp(start, view.zone)}** may be missing: {gone}."
        yield f"It was complete at {stamp(point.backup.complete, view.zone)}."
    newest = judged.exposure.newest
    if newest is not None and newest.id != point.id and (newest.backup.start or 0) > (start or 0):
        started = stamp(newest.backup.start, view.zone)
        yield f"A newer usable restore point exists: {code(newest.backup.name)}, {started}."
    yield ""


def _in_place(judged: Judgement, point: RestorePoint, view: View) -> Iterator[str]:
    """RULES R4, R20, R26, R35, R36."""
    here = facts_of(judged.reading, judged.now).release
    made = Release.parse(point.backup.release)
    same = made is not None and here is not None and made.line == here.line
    yield "## Ready to restore in place?"
    yield ""
    yield _line(same, "Same release", f"made by {made or 'unknown'}, the site runs {here or 'unknown'}")
    recorded = " / ".join(filter(None, (point.backup.site_name, point.backup.namespace)))
    yield _line(False, "Same organisation", f"recorded as {plain(recorded) or 'nothing'}; this one is {BLANK}")
    yield _line(False, "Passcode at hand (do not write it here)", f"held by {BLANK}")
    yield _line(_idle(judged), "No other operation is running", _status(judged, view))
    yield _line(False, "Retention", f"expires {expiry_of(point.backup, judged.now)}; the cleaner may not wait")
    yield _line(False, "Persistent volumes in Released made Available", BLANK)
    yield _line(False, "Staging volume, at least 16 GiB and enough for each store", _staging(judged))
    yield _line(False, "Static staging volume made available again since the last operation", BLANK)
    yield _line(False, "Persistent volumes of a hosted backup store have the reclaim policy Retain", BLANK)
    yield _line(False, "People told that the site goes down", f"by {BLANK} at {BLANK}")
    yield ""


def _out_of_place(judged: Judgement, point: RestorePoint, _: View) -> Iterator[str]:
    """RULES R34: the record and the address know some of it, the rest must be asked."""
    address = judged.reading.address
    yield "## In a new site all of these have to be identical"
    yield ""
    yield _line(False, "Version, all numbers", f"{plain(point.backup.release) or BLANK}; there {BLANK}")
    yield _line(False, "Host name (FQDN)", f"{plain(address.host) if address else BLANK}; there {BLANK}")
    yield _line(False, "Context path", f"{plain(address.context) if address else BLANK}; there {BLANK}")
    yield _line(False, "Namespace", f"{plain(point.backup.namespace) or BLANK}; there {BLANK}")
    for what in ("Registry host", "Registry repository", "Cluster domain", "DNS suffix"):
        yield _line(False, what, f"{BLANK}; there {BLANK}")
    yield _line(False, "FSGroup and supplemental group, if custom", f"{BLANK}; there {BLANK}")
    yield _line(False, "The backup store is registered there", BLANK)
    yield ""


def _request(judged: Judgement, point: RestorePoint, _: View) -> Iterator[str]:
    yield "## The request"
    yield ""
    yield "drtui does not send it."
    yield ""
    for line in restore_request(judged, point):
        yield f"    {line}".rstrip()
    yield ""


def _after(judged: Judgement, _: RestorePoint, __: View) -> Iterator[str]:
    """SPEC 1.13, RULES R25, R37."""
    settings = judged.reading.settings.value if judged.reading.settings else None
    limit, is_default = limit_of(settings)
    time_limit = f"{remaining(limit)} (default)" if is_default else remaining(limit)
    yield "## Afterwards"
    yield ""
    yield _line(False, "Accepted is not finished", "`drtui status` until the operation is Restore and at an end")
    yield _line(False, "Refused connections and errors are expected while it runs", f"time limit {time_limit}")
    yield _line(False, "It ended with `success`", "`completed_with_warnings` is not success: read the message")
    yield _line(False, "Users and passwords are those of the backup", "sign in anew")
    yield _line(False, "Decided by", f"{BLANK} at {BLANK}")
    yield _line(False, "Carried out by", f"{BLANK} at {BLANK}")


def _line(done: bool, what: str, detail: str) -> str:
    return f"* [{'x' if done else ' '}] {what}: {detail}"


def _idle(judged: Judgement) -> bool:
    """Whether nothing goes on: what was saved, or kept because the site did not answer, does not tell."""
    answer = judged.reading.status
    return _is_fresh(answer) and answer.value is not None and state_of(answer.value.state) is not State.GOING


def _is_fresh(answer: Answer[DrStatus] | None) -> TypeGuard[Answer[DrStatus]]:
    return answer is not None and answer.source is Source.LIVE and answer.trouble is None


def _status(judged: Judgement, view: View) -> str:
    answer = judged.reading.status
    if answer is None or answer.value is None:
        return "the status could not be read"
    said = " ".join(filter(None, (answer.value.operation, answer.value.backup, answer.value.state)))
    as_of = "" if _is_fresh(answer) else f" as of {stamp(answer.at, view.zone)}"
    return f"the last one{as_of}: {plain(said) or 'none'}"


def _staging(judged: Judgement) -> str:
    settings = judged.reading.settings.value if judged.reading.settings else None
    if settings is None:
        return f"the settings could not be read: {BLANK}"
    found = (settings.staging_provisioning, settings.staging_class, settings.staging_size)
    return plain(" ".join(filter(None, found))) or "the settings do not say"


NESTED = Release.parse("10.9.1")
"""From this release on a backup is found under its store (SPEC 1.11, 1.13)."""


def record_url(judged: Judgement, point: RestorePoint) -> str:
    """The address of its record."""
    address = judged.reading.address
    root = f"{address.url if address else 'https://HOST/CONTEXT'}/admin/system/disasterrecovery"
    name, store = (segment(original(each)) for each in (point.backup.name, point.backup.store))
    return f"{root}/stores/{store}/backups/{name}" if _nested(judged) else f"{root}/backuprestore/backups/{name}"


def restore_request(judged: Judgement, point: RestorePoint) -> tuple[str, ...]:
    """The lines of the request that restores it; passcode and token are placeholders: neither is ever held here."""
    store = "" if _nested(judged) else f"&storeName={segment(original(point.backup.store))}"
    return (
        f"POST {record_url(judged, point)}/restore",
        "X-Esri-Authorization: Bearer TOKEN",
        "Content-Type: application/x-www-form-urlencoded",
        "",
        f"passcode=PASSCODE&f=json{store}",
    )


def _nested(judged: Judgement) -> bool:
    here = facts_of(judged.reading, judged.now).release
    return here is None or NESTED is None or here >= NESTED
