"""Metrics read by Debian's promtool and node_exporter, on this machine only."""

import re
import shlex
from pathlib import Path

import httpx
import pytest

from tests import processes
from tests.api.servers import closed_port
from tests.e2e.monitoring import node_exporter
from tests.e2e.terminal import PROGRAM

pytestmark = [pytest.mark.full, pytest.mark.xdist_group("monitoring")]

NAMES = {"prod": "calm", "new": "upgraded"}
"""Scenarios by file name."""


@pytest.fixture(scope="module")
def textfiles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the textfile collector, with a file for each of three sites; one site is down."""
    folder, home = tmp_path_factory.mktemp("textfiles"), tmp_path_factory.mktemp("home")
    with closed_port() as port:
        targets = {name: f"--demo={scenario}" for name, scenario in NAMES.items()}
        targets["down"] = f"http://127.0.0.1:{port}/arcgis"
        for name, target in targets.items():
            path = folder / f"{name}.prom"
            command: list[str | Path] = [PROGRAM, "check", target, "--format", "prometheus", "--output", path]
            processes.run([*command, "--timeout", "5"], environment={"DRTUI_TOKEN": "x", "HOME": str(home)})
    return folder


@pytest.fixture(scope="module")
def exported(programs: Path, textfiles: Path) -> str:
    """Return the metrics that node_exporter serves from that folder."""
    with node_exporter(programs, textfiles) as address:
        return httpx.get(f"http://{address}/metrics", timeout=30, trust_env=False).text


def test_promtool_accepts_the_metrics(programs: Path, textfiles: Path) -> None:
    files = sorted(textfiles.glob("*.prom"))
    assert [path.stem for path in files] == ["down", "new", "prod"]
    for path in files:
        line = f"{shlex.quote(str(programs / 'promtool'))} check metrics < {shlex.quote(str(path))}"
        ran = processes.run(["/bin/bash", "-c", line])
        assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")


def test_promtool_accepts_several_sites_in_one_file(programs: Path, tmp_path: Path) -> None:
    path = tmp_path / "sites.prom"
    command: list[str | Path] = [PROGRAM, "sites", "--demo", "--format", "prometheus", "--output", path]
    assert processes.run(command).returncode == 1
    line = f"{shlex.quote(str(programs / 'promtool'))} check metrics < {shlex.quote(str(path))}"
    ran = processes.run(["/bin/bash", "-c", line])
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")


def test_node_exporter_shows_the_state_of_every_site_when_each_has_a_file(exported: str) -> None:
    states = dict(re.findall(r'^drtui_check_state\{site="([^"]+)"\} (\d)$', exported, re.MULTILINE))
    down = next(name for name in states if name.startswith("127.0.0.1:"))
    assert states == {"calm": "0", "upgraded": "2", down: "3"}
    assert "node_textfile_scrape_error 0" in exported
    assert exported.count("node_textfile_mtime_seconds{") == 3


def test_node_exporter_has_figures_only_of_fetched_sites(exported: str) -> None:
    usable = dict(
        re.findall(r'^drtui_restore_points\{site="([^"]+)",verdict="usable"\} (\d+)$', exported, re.MULTILINE)
    )
    assert set(usable) == {"calm", "upgraded"}
    assert (int(usable["calm"]) > 0, usable["upgraded"]) == (True, "0")
    newest = re.findall(r'^drtui_newest_usable_timestamp_seconds\{site="([^"]+)"\}', exported, re.MULTILINE)
    assert newest == ["calm"]
