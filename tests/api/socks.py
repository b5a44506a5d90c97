"""A SOCKS5 proxy (RFC 1928 and 1929) that connects every name to one port of this machine."""

import asyncio
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import NamedTuple

NO_SIGN_IN, BY_PASSWORD, NONE_FITS = 0, 2, 0xFF


class Socks(NamedTuple):
    """A running proxy."""

    port: int
    destinations: list[tuple[str, int]]
    """Names and ports of the requested connections."""


@asynccontextmanager
async def socks(site: int, *, password: str = "", reply: int = 0) -> AsyncIterator[Socks]:
    """Run a proxy to the port `site`, for `user` with a password if given; `reply` is its reply code (0: success)."""
    destinations: list[tuple[str, int]] = []
    talks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            if await _signed_in(reader, writer, password):
                destinations.append(await _named(reader))
                writer.write(bytes([5, reply, 0, 1, 0, 0, 0, 0, 0, 0]))
                if not reply:
                    await _led(reader, writer, site)
        writer.close()

    def begin(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(serve(reader, writer))
        talks.add(task)
        task.add_done_callback(talks.discard)

    server = await asyncio.start_server(begin, "127.0.0.1", 0)
    try:
        yield Socks(server.sockets[0].getsockname()[1], destinations)
    finally:
        server.close()
        for task in tuple(talks):
            task.cancel()
        await asyncio.gather(*talks, return_exceptions=True)


async def _signed_in(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, password: str) -> bool:
    """Negotiate the sign-in; return True if it succeeded."""
    _, count = await reader.readexactly(2)
    offered = await reader.readexactly(count)
    expected = BY_PASSWORD if password else NO_SIGN_IN
    writer.write(bytes([5, expected if expected in offered else NONE_FITS]))
    if not password or expected not in offered:
        return expected in offered
    credentials = []
    await reader.readexactly(1)
    for _ in range(2):
        (size,) = await reader.readexactly(1)
        credentials.append((await reader.readexactly(size)).decode())
    writer.write(bytes([1, credentials != ["user", password]]))
    return credentials == ["user", password]


async def _named(reader: asyncio.StreamReader) -> tuple[str, int]:
    """Read the destination. It must be a name, not an address, so that the proxy resolves it."""
    assert await reader.readexactly(4) == bytes([5, 1, 0, 3])
    (size,) = await reader.readexactly(1)
    name = await reader.readexactly(size)
    (port,) = struct.unpack(">H", await reader.readexactly(2))
    return name.decode(), port


async def _led(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, site: int) -> None:
    """Copy bytes in both directions until one side ends."""
    there, back = await asyncio.open_connection("127.0.0.1", site)

    async def pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        while piece := await source.read(1 << 16):
            sink.write(piece)
            await sink.drain()

    ways = [asyncio.create_task(pump(reader, back)), asyncio.create_task(pump(there, writer))]
    try:
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for label in ways:
            label.cancel()
        back.close()
