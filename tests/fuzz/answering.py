"""Targets on the way of a response: its headers, its bytes on the wire, and the proxies of the environment."""

import asyncio
import os
import ssl
import warnings
from collections.abc import AsyncIterator, Callable
from contextlib import suppress

import httpcore
import httpx
import stamina

from drtui.api.client import AdminApi
from drtui.api.errors import ApiError
from drtui.api.proxies import ProxyError, proxy_for
from drtui.api.response_metadata import ResponseMetadata
from drtui.api.transport import Transport, _as_httpx
from drtui.core.model.failure import Failure
from drtui.core.model.site import Store
from drtui.core.model.site_clock import LAST_YEAR, MAX_AGE
from tests.api.asking import BY_TOKEN, SITE, TOKEN
from tests.conftest import NOW
from tests.fuzz import holding
from tests.fuzz.mutate import PLANTED
from tests.fuzz.typing_in import decoded

HEADERS = (
    "302\nLocation: javascript:alert(1)\n\n",
    "307\nLocation: https://gis.example.com/arcgis/admin/x?a=b#c\n\n",
    "308\nLocation: //evil.example.com:99999/\n\n",
    "502\nContent-Type: text/html; charset=utf-16\n\n<title>Bad Gateway</title>",
    "500\nContent-Type: text/html; charset=hex\nRetry-After: 120\n\n<title>3c</title>",
    "200\nContent-Type: application/json\nDate: Mon, 21 Sep 2026 14:13:20 GMT\nAge: 864000\n\n{}",
    '203\nWarning: 110 a "b", 299 - "c"\nVia: 1.1 x\n\n{"backupStores": []}',
    '206\nContent-Range: bytes 0-9/20\n\n{"backupStores": [{"name": "a"}]}',
    "200\nContent-Encoding: gzip\n\n\x1f\x8b\x08\x00",
    "429\nRetry-After: Fri, 18 Sep 2026 14:13:20 GMT\nSet-Cookie: a=b; Expires=never; Domain=.com; Max-Age=-1\n\n{",
    '200\nLink: <https://gis.example.com/x>; rel="next"\nContent-Length: -1\n\n{"backupStores": [], "total": 3}',
)
"""Responses in the form of the fuzzer: status, header lines, an empty line, and the body."""

IN_HEADERS = (
    *("Location: ", "Content-Type: ", "Date: ", "Age: ", "Content-Encoding: ", "Retry-After: ", "Warning: ", "Link: "),
    *("text/html; charset=", "base64", "zlib", "idna", "undefined", "utf-7", "utf-32", "unicode_escape", "punycode"),
    *(
        "data:",
        "mailto:",
        "about:blank",
        "http://[::1",
        "https://xn--/",
        "\\\\",
        "%00",
        ":0/",
        ":65536/",
        "?f=html&f=x",
    ),
    *("Thu, 01 Jan 1970 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT", "-1", "1e9", "9" * 5_000, "x-gzip", "identity"),
    *("200\n", "204\n", "301\n", "304\n", "401\n", "498\n", "503\n", "\n\n", "x" * 20_000, '{"error": {"code": 498}}'),
)

LINES = (
    *("HTTP/1.1 {} X\r\n{}".format(*each.replace("\n", "\r\n").split("\r\n", 1)) for each in HEADERS),
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n14\r\n{"backupStores": []}\r\n0\r\n\r\n',
    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
    "HTTP/1.0 200 OK\r\n\r\n{",
)
"""Responses as bytes on the wire."""

IN_LINES = (
    "\r\n",
    "\r\n\r\n",
    "HTTP/1.1 ",
    "HTTP/2 ",
    "chunked",
    "Content-Length: 99",
    "101 ",
    "ffffffffffffffff\r\n",
    ";",
)

VARIABLES = (
    f"http://user:{PLANTED}@proxy.example.com:3128\n\n10.0.0.0/8,::1/128\nhttps://gis.example.com/arcgis",
    f"socks5h://us%40er:{PLANTED}%23@[2001:db8::1]:1080/\n\n*.example.com:443 .x\nhttps://10.1.2.3/arcgis",
    f"proxy:80\nhttp://a:{PLANTED}#b@h\nlocalhost,*\nhttp://gis:8080/arcgis",
    "http://h:99999\nhttp://[::1\n[::1]:443,::/0\nhttps://[2001:db8::5]/arcgis",
)
"""Environments in the form of the fuzzer: HTTPS_PROXY, ALL_PROXY and NO_PROXY, then the site."""

