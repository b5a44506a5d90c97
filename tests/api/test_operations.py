"""Requests that change a site: sent once, and told apart by what is known of them."""

import asyncio
import itertools
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs

import httpx
import pytest

import drtui.api
from drtui.api.auth import Credentials
from drtui.api.client import AdminApi
from drtui.api.errors import ApiError
from drtui.api.operations import OperationsApi
from drtui.api.transport import Transport
from drtui.core.model.address import Address
from drtui.core.model.auth import Secret
from drtui.core.model.failure import FailureKind
from drtui.core.model.reply import Reply, ReplyKind
from drtui.core.model.requests import Request
from tests.api.asking import BY_PASSWORD, BY_TOKEN, SITE, TOKEN, client_of
from tests.api.servers import Behaviour, answering_bytes, closed_port, hang_up, http, listening

PATH = "/system/disasterrecovery/stores/vault/backups/create"
PASSCODE = "pLaNtEd passcode&19"
FIELDS = {"name": "pre-upgrade", "retentionDate": "-1"}
SECRETS = {"passcode": Secret(PASSCODE)}
JOB = {"jobsUrl": "https://public.example.com/arcgis/admin/jobs/j1", "jobid": "j1", "status": "SUBMITTED"}


async def post(client: AdminApi) -> Reply:
    """Sign in if needed, as a preflight does, and send a request."""
    async with client:
        if client.auth_state.token is None:
            with pytest.raises(ApiError):
                await client.site()
        return await OperationsApi(client.transport).post(PATH, FIELDS, SECRETS)


def returning(response: httpx.Response) -> Callable[[httpx.Request], httpx.Response]:
    """Return a site that gives one answer."""
    return lambda _: response


async def post_to(handler: Callable[[httpx.Request], httpx.Response]) -> Reply:
    return await post(client_of(handler))


def at(port: int) -> AdminApi:
    return AdminApi(Transport(Address.parse(f"http://127.0.0.1:{port}/arcgis"), BY_TOKEN, timeout=10))


async def test_request_has_token_in_header_and_body_and_nothing_in_the_address() -> None:
    requests: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return httpx.Response(200, json=JOB)

    reply = await post_to(handler)
    (request,) = requests
    assert str(request.url) == f"https://gis.example.com/arcgis/admin{PATH}"
    assert request.headers["X-Esri-Authorization"] == f"Bearer {TOKEN}"
    assert request.headers["Content-Type"] == "application/x-www-form-urlencoded"
    form = {name: values[0] for name, values in parse_qs(request.content.decode()).items()}
    assert form == {**FIELDS, "passcode": PASSCODE, "f": "json", "token": TOKEN}
    assert (reply.kind, reply.job) == (ReplyKind.ACCEPTED, "j1")


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({"status": "success"}, ReplyKind.ACCEPTED),
        (JOB, ReplyKind.ACCEPTED),
        ({}, ReplyKind.ACCEPTED),
        ({"whatever": [1]}, ReplyKind.ACCEPTED),
        ({"status": "FAILED", "jobid": "j1"}, ReplyKind.ACCEPTED),
        ({"error": {"code": 500, "message": "Backup exists already.", "details": None}}, ReplyKind.ERROR),
        ({"error": {"code": 400, "message": None}}, ReplyKind.ERROR),
        ({"status": "error", "messages": ["busy"], "code": 500}, ReplyKind.ERROR),
        ({"status": "error"}, ReplyKind.ERROR),
        ({"success": False}, ReplyKind.ERROR),
        ({"error": {"code": 498, "message": "Invalid token."}}, ReplyKind.ERROR),
        ({"error": {"code": 403, "message": "No."}}, ReplyKind.ERROR),
        ({"error": {"code": 504, "message": "Gateway timeout"}}, ReplyKind.UNCLEAR),
    ],
)
async def test_reply_is_told_apart_by_its_body(body: object, kind: ReplyKind) -> None:
    reply = await post_to(lambda _: httpx.Response(200, json=body))
    assert reply.kind is kind
    assert (reply.failure is None) is (kind is ReplyKind.ACCEPTED)


