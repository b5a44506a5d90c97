"""Fake servers: they send given bytes, stall, close the connection, or present an untrusted certificate."""

import asyncio
import json
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager

Behaviour = Callable[[bytes, asyncio.StreamWriter], Awaitable[None]]
"""Behaviour of a server after it has read the head of a request."""


@asynccontextmanager
async def listening(behaviour: Behaviour, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """Run a server on loopback during the block; yield its port."""
    talks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                await behaviour(await reader.readuntil(b"\r\n\r\n"), writer)
                await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    def begin(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(serve(reader, writer))
        talks.add(task)
        task.add_done_callback(talks.discard)

    server = await asyncio.start_server(begin, "127.0.0.1", 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in tuple(talks):
            task.cancel()
        await asyncio.gather(*talks, return_exceptions=True)
        for _ in range(2):  # closed transports close their sockets in the next rounds of the loop
            await asyncio.sleep(0)


@contextmanager
def closed_port() -> Iterator[int]:
    """Return a port that refuses connections and that no other program gets meanwhile."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield bound.getsockname()[1]


def answering_bytes(*answers: bytes) -> Behaviour:
    """Return a server that gives these answers in turn, and repeats the last one."""
    left = list(answers)

    async def talk(_: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(left.pop(0) if len(left) > 1 else left[0])

    return talk


def answering_paths(answers: Mapping[str, object], *, headers: Callable[[str], str] = lambda _: "") -> Behaviour:
    """Return a server that answers by the path below `/arcgis/admin`, else with 404.

    Args:
        answers: what is answered, by the path; bytes as they are, anything else as JSON.
        headers: more header lines for a path, each with its line's end; a status line may come first.
    """
    missing = {"error": {"code": 404, "message": "Not Found"}}

    async def talk(head: bytes, writer: asyncio.StreamWriter) -> None:
        path = head.split()[1].decode().partition("?")[0].removeprefix("/arcgis/admin")
        answer = answers.get(path, missing)
        body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        more = headers(path)
        status, _, lines = more.partition("\r\n") if more.startswith("HTTP/") else ("HTTP/1.1 200 OK", "", more)
        begin = f"{status}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n{lines}\r\n"
        writer.write(begin.encode("latin-1") + body)

    return talk


async def stall(_: bytes, __: asyncio.StreamWriter) -> None:
    """Read the request and never answer."""
    await asyncio.Event().wait()


async def trickle(_: bytes, writer: asyncio.StreamWriter) -> None:
    """Answer byte by byte without end: each read succeeds, but the response is never complete."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        writer.write(b"1\r\n \r\n")
        await writer.drain()
        await asyncio.sleep(0)


async def hang_up(_: bytes, writer: asyncio.StreamWriter) -> None:
    """Read the request and close the connection."""
    writer.close()
    await writer.wait_closed()
    raise ConnectionAbortedError


def http(body: bytes, status: str = "200 OK", *, kind: str = "application/json", more: str = "") -> bytes:
    """Return a response in bytes; `more` are header lines, each with its line end."""
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n{more}\r\n"
    return head.encode() + body
