"""Ways to install drtui that the README shows: from wheels without a network, with uv, and with pipx."""

import os
import sys
import zipfile
from collections.abc import Collection
from pathlib import Path

import pytest

import drtui
from tests import processes

pytestmark = pytest.mark.full

ROOT = Path(drtui.__file__).parents[1]
PATIENCE = 240
"""Seconds for a command that may download."""
NO_NETWORK = {
    "PIP_NO_INDEX": "1",
    "PIP_CONSTRAINT": "",
    "HTTPS_PROXY": "http://127.0.0.1:9",
    "HTTP_PROXY": "http://127.0.0.1:9",
    "ALL_PROXY": "http://127.0.0.1:9",
    "NO_PROXY": "",
}
"""Nothing listens at port 9: any request of pip or drtui fails."""


def run(*command: str | Path, environment: dict[str, str] | None = None, codes: Collection[int] = (0,)) -> str:
    """Run a program that has to end with one of these codes; return its output."""
    own = {name: value for name, value in os.environ.items() if name not in {"VIRTUAL_ENV", "PYTHONPATH"}}
    ran = processes.run(command, timeout=PATIENCE, environment={**own, **(environment or {})})
    assert ran.returncode in codes, f"{command}: {ran.stderr}"
    return ran.stdout


def new_environment(folder: Path) -> Path:
    """Make a virtual environment; return its folder of programs."""
    run(sys.executable, "-m", "venv", folder)
    return folder / "bin"


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of wheels, made as the README says."""
    folder = tmp_path_factory.mktemp("wheels")
    run(sys.executable, "-m", "pip", "wheel", "--quiet", "--wheel-dir", folder, ROOT)
    return folder


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the programs uv and pipx."""
    programs = new_environment(tmp_path_factory.mktemp("tools") / "venv")
    run(programs / "pip", "install", "--quiet", "uv", "pipx")
    return programs


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """An environment whose configuration, history and installed tools are in a folder of the test."""
    return {
        "HOME": str(tmp_path),
        "XDG_STATE_HOME": str(tmp_path / "state"),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "PIPX_HOME": str(tmp_path / "pipx"),
        "PIPX_BIN_DIR": str(tmp_path / "bin"),
        "PIPX_MAN_DIR": str(tmp_path / "man"),
        "UV_TOOL_DIR": str(tmp_path / "uv"),
        "UV_TOOL_BIN_DIR": str(tmp_path / "bin"),
        "UV_CACHE_DIR": str(tmp_path / "uv-cache"),
        "UV_PYTHON": sys.executable,
        "UV_NATIVE_TLS": "1",
        "UV_SYSTEM_CERTS": "1",
    }


def assert_works(program: Path, environment: dict[str, str]) -> None:
    """Assert that an installed program answers without a network."""
    offline = {**environment, **NO_NETWORK}
    assert run(program, "--version", environment=offline).startswith("drtui ")
    assert "usable" in run(program, "list", "--demo", "--limit", "3", environment=offline)
    assert "Recipes" in run(program, "help", "recipes", environment=offline)
    assert "drtui list" in run(program, "help", "man", environment=offline)
    assert "alert:" in run(program, "monitoring", "rules", environment=offline)
    report = (program, "report", "--demo=calm", "--format", "html")
    assert "<html" in run(*report, environment=offline, codes={0, 1})  # 1: it has findings


def test_wheel_has_every_file_of_the_program_when_it_is_built(wheels: Path) -> None:
    (wheel,) = wheels.glob("drtui-*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    tracked = run("git", "-C", ROOT, "ls-files", "drtui").splitlines()
    assert [name for name in tracked if name not in names] == []
    assert any(name.endswith("share/man/man1/drtui.1") for name in names)
    assert not [name for name in names if name.startswith(("tests", "screenshots"))]


def test_program_works_when_it_is_installed_from_wheels_without_a_network(
    wheels: Path, home: dict[str, str], tmp_path: Path
) -> None:
    programs = new_environment(tmp_path / "venv")
    install = (programs / "pip", "install", "--quiet", "--no-index", "--find-links", wheels, "drtui")
    run(*install, environment=NO_NETWORK)
    assert_works(programs / "drtui", home)
    assert (tmp_path / "venv" / "share" / "man" / "man1" / "drtui.1").is_file()


def test_program_works_when_uv_installs_it_as_a_tool(tools: Path, home: dict[str, str], tmp_path: Path) -> None:
    run(tools / "uv", "tool", "install", "--quiet", ROOT, environment=home)
    assert_works(tmp_path / "bin" / "drtui", home)


def test_program_and_manual_are_linked_when_pipx_installs_it(tools: Path, home: dict[str, str], tmp_path: Path) -> None:
    run(tools / "pipx", "install", "--quiet", ROOT, environment=home)
    assert_works(tmp_path / "bin" / "drtui", home)
    assert (tmp_path / "man" / "man1" / "drtui.1").is_file()
