"""The first refresh in a child process: it returns what a refresh of the session does, and leaves no process."""

import asyncio
import os
import pickle
import select
import signal
import socket
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import TypeVar

import pytest
from msgspec.structs import replace

from drtui.core.model.address import Address
from drtui.core.model.auth import OAuthGrant, Secret
from drtui.core.model.site_state import EXTRAS, Fetched, SiteState
from drtui.demo.app import make_app
from drtui.demo.faults import Faults
from drtui.demo.scenarios import PASSWORD, TOKEN, USER
from drtui.demo.server import serving
from drtui.session import DEMO, ConnectionOptions, Request, Session, Target, now_ms, prefetch, runner
from drtui.session.prefetch import Prefetch
from tests import processes
from tests.suites import in_full

T = TypeVar("T")
STARTED = now_ms()
"""Life of a token, which must last for the test."""
BACKUPS = sum(map(len, make_app("calm", now=STARTED).state.site.backups.values()))
"""Backups of the site; their number depends on the day of the month."""
QUIET = ConnectionOptions(user=USER, password=Secret(PASSWORD), remember=False)


@contextmanager
def site(scenario: str = "calm", faults: Faults | None = None) -> Iterator[Target]:
    with serving(make_app(scenario, now=STARTED, faults=faults or Faults())) as served:
        yield Target(Address.parse(served.url, allow_http=True))


@asynccontextmanager
async def started_prefetch(target: Target, access: ConnectionOptions = QUIET) -> AsyncIterator[Prefetch]:
    """Start a prefetch in a thread: the tests have other threads, and such a process must not fork."""
    end, there = socket.socketpair()
    end.setblocking(False)

    def fetch() -> None:
        with there:
            runner.run(prefetch.fetch_and_send(target, access, STARTED, there))

    task = asyncio.create_task(asyncio.to_thread(fetch))
    yield Prefetch(end)
    await task


def without_times(state: SiteState) -> SiteState:
    """Return a state without the times of its answers."""

    def still(answer: Fetched[T] | None) -> Fetched[T] | None:
        return None if answer is None else replace(answer, at=0)

    return replace(
        state,
        site=still(state.site),
        stores=still(state.stores),
        backups={store: replace(fetched, at=0) for store, fetched in state.backups.items()},
        status=still(state.status),
        settings=still(state.settings),
        schedules=still(state.schedules),
        job=still(state.job),
        **{name: still(getattr(state, name)) for name in EXTRAS},
    )


@pytest.mark.parametrize(
    "scenario",
    in_full(
        ["calm", "hostile", "empty", "no-privilege", "half-failed", "old", "upgraded"],
        but=["hostile", "no-privilege"],
    ),
)
async def test_prefetch_yields_the_same_state_when_the_site_is_healthy(scenario: str) -> None:
    with site(scenario) as target:
        async with (
            started_prefetch(target) as first,
            Session(target, QUIET, now=STARTED, prefetch=first, extras=EXTRAS) as session,
        ):
            states = await session.fetch_all()
        async with Session(target, QUIET, now=STARTED, extras=EXTRAS) as session:
            assert without_times(states) == without_times(await session.fetch_all())


async def test_session_keeps_token_and_layout_when_the_prefetch_found_them() -> None:
    with site("old") as target:
        async with (
            started_prefetch(target) as first,
            Session(target, QUIET, now=STARTED, prefetch=first, extras=EXTRAS) as session,
        ):
            before = await session.fetch_all()
            urls = [request.url.rpartition("/")[2] for request in session.requests]
            assert urls.count("generateToken") == 1
            assert session.token_expires is not None
            expires = session.token_expires
            session.requests.clear()
            after = await session.fetch_all()
            later = {request.url.rpartition("/")[2]: request.status for request in session.requests}
    assert "generateToken" not in later, "it has a token"
    assert session.token_expires == expires
    assert {*later.values()} == {200}, "nor are the addresses tried that this release does not have"
    assert without_times(before) == without_times(after)


async def test_session_does_not_sign_in_again_when_the_prefetch_was_refused() -> None:
    with site() as target:
        wrong = replace(QUIET, password=Secret("wrong"))
        async with (
            started_prefetch(target, wrong) as first,
            Session(target, wrong, now=STARTED, prefetch=first, extras=EXTRAS) as session,
        ):
            prefetched, second = await session.fetch_all(), await session.fetch_all()
    assert [request.method for request in session.requests].count("POST") == 1
    assert prefetched.stores is not None
    assert second.stores is not None
    assert prefetched.stores.failure == second.stores.failure


def has_same_values(first: SiteState, second: SiteState) -> bool:
    return {*map(id, first.all_backups)} == {*map(id, second.all_backups)}


