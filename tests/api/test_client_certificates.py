"""Client certificates over real TLS: accepted, or refused with the side and the reason."""

import asyncio
import datetime as dt
import os
import re
import shutil
import ssl
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest
import trustme

from drtui.api import network_errors
from drtui.api.client import AdminApi
from drtui.api.errors import ApiError, RequestInfo
from drtui.api.tls import create_tls_context
from drtui.api.transport import Transport
from drtui.core.model.address import Address
from drtui.core.model.auth import ClientCertificate, Secret
from drtui.core.model.failure import Failure, FailureKind
from drtui.session.target import ConnectionOptions, locked_key
from tests.api.asking import BY_TOKEN, error_of_fetching_stores, without_waits
from tests.api.certificates import KEY_PASSWORD, PAST, encrypted, requiring_server, serving_in_thread, write_private
from tests.api.servers import answering_bytes, hang_up, http, listening
from tests.api.socks import socks
from tests.cli.running import run
from tests.e2e.terminal import opened

STORES = http(b'{"backupStores": []}')
WRONG = Secret("not-the-password")


class Pki(NamedTuple):
    """The authority of server and clients, another one, and files of certificates."""

    authority: trustme.CA
    server: trustme.LeafCert
    client: trustme.LeafCert
    folder: Path

    def file(self, name: str) -> Path:
        return self.folder / name


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Pki:
    """One authority, and the files that a table below names."""
    authority, folder = trustme.CA(organization_name="City Works"), tmp_path_factory.mktemp("pki")
    client, server = authority.issue_cert("ops@example.com"), authority.issue_cert("localhost")
    stranger = trustme.CA().issue_cert("ops@example.com")
    expired = authority.issue_cert("ops@example.com", not_before=PAST, not_after=PAST + dt.timedelta(days=1))
    cert, key = client.cert_chain_pems[0].bytes(), client.private_key_pem.bytes()
    authority.cert_pem.write_to_path(folder / "ca.pem")
    trustme.CA(organization_name="Elsewhere").cert_pem.write_to_path(folder / "foreign-ca.pem")
    files = {
        "cert.pem": (cert,),
        "key.pem": (key,),
        "both.pem": (key, cert),
        "locked.pem": (encrypted(key),),
        "other-key.pem": (stranger.private_key_pem.bytes(),),
        "stranger.pem": (stranger.private_key_pem.bytes(), stranger.cert_chain_pems[0].bytes()),
        "expired.pem": (expired.private_key_pem.bytes(), expired.cert_chain_pems[0].bytes()),
        "text.pem": (b"not a certificate",),
        "client.pfx": (ssl.PEM_cert_to_DER_cert(cert.decode()),),
        "torn-cert.pem": (cert.replace(b"M", b"?", 1),),
        "torn-key.pem": (key.replace(b"M", b"?", 1),),
    }
    for name, parts in files.items():
        write_private(folder / name, *parts)
    shutil.copy(folder / "key.pem", folder / "shared.pem")
    (folder / "shared.pem").chmod(0o640)
    (folder / "cert.pem").chmod(0o644)
    return Pki(authority, server, client, folder)


@pytest.fixture(autouse=True)
def few_authorities(pki: Pki, monkeypatch: pytest.MonkeyPatch) -> None:
    """Trust one foreign authority instead of the system's, which take long to load."""
    monkeypatch.setenv("SSL_CERT_FILE", str(pki.file("foreign-ca.pem")))


def certificate_of(pki: Pki, cert: str, key: str = "", password: Secret | None = None) -> ClientCertificate:
    return ClientCertificate(pki.file(cert), pki.file(key) if key else None, password)


@asynccontextmanager
async def api(
    pki: Pki, url: str, certificate: ClientCertificate | None, seconds: float = 10
) -> AsyncIterator[AdminApi]:
    """Open a client that trusts the authority."""
    trust = asyncio.to_thread(create_tls_context, pki.file("ca.pem"), certificate=certificate)
    transport = Transport(Address.parse(url), BY_TOKEN, timeout=seconds, trust=trust, certificate=certificate)
    with without_waits():
        async with AdminApi(transport) as client:
            yield client


