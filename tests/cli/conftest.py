"""Fixtures for commands that request a real site: the calm scenario over HTTP."""

from collections.abc import Iterator

import pytest
from starlette.applications import Starlette

from drtui.demo.app import make_app
from drtui.demo.scenarios import TOKEN
from drtui.demo.server import serving
from tests.api.asking import without_waits
from tests.conftest import NOW


@pytest.fixture(autouse=True)
def retries_at_once() -> Iterator[None]:
    """Retry requests without waiting."""
    with without_waits():
        yield


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> Starlette:
    """The simulated site, with its token in the environment."""
    monkeypatch.setenv("DRTUI_TOKEN", TOKEN)
    return make_app("calm", now=NOW)


@pytest.fixture
def site(app: Starlette) -> Iterator[str]:
    """The address of the simulated site, over a real socket."""
    with serving(app) as where:
        yield where.url
