"""Commands sign in by single sign-on: the address on stderr, the code from stdin, tokens that end with the command."""

import asyncio
import io
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from drtui.demo.app import make_app
from drtui.demo.scenarios import TOKEN
from drtui.demo.server import serving
from drtui.session import now_ms
from tests.cli.running import Ran, run
from tests.people import approval_of, code_from
from tests.planted import secrets_in

Capture = pytest.CaptureFixture[str]
Patch = pytest.MonkeyPatch
SSO = ("--sso", "--client-id", "drtui", "--code-file", "-")


class Portal:
    """A simulated site over a socket, and the tokens and forms that it got."""

    def __init__(self) -> None:
        self.app = make_app("calm", now=now_ms(), clock=now_ms)
        self.url = ""
        self.paths: list[str] = []
        self.tokens: set[str] = set()
        self.forms: list[bytes] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.paths.append(f"{scope['method']} {scope['path'].rpartition('/')[2]}")
        token = dict(scope["headers"]).get(b"x-esri-authorization", b"").decode()
        self.tokens |= {token.removeprefix("Bearer ")} - {""}

        async def keep() -> Any:
            message = await receive()
            self.forms.append(message.get("body", b""))
            return message

        await self.app(scope, keep, send)

    @property
    def posts(self) -> list[str]:
        """The POSTs of drtui, without those of the person's browser."""
        return [path for path in self.paths if path in {"POST token", "POST revokeToken", "POST generateToken"}]


@pytest.fixture
def portal() -> Iterator[Portal]:
    """The calm scenario."""
    portal = Portal()
    with serving(portal) as where:
        portal.url = where.url
        yield portal


Line = str | Callable[[str], str]
"""A line of standard input, or a function that returns it from the address shown before."""


class Person(io.StringIO):
    """Standard input of a command: a person who opens the addresses on stderr, and pipes what the browser shows."""

    def __init__(self, capsys: Capture, *lines: Line) -> None:
        super().__init__()
        self._capsys, self._lines = capsys, list(lines)
        self.out = self.err = ""

    def reconfigure(self, **_: str) -> None:
        """Refuse as a real stream does after its first line."""
        if self.out or self.err:
            raise io.UnsupportedOperation

    def readline(self, size: int | None = -1, /) -> str:  # type: ignore[override]  # noqa: ARG002 - as in the base class
        """Return the next line."""
        out, err = self._capsys.readouterr()
        self.out, self.err = self.out + out, self.err + err
        if not self._lines:
            return ""
        line = self._lines.pop(0)
        address = re.search(r"^https?://\S+$", err, re.MULTILINE)
        return f"{line if isinstance(line, str) else line(address[0] if address else '')}\n"


def code_of(address: str) -> str:
    return asyncio.run(code_from(address))


def page_of(address: str) -> str:
    return f"  {asyncio.run(approval_of(address, 'maria.cityid')).url}  "


def run_as(capsys: Capture, monkeypatch: Patch, lines: Line | tuple[Line, ...], *arguments: str) -> Ran:
    """Run a command with a person at its standard input."""
    person = Person(capsys, *(lines if isinstance(lines, tuple) else (lines,)))
    monkeypatch.setattr("sys.stdin", person)
    ran = run(capsys, *arguments)
    return Ran(ran.code, person.out + ran.out, person.err + ran.err)


@pytest.mark.parametrize("answer", [code_of, page_of], ids=["code", "page"])
def test_list_reads_the_site_when_a_code_is_piped(
    capsys: Capture, monkeypatch: Patch, portal: Portal, answer: Callable[[str], str]
) -> None:
    monkeypatch.setenv("DRTUI_TOKEN", TOKEN)  # --sso does not use it
    ran = run_as(capsys, monkeypatch, answer, "list", portal.url, *SSO, "--limit", "2")
    assert ran.code == 0
    assert "usable" in ran.out
    assert "open this address in a browser" in ran.err
    assert portal.posts == ["POST token", "POST revokeToken", "POST revokeToken"]
    assert TOKEN not in portal.tokens


def test_line_mode_reads_code_and_commands_when_they_are_piped(
    capsys: Capture, monkeypatch: Patch, portal: Portal
) -> None:
    ran = run_as(capsys, monkeypatch, (code_of, "stores", "quit"), "--plain", portal.url, *SSO)
    assert ran.code == 0
    assert "nightly-pv" in ran.out


def test_line_mode_signs_in_again_when_the_sign_on_has_ended(
    capsys: Capture, monkeypatch: Patch, portal: Portal
) -> None:
    def end_tokens(_: str) -> str:
        portal.app.state.tokens.forget()
        return "refresh"

    lines = (code_of, end_tokens, "refresh", "no code", "refresh", code_of, "stores", "quit")
    ran = run_as(capsys, monkeypatch, lines, "--plain", portal.url, *SSO)
    assert ran.code == 0
    ended, _, again = ran.out.partition("The sign-in has ended. Type refresh to sign in again.")
    assert "live" in ended
    refused, _, back = again.partition("The sign-in has ended. Type refresh to sign in again.")
    assert "the pasted text contains no sign-in code" in refused
    assert "live" in back
    assert "nightly-pv" in back


def test_login_prints_the_token_alone_and_does_not_revoke_it(
    capsys: Capture, monkeypatch: Patch, portal: Portal
) -> None:
    ran = run_as(capsys, monkeypatch, page_of, "login", portal.url, "--client-id", "drtui", "--code-file", "-")
    assert ran.code == 0
    assert re.fullmatch(r"[0-9a-f]{64}\n", ran.out)
    assert "as maria.cityid. The token is good until 20" in ran.err
    assert portal.posts == ["POST token"]
    monkeypatch.setenv("DRTUI_TOKEN", ran.out.strip())
    assert run(capsys, "stores", portal.url).code == 0