async def failure(pki: Pki, url: str, certificate: ClientCertificate | None, seconds: float = 10) -> Failure:
    """Return the failure of fetching the stores, checked for the words of other failures."""
    with pytest.raises(ApiError) as caught:
        async with api(pki, url, certificate, seconds) as client:
            await client.stores()
    trouble = caught.value.failure
    assert trouble.summary
    assert trouble.cause
    assert trouble.advice
    assert KEY_PASSWORD not in trouble.line
    assert WRONG.reveal() not in trouble.line
    return trouble


@pytest.mark.parametrize("tls_1_2", [True, False], ids=["1.2", "1.3"])
@pytest.mark.parametrize(
    ("cert", "key", "password"),
    [
        ("both.pem", "", None),
        ("cert.pem", "key.pem", None),
        ("cert.pem", "locked.pem", Secret(KEY_PASSWORD)),
        ("cert.pem", "key.pem", Secret("superfluous")),
    ],
)
async def test_fetch_works_when_the_site_accepts_the_certificate(
    pki: Pki, cert: str, key: str, password: Secret | None, *, tls_1_2: bool
) -> None:
    demanding = requiring_server(pki.server, pki.authority, tls_1_2=tls_1_2)
    async with listening(answering_bytes(STORES), demanding) as port:
        certificate = certificate_of(pki, cert, key, password)
        async with api(pki, f"https://localhost:{port}/arcgis", certificate) as client:
            assert await client.stores() == ()


async def test_fetch_presents_the_certificate_when_the_site_asks_after_the_request(pki: Pki) -> None:
    demanding = requiring_server(pki.server, pki.authority)
    demanding.post_handshake_auth = True
    with serving_in_thread(demanding, STORES) as port:
        async with api(pki, f"https://localhost:{port}/arcgis", certificate_of(pki, "both.pem")) as client:
            assert await client.stores() == ()


@pytest.mark.parametrize(
    ("cert", "key", "password", "summary", "advice"),
    [
        ("missing.pem", "", None, "cannot read the client certificate or key '{missing.pem}'", "--cert"),
        ("cert.pem", "missing.pem", None, "cannot read the client certificate or key '{missing.pem}'", "--key"),
        (".", "", None, "cannot read the client certificate or key", "--cert"),
        ("/dev/null", "", None, "cannot read the client certificate or key '/dev/null'", "--cert"),
        ("text.pem", "key.pem", None, "no certificate in '{text.pem}'", "--cert"),
        ("key.pem", "key.pem", None, "no certificate in '{key.pem}'", "--cert"),
        ("cert.pem", "", None, "no private key in '{cert.pem}'", "--key"),
        ("cert.pem", "text.pem", None, "no private key in '{text.pem}'", "--key"),
        ("client.pfx", "key.pem", None, "no certificate in PEM format in '{client.pfx}'", "openssl pkcs12"),
        ("torn-cert.pem", "key.pem", None, "cannot use the certificate in '{torn-cert.pem}'", "Export"),
        ("cert.pem", "torn-key.pem", None, "cannot use the private key in '{torn-key.pem}'", "Export"),
        ("cert.pem", "other-key.pem", None, "'{other-key.pem}' does not belong to the certificate", "key"),
        ("cert.pem", "locked.pem", None, "the key in '{locked.pem}' is encrypted", "--key-password-file"),
        ("cert.pem", "locked.pem", WRONG, "does not open the key in '{locked.pem}'", "--key-password-file"),
        ("cert.pem", "shared.pem", None, "other users can read the key in '{shared.pem}'", "chmod 600 {shared.pem}"),
    ],
)
async def test_open_names_the_file_when_certificate_or_key_cannot_be_used(
    pki: Pki, cert: str, key: str, password: Secret | None, summary: str, advice: str
) -> None:
    trouble = await failure(pki, "https://gis.example.com/arcgis", certificate_of(pki, cert, key, password))
    assert (trouble.kind, trouble.code) == (FailureKind.UNREACHABLE, "client-cert")
    for words, text in ((summary, trouble.summary), (advice, trouble.advice)):
        assert re.sub(r"\{(.*)\}", lambda name: str(pki.file(name[1])), words) in text


