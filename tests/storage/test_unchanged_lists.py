"""A list that came again unchanged writes only its time, and history tells the same as if everything was written."""

import contextlib
import sqlite3
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from drtui.core.formatting.durations import DAY, HOUR
from drtui.core.model.note import Note
from drtui.core.wire.history_archive import Archive
from drtui.storage.history_db import History
from tests.conftest import NOW
from tests.storage.archives import ADDRESS, refresh_archive

PAGE_BYTES, FRAME_HEADER, WAL_HEADER = 4096, 24, 32


def refresh(at: int, *names: str, store: str = "vault") -> Archive:
    """Return the archive of a refresh, with the digest that a list of these names has."""
    archive = refresh_archive(at, *names, store=store)
    return replace(archive, digests={store: repr(sorted(names)).encode()})


def save(history: History, archive: Archive, now: int) -> bool:
    """Save as a session does; return True if the lists were known."""
    is_known = history.add_unchanged(replace(archive, records=()), now)
    if not is_known:
        history.add(archive, now, now)
    return is_known


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History(tmp_path)


@pytest.mark.parametrize(
    ("before", "then", "expected"),
    [
        ([], refresh(NOW, "a"), False),
        ([refresh(NOW - HOUR, "a")], refresh(NOW, "a"), True),
        ([refresh(NOW - HOUR, "a")], refresh(NOW, "a", "b"), False),
        ([refresh(NOW - HOUR, "a")], refresh(NOW, "a", store="other"), False),
        ([refresh(NOW - HOUR, "a")], replace(refresh(NOW, "a"), digests={}), False),
        ([refresh(NOW - HOUR, "a"), replace(refresh(NOW, "a"), digests={})], refresh(NOW, "a"), False),
        ([refresh(NOW + 2 * HOUR, "a")], refresh(NOW, "a"), False),
        ([refresh(NOW - HOUR, "a"), refresh(NOW, "a", "b")], refresh(NOW, "a"), False),
    ],
    ids=["nothing stored", "same", "changed", "other store", "no digest", "no digest before", "older", "changed back"],
)
def test_add_unchanged_is_true_only_when_every_list_is_the_last_known_one(
    history: History, before: list[Archive], then: Archive, *, expected: bool
) -> None:
    for archive in before:
        history.add(archive)
    assert history.add_unchanged(replace(then, records=()), NOW + HOUR) is expected


@dataclass(frozen=True)
class Stored:
    """What a history tells of a site."""

    records: dict[str, tuple[int, int, int | None]]
    lists: dict[str, int]
    refreshes: list[int]


def stored(history: History, now: int) -> Stored:
    """Return what a history tells of the site."""
    archive = history.load(ADDRESS, now, every_refresh=True)
    assert archive is not None
    records = {
        f"{seen.backup.store} {seen.backup.name}": (seen.first_seen, seen.last_seen, seen.missing_since)
        for seen in archive.records
    }
    return Stored(records, archive.list_times, [look.at for look in archive.refreshes])


NAMES = st.sampled_from([("a",), ("a",), ("a", "b"), ("b",), ()])
STEPS = st.lists(
    st.tuples(
        st.integers(1, 30 * 24),
        NAMES,
        st.sampled_from(["vault", "vault", "other"]),
        st.sampled_from(["save", "save", "save", "import", "ahead", "note"]),
    ),
    min_size=1,
    max_size=10,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=15)
@given(steps=STEPS)
def test_history_tells_the_same_when_unchanged_lists_are_not_written(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[int, tuple[str, ...], str, str]]
) -> None:
    """Compare with a history that writes every record of every refresh."""
    quick, whole = (History(tmp_path_factory.mktemp(name), 60) for name in ("quick", "whole"))
    now = NOW
    for hours, names, store, kind in steps:
        now += hours * HOUR
        archive = refresh(now, *names, store=store)
        if kind == "note":
            for history in (quick, whole):
                history.add(Archive(ADDRESS, notes=(Note(f"{now}", store, "a", NOW, now, "anna", "restored"),)), now)
            continue
        if kind == "import":  # of another machine: older, and without digests
            other = replace(refresh_archive(now - 7 * DAY - 1, *names, store=store), digests={})
            quick.add(other, now)
            whole.add(other, now)
            continue
        if kind == "ahead":  # the clock of this machine was wrong
            archive = refresh(now + 90 * DAY, *names, store=store)
            quick.add(archive)
            whole.add(archive)
            continue
        save(quick, archive, now)
        whole.add(archive, now, now)
        assert stored(quick, now) == stored(whole, now)


def test_history_shows_a_deletion_at_the_last_time_of_the_backup_when_lists_were_unchanged(history: History) -> None:
    assert [save(history, refresh(NOW + hour * HOUR, "a", "b"), NOW + hour * HOUR) for hour in range(4)] == [
        False, True, True, True,
    ]  # fmt: skip
    assert not save(history, refresh(NOW + 4 * HOUR, "b"), NOW + 4 * HOUR)
    assert stored(history, NOW + 4 * HOUR).records == {
        "vault a": (NOW, NOW + 3 * HOUR, NOW + 4 * HOUR),
        "vault b": (NOW, NOW + 4 * HOUR, None),
    }


def test_refresh_writes_at_most_five_pages_when_ten_thousand_backups_are_unchanged(history: History) -> None:
    names = [f"nightly-{number}" for number in range(10_000)]
    save(history, refresh(NOW, *names), NOW)
    with contextlib.closing(sqlite3.connect(history.path)) as reader:  # keeps the write-ahead log from being removed
        reader.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        assert save(history, refresh(NOW + HOUR, *names), NOW + HOUR)
        size = history.path.with_name(f"{history.path.name}-wal").stat().st_size
    assert 1 <= (size - WAL_HEADER) // (PAGE_BYTES + FRAME_HEADER) <= 5


def test_backups_stay_when_a_note_is_added_after_an_unchanged_list(history: History) -> None:
    for hour in range(2):
        save(history, refresh(NOW + hour * HOUR, "a"), NOW + hour * HOUR)
    history.add(Archive(ADDRESS, notes=(Note("1", "vault", "a", NOW, NOW, "anna", "restored"),)), NOW + HOUR)
    assert stored(history, NOW + HOUR).records == {"vault a": (NOW, NOW + HOUR, None)}


def test_history_without_digests_is_used_when_it_is_of_version_2(history: History) -> None:
    save(history, refresh(NOW, "a"), NOW)
    with contextlib.closing(sqlite3.connect(history.path)) as db:
        db.executescript("DROP TABLE digest; PRAGMA user_version = 2;")
    assert stored(history, NOW).records == {"vault a": (NOW, NOW, None)}
    assert [save(history, refresh(NOW + hour * HOUR, "a"), NOW + hour * HOUR) for hour in (1, 2)] == [False, True]
    assert stored(history, NOW + 2 * HOUR).records == {"vault a": (NOW, NOW + 2 * HOUR, None)}


def test_recovered_history_has_the_last_time_when_lists_were_unchanged(history: History) -> None:
    for hour in range(3):
        save(history, refresh(NOW + hour * HOUR, "a"), NOW + hour * HOUR)
    history._recover("a page is damaged", None)
    assert stored(history, NOW + 3 * HOUR).records == {"vault a": (NOW, NOW + 2 * HOUR, None)}
    assert not save(history, refresh(NOW + 3 * HOUR, "a"), NOW + 3 * HOUR)
    assert stored(history, NOW + 3 * HOUR).records == {"vault a": (NOW, NOW + 3 * HOUR, None)}
