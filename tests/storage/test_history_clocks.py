"""Wrong clocks: history stores no time later than now, and a list that was just read wins."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from drtui.core.formatting.durations import DAY, HOUR
from drtui.core.model.site_state import Source
from drtui.core.wire.backups import BackupDecoder
from drtui.core.wire.history_archive import (
    Archive,
    SeenBackup,
    from_json,
    site_history_of,
    site_state_of,
    to_json,
    without_future_times,
)
from drtui.storage.history_db import History
from tests.conftest import NOW
from tests.storage.archives import ADDRESS, record, refresh_archive

AHEAD = 30 * DAY


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History(tmp_path / "drtui")


def at(hours: int) -> int:
    return NOW + hours * HOUR


def dated_refresh(moment: int, *names: str, outcome: str = "") -> Archive:
    """Return a refresh dated `at`; the backup `n3` started at the third hour, whatever the clock said."""
    plain = refresh_archive(moment, outcome=outcome)
    backups = (BackupDecoder("vault").decode_saved(record(name, at(int(name[1:])))) for name in names)
    return replace(plain, records=tuple(SeenBackup(number, 0, moment, moment, None) for number in backups))


def listed_backups(history: History, now: int) -> dict[str, bool]:
    """Return for each backup whether it is listed at a moment; check that nothing loaded is later."""
    archive = history.load(ADDRESS, now)
    assert archive is not None
    assert latest_time(archive) <= now
    return {stored.backup.name: stored.missing_since is None for stored in archive.records}


def latest_time(archive: Archive) -> int:
    """Return the latest time anywhere in an archive."""
    times = [*archive.list_times.values(), *(answer.at for answer in archive.answers.values())]
    times += [refresh.at for refresh in archive.refreshes]
    times += [
        moment
        for stored in archive.records
        for moment in (stored.first_seen, stored.last_seen, stored.missing_since or 0)
    ]
    return max(times, default=0)


def test_later_backups_are_there_when_a_refresh_has_a_later_date(history: History) -> None:
    """The file as left by 0.1.0: each refresh after one with a future date counted as older."""
    history.add(dated_refresh(at(0) + AHEAD, "n0"))
    history.add(dated_refresh(at(2), "n0", "n1"))
    history.add(dated_refresh(at(4), "n0", "n1", "n3"))
    assert listed_backups(history, at(5)) == {"n0": True, "n1": True, "n3": True}
    archive = history.load(ADDRESS, at(5), gone=True)
    assert archive is not None
    assert archive.records == ()
    assert archive.list_times == {"vault": at(4)}, "the list was read at the last look up to now"


def test_deleted_backups_are_gone_when_the_refresh_before_has_a_later_date(history: History) -> None:
    history.add(dated_refresh(at(0) + AHEAD, "n-2", "n-1"))
    history.add(dated_refresh(at(2), "n-1"), at(2), at(2))
    assert listed_backups(history, at(2)) == {"n-2": False, "n-1": True}


def test_deleted_backups_are_gone_when_only_the_wrong_clock_missed_them(history: History) -> None:
    history.add(dated_refresh(at(0), "n-2", "n-1"))
    history.add(dated_refresh(at(1) + AHEAD, "n-1"))
    assert listed_backups(history, at(2)) == {"n-2": False, "n-1": True}
    history.add(dated_refresh(at(3), "n-2", "n-1"), at(3), at(3))
    assert listed_backups(history, at(3)) == {"n-2": True, "n-1": True}


def test_history_shows_the_last_list_when_saved_times_are_later(history: History) -> None:
    history.add(dated_refresh(at(0) + AHEAD, "n-1"))
    history.add(dated_refresh(at(2), "n-1", "n1"), at(2), at(2))
    history.add(dated_refresh(at(3), "n1"), at(3), at(3))
    history.add(dated_refresh(at(4), "n1", "n3"), at(4), at(4))
    assert listed_backups(history, at(4)) == {"n-1": False, "n1": True, "n3": True}
    whole = history.load(ADDRESS)
    assert whole is not None
    assert latest_time(whole) <= at(4), "the file itself still holds a later moment"


def test_history_reports_no_deletion_when_the_clock_is_set_back(history: History) -> None:
    history.add(dated_refresh(at(10), "n0", "n5"), at(10), at(10))
    history.add(dated_refresh(at(6), "n0", "n5", "n6"), at(6), at(6))
    assert listed_backups(history, at(6)) == {"n0": True, "n5": True, "n6": True}
    history.add(dated_refresh(at(11), "n5", "n6"), at(11), at(11))
    assert listed_backups(history, at(11)) == {"n0": False, "n5": True, "n6": True}


def test_history_shows_the_last_answers_when_saved_times_are_later(history: History) -> None:
    history.add(refresh_archive(at(0) + AHEAD, store="old"))
    history.add(refresh_archive(at(1), store="new"), at(1), at(1))
    archive = history.load(ADDRESS, at(1))
    assert archive is not None
    assert json.loads(archive.answers["stores"].answer) == {"backupStores": [{"name": "new"}]}


def test_history_keeps_its_times_when_a_refresh_failed(history: History) -> None:
    history.add(dated_refresh(at(0), "n-1"))
    history.add(replace(refresh_archive(at(3), outcome="stores: dns"), list_times={}, answers={}))
    history.add(dated_refresh(at(1) + AHEAD, "n-1"))
    archive = history.load(ADDRESS, at(4))
    assert archive is not None
    assert archive.list_times == {"vault": at(0)}


def test_import_clamps_times_in_order_when_they_are_in_the_future(history: History) -> None:
    """An import from a machine whose clock is ahead: what it saw, and missed, still counts."""
    far = History(history.path.parent / "far")
    for hour in range(4):
        far.add(dated_refresh(at(hour) + AHEAD, *(f"n{number}" for number in range(hour - 2, hour + 1))))
    exported = far.load(ADDRESS, every_refresh=True)
    assert exported is not None
    history.add(from_json(to_json(exported)), at(5))
    assert listed_backups(history, at(5)) == {
        "n-2": False,
        "n-1": False,
        "n0": False,
        "n1": True,
        "n2": True,
        "n3": True,
    }
    again = history.load(ADDRESS, every_refresh=True)
    assert again is not None
    assert from_json(to_json(again)) == again


def test_import_keeps_known_times_when_they_are_past(history: History) -> None:
    history.add(dated_refresh(at(0), "n-1"), at(0), at(0))
    history.add(dated_refresh(at(2), "n-1", "n1"), at(2), at(2))
    before = history.load(ADDRESS, every_refresh=True)
    history.add(dated_refresh(at(0), "n-1"), at(3))
    after = history.load(ADDRESS, every_refresh=True)
    assert before is not None
    assert after is not None
    assert (after.records, after.list_times, after.answers) == (before.records, before.list_times, before.answers)


def test_nothing_changes_when_nothing_is_later_than_now() -> None:
    archive = dated_refresh(at(0), "n-1")
    assert without_future_times(archive, at(0)) is archive


HOURS = st.integers(0, 40)
LOOKS = st.lists(
    st.tuples(
        HOURS,
        st.sampled_from([0, 0, 0, AHEAD, 3 * HOUR, -2 * HOUR, 800 * DAY]),
        st.booleans(),
        st.frozensets(st.integers(-5, 40), max_size=6),
    ),
    max_size=8,
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(looks=LOOKS, last=st.frozensets(st.integers(-5, 40), max_size=6))
def test_history_shows_the_last_list_when_clocks_were_wrong(
    tmp_path_factory: pytest.TempPathFactory,
    looks: list[tuple[int, int, bool, frozenset[int]]],
    last: frozenset[int],
) -> None:
    history = History(tmp_path_factory.mktemp("history"))
    for hour, error, poisons, numbers in sorted(looks, key=lambda refresh: refresh[0]):
        stamp = at(hour) + error
        archive = dated_refresh(stamp, *(f"n{number}" for number in sorted(numbers)))
        if poisons:
            history.add(archive)  # as 0.1.0 did
        else:
            history.add(archive, stamp, stamp)
    now = at(50)
    history.add(dated_refresh(now, *(f"n{number}" for number in sorted(last))), now, now)
    actual = listed_backups(history, now)
    assert {name for name, there in actual.items() if there} == {f"n{number}" for number in last}
    loaded = history.load(ADDRESS, now, every_refresh=True)
    assert loaded is not None
    exported = from_json(to_json(loaded))
    assert [refresh.missing_since for refresh in exported.records] == [
        refresh.missing_since for refresh in loaded.records
    ]
    assert len(site_state_of(loaded, "", Source.SAVED).all_backups) == len(last)
    assert {gone.backup.name for gone in site_history_of(loaded).deletions} == {
        name for name, there in actual.items() if not there
    }
