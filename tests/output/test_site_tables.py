"""Tables of stores, schedules, gaps, a comparison and the last operation when values are unknown."""

import datetime as dt

import pytest
from msgspec.structs import replace

from drtui.core.analysis.assessment import assess
from drtui.core.comparison.compare import compare
from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.durations import DAY, HOUR, MINUTE
from drtui.core.formatting.times import format_full
from drtui.core.model.backup import NEVER
from drtui.core.model.site import DrStatus, Schedule, Stage, Store
from drtui.core.model.site_state import DeletedBackup, Fetched, SiteHistory
from drtui.output.assessment import gaps_table
from drtui.output.comparison import comparison_table
from drtui.output.schedules import schedule_runs_object, schedule_state_text, schedules_table
from drtui.output.site_tables import status_table, stores_table
from tests.conftest import NOW
from tests.core.points import STORE, backup, parts, points_of, site_of
from tests.core.schedules.test_missed_runs import NIGHTLY, nights

VIEW = DisplayContext(NOW, dt.UTC)
BARE = Schedule("id-1", "CreateBackup")


def test_status_table_has_a_dash_when_the_server_sent_nothing() -> None:
    stages = (Stage("Validation", "completed", "3 min"), Stage("Copy", "in_progress"))
    status = DrStatus("in_progress", 1, "Backup", "vault", "nightly", start=NOW, message="Slow.", stages=stages)
    assert status_table(status, None, VIEW).texts == [
        ("operation", "Backup"),
        ("state", "in_progress"),
        ("backup", "nightly"),
        ("store", "vault"),
        ("started", format_full(NOW, dt.UTC)),
        ("completed", "-"),
        ("message", "Slow."),
        ("Validation", "completed    3 min"),
        ("Copy", "in_progress"),
    ]
    assert {text for _, text in status_table(DrStatus(), None, VIEW).texts} == {"-"}


@pytest.mark.parametrize(
    ("text", "active", "expected"),
    [
        ("active", True, "active"),
        ("ACTIVE", True, "ACTIVE"),
        ("paused", False, "paused"),
        ("active", False, "active, but active is false"),
        ("paused", True, "paused, but active is true"),
        ("active", None, "active"),
        ("paused", None, "paused"),
        ("", True, "active"),
        ("", False, "paused"),
    ],
)
def test_state_names_both_when_two_fields_disagree(text: str, active: bool | None, *, expected: str) -> None:
    assert schedule_state_text(replace(BARE, state=text, active=active)) == expected


def test_schedule_has_its_id_and_dashes_when_the_task_says_nothing() -> None:
    table = schedules_table([BARE], [], VIEW)
    (row,) = table.texts
    cells = dict(zip(table.columns, row, strict=True))
    assert (cells.pop("TITLE"), cells.pop("TASK")) == ("id-1", "CreateBackup")
    cells.pop("STATE")
    assert set(cells.values()) == {"-"}


def test_schedules_have_the_same_fields_when_one_is_known_by_its_backups_only() -> None:
    task = replace(BARE, title="weekly", prefix="weekly", store="vault")
    assessment = assess(site_of(*nights(*range(7, 20)), schedules=Fetched(NOW, (task,))), NOW)
    table = schedules_table([task], assessment.schedules, VIEW)
    with_task, without = list(table.objects)
    assert without.keys() == with_task.keys()
    assert (without["store"], without["prefix"], without["id"]) == ("vault", "nightly", None)
    row = dict(zip(table.columns, table.texts[1], strict=True))
    assert (row["STORE"], row["PREFIX"]) == ("vault", "nightly")
    for name in ("TASK", "CRON (QUARTZ, UTC)", "RETENTION", "LAST START"):
        assert row[name] == "-"


