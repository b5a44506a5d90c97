"""Proxies from the environment: read by the rules of curl, and named without password in errors."""

import asyncio
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from drtui.api.client import AdminApi
from drtui.api.proxies import ProxyError, proxy_for
from drtui.api.transport import Transport
from drtui.core.model.address import Address
from drtui.core.wire.known_secrets import HIDDEN
from drtui.demo.app import make_app
from drtui.demo.scenarios import TOKEN
from drtui.demo.server import serving
from tests.api.asking import BY_TOKEN, error_of_fetching_stores
from tests.api.servers import answering_bytes, closed_port, http, listening
from tests.api.socks import socks
from tests.cli.running import run
from tests.conftest import NOW
from tests.suites import in_full

SITE = "https://gis.example.com/arcgis"
STORES = http(b'{"backupStores": []}')


def is_proxied(url: str, monkeypatch: pytest.MonkeyPatch, no_proxy: str) -> bool:
    monkeypatch.setenv("ALL_PROXY", "http://proxy.example.com:3128")
    monkeypatch.setenv("NO_PROXY", no_proxy)
    return proxy_for(url) is not None


@pytest.mark.parametrize(
    "no_proxy",
    [
        *("*", "gis.example.com", "example.com", ".example.com", "*.example.com", "EXAMPLE.COM", "com"),
        *("a,b,example.com", " a  b\texample.com ", ",,example.com,", "example.com.", "gis.example.com:443", "a,*"),
        *("10.0.0.0/8,::1/128,example.com", "10.0.0.0/99,[::1,example.com"),
    ],
)
def test_proxy_is_passed_by_when_no_proxy_names_the_host(no_proxy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not is_proxied(SITE, monkeypatch, no_proxy)


@pytest.mark.parametrize(
    "no_proxy",
    [
        *("", "localhost", "ample.com", "is.example.com", "a.gis.example.com", "example", "gis.example.com:8443"),
        *("10.0.0.0/8,::1/128", "0.0.0.0/0", "/", ".", "[", ":443", "gis.example.com/8", "."),
    ],
)
def test_proxy_is_used_when_no_proxy_names_other_hosts(no_proxy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert is_proxied(SITE, monkeypatch, no_proxy)


@pytest.mark.parametrize(
    ("host", "no_proxy", "proxied"),
    [
        ("10.1.2.3", "10.0.0.0/8", False),
        ("10.1.2.3", "10.1.2.3/8", False),
        ("11.1.2.3", "10.0.0.0/8", True),
        ("10.1.2.3", "10.1.2.3", False),
        ("10.1.2.3", "10.1.2.3:443", False),
        ("10.1.2.3", "10.1.2.3:8443", True),
        ("10.1.2.3", "2.3", True),
        ("10.1.2.3", "10.", True),
        ("10.1.2.3", "::/0", True),
        ("[2001:db8::5]", "2001:db8::/32", False),
        ("[2001:db8::5]", "[2001:DB8:0::5]", False),
        ("[2001:db8::5]", "[2001:db8::5]:443", False),
        ("[2001:db8::5]", "2001:db9::/32", True),
        ("[2001:db8::5]", "10.0.0.0/8", True),
        ("localhost", "", False),
        ("127.3.2.1", "", False),
        ("[::1]", "", False),
    ],
)
def test_no_proxy_matches_addresses_and_networks_when_they_contain_the_host(
    host: str, no_proxy: str, *, proxied: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert is_proxied(f"https://{host}/arcgis", monkeypatch, no_proxy) is proxied


@pytest.mark.parametrize(
    ("variables", "host"),
    [
        ({}, None),
        ({"HTTPS_PROXY": ""}, None),
        ({"HTTP_PROXY": "http://other"}, None),
        ({"HTTPS_PROXY": "proxy.example.com:3128"}, "proxy.example.com:3128"),
        ({"https_proxy": "a:1", "HTTPS_PROXY": "b:1"}, "a:1"),
        ({"https_proxy": "", "HTTPS_PROXY": "b:1"}, "b:1"),
        ({"ALL_PROXY": "c:1", "HTTPS_PROXY": "b:1"}, "b:1"),
        ({"all_proxy": "socks5h://[2001:db8::1]:1080/"}, "[2001:db8::1]:1080"),
        ({"HTTPS_PROXY": "http://user:pass%23word@proxy:3128/ignored?x"}, "proxy:3128"),
        ({"HTTPS_PROXY": "http://user:p@ss@proxy:3128"}, "proxy:3128"),
        ({"HTTPS_PROXY": "HTTP://proxy"}, "proxy"),
    ],
)
def test_proxy_for_uses_the_first_variable_when_several_are_set(
    variables: Mapping[str, str], host: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    proxy = proxy_for(SITE)
    assert (proxy.host if proxy else None) == host
    assert "pass" not in repr(proxy)


UNREADABLE = (
    *("http://h:99999", "http://h:0", "http://[::1", "http://[::1]x", "http://", "http://h:x", "http://:3128", "://h"),
    *(
        "http://a b:1",
        "http://[1.2.3.4]:1",
        "http://h\x1b[31m:1",
        "ftp://h",
        "socks4://h:1",
        "socks://h:1",
        "file:///x",
    ),
    *(f"http://user:hush{sign}hush@proxy:3128" for sign in "#/? \t\n\\"),
    *("http://user:hush#@h", "http://us/er:hush@h", "http://user:hush@", "user:hush/x@h:1", "http://user:hush"),
    f"http://{'x' * 64}.example.com:3128",
)


@pytest.mark.parametrize("value", UNREADABLE)
def test_proxy_error_names_the_variable_without_value_when_it_is_unreadable(
    value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", value)
    with pytest.raises(ProxyError) as caught:
        proxy_for(SITE)
    assert "HTTPS_PROXY" in str(caught.value)
    assert "hush" not in str(caught.value)
    assert str(caught.value).isprintable()


async def test_every_resource_fails_when_the_proxy_cannot_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://user:hush#hush@proxy:3128")
    trouble = (await error_of_fetching_stores(AdminApi(Transport(Address.parse(SITE), BY_TOKEN)))).failure
    assert trouble.code == "proxy"
    assert "HTTPS_PROXY" in trouble.summary
    assert "hush" not in repr(trouble)


@pytest.mark.parametrize("command", ["list", "sites", "check"])
def test_command_ends_with_a_usage_error_when_the_proxy_cannot_be_read(
    command: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://user:hush#hush@proxy:3128")
    monkeypatch.setenv("DRTUI_TOKEN", "x")
    config = Path(os.environ["XDG_CONFIG_HOME"]) / "drtui" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text(f'[site.prod]\naddress = "{SITE}"\ntoken_command = ["false"]\n')
    code, out, err = run(capsys, command, "prod")
    assert code == (3 if command == "check" else 2)
    assert "cannot read HTTPS_PROXY as an address" in out + err
    assert "hush" not in out + err
    assert len((out + err).splitlines()) == 1


async def test_proxy_is_ignored_when_the_site_is_on_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://[::1")
    async with listening(answering_bytes(STORES)) as port:
        address = Address.parse(f"http://127.0.0.1:{port}/arcgis")
        async with AdminApi(Transport(address, BY_TOKEN)) as client:
            assert await client.stores() == ()


async def test_http_proxy_gets_the_whole_address_when_the_site_is_http(monkeypatch: pytest.MonkeyPatch) -> None:
    heads: list[bytes] = []

    async def talk(head: bytes, writer: asyncio.StreamWriter) -> None:
        heads.append(head)
        writer.write(STORES)

    async with listening(talk) as port:
        monkeypatch.setenv("HTTP_PROXY", f"http://user:se%23cret@127.0.0.1:{port}")
        async with AdminApi(
            Transport(Address.parse("http://gis.example.com/arcgis", allow_http=True), BY_TOKEN)
        ) as client:
            assert await client.stores() == ()
    assert heads[0].startswith(b"GET http://gis.example.com/arcgis/admin/")
    assert b"Proxy-Authorization: Basic dXNlcjpzZSNjcmV0" in heads[0]


@pytest.mark.parametrize("status", ["200 OK", "407 Proxy Authentication Required"])
async def test_error_masks_the_proxy_password_when_the_proxy_repeats_it(
    status: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = "user:Pr0xy#Passw0rd Pr0xy%23Passw0rd dXNlcjpQcjB4eSNQYXNzdzByZA=="
    body = f'{{"backupStores": [{{"name": "a", "type": "{message}"}}]}}' if status == "200 OK" else message
    async with listening(answering_bytes(http(body.encode(), status))) as port:
        monkeypatch.setenv("HTTP_PROXY", f"http://user:Pr0xy%23Passw0rd@127.0.0.1:{port}")
        client = AdminApi(Transport(Address.parse("http://gis.example.com/arcgis", allow_http=True), BY_TOKEN))
        if status == "200 OK":
            async with client:
                (store,) = await client.stores()
            assert store.type == f"user:{HIDDEN} {HIDDEN} {HIDDEN}"
        else:
            assert (await error_of_fetching_stores(client)).failure.server_message == f"user:{HIDDEN} {HIDDEN} {HIDDEN}"


async def listed(proxy: str) -> tuple[int, str, str]:
    """Run `drtui list` through a proxy; return its exit code, standard output and standard error."""
    environment = {**os.environ, "ALL_PROXY": proxy, "DRTUI_TOKEN": TOKEN}
    arguments = ("list", "http://gis.example.com/arcgis", "--http", "--timeout", "20", "--no-history")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "drtui", *arguments),
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(60):
        out, err = await process.communicate()
    return process.returncode or 0, out.decode(), err.decode()


@pytest.mark.parametrize(("scheme", "password"), [("socks5", ""), ("socks5h", "p#ss")])
async def test_list_works_when_a_socks_proxy_is_used(scheme: str, password: str) -> None:
    with serving(make_app("seed", now=NOW)) as site:
        async with socks(urlsplit(site.url).port or 0, password=password) as proxy:
            who = "user:p%23ss@" if password else ""
            code, out, err = await listed(f"{scheme}://{who}127.0.0.1:{proxy.port}")
    assert (code, err) == (0, "")
    assert "backup_first" in out
    assert set(proxy.destinations) == {("gis.example.com", 80)}


@pytest.mark.parametrize(("fault", "says"), [("refuses", "Connection refused"), ("locked", "NO ACCEPTABLE METHODS")])
async def test_list_names_the_socks_proxy_when_it_fails(fault: str, says: str) -> None:
    with closed_port() as site:
        async with socks(site, password="x" if fault == "locked" else "", reply=5) as proxy:
            code, out, err = await listed(f"socks5://127.0.0.1:{proxy.port}")
    assert (code, out) == (3, "")
    assert f"request through the proxy 127.0.0.1:{proxy.port} failed" in err
    assert says in err


@pytest.mark.parametrize(
    "answer",
    in_full(
        [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\x05", b"\x05\x00\x05\x00\x00\x09", b"\xff" * 9],
        but=[b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\x05\x00\x05\x00\x00\x09"],
    ),
)
async def test_list_names_the_proxy_when_it_does_not_speak_socks(answer: bytes) -> None:
    async def complain(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(answer)
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(complain, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        code, out, err = await listed(f"socks5://127.0.0.1:{port}")
    assert (code, out) == (3, "")
    assert f"the proxy 127.0.0.1:{port}" in err, err
