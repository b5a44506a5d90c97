"""Fixtures and options of all tests."""

import gc
import itertools
import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from drtui.demo import app
from tests.processes import give_children_default_signals
from tests.programs import untested_message
from tests.starts import STARTS
from tests.worlds import copy_site

NOW = 1_790_000_000_000
"""Moment at which every simulated site of the tests is fetched: 2026-09-21T14:13:20Z, epoch ms."""


NUMBERS = itertools.count()
"""Numbers of the tests of this worker that have no folder of their own."""

UNTIMED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""Properties have no deadline: their time depends on the load of the machine."""
settings.register_profile("repeatable", UNTIMED, derandomize=True, max_examples=50)
settings.register_profile("exploring", UNTIMED, max_examples=10_000)
settings.load_profile("repeatable")


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--draw` writes the pictures and the table of keys instead of comparing them."""
    parser.addoption("--draw", action="store_true", help="draw the pictures anew")
    parser.addoption("--hours", type=float, default=8, help="of use that are simulated to find what grows")


def pytest_configure(config: pytest.Config) -> None:
    """Let the programs that tests start take signals, even if this session was started by nohup.

    Count the starts of the interface. `--draw` draws the pictures of the full suite, too.
    """
    give_children_default_signals()
    config.pluginmanager.register(STARTS, "starts")
    if config.getoption("--draw"):
        config.option.markexpr = ""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let long tests take their time."""
    for item in items:
        if item.get_closest_marker("long"):
            item.add_marker(pytest.mark.timeout(0))


def pytest_collection_finish() -> None:
    """Keep the garbage collector from searching thousands of collected tests again and again: an eighth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> Iterator[None]:
    """End with a line on what was not tested because a program is missing."""
    yield
    skipped = terminalreporter.stats.get("skipped", [])
    sentence = untested_message(report.longrepr[2] for report in skipped if isinstance(report.longrepr, tuple))
    if sentence:
        terminalreporter.write_line(sentence, yellow=True)


@pytest.fixture(autouse=True, scope="session")
def worlds_built_once() -> Iterator[None]:
    """Build each simulated site once per session: thousands of tests use the same dozen."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(app, "make_site", copy_site)
        yield


@pytest.fixture(autouse=True)
def quiet_environment(
    monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Remove secrets, proxies, zones, files and preferences of this machine; compile started programs once."""
    for name in list(os.environ):
        ours = name.startswith("DRTUI_") or name.lower().endswith("_proxy")
        if ours or name in {"PYTHONDONTWRITEBYTECODE", "NO_COLOR", "COLORTERM", "SSL_CERT_FILE", "SSL_CERT_DIR"}:
            monkeypatch.delenv(name)
    monkeypatch.setenv("TZ", "UTC")
    folder = tmp_path_factory.getbasetemp() / f"home-{next(NUMBERS)}"  # made by the few tests that write files
    if "tmp_path" in request.fixturenames:
        folder = request.getfixturevalue("tmp_path")
    for kind in ("CONFIG", "STATE", "CACHE", "DATA"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(folder / kind.lower()))