async def test_open_says_that_the_key_is_shared_when_it_is_in_the_file_of_the_certificate(
    pki: Pki, tmp_path: Path
) -> None:
    path = tmp_path / "both.pem"
    shutil.copy(pki.file("both.pem"), path)
    path.chmod(0o644)
    trouble = await failure(pki, "https://gis.example.com/arcgis", ClientCertificate(path))
    assert f"other users can read the key in '{path}'" in trouble.summary


@pytest.mark.parametrize("tls_1_2", [True, False], ids=["1.2", "1.3"])
@pytest.mark.parametrize(
    ("cert", "summary", "cause"),
    [
        ("", "", "equires"),
        ("stranger.pem", "refused the client certificate", "does not trust the authority"),
        ("expired.pem", "refused the client certificate", "it has expired"),
        ("both.pem", "refused the client certificate", "has revoked it"),
    ],
)
async def test_fetch_names_the_site_when_it_refuses_the_client(
    pki: Pki, cert: str, summary: str, cause: str, *, tls_1_2: bool
) -> None:
    revoked = pki.client if cert == "both.pem" else None
    demanding = requiring_server(pki.server, pki.authority, revoked, tls_1_2=tls_1_2)
    with serving_in_thread(demanding, STORES) as port:
        certificate = certificate_of(pki, cert) if cert else None
        trouble = await failure(pki, f"https://localhost:{port}/arcgis", certificate)
    # With TLS 1.2 the alert for a missing certificate has other meanings, too.
    kind = FailureKind.UNREACHABLE if tls_1_2 and not cert else FailureKind.REFUSED
    assert (trouble.kind, trouble.code) == (kind, "client-cert")
    assert f"localhost:{port}" in trouble.summary
    assert summary in trouble.summary
    assert cause in trouble.summary + trouble.cause
    assert ("--cert" in trouble.advice) is not bool(cert)
    assert str(pki.file(cert)) in trouble.summary or not cert


@pytest.mark.parametrize(
    ("cert", "summary"),
    [("", "closed the connection after the TLS handshake"), ("stranger.pem", "refused the client certificate")],
)
async def test_fetch_suspects_the_certificate_when_the_site_hangs_up_without_an_alert(
    pki: Pki, cert: str, summary: str
) -> None:
    async with listening(answering_bytes(STORES), requiring_server(pki.server, pki.authority)) as port:
        certificate = certificate_of(pki, cert) if cert else None
        trouble = await failure(pki, f"https://localhost:{port}/arcgis", certificate)
    # Without a certificate it is only a guess.
    kind = FailureKind.REFUSED if cert else FailureKind.UNREACHABLE
    assert (trouble.kind, trouble.code) == (kind, "client-cert")
    assert summary in trouble.summary


async def test_fetch_reports_a_lost_connection_when_the_site_hangs_up_after_the_request(pki: Pki) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    pki.server.configure_cert(context)
    async with listening(hang_up, context) as port:
        trouble = await failure(pki, f"https://localhost:{port}/arcgis", None, seconds=2)
    assert (trouble.kind, trouble.code) == (FailureKind.UNREACHABLE, "dropped")


@pytest.mark.parametrize(("tls_1_2", "issuer"), [(True, ""), (False, "City Works")], ids=["1.2", "1.3"])
async def test_fetch_reports_an_untrusted_site_when_it_requires_a_certificate(
    pki: Pki, issuer: str, *, tls_1_2: bool
) -> None:
    certificate = certificate_of(pki, "both.pem")
    demanding = requiring_server(pki.server, pki.authority, tls_1_2=tls_1_2)
    async with listening(answering_bytes(STORES), demanding) as port:
        trust = asyncio.to_thread(create_tls_context, None, certificate=certificate)
        url = Address.parse(f"https://localhost:{port}/arcgis")
        error = await error_of_fetching_stores(AdminApi(Transport(url, BY_TOKEN, trust=trust, certificate=certificate)))
    assert (error.failure.kind, error.failure.code) == (FailureKind.UNREACHABLE, "tls")
    assert "is not trusted" in error.failure.summary
    assert issuer in error.failure.summary


