"""How each site is looked at, on the disk: a file for each, for nobody else to read, and never in the way."""

import os
import stat
from pathlib import Path

import pytest

from drtui.disk import arrangements
from drtui.disk.places import state_folder
from drtui.model.address import Address
from drtui.model.arrangement import LARGEST, Arrangement
from drtui.model.catalog import Order
from drtui.model.groups import Grouping

PROD, STAGING = Address("https", "gis.example.com", "arcgis"), Address("https", "gis.example.com", "staging")
TOOK, BY_DAY = Arrangement(Order("took")), Arrangement(grouping=Grouping.DAY)


def test_two_sites_are_remembered_apart() -> None:
    assert arrangements.recall(PROD) is None
    arrangements.keep(PROD, TOOK)
    arrangements.keep(STAGING, BY_DAY)
    assert (arrangements.recall(PROD), arrangements.recall(STAGING)) == (TOOK, BY_DAY)
    arrangements.forget(PROD)
    arrangements.forget(PROD)
    assert (arrangements.recall(PROD), arrangements.recall(STAGING)) == (None, BY_DAY)


def test_nobody_else_may_read_it() -> None:
    arrangements.keep(PROD, TOOK)
    path = arrangements.path_of(PROD)
    modes = [stat.S_IMODE(each.stat().st_mode) for each in (path, path.parent, state_folder())]
    assert modes == [0o600, 0o700, 0o700]
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("body", [b"", b"{", b"\x00" * 100, b"[" * 10_000_000, b'{"version": 1}'])
def test_a_damaged_file_is_nothing_and_is_replaced(body: bytes) -> None:
    arrangements.keep(PROD, TOOK)
    arrangements.path_of(PROD).write_bytes(body)
    assert arrangements.recall(PROD) is None
    arrangements.keep(PROD, BY_DAY)
    assert arrangements.recall(PROD) == BY_DAY


@pytest.mark.parametrize(("beyond", "expected"), [(0, TOOK), (1, None)])
def test_recall_reads_a_file_up_to_the_largest_size(beyond: int, expected: Arrangement | None) -> None:
    arrangements.keep(PROD, TOOK)
    path = arrangements.path_of(PROD)
    body = path.read_bytes()
    path.write_bytes(body + b" " * (LARGEST + beyond - len(body)))
    assert arrangements.recall(PROD) == expected


def test_the_file_of_a_newer_drtui_is_left_alone() -> None:
    arrangements.keep(PROD, TOOK)
    newer = b'{"version": 2, "view": "another"}'
    arrangements.path_of(PROD).write_bytes(newer)
    assert arrangements.recall(PROD) is None
    arrangements.keep(PROD, BY_DAY)
    assert arrangements.path_of(PROD).read_bytes() == newer


def test_what_cannot_be_written_leaves_what_was_there() -> None:
    arrangements.keep(PROD, TOOK)
    path = arrangements.path_of(PROD)
    path.unlink()
    path.mkdir()
    (path / "in the way").touch()
    assert arrangements.recall(PROD) is None
    with pytest.raises(OSError, match="directory"):
        arrangements.keep(PROD, BY_DAY)
    assert list(path.parent.iterdir()) == [path]


def test_a_state_folder_that_is_a_file_is_no_reason_to_fail(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    assert arrangements.recall(PROD) is None
    with pytest.raises(OSError, match="file"):
        arrangements.keep(PROD, TOOK)


def test_no_more_sites_are_remembered_than_anybody_has() -> None:
    for number in range(arrangements.MOST + 3):
        address = Address("https", f"gis{number}.example.com", "arcgis")
        arrangements.keep(address, TOOK)
        os.utime(arrangements.path_of(address), (number, number))
    arrangements.keep(PROD, BY_DAY)
    assert len(list(arrangements.path_of(PROD).parent.iterdir())) == arrangements.MOST
    assert arrangements.recall(PROD) == BY_DAY
    assert arrangements.recall(Address("https", "gis0.example.com", "arcgis")) is None
