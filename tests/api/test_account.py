"""Requests for the mode of a site and for the account that is signed in."""

import httpx
import pytest

from drtui.api.errors import ApiError
from tests.api.asking import client_of


@pytest.mark.parametrize(
    ("body", "is_read_only"), [({"isReadOnly": False}, False), ({"isReadOnly": "true", "message": "patching"}, True)]
)
async def test_mode_says_whether_the_site_is_read_only(body: object, is_read_only: bool) -> None:
    async with client_of(lambda _: httpx.Response(200, json=body)) as client:
        assert (await client.mode()).is_read_only is is_read_only


@pytest.mark.parametrize("body", [{}, {"isReadOnly": "perhaps"}, {"error": {"code": 403, "message": "no"}}])
async def test_mode_is_a_failure_when_the_answer_does_not_say_it(body: object) -> None:
    async with client_of(lambda _: httpx.Response(200, json=body)) as client:
        with pytest.raises(ApiError):
            await client.mode()


async def test_account_is_read_from_the_portal_with_its_role_and_privileges() -> None:
    urls: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        urls.append(str(request.url))
        return httpx.Response(200, json={"username": "siteadmin", "role": "org_admin", "privileges": ["a", "b"]})

    async with client_of(handler) as client:
        account = await client.account()
    assert urls == ["https://gis.example.com/arcgis/sharing/rest/community/self?f=json"]
    assert (account.user, account.is_administrator, account.privileges) == ("siteadmin", True, ("a", "b"))
