"""Modules that each way to start drtui loads: no heavy module that it does not need, and a bounded number in all."""

import os
import sys
from typing import NamedTuple

import pytest

from tests import processes

RUN = """
from drtui.__main__ import main
try:
    main({words!r})
except SystemExit:
    pass
"""

FIRST_FRAME = """
import asyncio, os
from textual.drivers.headless_driver import HeadlessDriver
from drtui.session import DEMO, ConnectionOptions, Target
from drtui.ui.app import DrtuiApp
from drtui.ui.options import Options

class Painting(HeadlessDriver):
    is_headless = False

    def write(self, data):
        if "\\x1b[2J" in data:
            TELL
            os._exit(0)

app = DrtuiApp(Options(Target(DEMO, scenario="calm"), ConnectionOptions()))
app.driver_class = Painting
asyncio.run(app.run_async(size=(120, 40)))
"""


class StartMode(NamedTuple):
    """A way to start drtui."""

    name: str
    code: str
    max_modules: int
    """Modules loaded in addition to those of any interpreter. Limits unintended growth; need not be tight."""
    allowed_heavy: frozenset[str] = frozenset()
    """Modules of `HEAVY` that this start needs."""


HEAVY = frozenset({
    "argparse", "asyncio", "cronsim", "cryptography", "drtui.api", "drtui.ui", "html", "httpx", "msgspec",
    "platformdirs", "pygments", "rich", "shtab", "sqlite3", "ssl", "stamina", "starlette", "textual", "tomlkit",
    "trustme", "truststore", "uvicorn",
})  # fmt: skip
"""Modules that are slow to load."""

COMMAND = frozenset({"argparse", "asyncio", "cronsim", "msgspec", "platformdirs", "rich", "ssl"})
FETCHING = COMMAND | {"drtui.api", "httpx"}
INTERFACE = COMMAND - {"argparse"} | {"drtui.ui", "textual"}
UNREACHABLE = "http://127.0.0.1:1/arcgis"

START_MODES = (
    StartMode("--version", RUN.format(words=["--version"]), 40),
    StartMode("--help", RUN.format(words=["--help"]), 80, frozenset({"argparse"})),
    StartMode("keys", RUN.format(words=["keys"]), 228, COMMAND),
    StartMode("demo list", RUN.format(words=["demo", "list"]), 122, frozenset({"argparse"})),
    StartMode("completion bash", RUN.format(words=["completion", "bash"]), 300, COMMAND | {"shtab"}),
    StartMode("completion targets", RUN.format(words=["completion", "targets"]), 228, COMMAND),
    StartMode("paths", RUN.format(words=["paths"]), 228, COMMAND),
    StartMode("list of a file", RUN.format(words=["list", "backups.json"]), 316, COMMAND),
    StartMode("check of a file", RUN.format(words=["check", "backups.json"]), 316, COMMAND),
    StartMode("list of a site", RUN.format(words=["list", UNREACHABLE]), 500, FETCHING | {"sqlite3"}),
    StartMode("check of a site", RUN.format(words=["check", UNREACHABLE, "--no-history"]), 480, FETCHING),
    StartMode("create --help", RUN.format(words=["create", "--help"]), 75, frozenset({"argparse"})),
    StartMode("journal", RUN.format(words=["journal"]), 500, FETCHING),
    StartMode("the first picture", FIRST_FRAME, 545, INTERFACE),
)


def list_loaded_modules(code: str) -> set[str]:
    """Return the modules that a new interpreter loads for some code, in addition to those of any interpreter."""
    report = "print('loaded', *{*sys.modules} - bare, file=sys.__stdout__, flush=True)"
    # Selenium, which only tests use, brings trio along, and httpcore loads it if it is there.
    without_trio = "import sys\nsys.modules['trio'] = None\n"
    script = f"{without_trio}bare = {{*sys.modules}}\n{code.replace('TELL', report)}\n{report}"
    environment = {**os.environ, "DRTUI_TOKEN": "planted"}
    command = [sys.executable, "-c", script]
    process = processes.run(command, check=True, environment=environment)
    return {*process.stdout.rpartition("loaded ")[2].split()}


@pytest.mark.parametrize("mode", START_MODES, ids=[mode.name for mode in START_MODES])
def test_start_loads_only_needed_modules(mode: StartMode) -> None:
    modules = list_loaded_modules(mode.code)
    assert {heavy for heavy in HEAVY for name in modules if f"{name}.".startswith(f"{heavy}.")} <= mode.allowed_heavy
    assert len(modules) <= mode.max_modules
