"""The restore runbook: preconditions, data loss and the request as text. drtui never sends the request."""

from collections.abc import Iterator
from typing import TypeGuard

from drtui.core.analysis.assessment import Assessment
from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.durations import FUTURE, age_at, format_age, format_duration
from drtui.core.formatting.text import unescape
from drtui.core.formatting.times import format_full
from drtui.core.model.address import path_segment
from drtui.core.model.note import note_text, notes_of
from drtui.core.model.site import DrStatus, Release, State, state_of
from drtui.core.model.site_state import Fetched, Source
from drtui.core.model.time_limit import time_limit
from drtui.core.summary.coverage_text import data_stores_as_of, outside_text, unread_reason
from drtui.core.summary.labels import expiry_text, level_label
from drtui.core.verdict.restore_points import RestorePoint
from drtui.output.markdown import code_span, escape_markdown, join_sections, section, stale_lines

BLANK = "______________________"
"""A line to fill in by hand: facts that are neither in the record nor in the address must not be assumed (rule R34)."""


def as_runbook(assessment: Assessment, point: RestorePoint, view: DisplayContext) -> str:
    """Return the runbook for restoring `point`, as Markdown."""
    return join_sections(
        _heading(assessment, point, view),
        section(f"Verdict: {level_label(point.verdict.level).text(plain=view.plain)}", _verdict(point)),
        _note_section(assessment, point, view),
        section("Data loss", _loss(assessment, point, view)),
        section("Ready to restore in place?", _in_place(assessment, point, view)),
        section("For a restore into a new site, all of these must be identical", _out_of_place(assessment, point)),
        section("The request", _request(assessment, point)),
        section("Afterwards", _after(assessment)),
    )


def _heading(assessment: Assessment, point: RestorePoint, view: DisplayContext) -> Iterator[str]:
    yield f"# Restore hand-over: {code_span(point.backup.name)}"
    yield ""
    site_state = assessment.site_state
    yield f"* Site: {code_span(site_state.location)}, read {format_full(site_state.listed_at, view.zone)}"
    yield from stale_lines(assessment, view)
    yield f"* Assessed at {format_full(assessment.now, view.zone)}"
    yield f"* Store: {code_span(point.backup.store)}"
    yield "* Restoring replaces everything; the site is unavailable until the restore ends."


def _verdict(point: RestorePoint) -> Iterator[str]:
    for reason in point.verdict.reasons:
        yield f"* {escape_markdown(reason.text)}"
    yield "* drtui tests no restores."


def _note_section(assessment: Assessment, point: RestorePoint, view: DisplayContext) -> list[str]:
    """Return the notes about a restore point, newest first; nothing if there are none."""
    notes = notes_of(point.backup, assessment.site_state.history.notes)
    lines = [f"* {escape_markdown(note_text(note, view.zone))}" for note in notes]
    return section("Notes of your own", lines) if lines else []


def _loss(assessment: Assessment, point: RestorePoint, view: DisplayContext) -> Iterator[str]:
    start = point.backup.start
    if start is None:
        yield "Data loss unknown: no start time in the record."
    else:
        old = age_at(start, assessment.now)
        gone = f"{format_age(old)} as of now" if old is not None else FUTURE
        yield f"Everything written after **{format_full(start, view.zone)}** may be missing: {gone}."
        yield f"It completed at {format_full(point.backup.end, view.zone)}."
    newest = assessment.rpo.newest_usable
    if newest is not None and newest.id != point.id and (newest.backup.start or 0) > (start or 0):
        started = format_full(newest.backup.start, view.zone)
        yield f"A newer usable restore point exists: {code_span(newest.backup.name)}, {started}."


def _in_place(assessment: Assessment, point: RestorePoint, view: DisplayContext) -> Iterator[str]:
    """Yield the checklist for a restore to the same site (rules R4, R20, R26, R35, R36)."""
    site_release = assessment.release
    release = Release.parse(point.backup.release)
    is_same = release is not None and site_release is not None and release.line == site_release.line
    yield _checkbox(
        "Same release", f"from {release or 'unknown'}, the site runs {site_release or 'unknown'}", is_done=is_same
    )
    recorded = " / ".join(filter(None, (point.backup.site_name, point.backup.namespace)))
    yield _checkbox("Same organisation", f"recorded as {escape_markdown(recorded) or 'nothing'}; this site: {BLANK}")
    yield _checkbox("Passcode available (do not write it here)", f"known by {BLANK}")
    yield _checkbox("No other operation is running", _status(assessment, view), is_done=_is_idle(assessment))
    yield _checkbox(
        "Retention", f"expires {expiry_text(point.backup, assessment.now)} (extend it first if less than a day)"
    )
    yield _checkbox("Persistent volumes in state Released made Available", BLANK)
    yield _checkbox("Staging volume, at least 16 GiB and enough for each store", _staging(assessment))
    yield _checkbox("Static staging volume made available again since the last operation", BLANK)
    yield _checkbox("Persistent volumes of a hosted backup store have the reclaim policy Retain", BLANK)
    yield _registered_data(assessment, view)
    yield _checkbox("Users informed about the downtime", f"by {BLANK} at {BLANK}")


