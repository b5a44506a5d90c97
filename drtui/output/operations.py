"""Plans, outcomes and the journal of changes, as text and as JSON. Nothing in them is secret."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from drtui.core.model.failure import Failure
from drtui.core.model.reply import Reply
from drtui.core.operations.findings import Finding
from drtui.core.operations.journal import JournalEntry
from drtui.core.operations.outcome import Outcome
from drtui.core.operations.plan import Plan
from drtui.core.operations.progress import Progress
from drtui.core.operations.request import Operation, PostRequest
from drtui.output.failures import error_object, failure_object
from drtui.output.formats import SCHEMA, Field, Row, Table, moment_object


def result_object(plan: Plan, progress: Progress | None, zone: dt.tzinfo) -> Row:
    """Return a plan and what became of it for JSON; without progress the plan alone, as for `--dry-run`."""
    address = plan.destination.address
    outcome = progress.outcome if progress is not None else None
    return {
        "schema": SCHEMA,
        "id": plan.id,
        "operation": plan.change.operation.value,
        "site": address.url,
        "profile": plan.destination.profile,
        "release": plan.release,
        "namespace": plan.namespace,
        "store": plan.change.store,
        "name": plan.change.name,
        "outcome": outcome.value if outcome is not None else None,
        "statement": progress.statement if progress is not None else "",
        "submitted": moment_object(progress.submitted if progress is not None else None, zone),
        "ended": moment_object(progress.at if progress is not None and _has_ended(progress) else None, zone),
        "preflight": [_finding_object(finding) for finding in plan.findings],
        "request": request_object(plan.request, address.admin_url),
        "costs": list(plan.costs),
        "irreversible": list(plan.irreversible),
        "usual_ms": plan.usual,
        "confirmation": list(plan.confirmation.answers),
    }


def _has_ended(progress: Progress) -> bool:
    """True if the site has ended a change that was sent."""
    return progress.submitted is not None and progress.outcome not in {None, Outcome.ACCEPTED, Outcome.UNKNOWN}


def _finding_object(finding: Finding) -> Row:
    return {"code": finding.code, "level": finding.severity.value, "text": finding.text}


UNSENT = "Nothing was sent. "
"""The beginning of a statement about a change that was not sent."""


def unsent_object(
    operation: Operation,
    site: str,
    store: str,
    name: str,
    outcome: Outcome,
    statement: str,
    failure: Failure | None = None,
) -> Row:
    """Return the outcome of a change for JSON that ended before there was a plan; the names are as typed."""
    code = outcome.value.replace(" ", "-")
    return {
        "schema": SCHEMA,
        "id": "",
        "operation": operation.value,
        "site": site,
        "store": store,
        "name": name,
        "outcome": outcome.value,
        "statement": statement,
        "submitted": None,
        "ended": None,
        "preflight": [],
        "request": None,
        "failures": [
            error_object(code, statement.removeprefix(UNSENT)) if failure is None else failure_object(None, failure)
        ],
    }


def request_object(request: PostRequest, root: str) -> Row:
    """Return a request for JSON, with `***` for secrets; `root` is the URL of the root of the API."""
    return {"method": "POST", "url": root + request.path, "fields": dict(request.shown_fields)}


def journal_object(entry: JournalEntry, zone: dt.tzinfo) -> Row:
    """Return a change of the journal for JSON."""
    intent = entry.intent
    return {
        "id": entry.id,
        "time": moment_object(intent.at, zone),
        "site": intent.site,
        "user": intent.user,
        "operation": intent.change.operation.value,
        "store": intent.change.store,
        "name": intent.change.name,
        "request": request_object(intent.request, f"{intent.site}/admin"),
        "reply": _reply_object(entry.reply),
        "outcome": entry.outcome.value if entry.outcome is not None else None,
        "statement": entry.statement,
        "ended": moment_object(entry.ended, zone),
    }


def _reply_object(reply: Reply | None) -> dict[str, Any] | None:
    """Return a reply for JSON; None if drtui ended before it was known."""
    if reply is None:
        return None
    return {"kind": reply.kind.value, "text": reply.text, "job": reply.job}


JOURNAL_HEADINGS = ("TIME", "SITE", "USER", "OPERATION", "STORE", "NAME", "OUTCOME", "ID", "STATEMENT")


def journal_table(entries: Sequence[JournalEntry], zone: dt.tzinfo) -> Table:
    """Return the changes of the journal, oldest first."""
    rows = [
        (
            Field.from_time(entry.intent.at, zone),
            Field.from_text(entry.intent.site),
            Field.from_text(entry.intent.user),
            Field.from_word(entry.intent.change.operation.value),
            Field.from_text(entry.intent.change.store),
            Field.from_text(entry.intent.change.name),
            Field.from_word(entry.outcome.value if entry.outcome is not None else "open"),
            Field.from_text(entry.id),
            Field.from_text(entry.statement),
        )
        for entry in entries
    ]
    objects = [journal_object(entry, zone) for entry in entries]
    return Table.from_fields("changes", JOURNAL_HEADINGS, rows, objects)


def plan_text(plan: Plan, zone: dt.tzinfo) -> str:
    """Return a plan as text for people."""
    return "".join(f"{line}\n" for line in _plan_lines(plan, zone))


def _plan_lines(plan: Plan, zone: dt.tzinfo) -> Iterator[str]:
    change, destination = plan.change, plan.destination
    yield f"{change.operation.value} {change.name}"
    yield f"  site       {destination.site_name}"
    yield f"  address    {destination.address}"
    yield f"  release    {plan.release_text}"
    if change.store:
        yield f"  store      {change.store}"
    if end := plan.end_text(zone):
        yield f"  ends       {end}"
    for label, lines in (("costs", plan.costs), ("forever", plan.irreversible)):
        for number, line in enumerate(lines):
            yield f"  {label if not number else '':<10} {line}"
    for finding in plan.findings:
        yield f"  {finding.severity.value:<10} {finding.text}"
    for number, line in enumerate(plan.request_lines):
        yield f"  {'request' if not number else '':<10} {line}"
