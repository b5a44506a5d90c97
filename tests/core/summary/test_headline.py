"""Tests of the lines of the headline and their order."""

from typing import Any

import pytest
from msgspec.structs import replace

from drtui.core.analysis.assessment import assess
from drtui.core.formatting.durations import DAY, HOUR, MINUTE
from drtui.core.model.failure import Failure, FailureKind
from drtui.core.model.site import DrSettings, DrStatus, Release, Schedule, Site, Store
from drtui.core.model.site_state import Fetched, SiteState
from drtui.core.summary.headline import build_headline
from drtui.core.summary.headline_sentences import capitalise
from tests.conftest import NOW
from tests.core.points import STORE, backup, parts, site_of

BROKEN: Fetched[Any] = Fetched(
    NOW, failure=Failure(FailureKind.UNREACHABLE, "refused", "nobody answers", "", "It may be down.", "Try later.")
)
NIGHTLY = Schedule(
    "t", "CreateBackup", "Nightly", "nightly", "vault", "active", active=True, cron="0 0 2 * * ?", created=NOW - 9 * DAY
)
CLEANER = Schedule("c", "BackupRetentionCleaner", state="paused", active=False)
NEW = backup("new", 3)
TORN = replace(backup("torn", 1), parts=parts(NOW - HOUR, "completed", "failed"))
PIPELINE = 'Esri\'s pipeline would restore torn, which is not usable: object store obj1 is "failed", not "completed"'
NAMED = [backup(f"nightly-2026-09-{20 - day}-02-00-09", 36.2 + 24 * day) for day in range(4)]
AGE = "Newest usable restore point is 3 h old; target 24 h (new)"
SHORT_AGE = "Newest usable 3 h old; target 24 h (new)"
FRESH = (f"SAFE: {AGE}", "good")
LAST_OK = ("Last backup OK", "muted")


def headline_lines(site_state: SiteState) -> list[tuple[str, str]]:
    return [(line.text, line.tone) for line in build_headline(assess(site_state, NOW))]


