"""Backup records as a site writes them (docs/api.md#backups), a function of time and seed."""

import datetime as dt
import itertools
import random
from collections.abc import Iterator
from typing import Any

from drtui.demo.scenarios import ENCRYPT_KEY, METADATA

SECOND, MINUTE, HOUR, DAY = 1_000, 60_000, 3_600_000, 86_400_000
SITE = "calm"
"""Seed of the records of the site that most scenarios use."""
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
    """Return the last midnight, UTC, before `now` (both epoch ms)."""
    return now - now % DAY


def night(now: int) -> int:
    """Return the hour, UTC, of the nightly backups: eight hours before `now`."""
    return (now // HOUR - 8) % 24


def triggered(record: Record) -> int:
    """Return when a scheduled backup was triggered, epoch ms: the moment in its name."""
    moment = dt.datetime.strptime(record["backupName"][-19:] + "Z", "%Y-%m-%d-%H-%M-%S%z")
    return int(moment.timestamp() * 1_000)


def weekday(now: int) -> int:
    """Return the day of the week of `now` as schedules count it: 1 is Sunday."""
    return dt.datetime.fromtimestamp(now / 1000, tz=dt.UTC).isoweekday() % 7 + 1


def name_at(prefix: str, trigger: int) -> str:
    """Return the name of a scheduled backup triggered at that moment (epoch ms)."""
    return f"{prefix}-{dt.datetime.fromtimestamp(trigger / 1000, tz=dt.UTC):%Y-%m-%d-%H-%M-%S}"


class Maker:
    """Makes backup records as one site would make them over time."""

    def __init__(self, now: int, seed: str, release: str = "11.4.0") -> None:
        self.now, self.release = now, release
        self.random = random.Random(seed)  # noqa: S311 - invented data, the same in every run
        self.ids = {layer: f"{self.random.getrandbits(128):032x}" for layer in LAYERS}
        self.clusters = ("r4k2w", "o9x3d")

    def geodatabases(self, start: int) -> list[Record]:
        """Return the geodatabases at `start` (epoch ms): over time some are added, one dropped and one renamed."""
        days = (self.now - start) / DAY
        geodatabases: list[Record] = [{"gdbName": f"hgdb_{self.clusters[0]}", "egdbID": self.ids["parcels"]}]
        for position, layer in enumerate(LAYERS[1:], 1):
            if layer == "zoning" and days < 21:  # dropped three weeks ago
                continue
            if days > 360 - position * 12 and position > 8:  # not created yet
                continue
            name = "roads_2025" if layer == "roads" and days > 120 else layer
            identity = self.ids[layer]
            if position % 3 == 0:
                identity = "-".join((identity[:8], identity[8:12], identity[12:16], identity[16:20], identity[20:]))
            geodatabases.append({"gdbName": name, "egdbID": identity})
        return geodatabases

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
        failed_part: str = "",
        span: tuple[int, int] | None = None,
    ) -> Record:
        """Return one record, its parts captured one after another; `failed` names the part that did not complete.

        `span` are the milliseconds from trigger to start, and from start to end; by default they vary.
        """
        start = trigger + 32_000 + self.random.randrange(2_500)
        total = int(minutes * MINUTE * self.random.uniform(0.9, 1.1))
        cuts, between = [2_000, int(total * 0.22), int(total * 0.93), total], 170
        if span is not None:
            start, total = trigger + span[0], span[1]
            cuts, between = [total // 16, int(total * 0.4), int(total * 0.88), int(total * 0.95)], total // 200
        spans = [(start + a + (between if a > cuts[0] else 0), start + z) for a, z in itertools.pairwise(cuts)]
        relational, objects, infrastructure = (
            self._part(kind, span, failed_part)
            for kind, span in zip(("relationalStore", "objectStore", "infrastructures"), spans, strict=True)
        )
        buckets = ["arcgis", "content", *(["uploads"] if (self.now - start) < 200 * DAY else []), ORGANIZATION]
        return {
            "release": release or self.release,
            "siteName": "arcgis",
            "description": ("Scheduled Backup" if scheduled else "") if description is None else description,
            "completeTime": start + total + (40 if span is None else 0),
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
            "status": "failed" if failed_part and failed_part != "half" else "completed",
        }

    @staticmethod
    def _part(kind: str, span: tuple[int, int], failed_part: str) -> Record:
        bad = failed_part == kind or (failed_part == "half" and kind == "objectStore")
        return {"startTime": span[0], "endTime": span[1], "status": "failed" if bad else "completed"}

    def scheduled(
        self, prefix: str, triggers: Iterator[int], *, store: str, minutes: float = 14, keep: int = 14 * DAY
    ) -> list[Record]:
        """Return one record for each trigger, some seconds late as on real sites."""
        records = []
        for trigger in triggers:
            delayed = trigger + self.random.randrange(7, 48) * SECOND
            duration = minutes * (1 + 0.3 * (1 - min(1, (self.now - trigger) / (120 * DAY))))
            records.append(self.backup(name_at(prefix, delayed), delayed, store=store, minutes=duration, keep=keep))
        return records


def nightly(now: int, hour: int, *, first: int, last: int = 0, every: int = 1) -> Iterator[int]:
    """Yield the moments `hour`:00 UTC of the nights from `first` to `last` days ago, oldest first, epoch ms."""
    for days in range(first, last - 1, -every):
        trigger = midnight(now) - days * DAY + hour * HOUR
        if trigger < now - 40 * MINUTE:
            yield trigger


def joining(now: int, seed: str, release: str = "11.4.0") -> Maker:
    """Return a maker of further records of the site of `make_year`, with the same ids of geodatabases."""
    maker = Maker(now, seed, release)
    maker.ids = Maker(now, SITE).ids
    return maker


def make_year(now: int) -> dict[str, list[Record]]:
    """Return a year of records of a healthy site, by store."""
    maker = Maker(now, SITE)
    for_days = [(days, "11.2.0" if days > 240 else "11.3.0" if days > 90 else "11.4.0") for days in range(360, 60, -30)]
    monthly = [
        maker.backup(name_at("monthly", at), at, store="archive-s3", minutes=24, keep=400 * DAY, release=release)
        for days, release in for_days
        for at in (midnight(now) - days * DAY + 3 * HOUR + 12_000,)
    ]
    nights = maker.scheduled("nightly", nightly(now, night(now), first=33), store="nightly-pv", keep=30 * DAY)
    nights[9] = failed_copy(maker, nights[9], "relationalStore")
    nights[17] = failed_copy(maker, nights[17], "objectStore")
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


def failed_copy(maker: Maker, record: Record, part: str) -> Record:
    """Return a record of the same name whose `part` did not complete."""
    trigger = record["startTime"] - 33_000
    return maker.backup(record["backupName"], trigger, store=record["backupStore"], keep=30 * DAY, failed_part=part)


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
