"""Detection of the layout of a site; a deleted store does not change it (docs/api.md#layouts)."""

from collections import Counter

import httpx
import pytest

from drtui.api.client import DR, AdminApi
from drtui.api.errors import Missing, Refused, ServerFailure
from tests.api.asking import SITE, client_of

OLD = f"{DR}/backuprestore"
NO_OP = {"status": {"code": 0, "messages": [], "state": "no_op"}}
LISTED = {"backups": [{"backupName": name, "backupStore": store} for name, store in ("ax", "by", "ay", "cz")]}
NOT_FOUND = {"error": {"code": 404, "message": "Not Found", "details": None}}
NO_STORE = {"error": {"code": 500, "message": "Backup store gone does not exist.", "details": None}}


class Paths:
    """A site that answers by path, and counts its requests."""

    def __init__(self, answers: dict[str, object]) -> None:
        self.answers = answers
        self.asked: Counter[str] = Counter()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix("/arcgis/admin")
        self.asked[path.removeprefix(DR)] += 1
        answer = self.answers.get(path, NOT_FOUND)
        return answer if isinstance(answer, httpx.Response) else httpx.Response(200, json=answer)

    def client(self) -> AdminApi:
        return client_of(self)


def earlier(**more: object) -> Paths:
    stores = {"backupStores": [{"name": "x"}, {"name": "y"}]}
    return Paths({f"{OLD}/status": NO_OP, f"{OLD}/backups": LISTED, f"{DR}/stores": stores, **more})


@pytest.mark.parametrize("missing", [NOT_FOUND, NO_STORE, httpx.Response(404, html="<title>404</title>")])
async def test_backups_come_from_the_old_layout_when_only_that_exists(missing: object) -> None:
    site = earlier(**{f"{DR}/stores/{store}/backups": missing for store in "xy"})
    async with site.client() as client:
        assert [backup.name for backup in await client.backups("x")] == ["a"]
        assert client.old_layout is True
        assert [backup.name for backup in await client.backups("y")] == ["b", "a"]
        assert [backup.id for backup in await client.all_backups()] == [("x", "a"), ("y", "b"), ("y", "a"), ("z", "c")]
    assert site.asked["/backuprestore/backups"] == 1


async def test_single_list_is_fetched_again_when_a_refresh_begins() -> None:
    site = earlier()
    async with site.client() as client:
        for _ in range(2):
            for store in await client.stores():
                await client.backups(store.name)
    assert site.asked["/backuprestore/backups"] == 2


async def test_single_list_is_fetched_again_when_it_failed() -> None:
    site = earlier(**{f"{OLD}/backups": {"error": {"code": 500, "message": "Broken."}}})
    async with site.client() as client:
        with pytest.raises(ServerFailure):
            await client.backups("x")
        site.answers[f"{OLD}/backups"] = LISTED
        assert len(await client.backups("x")) == 1


async def test_layout_is_not_checked_again_when_the_status_revealed_it() -> None:
    site = Paths({f"{DR}/status": NO_OP, f"{OLD}/backups": LISTED})
    async with site.client() as client:
        await client.status()
        assert client.old_layout is False
        with pytest.raises(Missing):
            await client.backups("gone")
    assert not any("backuprestore" in path for path in site.asked)


async def test_layout_stays_new_when_a_store_is_gone_and_both_layouts_answer() -> None:
    site = Paths(
        {f"{DR}/stores/gone/backups": NO_STORE, f"{DR}/status": NO_OP, f"{OLD}/backups": LISTED, f"{OLD}/status": NO_OP}
    )
    async with site.client() as client:
        with pytest.raises(Missing) as caught:
            await client.backups("gone")
        assert client.old_layout is False
    assert "does not exist" in caught.value.failure.server_message


async def test_backups_report_the_first_failure_when_the_context_is_wrong() -> None:
    site = Paths({})
    async with site.client() as client:
        with pytest.raises(Missing) as caught:
            await client.backups("x")
        assert client.old_layout is None
        with pytest.raises(Missing):
            await client.status()
    assert caught.value.failure.request == f"GET {SITE.admin_url}{DR}/stores/x/backups"


async def test_backups_report_the_failure_when_the_old_layout_is_refused() -> None:
    site = Paths({f"{OLD}/status": {"error": {"code": 403, "message": "No."}}})
    async with site.client() as client:
        with pytest.raises(Refused):
            await client.status()
        assert client.old_layout is None
