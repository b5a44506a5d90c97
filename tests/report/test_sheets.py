"""Rows of stores, schedules, gaps and the last operation: what stands where something is not known."""

import datetime as dt

import pytest
from msgspec.structs import replace

from drtui.model.judgement import judgement
from drtui.model.moment import DAY, HOUR, stamp
from drtui.model.reading import Answer, Gone, Past
from drtui.model.site import DrStatus, Schedule, Stage, Store
from drtui.model.view import View
from drtui.report.judged import of_gaps
from drtui.report.rows import of_schedules, of_status, of_stores, state
from tests.conftest import NOW
from tests.model.points import STORE, backup, points, reading
from tests.model.test_cadence import nights

VIEW = View(NOW, dt.UTC)
BARE = Schedule("id-1", "CreateBackup")


def test_status_has_what_was_said_and_a_dash_for_the_rest() -> None:
    stages = (Stage("Validation", "completed", "3 min"), Stage("Copy", "in_progress"))
    status = DrStatus("in_progress", 1, "Backup", "vault", "nightly", start=NOW, message="Slow.", stages=stages)
    assert of_status(status, None, VIEW).texts == [
        ("operation", "Backup"),
        ("state", "in_progress"),
        ("backup", "nightly"),
        ("store", "vault"),
        ("started", stamp(NOW, dt.UTC)),
        ("completed", "-"),
        ("message", "Slow."),
        ("Validation", "completed 3 min"),
        ("Copy", "in_progress"),
    ]
    assert {text for _, text in of_status(DrStatus(), None, VIEW).texts} == {"-"}


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
    assert state(replace(BARE, state=text, active=active)) == expected


def test_schedule_has_its_id_and_dashes_when_the_task_says_nothing() -> None:
    sheet = of_schedules([BARE], [], VIEW)
    (row,) = sheet.texts
    cells = dict(zip(sheet.columns, row, strict=True))
    assert (cells.pop("TITLE"), cells.pop("TASK")) == ("id-1", "CreateBackup")
    cells.pop("STATE")
    assert set(cells.values()) == {"-"}


def test_schedules_have_the_same_fields_when_one_is_known_by_its_backups_only() -> None:
    known = replace(BARE, title="weekly", prefix="weekly", store="vault")
    judged = judgement(reading(*nights(*range(7, 20)), schedules=Answer(NOW, (known,))), NOW)
    sheet = of_schedules([known], judged.cadence.plans, VIEW)
    with_task, without = list(sheet.objects)
    assert without.keys() == with_task.keys()
    assert (without["store"], without["prefix"], without["id"]) == ("vault", "nightly", None)
    row = dict(zip(sheet.columns, sheet.texts[1], strict=True))
    assert (row["STORE"], row["PREFIX"]) == ("vault", "nightly")
    for name in ("TASK", "CRON (QUARTZ, UTC)", "KEEPS", "LAST START"):
        assert row[name] == "-"


def test_stores_count_only_their_own_restore_points_when_there_are_several() -> None:
    other = Store("other")
    found = points(reading(backup("old", 30), backup("new", 3), backup("elsewhere", 1, store="other")))
    mine = [*found, *points(reading(backup("elsewhere", 1, store="other")))]
    sheet = of_stores([STORE, other, Store("unread")], mine, {"unread": "refused"}, VIEW)
    rows = [dict(zip(sheet.columns, row, strict=True)) for row in sheet.texts]
    objects = list(sheet.objects)
    assert [row["DEFAULT"] for row in rows] == ["yes", "-", "-"]
    assert [row["NEWEST USABLE"] for row in rows] == ["3 h ago", "1 h ago", "unknown"]
    assert [row["TYPE"] for row in rows] == ["-"] * 3
    assert [each["newest_usable"] and each["newest_usable"]["epoch_ms"] for each in objects] == [
        NOW - 3 * HOUR,
        NOW - HOUR,
        None,
    ]
    assert [each["restore_points"] for each in objects][2] is None


def test_gaps_name_what_vanished_when_that_was_within_90_days() -> None:
    past = Past(
        tuple(
            Gone(backup(f"gone-{days}", days * 24 + 9, retention=NOW + DAY), NOW - days * DAY - HOUR, NOW - days * DAY)
            for days in (1, 89, 91)
        )
    )
    sheet = of_gaps(judgement(reading(backup("new", 3), past=past), NOW), VIEW)
    vanished = [each for each in sheet.objects if each["what"] == "vanished early"]
    assert [(each["name"], each["gone_since"]["epoch_ms"]) for each in vanished] == [
        ("gone-1", NOW - DAY),
        ("gone-89", NOW - 89 * DAY),
    ]
