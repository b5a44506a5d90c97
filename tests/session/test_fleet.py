"""Several sites concurrently: each within its own time, with its own failure, a few at a time."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from drtui.core.model.address import Address
from drtui.core.model.auth import Secret
from drtui.core.model.site_state import SiteState, Source
from drtui.demo.app import make_app
from drtui.demo.faults import Faults
from drtui.demo.scenarios import PASSWORD, TOKEN, USER
from drtui.demo.server import serving
from drtui.session import ConnectionOptions, Session, Target
from drtui.session.fleet import MAX_CONCURRENT_SITES, Fleet
from drtui.session.profiles import NamedSite, load_config, named_sites, simulated_sites
from drtui.storage.last_known import last_known_of_site
from tests.api.servers import http, listening
from tests.conftest import NOW
from tests.estate import Site, Tables, configure, serve_sites

QUICK = {"timeout": 2}
SITES = {
    "prod": Site(),
    "slow": Site(faults=Faults(hang=True), keys=QUICK),
    "half": Site(faults=Faults(hang=True, only=("s3",)), keys=QUICK),
}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tables]:
    with serve_sites(tmp_path_factory.mktemp("estate"), SITES) as tables:
        yield tables


@pytest.fixture
def sites(served: Tables) -> tuple[NamedSite, ...]:
    configure(served)
    return named_sites(load_config().profiles)


async def refreshed_states(fleet: Fleet) -> dict[str, SiteState]:
    return {site.name: site.site_state async for site in fleet.refresh()}


def codes(state: SiteState) -> dict[str, str]:
    return {name: trouble.code for name, trouble in state.failures}


async def test_fleet_reports_each_site_when_some_fail(sites: tuple[NamedSite, ...]) -> None:
    states = await refreshed_states(Fleet(sites, ConnectionOptions()))
    assert states.keys() == {"prod", "slow", "half", "down", "locked"}
    assert not states["prod"].failures
    assert len(states["prod"].all_backups) == 57
    assert codes(states["slow"])["stores"] == "timeout"
    assert codes(states["half"]) == {"backups of archive-s3": "timeout"}
    assert len(states["half"].all_backups) == 44
    assert set(codes(states["down"]).values()) == {"connection-refused"}
    assert codes(states["locked"]) == {"stores": "secret"}
    assert all(state.is_complete for state in states.values())


async def test_fleet_yields_fast_sites_first_when_others_are_slow(sites: tuple[NamedSite, ...]) -> None:
    looks = Fleet(sites, ConnectionOptions(timeout=60)).refresh()
    assert {(await anext(looks)).name for _ in range(3)} == {"prod", "locked", "down"}
    await looks.aclose()  # type: ignore[attr-defined]
    left = asyncio.all_tasks() - {asyncio.current_task()}
    assert len(left) >= 2
    await asyncio.wait(left, timeout=20)  # they were cancelled, and end while the program continues
    assert all(task.done() for task in left)


async def test_fleet_shows_cached_values_when_a_site_fails(tmp_path: Path) -> None:
    with serve_sites(tmp_path, {"prod": Site()}) as tables:
        configure(tables)
        sites = named_sites(load_config().profiles)
        assert not [site async for site in Fleet(sites, ConnectionOptions()).cached()]
        await refreshed_states(Fleet(sites, ConnectionOptions()))
        remembered = {site.name: site.site_state async for site in Fleet(sites, ConnectionOptions()).cached()}
    assert remembered.keys() == {"prod"}
    assert len(remembered["prod"].all_backups) == 57
    later = (await refreshed_states(Fleet(sites, ConnectionOptions())))["prod"]
    assert len(later.all_backups) == 57
    assert later.is_saved
    assert codes(later)["stores"] == "connection-refused"
    offline = await refreshed_states(Fleet(sites, ConnectionOptions(offline=True)))
    assert offline["prod"].stores is not None
    assert offline["prod"].stores.source is Source.SAVED
    assert codes(offline["down"]) == {"stores": "offline"}


async def test_fleet_limits_concurrent_sites_when_there_are_many() -> None:
    waiting, most, are_enough = 0, 0, asyncio.Event()

    async def answer_when_all_wait(head: bytes, writer: asyncio.StreamWriter) -> None:
        nonlocal waiting, most
        if b"/disasterrecovery/stores" in head.partition(b"\r\n")[0]:
            waiting += 1
            most = max(most, waiting)
            if waiting == MAX_CONCURRENT_SITES:
                are_enough.set()
            await are_enough.wait()
            waiting -= 1
        writer.write(http(b'{"backupStores": []}'))

    async with listening(answer_when_all_wait) as port:
        numbers = range(MAX_CONCURRENT_SITES + 8)
        targets = [
            Target(Address.parse(f"http://127.0.0.1:{port}/site{number}"), name=f"{number}") for number in numbers
        ]
        sites = [NamedSite(target, lambda options: replace(options, token=Secret("x"))) for target in targets]
        states = await refreshed_states(Fleet(sites, ConnectionOptions(timeout=20), now=NOW))
    assert most == MAX_CONCURRENT_SITES
    assert [name for name, state in states.items() if "stores" in codes(state)] == []
    assert len(states) == len(sites)


async def test_fleet_keeps_secrets_apart_when_sites_differ() -> None:
    options_by_site: list[ConnectionOptions] = []

    def way_in(access: ConnectionOptions) -> ConnectionOptions:
        options_by_site.append(access)
        return access

    target = Target(Address.parse("https://nobody.invalid/arcgis"), name="x")
    access = ConnectionOptions(user=USER, password=Secret(PASSWORD), token=Secret(TOKEN))
    states = await refreshed_states(Fleet([NamedSite(target, way_in)], access))
    assert codes(states["x"]) == {"stores": "secret"}
    assert [(site.user, site.password, site.token) for site in options_by_site] == [("", None, None)] * len(
        options_by_site
    )


async def test_fleet_uses_the_open_session_when_it_has_the_site() -> None:
    with serving(make_app("seed", now=NOW)) as where:
        target = Target(Address.parse(where.url))
        async with Session(target, ConnectionOptions(token=Secret(TOKEN))) as beside:
            site = NamedSite(Target(target.address, name="typed-in"), lambda given: given)
            states = await refreshed_states(Fleet([site], ConnectionOptions(), open_session=beside))
            assert len(states["typed-in"].all_backups) == 2
            assert len(beside.requests) > 4


@pytest.mark.parametrize(("now", "expected"), [(None, True), (NOW, False)], ids=["present", "another moment"])
async def test_refresh_saves_last_known_only_when_it_assesses_the_present(now: int | None, *, expected: bool) -> None:
    with serving(make_app("seed", now=NOW)) as where:
        target = Target(Address.parse(where.url))
        fleet = Fleet(
            [NamedSite(target, lambda _: ConnectionOptions(token=Secret(TOKEN)))],
            ConnectionOptions(),
            now=now,
            clock=lambda: NOW,
        )
        assert not [summary.site_state.failures async for summary in fleet.refresh() if summary.site_state.failures]
    assert target.address is not None
    assert (last_known_of_site(target.address.url) is not None) is expected


async def test_fleet_opens_a_connection_when_the_account_differs() -> None:
    with serving(make_app("seed", now=NOW)) as where:
        target = Target(Address.parse(where.url), name="admin")
        async with Session(target, ConnectionOptions(token=Secret(TOKEN))) as beside:
            site = NamedSite(Target(target.address, name="reader"), lambda given: given)
            states = await refreshed_states(Fleet([site], ConnectionOptions(), open_session=beside))
            assert codes(states["reader"]) == {"stores": "secret"}
            assert not beside.requests


async def test_simulated_sites_send_no_request_when_fetched() -> None:
    summaries = await refreshed_states(Fleet(simulated_sites(), ConnectionOptions(), now=NOW))
    assert summaries["calm"].listed_at is not None
    assert summaries.keys() == {site.target.name for site in simulated_sites()}
