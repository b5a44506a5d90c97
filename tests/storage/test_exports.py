"""Exported files: private, complete or absent, never over another file."""

import os
from pathlib import Path

import pytest

from drtui.storage.exports import ExportError, free_path, write_export
from drtui.storage.paths import exports_folder


def test_export_creates_a_private_folder_when_it_is_missing() -> None:
    path = write_export(str(free_path("a.md")), "a.md", "Größe\n")
    assert path == exports_folder() / "a.md"
    assert path.read_text(encoding="utf-8") == "Größe\n"
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert list(path.parent.iterdir()) == [path]


def test_free_path_adds_a_number_when_the_name_is_taken() -> None:
    for expected in ("a.md", "a-2.md", "a-3.md"):
        assert write_export(str(free_path("a.md")), "a.md", "").name == expected


def test_export_uses_the_proposed_name_when_the_path_is_a_folder(tmp_path: Path) -> None:
    assert write_export(str(tmp_path), "a.md", "x") == tmp_path / "a.md"


def test_export_expands_the_path_when_it_is_relative_or_in_a_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert write_export("~/a", "n", "x") == tmp_path / "a"
    assert write_export("b", "n", "x") == tmp_path / "b"


@pytest.mark.parametrize("kind", ["file", "link", "dangling"])
def test_export_is_refused_when_a_file_or_link_exists(tmp_path: Path, kind: str) -> None:
    mine, path = tmp_path / "mine", tmp_path / "path"
    if kind != "dangling":
        mine.write_text("mine")
    if kind == "file":
        path = mine
    else:
        path.symlink_to(mine)
    with pytest.raises(ExportError, match="Choose another name"):
        write_export(str(path), "n", "theirs")
    assert kind == "dangling" or mine.read_text() == "mine"
    assert mine.exists() is (kind != "dangling")


@pytest.mark.parametrize("where", ["nowhere/at/all", "a\0b", "x" * 300, "~nobody-of-that-name/a"])
def test_export_error_is_one_line_when_the_path_is_unusable(tmp_path: Path, where: str) -> None:
    with pytest.raises(ExportError) as caught:
        write_export(where if where[0] == "~" else str(tmp_path / where), "n", "x")
    assert str(caught.value).count("\n") == 0
    assert not list(tmp_path.iterdir())


def test_export_leaves_no_file_when_the_disk_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fdopen", full)
    with pytest.raises(ExportError, match="No space left"):
        write_export(str(tmp_path / "a"), "n", "x")
    assert not list(tmp_path.iterdir())
