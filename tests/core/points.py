"""Restore points and readings made of a few words, for tables of judgements."""

from typing import Any

from msgspec.structs import replace

from drtui.core.formatting.times import DAY, HOUR, MINUTE
from drtui.core.model.backup import INFRASTRUCTURE, OBJECT, RELATIONAL, Backup, Part
from drtui.core.model.site import DrSettings, DrStatus, Release, Site, Store
from drtui.core.model.site_state import Fetched, SiteState
from drtui.core.verdict.restore_points import RestorePoint, restore_points
from tests.conftest import NOW

STORE = Store("vault", default=True, created_by=Release.parse("11.4.0"))


def parts(start: int, *statuses: str | None) -> tuple[Part, ...]:
    """The documented parts, captured one after another in three minutes; the last statuses default to completed."""
    told = (*statuses, *["completed"] * (3 - len(statuses)))
    kinds = (RELATIONAL, OBJECT, INFRASTRUCTURE)
    return tuple(
        Part(kind, status, start + number * MINUTE, start + (number + 1) * MINUTE, f"{kind[:3]}1")
        for number, (kind, status) in enumerate(zip(kinds, told, strict=True))
    )


def backup(name: str, hours_ago: float, **changes: Any) -> Backup:
    """A good backup that started so many hours ago, took five minutes and is kept for 14 days."""
    start = NOW - round(hours_ago * HOUR)
    good = Backup(
        name, "vault", status="completed", start=start, end=start + 5 * MINUTE, retention=start + 14 * DAY,
        release="11.4.0", backup_type="FULL", schedule_type="SCHEDULED", parts=parts(start),
    )  # fmt: skip
    return replace(good, **changes)


def reading(*backups: Backup, **changes: Any) -> SiteState:
    """A whole look at a site of one store, release 11.4.0, that holds these backups."""
    whole = SiteState(
        "gis.example.com/arcgis",
        site=Fetched(NOW, Site(Release.parse("11.4.0"))),
        stores=Fetched(NOW, (STORE,)),
        backups={"vault": Fetched(NOW, backups)},
        is_complete=True,
    )
    return replace(whole, **changes)


def all_read(*backups: Backup, **changes: Any) -> SiteState:
    """Return the look with status, settings and schedules: nothing goes on, the usual limit, no schedule."""
    companions: dict[str, Any] = {
        "status": Fetched(NOW, DrStatus("no_op", 0)),
        "settings": Fetched(NOW, DrSettings(7200)),
        "schedules": Fetched(NOW, ()),
    }
    return reading(*backups, **{**companions, **changes})


def points(found: SiteState) -> tuple[RestorePoint, ...]:
    """Its restore points, judged now."""
    return restore_points(found, NOW)