@pytest.mark.parametrize(
    ("site_state", "expected"),
    [
        (SiteState("gis"), [("Asking gis ...", "muted")]),
        (
            site_of(stores=BROKEN),
            [("CANNOT TELL: Stores not read: nobody answers", "warn"), ("It may be down. Try later.", "warn")],
        ),
        (site_of(backups={}, is_complete=False), [("Reading the restore points ...", "muted")]),
        (site_of(), [("NOTHING RESTORABLE: There are no restore points", "bad")]),
        (site_of(is_complete=False), [("NOTHING RESTORABLE: There are no restore points", "bad")]),
        (site_of(NEW), [FRESH]),
        (
            site_of(backup("old", 30)),
            [("AT RISK: Newest usable restore point is 30 h old, over the target of 24 h (old)", "warn")],
        ),
        (
            site_of(backup("bad", 3, status="x")),
            [('NOTHING RESTORABLE: Newest, bad: status is "x", not "completed"', "bad")],
        ),
        (
            site_of(backup("odd", 3, parts=())),
            [
                (
                    (
                        "CANNOT TELL: The newest may not be restorable:"
                        " no relational store in the record: it may be incomplete (odd)"
                    ),
                    "warn",
                )
            ],
        ),
        (
            site_of(NEW, backup("bad", 4, status="x"), site=Fetched(NOW, Site(Release.parse("11.5.0")))),
            [
                ("NOTHING RESTORABLE: All backups are from 11.4.0, this site runs 11.5.0", "bad"),
                ("Stores registered by an older release: vault (11.4.0)", "muted"),
            ],
        ),  # R12, R15
        (
            site_of(backups={"vault": BROKEN}),
            [
                ("CANNOT TELL: Not read: backups of vault: nobody answers", "warn"),
                ("Not read: backups of vault (nobody answers)", "warn"),
            ],
        ),  # R11
    ],
)
def test_headline_begins_with_what_can_be_restored(site_state: SiteState, expected: list[tuple[str, str]]) -> None:
    assert headline_lines(site_state) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"status": Fetched(NOW, DrStatus("success", 3, "Backup", "vault", "new"))}, LAST_OK),
        ({"status": Fetched(NOW, DrStatus("success"))}, LAST_OK),
        ({"status": Fetched(NOW, DrStatus("no_op", 0))}, None),
        (
            {"status": Fetched(NOW, DrStatus("in_progress", 1, "Backup", "vault", "next", start=NOW - 5 * MINUTE))},
            ("Backup next running for 5 min", "warn"),
        ),
        (
            {"status": Fetched(NOW, DrStatus("failed", 1, "Backup", "vault", "next", message="No room."))},
            ("Backup next FAILED (status failed): No room.", "bad"),
        ),
        (
            {"status": Fetched(NOW, DrStatus("success", 3, "Restore", "vault", "new"))},
            ("Restore of new completed", "warn"),
        ),  # R25
        (
            {"schedules": Fetched(NOW, (replace(NIGHTLY, state="paused", active=False),))},
            (f'AT RISK: Schedule "Nightly" is paused: 9 runs missed. {SHORT_AGE}', "warn"),
        ),  # R54
        (
            {"schedules": Fetched(NOW, (replace(NIGHTLY, active=False),))},
            (f"AT RISK: Last 9 runs of Nightly MISSED: its two states disagree. {SHORT_AGE}", "warn"),
        ),  # R54
        (
            {"schedules": Fetched(NOW, (replace(NIGHTLY, created=NOW, state="resting"),))},
            ('Schedule "Nightly": its state is unknown', "warn"),
        ),
        (
            {"schedules": Fetched(NOW, (replace(NIGHTLY, created=NOW, state="paused", active=False),))},
            (f'AT RISK: Schedule "Nightly" is paused: no run missed. {SHORT_AGE}', "warn"),
        ),
        (
            {"schedules": Fetched(NOW, (replace(NIGHTLY, cron="nightly"),))},
            (
                ('Missed runs unknown for schedule "Nightly": unreadable cron expression: 1 fields instead of 6 or 7'),
                "warn",
            ),
        ),  # R53
        (
            {"schedules": Fetched(NOW, (replace(NIGHTLY, created=NOW), CLEANER))},
            ("Cleaner paused: expired backups are not deleted, and stores fill up", "warn"),
        ),  # R45
        (
            {"settings": Fetched(NOW, DrSettings(360))},
            (f"AT RISK: Near the time limit: backups take up to 83% of 6 min. {SHORT_AGE}", "warn"),
        ),  # R29
        (
            {"stores": Fetched(NOW, (replace(STORE, default=False),))},
            ("No default store: a backup that names no store may fail", "warn"),
        ),  # R17
        (
            {
                "stores": Fetched(NOW, (STORE, Store("b", default=True))),
                "backups": {"vault": Fetched(NOW, (NEW,)), "b": Fetched(NOW, ())},
            },
            ("Several default stores: vault, b", "warn"),
        ),  # R17
    ],
)
def test_headline_adds_a_warning_when_a_resource_is_not_normal(
    changes: dict[str, Any], expected: tuple[str, str] | None
) -> None:
    is_decisive = expected is not None and expected[0].startswith("AT RISK")
    assert headline_lines(site_of(NEW, **changes)) == [
        *([] if is_decisive else [FRESH]),
        *([expected] if expected else []),
    ]


@pytest.mark.parametrize(
    ("backups", "expected"),
    [
        (
            [backup("a", 3, backup_type="X"), backup("b", 9, backup_type="X"), backup("c", 1, status="failed")],
            (
                (
                    "AT RISK: Only doubtful restore points; the newest:"
                    ' type is "X", not FULL: may depend on another backup (a)'
                ),
                "warn",
            ),
        ),
        (
            [backup("a", 3, status="failed"), backup("b", 9, release="")],
            ("CANNOT TELL: The newest may not be restorable: no release in the record (b)", "warn"),
        ),
        (
            [backup("a", 3, status="failed"), backup("b", 9, retention=NOW)],
            ("NOTHING RESTORABLE: All backups are past their retention date (b)", "bad"),
        ),
    ],
)
def test_headline_does_not_say_nothing_restorable_when_something_may_be(
    backups: list[Any], expected: tuple[str, str]
) -> None:
    assert headline_lines(site_of(*backups))[0] == expected


