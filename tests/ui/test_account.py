"""Pane 1 and the badge of every screen: who is signed in, how, and whether the site can be changed."""

from drtui.core.model.address import Address
from drtui.core.model.auth import Secret
from drtui.demo.app import make_app
from drtui.demo.faults import Faults
from drtui.demo.scenarios import PASSWORD, USER
from drtui.demo.server import serving
from drtui.session import ConnectionOptions, Target
from tests.conftest import NOW
from tests.ui.stories import open_site


async def test_pane_says_who_is_signed_in_and_the_badge_that_the_site_became_read_only() -> None:
    app = make_app("calm", now=NOW)
    with serving(app) as server:
        target = Target(Address.parse(server.url), changes=frozenset({"keep"}))
        access = ConnectionOptions(user=USER, password=Secret(PASSWORD), remember=False)
        async with open_site(target, access, size=(120, 40)) as ui:
            assert "as siteadmin, default administrator" in ui.text
            assert "by password" in ui.text
            assert "changes allowed: keep" in ui.text
            assert "CHANGES ON" in ui.text
            app.state.faults = Faults(read_only=True)
            await ui.press("r")
            assert "no changes: site is in read-only mode" in ui.text
            assert "Site is in read-only mode" in ui.text
            await ui.press("w")
            assert "SITE READ-ONLY" in ui.lines[0]
            await ui.press("escape")
            await ui.resize((80, 24))
            assert "SITE READ-ONLY" in ui.lines[0]
            app.state.faults = Faults(broken={"mode": "500", "account": "500"})
            await ui.press("r")
            assert "CHANGES ON" in ui.lines[0], "an unknown mode is no read-only mode"
            await ui.press("1")
            assert "as siteadmin, default administrator" in ui.text, "the account is not fetched again"
            assert "changes allowed: keep; read-only mode unknown" in ui.text
