"""The history file: what it keeps, what it reports as deleted, and what survives damage."""

import contextlib
import os
import re
import sqlite3
import stat
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from drtui.core.formatting.durations import DAY, HOUR
from drtui.core.model.address import Address
from drtui.core.model.note import Note
from drtui.core.wire.backup_schema import record_json
from drtui.core.wire.backups import BackupDecoder
from drtui.core.wire.history_archive import Archive, SeenBackup
from drtui.storage.history_db import FILE, History, HistoryError
from tests import processes
from tests.conftest import NOW
from tests.storage.archives import ADDRESS, record, refresh_archive
from tests.storage.writers import names_of


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History(tmp_path / "drtui")


def stored_times(history: History) -> dict[str, tuple[int, int, int | None]]:
    """Return first seen, last seen and missing since of each backup, in hours after NOW."""
    archive = history.load(ADDRESS)
    assert archive is not None

    def hours(moment: int) -> int:
        return (moment - NOW) // HOUR

    return {
        stored.backup.name: (
            hours(stored.first_seen),
            hours(stored.last_seen),
            None if stored.missing_since is None else hours(stored.missing_since),
        )
        for stored in archive.records
    }


def test_history_loads_the_archive_when_it_was_added(history: History) -> None:
    added = refresh_archive(NOW, "a", "b")
    history.add(added)
    assert history.load(ADDRESS) == added


def test_history_loads_only_deleted_backups_when_asked_for_gone(history: History) -> None:
    history.add(refresh_archive(NOW, "a", "b"))
    history.add(refresh_archive(at(1), "b"))
    archive = history.load(ADDRESS, gone=True)
    assert archive is not None
    assert [stored.backup.name for stored in archive.records] == ["a"]


def test_history_loads_none_when_the_site_is_unknown(history: History) -> None:
    assert history.load(ADDRESS) is None
    history.add(refresh_archive(NOW, "a"))
    assert history.load(Address("https", "other.example.com", "arcgis")) is None


def at(hours: int) -> int:
    return NOW + hours * HOUR


@pytest.mark.parametrize(
    ("looks", "expected"),
    [
        ([(0, "ab"), (1, "ab")], {"a": (0, 1, None), "b": (0, 1, None)}),
        ([(0, "ab"), (1, "b")], {"a": (0, 0, 1), "b": (0, 1, None)}),
        ([(0, "ab"), (1, "b"), (2, "b")], {"a": (0, 0, 1), "b": (0, 2, None)}),
        ([(0, "a"), (1, ""), (2, "a")], {"a": (0, 2, None)}),
        ([(0, "a"), (1, ""), (2, "a"), (3, "")], {"a": (0, 2, 3)}),
        ([(2, "b"), (0, "ab")], {"a": (0, 0, 2), "b": (0, 2, None)}),
        ([(2, ""), (0, "a"), (1, "a")], {"a": (0, 1, 2)}),
        ([(0, "a"), (3, ""), (1, "a")], {"a": (0, 1, 3)}),
    ],
    ids=["stays", "goes", "stays gone", "comes back", "goes again", "late", "two late", "late one was there"],
)
def test_history_dates_backups_when_refreshes_come_in_any_order(
    history: History, looks: list[tuple[int, str]], expected: dict[str, tuple[int, int, int | None]]
) -> None:
    for hour, names in looks:
        history.add(refresh_archive(at(hour), *names))
    assert stored_times(history) == expected


def test_history_marks_nothing_gone_when_a_store_was_not_read(history: History) -> None:
    history.add(refresh_archive(NOW, "a"))
    history.add(refresh_archive(at(1), "z", store="other"))
    assert stored_times(history) == {"a": (0, 0, None), "z": (1, 1, None)}


def test_history_keeps_the_last_record_when_it_changed(history: History) -> None:
    history.add(refresh_archive(at(1), "a"))
    older = refresh_archive(NOW, "a")
    changed = BackupDecoder("vault").decode_saved(record("a").replace(b"completed", b"running"))
    history.add(Archive(ADDRESS, {}, older.list_times, (SeenBackup(changed, 0, NOW, NOW, None),)))
    archive = history.load(ADDRESS)
    assert archive is not None
    assert msgspec.json.decode(record_json(archive.records[0].backup)) == msgspec.json.decode(record("a"))