@pytest.mark.parametrize(
    ("response", "kind"),
    [
        (httpx.Response(200, html="<title>Sign in</title>"), ReplyKind.UNCLEAR),
        (httpx.Response(200, content=b""), ReplyKind.UNCLEAR),
        (httpx.Response(200, json=[1]), ReplyKind.UNCLEAR),
        (httpx.Response(502, html="<title>Bad gateway</title>"), ReplyKind.UNCLEAR),
        (httpx.Response(503, html="<title>Unavailable</title>"), ReplyKind.UNCLEAR),
        (httpx.Response(504, html=""), ReplyKind.UNCLEAR),
        (httpx.Response(408, html=""), ReplyKind.UNCLEAR),
        (httpx.Response(500, html="<title>Oops</title>"), ReplyKind.UNCLEAR),
        (httpx.Response(500, json={"whatever": 1}), ReplyKind.UNCLEAR),
        (httpx.Response(500, json={"error": {"code": 500, "message": "Busy."}}), ReplyKind.ERROR),
        (httpx.Response(302, headers={"Location": "/arcgis/home"}), ReplyKind.UNCLEAR),
        (httpx.Response(307, headers={"Location": "https://evil.example.com/"}), ReplyKind.UNCLEAR),
        (httpx.Response(401, html="<title>401</title>"), ReplyKind.ERROR),
        (httpx.Response(403, html="<title>Forbidden</title>"), ReplyKind.ERROR),
        (httpx.Response(404, html="<title>404</title>"), ReplyKind.ERROR),
        (httpx.Response(413, html="<title>413</title>"), ReplyKind.ERROR),
        (httpx.Response(429, html="<title>Slow down</title>"), ReplyKind.ERROR),
        (httpx.Response(498, html=""), ReplyKind.ERROR),
    ],
)
async def test_reply_is_sent_once_and_never_redirected_whatever_the_answer(
    response: httpx.Response, kind: ReplyKind
) -> None:
    requests: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return response

    reply = await post_to(handler)
    assert (reply.kind, len(requests)) == (kind, 1)
    assert reply.text
    assert reply.failure is not None


@pytest.mark.parametrize("code", [498, 499])
async def test_refused_token_is_not_renewed_when_a_request_was_sent(code: int) -> None:
    requests: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        requests.append(f"{request.method} {request.url.path.rpartition('/')[2]}")
        if request.url.path.endswith("generateToken"):
            return httpx.Response(200, json={"token": "granted-token-1", "expires": 4_000_000_000_000})
        if request.method == "GET":
            return httpx.Response(200, json={"resources": []})
        return httpx.Response(200, json={"error": {"code": code, "message": "Invalid token."}})

    async with client_of(handler, BY_PASSWORD) as client:
        await client.site()
        with client.refreshing(10):  # in which another sign-in is allowed
            reply = await OperationsApi(client.transport).post(PATH, FIELDS, SECRETS)
    assert requests == ["POST generateToken", "GET admin", "POST create"]
    assert reply.failure is not None
    assert reply.failure.kind is FailureKind.REFUSED


