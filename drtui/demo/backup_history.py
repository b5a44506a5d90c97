"""Backup records as a deployment writes them (docs/api.md#backups), deterministic for a time and a seed."""

import datetime as dt
import itertools
import random
from collections.abc import Iterator
from typing import Any

from drtui.demo.scenarios import ENCRYPT_KEY, METADATA

SECOND, MINUTE, HOUR, DAY = 1_000, 60_000, 3_600_000, 86_400_000
SITE = "calm"
"""What the records of the site grow from that most scenarios are about."""
ORGANIZATION = "7c41d09e5ab2f836"
SYSTEM_DATABASES = ("arcgis", "datastoreconfig", "gwdb", "metrics")
LAYERS = (
    "parcels",
    "roads",
    "hydrants",
    "zoning",
    "permits",
    "addresses",
    "sewers",
    "bridges",
    "trees",
    "parks",
    "floodplain",
    "landuse",
    "buildings",
    "contours",
    "streetlights",
    "signals",
    "bus_stops",
    "cycleways",
    "noise",
    "soils",
    "wells",
    "inspections",
    "easements",
    "boundaries",
    "playgrounds",
    "schools",
    "clinics",
)

Record = dict[str, Any]


def midnight(now: int) -> int:
    """The last midnight, UTC, before `now` (epoch ms)."""
    return now - now % DAY


