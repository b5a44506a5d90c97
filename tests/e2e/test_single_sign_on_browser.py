"""Single sign-on with a real browser on "another machine", against `drtui demo serve --tls`."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from drtui.core.model.address import Address
from drtui.session import ConnectionOptions, Session, Target
from drtui.session.single_sign_on import SingleSignOn
from tests.e2e.terminal import site
from tests.programs import skip_without

if TYPE_CHECKING:
    from tests.e2e.browser import Browser

pytestmark = [
    pytest.mark.full,
    pytest.mark.xdist_group("browser"),
    skip_without("chromedriver"),
]

OPENID = "maria.cityid"


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator["Browser"]:
    from tests.e2e.browser import browsing  # selenium takes 0.2 s that other tests need not wait for

    with browsing(tmp_path_factory.mktemp("chromium")) as running:
        yield running


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[str, str]]:
    """Address and CA file of the calm site."""
    with site("calm") as where:
        yield where


@pytest.mark.parametrize("username", [OPENID, "tomas.mfa", "siteadmin"])
async def test_session_lists_backups_when_a_person_signed_in_in_a_browser(
    browser: "Browser", served: tuple[str, str], username: str
) -> None:
    url, ca_file = served
    options = ConnectionOptions(sso=True, client_id="drtui", ca_file=Path(ca_file), remember=False)
    target = Target(Address.parse(url))
    sign_on = SingleSignOn(target, options)
    code = browser.sign_in(sign_on.url, username)
    assert browser.driver.title == f"SUCCESS code={code}"
    grant = await sign_on.finish(code)
    assert grant.user == username
    async with Session(target, replace(options, grant=grant)) as session:
        state = await session.fetch_all()
    assert state.stores is not None
    assert state.stores.value
    assert not state.failures
