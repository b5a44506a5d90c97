"""The history of one site as a session uses it: damage is reported, moved aside, and never in the way."""

import contextlib
import sqlite3
from pathlib import Path

import pytest

from drtui.disk.history import FILE, History
from drtui.disk.places import state_folder
from drtui.model.address import Address
from drtui.model.archive import Archive
from drtui.model.moment import LAST
from drtui.session.memory import Memory
from tests.conftest import NOW
from tests.disk.archives import ADDRESS, look

DAMAGES = ("UPDATE body SET json = x'5b5d'", "UPDATE answer SET body = x'5b5d'")
"""Statements after which SQLite finds nothing wrong, and what is in the file is not what a server sends."""

damaged = pytest.mark.parametrize("statement", DAMAGES, ids=["record", "answer"])


def damage(path: Path, statement: str) -> None:
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute(statement)


class Raced(History):
    """A history whose file another program moves aside, and begins anew, while it is being read."""

    def load(
        self, address: Address, now: int = LAST, *, every_look: bool = False, gone: bool = False
    ) -> Archive | None:
        try:
            return super().load(address, now, every_look=every_look, gone=gone)
        finally:
            other = History(self.path.parent)
            other.set_aside()
            other.add(look(NOW, "b"))


@damaged
def test_recall_moves_the_history_aside_when_what_is_in_it_cannot_be_read(statement: str) -> None:
    history = History(state_folder())
    history.add(look(NOW, "a"))
    damage(history.path, statement)
    memory = Memory(ADDRESS, 400)
    assert memory.recall("gis", NOW) is None
    assert f"set aside as {FILE}.damaged-1" in memory.trouble
    assert not history.path.exists()


@damaged
def test_recall_leaves_a_new_history_alone_when_another_program_moved_the_damaged_one(statement: str) -> None:
    history = History(state_folder())
    history.add(look(NOW, "a"))
    damage(history.path, statement)
    memory = Memory(ADDRESS, 400)
    memory._history = Raced(state_folder())
    assert memory.recall("gis", NOW) is None
    assert "another drtui has set it aside" in memory.trouble
    kept = history.load(ADDRESS)
    assert kept is not None
    assert [each.backup.name for each in kept.records] == ["b"]