async def test_prefetch_reuses_backups_when_they_are_known() -> None:
    with site() as target:
        async with Session(target, QUIET, now=STARTED) as session:
            before = await session.fetch_all()
        async with started_prefetch(target) as first:
            urls: list[Request] = []
            readings = [backup async for backup in first.states(before.backups, urls.append)]
        async with (
            started_prefetch(target) as first,
            Session(target, QUIET, now=STARTED, prefetch=first, extras=EXTRAS) as session,
        ):
            assert has_same_values(await session.fetch_all(), await session.fetch_all())
    assert len(before.all_backups) == BACKUPS
    assert has_same_values(before, readings[-1])
    missing = [request.url.rpartition("/")[2] for request in urls if request.status != 200]
    assert missing == ["about"], "the release does not have it"


async def test_session_fetches_itself_when_the_prefetch_breaks_off() -> None:
    end, there = socket.socketpair()
    end.setblocking(False)
    with site() as target:
        packed = pickle.dumps(("read", SiteState(target.location, target.address)))
        there.sendall(len(packed).to_bytes(4, "big") + packed + b"\0\0\1")
        there.close()
        async with Session(target, QUIET, now=STARTED, prefetch=Prefetch(end)) as session:
            assert len((await session.fetch_all()).all_backups) == BACKUPS


FORKED = """
import asyncio, os, sys
from drtui.core.model.address import Address
from drtui.core.model.auth import Secret
from drtui.session import ConnectionOptions, Session, Target
from drtui.session.prefetch import start_prefetch

url, token, kill = sys.argv[1:]
target, access = Target(Address.parse(url, allow_http=True)), ConnectionOptions(token=Secret(token), remember=False)

async def look(prefetch):
    async with Session(target, access, prefetch=prefetch) as session:
        state = await session.fetch_all()
        print(len(state.all_backups), {request.status for request in session.requests if "about" not in request.url})

with start_prefetch(target, access, None) as prefetch:
    if kill:
        os.kill(prefetch._child, int(kill))
    asyncio.run(look(prefetch))
try:
    os.waitpid(-1, os.WNOHANG)
except ChildProcessError:
    print("alone")
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere no process is forked")
@pytest.mark.parametrize("signalled", ["", str(signal.SIGKILL.value)])
def test_prefetch_leaves_no_process_when_it_ends_or_is_killed(signalled: str) -> None:
    with site() as target:
        command = [sys.executable, "-c", FORKED, str(target.address.url), TOKEN, signalled]  # type: ignore[union-attr]
        ran = processes.run(command, environment=environment())
    assert (ran.stdout, ran.stderr) == (f"{BACKUPS} {{200}}\nalone\n", "")


REFUSED = """
import resource
from drtui.core.model.address import Address
from drtui.core.model.auth import Secret
from drtui.session import ConnectionOptions, Target
from drtui.session.prefetch import start_prefetch

resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))
target = Target(Address("http", "127.0.0.1:1", "arcgis"))
with start_prefetch(target, ConnectionOptions(token=Secret("x")), None) as prefetch:
    print(prefetch)
"""


def test_prefetch_is_none_when_the_system_grants_no_process() -> None:
    ran = processes.run([sys.executable, "-c", REFUSED])
    assert (ran.stdout, ran.stderr) == ("None\n", "")


LEFT_ALONE = """
import sys, time
from drtui.core.model.address import Address
from drtui.core.model.auth import Secret
from drtui.session import ConnectionOptions, Target
from drtui.session.prefetch import start_prefetch

target = Target(Address.parse(sys.argv[1], allow_http=True))
with start_prefetch(target, ConnectionOptions(token=Secret("x")), None) as prefetch:
    print(prefetch._child, flush=True)
    time.sleep(60)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere no process is forked")
def test_prefetch_process_ends_when_its_parent_is_killed() -> None:
    with site(faults=Faults(hang=True)) as target:
        command = [sys.executable, "-c", LEFT_ALONE, str(target.address.url)]  # type: ignore[union-attr]
        with processes.started(command, environment=environment()) as program:
            ends = os.pidfd_open(int(program.stdout.readline()))  # type: ignore[union-attr]
            program.kill()
            assert select.select([ends], [], [], 20)[0]
            os.close(ends)


def environment() -> Mapping[str, str]:
    return {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}


@pytest.mark.parametrize(
    ("target", "access"),
    [
        (None, QUIET),
        (Target(scenario="calm"), QUIET),
        (Target(Address("http", "127.0.0.1:1", "arcgis")), replace(QUIET, offline=True)),
        (Target(Address("http", "127.0.0.1:1", "arcgis")), replace(QUIET, password=None)),
        (Target(Address("http", "127.0.0.1:1", "arcgis")), replace(QUIET, grant=OAuthGrant(Secret("t"), None, "app"))),
    ],
)
def test_prefetch_is_none_when_no_request_may_be_sent(target: Target | None, access: ConnectionOptions) -> None:
    with prefetch.start_prefetch(target, access, None) as first:
        assert first is None


async def test_state_without_backups_keeps_its_stores_when_lists_are_sent_separately() -> None:
    async with Session(Target(DEMO, scenario="calm"), ConnectionOptions(), now=STARTED) as session:
        state = await session.fetch_all()
    bare = prefetch._without_backups(state)
    assert bare.backups.keys() == state.backups.keys()
    assert bare.all_backups == ()
