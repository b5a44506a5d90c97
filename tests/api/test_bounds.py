"""Limits on memory and time for compressed, large and concurrent responses."""

import asyncio
import gzip
from collections.abc import AsyncIterator

import httpx
import pytest

from drtui.api import body as unpacked
from drtui.api.client import AdminApi
from drtui.api.errors import ApiError
from drtui.api.transport import Transport
from drtui.core.model.address import Address
from tests.api.asking import BY_TOKEN, error_of_fetching_stores
from tests.api.servers import answering_bytes, http, listening

MIB = 1 << 20


def at(port: int, largest: int) -> AdminApi:
    return AdminApi(Transport(Address.parse(f"http://127.0.0.1:{port}/arcgis"), BY_TOKEN, timeout=10, largest=largest))


class Sent(httpx.AsyncByteStream):
    """A body that arrives in one piece."""

    def __init__(self, body: bytes) -> None:
        self.body = body

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self.body


async def test_iter_chunks_yields_small_pieces_when_the_body_expands() -> None:
    packed = Sent(gzip.compress(b" " * (10 * MIB + 7)))
    request = httpx.Request("GET", "https://gis.example.com")
    response = httpx.Response(200, headers={"Content-Encoding": "gzip"}, stream=packed, request=request)
    sizes = [len(piece) async for piece in unpacked.iter_chunks(response)]
    assert sum(sizes) == 10 * MIB + 7
    assert max(sizes) <= unpacked.PIECE


@pytest.mark.parametrize("packing", ["gzip, gzip", "deflate", "br", "zstd"])
async def test_fetch_is_unreadable_when_the_encoding_was_not_requested(packing: str) -> None:
    body = gzip.compress(gzip.compress(b" " * (8 * MIB)))
    async with listening(answering_bytes(http(body, more=f"Content-Encoding: {packing}\r\n"))) as port:
        error = await error_of_fetching_stores(at(port, MIB))
    assert error.failure.summary.startswith("cannot decompress the answer of 127.0.0.1:")


async def test_size_limit_is_shared_when_responses_arrive_together() -> None:
    errors = asyncio.Event()
    body = http(b'{"backupStores": [' + b" " * (3 * MIB) + b"]}")

    async def talk(_: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(body[:-1])
        await writer.drain()
        await errors.wait()
        writer.write(body[-1:])

    async with listening(talk) as port, at(port, 4 * MIB) as client:

        async def asked() -> str:
            try:
                await client.stores()
            except ApiError as error:
                errors.set()
                return error.failure.code
            return "read"

        outcomes = await asyncio.gather(*(asked() for _ in range(5)))
        assert "too-large" in outcomes
        assert set(outcomes) <= {"too-large", "read"}
        assert [await asked() for _ in range(3)] == ["read"] * 3


async def test_size_limit_is_free_again_when_a_response_was_read() -> None:
    body = b'{"backupStores": [' + b" " * (3 * MIB) + b"]}"
    responses: list[httpx.Response] = []

    def answer(_: httpx.Request) -> httpx.Response:
        responses.append(httpx.Response(200, stream=Sent(body)))
        return responses[-1]

    address = Address.parse("https://gis.example.com/arcgis")
    async with AdminApi(Transport(address, BY_TOKEN, transport=httpx.MockTransport(answer), largest=4 * MIB)) as client:
        for _ in range(3):
            assert await client.stores() == ()
    assert len(responses) == 3


async def test_error_page_is_not_parsed_when_it_is_long() -> None:
    page = b'{"error": {"code": 404}, "page": "' + b"x" * (2 * MIB) + b'"}'
    async with listening(answering_bytes(http(page, "500 Internal Server Error"))) as port:
        error = await error_of_fetching_stores(at(port, 4 * MIB))
    assert error.failure.code == "500"
    assert len(error.failure.server_message) <= 300
