"""Parts of the demo that need the extra `drtui[serve]`."""

import sys

import pytest

from tests import processes

WITHOUT = """
import sys
sys.modules[{module!r}] = None
from drtui.__main__ import main
sys.exit(main({arguments!r}))
"""
"""A run on a machine where `module` is not installed."""


@pytest.mark.parametrize("module", ["uvicorn", "trustme"])
def test_demo_serve_names_the_install_command_when_the_extra_is_missing(module: str) -> None:
    script = WITHOUT.format(module=module, arguments=["demo", "serve", "calm"])
    ran = processes.run([sys.executable, "-c", script])
    assert ran.returncode == 2
    assert module in ran.stderr
    assert "pip install 'drtui[serve]'" in ran.stderr


@pytest.mark.parametrize("arguments", [["list", "--demo"], ["demo", "list"]])
def test_demo_works_when_the_extra_is_missing(arguments: list[str]) -> None:
    code = WITHOUT.format(module="uvicorn", arguments=arguments).replace(
        "main(", "sys.modules.update(trustme=None) or main("
    )
    ran = processes.run([sys.executable, "-c", code])
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "calm" in ran.stdout or "nightly-" in ran.stdout
