"""The file of last known headlines: drtui starts whatever the file contains."""

import json
import sys
from pathlib import Path

import pytest

from drtui.core.summary.last_known import LastKnown
from drtui.storage import last_known as disk
from drtui.storage.paths import config_file, state_folder

URL = "https://gis.example.com/arcgis"
TOLD = LastKnown("gis.example.com/arcgis", 1_000, 86_400_000, "nightly-1", 900)
WORDS = ["prod", "--tz", "Europe/Berlin"]


def file() -> Path:
    return state_folder() / disk.FILE


def name(last_known: LastKnown | None) -> str | None:
    return None if last_known is None else last_known.newest


def test_last_known_is_loaded_when_command_or_site_match() -> None:
    assert (disk.last_known_of_command(WORDS), disk.last_known_of_site(URL)) == (None, None)
    disk.save_last_known(URL, TOLD, WORDS)
    last_known = disk.last_known_of_command(WORDS)
    assert last_known is not None
    assert [getattr(last_known, path) for path in LastKnown.__slots__] == [
        getattr(TOLD, path) for path in LastKnown.__slots__
    ]
    assert name(disk.last_known_of_site(URL)) == "nightly-1"
    assert disk.last_known_of_command(["staging"]) is None
    assert file().stat().st_mode & 0o777 == 0o600
    assert list(file().parent.iterdir()) == [file()]


def test_last_known_ignores_the_words_when_a_command_saved_it() -> None:
    disk.save_last_known(URL, TOLD, None)
    assert name(disk.last_known_of_site(URL)) == "nightly-1"
    assert disk.last_known_of_command([]) is None


def test_last_known_is_none_when_the_site_was_forgotten() -> None:
    disk.save_last_known(URL, TOLD, WORDS)
    disk.forget(URL)
    assert (disk.last_known_of_command(WORDS), disk.last_known_of_site(URL)) == (None, None)
    assert "nightly-1" not in file().read_text()


def test_last_known_of_command_is_none_when_the_settings_changed() -> None:
    disk.save_last_known(URL, TOLD, WORDS)
    config_file().parent.mkdir(parents=True)
    config_file().write_text("[site.prod]\n")
    assert disk.last_known_of_command(WORDS) is None
    disk.save_last_known(URL, TOLD, WORDS)
    assert name(disk.last_known_of_command(WORDS)) == "nightly-1"
    config_file().write_text("[site.prod]\n\n")
    assert disk.last_known_of_command(WORDS) is None


@pytest.mark.parametrize("word", ["https://h/arcgis/home?token=planted", "https://user:planted@h/arcgis"])
def test_last_known_saves_no_words_when_they_may_contain_a_secret(word: str) -> None:
    disk.save_last_known(URL, TOLD, [word])
    assert "planted" not in file().read_text()
    assert name(disk.last_known_of_site(URL)) == "nightly-1"


def test_last_known_file_stays_small_when_many_sites_are_saved() -> None:
    for number in range(disk.MAX_ENTRIES + 9):
        disk.save_last_known(f"{URL}{number}", TOLD, [str(number)])
    assert disk.last_known_of_site(f"{URL}8") is None
    assert name(disk.last_known_of_command([str(disk.MAX_ENTRIES + 8)])) == "nightly-1"
    content = json.loads(file().read_text())
    assert (len(content["sites"]), len(content["starts"])) == (disk.MAX_ENTRIES, disk.MAX_ENTRIES)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe",
        b"[" * 100_000,
        b"[]",
        b'{"version": 2}',
        b'{"version": 1}',
        b'{"version": 1, "sites": [], "starts": {}}',
        b'{"version": 1, "sites": {"URL": []}, "starts": [1]}',
        b'{"version": 1, "sites": {"URL": {"place": 1}}, "starts": [{"words": []}]}',
        b'{"version": 1, "sites": {"URL": {"place": "", "read": "x", "target": 1}}, "starts": [{}]}',
    ],
)
def test_last_known_file_is_replaced_when_it_is_damaged(body: bytes) -> None:
    file().parent.mkdir(parents=True)
    file().write_bytes(body.replace(b"URL", URL.encode()))
    assert (disk.last_known_of_command(WORDS), disk.last_known_of_site(URL)) == (None, None)
    disk.forget(URL)
    disk.save_last_known(URL, TOLD, WORDS)
    assert name(disk.last_known_of_command(WORDS)) == "nightly-1"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere platformdirs itself is asked")
@pytest.mark.parametrize("base", ["/srv/state", "", " ", None])
def test_last_known_path_is_that_of_platformdirs_when_computed(
    monkeypatch: pytest.MonkeyPatch, base: str | None
) -> None:
    for variable in ("XDG_STATE_HOME", "XDG_CONFIG_HOME"):
        if base is None:
            monkeypatch.delenv(variable)
        else:
            monkeypatch.setenv(variable, base)
    assert disk._system_folder("XDG_STATE_HOME", "~/.local/state", "user_state_path") == str(state_folder())
    assert disk._system_folder("XDG_CONFIG_HOME", "~/.config", "user_config_path") == str(config_file().parent)
