"""`drtui doctor`: the first failing line names the cause of each fault."""

import asyncio
import json
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import trustme

from drtui.core.summary.diagnosis_steps import TITLES
from drtui.demo.app import make_app
from drtui.demo.faults import parse_fault
from drtui.demo.scenarios import TOKEN, USER
from drtui.demo.server import serving
from drtui.session import now_ms
from tests.api.certificates import requiring_server, serving_in_thread, write_private
from tests.api.servers import answering_bytes, closed_port, http, listening, stall
from tests.api.socks import socks
from tests.cli.running import Ran, run
from tests.conftest import NOW
from tests.faults.certificates import trusted
from tests.faults.gate import before
from tests.faults.matrix import Fault
from tests.planted import HELD, Echoing, configure, password_file, run_program, secrets_in

Capture = pytest.CaptureFixture[str]

MARKS = ("✓", "!", "✗", "-", "?")


def first_failure(ran: Ran) -> str:
    """Return the first line of a step that is neither fine nor skipped."""
    lines = [line for line in ran.out.splitlines() if line.startswith(("✗", "!", "?"))]
    return lines[0] if lines else ""


def diagnosis(capsys: Capture, *arguments: str) -> dict[str, Any]:
    """Return the diagnosis as JSON."""
    document: dict[str, Any] = json.loads(run(capsys, "doctor", "--json", *arguments).out)
    return document


def results(document: dict[str, Any]) -> dict[str, str]:
    return {step["name"]: step["result"] for step in document["steps"]}


@contextmanager
def faulty(*names: str) -> Iterator[str]:
    """Serve the simulated site with faults; yield its address."""
    with serving(make_app("calm", now=now_ms(), faults=parse_fault(names))) as where:
        yield where.url


@pytest.fixture
def password(tmp_path: Path) -> Path:
    return password_file(tmp_path)


def test_doctor_prints_a_line_per_step_when_all_is_fine(capsys: Capture) -> None:
    ran = run(capsys, "doctor", "--demo")
    lines = ran.out.splitlines()
    assert ran.code == 0
    assert [line[3:].split("  ")[0] for line in lines if line.startswith(MARKS)] == list(TITLES.values())
    assert lines[-1] == "No step failed"


def test_doctor_skips_the_network_when_the_target_is_a_file(capsys: Capture, tmp_path: Path) -> None:
    file = tmp_path / "backups.json"
    file.write_text('{"backups": []}')
    document = diagnosis(capsys, str(file))
    by_name = results(document)
    assert document["exit_code"] == 0
    assert (by_name["target"], by_name["tls"], by_name["account"], by_name["versions"]) == (
        "ok",
        *["skipped"] * 2,
        "ok",
    )
    file.write_text("no JSON")
    assert diagnosis(capsys, str(file))["exit_code"] == 3


def test_doctor_names_the_steps_that_need_a_failed_one_when_it_is_skipped(capsys: Capture) -> None:
    with closed_port() as port:
        document = diagnosis(capsys, f"https://localhost:{port}/arcgis")
    assert (document["exit_code"], document["first_failure"]) == (3, "tcp")
    skipped = [step for step in document["steps"] if step["result"] == "skipped"]
    assert [step["name"] for step in skipped] == list(TITLES)[5:14]
    assert {step["summary"] for step in skipped} == {"skipped: Connection failed"}
    assert results(document)["versions"] == "ok"


