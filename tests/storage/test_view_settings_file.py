"""Files of view settings: one per site, private, and never the reason of a failure."""

import os
import stat
from pathlib import Path

import pytest

from drtui.core.listing.catalog import Order
from drtui.core.listing.grouping import Grouping
from drtui.core.listing.view_settings import MAX_FILE_BYTES, ViewSettings
from drtui.core.model.address import Address
from drtui.storage import view_settings_file
from drtui.storage.paths import state_folder

PROD, STAGING = Address("https", "gis.example.com", "arcgis"), Address("https", "gis.example.com", "staging")
TOOK, BY_DAY = ViewSettings(Order("took")), ViewSettings(grouping=Grouping.DAY)


def test_view_settings_are_separate_when_there_are_two_sites() -> None:
    assert view_settings_file.load(PROD) is None
    view_settings_file.save(PROD, TOOK)
    view_settings_file.save(STAGING, BY_DAY)
    assert (view_settings_file.load(PROD), view_settings_file.load(STAGING)) == (TOOK, BY_DAY)
    view_settings_file.forget(PROD)
    view_settings_file.forget(PROD)
    assert (view_settings_file.load(PROD), view_settings_file.load(STAGING)) == (None, BY_DAY)


def test_view_settings_file_is_private_when_saved() -> None:
    view_settings_file.save(PROD, TOOK)
    path = view_settings_file.path_of(PROD)
    modes = [stat.S_IMODE(file.stat().st_mode) for file in (path, path.parent, state_folder())]
    assert modes == [0o600, 0o700, 0o700]
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("body", [b"", b"{", b"\x00" * 100, b"[" * 10_000_000, b'{"version": 1}'])
def test_view_settings_are_none_when_the_file_is_damaged(body: bytes) -> None:
    view_settings_file.save(PROD, TOOK)
    view_settings_file.path_of(PROD).write_bytes(body)
    assert view_settings_file.load(PROD) is None
    view_settings_file.save(PROD, BY_DAY)
    assert view_settings_file.load(PROD) == BY_DAY


@pytest.mark.parametrize(("beyond", "expected"), [(0, TOOK), (1, None)])
def test_load_reads_the_file_when_it_has_at_most_the_largest_size(beyond: int, expected: ViewSettings | None) -> None:
    view_settings_file.save(PROD, TOOK)
    path = view_settings_file.path_of(PROD)
    body = path.read_bytes()
    path.write_bytes(body + b" " * (MAX_FILE_BYTES + beyond - len(body)))
    assert view_settings_file.load(PROD) == expected


def test_save_keeps_the_file_when_a_newer_drtui_wrote_it() -> None:
    view_settings_file.save(PROD, TOOK)
    newer = b'{"version": 2, "view": "another"}'
    view_settings_file.path_of(PROD).write_bytes(newer)
    assert view_settings_file.load(PROD) is None
    view_settings_file.save(PROD, BY_DAY)
    assert view_settings_file.path_of(PROD).read_bytes() == newer


def test_save_keeps_the_old_file_when_writing_fails() -> None:
    view_settings_file.save(PROD, TOOK)
    path = view_settings_file.path_of(PROD)
    path.unlink()
    path.mkdir()
    (path / "in the way").touch()
    assert view_settings_file.load(PROD) is None
    with pytest.raises(OSError, match="directory"):
        view_settings_file.save(PROD, BY_DAY)
    assert list(path.parent.iterdir()) == [path]


def test_load_is_none_when_the_state_folder_is_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    assert view_settings_file.load(PROD) is None
    with pytest.raises(OSError, match="file"):
        view_settings_file.save(PROD, TOOK)


def test_save_removes_the_oldest_files_when_there_are_too_many() -> None:
    for number in range(view_settings_file.MAX_SITES + 3):
        address = Address("https", f"gis{number}.example.com", "arcgis")
        view_settings_file.save(address, TOOK)
        os.utime(view_settings_file.path_of(address), (number, number))
    view_settings_file.save(PROD, BY_DAY)
    assert len(list(view_settings_file.path_of(PROD).parent.iterdir())) == view_settings_file.MAX_SITES
    assert view_settings_file.load(PROD) == BY_DAY
    assert view_settings_file.load(Address("https", "gis0.example.com", "arcgis")) is None
