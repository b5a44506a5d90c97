"""Records that a hostile or broken server could send, and shapes that a later release may send."""

from typing import Any

from drtui.demo.backup_history import DAY, HOUR, MINUTE, Maker, Record, midnight, name_at

NAMES = (
    "\x1b]0;owned\x07nightly",
    "[red]markup[/red]",
    "[/] closed",
    "\x1b[2J\x1b[Hcleared",
    "\u0646\u0633\u062e\u0629-\u0627\u062d\u062a\u064a\u0627\u0637\u064a\u0629",  # Arabic: a backup copy
    "invoice\u202egnp.exe",
    "lone \ud800 surrogate",
    "\u6771\u4eac\u306e\u5099\u4efd",  # Japanese: the backup of Tokyo
    "\N{FLOPPY DISK}\N{SPARKLES} emoji",
    "tab\tand\nnewline",
    '=HYPERLINK("http://127.0.0.1")',
    "n" * 4_000,
)


STORE = "[bold]cold storage"


def hostile(now: int) -> list[Record]:
    """Return records with odd names, records of odd shapes, and an ordinary one."""
    maker = Maker(now, "hostile")
    records = []
    for position, name in enumerate(NAMES):
        trigger = midnight(now) - (position + 2) * DAY + 2 * HOUR
        record = maker.backup(name, trigger, store="nightly-pv", description=NAMES[position - 1], scheduled=False)
        record["relationalStore"][0]["geodatabases"].append({"gdbName": name, "egdbID": None})
        records.append(record)
    ordinary = maker.backup(
        name_at("nightly", midnight(now) - DAY + 2 * HOUR), midnight(now) - DAY + 2 * HOUR, store="nightly-pv"
    )
    return [*records, *_shapes(maker), ordinary]


def _shapes(maker: Maker) -> list[Record]:
    at = midnight(maker.now) - 20 * DAY

    def altered(name: str, **changes: Any) -> Record:
        return {**maker.backup(name, at, store="nightly-pv", scheduled=False), **changes}

    texts = altered("numbers-as-text")
    texts |= {key: str(texts[key]) for key in ("startTime", "completeTime", "retentionDate")}
    future = {"status": "completed", "clusterID": "b1d4a", "startTime": at + MINUTE, "endTime": at + 2 * MINUTE}
    return [
        texts,
        altered("times-in-words", startTime="Apr 22, 2021, 2:00:00 AM", completeTime=None),
        altered("parts-null", relationalStore=None, objectStore=[], infrastructures=None),
        altered("status-is-a-number", status=7),
        altered("huge-times", startTime=10**30, completeTime=-5),
        altered("a-part-never-seen-before", bigDataStore=[future]),
        altered("failed-part-never-seen-before", bigDataStore=[{**future, "status": "failed"}]),
        {"backupName": "nothing-but-a-name"},
    ]
