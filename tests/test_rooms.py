"""What each room of the house loads: the walls hold at run time, too. What a start loads is in `counted`."""

import os
import sys

import pytest

from tests import processes

HEAVY = {"shtab", "textual", "httpx", "starlette", "uvicorn", "platformdirs", "sqlite3", "trustme", "cryptography"}


def loaded(code: str) -> set[str]:
    """Which heavy modules a fresh interpreter has loaded after `code`."""
    script = f"import sys\n{code}\nsys.stdout.write('\\n' + ' '.join(name.partition('.')[0] for name in sys.modules))"
    environment = {**os.environ, "DRTUI_TOKEN": "planted"}
    ran = processes.run([sys.executable, "-c", script], check=True, environment=environment)
    return HEAVY & set(ran.stdout.rpartition("\n")[2].split())


@pytest.mark.parametrize(
    ("module", "allowed"),
    [
        ("drtui.model.catalog, drtui.model.wire, drtui.model.outline, drtui.model.headline", set()),
        ("drtui.report.rows, drtui.report.formats", set()),
        ("drtui.commands", set()),
        ("drtui.session", set()),
        ("drtui.cli.commands, drtui.cli.arguments", set()),
        ("drtui.disk.places", {"platformdirs"}),
        ("drtui.api.deployment", {"httpx"}),
        ("drtui.demo.scenarios", set()),
        ("drtui.demo.deployment", {"starlette"}),
        ("drtui.ui.app", {"textual", "platformdirs"}),
    ],
)
def test_a_room_loads_no_more_than_it_needs(module: str, allowed: set[str]) -> None:
    assert loaded(f"import {module}") <= allowed