def test_doctor_goes_on_when_the_configuration_is_broken(
    capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "config.toml"
    file.write_text("mouze = true")
    monkeypatch.setenv("DRTUI_CONFIG", str(file))
    ran = run(capsys, "doctor", "--demo")
    assert ran.code == 2
    assert "unknown key 'mouze'. Did you mean mouse?" in first_failure(ran)
    assert "✓  Account" in ran.out


def test_configuration_step_warns_when_others_can_change_the_file(
    capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "config.toml"
    file.write_text("mouse = true")
    file.chmod(0o666)
    monkeypatch.setenv("DRTUI_CONFIG", str(file))
    ran = run(capsys, "doctor", "--demo")
    assert ran.code == 0
    assert first_failure(ran).startswith("!  Configuration  other users can change")
    assert "permissions: 0666" in ran.out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "no site named"),
        (("nosuchsite",), "Unknown command, file or site 'nosuchsite'"),
        (("http://gis.example.com/arcgis",), "http would send the token unencrypted"),
        (("--demo", "--token-file", "/nonexistent"), "--token-file: cannot open the file"),
    ],
)
def test_doctor_fails_with_2_when_configuration_or_target_cannot_be_used(
    capsys: Capture, arguments: tuple[str, ...], words: str
) -> None:
    ran = run(capsys, "doctor", *arguments)
    assert ran.code == 2
    assert words in first_failure(ran)


def test_doctor_refuses_offline_because_it_asks_the_site(capsys: Capture) -> None:
    assert run(capsys, "doctor", "--demo", "--offline").code == 2


def test_doctor_says_what_to_give_when_nobody_can_be_asked(capsys: Capture) -> None:
    with faulty() as url:
        document = diagnosis(capsys, url)
    assert (document["exit_code"], document["first_failure"]) == (2, "sign-in")
    by_name = {step["name"]: step for step in document["steps"]}
    assert "--user NAME" in by_name["sign-in"]["advice"]
    assert (by_name["context"]["result"], by_name["clock"]["result"]) == ("ok", "ok")


