"""Modules that each package loads at run time: the layers hold there too. Modules at start-up are in `counted`."""

import os
import sys

import pytest

from tests import processes

HEAVY = {"shtab", "textual", "httpx", "starlette", "uvicorn", "platformdirs", "sqlite3", "trustme", "cryptography"}


def loaded(code: str) -> set[str]:
    """Return the heavy modules that a fresh interpreter has loaded after `code`."""
    script = f"import sys\n{code}\nsys.stdout.write('\\n' + ' '.join(name.partition('.')[0] for name in sys.modules))"
    environment = {**os.environ, "DRTUI_TOKEN": "planted"}
    ran = processes.run([sys.executable, "-c", script], check=True, environment=environment)
    return HEAVY & set(ran.stdout.rpartition("\n")[2].split())


@pytest.mark.parametrize(
    ("module", "allowed"),
    [
        ("drtui.core.listing.catalog, drtui.core.listing.details, drtui.core.wire.responses", set()),
        ("drtui.core.summary.headline", set()),
        ("drtui.output.site_tables, drtui.output.formats", set()),
        ("drtui.keybindings", set()),
        ("drtui.session", set()),
        ("drtui.cli.commands.site, drtui.cli.parser", set()),
        ("drtui.storage.paths", {"platformdirs"}),
        ("drtui.api.client", {"httpx"}),
        ("drtui.demo.scenarios", set()),
        ("drtui.demo.app", {"starlette"}),
        ("drtui.ui.app", {"textual", "platformdirs"}),
    ],
)
def test_package_loads_no_heavy_module_when_it_does_not_need_it(module: str, allowed: set[str]) -> None:
    assert loaded(f"import {module}") <= allowed
