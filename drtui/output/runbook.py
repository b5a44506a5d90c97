"""The restore hand-over: what has to be true before, what is lost, and the request as text. Never sent from here."""

from collections.abc import Iterator
from typing import TypeGuard

from drtui.core.analysis.assessment import Assessment
from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.durations import FUTURE
from drtui.core.formatting.text import unescape
from drtui.core.formatting.times import age_at, format_age, format_duration, format_full
from drtui.core.model.address import path_segment
from drtui.core.model.site import DrStatus, Release, State, state_of
from drtui.core.model.site_state import Fetched, Source
from drtui.core.model.time_limit import time_limit
from drtui.core.summary.freshness import stale_data_warning
from drtui.core.summary.labels import expiry_text, level_label
from drtui.core.verdict.restore_points import RestorePoint, verdict_context
from drtui.output.formats import code, plain

BLANK = "______________________"
"""A line to write on: what neither the record nor the address knows must be asked, not assumed (rule R34)."""


def as_runbook(judged: Assessment, point: RestorePoint, view: DisplayContext) -> str:
    """The hand-over for restoring `point`, as Markdown."""
    sections = (_heading, _verdict, _loss, _in_place, _out_of_place, _request, _after)
    return "".join(f"{line}\n" for section in sections for line in section(judged, point, view))


def _heading(judged: Assessment, point: RestorePoint, view: DisplayContext) -> Iterator[str]:
    yield f"# Restore hand-over: {code(point.backup.name)}"
    yield ""
    yield f"* Site: {code(judged.site_state.location)}, read {format_full(judged.site_state.listed_at, view.zone)}"
    mark = stale_data_warning(judged.site_state, judged.now, view.zone)
    if mark:
        yield f"* **{plain(mark[:1].upper() + mark[1:])}**"
    yield f"* Judged as of {format_full(judged.now, view.zone)}"
    yield f"* Store: {code(point.backup.store)}"
    yield "* Restoring replaces everything; the site is unavailable until it ends."
    yield ""


def _verdict(_: Assessment, point: RestorePoint, view: DisplayContext) -> Iterator[str]:
    yield f"## Verdict: {level_label(point.verdict.level).text(plain=view.plain)}"
    yield ""
    for reason in point.verdict.reasons:
        yield f"* {plain(reason.text)}"
    yield "* Nothing here has tested a restore."
    yield ""


def _loss(judged: Assessment, point: RestorePoint, view: DisplayContext) -> Iterator[str]:
    start = point.backup.start
    yield "## What is lost"
    yield ""
    if start is None:
        yield "The record has no start: what would be lost is not known."
    else:
        old = age_at(start, judged.now)
        gone = f"{format_age(old)} as of now" if old is not None else FUTURE
        yield f"Everything written after **{format_full(start, view.zone)}** may be missing: {gone}."
        yield f"It was complete at {format_full(point.backup.end, view.zone)}."
    newest = judged.rpo.newest_usable
    if newest is not None and newest.id != point.id and (newest.backup.start or 0) > (start or 0):
        started = format_full(newest.backup.start, view.zone)
        yield f"A newer usable restore point exists: {code(newest.backup.name)}, {started}."
    yield ""


def _in_place(judged: Assessment, point: RestorePoint, view: DisplayContext) -> Iterator[str]:
    """Rules R4, R20, R26, R35, R36."""
    here = verdict_context(judged.site_state, judged.now).release
    made = Release.parse(point.backup.release)
    same = made is not None and here is not None and made.line == here.line
    yield "## Ready to restore in place?"
    yield ""
    yield _line(same, "Same release", f"made by {made or 'unknown'}, the site runs {here or 'unknown'}")
    recorded = " / ".join(filter(None, (point.backup.site_name, point.backup.namespace)))
    yield _line(False, "Same organisation", f"recorded as {plain(recorded) or 'nothing'}; this one is {BLANK}")
    yield _line(False, "Passcode at hand (do not write it here)", f"held by {BLANK}")
    yield _line(_idle(judged), "No other operation is running", _status(judged, view))
    yield _line(False, "Retention", f"expires {expiry_text(point.backup, judged.now)}; the cleaner may not wait")
    yield _line(False, "Persistent volumes in Released made Available", BLANK)
    yield _line(False, "Staging volume, at least 16 GiB and enough for each store", _staging(judged))
    yield _line(False, "Static staging volume made available again since the last operation", BLANK)
    yield _line(False, "Persistent volumes of a hosted backup store have the reclaim policy Retain", BLANK)
    yield _line(False, "People told that the site goes down", f"by {BLANK} at {BLANK}")
    yield ""