def test_doctor_sends_each_request_once_when_a_resource_fails(capsys: Capture, password: Path) -> None:
    asked: list[str] = []
    app = make_app("calm", now=NOW, faults=parse_fault(["500-settings"]))

    async def counting(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            asked.append(scope["path"])
        await app(scope, receive, send)

    with serving(counting) as where:
        document = diagnosis(capsys, where.url, "--user", USER, "--password-file", str(password))
    assert results(document)["resources"] == "warning"
    assert document["exit_code"] == 0
    # The root is asked without a token first, for the context path.
    assert sorted(path for path in asked if asked.count(path) > 1) == ["/arcgis/admin", "/arcgis/admin"]


@pytest.mark.full
def test_doctor_prints_no_secret_when_it_holds_all_kinds(capsys: Capture, tmp_path: Path, password: Path) -> None:
    with faulty() as url:
        for form in ("text", "json"):
            ran = run(capsys, "doctor", url, "--format", form, "--user", USER, "--password-file", str(password))
            assert ran.code == 0
            assert not secrets_in(ran.out + ran.err, tmp_path)


@pytest.mark.full
@pytest.mark.parametrize("source", ["variable", "file"])
def test_doctor_prints_no_token_when_one_is_given(
    capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    app = Echoing(make_app("calm", now=now_ms()), str)
    token = tmp_path / HELD
    token.write_text(TOKEN)
    token.chmod(0o600)
    if source == "variable":
        monkeypatch.setenv("DRTUI_TOKEN", TOKEN)
    options = ("--token-file", str(token)) if source == "file" else ()
    with serving(app) as where:
        for form in ("text", "json"):
            ran = run(capsys, "doctor", where.url, "--format", form, *options)
            assert ran.code == 0
            assert TOKEN not in ran.out + ran.err


PROXY_PASSWORD = "prox-Y-pass-99"


WHO = "siteadmin (default administrator)"


@pytest.mark.parametrize(
    ("faults", "code", "words"),
    [
        pytest.param((), 0, "No step failed", id="none"),
        pytest.param(("wrong-context",), 3, "✗  Context path", id="context"),
        pytest.param(
            ("web-tier-401",), 4, "?  Context path   a web tier in front of the site answers 401", id="web tier"
        ),
        pytest.param(("read-only",), 0, "!  Mode", id="read-only"),
        pytest.param(("short-token",), 0, "!  Token", id="short token"),
        pytest.param(("403-tasks",), 0, f"!  Account        {WHO} may not read schedules", id="tasks"),
        pytest.param(("403-stores",), 4, f"✗  Account        {WHO} has no permission", id="stores"),
        pytest.param(("500-backups",), 3, "✗  Answers", id="lists"),
        pytest.param(("html",), 3, "✗  Context path", id="page"),
    ],
)
@pytest.mark.full
def test_first_failing_line_names_the_cause_when_the_site_has_a_fault(
    capsys: Capture, password: Path, faults: tuple[str, ...], code: int, words: str
) -> None:
    with faulty(*faults) as url:
        ran = run(capsys, "doctor", url, "--user", USER, "--password-file", str(password))
    assert ran.code == code
    assert any(line.startswith(words) for line in ran.out.splitlines()), ran.out


@pytest.mark.full
def test_sign_in_names_the_web_tier_when_it_asks_for_a_sign_in(capsys: Capture, password: Path) -> None:
    with faulty("web-tier-401") as url:
        document = diagnosis(capsys, url, "--user", USER, "--password-file", str(password))
    step = next(step for step in document["steps"] if step["name"] == "sign-in")
    assert document["first_failure"] == "sign-in"
    assert "a gateway or proxy in front of the site rejected the request" in step["summary"]
    assert [fact["text"] for fact in step["evidence"] if fact["name"] == "WWW-Authenticate"]


@pytest.mark.full
def test_sign_in_names_the_referer_when_the_token_is_bound_to_another(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DRTUI_TOKEN", TOKEN)
    with faulty("wrong-referer") as url:
        ran = run(capsys, "doctor", url)
    assert ran.code == 4
    assert "✗  Sign-in        token not valid: expired, or bound to another referer than 'drtui'" in ran.out
    assert "--referer" in ran.out


@pytest.mark.full
def test_sign_in_names_the_password_when_it_is_wrong(capsys: Capture, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_text("not-the-password")
    wrong.chmod(0o600)
    with faulty() as url:
        ran = run(capsys, "doctor", url, "--user", USER, "--password-file", str(wrong))
    assert ran.code == 4
    assert "✗  Sign-in        the site rejected user name and password" in ran.out


@pytest.mark.full
def test_clock_step_warns_when_the_clocks_differ(capsys: Capture, password: Path) -> None:
    with faulty("clock-ahead") as url:
        ran = run(capsys, "doctor", url, "--user", USER, "--password-file", str(password))
    assert ran.code == 0
    assert first_failure(ran).startswith("!  Clocks         This machine's clock is ")


@pytest.mark.full
@pytest.mark.parametrize(
    ("fault", "step", "words"),
    [
        (Fault("expired", "", certificate="expired"), "TLS", "has expired"),
        (Fault("another's", "", certificate="another's"), "TLS", "is for another name"),
        (Fault("unknown", "", certificate="unknown"), "TLS", "is not trusted"),
        (Fault("refused", "", refuses=True), "Connection", "refused the connection"),
    ],
    ids=lambda value: value.name if isinstance(value, Fault) else value,
)
def test_tls_and_tcp_steps_name_the_cause_when_the_connection_fails(
    capsys: Capture, tmp_path: Path, fault: Fault, step: str, words: str
) -> None:
    with before("http://127.0.0.1:9/arcgis") as gate:
        gate.switch(fault)
        ran = run(capsys, "doctor", gate.url, "--ca-file", str(trusted(tmp_path)))
    assert ran.code == 3
    line = first_failure(ran)
    assert line.startswith(f"✗  {step}")
    assert words in line
    assert step != "TLS" or "issuer: " in ran.out, "the evidence names who issued it, also if it is expired"


def test_name_step_fails_when_the_host_is_unknown(capsys: Capture) -> None:
    ran = run(capsys, "doctor", "https://no-such-host.invalid/arcgis", "--timeout", "1")
    assert ran.code == 3
    assert first_failure(ran).startswith("✗  Host name")
    assert "no-such-host.invalid" in first_failure(ran)


@pytest.mark.full
@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", "403 Forbidden"),
        (b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n", "407"),
        (b"", "it does not accept connections"),
        (None, "unknown host name"),
    ],
    ids=["refuses", "asks for a sign-in", "closed", "unknown"],
)
async def test_proxy_step_names_the_proxy_when_it_fails(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch, answer: bytes | None, words: str
) -> None:
    async with listening(answering_bytes(answer or b"")) as open_port:
        with closed_port() as port:
            host = "no-such-proxy.invalid" if answer is None else f"127.0.0.1:{open_port if answer else port}"
            monkeypatch.setenv("HTTPS_PROXY", f"http://user:{PROXY_PASSWORD}@{host}")
            ran = await asyncio.to_thread(run, capsys, "doctor", "https://gis.example.invalid/arcgis")
    assert ran.code == 3
    line = first_failure(ran)
    assert line.startswith("✗  Host name" if answer is None else "✗  Proxy")
    assert "proxy" in line
    assert words in line
    assert PROXY_PASSWORD not in ran.out + ran.err


@pytest.mark.full
@pytest.mark.parametrize("works", [True, False])
async def test_proxy_step_names_the_socks_proxy_when_it_is_used(monkeypatch: pytest.MonkeyPatch, works: bool) -> None:
    with faulty() as url:
        async with socks(urlsplit(url).port or 0, reply=0 if works else 5) as proxy:
            monkeypatch.setenv("ALL_PROXY", f"socks5://127.0.0.1:{proxy.port}")
            # A process of its own: httpx looks for SOCKS when it is imported.
            program = await asyncio.to_thread(run_program, "doctor", "http://gis.example.invalid/arcgis", "--http")
    assert works is (f"proxy 127.0.0.1:{proxy.port}: ALL_PROXY is set" in program.stdout)
    first = first_failure(Ran(program.returncode, program.stdout, program.stderr))
    assert first.startswith("✗  Sign-in" if works else "✗  Proxy")
    assert works or f"request through the proxy 127.0.0.1:{proxy.port} failed" in first


@pytest.mark.full
@pytest.mark.parametrize(("name", "result"), [("gis.example.invalid", "ok"), ("other.example.invalid", "failed")])
async def test_tls_step_judges_the_site_when_a_proxy_is_in_between(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, result: str
) -> None:
    authority = trustme.CA(organization_name="City Works")
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(name).configure_cert(server)
    async with listening(answering_bytes(TOKEN_REQUIRED), server) as port, socks(port) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"socks5h://127.0.0.1:{proxy.port}")
        options = ("--json", "--ca-file", str(tmp_path / "ca.pem"))
        program = await asyncio.to_thread(run_program, "doctor", "https://gis.example.invalid/arcgis", *options)
    steps = {step["name"]: step for step in json.loads(program.stdout)["steps"]}
    assert (steps["proxy"]["result"], steps["tcp"]["result"], steps["tls"]["result"]) == ("ok", "ok", result)
    assert {"name": "issuer", "text": "City Works"} in steps["tls"]["evidence"] or result == "failed"


@pytest.mark.full
@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        ((), 4, "requires a client certificate, and none was given"),
        (("--cert", "stranger.pem"), 4, "refused the client certificate"),
        (("--cert", "missing.pem"), 3, "cannot read the client certificate or key"),
    ],
    ids=["none", "refused", "missing"],
)
def test_tls_step_names_the_client_certificate_when_the_site_requires_one(
    capsys: Capture, tmp_path: Path, options: tuple[str, ...], code: int, words: str
) -> None:
    authority, stranger = trustme.CA(), trustme.CA().issue_cert("ops@example.com")
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    write_private(tmp_path / "stranger.pem", stranger.private_key_pem.bytes(), stranger.cert_chain_pems[0].bytes())
    server = requiring_server(authority.issue_cert("localhost"), authority)
    with serving_in_thread(server, http(b"{}")) as port:
        files = tuple(str(tmp_path / word) if word.endswith(".pem") else word for word in options)
        url = f"https://localhost:{port}/arcgis"
        ran = run(capsys, "doctor", url, "--ca-file", str(tmp_path / "ca.pem"), *files)
    assert ran.code == code
    assert first_failure(ran).startswith("✗  TLS")
    assert words in first_failure(ran)


