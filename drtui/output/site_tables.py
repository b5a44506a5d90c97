"""Values as rows: what every format prints."""

from collections.abc import Iterator, Sequence

from drtui.core.analysis.operation import Progress
from drtui.core.formatting.display import View
from drtui.core.formatting.times import remaining, stamp
from drtui.core.listing.csv_values import Cell, seconds, when, word
from drtui.core.model.site import DrStatus, Store
from drtui.core.model.site_clock import in_seconds
from drtui.core.model.site_state import is_whole
from drtui.core.summary.freshness import freshness
from drtui.core.summary.labels import age_of
from drtui.core.summary.site_summary import SiteSummary, mark_of_grade
from drtui.core.verdict.restore_points import RestorePoint
from drtui.output.assessment import exposure as exposure_of
from drtui.output.assessment import findings, runs
from drtui.output.formats import Row, Sheet, moment


def of_stores(stores: Sequence[Store], points: Sequence[RestorePoint], troubles: dict[str, str], view: View) -> Sheet:
    """Backup stores, a row each; `troubles` says of which the backups could not be read, and why."""
    columns = ("STORE", "DEFAULT", "TYPE", "MADE BY", "RESTORE POINTS", "NEWEST USABLE", "PLACE")
    texts, objects, cells = [], [], list[tuple[Cell, ...]]()
    for store in stores:
        mine = [p for p in points if p.backup.store == store.name]
        newest = max((p.backup.start or 0 for p in mine if p.verdict.usable), default=None)
        failed = troubles.get(store.name)
        flag = "yes" if store.default else "-"
        texts.append(
            (
                store.name,
                flag,
                store.type or "-",
                str(store.created_by or "-"),
                failed or str(len(mine)),
                "unknown" if failed else "none" if newest is None else age_of(newest, view.now),
                store.place or "-",
            )
        )
        made_by = str(store.created_by) if store.created_by else None
        number = word(failed) if failed else len(mine)
        started = None if failed else when(newest, view.zone)
        cells.append((store.name, store.default, store.type or None, made_by, number, started, store.place or None))
        objects.append(
            {
                "name": store.name,
                "default": store.default,
                "type": store.type,
                "made_by": made_by,
                "restore_points": None if failed else len(mine),
                "newest_usable": moment(newest, view.zone),
                "place": store.place,
                "trouble": failed,
            }
        )
    return Sheet("stores", columns, texts, objects, cells=cells)


def of_status(status: DrStatus, found: Progress | None, view: View) -> Sheet:
    """The last operation, a row each fact."""
    facts: list[tuple[str, ...]] = [
        ("operation", status.operation or "-"),
        ("state", status.state or "-"),
        ("backup", status.backup or "-"),
        ("store", status.store or "-"),
        ("started", stamp(status.start, view.zone)),
        ("completed", stamp(status.complete, view.zone)),
        ("message", "; ".join(filter(None, (status.message, *status.messages))) or "-"),
    ]
    facts += [(stage.name, " ".join(filter(None, (stage.state, stage.duration)))) for stage in status.stages]
    if found is not None:
        facts.insert(0, ("in short", found.text))
        facts += [(f"the {each.source} says", each.said) for each in found.witnesses]
        facts.append(("they agree", "yes" if found.agree else "no"))
    row: Row = {
        "operation": status.operation,
        "state": status.state,
        "code": status.code,
        "backup": status.backup,
        "store": status.store,
        "started": moment(status.start, view.zone),
        "completed": moment(status.complete, view.zone),
        "message": status.message,
        "messages": list(status.messages),
        "stages": [{"name": s.name, "state": s.state, "duration": s.duration} for s in status.stages],
    }
    row["progress"] = (
        None
        if found is None
        else {
            "finished": found.finished,
            "outcome": found.outcome.value,
            "agree": found.agree,
            "stage": found.stage,
            "elapsed_ms": found.elapsed,
            "heard": moment(found.heard, view.zone),
            "text": found.text,
            "witnesses": [{"source": w.source, "state": w.state.value, "said": w.said} for w in found.witnesses],
        }
    )
    return Sheet("status", ("WHAT", "VALUE"), facts, [row], cells=_status_values(status, found, view))


