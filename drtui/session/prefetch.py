"""The first look at a site, taken by a process of its own while the interface is loaded.

To load what asks the site takes as long as to load what shows the answers, and in one process one has to wait for the
other. Later looks need no such haste.
"""

import asyncio
import contextlib
import os
import pickle
import signal
import socket
import struct
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from typing import Any, NoReturn

from msgspec.structs import replace

from drtui.core.model.auth import AuthState, Secret
from drtui.core.model.backup import Backup
from drtui.core.model.site_state import SiteState
from drtui.session import Request, Session, runner
from drtui.session.connection import Lists
from drtui.session.target import ConnectionOptions, Target

POLITE = 10
"""How much it holds back where there is one processor only: there the first picture comes first."""

SLICE = 1_000
"""Backups that are told, and taken in, at once: keys are answered between two slices."""

SIZE = struct.Struct(">I")
"""How a message begins: with its length in bytes."""

ENDING = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
"""Signals after which the interface gives the terminal back, which is nothing that anybody else should do."""


class Prefetch:
    """A look that was begun before anybody asked for it. It is taken once.

    Args:
        end: where it tells what it found.
        child: the process that takes it, to be ended with it.
    """

    def __init__(self, end: socket.socket, child: int | None = None) -> None:
        self._child, self._end = child, end
        self.footing: AuthState | None = None
        """How one stands with the site, once the look is whole; None if it came to no end."""

    async def readings(self, known: Lists, on_request: Callable[[Request], None]) -> AsyncIterator[SiteState]:
        """What it has found, as `Session.look` would; of the backups that are `known` those still the same are kept."""
        from drtui.core.wire.backup_schema import BackupDecoder  # noqa: PLC0415 - not needed to paint

        readers: dict[str, BackupDecoder] = {}
        listed: dict[str, list[Backup]] = {}
        reader, writer = await asyncio.open_connection(sock=self._end)
        try:
            async for message in _messages(reader):
                match message:
                    case "list", store, backups:
                        if store not in readers:
                            before = known.get(store)
                            readers[store] = BackupDecoder(store, (before and before.value) or ())
                        listed.setdefault(store, []).extend(map(readers[store].reuse, backups))
                    case "asked", request:
                        on_request(request)
                    case "read", bare:
                        yield _filled(bare, listed)
                    case "end", token, *rest:
                        self.footing = AuthState(Secret(token) if token else None, *rest)
                        return
        finally:
            writer.close()
            self.end()

    def end(self) -> None:
        """Nobody wants to know any more, or it has told all."""
        self._end.close()
        child, self._child = self._child, None
        if child is not None:
            os.kill(child, signal.SIGKILL)  # until it is waited for, it can be told, ended or not
            os.waitpid(child, 0)


@contextlib.contextmanager
def start_prefetch(target: Target | None, access: ConnectionOptions, now: int | None) -> Iterator[Prefetch | None]:
    """A look at a site, which ends with the block; None where it cannot begin before somebody is asked, or at all.

    Not on macOS: its frameworks, when they are asked for the proxies, end a process that was forked (CPython's issue
    33725).
    """
    ahead = None
    if sys.platform == "linux" and target is not None and target.is_site:
        ahead = _forked(target, access, now) if access.can_sign_in and not access.offline else None
    try:
        yield ahead
    finally:
        if ahead is not None:
            ahead.end()


def _forked(target: Target, access: ConnectionOptions, now: int | None) -> Prefetch | None:
    """A look in a process of its own; None where the system grants none."""
    try:
        here, there = socket.socketpair()
        child = os.fork()
    except OSError:
        return None
    if not child:
        here.close()
        _alone(target, access, now, there)
    there.close()
    here.setblocking(False)
    return Prefetch(here, child)


def _alone(target: Target, access: ConnectionOptions, now: int | None, end: socket.socket) -> NoReturn:
    """What the process does that is made for it. Whatever befalls it: who waits for it asks the site itself then."""
    try:
        for number in ENDING:
            signal.signal(number, signal.SIG_DFL)
        if len(os.sched_getaffinity(0)) == 1:
            os.nice(POLITE)
        runner.run(_look_while_wanted(target, replace(access, remember=False), now, end))
    finally:
        os._exit(0)


async def _look_while_wanted(target: Target, access: ConnectionOptions, now: int | None, end: socket.socket) -> None:
    """Look at the site; whoever wants to know says nothing, so that whatever can be read there is its end."""
    asyncio.get_running_loop().add_reader(end, os._exit, 0)
    await look(target, access, now, end)


async def look(target: Target, access: ConnectionOptions, now: int | None, end: socket.socket) -> None:
    """Look at the site, and tell what it answers as it comes."""
    told: set[str] = set()
    async with Session(target, access, now=now) as session:
        async for reading in session.fetch():
            for store, answer in reading.backups.items():
                if store not in told:
                    told.add(store)
                    backups = answer.value or ()
                    for start in range(0, len(backups), SLICE):
                        _tell(end, "list", store, backups[start : start + SLICE])
            while session.requests:
                _tell(end, "asked", session.requests.popleft())
            if not reading.is_complete:
                _tell(end, "read", _bare(reading))
        if (footing := session.auth_state) is not None:
            token = footing.token.reveal() if footing.token is not None else ""
            _tell(end, "end", token, footing.expires, footing.refusal, footing.has_old_layout)


def _bare(reading: SiteState) -> SiteState:
    """A reading without its lists, which are told apart."""
    lists = {store: replace(each, value=each.value and ()) for store, each in reading.backups.items()}
    return replace(reading, backups=lists)


def _filled(bare: SiteState, listed: Mapping[str, list[Backup]]) -> SiteState:
    """The same with them."""
    lists = {
        store: replace(each, value=None if each.value is None else tuple(listed.get(store, ())))
        for store, each in bare.backups.items()
    }
    return replace(bare, backups=lists)


def _tell(end: socket.socket, *message: Any) -> None:
    """Send a message."""
    packed = pickle.dumps(message)
    end.sendall(SIZE.pack(len(packed)) + packed)


async def _messages(reader: asyncio.StreamReader) -> AsyncIterator[tuple[Any, ...]]:
    """The messages that come, until whoever sends them has ended."""
    with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
        while True:
            (size,) = SIZE.unpack(await reader.readexactly(SIZE.size))
            yield pickle.loads(await reader.readexactly(size))  # noqa: S301 - from a process of our own