@pytest.mark.parametrize("answer", [b"HTTP/1.1 502 Bad Gateway\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\nnot TLS"])
async def test_nothing_is_sent_when_the_proxy_opens_no_tunnel(answer: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    async def refuse(head: bytes, writer: asyncio.StreamWriter) -> None:
        await answering_bytes(answer)(head, writer)
        await writer.drain()
        writer.close()

    with counting(refuse) as (heads, server):
        async with listening(server) as port:
            monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")
            reply = await post(AdminApi(Transport(SITE, BY_TOKEN, timeout=10)))
    assert [head.split()[0] for head in heads] == [b"CONNECT"]
    assert reply.kind is ReplyKind.NOT_SENT


@pytest.mark.parametrize(
    ("exception", "kind"),
    [
        (httpx.ConnectError("refused"), ReplyKind.NOT_SENT),
        (httpx.ConnectTimeout("slow"), ReplyKind.NOT_SENT),
        (httpx.PoolTimeout("full"), ReplyKind.NOT_SENT),
        (httpx.ProxyError("403"), ReplyKind.NOT_SENT),
        (httpx.ReadError("reset"), ReplyKind.LOST),
        (httpx.ReadTimeout("slow"), ReplyKind.LOST),
        (httpx.WriteError("broken pipe"), ReplyKind.LOST),
        (httpx.RemoteProtocolError("Server disconnected without sending a response."), ReplyKind.LOST),
        (httpx.DecodingError("damaged"), ReplyKind.LOST),
        (OSError("odd"), ReplyKind.LOST),
        (RuntimeError("odd"), ReplyKind.LOST),
        (TimeoutError(), ReplyKind.LOST),
    ],
)
async def test_reply_is_lost_unless_nothing_can_have_been_sent(exception: Exception, kind: ReplyKind) -> None:
    requests: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        raise exception

    reply = await post_to(handler)
    assert (reply.kind, len(requests)) == (kind, 1)
    assert reply.failure is not None


async def test_nothing_is_sent_when_there_is_no_token() -> None:
    requests: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return httpx.Response(200, json={"resources": []})

    reply = await post_to_without_token(handler)
    assert reply.kind is ReplyKind.NOT_SENT
    assert requests == []


async def post_to_without_token(handler: Callable[[httpx.Request], httpx.Response]) -> Reply:
    async with client_of(handler, Credentials()) as client:
        return await OperationsApi(client.transport).post(PATH, FIELDS, SECRETS)


async def test_nothing_is_sent_when_no_header_can_hold_the_token() -> None:
    async with client_of(lambda _: httpx.Response(200), Credentials(token=Secret("a\nb"))) as client:
        reply = await OperationsApi(client.transport).post(PATH, FIELDS, SECRETS)
    assert reply.kind is ReplyKind.NOT_SENT


async def test_nothing_is_sent_when_the_port_is_closed() -> None:
    with closed_port() as port:
        assert (await post(at(port))).kind is ReplyKind.NOT_SENT


@contextmanager
def counting(behaviour: Behaviour) -> Iterator[tuple[list[bytes], Behaviour]]:
    """Yield the heads of the requests that a server gets, and the server."""
    heads: list[bytes] = []

    async def counted(head: bytes, writer: asyncio.StreamWriter) -> None:
        heads.append(head)
        await behaviour(head, writer)

    yield heads, counted


@pytest.mark.parametrize(
    ("behaviour", "kind"),
    [
        (hang_up, ReplyKind.LOST),
        (answering_bytes(http(json.dumps(JOB).encode())[:-9]), ReplyKind.LOST),
        (answering_bytes(b"HTTP/1.1 2"), ReplyKind.LOST),
        (answering_bytes(b"not http at all\r\n\r\n"), ReplyKind.LOST),
        (answering_bytes(http(json.dumps(JOB).encode())), ReplyKind.ACCEPTED),
    ],
)
async def test_request_arrives_once_over_a_real_socket(behaviour: Behaviour, kind: ReplyKind) -> None:
    async def then_close(head: bytes, writer: asyncio.StreamWriter) -> None:
        await behaviour(head, writer)
        await writer.drain()
        writer.close()

    with counting(then_close) as (heads, server):
        async with listening(server) as port:
            reply = await post(at(port))
    assert reply.kind is kind
    assert [head.split()[0] for head in heads] == [b"POST"]


async def test_cancelling_ends_a_request_without_a_second_one() -> None:
    arrived = asyncio.Event()

    async def silent(_: bytes, __: asyncio.StreamWriter) -> None:
        arrived.set()
        await asyncio.Event().wait()

    with counting(silent) as (heads, server):
        async with listening(server) as port:
            task = asyncio.create_task(post(at(port)))
            await arrived.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
    assert len(heads) == 1


@pytest.mark.parametrize("spelled", [PASSCODE, PASSCODE.replace(" ", "+").replace("&", "%26")])
async def test_passcode_is_hidden_when_the_site_repeats_it(spelled: str) -> None:
    message = f"Passcode {spelled} is wrong for token {TOKEN}"
    for response in (
        httpx.Response(200, json={"error": {"code": 500, "message": message}}),
        httpx.Response(502, html=f"<title>{message}</title>"),
        httpx.Response(200, json={"status": "success", "note": message}),
    ):
        reply = await post(client_of(returning(response)))
        shown = f"{reply!r}{reply.failure.line if reply.failure else ''}"
        assert spelled not in shown
        assert TOKEN not in shown


async def test_request_is_logged_without_its_form_whether_it_is_answered_or_not() -> None:
    logged: list[Request] = []
    answers: list[httpx.Response | Exception] = [httpx.Response(200, json=JOB), httpx.ReadError("reset")]

    def handler(_: httpx.Request) -> httpx.Response:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    transport = Transport(SITE, BY_TOKEN, transport=httpx.MockTransport(handler), on_request=logged.append)
    async with AdminApi(transport):
        for _ in range(2):
            await OperationsApi(transport).post(PATH, FIELDS, SECRETS)
    assert [(request.method, request.status, request.error) for request in logged] == [
        ("POST", 200, ""), ("POST", None, "dropped"),
    ]  # fmt: skip
    assert {request.url for request in logged} == {f"{SITE.admin_url}{PATH}"}


SENDING = re.compile(r"""["']POST["']|\.(?:post|put|patch|delete|request)\(|httpx\.Request\(|build_request\(""")


def test_only_sign_in_and_operations_build_requests_other_than_get() -> None:
    folder = Path(drtui.api.__path__[0])
    sources = {path.name: path.read_text() for path in folder.glob("*.py")}
    sending = {name for name, text in sources.items() if SENDING.search(text.replace('build_request("GET"', ""))}
    assert sending == {"auth.py", "oauth.py", "operations.py"}


def test_sign_in_knows_only_three_addresses_to_send_to() -> None:
    folder = Path(drtui.api.__path__[0])
    written = [re.findall(r'"/(sharing/[\w/]*)"', path.read_text()) for path in folder.glob("*.py")]
    assert sorted(itertools.chain(*written)) == [
        "sharing/rest/community/self",
        "sharing/rest/generateToken",
        "sharing/rest/oauth2/revokeToken",
        "sharing/rest/oauth2/token",
    ]
