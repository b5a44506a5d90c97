"""Tables of stores, of the last operation and of all sites."""

from collections.abc import Sequence

from drtui.core.analysis.operation import OperationStatus
from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.durations import format_duration
from drtui.core.listing.csv_values import csv_seconds, csv_time, csv_word
from drtui.core.model.site import DrStatus, Store
from drtui.core.model.site_clock import skew_seconds
from drtui.core.model.site_state import all_lists_known
from drtui.core.summary.activity_text import stage_texts
from drtui.core.summary.freshness import freshness_text, read_time_text
from drtui.core.summary.labels import age_text
from drtui.core.summary.site_summary import SiteSummary, grade_label
from drtui.core.verdict.restore_points import RestorePoint
from drtui.output.assessment import failures_rows, findings_rows, rpo_object, runs_object
from drtui.output.formats import Field, Row, Table, moment_object


def stores_table(
    stores: Sequence[Store], points: Sequence[RestorePoint], failures: dict[str, str], view: DisplayContext
) -> Table:
    """Return backup stores, one row each; `failures` has the failure of each store whose list could not be fetched."""
    columns = ("STORE", "DEFAULT", "TYPE", "CREATED BY", "RESTORE POINTS", "NEWEST USABLE", "LOCATION")
    rows, objects = list[tuple[Field, ...]](), list[Row]()
    for store in stores:
        mine = [p for p in points if p.backup.store == store.name]
        newest = max((p.backup.start or 0 for p in mine if p.verdict.is_usable), default=None)
        failed = failures.get(store.name)
        made_by = str(store.created_by) if store.created_by else None
        age = "none" if newest is None else age_text(newest, view.now)
        rows.append(
            (
                Field(store.name, store.name),
                Field("yes" if store.default else "-", store.default),
                Field.from_text(store.type),
                Field.from_text(made_by),
                Field.from_word(failed) if failed else Field.from_count(len(mine)),
                Field("unknown", None) if failed else Field(age, csv_time(newest, view.zone)),
                Field.from_text(store.location),
            )
        )
        objects.append(
            {
                "name": store.name,
                "default": store.default,
                "type": store.type,
                "created_by": made_by,
                "restore_points": None if failed else len(mine),
                "newest_usable": moment_object(newest, view.zone),
                "location": store.location,
                "failure": failed,
            }
        )
    return Table.from_fields("stores", columns, rows, objects)


def status_table(status: DrStatus, operation: OperationStatus | None, view: DisplayContext) -> Table:
    """Return the last operation, one row for each property."""
    messages = filter(None, (status.message, *status.messages))
    facts = {
        "operation": Field.from_text(status.operation),
        "state": Field.from_text(status.state),
        "backup": Field.from_text(status.backup),
        "store": Field.from_text(status.store),
        "started": Field.from_time(status.start, view.zone),
        "completed": Field.from_time(status.end, view.zone),
        "message": Field.from_text("; ".join(messages)),
    }
    rows = [(Field(name, name), field) for name, field in facts.items()]
    for stage, text in zip(status.stages, stage_texts(status.stages), strict=True):
        outcome = " ".join(filter(None, (stage.state, stage.duration)))
        rows.append((Field(stage.name, stage.name), Field(text, outcome or None)))
    if operation is not None:
        for source in operation.sources:
            name = Field(f"{source.name} says", f"{csv_word(source.name)}_says")
            rows.append((name, Field(source.text, csv_word(source.state.value))))
        is_consistent = operation.is_consistent
        label, word = ("sources agree", "yes") if is_consistent else ("sources disagree", "trust the record")
        rows.append((Field(label, "sources_agree"), Field(word, is_consistent)))
    row: Row = {
        "operation": status.operation,
        "state": status.state,
        "code": status.code,
        "backup": status.backup,
        "store": status.store,
        "started": moment_object(status.start, view.zone),
        "completed": moment_object(status.end, view.zone),
        "message": status.message,
        "messages": list(status.messages),
        "stages": [{"name": s.name, "state": s.state, "duration": s.duration} for s in status.stages],
    }
    row["progress"] = (
        None
        if operation is None
        else {
            "finished": operation.is_finished,
            "outcome": operation.outcome.value,
            "sources_agree": operation.is_consistent,
            "stage": operation.stage,
            "elapsed_ms": operation.elapsed,
            "reported_at": moment_object(operation.reported_at, view.zone),
            "text": operation.text,
            "sources": [{"source": w.name, "state": w.state.value, "text": w.text} for w in operation.sources],
        }
    )
    table = Table.from_fields("status", ("PROPERTY", "VALUE"), rows, [row])
    if operation is None:
        return table
    outcome_cells = (
        ("finished", operation.is_finished),
        ("outcome", csv_word(operation.outcome.value)),
        ("elapsed", csv_seconds(operation.elapsed)),
    )
    summary = ("summary", operation.text)
    return table._replace(texts=[summary, *table.texts], cells=[*outcome_cells, *(table.cells or ())])


