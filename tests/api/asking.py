"""Helpers: an API client with a fake site, and the error of a request."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx
import pytest
import stamina

from drtui.api.auth import Credentials
from drtui.api.client import AdminApi
from drtui.api.errors import ApiError
from drtui.api.transport import Transport
from drtui.core.model.address import Address
from drtui.core.model.auth import Secret

SITE = Address.parse("https://gis.example.com/arcgis")
TOKEN = "pLaNtEd/tOkEn+4711=="
PASSWORD = 'Planted & "Hidden" <0815>'
BY_TOKEN = Credentials(token=Secret(TOKEN))
BY_PASSWORD = Credentials(user="siteadmin", password=Secret(PASSWORD))

Handler = Callable[[httpx.Request], httpx.Response]


async def read_body(response: httpx.Response) -> httpx.Response:
    """Read the body of a response, whatever its length, and return the response."""
    await response.aread()
    return response


def client_of(handler: Handler, credentials: Credentials = BY_TOKEN, *, timeout: float = 20) -> AdminApi:
    """Return a client whose site is a function."""
    return AdminApi(Transport(SITE, credentials, transport=httpx.MockTransport(handler), timeout=timeout))


async def error_of_fetching_stores(client: AdminApi) -> ApiError:
    """Return the error of fetching the stores."""
    with pytest.raises(ApiError) as caught:
        async with client:
            await client.stores()
    return caught.value


@contextmanager
def without_waits() -> Iterator[None]:
    """Retry as often as usual, but without waiting."""
    with stamina.set_testing(True, attempts=3, cap=True):
        yield
