"""Every resource of the simulated site over real sockets, with and without faults."""

import asyncio
from collections.abc import Iterator

import pytest

from drtui.api.auth import Credentials
from drtui.api.client import AdminApi
from drtui.api.errors import ApiError, Refused, SignInNeeded, Unreadable
from drtui.api.tls import create_tls_context
from drtui.api.transport import Transport
from drtui.core.model.address import Address
from drtui.core.model.auth import Secret
from drtui.demo.app import make_app
from drtui.demo.faults import Faults, parse_fault
from drtui.demo.scenarios import PASSWORD, PLANTED_SECRETS, TOKEN, USER
from drtui.demo.server import Served, serving
from tests.api.asking import error_of_fetching_stores, without_waits
from tests.api.test_secrets import revealed_text
from tests.conftest import NOW

SIGNED_IN = Credentials(user=USER, password=Secret(PASSWORD))


def at(where: Served, credentials: Credentials = SIGNED_IN, *, timeout: float = 20) -> AdminApi:
    return AdminApi(
        Transport(
            Address.parse(where.url),
            credentials,
            timeout=timeout,
            trust=asyncio.to_thread(create_tls_context, where.ca_file),
            clock=lambda: NOW,
        )
    )


@pytest.fixture(scope="module")
def calm() -> Iterator[Served]:
    with serving(make_app("calm", now=NOW), tls=True) as where:
        yield where


async def test_client_reads_every_resource_when_the_site_is_healthy(calm: Served) -> None:
    async with at(calm) as client:
        site = await client.site()
        assert site.release is not None
        stores = await client.stores()
        assert sum(store.default is True for store in stores) == 1
        store = stores[0].name
        backups = await client.backups(store)
        assert {backup.store for backup in backups} == {store}
        assert (await client.status()).state
        assert (await client.settings()).timeout_seconds
        assert any(schedule.cron for schedule in await client.schedules())
        assert any(store.is_system_managed is False for store in await client.data_stores())
        assert await client.jobs() is not None
        assert client.old_layout is False
        assert client.auth_state.expires == NOW + 3_600_000


async def test_job_is_listed_when_a_backup_is_running() -> None:
    with serving(make_app("running", now=NOW)) as where:
        async with at(where) as client:
            jobs = await client.jobs()
            assert jobs
            for identity in jobs:
                assert (await client.job(identity)).id == identity


async def test_client_returns_no_secret_when_responses_contain_some(calm: Served) -> None:
    async with at(calm) as client:
        stores = await client.stores()
        backups = [await client.backups(store.name) for store in stores]
        values = repr((stores, backups, await client.schedules(), await client.settings(), await client.data_stores()))
    assert not [secret for secret in PLANTED_SECRETS if secret in values]


async def test_client_reads_every_resource_when_the_layout_is_old() -> None:
    with serving(make_app("old", now=NOW)) as where:
        async with at(where) as client:
            (store,) = await client.stores()
            backups = await client.backups(store.name)
            assert backups
            assert client.old_layout is True
            assert await client.all_backups() == backups
            assert (await client.status()).state


async def test_backups_are_empty_when_the_list_is_empty() -> None:
    with serving(make_app("empty", now=NOW)) as where:
        async with at(where) as client:
            assert await client.backups((await client.stores())[0].name) == ()


async def test_resource_raises_missing_when_it_was_deleted(calm: Served) -> None:
    async with at(calm) as client:
        for asking in (client.backups("gone"), client.job("gone")):
            with pytest.raises(ApiError) as caught:
                await asking
            assert caught.value.failure.kind.value == "missing"


async def test_schedules_are_refused_when_the_account_lacks_the_role() -> None:
    with serving(make_app("no-privilege", now=NOW)) as where:
        async with at(where) as client:
            with pytest.raises(Refused) as caught:
                await client.schedules()
            assert await client.stores()
    assert "default administrator role" in caught.value.failure.cause


async def test_token_is_renewed_when_the_site_forgot_it_unless_it_was_pasted() -> None:
    app = make_app("calm", now=NOW)
    with serving(app) as where:
        async with at(where) as client:
            await client.site()
            app.state.tokens.forget()
            assert await client.stores()
        async with at(where, Credentials(token=Secret(TOKEN))) as client:
            assert await client.stores()
        error = await error_of_fetching_stores(at(where, Credentials(token=Secret("stale-token"))))
    assert isinstance(error, SignInNeeded)
    assert "stale-token" not in revealed_text(error)


async def test_error_omits_the_password_when_it_is_wrong(calm: Served) -> None:
    error = await error_of_fetching_stores(at(calm, Credentials(user=USER, password=Secret("Wrong-But-Secret-7"))))
    assert error.failure.code == "sign-in"
    assert "Wrong-But-Secret-7" not in revealed_text(error)


DR = ("disasterrecovery",)
"""Path of the faults: the resources, without the sign-in before them."""


@pytest.mark.parametrize(
    ("faults", "code", "words"),
    [
        (Faults(only=DR, html=True), "html", "page instead of JSON"),
        pytest.param(Faults(only=DR, status_code=404), "404", "nothing found at this address", marks=pytest.mark.full),
        pytest.param(Faults(only=DR, status_code=401), "401", "in front of the site", marks=pytest.mark.full),
        pytest.param(Faults(only=DR, status_code=429), "429", "Too many requests", marks=pytest.mark.full),
        pytest.param(Faults(only=DR, status_code=500), "500", "answered 500", marks=pytest.mark.full),
        (Faults(only=DR, status_code=503), "503", "being restored"),
        (Faults(only=DR, error_code=500, details_null=True), "500", "Something is wrong with this site."),
        (Faults(only=DR, error_code=500, error_form=3), "500", "Ask whoever runs it."),
        pytest.param(Faults(only=DR, error_code=403), "403", "Security and infrastructure", marks=pytest.mark.full),
        pytest.param(Faults(only=DR, error_code=498), "498", "not valid", marks=pytest.mark.full),
        (Faults(only=DR, error_code=499, error_form=3), "499", "requires a token"),
        (parse_fault(["missing-key-stores"]), "shape", 'no "backupStores"'),
        (Faults(only=DR, drop=True), "dropped", "was lost"),
        (Faults(only=DR, redirect="https://elsewhere.invalid/login"), "redirect", "elsewhere.invalid"),
        (Faults(only=DR, hang=True), "timeout", "did not answer in time"),
        pytest.param(Faults(error_code=500), "500", "Something is wrong with this site.", marks=pytest.mark.full),
        pytest.param(Faults(html=True), "html", "page instead of JSON", marks=pytest.mark.full),
    ],
)
async def test_client_reports_the_failure_when_a_fault_is_set(faults: Faults, code: str, words: str) -> None:
    with serving(make_app("calm", now=NOW, faults=faults)) as where, without_waits():
        error = await error_of_fetching_stores(at(where, timeout=1 if faults.hang else 20))
        if faults.only:
            async with at(where) as client:
                assert await client.schedules()
    assert error.failure.code == code
    assert words in error.failure.line
    assert not [secret for secret in (PASSWORD, TOKEN) if secret in revealed_text(error)]


@pytest.mark.parametrize("ask", ["stores", "schedules", "jobs"])
async def test_client_returns_no_list_when_the_response_has_none(ask: str) -> None:
    with serving(make_app("calm", now=NOW, faults=Faults(html=True, only=("/admin",)))) as where:
        async with at(where) as client:
            with pytest.raises(Unreadable):
                await getattr(client, ask)()
