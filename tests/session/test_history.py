"""The history of one site in a session: damage is reported and set aside, and never stops a refresh."""

import contextlib
import sqlite3
from pathlib import Path

import pytest

from drtui.core.model.address import Address
from drtui.core.model.site_state import SiteState
from drtui.core.wire.history_archive import Archive
from drtui.session.history import SiteCache
from drtui.storage.history_db import FILE, History
from drtui.storage.paths import state_folder
from tests.conftest import NOW
from tests.storage.archives import ADDRESS, refresh_archive

DAMAGES = ("UPDATE body SET json = x'5b5d'", "UPDATE answer SET body = x'5b5d'")
"""Statements after which SQLite reports no error, but the content is not what a server sends."""

damaged = pytest.mark.parametrize("statement", DAMAGES, ids=["record", "answer"])


def damage(path: Path, statement: str) -> None:
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute(statement)


class HistoryReplacedMeanwhile(History):
    """A history whose file another program sets aside and replaces during the first read."""

    raced = False

    def _load(self, address: Address, now: int, *, every_refresh: bool, gone: bool) -> Archive | None:
        try:
            return super()._load(address, now, every_refresh=every_refresh, gone=gone)
        finally:
            if not self.raced:
                self.raced = True
                history = History(self.path.parent)
                history._set_aside(None)
                history.add(refresh_archive(NOW, "b"))


def names(state: SiteState | None) -> list[str]:
    assert state is not None
    return [backup.name for answer in state.backups.values() for backup in answer.value or ()]


def test_load_returns_the_rest_when_a_record_cannot_be_read() -> None:
    history = History(state_folder())
    history.add(refresh_archive(NOW, "a", "b"))
    damage(history.path, "UPDATE body SET json = x'5b5d' WHERE record = 1")
    memory = SiteCache(ADDRESS, 400)
    assert names(memory.load("gis", NOW)) == ["b"]
    assert memory.failure.endswith(
        f"moved to {FILE}.damaged-1; the new history contains 1 of 2 restore points and 1 of 1 refresh"
    )


def test_load_returns_the_restore_points_when_another_answer_cannot_be_read() -> None:
    history = History(state_folder())
    history.add(refresh_archive(NOW, "a"))
    damage(history.path, "INSERT INTO answer VALUES (1, 'status', 0, x'5b5d')")
    memory = SiteCache(ADDRESS, 400)
    assert names(memory.load("gis", NOW)) == ["a"]
    assert "the new history contains 1 of 1 restore point and" in memory.failure


@damaged
def test_load_uses_the_new_history_when_another_program_moved_the_damaged_one(statement: str) -> None:
    history = History(state_folder())
    history.add(refresh_archive(NOW, "a"))
    damage(history.path, statement)
    memory = SiteCache(ADDRESS, 400)
    memory._history = HistoryReplacedMeanwhile(state_folder())
    assert names(memory.load("gis", NOW)) == ["b"]
    assert "Another drtui moved it aside" in memory.failure
    saved = history.load(ADDRESS)
    assert saved is not None
    assert [file.backup.name for file in saved.records] == ["b"]
