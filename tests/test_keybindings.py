"""User keys: accepted as shown to people, and refused where they would do nothing."""

from itertools import combinations

import pytest

from drtui.cli.parser import COMMANDS as WORDS
from drtui.keybindings import COMMANDS, IN_LISTS, KeysError, apply_user_keys, display_key, key_table
from drtui.storage.paths import config_file
from tests.cli.running import run

ALL = (*IN_LISTS, *COMMANDS)


def test_commands_have_distinct_names_and_keys_when_listed() -> None:
    names = [command.name for command in ALL]
    assert len(set(names)) == len(names)
    shared = [(one.name, other.name) for one, other in combinations(ALL, 2) if not set(one.keys).isdisjoint(other.keys)]
    assert shared == [("compare-to-previous", "doctor")]
    assert apply_user_keys({}) == ALL
    assert len(key_table()) == len(ALL)


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("R", "R"),
        ("/", "slash"),
        ("esc", "escape"),
        ("pgdn", "pagedown"),
        ("f5", "f5"),
        ("ctrl+r", "ctrl+r"),
        ("!", "!"),
    ],
)
def test_textual_key_accepts_a_key_when_written_as_shown(typed: str, key: str) -> None:
    keys = {"refresh": (typed, "Q"), "filter": ("9",), "back": ("0",), "page-down": ("8",)}
    commands = {command.name: command.keys for command in apply_user_keys(keys)}
    assert commands["refresh"] == (key, "Q")
    assert commands["raw"] == ("y",)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"refrsh": ("R",)}, "unknown command 'refrsh' in [keys]. Did you mean 'refresh'?"),
        ({"zzz": ("R",)}, "unknown command 'zzz' in [keys]."),
        ({"refresh": ("hyper+x",)}, "keys.refresh: unknown key 'hyper+x'. Write a key like R, /, f5, pgdn or ctrl+r."),
        ({"refresh": ("",)}, "keys.refresh: unknown key ''"),
        ({"refresh": (",",)}, "keys.refresh: unknown key ','"),
        ({"refresh": ("y",)}, "'y' is already the key of"),
        ({"refresh": ("j",)}, "keys.refresh: 'j' is already the key of down. Choose another key for one of them."),
        ({"doctor": ("r",)}, "keys.doctor: 'r' is already the key of refresh"),
        ({"refresh": ("D",)}, "'D' is already the key of"),
        ({"refresh": ("R", "R")}, "keys.refresh: 'R' is already the key of refresh"),
    ],
)
def test_user_keys_are_refused_when_they_would_do_nothing(changed: dict[str, tuple[str, ...]], message: str) -> None:
    with pytest.raises(KeysError) as caught:
        apply_user_keys(changed)
    assert message in str(caught.value)


def test_user_keys_may_reuse_a_key_when_its_command_gets_another() -> None:
    commands = {command.name: command.keys for command in apply_user_keys({"refresh": ("y",), "raw": ("r",)})}
    assert (commands["refresh"], commands["raw"]) == (("y",), ("r",))


def test_doctor_may_have_the_key_of_a_list_command_when_no_other_one() -> None:
    commands = {command.name: command.keys for command in apply_user_keys({"doctor": ("s",)})}
    assert (commands["doctor"], commands["sort"], commands["compare-to-previous"]) == (("s",), ("s",), ("D",))


def test_keys_command_prints_user_keys_when_configured(capsys: pytest.CaptureFixture[str]) -> None:
    config_file().parent.mkdir(parents=True)
    config_file().write_text('[keys]\nrefresh = ["R", "f5"]\nfilter = "F"\n')
    ran = run(capsys, "keys")
    assert ran.code == 0
    assert "  R f5                fetch the site again\n" in ran.out
    assert all(
        display_key(key) in ran.out for row in COMMANDS for key in row.keys if row.name not in {"refresh", "filter"}
    )
    config_file().write_text('[keys]\nrefresh = "y"\n')
    ran = run(capsys, "keys")
    assert (ran.code, ran.out) == (2, "")
    assert "'y' is already the key of" in ran.err
    config_file().write_text("[keys]\nrefresh = [1]\n")
    assert "keys.refresh must be a key or a list of keys" in run(capsys, "keys").err


def test_help_exists_when_a_word_is_a_command(capsys: pytest.CaptureFixture[str]) -> None:
    for word in WORDS:
        ran = run(capsys, word, "--help")
        assert ran.code == 0
        assert ran.out.startswith(f"usage: drtui {word}")
