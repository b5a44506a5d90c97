"""What each way to start drtui loads: nothing heavy that it does not need, and no more of it all than it did."""

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

FIRST_PICTURE = """
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


class Entry(NamedTuple):
    """A way to start."""

    name: str
    code: str
    most: int
    """Modules beside those of any interpreter. It bounds growth that nobody meant, and is not to be kept tight."""
    allowed: frozenset[str] = frozenset()
    """Of `HEAVY`, what it needs."""


HEAVY = frozenset({
    "argparse", "asyncio", "cronsim", "cryptography", "drtui.api", "drtui.ui", "html", "httpx", "msgspec",
    "platformdirs", "pygments", "rich", "shtab", "sqlite3", "ssl", "stamina", "starlette", "textual", "tomlkit",
    "trustme", "truststore", "uvicorn",
})  # fmt: skip
"""What takes a moment to load."""

COMMAND = frozenset({"argparse", "asyncio", "cronsim", "msgspec", "platformdirs", "rich", "ssl"})
ASKING = COMMAND | {"drtui.api", "httpx"}
PICTURE = COMMAND - {"argparse"} | {"drtui.ui", "textual"}
NOBODY = "http://127.0.0.1:1/arcgis"

ENTRIES = (
    Entry("--version", RUN.format(words=["--version"]), 40),
    Entry("--help", RUN.format(words=["--help"]), 75, frozenset({"argparse"})),
    Entry("keys", RUN.format(words=["keys"]), 220, COMMAND),
    Entry("demo list", RUN.format(words=["demo", "list"]), 115, frozenset({"argparse"})),
    Entry("completion bash", RUN.format(words=["completion", "bash"]), 290, COMMAND | {"shtab"}),
    Entry("completion targets", RUN.format(words=["completion", "targets"]), 220, COMMAND),
    Entry("paths", RUN.format(words=["paths"]), 220, COMMAND),
    Entry("list of a file", RUN.format(words=["list", "backups.json"]), 300, COMMAND),
    Entry("check of a file", RUN.format(words=["check", "backups.json"]), 300, COMMAND),
    Entry("list of a site", RUN.format(words=["list", NOBODY]), 490, ASKING | {"sqlite3"}),
    Entry("check of a site", RUN.format(words=["check", NOBODY, "--no-history"]), 470, ASKING),
    Entry("the first picture", FIRST_PICTURE, 530, PICTURE),
)


def loaded(code: str) -> set[str]:
    """Modules that a fresh interpreter has loaded after some code, beside those of any."""
    told = "print('loaded', *{*sys.modules} - bare, file=sys.__stdout__, flush=True)"
    script = f"import sys\nbare = {{*sys.modules}}\n{code.replace('TELL', told)}\n{told}"
    environment = {**os.environ, "DRTUI_TOKEN": "planted"}
    command = [sys.executable, "-c", script]
    ran = processes.run(command, check=True, environment=environment)
    return {*ran.stdout.rpartition("loaded ")[2].split()}


@pytest.mark.parametrize("entry", ENTRIES, ids=[each.name for each in ENTRIES])
def test_a_start_loads_what_it_needs(entry: Entry) -> None:
    found = loaded(entry.code)
    assert {each for each in HEAVY for name in found if f"{name}.".startswith(f"{each}.")} <= entry.allowed
    assert len(found) <= entry.most
