"""`status` says who is signed in, how, and what stands against changes; a command requests no more than it shows."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from drtui.demo.app import make_app
from drtui.demo.faults import Faults, parse_fault
from drtui.demo.scenarios import OTHER_PASSWORD, PASSWORD, USER
from drtui.demo.server import serving
from drtui.session import now_ms
from tests.cli.running import run

STARTED = now_ms()
"""The present: a token ends by the clock of this machine."""
OPTIONAL = {"mode", "self", "about", "data"}


class Watched:
    """A simulated site that notes the last part of each path."""

    def __init__(self) -> None:
        self.app, self.paths = make_app("upgraded", now=STARTED, clock=now_ms), set[str]()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            self.paths.add(scope["path"].rpartition("/")[2])
        await self.app(scope, receive, send)


@pytest.fixture(scope="module")
def watched() -> Watched:
    return Watched()


@pytest.fixture(scope="module")
def url(watched: Watched) -> Iterator[str]:
    with serving(watched) as served:
        yield served.url


def options_of(folder: Path, user: str = USER, password: str = PASSWORD) -> tuple[str, ...]:
    path = folder / "password"
    path.write_text(password)
    path.chmod(0o600)
    return "--user", user, "--password-file", str(path), "--no-history"


def properties(output: str) -> dict[str, str]:
    """Return the values of a table of properties."""
    return {name.strip(): value for name, _, value in (line.partition("  ") for line in output.splitlines())}


def test_status_says_who_is_signed_in_and_what_can_be_changed(
    capsys: pytest.CaptureFixture[str], watched: Watched, url: str, tmp_path: Path
) -> None:
    watched.app.state.faults = Faults()
    printed = run(capsys, "status", url, *options_of(tmp_path))
    values = {name: value.strip() for name, value in properties(printed.out).items()}
    assert printed.code == 0
    assert (values["user"], values["role"], values["signed in by"]) == (USER, "default administrator", "password")
    assert values["token ends"].endswith(("(in 1 h)", "(in 60 min)", "(in 59 min)"))
    assert values["changes"].startswith("no: needs --allow-changes")
    assert (values["site is read-only"], values["architecture profile"]) == ("no", "standard-availability")


@pytest.mark.parametrize(
    ("user", "password", "fault", "codes", "role", "is_read_only"),
    [
        ("viewer", OTHER_PASSWORD, (), None, None, None),
        (USER, PASSWORD, ("read-only",), ["read-only", "not-allowed"], "default administrator", True),
        (USER, PASSWORD, (), ["not-allowed"], "default administrator", False),
    ],
)
def test_status_json_has_account_and_obstacles(
    capsys: pytest.CaptureFixture[str],
    watched: Watched,
    url: str,
    tmp_path: Path,
    user: str,
    password: str,
    fault: tuple[str, ...],
    codes: list[str] | None,
    role: str | None,
    is_read_only: bool | None,
) -> None:
    watched.app.state.faults = parse_fault(fault)
    printed = run(capsys, "status", url, "--json", *options_of(tmp_path, user, password))
    if codes is None:
        assert printed.code == 4, "the site refuses everything to an account without privileges"
        assert "Signed in as viewer, viewer, by password, token for" in printed.err
        return
    document = json.loads(printed.out)
    assert [obstacle["code"] for obstacle in document["changes"]["obstacles"]] == codes
    assert document["changes"]["are_possible"] is False
    assert (document["account"]["user"], document["account"]["role_text"]) == (user, role)
    assert document["account"]["token_ends"]["epoch_ms"] >= STARTED + 3_600_000
    assert document["site_mode"]["is_read_only"] is is_read_only


def test_check_notes_a_read_only_site_and_grades_it_as_before(
    capsys: pytest.CaptureFixture[str], watched: Watched, url: str, tmp_path: Path
) -> None:
    watched.app.state.faults = Faults()
    before = run(capsys, "check", url, *options_of(tmp_path))
    watched.app.state.faults = Faults(read_only=True)
    printed = run(capsys, "check", url, *options_of(tmp_path))
    assert printed.code == before.code
    assert "site is in read-only mode (The site is being updated): no backup can start" in printed.out
    assert "read-only" not in before.out


@pytest.mark.parametrize(
    ("command", "requested"),
    [("list", set()), ("stores", set()), ("check", {"mode"}), ("status", {"mode", "self", "about"})],
)
def test_command_requests_no_more_than_it_shows(
    capsys: pytest.CaptureFixture[str], watched: Watched, url: str, tmp_path: Path, command: str, requested: set[str]
) -> None:
    watched.app.state.faults = Faults()
    watched.paths.clear()
    run(capsys, command, url, *options_of(tmp_path))
    assert watched.paths & OPTIONAL == requested


@pytest.mark.parametrize("command", ["status", "check"])
@pytest.mark.parametrize("fault", [{"mode": "500", "account": "500"}, {"mode": "404", "account": "403"}])
def test_exit_code_is_as_before_when_mode_and_account_cannot_be_read(
    capsys: pytest.CaptureFixture[str], watched: Watched, url: str, tmp_path: Path, command: str, fault: dict[str, str]
) -> None:
    watched.app.state.faults = Faults()
    before = run(capsys, command, url, *options_of(tmp_path))
    watched.app.state.faults = Faults(broken=fault)
    printed = run(capsys, command, url, *options_of(tmp_path))
    assert printed.code == before.code
    if command == "check":
        assert printed.out == before.out
    else:
        assert "unknown (" in properties(printed.out)["role"]
