"""Functions that make restore points and site states for tests."""

from typing import Any

from msgspec.structs import replace

from drtui.core.analysis.assessment import Assessment, assess
from drtui.core.formatting.durations import DAY, HOUR, MINUTE
from drtui.core.model.backup import INFRASTRUCTURE, OBJECT, RELATIONAL, Backup, Part
from drtui.core.model.site import DrSettings, DrStatus, Release, Site, Store
from drtui.core.model.site_state import Fetched, SiteState
from drtui.core.summary.health_check import Check, check_health
from drtui.core.verdict.restore_points import RestorePoint, restore_points
from drtui.core.verdict.rules import SiteFacts
from tests.conftest import NOW

STORE = Store("vault", default=True, created_by=Release.parse("11.4.0"))


def parts(start: int, *statuses: str | None) -> tuple[Part, ...]:
    """Return the documented parts, captured one after another in three minutes; missing statuses are completed."""
    all_statuses = (*statuses, *["completed"] * (3 - len(statuses)))
    kinds = (RELATIONAL, OBJECT, INFRASTRUCTURE)
    return tuple(
        Part(kind, status, start + number * MINUTE, start + (number + 1) * MINUTE, f"{kind[:3]}1")
        for number, (kind, status) in enumerate(zip(kinds, all_statuses, strict=True))
    )


def backup(name: str, hours_ago: float, **changes: Any) -> Backup:
    """Return a complete backup that started `hours_ago` hours ago, took five minutes and is kept for 14 days."""
    start = NOW - round(hours_ago * HOUR)
    record = Backup(
        name, "vault", status="completed", start=start, end=start + 5 * MINUTE, retention=start + 14 * DAY,
        release="11.4.0", backup_type="FULL", schedule_type="SCHEDULED", parts=parts(start),
    )  # fmt: skip
    return replace(record, **changes)


def site_of(*backups: Backup, **changes: Any) -> SiteState:
    """Return the complete state of a site of release 11.4.0 with one store that contains these backups."""
    site_state = SiteState(
        "gis.example.com/arcgis",
        site=Fetched(NOW, Site(Release.parse("11.4.0"))),
        stores=Fetched(NOW, (STORE,)),
        backups={"vault": Fetched(NOW, backups)},
        is_complete=True,
    )
    return replace(site_state, **changes)


def full_site(*backups: Backup, **changes: Any) -> SiteState:
    """Return the state of a site including status, settings and schedules: idle, default time limit, no schedule."""
    optional_resources: dict[str, Any] = {
        "status": Fetched(NOW, DrStatus("no_op", 0)),
        "settings": Fetched(NOW, DrSettings(7200)),
        "schedules": Fetched(NOW, ()),
    }
    return site_of(*backups, **{**optional_resources, **changes})


def assess_site(*backups: Backup, **changes: Any) -> Assessment:
    """Return the assessment of `site_of(...)` as of NOW."""
    return assess(site_of(*backups, **changes), NOW)


def check_all_but_age(assessment: Assessment) -> Check:
    """Return the health check with limits of the age that no test of schedules reaches."""
    return check_health(assessment, 8 * DAY, 9 * DAY)


def points_of(site_state: SiteState) -> tuple[RestorePoint, ...]:
    """Return the restore points of a site state, with verdicts as of NOW."""
    return restore_points(SiteFacts.of(site_state, NOW))