def _registered_data(assessment: Assessment, view: DisplayContext) -> str:
    """Return the line about data stores that people registered: a restore does not bring their data back."""
    label = "Registered databases, folders and file shares: outside every backup"
    coverage = assessment.coverage
    if coverage is None:
        return _checkbox(label, f"unknown, {unread_reason(assessment.site_state.data)}: {BLANK}")
    outside, as_of = outside_text(coverage), data_stores_as_of(assessment, view.zone)
    as_of = f" ({as_of})" if as_of else ""
    if not outside:
        return _checkbox(label, f"none listed{as_of}", is_done=not as_of and coverage.is_known)
    return _checkbox(label, f"{escape_markdown(outside)}{as_of}; backed up separately at {BLANK}")


def _out_of_place(assessment: Assessment, point: RestorePoint) -> Iterator[str]:
    """Yield the checklist for a restore to a new site (rule R34); record and address know only some of the facts."""
    address = assessment.site_state.address
    yield _checkbox("Version, all numbers", f"{escape_markdown(point.backup.release) or BLANK}; new site: {BLANK}")
    yield _checkbox("Host name (FQDN)", f"{escape_markdown(address.host) if address else BLANK}; new site: {BLANK}")
    yield _checkbox("Context path", f"{escape_markdown(address.context) if address else BLANK}; new site: {BLANK}")
    yield _checkbox("Namespace", f"{escape_markdown(point.backup.namespace) or BLANK}; new site: {BLANK}")
    for name in ("Registry host", "Registry repository", "Cluster domain", "DNS suffix"):
        yield _checkbox(name, f"{BLANK}; new site: {BLANK}")
    yield _checkbox("FSGroup and supplemental group, if custom", f"{BLANK}; new site: {BLANK}")
    yield _checkbox("The backup store is registered in the new site", BLANK)


def _request(assessment: Assessment, point: RestorePoint) -> Iterator[str]:
    yield "This document sends nothing. `drtui restore` sends it, if changes are allowed."
    yield ""
    for line in restore_request(assessment, point):
        yield f"    {line}".rstrip()


def _after(assessment: Assessment) -> Iterator[str]:
    """Yield the steps after the request (docs/api.md#restoring, rules R25, R37)."""
    settings = assessment.site_state.settings.value if assessment.site_state.settings else None
    limit, is_default = time_limit(settings)
    limit_text = f"{format_duration(limit)} (default)" if is_default else format_duration(limit)
    yield _checkbox("Accepted is not finished", "watch `drtui status` until the restore has ended")
    yield _checkbox("Refused connections and errors are normal while it runs", f"time limit {limit_text}")
    yield _checkbox("It ended with `success`", "`completed_with_warnings` is not a success: read the message")
    yield _checkbox("Users and passwords are those of the backup", "sign in again")
    yield _checkbox("Decided by", f"{BLANK} at {BLANK}")
    yield _checkbox("Carried out by", f"{BLANK} at {BLANK}")


def _checkbox(label: str, detail: str, *, is_done: bool = False) -> str:
    return f"* [{'x' if is_done else ' '}] {label}: {detail}"


def _is_idle(assessment: Assessment) -> bool:
    """True if no operation is running; False if the status is saved or older than the last failure."""
    answer = assessment.site_state.status
    return _is_fresh(answer) and answer.value is not None and state_of(answer.value.state) is not State.IN_PROGRESS


def _is_fresh(answer: Fetched[DrStatus] | None) -> TypeGuard[Fetched[DrStatus]]:
    return answer is not None and answer.source is Source.LIVE and answer.failure is None


def _status(assessment: Assessment, view: DisplayContext) -> str:
    answer = assessment.site_state.status
    if answer is None or answer.value is None:
        return "the status could not be read"
    text = " ".join(filter(None, (answer.value.operation, answer.value.backup, answer.value.state)))
    as_of = "" if _is_fresh(answer) else f" as of {format_full(answer.at, view.zone)}"
    return f"last operation{as_of}: {escape_markdown(text) or 'none'}"


def _staging(assessment: Assessment) -> str:
    settings = assessment.site_state.settings.value if assessment.site_state.settings else None
    if settings is None:
        return f"the settings could not be read: {BLANK}"
    values = (settings.staging_provisioning, settings.staging_class, settings.staging_size)
    return escape_markdown(" ".join(filter(None, values))) or "the settings do not say"


FIRST_NESTED_RELEASE = Release.parse("10.9.1")
"""The first release with the path of a backup under its store (docs/api.md#restoring)."""


def record_url(assessment: Assessment, point: RestorePoint) -> str:
    """Return the URL of the record of a restore point."""
    address = assessment.site_state.address
    root = f"{address.url if address else 'https://HOST/CONTEXT'}/admin/system/disasterrecovery"
    name, store = (path_segment(unescape(text)) for text in (point.backup.name, point.backup.store))
    return f"{root}/stores/{store}/backups/{name}" if _is_nested(assessment) else f"{root}/backuprestore/backups/{name}"


def restore_request(assessment: Assessment, point: RestorePoint) -> tuple[str, ...]:
    """Return the lines of the restore request, with placeholders for passcode and token, which drtui does not have."""
    store = "" if _is_nested(assessment) else f"&storeName={path_segment(unescape(point.backup.store))}"
    return (
        f"POST {record_url(assessment, point)}/restore",
        "X-Esri-Authorization: Bearer TOKEN",
        "Content-Type: application/x-www-form-urlencoded",
        "",
        f"passcode=PASSCODE&f=json{store}",
    )


def _is_nested(assessment: Assessment) -> bool:
    release = assessment.release
    return release is None or FIRST_NESTED_RELEASE is None or release >= FIRST_NESTED_RELEASE