@pytest.mark.parametrize("hours", [(0, 1, 2), (2, 1, 0), (1, 2, 0), (2, 0, 1)])
def test_add_keeps_the_newest_answer_when_refreshes_come_in_any_order(history: History, hours: tuple[int, ...]) -> None:
    for hour in hours:
        history.add(refresh_archive(at(hour), "a", store=f"store-{hour}"))
    archive = history.load(ADDRESS)
    assert archive is not None
    assert archive.answers == refresh_archive(at(2), store="store-2").answers
    assert archive.list_times == {f"store-{hour}": at(hour) for hour in range(3)}


@pytest.mark.parametrize("hours", [(0, 1), (1, 0)])
def test_add_keeps_the_newest_list_time_when_refreshes_come_in_any_order(
    history: History, hours: tuple[int, ...]
) -> None:
    for hour in hours:
        history.add(refresh_archive(at(hour), "a"))
    archive = history.load(ADDRESS)
    assert archive is not None
    assert archive.list_times == {"vault": at(1)}


def deletion_archive(last: int, gone: int | None) -> Archive:
    """Return a backup as another machine knows it: last seen and missing since, in hours after NOW."""
    (stored,) = refresh_archive(NOW, "a").records
    return Archive(
        ADDRESS,
        records=(replace(stored, last_seen=at(last), missing_since=None if gone is None else at(gone)),),
        list_times={},
    )


@pytest.mark.parametrize(
    ("imports", "expected"),
    [
        (((0, 3), (0, 2)), (0, 0, 2)),
        (((0, 2), (0, 3)), (0, 0, 2)),
        (((0, 4), (0, 2), (0, 3)), (0, 0, 2)),
        (((0, 3), (0, None)), (0, 0, 3)),
        (((0, None), (0, 3)), (0, 0, 3)),
        (((0, 2), (2, 3)), (0, 2, 3)),
        (((2, 3), (0, 2)), (0, 2, 3)),
        (((0, 2), (3, None)), (0, 3, None)),
    ],
    ids=["later first", "earlier first", "three", "unknown", "unknown first", "back", "late", "still there"],
)
def test_add_keeps_the_earliest_deletion_when_machines_differ(
    history: History, imports: tuple[tuple[int, int | None], ...], expected: tuple[int, int, int | None]
) -> None:
    for last, gone in imports:
        history.add(deletion_archive(last, gone))
    assert stored_times(history) == {"a": expected}


def test_history_prunes_backups_when_they_are_gone_for_long(tmp_path: Path) -> None:
    history = History(tmp_path, keep_days=10)
    history.add(refresh_archive(NOW, "a", "b"))
    history.add(refresh_archive(NOW + DAY, "b"))
    history.add(refresh_archive(NOW + 11 * DAY, "b"))
    assert set(stored_times(history)) == {"a", "b"}
    history.add(refresh_archive(NOW + 12 * DAY, "b"))
    assert set(stored_times(history)) == {"b"}