@pytest.mark.parametrize(
    ("pasted", "reason"),
    [
        ("f" * 64, "the site rejected the sign-in code: Invalid authorization code"),
        ("I see no code", "the pasted text contains no sign-in code"),
        ("", "the pasted text contains no sign-in code"),
        ("Error: Invalid client_id", "the site does not know the client id 'drtui'"),
        ("https://portal/approval?error=access_denied", "the sign-in was not approved in the browser"),
    ],
)
def test_command_is_refused_with_advice_when_the_code_is_wrong(
    capsys: Capture, monkeypatch: Patch, portal: Portal, pasted: str, reason: str
) -> None:
    ran = run_as(capsys, monkeypatch, lambda _: pasted, "list", portal.url, *SSO)
    assert (ran.code, ran.out) == (4, "")
    assert f"drtui: {reason}" in ran.err
    assert "new address" in ran.err or "Check it" in ran.err
    assert len(portal.paths) <= 1


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("--sso", "--code-file", "-"), "single sign-on needs a client id"),
        (("--sso", "--client-id", "drtui"), "No terminal to type the code of the sign-in. Give --code-file -"),
        (("--sso", "--token-file", "x"), "--sso signs in in a browser. Leave out --token-file or --sso"),
        (("--sso", "--password-file", "-"), "--sso signs in in a browser. Leave out --password-file or --sso"),
        (("--token-file", "-", "--code-file", "-"), "--token-file and --code-file both read standard input"),
        (("--code-file", "-"), "--code-file is for a sign-in in a browser. Add --sso"),
        (("--sso", "--code-file", "code.txt"), "Unknown value 'code.txt' of --code-file"),
    ],
)
def test_options_are_refused_when_they_do_not_fit_a_single_sign_on(
    capsys: Capture, monkeypatch: Patch, words: tuple[str, ...], reason: str
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO())
    ran = run(capsys, "list", "https://gis.example.com/arcgis", *words)
    assert (ran.code, ran.out) == (2, "")
    assert reason in ran.err


@pytest.mark.parametrize("words", [("--demo",), ("backups.json",), ("https://gis.example.com", "--offline")])
def test_login_is_refused_when_there_is_no_site_to_ask(capsys: Capture, words: tuple[str, ...]) -> None:
    ran = run(capsys, "login", *words, "--client-id", "drtui")
    assert (ran.code, ran.out) == (2, "")


def test_login_is_refused_when_stdout_is_a_terminal(capsys: Capture, monkeypatch: Patch, portal: Portal) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    ran = run(capsys, "login", portal.url, "--client-id", "drtui", "--code-file", "-")
    assert (ran.code, ran.out) == (2, "")
    assert f"export DRTUI_TOKEN=$(drtui login {portal.url})" in ran.err
    assert portal.paths == []


def configure(url: str, *lines: str) -> None:
    path = Path(os.environ["XDG_CONFIG_HOME"]) / "drtui" / "config.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(("[site.prod]", f'address = "{url}"', 'sign_in = "sso"', *lines)))


def test_profile_signs_in_by_browser_unless_a_token_is_given(
    capsys: Capture, monkeypatch: Patch, portal: Portal
) -> None:
    configure(portal.url, 'client_id = "drtui"')
    ran = run_as(capsys, monkeypatch, code_of, "stores", "prod", "--code-file", "-")
    assert ran.code == 0
    monkeypatch.setenv("DRTUI_TOKEN", TOKEN)
    portal.paths.clear()
    assert run(capsys, "stores", "prod").code == 0
    assert portal.posts == []


def test_sites_says_that_a_site_needs_a_browser_when_its_profile_does(capsys: Capture, portal: Portal) -> None:
    configure(portal.url)
    ran = run(capsys, "sites")
    assert ran.code == 4
    assert "needs sign-in in a browser" in ran.out + ran.err
    assert portal.paths == []


def test_nothing_holds_a_secret_when_a_command_signed_in_by_browser(
    capsys: Capture, monkeypatch: Patch, portal: Portal, tmp_path: Path
) -> None:
    codes: list[str] = []

    def answer(address: str) -> str:
        codes.append(code_of(address))
        return codes[-1]

    log = ("--log-file", str(tmp_path / "log"), "--log-level", "debug")
    ran = run_as(capsys, monkeypatch, answer, "list", portal.url, *SSO, *log, "--json")
    assert ran.code == 0
    change = ("validate", "nightly-pv", portal.url, "--allow-changes", "--json")
    changed = run_as(capsys, monkeypatch, answer, *change, *SSO, *log)
    assert changed.code == 0
    journal = run(capsys, "journal", "--json")
    assert "validate" in journal.out
    assert "oauth2/token" in (tmp_path / "log").read_text()
    assert "revokeToken" in (tmp_path / "log").read_text()
    fields = [pair.partition(b"=") for form in portal.forms for pair in form.split(b"&")]
    hidden = {b"auth_token", b"code_verifier", b"refresh_token"}
    secrets = {value.decode() for name, _, value in fields if name in hidden} | portal.tokens | set(codes)
    assert len(secrets) == 8, "two of each: code, verifier, access token, refresh token"
    assert not secrets_in(ran.out + ran.err + changed.out + changed.err + journal.out, tmp_path, secrets)
