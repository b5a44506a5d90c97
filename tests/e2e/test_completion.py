"""Completion by real shells: commands, options, values, scenarios, sites and files."""

import os
from pathlib import Path

import pytest

from drtui.demo.faults import RESOURCES
from drtui.demo.scenarios import SCENARIOS
from drtui.storage.paths import config_file
from tests import processes
from tests.e2e.terminal import PROGRAM, opened
from tests.programs import path_of, skip_without
from tests.suites import rows_in_full

BASH, ZSH, FISH = (path_of(shell) for shell in ("bash", "zsh", "fish"))

BROKEN = {f"500-{name}" for name in RESOURCES} | {"500"}
"""Faults of the simulated site that begin with 50, except 503."""

CASES = [
    ("drtui li", {"list"}),
    ("drtui pr", {"prod"}),
    ("drtui list pro", {"prod"}),
    ("drtui list --demo ca", {"calm"}),
    ("drtui list --demo=ca", {"calm"}),
    ("drtui list --format=j", {"json"}),
    ("drtui list --sor", {"--sort"}),
    ("drtui list --sort geo", {"geodatabases"}),
    ("drtui history exp", {"export"}),
    ("drtui history export stag", {"staging"}),
    ("drtui show anything stag", {"staging"}),
    ("drtui sites stag", {"staging"}),
    ("drtui demo serve --fault 50", {"503", *BROKEN}),
    ("drtui completion f", {"fish"}),
    ("drtui list sav", {"saved.json"}),
    ("drtui list --token-file sav", {"saved.json"}),
    ("drtui list --cert sav", {"saved.json"}),
    ("drtui config show stag", {"staging"}),
    ("drtui --no-m", {"--no-mouse"}),
]


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Two sites in the configuration, a file, and drtui on PATH."""
    config_file().parent.mkdir(parents=True)
    config_file().write_text(
        '[site.prod]\naddress = "https://gis.example.com/arcgis"\n[site."staging"]\naddress = "https://localhost/a"\n'
    )
    (tmp_path / "saved.json").write_text("")
    monkeypatch.chdir(tmp_path)
    return {**os.environ, "PATH": f"{Path(PROGRAM).parent}:{os.environ['PATH']}", "HOME": str(tmp_path)}


def script(shell: str, environment: dict[str, str], path: Path) -> Path:
    """Write the completion script of drtui to a file."""
    completed = processes.run([PROGRAM, "completion", shell], check=True, environment=environment)
    path.parent.mkdir(exist_ok=True)
    path.write_text(completed.stdout)
    return path


def shell_output(command: list[str], environment: dict[str, str]) -> list[str]:
    """Return the output of a shell."""
    ran = processes.run(command, check=True, environment=environment)
    return ran.stdout.splitlines()


@pytest.mark.parametrize(("line", "expected"), rows_in_full(CASES, but=CASES[:2]))
def test_bash_completes_commands_options_and_sites(
    environment: dict[str, str], tmp_path: Path, line: str, expected: set[str]
) -> None:
    path = script("bash", environment, tmp_path / "made" / "drtui")
    # As Bash hands a line over: an equals sign is a word of its own.
    words = line.replace("=", " = ").split(" ")
    ask = '. "$0"; COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)); _drtui 2>/dev/null; printf "%s\\n" "${COMPREPLY[@]}"'
    assert set(shell_output([BASH, "--norc", "-c", ask, str(path), *words], environment)) == expected


@skip_without("fish")
@pytest.mark.parametrize(("line", "expected"), rows_in_full(CASES, but=[CASES[1]]))
def test_fish_completes_commands_options_and_sites(
    environment: dict[str, str], tmp_path: Path, line: str, expected: set[str]
) -> None:
    path = script("fish", environment, tmp_path / "made" / "drtui.fish")
    words = shell_output([FISH, "--no-config", "-c", f"source {path}; complete -C '{line}'"], environment)
    assert {word.partition("\t")[0].removeprefix("--demo=").removeprefix("--format=") for word in words} == expected


@skip_without("zsh")
def test_zsh_completes_commands_options_and_sites(environment: dict[str, str], tmp_path: Path) -> None:
    path = script("zsh", environment, tmp_path / "made" / "_drtui")
    begin = f"PS1='> '; fpath=({path.parent} $fpath); autoload -U compinit; compinit -u -D; setopt no_auto_menu no_beep"
    with opened("-f", "-i", environment=environment, program=ZSH) as terminal:
        terminal.press(f"{begin}; print rea''dy\r")
        terminal.wait_for("ready")
        for line, expected in CASES:
            if len(expected) > 1:
                continue
            whole = line[: max(line.rfind(" "), line.rfind("=")) + 1] + next(iter(expected))
            terminal.press(f"{line}\t")
            terminal.wait_for(f"> {whole}")
            terminal.press("\x15")
        terminal.press("drtui demo serve --fault 50\t\t")
        terminal.wait_for("503")
        terminal.press("\x15exit\r")
        assert terminal.wait_for_end() == 0


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_script_has_every_scenario_and_no_local_name(environment: dict[str, str], shell: str) -> None:
    text = script(shell, environment, Path("made") / shell).read_text()
    assert all(name in text for name in SCENARIOS)
    assert str(Path(PROGRAM).parent) not in text
    assert "prod" not in text
    assert "targets" in text


def test_completion_is_empty_and_silent_when_the_configuration_is_unreadable(environment: dict[str, str]) -> None:
    config_file().write_text("[site")
    ran = processes.run([PROGRAM, "completion", "targets"], check=True, environment=environment)
    assert (ran.stdout, ran.stderr) == ("", "")