def test_history_loads_one_refresh_a_day_when_not_exporting(history: History) -> None:
    for hour in range(3):
        history.add(refresh_archive(NOW // DAY * DAY + hour, "a"))
    archive, whole = history.load(ADDRESS), history.load(ADDRESS, every_refresh=True)
    assert archive is not None
    assert whole is not None
    assert ([refresh.at % DAY for refresh in archive.refreshes], len(whole.refreshes)) == ([2], 3)


def test_sites_tell_counts_and_the_newest_list_when_there_are_several(history: History) -> None:
    history.add(refresh_archive(at(3), "a", "b"))
    history.add(refresh_archive(at(5), "b"))
    history.add(refresh_archive(at(1), "c", store="other"))
    history.add(replace(refresh_archive(at(4), "d"), address=Address("https", "other.example.com", "arcgis")))
    sites = history.sites()
    assert [(site.address.host, site.refreshes, site.listed, site.gone, site.newest) for site in sites] == [
        ("gis.example.com", 3, 2, 1, at(5)),
        ("other.example.com", 1, 1, 0, at(4)),
    ]
    stored = history.load(ADDRESS)
    assert stored is not None
    answers = sum(len(site.answer) for site in stored.answers.values())
    assert sites[0].bytes == sum(len(record_json(site.backup)) for site in stored.records) + answers


def test_a_damaged_file_takes_its_log_along_when_it_is_set_aside(history: History) -> None:
    history.add(refresh_archive(NOW, "a"))
    history.path.write_bytes(DAMAGE["empty"](b""))
    for ending in ("-wal", "-shm"):
        history.path.with_name(FILE + ending).write_bytes(b"of the damaged one")
    with pytest.raises(HistoryError, match="moved to"):
        history.load(ADDRESS)
    history.add(refresh_archive(at(1), "b"))
    assert stored_times(history) == {"b": (1, 1, None)}
    folder = history.path.parent
    assert {file.name for file in folder.glob("*.damaged-1*")} >= {f"{FILE}.damaged-1", f"{FILE}.damaged-1-wal"}


class HistoryKeepingDeletedRows(History):
    """A history in which SQLite leaves deleted rows in the file, as builds without secure delete do."""

    def _connect(self) -> sqlite3.Connection:
        connection = super()._connect()
        connection.execute("PRAGMA secure_delete = OFF")
        return connection


@pytest.mark.parametrize("is_open_elsewhere", [False, True], ids=["alone", "open elsewhere"])
@pytest.mark.parametrize("names", [1, 500])
def test_forget_leaves_nothing_in_any_file_when_a_site_was_known(
    tmp_path: Path, names: int, *, is_open_elsewhere: bool
) -> None:
    history = HistoryKeepingDeletedRows(tmp_path / "drtui")
    history.add(refresh_archive(NOW, *(f"very-much-a-name-{number}" for number in range(names))))
    with contextlib.closing(sqlite3.connect(history.path)) as other_address:
        if is_open_elsewhere:  # then closing the last connection of `forget` does not remove the log
            other_address.execute("SELECT count(*) FROM record").fetchone()
        assert history.forget(ADDRESS)
        files = list(history.path.parent.iterdir())
        assert [file.name for file in files if b"very-much-a-name" in file.read_bytes()] == []
    assert not history.forget(ADDRESS)
    assert history.load(ADDRESS) is None


def test_history_file_is_private_when_created(history: History) -> None:
    history.path.parent.mkdir(mode=0o755)
    history.add(refresh_archive(NOW, "a"))
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in (history.path.parent, history.path)}
    assert modes == {"drtui": 0o700, FILE: 0o600}


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "text": lambda _: b"this is no database" * 100,
    "empty": lambda _: b"\0" * 5_000,
    "another program's": lambda _: foreign(),
    "scrambled": lambda body: body[:4096] + bytes(255 - byte for byte in body[4096:]),
}


def foreign() -> bytes:
    """A database of another program."""
    db = sqlite3.connect(":memory:")
    db.execute("CREATE TABLE something (x)")
    body = db.serialize()
    db.close()
    return body


@pytest.mark.parametrize("damage", DAMAGE)
def test_history_starts_a_new_file_when_the_old_one_is_damaged(history: History, damage: str) -> None:
    history.add(refresh_archive(NOW, *(f"backup-{number}" for number in range(200))))
    history.path.write_bytes(DAMAGE[damage](history.path.read_bytes()))

    def use() -> None:
        history.load(ADDRESS)
        history.add(refresh_archive(at(1), *(f"backup-{number}" for number in range(200))))

    with pytest.raises(HistoryError, match="moved to"):
        use()
    history.add(refresh_archive(at(2), "a"))
    assert stored_times(history) == {"a": (2, 2, None)}
    assert history.path.with_name(f"{FILE}.damaged-1").exists()


PAGE = 4096


def roots_of(path: Path) -> dict[str, int]:
    """Return the number of the first page of each table and index."""
    with contextlib.closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return dict(db.execute("SELECT name, rootpage FROM sqlite_schema")) | {"sqlite_schema": 1}