COLUMNS = (
    "SITE", "STATE", "NEWEST USABLE", "TARGET", "MISSED RUNS", "FAILED RUNS", "LAST USABLE EXPIRES", "OPERATION",
    "RELEASE", "READ AT", "FINDINGS",
)  # fmt: skip


def sites_table(sites: Sequence[SiteSummary], view: DisplayContext) -> Table:
    """Return the sites, one row each, in the given order."""
    rows = (_fields(site, view) for site in sites)
    return Table.from_fields("sites", COLUMNS, rows, [_object(site, view) for site in sites])


def _fields(site: SiteSummary, view: DisplayContext) -> tuple[Field, ...]:
    rpo, site_state, operation = site.assessment.rpo, site.site_state, site.operation
    newest = rpo.newest_usable.backup.start if rpo.newest_usable else None
    last_expiry = csv_time(rpo.retention.last_expiry if rpo.retention else None, view.zone)
    read_at = csv_time(None if site_state.stores is None else site_state.listed_at, view.zone)
    codes = dict.fromkeys(finding.code for finding in site.check.findings)
    return (
        Field.from_text(site.name),
        Field(grade_label(site.grade).text(plain=view.plain), site.grade.name.lower()),
        Field(site.newest_text, csv_time(newest, view.zone)),
        Field(format_duration(site.assessment.target), csv_seconds(site.assessment.target)),
        Field.from_count(site.assessment.missed_count),
        Field.from_count(site.assessment.failed_count),
        Field(site.expiry_text, "never" if site.expiry_text == "never" else last_expiry),
        Field(site.operation_text, None if operation is None else operation.status.operation.lower() or "operation"),
        Field(site.release or "unknown", site.release),
        Field(read_time_text(site_state, site.assessment.now, view.zone), read_at),
        Field(site.explanation, " ".join(codes) or None),
    )


def _object(site: SiteSummary, view: DisplayContext) -> Row:
    """Return one site as a JSON object; if its state is unknown, the RPO is the last known one, if any."""
    site_state = site.site_state
    stores = site_state.stores.value if site_state.stores is not None else None
    return {
        "name": site.name,
        "site": site_state.location,
        "state": site.grade.name.lower(),
        "findings": findings_rows(site.check.findings),
        "last_known_state": site.last_known_findings[0].grade.name.lower() if site.last_known_findings else None,
        "rpo": None if stores is None else rpo_object(site.assessment.rpo, view),
        "rpo_is_complete": all_lists_known(site_state),
        **runs_object(site.assessment),
        "operation": site.operation.text if site.operation is not None else None,
        "release": site.release,
        "read_at": moment_object(None if stores is None else site_state.listed_at, view.zone),
        "freshness": freshness_text(site_state, site.assessment.now, view.zone),
        "saved": site_state.is_saved,
        "clock_offset_seconds": skew_seconds(site_state.clock_offset),
        "failures": failures_rows(site_state),
    }
