"""Programs of Prometheus, for the tests that need a monitoring system."""

from pathlib import Path

import pytest

from tests.e2e.packages import unpack


@pytest.fixture(scope="session")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the programs of Debian's packages of Prometheus and node_exporter."""
    folder = tmp_path_factory.mktemp("packages")
    return unpack(folder, "prometheus", "prometheus-node-exporter") / "usr" / "bin"