IN_VARIABLES = (
    "@",
    "#",
    "/",
    "?",
    ":",
    "//",
    "%",
    "%zz",
    "[",
    "]",
    "socks4://",
    "ftp://",
    "\\",
    " ",
    "*",
    ",",
    "/33",
    "/-1",
)


class Body(httpx.AsyncByteStream):
    """A body that arrives in one piece."""

    def __init__(self, body: bytes) -> None:
        self.body = body

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self.body


class Answering(httpx.AsyncBaseTransport):
    """A site that gives the current response, and checks that no other host is asked."""

    def __init__(self) -> None:
        self.answer: Callable[[], httpx.AsyncBaseTransport] = lambda: self

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Return the response; check that the token was sent to its own site only."""
        assert request.url.host == SITE.host, f"{request.url} is asked"
        return await self.answer().handle_async_request(request)


UNUSED = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""No connection is made."""

_loop = asyncio.new_event_loop()
_site = Answering()
_client = AdminApi(Transport(SITE, BY_TOKEN, transport=_site, clock=lambda: NOW, timeout=20))
_opened: list[AdminApi] = []


def headers(body: bytes) -> None:
    """Check that a response of any status and headers yields a value or a failure of its resource."""
    status, _, rest = body.partition(b"\n")
    head, _, content = rest.partition(b"\n\n")
    lines = [line.partition(b":") for line in head.split(b"\n") if line]
    code = int(status) if status.isdigit() and 200 <= int(status[:4]) < 600 else 200

    async def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(code, headers=[(name, value.strip()) for name, _, value in lines], stream=Body(content))

    _site.answer = lambda: httpx.MockTransport(answer)
    _loop.run_until_complete(_asked())


def line(body: bytes) -> None:
    """Check the client with any bytes on the wire."""

    def transport() -> httpx.AsyncBaseTransport:
        stream = httpx.AsyncHTTPTransport(verify=UNUSED)
        stream._pool = httpcore.AsyncConnectionPool(UNUSED, network_backend=httpcore.AsyncMockBackend([body]))
        return stream

    _site.answer = transport
    _loop.run_until_complete(_asked())


async def _asked() -> None:
    """Fetch the stores, and check the result."""
    if not _opened:
        _opened.append(await _client.__aenter__())
    marks = ResponseMetadata()
    with stamina.set_testing(True, attempts=2, cap=True), warnings.catch_warnings(action="error"):
        stores, trouble = await _read(marks)
    if trouble is not None:
        holding.harmless(trouble.line)
        assert TOKEN not in trouble.line
        assert trouble.code not in {"internal", "memory", "dns"}, f"nobody expected it: {trouble.line}"
        return
    holding.all_harmless(stores)
    holding.harmless(marks.partial)
    assert marks.cache_age is None or 0 <= marks.cache_age <= MAX_AGE * 1_000
    assert marks.sample is None or 0 <= marks.sample.date < (LAST_YEAR - 1969) * 366 * 86_400_000


async def _read(marks: ResponseMetadata) -> tuple[tuple[Store, ...], Failure | None]:
    """Return the stores, and their failure."""
    try:
        return await _client.stores(marks), None
    except ApiError as error:
        return (), error.failure


def proxies(body: bytes) -> None:
    """Check that an environment names a proxy, names none, or is refused, without showing a possible password."""
    values = [*decoded(body).split("\n"), "", "", ""]
    site = values[3] if values[3].startswith(("http://", "https://")) else "https://gis.example.com/arcgis"
    before = dict(os.environ)
    try:
        for name, value in zip(("HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"), values, strict=False):
            os.environ.pop(name, None)
            with suppress(ValueError, UnicodeError):  # an environment cannot contain NUL or half a character
                os.environ[name] = value
        try:
            proxy = proxy_for(site)
        except ProxyError as error:
            holding.harmless(str(error))
            return
        except ValueError:
            return  # `model.address` has not parsed that site
        if proxy is not None:
            holding.harmless(proxy.host.replace(PLANTED, ""))
            value = os.environ.get(proxy.name, "")
            assert PLANTED not in proxy.host or value.rfind(PLANTED) > value.rfind("@"), f"a password: {proxy.host}"
            with suppress(ProxyError):
                _as_httpx(proxy, None)  # type: ignore[arg-type]
    finally:
        os.environ.clear()
        os.environ.update(before)