def night(now: int) -> int:
    """The hour, UTC, at which the site makes its backups: the last one is eight hours old, whenever now is."""
    return (now // HOUR - 8) % 24


def triggered(record: Record) -> int:
    """Return when a scheduled backup was triggered, epoch ms: the moment in its name."""
    moment = dt.datetime.strptime(record["backupName"][-19:] + "Z", "%Y-%m-%d-%H-%M-%S%z")
    return int(moment.timestamp() * 1_000)


def weekday(now: int) -> int:
    """The day of the week of `now` as schedules count it: 1 is Sunday."""
    return dt.datetime.fromtimestamp(now / 1000, tz=dt.UTC).isoweekday() % 7 + 1


def name_at(prefix: str, trigger: int) -> str:
    """What a scheduled backup triggered at that moment is called."""
    return f"{prefix}-{dt.datetime.fromtimestamp(trigger / 1000, tz=dt.UTC):%Y-%m-%d-%H-%M-%S}"


class Maker:
    """Makes records that look as if one site had made them over time."""

    def __init__(self, now: int, seed: str, release: str = "11.4.0") -> None:
        self.now, self.release = now, release
        self.random = random.Random(seed)  # noqa: S311 - invented data, the same every time
        self.ids = {layer: f"{self.random.getrandbits(128):032x}" for layer in LAYERS}
        self.clusters = ("r4k2w", "o9x3d")

    def geodatabases(self, start: int) -> list[Record]:
        """Those that existed at `start`: some come late, one was dropped, one renamed."""
        days = (self.now - start) / DAY
        found: list[Record] = [{"gdbName": f"hgdb_{self.clusters[0]}", "egdbID": self.ids["parcels"]}]
        for position, layer in enumerate(LAYERS[1:], 1):
            if layer == "zoning" and days < 21:  # dropped three weeks ago
                continue
            if days > 360 - position * 12 and position > 8:  # not yet created
                continue
            name = "roads_2025" if layer == "roads" and days > 120 else layer
            spelled = self.ids[layer]
            if position % 3 == 0:
                spelled = "-".join((spelled[:8], spelled[8:12], spelled[12:16], spelled[16:20], spelled[20:]))
            found.append({"gdbName": name, "egdbID": spelled})
        return found

    def backup(
        self,
        name: str,
        trigger: int,
        *,
        store: str,
        minutes: float = 14,
        keep: int = 14 * DAY,
        scheduled: bool = True,
        description: str | None = None,
        release: str | None = None,
        failed: str = "",
    ) -> Record:
        """One record, its parts captured one after another; `failed` names the part that did not complete."""
        start = trigger + 32_000 + self.random.randrange(2_500)
        total = int(minutes * MINUTE * self.random.uniform(0.9, 1.1))
        cuts = [2_000, int(total * 0.22), int(total * 0.93), total]
        spans = [(start + a + (170 if a > 2_000 else 0), start + z) for a, z in itertools.pairwise(cuts)]
        relational, objects, infrastructure = (
            self._part(kind, span, failed)
            for kind, span in zip(("relationalStore", "objectStore", "infrastructures"), spans, strict=True)
        )
        buckets = ["arcgis", "content", *(["uploads"] if (self.now - start) < 200 * DAY else []), ORGANIZATION]
        return {
            "release": release or self.release,
            "siteName": "arcgis",
            "description": ("Scheduled Backup" if scheduled else "") if description is None else description,
            "completeTime": start + total + 40,
            "backupStore": store,
            "retentionDate": -1 if keep < 0 else trigger + keep,
            "encryptKey": ENCRYPT_KEY,
            "backupType": "FULL",
            "relationalStore": [
                {
                    "metadata": METADATA,
                    "geodatabases": self.geodatabases(start),
                    "systemDatabases": list(SYSTEM_DATABASES),
                    "clusterID": self.clusters[0],
                    **relational,
                }
            ],
            "scheduleType": "SCHEDULED" if scheduled else "MANUAL",
            "objectStore": [{"metadata": METADATA, "buckets": buckets, "clusterID": self.clusters[1], **objects}],
            "namespace": "arcgis",
            "startTime": start,
            "infrastructures": infrastructure,
            "category": "SYSTEM",
            "backupName": name,
            "status": "failed" if failed and failed != "half" else "completed",
        }

    @staticmethod
    def _part(kind: str, span: tuple[int, int], failed: str) -> Record:
        bad = failed == kind or (failed == "half" and kind == "objectStore")
        return {"startTime": span[0], "endTime": span[1], "status": "failed" if bad else "completed"}

    def scheduled(
        self, prefix: str, triggers: Iterator[int], *, store: str, minutes: float = 14, keep: int = 14 * DAY
    ) -> list[Record]:
        """One record for each trigger, which comes some seconds late (as on real sites)."""
        made = []
        for trigger in triggers:
            late = trigger + self.random.randrange(7, 48) * SECOND
            longer = minutes * (1 + 0.3 * (1 - min(1, (self.now - trigger) / (120 * DAY))))
            made.append(self.backup(name_at(prefix, late), late, store=store, minutes=longer, keep=keep))
        return made


def nightly(now: int, hour: int, *, first: int, last: int = 0, every: int = 1) -> Iterator[int]:
    """The moments `hour`:00 UTC of the nights from `first` days ago to `last` days ago, oldest first."""
    for days in range(first, last - 1, -every):
        trigger = midnight(now) - days * DAY + hour * HOUR
        if trigger < now - 40 * MINUTE:
            yield trigger


def joining(now: int, seed: str, release: str = "11.4.0") -> Maker:
    """A maker of further records of the site that `a_year` is about: its geodatabases have the same ids."""
    maker = Maker(now, seed, release)
    maker.ids = Maker(now, SITE).ids
    return maker


def make_year(now: int) -> dict[str, list[Record]]:
    """A year of a healthy site, by store."""
    maker = Maker(now, SITE)
    for_days = [(days, "11.2.0" if days > 240 else "11.3.0" if days > 90 else "11.4.0") for days in range(360, 60, -30)]
    monthly = [
        maker.backup(name_at("monthly", at), at, store="archive-s3", minutes=24, keep=400 * DAY, release=release)
        for days, release in for_days
        for at in (midnight(now) - days * DAY + 3 * HOUR + 12_000,)
    ]
    nights = maker.scheduled("nightly", nightly(now, night(now), first=33), store="nightly-pv", keep=30 * DAY)
    nights[9] = _failed(maker, nights[9], "relationalStore")
    nights[17] = _failed(maker, nights[17], "objectStore")
    weekly = maker.scheduled(
        "weekly",
        nightly(now, (night(now) + 2) % 24, first=63, every=7),
        store="offsite-azure",
        minutes=31,
        keep=90 * DAY,
    )
    manual = [
        _manual(maker, "before-11-3-upgrade", 91, "Before the upgrade to 11.3", "11.2.0"),
        _manual(maker, "before-11-4-upgrade", 61, "Before the upgrade to 11.4", "11.3.0"),
        _manual(maker, "before-parcel-migration", 12, "Before the parcel fabric migration (CHG-2041)", "11.4.0"),
    ]
    return {"nightly-pv": nights, "archive-s3": [*monthly, *manual], "offsite-azure": weekly, "default": []}


def _failed(maker: Maker, record: Record, part: str) -> Record:
    trigger = record["startTime"] - 33_000
    return maker.backup(record["backupName"], trigger, store=record["backupStore"], keep=30 * DAY, failed=part)


def _manual(maker: Maker, name: str, days: int, description: str, release: str) -> Record:
    trigger = midnight(maker.now) - days * DAY + 15 * HOUR + 7 * MINUTE
    return maker.backup(
        name,
        trigger,
        store="archive-s3",
        minutes=22,
        keep=-1,
        scheduled=False,
        description=description,
        release=release,
    )
