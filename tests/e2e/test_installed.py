"""The installed program in a terminal against `drtui demo serve --tls`, as a new user would run it."""

import os
import signal
from pathlib import Path

import pytest

from drtui.demo.scenarios import PASSWORD, USER
from tests import processes
from tests.e2e.terminal import PROGRAM, opened, site
from tests.planted import password_file, secrets_in
from tests.suites import in_full

AT = ("--now", "2021-10-23T00:00Z")


@pytest.fixture
def password(tmp_path: Path) -> str:
    return str(password_file(tmp_path))


def test_demo_opens_with_four_panes() -> None:
    with opened("--demo") as terminal:
        terminal.wait_for("in all stores")
        for title in ("1 Site", "2 Stores", "3 Restore points", "Relational store r4k2w"):
            terminal.wait_for(title)
        terminal.press("q")
        assert terminal.wait_for_end() == 0
        assert b"\x1b[?1049l" in terminal.written


def test_interface_opens_a_site_when_its_private_authority_is_given(password: str, tmp_path: Path) -> None:
    with site("seed", *AT) as (url, ca_file):
        options = ("--user", USER, "--password-file", password, "--ca-file", ca_file, *AT)
        with opened(url, *options) as terminal:
            terminal.wait_for("2 in all stores")
            terminal.press("j")
            terminal.wait_for("hgdb_wqlxr")
            for expected in ("ed6980a1", "system databases (4)", "3 buckets", "TLS verified"):
                assert expected in terminal.text
            terminal.press("y")
            terminal.wait_for("Raw JSON of backup_first")
            arguments = Path(f"/proc/{terminal.process.pid}/cmdline").read_bytes().decode()
            terminal.press("qq")
            assert terminal.wait_for_end() == 0
        displayed = terminal.written.decode("utf-8", "replace") + arguments
        assert not secrets_in(displayed, tmp_path)


def test_list_writes_the_restore_points_to_a_file(password: str) -> None:
    with site("seed", *AT) as (url, ca_file):
        command = [PROGRAM, "list", url, "--user", USER, "--password-file", password, "--ca-file", ca_file, *AT]
        ran = processes.run(command)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert [line.split()[0] for line in ran.stdout.splitlines()[1:]] == [
        "schedule1-2021-10-22-20-00-09",
        "backup_first",
    ]


def test_interface_reports_the_certificate_when_it_is_untrusted() -> None:
    with site("seed") as (url, _), opened(url, environment={"DRTUI_TOKEN": "planted-token"}) as terminal:
        terminal.wait_for("--ca-file")
        assert "unreachable" in terminal.text
        assert "The site returned an empty list" not in terminal.text
        terminal.press("q")
        assert terminal.wait_for_end() == 0
        assert b"planted-token" not in terminal.written


@pytest.mark.full
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_interface_ends_when_a_signal_arrives(number: int) -> None:
    with opened("--demo") as terminal:
        terminal.wait_for("3 Restore points")
        os.kill(terminal.process.pid, number)
        assert terminal.wait_for_end() != 0


@pytest.mark.parametrize("number", in_full([signal.SIGINT, signal.SIGTERM, signal.SIGHUP], but=[signal.SIGTERM]))
def test_demo_serve_deletes_its_private_key(number: int, tmp_path: Path) -> None:
    command = [PROGRAM, "demo", "serve", "seed", "--tls"]
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    with processes.started(command, environment=environment) as process:
        assert process.stdout is not None
        process.stdout.readline()
        assert Path(process.stdout.readline().removeprefix("ca-file ").strip()).is_relative_to(tmp_path)
        process.send_signal(number)
        assert process.wait(timeout=30) == 0
    assert not list(tmp_path.iterdir())


def test_list_exits_with_0_when_the_pipe_closes_early() -> None:
    command = f"{PROGRAM} list --demo=thousands | head -n 1"
    ran = processes.run(["/bin/bash", "-o", "pipefail", "-c", command])
    assert (ran.returncode, ran.stderr) == (0, "")


def test_interface_exits_with_2_when_there_is_no_terminal() -> None:
    ran = processes.run([PROGRAM, "--demo"])
    assert ran.returncode == 2
    assert "needs a terminal" in ran.stderr


def test_demo_serve_has_a_fault_when_requested(password: str) -> None:
    with site("seed", "--fault", "403-tasks", "--fault", "details-null") as (url, ca_file):
        options = [url, "--user", USER, "--password-file", password, "--ca-file", ca_file]
        refused = processes.run([PROGRAM, "schedules", *options])
        listed = processes.run([PROGRAM, "list", *options])
    assert (refused.returncode, refused.stdout) == (4, "")
    assert (listed.returncode, len(listed.stdout.splitlines())) == (0, 3)


def test_start_fails_with_available_themes_when_theme_is_unknown() -> None:
    with opened("--demo", "--theme", "nope") as terminal:
        assert terminal.wait_for_end() == 2
    assert b"Unknown theme 'nope'. Use one of: " in terminal.written
    assert b"ansi-dark" in terminal.written


def test_interface_asks_for_a_sign_in_when_none_is_given(password: str) -> None:
    with site("calm") as (url, ca_file), opened(url, "--ca-file", ca_file) as terminal:
        terminal.wait_for("User (built-in account)")
        terminal.press(USER + "\r")
        terminal.press(Path(password).read_text() + "\r")
        terminal.wait_for("in all stores")
        terminal.wait_for(f"as {USER}, default administrator")
        assert "by password, token for" in terminal.text
        assert PASSWORD.encode() not in terminal.written
