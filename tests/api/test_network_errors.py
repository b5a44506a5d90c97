"""Errors without a response, over real sockets: each cause has its own words, and is reported in time."""

import asyncio
import datetime as dt
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import trustme

from drtui.api import network_errors
from drtui.api.client import AdminApi
from drtui.api.error_texts import make_error
from drtui.api.errors import ApiError, RequestInfo
from drtui.api.tls import create_tls_context
from drtui.api.transport import Transport
from drtui.core.model.address import Address
from drtui.core.model.failure import FailureKind
from tests.api.asking import BY_PASSWORD, BY_TOKEN, error_of_fetching_stores, without_waits
from tests.api.servers import Behaviour, answering_bytes, closed_port, hang_up, http, listening, stall, trickle

STORES = http(b'{"backupStores": []}')
PAST = dt.datetime(2021, 1, 1, tzinfo=dt.UTC)


def loopback(port: int) -> Address:
    return Address.parse(f"http://127.0.0.1:{port}/arcgis")


async def failure(url: str, *, within: float = 10, ca_file: Path | None = None) -> ApiError:
    """Return the error of fetching from this address, checked for summary, cause and advice."""
    with without_waits():
        error = await error_of_fetching_stores(
            AdminApi(
                Transport(
                    Address.parse(url), BY_TOKEN, timeout=within, trust=asyncio.to_thread(create_tls_context, ca_file)
                )
            )
        )
    trouble = error.failure
    assert trouble.kind is FailureKind.UNREACHABLE
    assert trouble.summary
    assert trouble.cause
    assert trouble.advice
    return error


@pytest.mark.parametrize("behaviour", [stall, trickle])
async def test_fetch_times_out_when_the_response_never_ends(behaviour: Behaviour) -> None:
    async with listening(behaviour) as port, asyncio.timeout(10):
        error = await failure(f"http://127.0.0.1:{port}/arcgis", within=0.5)
    assert error.failure.code == "timeout"


async def test_fetch_times_out_when_the_sign_in_never_ends() -> None:
    async with listening(stall) as port, asyncio.timeout(10):
        assert (
            await error_of_fetching_stores(AdminApi(Transport(loopback(port), BY_PASSWORD, timeout=0.5)))
        ).failure.code == "timeout"


async def test_fetch_times_out_when_the_handshake_never_ends() -> None:
    async with listening(stall) as port, asyncio.timeout(10):
        error = await failure(f"https://127.0.0.1:{port}/arcgis", within=0.5)
    assert error.failure.code == "timeout"


@pytest.mark.parametrize(
    ("behaviour", "code"), [(hang_up, "dropped"), (answering_bytes(b"SSH-2.0\r\n\r\n"), "protocol")]
)
async def test_fetch_names_the_cause_when_the_server_hangs_up_or_is_not_http(behaviour: Behaviour, code: str) -> None:
    async with listening(behaviour) as port:
        error = await failure(f"http://127.0.0.1:{port}/arcgis")
    assert error.failure.code == code


async def test_fetch_reports_dns_when_the_host_is_unknown() -> None:
    assert (await failure("https://nobody.invalid/arcgis")).failure.code == "dns"


async def test_fetch_reports_dns_when_the_host_name_is_invalid() -> None:
    assert (await failure(f"https://{'x' * 70}.example.com/arcgis")).failure.code == "dns"


async def test_fetch_reports_a_refused_connection_when_the_port_is_closed() -> None:
    with closed_port() as port:
        error = await failure(f"https://127.0.0.1:{port}/arcgis")
    assert error.failure.code == "connection-refused"