async def test_fetch_works_with_a_certificate_when_truststore_finds_the_authorities(
    pki: Pki, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path))  # a folder: OpenSSL knows no store
    certificate = certificate_of(pki, "cert.pem", "locked.pem", Secret(KEY_PASSWORD))
    assert type(create_tls_context(pki.file("ca.pem"), certificate=certificate)).__module__.startswith("truststore")
    async with listening(answering_bytes(STORES), requiring_server(pki.server, pki.authority)) as port:
        url = f"https://localhost:{port}/arcgis"
        async with api(pki, url, certificate) as client:
            assert await client.stores() == ()
        assert (await failure(pki, url, None)).code == "client-cert"


async def test_list_presents_the_certificate_when_a_socks_proxy_is_used(pki: Pki) -> None:
    """In a process of its own: whether httpx can use SOCKS is decided when it is imported."""
    demanding = requiring_server(pki.authority.issue_cert("gis.example.com"), pki.authority)
    arguments = ("--cert", str(pki.file("both.pem")), "--ca-file", str(pki.file("ca.pem")), "--no-history")
    async with listening(answering_bytes(STORES), demanding) as port, socks(port) as proxy:
        environment = {**os.environ, "ALL_PROXY": f"socks5://127.0.0.1:{proxy.port}", "DRTUI_TOKEN": "t"}
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "drtui", "stores", "https://gis.example.com/arcgis", *arguments),
            env=environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        async with asyncio.timeout(60):
            _, err = await process.communicate()
    assert (process.returncode, err) == (1, b"")  # the site has no stores
    assert set(proxy.destinations) == {("gis.example.com", 443)}


@pytest.mark.parametrize(
    ("status", "title", "given", "words"),
    [
        ("400 Bad Request", "400 No required SSL certificate was sent", False, "requires a client certificate"),
        ("400 Bad Request", "400 The SSL certificate error", True, "refused the client certificate"),
        ("403 Forbidden", "403.7 - Forbidden: Client certificate required", False, "requires a client certificate"),
        ("403 Forbidden", "403 Forbidden", False, "a gateway or proxy in front of the site"),
        ("400 Bad Request", "400 Bad Request", True, "a page instead of JSON"),
    ],
)
async def test_fetch_names_the_certificate_when_a_gateway_answers_with_a_page_about_it(
    pki: Pki, status: str, title: str, words: str, *, given: bool
) -> None:
    page = http(f"<html><head><title>{title}</title></head></html>".encode(), status, kind="text/html")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    pki.server.configure_cert(context)
    async with listening(answering_bytes(page), context) as port:
        certificate = certificate_of(pki, "both.pem") if given else None
        trouble = await failure(pki, f"https://localhost:{port}/arcgis", certificate)
    assert words in trouble.summary
    assert title in trouble.server_message


def alert(reason: str) -> httpx.ConnectError:
    error = httpx.ConnectError("failed")
    error.__cause__ = ssl.SSLError(1, reason)
    error.__cause__.reason = reason
    return error


@pytest.mark.parametrize(
    ("reason", "certificate", "words"),
    [
        ("TLSV13_ALERT_CERTIFICATE_REQUIRED", "", "requires a client certificate, and none was given"),
        ("SSLV3_ALERT_BAD_CERTIFICATE", "", "Probably it requires a client certificate"),
        ("TLS_ALERT_HANDSHAKE_FAILURE", "", "Probably it requires a client certificate"),
        ("SSLV3_ALERT_HANDSHAKE_FAILURE", "c.pem", "offers no TLS version"),
        ("TLSV1_ALERT_UNKNOWN_CA", "c.pem", "does not trust the authority"),
        ("SSLV3_ALERT_UNSUPPORTED_CERTIFICATE", "c.pem", "clientAuth"),
        ("TLSV1_ALERT_PROTOCOL_VERSION", "c.pem", "TLS handshake with gis.example.com failed"),
        ("WRONG_VERSION_NUMBER", "", "TLS handshake with gis.example.com failed"),
    ],
)
def test_alert_error_names_the_cause_when_the_alert_is_about_certificates(
    reason: str, certificate: str, words: str
) -> None:
    request = RequestInfo("https://gis.example.com/arcgis/admin", "gis.example.com", certificate=certificate)
    assert words in network_errors.error_from_exception(alert(reason), request).failure.line