def pages_of(path: Path, table: str) -> list[int]:
    """Return the numbers of the pages with rows of a table or index."""
    inner, pages = [roots_of(path)[table]], []
    body = path.read_bytes()
    while inner:
        page = inner.pop()
        at = (page - 1) * PAGE + (100 if page == 1 else 0)
        if body[at] in {0x0A, 0x0D}:
            pages.append(page)
            continue
        cells = int.from_bytes(body[at + 3 : at + 5], "big")
        pointers = [int.from_bytes(body[at + 12 + 2 * n : at + 14 + 2 * n], "big") for n in range(cells)]
        inner += [int.from_bytes(body[(page - 1) * PAGE + number :][:4], "big") for number in pointers]
        inner.append(int.from_bytes(body[at + 8 : at + 12], "big"))
    return sorted(pages)


def damage_pages(path: Path, *pages: int) -> None:
    with path.open("r+b") as file:
        for page in pages:
            file.seek((page - 1) * PAGE)
            file.write(bytes(byte ^ 0xA5 for byte in path.read_bytes()[(page - 1) * PAGE : page * PAGE]))


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Archive, bytes]:
    """Return the content and the file of a history with 400 backups, some of them deleted, and 60 refreshes."""
    history = History(tmp_path_factory.mktemp("filled"))
    for hour in range(60):
        history.add(
            refresh_archive(at(hour), *(f"backup-{number}" for number in range(2 * hour, 400 if hour < 2 else 150)))
        )
    whole = history.load(ADDRESS, every_refresh=True)
    assert whole is not None
    pages_of(history.path, "site")  # the log is empty afterwards
    return whole, history.path.read_bytes()


HOLDS = re.compile(
    r"the new history contains (\d+) of \d+ restore points? and (\d+) of \d+ refresh(?:es)?(?:; notes may be lost)?$"
)


def lost_after_damage(
    history: History, filled: tuple[Archive, bytes], damage: Callable[[Path], None]
) -> tuple[int, int]:
    """Use a history after damage to its file; return the numbers of lost backups and refreshes.

    The rest must be correct.
    """
    whole, body = filled
    history.path.parent.mkdir()
    history.path.write_bytes(body)
    damage(history.path)
    history.load(ADDRESS, every_refresh=True)
    history.add(refresh_archive(at(200), "late"))
    after_damage = history.load(ADDRESS, every_refresh=True)
    assert after_damage is not None
    before = {stored.backup.name: stored for stored in whole.records}
    after = {stored.backup.name: stored for stored in after_damage.records if stored.backup.name != "late"}
    gone = {
        name: replace(stored, missing_since=before[name].missing_since) for name, stored in after.items()
    }  # `late` replaces the others
    assert {name: before[name] for name in after} == gone
    assert len(after_damage.records) == len(after) + 1
    if history.recovery_message:
        counts = HOLDS.search(history.recovery_message)
        assert counts is not None, history.recovery_message
        lacking = len(after_damage.records) - int(counts[1]), len(after_damage.refreshes) - int(counts[2])
        assert lacking in {(0, 0), (1, 1)}  # `late` was written into the damaged file, or into the new one
        assert f"the history '{history.path}' is damaged (" in history.recovery_message
        assert f". It was moved to {FILE}.damaged-1; the new history" in history.recovery_message
        assert history.path.stat().st_mode & 0o777 == 0o600
    return len(before) - len(after), len(whole.refreshes) + 1 - len(after_damage.refreshes)


@pytest.mark.parametrize(
    ("table", "spoiled", "most"),
    [
        ("body", slice(0, 1), 30),
        ("body", slice(7, 8), 30),
        ("body", slice(-1, None), 30),
        ("body", slice(2, None, 5), 120),
        ("record", slice(1, 2), 80),
        ("record", slice(-1, None), 80),
        ("sqlite_autoindex_record_1", slice(3, 4), 0),
        ("look_at", slice(0, 1), 0),
        ("answer", slice(0, 1), 0),
        ("list", slice(0, 1), 0),
        ("sqlite_autoindex_site_1", slice(0, 1), 0),
        ("site", slice(0, 1), 0),
        ("sqlite_schema", slice(0, 1), 0),
        ("body", None, 0),
        ("record", None, 0),
    ],
    ids=str,
)
def test_readable_rows_are_kept_and_losses_counted_when_pages_are_damaged(
    history: History, filled: tuple[Archive, bytes], table: str, spoiled: slice | None, most: int
) -> None:
    def damage(path: Path) -> None:
        damage_pages(path, *(pages_of(path, table)[spoiled] if spoiled else [roots_of(path)[table]]))

    records, looks = lost_after_damage(history, filled, damage)
    assert bool(most) <= records <= most
    assert looks == 0
    if table in {"body", "record", "site", "sqlite_schema"}:
        assert history.recovery_message


