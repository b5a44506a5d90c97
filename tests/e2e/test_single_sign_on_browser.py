"""Single sign-on with a real browser on "another machine", against `drtui demo serve --tls`."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from drtui.core.model.address import Address
from drtui.session import ConnectionOptions, Session, Target
from drtui.session.single_sign_on import SingleSignOn
from tests.e2e.selenium_packages import selenium_installed
from tests.e2e.terminal import PROGRAM, Terminal, opened, site
from tests.planted import secrets_in
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
    with selenium_installed(tmp_path_factory.mktemp("selenium")):
        from tests.e2e.browser import browsing

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


def address_in(terminal: Terminal) -> str:
    """Return the address that the program has printed, whole also where the terminal wraps it."""
    terminal.wait_for("Code (it is not shown):")
    address = re.search(rb"https://\S+/oauth2/authorize\?[^\s\x1b]+", terminal.written)
    assert address
    return address[0].decode()


LIST = "{program} list {url} --ca-file {ca_file} --sso --client-id drtui"
LOGIN = (
    "DRTUI_TOKEN=$({program} login {url} --ca-file {ca_file} --client-id drtui)"
    " && export DRTUI_TOKEN && {program} list {url} --ca-file {ca_file}"
)


@pytest.mark.parametrize("command", [LIST, LOGIN], ids=["list", "login"])
def test_command_lists_backups_when_the_code_of_a_browser_is_typed(
    browser: "Browser", served: tuple[str, str], tmp_path: Path, command: str
) -> None:
    url, ca_file = served
    line = command.format(program=PROGRAM, url=url, ca_file=ca_file)
    with opened("-c", line, program="/bin/sh") as terminal:
        code = browser.sign_in(address_in(terminal), OPENID)
        terminal.press(f"{code}\r")
        assert terminal.wait_for_end() == 0
    written = terminal.written.decode()
    assert "before-parcel-migration" in written
    assert not secrets_in(written, tmp_path, [code, code[:20]])


def test_interface_lists_backups_when_a_person_signed_in_in_a_browser(
    browser: "Browser", served: tuple[str, str], tmp_path: Path
) -> None:
    """From the bare address to the list, with keys that the screen names."""
    url, ca_file = served
    with opened(url, "--ca-file", ca_file) as terminal:
        terminal.wait_for("( ) single sign-on")
        terminal.press("\x1b[A")  # up, to the ways to sign in
        terminal.wait_for("left/right choose")
        terminal.press("\x1b[C\x1b[C")
        terminal.wait_for("(*) single sign-on")
        terminal.press("\rdrtui\r")
        terminal.wait_for("Paste the code that the browser shows")
        link = re.search(rb"\x1b\]8;[^;]*;(https://[^\x1b]+)", terminal.written)
        assert link
        code = browser.sign_in(link[1].decode(), OPENID)
        terminal.press(f"\x1b[200~{code}\x1b[201~")
        terminal.wait_for("*" * 20)
        terminal.press("\r")
        terminal.wait_for("in all stores")
        terminal.wait_for(OPENID)
        terminal.press("q")
        assert terminal.wait_for_end() == 0
    assert not secrets_in(terminal.written.decode(), tmp_path, [code, code[:20]])