def test_stores_count_only_their_own_restore_points_when_there_are_several() -> None:
    second_store = Store("other")
    document = points_of(site_of(backup("old", 30), backup("new", 3), backup("elsewhere", 1, store="other")))
    mine = [*document, *points_of(site_of(backup("elsewhere", 1, store="other")))]
    table = stores_table([STORE, second_store, Store("unread")], mine, {"unread": "refused"}, VIEW)
    rows = [dict(zip(table.columns, row, strict=True)) for row in table.texts]
    objects = list(table.objects)
    assert [row["DEFAULT"] for row in rows] == ["yes", "-", "-"]
    assert [row["NEWEST USABLE"] for row in rows] == ["3 h ago", "1 h ago", "unknown"]
    assert [row["TYPE"] for row in rows] == ["-"] * 3
    assert [row["newest_usable"] and row["newest_usable"]["epoch_ms"] for row in objects] == [
        NOW - 3 * HOUR,
        NOW - HOUR,
        None,
    ]
    assert [row["restore_points"] for row in objects][2] is None


def test_store_has_its_newest_usable_restore_point_when_a_newer_one_is_not_usable() -> None:
    torn = replace(backup("torn", 1), parts=parts(NOW - HOUR, "completed", "failed"))
    table = stores_table([STORE], points_of(site_of(backup("good", 30), torn)), {}, VIEW)
    (row,), (store,) = table.texts, list(table.objects)
    assert dict(zip(table.columns, row, strict=True))["NEWEST USABLE"] == "30 h ago"
    assert (store["restore_points"], store["newest_usable"]["epoch_ms"]) == (2, NOW - 30 * HOUR)


@pytest.mark.parametrize(
    ("schedules", "known_by", "learned"),
    [((NIGHTLY,), "task", None), ((), "names", "no schedule creates these any more")],
    ids=["by its task", "by its names"],
)
def test_plan_says_why_it_was_learned_when_no_task_makes_it(
    schedules: tuple[Schedule, ...], known_by: str, learned: str | None
) -> None:
    assessment = assess(site_of(*nights(*range(13)), schedules=Fetched(NOW, schedules)), NOW)
    (row,) = (schedule_runs_object(schedule, VIEW) for schedule in assessment.schedules)
    assert (row["source"], row["inferred_reason"]) == (known_by, learned)


def test_comparison_has_no_part_when_one_restore_point_lacks_it() -> None:
    lacking = backup("lacking", 30, parts=parts(NOW - 30 * HOUR)[1:])
    for older, newer in ((lacking, backup("newer", 3)), (backup("older", 50), lacking)):
        (row,) = comparison_table(compare(*points_of(site_of(older, newer))), VIEW).objects
        first, *further = row["parts"]
        there = {"cluster": "rel1", "status": "completed", "duration_ms": MINUTE}
        assert (first["older"], first["newer"]) == ((None, there) if older is lacking else (there, None))
        assert all(part["older"] and part["newer"] for part in further)


def test_worst_gaps_say_since_when_the_list_is_known_when_the_window_begins_earlier() -> None:
    document = site_of(*(backup(f"backup-{number}", 20 * number + 3, retention=NEVER) for number in range(58)))
    table = gaps_table(assess(document, NOW), VIEW)
    notes = {row[0]: row[-1] for row in table.texts if row[0].startswith("worst")}
    since = f"known from {format_full(NOW - (20 * 57 + 3) * HOUR, dt.UTC)} only"
    assert notes == {"worst in 7 d": "", "worst in 30 d": "", "worst in 90 d": since}


def test_gaps_name_what_vanished_when_that_was_within_90_days() -> None:
    past = SiteHistory(
        tuple(
            DeletedBackup(
                backup(f"gone-{days}", days * 24 + 9, retention=NOW + DAY), NOW - days * DAY - HOUR, NOW - days * DAY
            )
            for days in (1, 89, 91)
        )
    )
    table = gaps_table(assess(site_of(backup("new", 3), history=past), NOW), VIEW)
    vanished = [row for row in table.objects if row["event"] == "deleted early"]
    assert [(row["name"], row["missing_since"]["epoch_ms"]) for row in vanished] == [
        ("gone-1", NOW - DAY),
        ("gone-89", NOW - 89 * DAY),
    ]