def test_restore_points_are_kept_when_the_refreshes_cannot_be_read(
    history: History, filled: tuple[Archive, bytes]
) -> None:
    assert lost_after_damage(history, filled, lambda path: damage_pages(path, *pages_of(path, "look"))) == (0, 60)


def test_readable_rows_are_kept_when_the_file_was_cut(history: History, filled: tuple[Archive, bytes]) -> None:
    records, _ = lost_after_damage(history, filled, lambda path: os.truncate(path, len(filled[1]) // 8 * 7))
    assert 0 < records < 200


def test_readable_rows_are_kept_when_a_record_is_not_json(history: History, filled: tuple[Archive, bytes]) -> None:
    def damage(path: Path) -> None:
        with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as db:
            db.execute("UPDATE body SET json = x'5b5d' WHERE record IN (3, 7)")

    assert lost_after_damage(history, filled, damage) == (2, 0)


def test_other_sites_are_kept_when_the_page_of_one_is_damaged(history: History) -> None:
    other_address = Address("https", "other.example.com", "arcgis")
    history.add(refresh_archive(NOW, "a"))
    history.add(replace(refresh_archive(NOW, "b"), address=other_address))
    with contextlib.closing(sqlite3.connect(history.path, isolation_level=None)) as db:
        db.execute("UPDATE body SET json = x'5b5d' WHERE record = 1")
    assert stored_times(history) == {}
    assert history.recovery_message.endswith("the new history contains 1 of 2 restore points and 2 of 2 refreshes")
    archive = history.load(other_address)
    assert archive is not None
    assert [stored.backup.name for stored in archive.records] == ["b"]


def test_restore_points_are_lost_and_counted_when_the_address_of_their_site_is_damaged(history: History) -> None:
    other_address = Address("https", "other.example.com", "arcgis")
    history.add(refresh_archive(NOW, "a"))
    history.add(replace(refresh_archive(NOW, "b", "c"), address=other_address))
    with contextlib.closing(sqlite3.connect(history.path, isolation_level=None)) as db:
        db.execute("UPDATE site SET url = 'damaged' WHERE id = 1")
        db.execute("UPDATE body SET json = x'5b5d' WHERE record = 2")
    archive = history.load(other_address)
    assert history.recovery_message.endswith("the new history contains 1 of 3 restore points and 1 of 1 refresh")
    assert archive is not None
    assert [stored.backup.name for stored in archive.records] == ["c"]
    with contextlib.closing(sqlite3.connect(history.path)) as db:
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []


@pytest.mark.parametrize(
    "use", [lambda late: late.load(ADDRESS), lambda late: late.add(refresh_archive(at(2), "c"))], ids=["load", "add"]
)
def test_a_new_history_stays_when_another_program_has_moved_the_damaged_one(
    history: History, use: Callable[[History], object]
) -> None:
    history.add(refresh_archive(NOW, "a"))
    history.path.write_bytes(DAMAGE["empty"](b""))

    class Late(History):
        def _connect(self) -> sqlite3.Connection:
            """Open the damaged file; before that is reported, another program replaces it by a new one."""
            try:
                return super()._connect()
            finally:
                if not moved:
                    moved.append(history._set_aside(None))
                    history.add(refresh_archive(at(1), "b"))

    late, moved = Late(history.path.parent), list[Path | None]()
    use(late)
    assert "Another drtui moved it aside" in late.recovery_message
    assert stored_times(history)["b"][:2] == (1, 1)
    assert not history.path.with_name(f"{FILE}.damaged-2").exists()


def test_history_is_left_alone_when_a_newer_drtui_wrote_it(history: History) -> None:
    history.add(refresh_archive(NOW, "a"))
    db = sqlite3.connect(history.path)
    db.execute("PRAGMA user_version = 99")
    db.close()
    before = history.path.read_bytes()
    for attempt in (lambda: history.load(ADDRESS), lambda: history.add(refresh_archive(NOW, "a")), history.sites):
        with pytest.raises(HistoryError, match="newer drtui"):
            attempt()
    assert history.path.read_bytes() == before


@pytest.fixture
def read_only_history(history: History) -> Iterator[History]:
    """A history in a folder without write permission; root may write anywhere, so a file is used as the folder."""
    history.add(refresh_archive(NOW, "a"))
    history.path.parent.chmod(0o500)
    history.path.chmod(0o400)
    yield history
    history.path.parent.chmod(0o700)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_history_is_readable_when_its_folder_is_read_only(read_only_history: History) -> None:
    assert read_only_history.load(ADDRESS) is not None
    with pytest.raises(HistoryError, match="cannot be written"):
        read_only_history.add(refresh_archive(at(1), "b"))


def test_history_error_names_the_folder_when_it_cannot_be_created(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(HistoryError, match="cannot use the history"):
        History(tmp_path / "file" / "drtui").add(refresh_archive(NOW, "a"))


def test_history_error_names_the_disk_when_it_is_full(history: History) -> None:
    history.add(refresh_archive(NOW, "a"))
    db = sqlite3.connect(history.path)
    (pages,) = db.execute("PRAGMA page_count").fetchone()
    db.close()

    class Full(History):
        def _connect(self) -> sqlite3.Connection:
            """Open a connection that may not enlarge the file, as on a full disk."""
            db_connection = super()._connect()
            db_connection.execute(f"PRAGMA max_page_count = {pages}")
            return db_connection

    with pytest.raises(HistoryError, match="the disk is full"):
        Full(history.path.parent).add(refresh_archive(at(1), *(f"backup-{number}" for number in range(5_000))))
    assert stored_times(history) == {"a": (0, 0, None)}


def run_writers(*arguments: str) -> str:
    """Return the output of the writers, which run as a program of their own because they fork."""
    ran = processes.run([sys.executable, "-m", "tests.storage.writers", *arguments])
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def torn_backups(history: History) -> set[str]:
    """Return the backups in the file without their refresh, or missing although their refresh is there."""
    with contextlib.closing(sqlite3.connect(history.path)) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        looks = [identity for (identity,) in db.execute("SELECT id FROM look")]
        dated = {name for (name,) in db.execute("SELECT name FROM record")}
        names = {name for (name,) in db.execute("SELECT name FROM record JOIN body ON record = id")}
    due = {name for identity in looks for name in names_of(identity)}
    return (dated ^ due) | (names ^ due)


@pytest.mark.parametrize(
    ("way", "times"),
    [
        ("kill", 10),
        pytest.param("kill", 100, marks=pytest.mark.long),
        pytest.param("kill-by-the-clock", 100, marks=pytest.mark.long),
    ],
)
def test_history_contains_only_complete_refreshes_when_writers_are_killed(
    history: History, way: str, times: int
) -> None:
    committed = set(run_writers(way, str(history.path.parent), str(times)).split())
    assert len(committed) >= times
    archive = history.load(ADDRESS, every_refresh=True)
    assert archive is not None
    written = {refresh.id for refresh in archive.refreshes}
    assert written == committed if way == "kill" else written >= committed
    assert torn_backups(history) == set()
    history.add(refresh_archive(at(10_000), "a"))
    assert stored_times(history)["a"] == (10_000, 10_000, None)


def test_history_loses_nothing_when_twenty_programs_write(history: History) -> None:
    committed = set(run_writers("together", str(history.path.parent), "20", "10").split())
    archive = history.load(ADDRESS, every_refresh=True)
    assert archive is not None
    assert len(committed) == 200
    assert {line.id for line in archive.refreshes} == committed


def note(text: str, at_hours: int = 0, identity: str = "") -> Note:
    return Note(identity or text, "vault", "a", NOW, at(at_hours), "anna", text)


def test_history_adds_notes_when_the_file_is_of_version_1(history: History) -> None:
    history.add(refresh_archive(NOW, "a"))
    with contextlib.closing(sqlite3.connect(history.path)) as db:
        db.executescript("DROP TABLE note; DROP TABLE digest; PRAGMA user_version = 1;")
    archive = history.load(ADDRESS)
    assert archive == refresh_archive(NOW, "a")
    with contextlib.closing(sqlite3.connect(history.path)) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (1,), "reading changes nothing"
    history.add(Archive(ADDRESS, notes=(note("drill"),)), at(1))
    archive = history.load(ADDRESS)
    assert archive == replace(refresh_archive(NOW, "a"), notes=(note("drill"),))


def test_history_keeps_notes_when_their_backup_is_pruned(history: History) -> None:
    history.add(refresh_archive(NOW, "a"))
    history.add(Archive(ADDRESS, notes=(note("old"), note("new", 2))), at(3))
    history.add(Archive(ADDRESS, notes=(note("old"),)), at(3))
    late = NOW + 900 * DAY
    history.add(refresh_archive(late, "b"), late)
    history.add(refresh_archive(late + 900 * DAY, "b"), late + 900 * DAY)
    archive = history.load(ADDRESS, late + 900 * DAY, gone=True)
    assert archive is not None
    assert [stored.text for stored in archive.notes] == ["new", "old"]
    assert archive.records == ()
    assert history.forget(ADDRESS)
    history.add(refresh_archive(late, "b"), late)
    archive = history.load(ADDRESS)
    assert archive is not None
    assert archive.notes == ()


def test_history_makes_notes_harmless_when_the_file_was_altered(history: History) -> None:
    history.add(Archive(ADDRESS, notes=(note("drill"),)), NOW)
    with contextlib.closing(sqlite3.connect(history.path)) as db:
        db.executescript(
            "UPDATE note SET text = char(27) || '[31m', user = char(8238), name = char(7), store = char(10)"
        )
    archive = history.load(ADDRESS)
    assert archive is not None
    assert [(stored.user, stored.text, stored.name, stored.store) for stored in archive.notes] == [
        ("<202E>", "␛[31m", "␇", "␊")
    ]


def test_history_keeps_notes_when_a_clock_was_ahead(history: History) -> None:
    history.add(replace(refresh_archive(at(50), "a"), notes=(note("ahead", 50),)), at(50))
    history.add(refresh_archive(at(1), "a"), at(1))
    archive = history.load(ADDRESS, at(1))
    assert archive is not None
    assert archive.notes == (note("ahead", 1),)


def test_history_recovers_notes_when_another_table_is_damaged(history: History) -> None:
    history.add(replace(refresh_archive(NOW, *(f"backup-{n}" for n in range(40))), notes=(note("drill"),)))
    damage_pages(history.path, *pages_of(history.path, "answer"))
    history._recover("a page is damaged", None)
    assert history.recovery_message.endswith("1 of 1 refresh, with 1 note")
    archive = history.load(ADDRESS)
    assert archive is not None
    assert archive.notes == (note("drill"),)


def test_history_says_that_notes_may_be_lost_when_their_table_is_damaged(history: History) -> None:
    notes = tuple(note("drill " * 50, identity=f"{number:03}") for number in range(100))
    history.add(replace(refresh_archive(NOW, "a"), notes=notes))
    damage_pages(history.path, pages_of(history.path, "note")[3])
    assert history.load(ADDRESS) is not None
    archive = history.load(ADDRESS)
    assert archive is not None
    assert 0 < len(archive.notes) < 100
    assert history.recovery_message.endswith(f", with {len(archive.notes)} notes; other notes may be lost")


def test_history_recovers_notes_when_nothing_else_is_readable(history: History) -> None:
    history.add(Archive(ADDRESS, notes=(note("drill"),)), NOW)
    pages_of(history.path, "note")  # the log is empty afterwards
    history._recover("a page is damaged", None)
    archive = history.load(ADDRESS)
    assert archive is not None
    assert archive.notes == (note("drill"),)


def test_history_has_no_lost_notes_when_a_damaged_file_is_of_version_1(history: History) -> None:
    history.add(refresh_archive(NOW, "a"))
    with contextlib.closing(sqlite3.connect(history.path)) as db:
        db.executescript("DROP TABLE note; DROP TABLE digest; PRAGMA user_version = 1;")
    history._recover("a page is damaged", None)
    assert history.recovery_message.endswith("the new history contains 1 of 1 restore point and 1 of 1 refresh")