def serving_as(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    certificate.configure_cert(context)
    return context


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA(organization_name="City Works", organization_unit_name="Keys")


@pytest.fixture(scope="module")
def ca_file(authority: trustme.CA) -> Iterator[Path]:
    with authority.cert_pem.tempfile() as path:
        yield Path(path)


async def test_fetch_names_the_issuer_and_ca_file_when_the_authority_is_unknown(authority: trustme.CA) -> None:
    async with listening(answering_bytes(STORES), serving_as(authority.issue_cert("localhost"))) as port:
        trouble = (await failure(f"https://localhost:{port}/arcgis")).failure
    assert trouble.code == "tls"
    assert "City Works" in trouble.summary
    assert "City Works" in trouble.cause
    assert "--ca-file" in trouble.advice
    assert "SSL_CERT_FILE" in trouble.advice


@pytest.mark.parametrize("version", [0, 3, 4, 127, 255])
async def test_fetch_reports_tls_when_the_certificate_version_is_odd(
    authority: trustme.CA, tmp_path: Path, version: int
) -> None:
    leaf = authority.issue_cert("localhost")
    whole = ssl.PEM_cert_to_DER_cert(leaf.cert_chain_pems[0].bytes().decode())
    odd = whole.replace(bytes.fromhex("a003020102"), bytes.fromhex("a0030201") + bytes([version]), 1)
    assert odd != whole
    pem = tmp_path / "odd.pem"
    pem.write_text(leaf.private_key_pem.bytes().decode() + ssl.DER_cert_to_PEM_cert(odd), encoding="ascii")
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(pem)
    async with listening(answering_bytes(STORES), serving) as port:
        trouble = (await failure(f"https://localhost:{port}/arcgis")).failure
    assert trouble.code == "tls"
    assert "is not trusted" in trouble.summary


async def test_fetch_refuses_a_certificate_when_only_the_name_of_its_authority_matches(ca_file: Path) -> None:
    impostor = trustme.CA(organization_name="City Works", organization_unit_name="Keys")
    async with listening(answering_bytes(STORES), serving_as(impostor.issue_cert("localhost"))) as port:
        trouble = (await failure(f"https://localhost:{port}/arcgis", ca_file=ca_file)).failure
    assert trouble.code == "tls"


async def test_fetch_reports_tls_when_the_certificate_has_expired(authority: trustme.CA, ca_file: Path) -> None:
    expired = authority.issue_cert("localhost", not_before=PAST, not_after=PAST + dt.timedelta(days=1))
    async with listening(answering_bytes(STORES), serving_as(expired)) as port:
        trouble = (await failure(f"https://localhost:{port}/arcgis", ca_file=ca_file)).failure
    assert trouble.code == "tls"
    assert "has expired" in trouble.summary
    assert "renewed" in trouble.advice
    assert "--ca-file" not in trouble.line


@pytest.mark.parametrize(("host", "name"), [("localhost", "other.example.com"), ("127.0.0.1", "localhost")])
async def test_fetch_reports_tls_when_the_certificate_is_for_another_name(
    authority: trustme.CA, ca_file: Path, host: str, name: str
) -> None:
    async with listening(answering_bytes(STORES), serving_as(authority.issue_cert(name))) as port:
        trouble = (await failure(f"https://{host}:{port}/arcgis", ca_file=ca_file)).failure
    assert trouble.code == "tls"
    assert "another name" in trouble.summary
    assert "--ca-file" not in trouble.line


def test_tls_context_trusts_no_authority_when_it_is_unused(ca_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(ca_file))
    assert create_tls_context(None).cert_store_stats()["x509"] == 1
    context = create_tls_context(None, unused=True)
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert not context.cert_store_stats()["x509"]


async def test_fetch_reports_tls_when_the_port_is_plain_http() -> None:
    def complain(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(complain, "127.0.0.1", 0) as listener:
        port = listener.sockets[0].getsockname()[1]
        trouble = (await failure(f"https://127.0.0.1:{port}/arcgis")).failure
    assert trouble.code == "tls"
    assert "scheme" in trouble.advice


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "--ca-file", "--insecure"])
async def test_tls_context_trusts_an_authority_when_option_or_variable_names_it(
    authority: trustme.CA, ca_file: Path, variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if variable == "SSL_CERT_FILE":
        monkeypatch.setenv(variable, str(ca_file))
    async with listening(answering_bytes(STORES), serving_as(authority.issue_cert("localhost"))) as port:
        address = Address.parse(f"https://localhost:{port}/arcgis")
        chosen = ca_file if variable == "--ca-file" else None
        trust = asyncio.to_thread(create_tls_context, chosen, insecure=variable == "--insecure")
        async with AdminApi(Transport(address, BY_TOKEN, trust=trust)) as client:
            assert await client.stores() == ()


@pytest.mark.parametrize("content", [None, "not a certificate"])
@pytest.mark.parametrize("by_variable", [False, True])
async def test_open_names_the_file_when_it_contains_no_certificate(
    tmp_path: Path, content: str | None, *, by_variable: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    if by_variable:
        monkeypatch.setenv("SSL_CERT_FILE", str(path))
    trouble = (await failure("https://gis.example.com/arcgis", ca_file=None if by_variable else path)).failure
    assert trouble.code == "ca-file"
    assert str(path) in trouble.summary


@pytest.mark.parametrize(
    ("proxy", "words"),
    [
        ("http://127.0.0.1:{refusing}", "407"),
        ("http://user:hush@127.0.0.1:{closed}", "does not accept connections"),
        ("http://nobody.invalid:3128", "unknown host name"),
    ],
)
async def test_fetch_names_the_proxy_when_it_fails(proxy: str, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    refusing = http(b"", "407 Proxy Authentication Required")
    with closed_port() as closed:
        async with listening(answering_bytes(refusing)) as port:
            where = proxy.format(refusing=port, closed=closed)
            monkeypatch.setenv("HTTPS_PROXY", where)
            trouble = (await failure("https://gis.example.com/arcgis")).failure
    assert trouble.code == "proxy"
    assert words in trouble.line
    assert where.rpartition("/")[2].rpartition("@")[2] in trouble.summary
    assert "hush" not in trouble.line
    assert "NO_PROXY" in trouble.advice


ASKED = RequestInfo("https://gis.example.com/arcgis/admin", "gis.example.com")


@pytest.mark.parametrize(
    ("cause", "code", "words"),
    [
        (socket.gaierror(socket.EAI_AGAIN, "Temporary failure"), "dns", "may be offline"),
        (socket.gaierror(socket.EAI_NONAME, "Name or service not known"), "dns", "unknown host"),
        (OSError(101, "Network is unreachable"), "no-route", "VPN"),
        (OSError(113, "No route to host"), "no-route", "VPN"),
        (ConnectionRefusedError(111, "Connection refused"), "connection-refused", "firewall"),
        (ConnectionResetError(104, "Connection reset by peer"), "dropped", "was lost"),
        (ExceptionGroup("several", [OSError(101, "Network is unreachable")]), "no-route", "VPN"),
    ],
)
def test_connection_error_has_the_code_of_its_cause_when_connecting_fails(
    cause: Exception, code: str, words: str
) -> None:
    exception = httpx.ConnectError("All connection attempts failed")
    exception.__cause__ = cause
    trouble = network_errors.error_from_exception(exception, ASKED).failure
    assert trouble.code == code
    assert words in trouble.line


def test_timeout_error_names_the_proxy_when_one_is_used() -> None:
    through = RequestInfo(ASKED.url, ASKED.host, proxy="proxy.example.com:3128")
    assert "proxy.example.com:3128" in make_error("timeout", through).failure.cause
    assert (
        "proxy.example.com:3128" in network_errors.error_from_exception(httpx.ReadError("reset"), through).failure.cause
    )


def test_certificate_error_names_some_authority_when_the_issuer_is_unknown() -> None:
    exception = httpx.ConnectError("certificate verify failed")
    exception.__cause__ = ssl.SSLCertVerificationError(1, "unable to get local issuer certificate")
    exception.__cause__.verify_code, exception.__cause__.verify_message = 20, "unable to get local issuer certificate"
    cause = network_errors.error_from_exception(exception, ASKED).failure.cause
    assert cause == "It was issued by an authority, which this machine does not trust."


@pytest.mark.parametrize(
    ("condition", "is_named"),
    [
        *[("connection-refused", True), ("dns", True), ("proxy", True), ("timeout", True), ("tls: expired", True)],
        *[("gateway", True), ("404: root", True), ("html", True), ("redirect", True)],
        *[("404", False), ("privilege", False), ("sign-in", False), ("498", False), ("500", False)],
    ],
)
def test_line_of_an_error_names_doctor_when_the_connection_failed(condition: str, is_named: bool) -> None:
    values = dict.fromkeys(("issued", "issuer", "summary", "status", "privilege"), "x")
    for url, site in (
        ("https://gis.example.com:8443/arcgis/admin/system", "https://gis.example.com:8443/arcgis"),
        ("https://gis.example.com/admin", "https://gis.example.com"),
        ("https://gis.example.com/arcgis/sharing/rest/generateToken", "https://gis.example.com/arcgis"),
    ):
        failure = make_error(condition, RequestInfo(url, "gis.example.com"), **values).failure
        assert failure.line.endswith(f" Or run drtui doctor {site}") is is_named


def test_line_of_an_error_does_not_name_doctor_when_a_file_is_missing() -> None:
    assert "doctor" not in make_error("ca-file", path="/x").failure.line
