"""Tables of stores, of the last operation and of all sites."""

from collections.abc import Iterator, Sequence

from drtui.core.analysis.operation import OperationStatus
from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.durations import format_duration
from drtui.core.formatting.times import format_full
from drtui.core.listing.csv_values import Cell, csv_seconds, csv_time, csv_word
from drtui.core.model.site import DrStatus, Store
from drtui.core.model.site_clock import skew_seconds
from drtui.core.model.site_state import all_lists_known
from drtui.core.summary.freshness import freshness_text
from drtui.core.summary.labels import age_text
from drtui.core.summary.site_summary import SiteSummary, grade_label
from drtui.core.verdict.restore_points import RestorePoint
from drtui.output.assessment import findings_rows, runs_object
from drtui.output.assessment import rpo_object as exposure_of
from drtui.output.formats import Row, Table, moment_object


def stores_table(
    stores: Sequence[Store], points: Sequence[RestorePoint], failures: dict[str, str], view: DisplayContext
) -> Table:
    """Return backup stores, one row each; `failures` has the failure of each store whose list could not be fetched."""
    columns = ("STORE", "DEFAULT", "TYPE", "CREATED BY", "RESTORE POINTS", "NEWEST USABLE", "LOCATION")
    texts, objects, cells = [], [], list[tuple[Cell, ...]]()
    for store in stores:
        mine = [p for p in points if p.backup.store == store.name]
        newest = max((p.backup.start or 0 for p in mine if p.verdict.is_usable), default=None)
        failed = failures.get(store.name)
        flag = "yes" if store.default else "-"
        texts.append(
            (
                store.name,
                flag,
                store.type or "-",
                str(store.created_by or "-"),
                failed or str(len(mine)),
                "unknown" if failed else "none" if newest is None else age_text(newest, view.now),
                store.location or "-",
            )
        )
        made_by = str(store.created_by) if store.created_by else None
        number = csv_word(failed) if failed else len(mine)
        started = None if failed else csv_time(newest, view.zone)
        cells.append((store.name, store.default, store.type or None, made_by, number, started, store.location or None))
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
    return Table("stores", columns, texts, objects, cells=cells)


def status_table(status: DrStatus, operation: OperationStatus | None, view: DisplayContext) -> Table:
    """Return the last operation, one row for each property."""
    facts: list[tuple[str, ...]] = [
        ("operation", status.operation or "-"),
        ("state", status.state or "-"),
        ("backup", status.backup or "-"),
        ("store", status.store or "-"),
        ("started", format_full(status.start, view.zone)),
        ("completed", format_full(status.end, view.zone)),
        ("message", "; ".join(filter(None, (status.message, *status.messages))) or "-"),
    ]
    facts += [(stage.name, " ".join(filter(None, (stage.state, stage.duration)))) for stage in status.stages]
    if operation is not None:
        facts.insert(0, ("summary", operation.text))
        facts += [(f"{source.name} says", source.text) for source in operation.sources]
        facts.append(("sources agree", "yes" if operation.is_consistent else "no"))
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
    return Table("status", ("PROPERTY", "VALUE"), facts, [row], cells=_status_values(status, operation, view))


def _status_values(
    status: DrStatus, operation: OperationStatus | None, view: DisplayContext
) -> Iterator[tuple[Cell, Cell]]:
    """Yield the last operation for CSV, one row for each property, with the stages of the server."""
    if operation is not None:
        yield "finished", operation.is_finished
        yield "outcome", csv_word(operation.outcome.value)
        yield "elapsed", csv_seconds(operation.elapsed)
    yield "operation", status.operation or None
    yield "state", status.state or None
    yield "backup", status.backup or None
    yield "store", status.store or None
    yield "started", csv_time(status.start, view.zone)
    yield "completed", csv_time(status.end, view.zone)
    yield "message", "; ".join(filter(None, (status.message, *status.messages))) or None
    for stage in status.stages:
        yield stage.name, " ".join(filter(None, (stage.state, stage.duration))) or None
    if operation is not None:
        for source in operation.sources:
            yield f"{csv_word(source.name)}_says", csv_word(source.state.value)
        yield "sources_agree", operation.is_consistent


COLUMNS = (
    "SITE", "STATE", "NEWEST USABLE", "TARGET", "MISSED RUNS", "FAILED RUNS", "LAST USABLE EXPIRES", "OPERATION",
    "RELEASE", "READ AT", "FINDINGS",
)  # fmt: skip


def sites_table(sites: Sequence[SiteSummary], view: DisplayContext) -> Table:
    """Return the sites, one row each, in the given order."""
    texts = [
        (
            site.name,
            grade_label(site.grade).text(plain=view.plain),
            site.newest_text,
            format_duration(site.assessment.target),
            "unknown" if site.assessment.missed_count is None else str(site.assessment.missed_count),
            "unknown" if site.assessment.failed_count is None else str(site.assessment.failed_count),
            site.expiry_text,
            site.operation_text,
            site.release or "unknown",
            freshness_text(site.site_state, site.assessment.now, view.zone),
            site.explanation,
        )
        for site in sites
    ]
    cells = (_values(site, view) for site in sites)
    return Table("sites", COLUMNS, texts, [_object(site, view) for site in sites], cells=cells)


def _values(site: SiteSummary, view: DisplayContext) -> tuple[Cell, ...]:
    rpo, site_state, operation = site.assessment.rpo, site.site_state, site.operation
    return (
        site.name,
        site.grade.name.lower(),
        csv_time(rpo.newest_usable.backup.start, view.zone) if rpo.newest_usable else None,
        csv_seconds(site.assessment.target),
        site.assessment.missed_count,
        site.assessment.failed_count,
        "never"
        if site.expiry_text == "never"
        else csv_time(rpo.retention.last_expiry if rpo.retention else None, view.zone),
        (operation.status.operation.lower() or "operation") if operation is not None else None,
        site.release,
        csv_time(None if site_state.stores is None else site_state.listed_at, view.zone),
        " ".join(dict.fromkeys(finding.code for finding in site.check.findings)) or None,
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
        "rpo": None if stores is None else exposure_of(site.assessment.rpo, view),
        "rpo_is_complete": all_lists_known(site_state),
        **runs_object(site.assessment),
        "operation": site.operation.text if site.operation is not None else None,
        "release": site.release,
        "read_at": moment_object(None if stores is None else site_state.listed_at, view.zone),
        "freshness": freshness_text(site_state, site.assessment.now, view.zone),
        "saved": site_state.is_saved,
        "clock_offset_seconds": skew_seconds(site_state.clock_offset),
        "failures": [{"resource": name, "code": t.code, "text": t.line} for name, t in site_state.failures],
    }