def _status_values(status: DrStatus, found: Progress | None, view: View) -> Iterator[tuple[Cell, Cell]]:
    """Return the last operation, a row each fact; stages as the server says them."""
    if found is not None:
        yield "finished", found.finished
        yield "outcome", word(found.outcome.value)
        yield "elapsed", seconds(found.elapsed)
    yield "operation", status.operation or None
    yield "state", status.state or None
    yield "backup", status.backup or None
    yield "store", status.store or None
    yield "started", when(status.start, view.zone)
    yield "completed", when(status.complete, view.zone)
    yield "message", "; ".join(filter(None, (status.message, *status.messages))) or None
    for stage in status.stages:
        yield stage.name, " ".join(filter(None, (stage.state, stage.duration))) or None
    if found is not None:
        for each in found.witnesses:
            yield f"the_{word(each.source)}_says", word(each.state.value)
        yield "they_agree", found.agree


COLUMNS = (
    "SITE", "STATE", "NEWEST USABLE", "TARGET", "MISSED RUNS", "FAILED RUNS", "LAST EXPIRES", "OPERATION", "RELEASE",
    "READ", "WHY",
)  # fmt: skip


def of_sites(sites: Sequence[SiteSummary], view: View) -> Sheet:
    """Each site, a row each, in the order in which they are given."""
    texts = [
        (
            each.name,
            mark_of_grade(each.grade).text(plain=view.plain),
            each.newest,
            remaining(each.judged.target),
            "unknown" if each.judged.missed is None else str(each.judged.missed),
            "unknown" if each.judged.failed is None else str(each.judged.failed),
            each.expires,
            each.doing,
            each.release or "unknown",
            freshness(each.reading, each.judged.now, view.zone),
            each.why,
        )
        for each in sites
    ]
    cells = (_values(each, view) for each in sites)
    return Sheet("sites", COLUMNS, texts, [_object(each, view) for each in sites], cells=cells)


def _values(site: SiteSummary, view: View) -> tuple[Cell, ...]:
    exposure, reading, operation = site.judged.exposure, site.reading, site.operation
    return (
        site.name,
        site.grade.name.lower(),
        when(exposure.newest.backup.start, view.zone) if exposure.newest else None,
        seconds(site.judged.target),
        site.judged.missed,
        site.judged.failed,
        "never" if site.expires == "never" else when(exposure.expiry.last if exposure.expiry else None, view.zone),
        (operation.status.operation.lower() or "operation") if operation is not None else None,
        site.release,
        when(None if reading.stores is None else reading.read, view.zone),
        " ".join(dict.fromkeys(each.code for each in site.check.findings)) or None,
    )


def _object(site: SiteSummary, view: View) -> Row:
    """One site for machines; the exposure of one whose state is unknown is what was last known, if anything was."""
    reading = site.reading
    stores = reading.stores.value if reading.stores is not None else None
    return {
        "name": site.name,
        "site": reading.place,
        "state": site.grade.name,
        "findings": findings(site.check.findings),
        "last_known": site.last_known[0].grade.name if site.last_known else None,
        "exposure": None if stores is None else exposure_of(site.judged.exposure, view),
        "exposure_is_whole": is_whole(reading),
        **runs(site.judged),
        "operation": site.operation.text if site.operation is not None else None,
        "release": site.release,
        "read": moment(None if stores is None else reading.read, view.zone),
        "freshness": freshness(reading, site.judged.now, view.zone),
        "saved": reading.is_saved,
        "clock_offset_seconds": in_seconds(reading.clock_offset),
        "troubles": [{"what": name, "code": t.code, "text": t.line} for name, t in reading.troubles],
    }
