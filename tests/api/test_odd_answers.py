"""An odd response is a failure of its resource only, whatever exception it causes in a library."""

import asyncio
import json
import logging
from collections.abc import Callable

import httpx
import pytest

from drtui.api.charsets import decode_text
from drtui.api.client import AdminApi
from drtui.api.errors import ApiError, Unreadable
from drtui.api.transport import Transport
from drtui.core.model.address import Address
from drtui.core.model.failure import Failure
from drtui.core.wire import responses
from drtui.core.wire.lenient import Json
from tests.api.asking import BY_PASSWORD, BY_TOKEN, SITE, TOKEN, client_of, error_of_fetching_stores, without_waits
from tests.api.servers import answering_bytes, http, listening

LOCATIONS = (
    b"javascript:alert(1)",
    b"mailto:root@example.com",
    b"data:text/html,<h1>x",
    b"about:blank",
    b"http://[::1",
    b"",
    b"//evil.example.com/x",
    b"/" * 65_000,
    b"https://gis.example.com:99999999/",
    b"https://xn--/",
    b"https://gis.example.com\\@evil.example.com/",
    b"https://\xff\xfe\x80/",
    b"\xe2\x98\x83",
    b"#top",
    b"?f=html&token=",
)
METHODS: dict[str, Callable[[AdminApi], object]] = {
    "site": AdminApi.site,
    "stores": AdminApi.stores,
    "backups": lambda site: site.backups("vault"),
    "all backups": AdminApi.all_backups,
    "status": AdminApi.status,
    "settings": AdminApi.settings,
    "schedules": AdminApi.schedules,
    "jobs": AdminApi.jobs,
    "job": lambda site: site.job("j1"),
}


@pytest.mark.parametrize("location", LOCATIONS, ids=lambda each: each[:24])
async def test_every_resource_fails_alone_when_its_redirect_leads_nowhere(location: bytes) -> None:
    resources: list[str] = []

    def redirect(request: httpx.Request) -> httpx.Response:
        resources.append(request.url.host)
        return httpx.Response(302, headers=[(b"Location", location)])

    async with client_of(redirect) as client:
        for method in METHODS.values():
            with pytest.raises(Unreadable) as caught:
                await method(client)  # type: ignore[misc]
            assert caught.value.failure.code == "redirect"
    assert set(resources) == {"gis.example.com"}


@pytest.mark.parametrize(
    "location", [target for target in LOCATIONS if target.isascii()], ids=lambda target: target[:24]
)
async def test_fetch_reports_a_redirect_when_it_comes_over_a_socket(location: bytes) -> None:
    answer = http(b"", "302 Found", more=f"Location: {location.decode()}\r\n")
    async with listening(answering_bytes(answer)) as port:
        error = await error_of_fetching_stores(
            AdminApi(Transport(Address.parse(f"http://127.0.0.1:{port}/arcgis"), BY_TOKEN, timeout=5))
        )
    assert error.failure.code == "redirect"


async def test_sign_in_fails_with_a_redirect_when_it_leads_nowhere() -> None:
    error = await error_of_fetching_stores(
        client_of(lambda _: httpx.Response(302, headers={"Location": "about:blank"}), BY_PASSWORD)
    )
    assert error.failure.code == "redirect"
    assert error.failure.request.startswith("POST ")


async def test_a_redirect_is_followed_when_it_stays_on_the_site() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if "/moved/" in request.url.path:
            return httpx.Response(200, json={"backupStores": []})
        return httpx.Response(308, headers={"Location": "/arcgis/moved/stores?a=1&f=html"})

    async with client_of(answer) as client:
        assert await client.stores() == ()


class SomethingNewError(Exception):
    """An exception of an unknown library."""


UNFORESEEN = (
    SomethingNewError(f"it holds {TOKEN}"),
    KeyError(TOKEN),
    RecursionError("maximum recursion depth exceeded"),
    MemoryError(),
    RuntimeError("Event loop is closed"),
    StopIteration(),
    StopAsyncIteration(),
    AssertionError(),
    ExceptionGroup("several", [ValueError("a"), SomethingNewError("b")]),
    UnicodeDecodeError("utf-16", b"x", 0, 1, "stream does not start with BOM"),
    httpx.InvalidURL("no address"),
    httpx.StreamError("read twice"),
    httpx.CookieConflict("two"),
)


async def failure_of(client: AdminApi) -> Failure:
    """Return the failure of the stores."""
    with pytest.raises(ApiError) as caught:
        await client.stores()
    return caught.value.failure


def is_explained_without_secrets(failure: Failure) -> bool:
    return failure.code in {"internal", "memory"} and TOKEN not in str(failure) and SITE.host in failure.request


async def test_the_resource_fails_when_the_transport_raises(caplog: pytest.LogCaptureFixture) -> None:
    left = iter(UNFORESEEN)

    def fail(_: httpx.Request) -> httpx.Response:
        raise next(left)

    with caplog.at_level(logging.INFO, "drtui"):
        async with client_of(fail) as client:
            for error in UNFORESEEN:
                caplog.clear()
                assert is_explained_without_secrets(await failure_of(client)), error
                assert TOKEN not in caplog.text
                assert f"in {fail.__name__}" in caplog.text, "the log does not say where it came from"


async def test_the_resource_fails_when_the_application_raises() -> None:
    left = iter(UNFORESEEN)

    async def app(*_: object) -> None:
        raise next(left)

    async with AdminApi(Transport(SITE, BY_TOKEN, transport=httpx.ASGITransport(app))) as client:
        for error in UNFORESEEN:
            assert is_explained_without_secrets(await failure_of(client)), error