def test_proxy_step_fails_with_2_when_the_variable_cannot_be_read(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"ftp://user:{PROXY_PASSWORD}@host")
    ran = run(capsys, "doctor", "https://gis.example.invalid/arcgis")
    assert ran.code == 2
    assert "HTTPS_PROXY" in first_failure(ran)
    assert PROXY_PASSWORD not in ran.out + ran.err


@pytest.mark.full
async def test_context_step_names_the_time_limit_when_the_site_is_slow(capsys: Capture) -> None:
    async with listening(stall) as port:
        ran = await asyncio.to_thread(run, capsys, "doctor", f"http://localhost:{port}/arcgis", "--timeout", "0.5")
    assert ran.code == 3
    assert "did not answer in time" in first_failure(ran)


@pytest.mark.full
async def test_context_step_names_another_site_when_only_the_context_is_wrong(capsys: Capture) -> None:
    def pages(head: bytes) -> bytes:
        return (
            TOKEN_REQUIRED
            if head.startswith(b"GET /enterprise/")
            else http(b"<p>x</p>", "404 Not Found", kind="text/html")
        )

    async def talk(head: bytes, writer: Any) -> None:
        writer.write(pages(head))

    async with listening(talk) as port:
        ran = await asyncio.to_thread(run, capsys, "doctor", f"http://localhost:{port}/gis")
    assert ran.code == 3
    assert f"Use http://localhost:{port}/enterprise: a site answers there." in ran.out


