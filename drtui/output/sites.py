"""Several sites as rows, the worst first."""

from collections.abc import Sequence

from drtui.core.formatting.display import View
from drtui.core.formatting.times import remaining
from drtui.core.listing.csv_values import Cell, seconds, when
from drtui.core.model.site_clock import in_seconds
from drtui.core.model.site_state import is_whole
from drtui.core.summary.freshness import freshness
from drtui.core.summary.site_summary import SiteSummary, mark_of_grade
from drtui.output.assessment import exposure as exposure_of
from drtui.output.assessment import findings, runs
from drtui.output.site_tables import Row, Sheet, moment

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