@pytest.mark.parametrize("size", [10, 200_000], ids=["decoded at once", "decoded in a thread"])
async def test_the_resource_fails_when_its_decoder_raises(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    # A thread of asyncio cannot raise StopIteration: its future never ends, and the resource times out.
    errors = [store for store in UNFORESEEN if size < 100 or not isinstance(store, StopIteration)]
    left = iter(errors)

    def decode(_: Json) -> object:
        raise next(left)

    monkeypatch.setattr(responses, "decode_stores", decode)
    body = json.dumps({"backupStores": ["x" * size]}).encode()
    async with client_of(lambda _: httpx.Response(200, content=body)) as client:
        for error in errors:
            assert is_explained_without_secrets(await failure_of(client)), error


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(3), asyncio.CancelledError()], ids=repr)
async def test_fetch_does_not_catch_exceptions_when_they_end_the_program(error: BaseException) -> None:
    def stop(_: httpx.Request) -> httpx.Response:
        raise error

    async with client_of(stop) as client:
        with pytest.raises(type(error)):
            await client.stores()


CHARSETS = (
    *("hex", "base64", "bz2", "zlib", "uu", "rot13", "quopri", "idna", "punycode", "unicode_escape", "undefined"),
    *(
        "raw_unicode_escape",
        "utf-7",
        "utf-16",
        "utf-32",
        "mbcs",
        "nonsense",
        "../x",
        "utf-8\x00",
        "\u0130",
        '"utf-8',
        "'",
    ),
)


async def test_error_page_is_reported_by_status_when_its_character_set_is_odd() -> None:
    pages = [(charset, body) for charset in CHARSETS for body in (b"<title>Bad Gateway</title>", b"\xff\xfe\x00", b"")]
    left = iter(pages)

    def page(_: httpx.Request) -> httpx.Response:
        charset, body = next(left)
        return httpx.Response(500, headers=[(b"Content-Type", f"text/html; charset={charset}".encode())], content=body)

    async with client_of(page) as client:
        for charset, body in pages:
            failure = await failure_of(client)
            assert failure.code == "500", charset
            assert not body.startswith(b"<") or failure.server_message == "Bad Gateway", charset


@pytest.mark.parametrize(
    ("kind", "body", "text"),
    [
        ("text/html; charset=ISO-8859-1", "Größe".encode("latin-1"), "Größe"),
        ('text/html; CHARSET = "windows-1251"', "Ошибка".encode("cp1251"), "Ошибка"),
        ("text/html; charset=Shift_JIS", "エラー".encode("shift_jis"), "エラー"),
        ("text/html; charset=utf-16", "<b>Fehler".encode("utf-16"), "<b>Fehler"),
        ("text/html; charset=utf-16", b"<b>Error", "<b>Error"),
        ("text/html", "Größe".encode(), "Größe"),
        ("", b"\xffa", "\N{REPLACEMENT CHARACTER}a"),
        ("text/html; charset=charset=charset=", b"a", "a"),
    ],
)
def test_a_page_is_decoded_as_text_and_as_utf_8_when_its_character_set_is_none(
    kind: str, body: bytes, text: str
) -> None:
    assert decode_text(body, kind) == text


STORES = b'{"backupStores": []}'
ODD_HEADERS = (
    "Content-Type: ;;;=\r\n",
    "Content-Type: application/json\r\nContent-Type: text/html\r\n",
    "Retry-After: -1\r\n",
    "Retry-After: nan\r\n",
    f"Retry-After: {10**30}\r\n",
    "Retry-After: Fri, 99 Foo 2026 99:99:99 GMT\r\n",
    "Set-Cookie: =;=;Expires=never;Max-Age=-9999999999999999999\r\n",
    "Set-Cookie: a=b; Max-Age\r\n",
    "Set-Cookie: session=kept; Path=/\r\n",
    "Date: yesterday\r\nAge: -1\r\n",
    "Content-Encoding: ,\r\n",
    "Link: <<<\r\nRefresh: 0;url=javascript:1\r\n",
    f"X-Padding: {'x' * 60_000}\r\n",
    f"X-Padding: {'x' * 200_000}\r\n",
    "Content-Length: 99999999999999999999999\r\n",
    "Transfer-Encoding: nonsense\r\n",
)


async def test_fetch_returns_a_value_or_an_api_error_when_headers_are_odd(
    recwarn: pytest.WarningsRecorder,
) -> None:
    answers = [
        f"HTTP/1.1 {status}\r\nContent-Length: {len(STORES)}\r\nConnection: close\r\n{lines}\r\n".encode() + STORES
        for status in ("200 OK", "503 Service Unavailable")
        for lines in ODD_HEADERS
    ]
    outcomes: list[str] = []
    left = list(answers)

    async def talk(head: bytes, writer: asyncio.StreamWriter) -> None:
        assert b"cookie" not in head.lower()
        writer.write(left[0])
        await writer.drain()
        raise ConnectionAbortedError  # an orderly close

    async with listening(talk) as port:
        with without_waits():
            async with AdminApi(
                Transport(Address.parse(f"http://127.0.0.1:{port}/arcgis"), BY_TOKEN, timeout=5)
            ) as client:
                for _ in answers:
                    try:
                        await client.stores()
                    except ApiError as error:
                        outcomes.append(error.failure.code)
                    else:
                        outcomes.append("read")
                    left.pop(0)
    assert not recwarn.list, "the standard library prints to the terminal"
    half = len(ODD_HEADERS)
    assert outcomes[:half].count("read") == 12
    assert set(outcomes[:half]) == {"read", "protocol", "shape"}
    assert set(outcomes[half:]) <= {"503", "protocol", "shape"}
