"""The count of starts of the interface, over all workers."""

import os
import sys
from pathlib import Path

import pytest

from tests.processes import run
from tests.starts import Starts

ROOT = Path(__file__).parents[1]

CONFTEST = """
from tests.starts import Starts

def pytest_configure(config):
    config.pluginmanager.register(Starts(most={most}), "starts")
"""

STARTING = """
import asyncio
import pytest
from textual.app import App

async def start():
    async with App().run_test():
        pass

@pytest.mark.parametrize("number", range(4))
def test_start(number):
    asyncio.run(start())
"""


@pytest.mark.parametrize(("most", "excess"), [(2, True), (3, False)])
def test_starts_are_in_excess_when_they_are_more_than_allowed(most: int, excess: bool) -> None:
    starts = Starts(most)
    for _ in range(3):
        starts.add()
    assert ("started the interface 3 times, at most 2" in starts.excess) is excess


@pytest.mark.full
@pytest.mark.parametrize(
    ("most", "selected", "code"), [(3, "not full", 1), (4, "not full", 0), (3, "full or not long", 0)]
)
@pytest.mark.parametrize("workers", ["0", "2"])
def test_run_fails_when_the_workers_together_start_too_often(
    tmp_path: Path, most: int, selected: str, code: int, workers: str
) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers =\n  full\n  long\n")
    (tmp_path / "conftest.py").write_text(CONFTEST.format(most=most))
    (tmp_path / "test_starting.py").write_text(STARTING)
    command = [sys.executable, "-m", "pytest", "-n", workers, "-m", selected, str(tmp_path)]
    # Without the options of this run: what is tested has a configuration of its own.
    ran = run(command, environment={**os.environ, "PYTHONPATH": str(ROOT), "PYTEST_ADDOPTS": ""})
    assert ran.returncode == code, ran.stdout
    assert ("started the interface 4 times" if code else "was started 4 times") in ran.stdout
