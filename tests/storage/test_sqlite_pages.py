"""Rows read from the leaf pages of a SQLite file equal those that SQLite reads."""

import random
import sqlite3
from contextlib import closing

import pytest

from drtui.storage.sqlite_pages import leaf_rows

VALUES = (None, 0, 1, -1, 127, -128, 40_000, -8_000_000, 1 << 31, -(1 << 40), (1 << 63) - 1, b"", b"x", b"y" * 300)
"""Values of every size in SQLite; texts equal bytes."""


@pytest.mark.parametrize("size", [512, 4096, 65_536])
def test_rows_are_those_of_the_table_when_some_need_pages_of_their_own(size: int) -> None:
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute(f"PRAGMA page_size = {size}")
        db.execute("CREATE TABLE x (id INTEGER PRIMARY KEY, a, b, c)")
        expected = [(key * 37, a, b"z" * (key * key % 9_000), "text") for key, a in enumerate(VALUES * 9, 1)]
        db.executemany("INSERT INTO x VALUES (?, ?, ?, ?)", expected)
        db.commit()
        body = db.serialize()
    actual = {key: values for key, values in leaf_rows(body) if len(values) == 4}
    assert actual == {key: (None, a, b, "text") for key, a, b, _ in expected}


def test_rows_end_when_the_file_is_anything() -> None:
    chance = random.Random(8)  # noqa: S311 - no secret
    for _ in range(30):
        body = bytearray(chance.randbytes(chance.choice((0, 50, 4_096, 20_000))))
        for start in range(0, len(body) - 100, 512):
            body[start + 100 if start == 0 else start] = 0x0D
        body[16:18] = b"\x02\x00"
        assert all(isinstance(key, int) for key, _ in leaf_rows(bytes(body)))
