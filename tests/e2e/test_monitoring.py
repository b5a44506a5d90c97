"""Metrics read by Debian's promtool and node_exporter, on this machine only."""

import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests import processes
from tests.api.servers import closed_port
from tests.e2e.terminal import PROGRAM

pytestmark = [pytest.mark.full, pytest.mark.xdist_group("monitoring")]

PACKAGES = ("prometheus", "prometheus-node-exporter")
LISTENING = re.compile(r'msg="Listening on" address=(127\.0\.0\.1:\d+)')
NAMES = {"prod": "calm", "new": "upgraded"}
"""Scenarios by file name."""


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the programs of Debian's packages, unpacked and not installed."""
    if shutil.which("apt-get") is None or shutil.which("dpkg-deb") is None:
        pytest.skip("apt-get or dpkg-deb is missing: this is no Debian, whose packages are tried here")
    folder = tmp_path_factory.mktemp("packages")
    path, names = shlex.quote(str(folder)), " ".join(PACKAGES)
    download = f"cd {path} && apt-get download --quiet {names}"
    if processes.run(["/bin/bash", "-c", download], timeout=300).returncode:  # an image without lists of packages
        processes.run(["apt-get", "update", "--quiet"], timeout=300)
        processes.run(["/bin/bash", "-c", download], timeout=300, check=True)
    for package in folder.glob("*.deb"):
        processes.run(["dpkg-deb", "-x", package, folder], timeout=300, check=True)
    return folder / "usr" / "bin"


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
def exported(programs: Path, textfiles: Path) -> Iterator[str]:
    """Return the metrics that node_exporter serves from that folder."""
    exporter: list[str | Path] = [
        programs / "prometheus-node-exporter",
        "--web.listen-address=127.0.0.1:0",
        "--collector.disable-defaults",
        "--collector.textfile",
        f"--collector.textfile.directory={textfiles}",
    ]
    with processes.started(exporter, stderr=subprocess.STDOUT) as process:
        assert process.stdout is not None
        address = next(match[1] for line in process.stdout if (match := LISTENING.search(line)))
        yield httpx.get(f"http://{address}/metrics", timeout=30, trust_env=False).text


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
