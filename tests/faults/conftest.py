"""Fixtures: a site, the gateway in front of it, and its CA file."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from drtui.api import transport
from drtui.demo.app import make_app
from drtui.demo.scenarios import TOKEN
from drtui.demo.server import serving
from tests.api.asking import without_waits
from tests.conftest import NOW
from tests.faults.certificates import trusted
from tests.faults.gate import Gate, before


@pytest.fixture(scope="package")
def site() -> Iterator[str]:
    """A healthy site."""
    with serving(make_app("calm", now=NOW)) as where:
        yield where.url


@pytest.fixture
def gate(site: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    """The gateway before the site; the size limit of answers is an eighth of the usual one, and retries do not wait."""
    monkeypatch.setattr(transport, "LARGEST", 64 << 20)
    monkeypatch.setenv("DRTUI_TOKEN", TOKEN)
    with before(site) as running, without_waits():
        yield running


@pytest.fixture
def ca_file(tmp_path: Path) -> Path:
    """The CA file for the site's certificate."""
    return trusted(tmp_path)