TOKEN_REQUIRED = http(b'{"error": {"code": 499, "message": "Token Required"}}')


@pytest.mark.full
@pytest.mark.parametrize(
    ("answer", "result", "words"),
    [
        (http(b"", "302 Found", more="Location: /arcgis/admin/\r\n"), "ok", "asks for a token"),
        (
            http(b"", "302 Found", more="Location: https://elsewhere.example.com/x\r\n"),
            "failed",
            "refused to follow a redirect",
        ),
        (http(b'{"hello": 1}'), "failed", "does not have the documented form"),
        (http(b"<title>Sign in</title>", kind="text/html"), "failed", "with a page instead of JSON: Sign in"),
        (http(b"", "503 Service Unavailable"), "failed", "503"),
    ],
    ids=["redirect", "redirect elsewhere", "other JSON", "page", "503"],
)
async def test_context_step_tells_a_site_from_other_servers(
    capsys: Capture, answer: bytes, result: str, words: str
) -> None:
    async def talk(head: bytes, writer: Any) -> None:
        writer.write(TOKEN_REQUIRED if head.startswith(b"GET /arcgis/admin/?") else answer)

    async with listening(talk) as port:
        document = await asyncio.to_thread(diagnosis, capsys, f"http://localhost:{port}/arcgis")
    step = next(step for step in document["steps"] if step["name"] == "context")
    assert step["result"] == result
    assert words in step["summary"]


def test_doctor_uses_the_profile_when_a_site_is_named(capsys: Capture, tmp_path: Path) -> None:
    with faulty() as url:
        configure(tmp_path, "prod", url)
        document = diagnosis(capsys, "prod")
    assert document["site"].startswith("prod (")
    assert document["exit_code"] == 0
    assert results(document)["account"] == "ok"


def test_doctor_names_a_secret_that_cannot_be_read_and_goes_on(capsys: Capture, tmp_path: Path) -> None:
    with faulty() as url:
        configure(tmp_path, "prod", url)
        (tmp_path / HELD).unlink()  # its command finds no password
        document = diagnosis(capsys, "prod")
    assert (document["exit_code"], document["first_failure"]) == (2, "configuration")
    assert results(document)["context"] == "ok"
