"""Interfaces shared by the tests of a file."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from starlette.applications import Starlette

from drtui.core.model.address import Address
from drtui.demo.app import make_app
from drtui.demo.server import serving
from drtui.session import Target
from tests.conftest import NOW
from tests.ui.stories import share_apps

FOLDER = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the tests of a file in one event loop, which a shared interface needs."""
    for item in items:
        if item.path.parent == FOLDER and pytest_asyncio.is_async_test(item):
            item.add_marker(pytest.mark.asyncio(loop_scope="module"), append=False)


@pytest_asyncio.fixture(scope="module", loop_scope="module", autouse=True)
async def shared_interfaces() -> AsyncIterator[None]:
    """Share started interfaces within a file."""
    async with share_apps():
        yield


@pytest.fixture
def app() -> Starlette:
    """Return the calm site as an app, which a test may change."""
    return make_app("calm", now=NOW)


@pytest.fixture
def site(app: Starlette) -> Iterator[Target]:
    """Serve the calm site over a socket."""
    with serving(app) as server:
        yield Target(Address.parse(server.url))
