"""The state of a simulated site, in the documented form of its resources."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from drtui.demo import backup_history, hostile_records
from drtui.demo.backup_history import (
    DAY,
    HOUR,
    MINUTE,
    Maker,
    Record,
    failed_copy,
    joining,
    name_at,
    night,
    nightly,
    triggered,
    weekday,
)
from drtui.demo.data_stores import county_stores, hostile_stores, site_stores
from drtui.demo.records import cleaner, job_of, status_of, store, task
from drtui.demo.running import Running
from drtui.demo.scenarios import ENCRYPT_KEY, METADATA


@dataclass
class Received:
    """A request of the administrator API that may change the site."""

    at: int
    path: str
    """Path below the root of the API."""
    fields: dict[str, str]
    """The form; secrets are `***`."""
    is_accepted: bool = False


class Deletion(NamedTuple):
    """A backup that will be deleted."""

    at: int
    store: str
    name: str
    job: str


@dataclass
class SimulatedSite:
    """A simulated site. Its history ends at `now` (epoch ms)."""

    now: int
    release: str = "11.4.0"
    stores: list[Record] = field(default_factory=list)
    backups: dict[str, list[Record]] = field(default_factory=dict)
    tasks: list[Record] = field(default_factory=list)
    status: Record = field(default_factory=lambda: {"code": 0, "messages": [], "state": "no_op"})
    settings: Record = field(default_factory=dict)
    jobs: dict[str, Record] = field(default_factory=dict)
    mode: Record = field(default_factory=lambda: {"isReadOnly": False, "message": ""})
    data_stores: list[Record] = field(default_factory=site_stores)
    old_layout: bool = False
    refuses_tasks: bool = False
    running: Running | None = None
    """The operation in progress: there is one at most."""
    deletions: list[Deletion] = field(default_factory=list)
    passcodes: dict[tuple[str, str], str] = field(default_factory=dict)
    """Passcode by store and name of the backup; the others have `PASSCODE`."""
    runs_schedules: bool = False
    """True if active schedules make backups as time passes."""
    advanced_to: int = 0
    """Moment up to which scheduled backups were made, epoch ms."""
    received: list[Received] = field(default_factory=list)
    """Requests that may change the site, as they arrived."""

    @property
    def changed(self) -> list[Received]:
        """Requests that the site accepted."""
        return [request for request in self.received if request.is_accepted]


def _settings() -> Record:
    volume = {"component": "DR_JOB", "storageClass": "default", "size": "64Gi", "provisioningType": "DYNAMIC"}
    return {"stagingVolumeConfig": {**volume, "g": 1_700_000_000_000}, "timeoutInSeconds": 7200}


def _calm(now: int) -> SimulatedSite:
    backups = backup_history.make_year(now)
    hour = night(now)
    nights, weeks = backups["nightly-pv"], backups["offsite-azure"]
    return SimulatedSite(
        now,
        stores=[
            store("nightly-pv", "DYNAMIC", default=True),
            store("archive-s3", "S3", release="11.2.0"),
            store("offsite-azure", "AZURE_BLOBSTORE", release="11.3.0"),
            store("default", "STATIC", release="11.2.0"),
        ],
        backups=backups,
        tasks=[
            _nightly_task(hour, nights[-1]),
            _weekly_task((hour + 2) % 24, weeks[-1]),
            cleaner(triggered(nights[-1])),
        ],
        status=status_of(max(nights[-1], weeks[-1], key=lambda record: record["startTime"])),
        settings=_settings(),
        data_stores=county_stores(),
    )


def _nightly_task(hour: int, last: Record, *, active: bool = True) -> Record:
    """Return the schedule of the nightly backups at `hour`:00 UTC; `last` is the latest of them."""
    cron = f"0 0 {hour} * * ?"
    return task("nightly", "nightly-pv", cron, last=triggered(last), keep_days=30, active=active)


def _weekly_task(hour: int, last: Record) -> Record:
    """Return the schedule of the weekly backups at `hour`:00 UTC; `last` is the latest of them."""
    cron = f"0 0 {hour} ? * {weekday(triggered(last))}"
    return task("weekly", "offsite-azure", cron, last=triggered(last), keep_days=90)


def _half_failed(now: int) -> SimulatedSite:
    site = _calm(now)
    nights, hour = site.backups["nightly-pv"], (night(now) + 2) % 24
    # The weekly backup is two days old, so that last night's backup is the newest.
    weeks = nightly(now, hour, first=58, last=2, every=7)
    site.backups["offsite-azure"] = joining(now, "half-weekly").scheduled(
        "weekly", weeks, store="offsite-azure", minutes=31, keep=90 * DAY
    )
    site.tasks[1] = _weekly_task(hour, site.backups["offsite-azure"][-1])
    nights[-1] = failed_copy(joining(now, "half"), nights[-1], "half")
    site.status = status_of(nights[-1], state="completed_with_warnings", message="Object store could not be staged.")
    return site


def _failing(now: int) -> SimulatedSite:
    site = _calm(now)
    nights = site.backups["nightly-pv"]
    for position in (-3, -2, -1):
        nights[position] = failed_copy(joining(now, f"failing{position}"), nights[position], "objectStore")
    # Added since the last good backup, so that none holds it.
    site.data_stores = county_stores("r4k2w", "w7h3n")
    return site


def _paused(now: int) -> SimulatedSite:
    site = _calm(now)
    site.backups["nightly-pv"] = site.backups["nightly-pv"][:-9]
    last = site.backups["nightly-pv"][-1]
    by_hand = joining(now, "paused").backup(
        "by-hand", now - 2 * HOUR, store="nightly-pv", scheduled=False, keep=-1, description="Made by hand"
    )
    site.backups["nightly-pv"].append(by_hand)
    site.tasks[0] = _nightly_task(night(now), last, active=False)
    site.status = status_of(by_hand)
    return site


def _running(now: int) -> SimulatedSite:
    site = _calm(now)
    name, trigger = name_at("nightly", now - 5 * MINUTE), now - 5 * MINUTE
    record = joining(now, "running").backup(name, trigger, store="nightly-pv", keep=30 * DAY)
    site.running = Running(status_of(record), record["startTime"], record["completeTime"], record)
    site.status, listed = site.running.status_at(now), site.running.record_at(now)
    site.backups["nightly-pv"] += [listed] if listed is not None else []
    job = f"j{uuid.uuid5(uuid.NAMESPACE_URL, 'running')}"
    site.jobs[job] = job_of(job, now - 5 * MINUTE, status="COMPLETED")
    return site


def _restoring(now: int) -> SimulatedSite:
    site = _calm(now)
    source = site.backups["nightly-pv"][-1]
    restored = {**source, "startTime": now - 3 * MINUTE, "completeTime": now + MINUTE}
    message = "2 services could not be started."
    status = status_of(restored, state="completed_with_warnings", operation="Restore", message=message)
    status["stages"] = []  # those of the record are the stages of the backup
    site.running = Running(status, now - 3 * MINUTE, now + MINUTE, away=(now + 15_000, now + MINUTE))
    site.status = site.running.status_at(now)
    return site


def _empty(now: int) -> SimulatedSite:
    return SimulatedSite(now, stores=[store("nightly-pv", "DYNAMIC", default=True)], backups={"nightly-pv": []})


def _thousands(now: int) -> SimulatedSite:
    site = _calm(now)
    maker, hour = joining(now, "thousands"), now - now % HOUR
    latest = 0 if now - hour > 20 * MINUTE else 1  # earlier in the hour, its backup may still be running
    hourly = (hour - hours * HOUR for hours in range(5_009 - len(hostile_records.NAMES), latest - 1, -1))
    records = maker.scheduled("hourly", hourly, store="nightly-pv", minutes=6, keep=365 * DAY)
    site.status = status_of(records[-1])
    for position, name in enumerate(hostile_records.NAMES):
        trigger = hour - (2 * len(hostile_records.NAMES) - 2 * position) * HOUR - 25 * MINUTE
        records.append(maker.backup(name, trigger, store="nightly-pv", minutes=6, scheduled=False, description=name))
    site.backups["nightly-pv"] = records
    hourly_runs = [record for record in records if record["scheduleType"] == "SCHEDULED"]
    site.tasks[0] = task("hourly", "nightly-pv", "0 0 * * * ?", last=triggered(hourly_runs[-1]), keep_days=365)
    return site


def _hostile(now: int) -> SimulatedSite:
    site = _empty(now)
    site.backups["nightly-pv"] = hostile_records.hostile(now)
    site.stores.append(store(hostile_records.STORE, "S3"))
    site.backups[hostile_records.STORE] = []
    site.settings = _settings()
    site.data_stores = hostile_stores(hostile_records.NAMES)
    return site


def _seed(now: int) -> SimulatedSite:
    def part(start: int, end: int, **more: Any) -> Record:
        return {"metadata": METADATA, **more, "startTime": start, "endTime": end, "status": "completed"}

    def record(
        name: str, description: str, kind: str, times: tuple[int, ...], ids: tuple[str, ...], buckets: list[str]
    ) -> Record:
        start, r1, r2, o1, o2, i1, i2, complete, retention = times
        return {
            "release": "10.9.1", "siteName": "arcgis", "description": description, "completeTime": complete,
            "backupStore": "default", "retentionDate": retention, "encryptKey": ENCRYPT_KEY, "backupType": "FULL",
            "relationalStore": [
                part(r1, r2, geodatabases=[{"gdbName": f"hgdb_{ids[0]}", "egdbID": ids[2]}],
                     systemDatabases=list(backup_history.SYSTEM_DATABASES), clusterID=ids[0])
            ],
            "scheduleType": kind, "objectStore": [part(o1, o2, buckets=buckets, clusterID=ids[1])],
            "namespace": "arcgis", "startTime": start,
            "infrastructures": {"startTime": i1, "endTime": i2, "status": "completed"},
            "category": "SYSTEM", "backupName": name, "status": "completed",
        }  # fmt: skip

    first = record(
        "backup_first", "", "MANUAL",
        (1634736144653, 1634736146928, 1634736196269, 1634736196434, 1634736467059,
         1634736467245, 1634736484880, 1634736484933, 1635945710988),
        ("wqlxr", "tni5n", "ed6980a1d5d34b56880836d4373b0051"), ["arcgis", "content", "0123456789abcdef"],
    )  # fmt: skip
    second = record(
        "schedule1-2021-10-22-20-00-09", "Scheduled Backup", "SCHEDULED",
        (1634932842008, 1634932844282, 1634932852508, 1634932852684, 1634932902074,
         1634932902288, 1634932909962, 1634932910038, 1636142409652),
        ("ezt7j", "z3mbl", "3338d971-ec91-440d-a81f-805a0b8cf0e9"),
        ["arcgis", "content", "uploads", "0123456789abcdef"],
    )  # fmt: skip
    site = SimulatedSite(now, release="10.9.1", backups={"default": [first, second]}, settings=_settings())
    site.stores = [_early(store("default", "STATIC", default=True))]
    site.tasks = [task("schedule1", "default", "0 0 20 * * ?", last=1_634_932_800_000, keep_days=14)]
    site.status = status_of(second)
    site.data_stores = site_stores("fjzdg")
    return site


def _early(record: Record) -> Record:
    """Return a store in the form of the first releases."""
    return {key: value for key, value in record.items() if key not in {"versionCreated", "providerID", "serviceID"}}


def _old(now: int) -> SimulatedSite:
    maker = Maker(now, "old", "10.9")
    nights = maker.scheduled("nightly", nightly(now, 2, first=12), store="default")
    for record in nights:
        del record["retentionDate"]
    stores = [_early(store("default", "DYNAMIC", default=True))]
    site = SimulatedSite(now, release="10.9", stores=stores, backups={"default": nights})
    site.old_layout = True
    spelled_times = dict.fromkeys(("created", "lastStart"), "Apr 21, 2021, 10:42:17 PM")
    site.tasks = [task("nightly", "default", "0 0 2 * * ?", last=now, keep_days=14) | spelled_times]
    message = {"code": 4014, "message": "Started backup process.", "when": nights[-1]["startTime"]}
    site.status = {"code": 3, "messages": [message], "state": "success"}
    return site


_BUILDERS: dict[str, Callable[[int], SimulatedSite]] = {
    "calm": _calm,
    "half-failed": _half_failed,
    "failing": _failing,
    "paused": _paused,
    "upgraded": lambda now: replace(_calm(now), release="11.5.0"),
    "running": _running,
    "restoring": _restoring,
    "empty": _empty,
    "no-privilege": lambda now: replace(_calm(now), refuses_tasks=True),
    "thousands": _thousands,
    "hostile": _hostile,
    "seed": _seed,
    "old": _old,
}


def make_run_due(site: SimulatedSite) -> None:
    """Let the nightly schedule make its next backup in about three minutes."""
    trigger = site.now - site.now % MINUTE + 3 * MINUTE
    nights = (trigger - days * DAY for days in range(33, 0, -1))
    records = joining(site.now, "due").scheduled("nightly", nights, store="nightly-pv", keep=30 * DAY)
    minute, hour = trigger // MINUTE % 60, trigger // HOUR % 24
    site.backups["nightly-pv"] = records
    site.tasks[:1] = [
        task("nightly", "nightly-pv", f"0 {minute} {hour} * * ?", last=triggered(records[-1]), keep_days=30)
    ]
    site.runs_schedules = True


def make_site(scenario: str, now: int) -> SimulatedSite:
    """Return the site of a scenario, whose history ends at `now` (epoch ms).

    Raises:
        KeyError: the scenario is unknown.
    """
    return _BUILDERS[scenario](now)
