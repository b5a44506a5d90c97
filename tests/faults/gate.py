"""A gateway in front of a healthy site, which can start a fault at any moment."""

import asyncio
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from tests.faults.certificates import tls
from tests.faults.matrix import Fault

HEALTHY = Fault("none", "")

_KEPT = re.compile(rb"(?i)connection: [^\r]*\r\n")


def _body(head: bytes) -> int:
    """Return the body after the head of a request; only sign-in requests have one."""
    match = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
    return int(match[1]) if match else 0


class Gate:
    """A gateway over TLS, in a thread of its own, so that it answers while the test waits."""

    def __init__(self, site: str) -> None:
        self._site = urlsplit(site)
        self._fault = HEALTHY
        self._loop = asyncio.new_event_loop()
        self._talks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self._held: socket.socket | None = None
        """Bound, and not listened on: whoever connects is refused, and nobody else gets the port."""
        self.port = 0

    @property
    def url(self) -> str:
        """The address of the site."""
        return f"https://localhost:{self.port}/arcgis"

    def switch(self, fault: Fault = HEALTHY) -> None:
        """Start a fault; open connections are closed."""
        asyncio.run_coroutine_threadsafe(self._switch(fault), self._loop).result(10)

    async def _switch(self, fault: Fault) -> None:
        await self._close()
        self._fault = fault
        bound = socket.socket()
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(("127.0.0.1", self.port))
        self.port = bound.getsockname()[1]
        if fault.refuses:
            self._held = bound
        else:
            self._server = await asyncio.start_server(self._begin, sock=bound, ssl=tls(fault.certificate))

    async def _close(self) -> None:
        if self._server is not None:
            self._server.close()
        if self._held is not None:
            self._held.close()
        self._server = self._held = None
        connections = tuple(self._talks)
        for connection in connections:
            connection.cancel()
        await asyncio.gather(*connections, return_exceptions=True)

    def _begin(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = self._loop.create_task(self._serve(reader, writer))
        self._talks.add(task)
        task.add_done_callback(self._talks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                if self._fault.answer is not None and self._fault.hits(head):
                    await self._fault.answer(head, writer)
                    await writer.drain()
                else:
                    await self._pass_on(head + await reader.readexactly(_body(head)), writer)
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _pass_on(self, request: bytes, writer: asyncio.StreamWriter) -> None:
        """Return the answer of the site."""
        theirs, ours = await asyncio.open_connection("127.0.0.1", self._site.port)
        try:
            line, _, rest = _KEPT.sub(b"", request).partition(b"\r\n")
            ours.write(line + b"\r\nConnection: close\r\n" + rest)
            while piece := await theirs.read(1 << 16):
                writer.write(piece)
                await writer.drain()
        finally:
            ours.close()
        raise ConnectionAbortedError  # the answer said that the connection ends with it

    def run(self) -> None:
        """Serve until stopped."""
        self._loop.run_forever()
        self._loop.run_until_complete(self._close())
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        self._loop.run_until_complete(asyncio.sleep(0))  # closed transports close their sockets in the next round
        self._loop.close()

    def stop(self) -> None:
        """Stop serving."""
        self._loop.call_soon_threadsafe(self._loop.stop)


@contextmanager
def before(site: str) -> Iterator[Gate]:
    """Run a gateway, healthy at first, in front of the site at that address."""
    gate = Gate(site)
    thread = threading.Thread(target=gate.run, daemon=True)
    thread.start()
    try:
        gate.switch()
        yield gate
    finally:
        gate.stop()
        thread.join(timeout=10)