def test_headline_says_what_a_pipeline_would_take_when_there_are_only_doubtful_restore_points() -> None:
    lines = headline_lines(site_of(backup("delta", 9, backup_type="X"), TORN))
    assert (PIPELINE, "warn") in lines
    assert not any("delta" in text for text, _ in headline_lines(site_of(backup("delta", 9, backup_type="X")))[1:])


def test_r6_headline_names_a_completed_unusable_backup_when_it_is_in_another_store() -> None:
    elsewhere = {"vault": Fetched(NOW, (NEW,)), "b": Fetched(NOW, (replace(TORN, store="b"),))}
    site_state = site_of(stores=Fetched(NOW, (STORE, Store("b", default=False))), backups=elsewhere)
    warning = ('torn is marked completed but not usable: object store obj1 is "failed", not "completed"', "warn")
    assert warning[0] in headline_lines(site_state)[0][0]


@pytest.mark.parametrize(
    ("backups", "expected"),
    [
        (
            [backup("old", 10), TORN],
            PIPELINE,
        ),  # R6
        (
            [backup("soon", 3, retention=NOW + 5 * HOUR)],
            "Last usable restore point expires in 5 h",
        ),  # R46
        (
            [backup("first", 3, retention=NOW + 5 * DAY), backup("second", 30, retention=NOW + 9 * DAY)],
            "Newest usable restore point expires first, in 5 d",
        ),  # R46
        (
            [backup(f"p{n}", n, end=NOW - n * HOUR + (110 if n < 4 else 80) * MINUTE) for n in range(1, 7)],
            "Near the time limit: backups take up to 92% of 2 h (default), 38% longer than before",
        ),  # R29
    ],
)
def test_headline_warns_when_restore_points_expire_or_take_long(backups: list[Any], expected: str) -> None:
    assert expected in " ".join(text for text, _ in headline_lines(site_of(*backups)))


def test_headline_warns_of_missed_runs_when_they_are_recent() -> None:
    backups = [NAMED[0], NAMED[2], NAMED[3], backup("nightly-2026-09-21-02-00-09", 12.2)]
    site_state = site_of(*backups, schedules=Fetched(NOW, (NIGHTLY,)))
    assert ("1 run of Nightly missed in 7 days", "warn") in headline_lines(site_state)


def test_r55_headline_says_so_when_a_schedule_is_learned_from_names() -> None:
    site_state = site_of(*NAMED, schedules=BROKEN)
    expected = "Last run of nightly MISSED (inferred from backup names: schedules not readable)"
    assert (expected, "bad") in headline_lines(site_state)


def test_headline_says_at_least_when_missed_runs_are_cut() -> None:
    every_second = replace(NIGHTLY, cron="* * * * * ?")
    site_state = site_of(NEW, schedules=Fetched(NOW, (every_second,)))
    assert headline_lines(site_state)[0][0].startswith("AT RISK: At least the last 5,000 runs of Nightly MISSED. ")
    recent = backup("nightly-2026-09-21-13-00-09", 1)
    (text,) = [
        text for text, _ in headline_lines(site_of(recent, schedules=Fetched(NOW, (every_second,)))) if "MISSED" in text
    ]
    assert "At least" not in text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("stores not read", "Stores not read"),
        ("stores: not read", "Stores: not read"),
        ("gis.example.com refused the connection", "gis.example.com refused the connection"),
        ("localhost:7443 refused the connection", "localhost:7443 refused the connection"),
        ("https://gis.example.com is no site", "https://gis.example.com is no site"),
    ],
)
def test_capitalise_keeps_a_host_name_when_the_text_begins_with_it(text: str, expected: str) -> None:
    assert capitalise(text) == expected


def test_headline_does_not_repeat_the_failure_of_each_resource_when_the_site_is_dead() -> None:
    alive = site_of(NEW, schedules=Fetched(NOW, (NIGHTLY,)), status=Fetched(NOW, DrStatus()))
    broken = {
        name: Fetched[Any](NOW, failure=Failure(FailureKind.UNREACHABLE, "503", "no answer", f"GET /{name}"))
        for name in ("stores", "site", "status", "schedules")
    }
    dead = replace(alive, backups={}, **broken).with_fallback(alive)
    lines = [text for text, _ in headline_lines(dead)]
    assert lines[0].startswith("CANNOT TELL: No answer. Read 0 s ago: newest usable 3 h old")
    assert not any("ot read" in text or "no answer" in text for text in lines[1:])
