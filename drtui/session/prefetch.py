"""The first refresh of a site, run by a child process while the interface is loaded.

The modules for the network take as long to load as those for the screen, and one process would load them one after the
other. Later refreshes run in the interface's own process.
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

from msgspec.structs import astuple, replace

from drtui.core.model.auth import AuthState, Secret
from drtui.core.model.backup import Backup
from drtui.core.model.site_state import EXTRAS, SiteState
from drtui.session import Request, Session, runner
from drtui.session.connection import Lists
from drtui.session.target import ConnectionOptions, Target

NICENESS = 10
"""Niceness of the child on a machine with one processor, where the first picture has priority."""

BATCH = 1_000
"""Backups sent and received at once: keys are answered between two batches."""

HEADER = struct.Struct(">I")
"""Header of a message: its length in bytes."""

ENDING = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
"""Signals on which the interface resets the terminal; the child must not do that as well."""


class Prefetch:
    """A refresh that was started in advance. It can be consumed once.

    Args:
        end: socket on which the child sends its results.
        child: process id of the child, which is ended with this object.
    """

    def __init__(self, end: socket.socket, child: int | None = None) -> None:
        self._child, self._end = child, end
        self.auth_state: AuthState | None = None
        """State of the sign-in after a complete refresh; None if it did not complete."""

    async def states(self, known_lists: Lists, on_request: Callable[[Request], None]) -> AsyncIterator[SiteState]:
        """Yield the states of the refresh, like `Session.fetch`; unchanged backups of `known_lists` are reused."""
        from drtui.core.wire.backups import BackupDecoder

        decoders: dict[str, BackupDecoder] = {}
        backups_by_store: dict[str, list[Backup]] = {}
        stream, writer = await asyncio.open_connection(sock=self._end)
        try:
            async for message in _messages(stream):
                match message:
                    case "list", store, backups:
                        if store not in decoders:
                            cached = known_lists.get(store)
                            decoders[store] = BackupDecoder(store, (cached and cached.value) or ())
                        backups_by_store.setdefault(store, []).extend(map(decoders[store].reuse, backups))
                    case "asked", request:
                        on_request(request)
                    case "read", state:
                        yield _with_backups(state, backups_by_store)
                    case "end", token, *rest:
                        self.auth_state = AuthState(Secret(token) if token else None, *rest)
                        return
        finally:
            writer.close()
            self.end()

    def end(self) -> None:
        """End the child: its result is complete, or no longer needed."""
        self._end.close()
        child, self._child = self._child, None
        if child is not None:
            os.kill(child, signal.SIGKILL)  # until it is waited for, the process id remains valid, even if it has ended
            os.waitpid(child, 0)


@contextlib.contextmanager
def start_prefetch(target: Target | None, options: ConnectionOptions, now: int | None) -> Iterator[Prefetch | None]:
    """Start a refresh that ends with the block. None if it needs a password first, or cannot be started.

    Not on macOS: its proxy frameworks end a process that was forked (CPython's issue 33725).
    """
    prefetch = None
    if sys.platform == "linux" and target is not None and target.is_site:
        # Tokens of a single sign-on stay in the process that has to renew and to revoke them.
        can_fork = options.can_sign_in and options.grant is None and not options.offline
        prefetch = _fork(target, options, now) if can_fork else None
    try:
        yield prefetch
    finally:
        if prefetch is not None:
            prefetch.end()


def _fork(target: Target, options: ConnectionOptions, now: int | None) -> Prefetch | None:
    """Start a refresh in a child process; None if the system cannot create one."""
    try:
        parent_end, child_end = socket.socketpair()
        child = os.fork()
    except OSError:
        return None
    if not child:
        parent_end.close()
        _run_child(target, options, now, child_end)
    child_end.close()
    parent_end.setblocking(False)
    return Prefetch(parent_end, child)


def _run_child(target: Target, options: ConnectionOptions, now: int | None, end: socket.socket) -> NoReturn:
    """Run the refresh in the child, then exit. If it fails, the parent fetches the site itself."""
    try:
        for number in ENDING:
            signal.signal(number, signal.SIG_DFL)
        if len(os.sched_getaffinity(0)) == 1:
            os.nice(NICENESS)
        runner.run(_fetch_until_closed(target, replace(options, remember=False), now, end))
    finally:
        os._exit(0)


async def _fetch_until_closed(target: Target, options: ConnectionOptions, now: int | None, end: socket.socket) -> None:
    """Fetch the site until the parent closes the socket. The parent sends nothing, so readable means closed."""
    asyncio.get_running_loop().add_reader(end, os._exit, 0)
    await fetch_and_send(target, options, now, end)


async def fetch_and_send(target: Target, options: ConnectionOptions, now: int | None, end: socket.socket) -> None:
    """Fetch the site, and send its answers as they arrive."""
    sent_stores: set[str] = set()
    async with Session(target, options, now=now, extras=EXTRAS) as session:
        async for state in session.fetch():
            for store, answer in state.backups.items():
                if store not in sent_stores:
                    sent_stores.add(store)
                    backups = answer.value or ()
                    for start in range(0, len(backups), BATCH):
                        _send(end, "list", store, backups[start : start + BATCH])
            while session.requests:
                _send(end, "asked", session.requests.popleft())
            if not state.is_complete:
                _send(end, "read", _without_backups(state))
        if (auth_state := session.auth_state) is not None:
            token, *rest = astuple(auth_state)
            _send(end, "end", token.reveal() if token is not None else "", *rest)


def _without_backups(state: SiteState) -> SiteState:
    """Return `state` with empty lists, which are sent separately."""
    lists = {store: replace(answer, value=answer.value and ()) for store, answer in state.backups.items()}
    return replace(state, backups=lists)


def _with_backups(state: SiteState, backups_by_store: Mapping[str, list[Backup]]) -> SiteState:
    """Return `state` with the lists that were sent separately."""
    lists = {
        store: replace(answer, value=None if answer.value is None else tuple(backups_by_store.get(store, ())))
        for store, answer in state.backups.items()
    }
    return replace(state, backups=lists)


def _send(end: socket.socket, *message: Any) -> None:
    """Send a message."""
    packed = pickle.dumps(message)
    end.sendall(HEADER.pack(len(packed)) + packed)


async def _messages(reader: asyncio.StreamReader) -> AsyncIterator[tuple[Any, ...]]:
    """Yield the messages until the sender ends."""
    with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
        while True:
            (size,) = HEADER.unpack(await reader.readexactly(HEADER.size))
            yield pickle.loads(await reader.readexactly(size))  # noqa: S301 - from our own child process