@pytest.mark.parametrize(
    ("cert", "key", "password", "expected"),
    [
        ("cert.pem", "locked.pem", None, "locked.pem"),
        ("locked.pem", "", None, "locked.pem"),
        ("cert.pem", "locked.pem", WRONG, None),
        ("cert.pem", "key.pem", None, None),
        ("both.pem", "", None, None),
        ("cert.pem", "missing.pem", None, None),
        ("cert.pem", ".", None, None),
        ("", "", None, None),
    ],
)
def test_locked_key_is_the_file_whose_password_is_missing(
    pki: Pki, cert: str, key: str, password: Secret | None, expected: str | None
) -> None:
    options = ConnectionOptions(
        cert=pki.file(cert) if cert else None, key=pki.file(key) if key else None, key_password=password
    )
    assert locked_key(options) == (pki.file(expected) if expected else None)


async def test_stores_asks_unseen_for_the_password_when_the_key_is_encrypted(pki: Pki) -> None:
    demanding = requiring_server(pki.server, pki.authority)
    files = {"--cert": "cert.pem", "--key": "locked.pem", "--ca-file": "ca.pem"}
    options = [word for option, name in files.items() for word in (option, str(pki.file(name)))]
    with serving_in_thread(demanding, STORES) as port:
        command = ("-m", "drtui", "stores", f"https://localhost:{port}/arcgis", *options, "--no-history")
        with opened(*command, program=sys.executable, environment={"DRTUI_TOKEN": "t"}) as terminal:
            terminal.wait_for("Password of the key")
            terminal.press(f"{KEY_PASSWORD}\n")
            assert terminal.wait_for_end() == 1  # the site has no stores
            assert KEY_PASSWORD not in terminal.text


@pytest.mark.parametrize(
    ("options", "code", "summary", "evidence"),
    [
        ((), 4, "requires a client certificate, and none was given", "--cert FILE"),
        (("--cert", "stranger.pem"), 4, "refused the client certificate", "client certificate: "),
        (("--cert", "cert.pem", "--key", "locked.pem"), 3, "is encrypted, and no password", "--key-password-file FILE"),
    ],
)
def test_doctor_names_the_side_in_the_tls_step_when_a_client_certificate_is_required(
    pki: Pki,
    options: tuple[str, ...],
    code: int,
    summary: str,
    evidence: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DRTUI_TOKEN", "t")
    words = [str(pki.file(word)) if word.endswith(".pem") else word for word in options]
    with serving_in_thread(requiring_server(pki.server, pki.authority), STORES) as port, without_waits():
        url = f"https://localhost:{port}/arcgis"
        ran = run(capsys, "doctor", url, "--ca-file", str(pki.file("ca.pem")), *words, "--timeout", "5")
    failing = next(line for line in ran.out.splitlines() if line.startswith(("✗", "x ")))
    assert (ran.code, "TLS" in failing) == (code, True)
    assert summary in failing
    assert evidence in ran.out


@pytest.mark.parametrize("password", [None, Secret(""), WRONG])
def test_tls_context_asks_no_question_when_the_key_is_encrypted(
    pki: Pki, password: Secret | None, capfd: pytest.CaptureFixture[str]
) -> None:
    certificate = certificate_of(pki, "cert.pem", "locked.pem", password)
    with pytest.raises(ApiError):
        create_tls_context(None, insecure=True, certificate=certificate)
    assert capfd.readouterr() == ("", "")


@pytest.mark.full
async def test_interface_asks_for_the_password_of_the_key_before_it_paints(pki: Pki) -> None:
    demanding = requiring_server(pki.server, pki.authority)
    files = {"--cert": "cert.pem", "--key": "locked.pem", "--ca-file": "ca.pem"}
    options = [word for option, name in files.items() for word in (option, str(pki.file(name)))]
    with serving_in_thread(demanding, STORES) as port:
        url = f"https://localhost:{port}/arcgis"
        with opened(url, *options, "--no-history", environment={"DRTUI_TOKEN": "t"}) as terminal:
            terminal.wait_for("Password of the key")
            terminal.press(f"{KEY_PASSWORD}\n")
            terminal.wait_for("by token and client certificate")
            terminal.wait_for("No restore points")
            assert KEY_PASSWORD not in terminal.text
            terminal.press("q")
            assert terminal.wait_for_end() == 0
