"""A person who signs in to the portal with a browser, as commands and the interface ask for."""

import httpx

from drtui.demo.members import MEMBERS, Kind
from drtui.demo.scenarios import MULTIFACTOR_CODE, USER
from tests.demo.test_oauth import Person


async def approval_of(address: str, username: str = USER) -> httpx.Response:
    """Open an address, sign in with the forms of the pages, and return the page with the code."""
    member = MEMBERS[username]
    async with httpx.AsyncClient(trust_env=False) as client:
        person = Person(client)
        await person.open(address)
        base = str(person.answer.url)
        if member.kind is Kind.OPENID:
            await person.open(str(httpx.URL(base).join(person.page.links[0])))
        person.client.base_url = httpx.URL(base).copy_with(raw_path=b"/")
        await person.submit(username=username, password=member.password)
        if member.kind is Kind.MULTIFACTOR:
            await person.submit(mfa_code=MULTIFACTOR_CODE)
        return person.answer


async def code_from(address: str, username: str = USER) -> str:
    """Sign in and return the code of the last page."""
    return (await approval_of(address, username)).url.params["code"]