def _out_of_place(judged: Assessment, point: RestorePoint, _: DisplayContext) -> Iterator[str]:
    """Rule R34: the record and the address know some of it, the rest must be asked."""
    address = judged.site_state.address
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


def _request(judged: Assessment, point: RestorePoint, _: DisplayContext) -> Iterator[str]:
    yield "## The request"
    yield ""
    yield "drtui does not send it."
    yield ""
    for line in restore_request(judged, point):
        yield f"    {line}".rstrip()
    yield ""


def _after(judged: Assessment, _: RestorePoint, __: DisplayContext) -> Iterator[str]:
    """docs/api.md#restoring, rules R25, R37."""
    settings = judged.site_state.settings.value if judged.site_state.settings else None
    limit, is_default = time_limit(settings)
    limit_text = f"{format_duration(limit)} (default)" if is_default else format_duration(limit)
    yield "## Afterwards"
    yield ""
    yield _line(False, "Accepted is not finished", "`drtui status` until the operation is Restore and at an end")
    yield _line(False, "Refused connections and errors are expected while it runs", f"time limit {limit_text}")
    yield _line(False, "It ended with `success`", "`completed_with_warnings` is not success: read the message")
    yield _line(False, "Users and passwords are those of the backup", "sign in anew")
    yield _line(False, "Decided by", f"{BLANK} at {BLANK}")
    yield _line(False, "Carried out by", f"{BLANK} at {BLANK}")


def _line(done: bool, what: str, detail: str) -> str:
    return f"* [{'x' if done else ' '}] {what}: {detail}"


def _idle(judged: Assessment) -> bool:
    """Whether nothing goes on: what was saved, or kept because the site did not answer, does not tell."""
    answer = judged.site_state.status
    return _is_fresh(answer) and answer.value is not None and state_of(answer.value.state) is not State.IN_PROGRESS


def _is_fresh(answer: Fetched[DrStatus] | None) -> TypeGuard[Fetched[DrStatus]]:
    return answer is not None and answer.source is Source.LIVE and answer.failure is None


def _status(judged: Assessment, view: DisplayContext) -> str:
    answer = judged.site_state.status
    if answer is None or answer.value is None:
        return "the status could not be read"
    said = " ".join(filter(None, (answer.value.operation, answer.value.backup, answer.value.state)))
    as_of = "" if _is_fresh(answer) else f" as of {format_full(answer.at, view.zone)}"
    return f"the last one{as_of}: {plain(said) or 'none'}"


def _staging(judged: Assessment) -> str:
    settings = judged.site_state.settings.value if judged.site_state.settings else None
    if settings is None:
        return f"the settings could not be read: {BLANK}"
    found = (settings.staging_provisioning, settings.staging_class, settings.staging_size)
    return plain(" ".join(filter(None, found))) or "the settings do not say"


NESTED = Release.parse("10.9.1")
"""From this release on a backup is found under its store (docs/api.md#restoring)."""


def record_url(judged: Assessment, point: RestorePoint) -> str:
    """The address of its record."""
    address = judged.site_state.address
    root = f"{address.url if address else 'https://HOST/CONTEXT'}/admin/system/disasterrecovery"
    name, store = (path_segment(unescape(each)) for each in (point.backup.name, point.backup.store))
    return f"{root}/stores/{store}/backups/{name}" if _nested(judged) else f"{root}/backuprestore/backups/{name}"


def restore_request(judged: Assessment, point: RestorePoint) -> tuple[str, ...]:
    """The lines of the request that restores it; passcode and token are placeholders: neither is ever held here."""
    store = "" if _nested(judged) else f"&storeName={path_segment(unescape(point.backup.store))}"
    return (
        f"POST {record_url(judged, point)}/restore",
        "X-Esri-Authorization: Bearer TOKEN",
        "Content-Type: application/x-www-form-urlencoded",
        "",
        f"passcode=PASSCODE&f=json{store}",
    )


def _nested(judged: Assessment) -> bool:
    here = verdict_context(judged.site_state, judged.now).release
    return here is None or NESTED is None or here >= NESTED
