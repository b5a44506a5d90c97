"""Requests that change a site: the only POSTs besides the sign-in. Each is sent once and never repeated."""

import asyncio
import time
from collections.abc import AsyncGenerator, Mapping
from typing import Any, final

import httpx

from drtui.api import http_errors, network_errors
from drtui.api.auth import TokenAuth
from drtui.api.client import DR
from drtui.api.error_texts import make_error
from drtui.api.errors import ApiError, Refused, RequestInfo
from drtui.api.response_metadata import ResponseMetadata
from drtui.api.transport import Transport
from drtui.core.formatting.text import unescape
from drtui.core.model.address import path_segment
from drtui.core.model.auth import Secret
from drtui.core.model.backup import Backup
from drtui.core.model.reply import Reply, ReplyKind
from drtui.core.wire import replies, responses
from drtui.core.wire.lenient import WireError

POST_TIMEOUT = 120.0
"""Least seconds to wait for a reply: giving up early means looking for minutes whether the site accepted it."""

UNSENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError, httpx.UnsupportedProtocol)
"""Exceptions that httpx raises before it sends anything of a request."""

GATEWAY_STATUS = frozenset({408, 502, 503, 504})
"""Statuses and error codes by which a gateway says that it got no answer in time: the site may have got the request."""


@final
class _Once(httpx.Auth):
    """Sends a request with the present token, once."""

    def __init__(self, auth: TokenAuth) -> None:
        self._auth = auth

    def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        """Return the flow of the request."""
        return self._auth.flow_once(request)


class OperationsApi:
    """The requests of a change that `AdminApi` lacks: one record, and the POST itself."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def backup(self, store: str, name: str, metadata: ResponseMetadata | None = None) -> Backup:
        """Fetch the record of one backup (docs/api.md#backups).

        Raises:
            ApiError: it could not be fetched; Missing if there is none.
        """
        path = f"{DR}/stores/{path_segment(unescape(store))}/backups/{path_segment(unescape(name))}"
        return await self._transport.fetch(path, lambda answer: replies.decode_record(answer, store), metadata=metadata)

    async def post(self, path: str, fields: Mapping[str, str], secrets: Mapping[str, Secret]) -> Reply:
        """Send a request once and return what is known of it. Never raises an `ApiError`.

        The token has to be valid: it is not renewed, because that would send the request again.

        Args:
            path: path below the root of the API, percent-encoded.
            fields: the form, without `f` and token.
            secrets: further fields of the form; they are hidden wherever the site repeats them.
        """
        transport, auth = self._transport, self._transport.auth
        for secret in secrets.values():
            auth.secrets.add(secret)
        url, client, token = transport.address.admin_url + path, transport.client, auth.auth_state.token
        described, sending, started = transport.request_info(url, "POST"), _Sending(), time.monotonic()
        if token is None:
            return Reply(ReplyKind.NOT_SENT, failure=make_error("499", described).failure)
        hidden = {name: secret.reveal() for name, secret in secrets.items()}
        form = {**fields, **hidden, "f": "json", "token": token.reveal()}
        try:
            request = client.build_request("POST", url, data=form, extensions={"trace": sending.note})
            async with asyncio.timeout(max(POST_TIMEOUT, transport.timeout)):
                response = await client.send(request, auth=_Once(auth), follow_redirects=False)
        except asyncio.CancelledError:
            transport.report(described, started, "cancelled")
            raise
        except ApiError as api_error:
            # A token that no header can hold is refused here; any other error is about a reply that was too large.
            error, is_unsent = api_error, isinstance(api_error, Refused) and not sending.has_begun
        except TimeoutError:
            error, is_unsent = make_error("timeout", described), sending.has_not_begun
        except (httpx.HTTPError, OSError, UnicodeError) as exception:
            error = network_errors.error_from_exception(exception, described)
            is_unsent = sending.has_not_begun or (isinstance(exception, UNSENT) and not sending.has_begun)
        except Exception as exception:  # noqa: BLE001 - no library documents all that it raises
            error, is_unsent = transport.unexpected_failure(exception, url), sending.has_not_begun
        else:
            return read_reply(response, described)
        failure = error.failure
        transport.report(described, started, failure.code)
        return Reply(ReplyKind.NOT_SENT if is_unsent else ReplyKind.LOST, failure.summary, failure=failure)


class _Sending:
    """Notes from the events of the HTTP library whether a request has begun to leave this machine."""

    def __init__(self) -> None:
        self.has_begun = False
        """True if the head of the request was sent, or tried to be."""
        self._has_events = False

    @property
    def has_not_begun(self) -> bool:
        """True if it is certain that nothing was sent; False also for transports without events."""
        return self._has_events and not self.has_begun

    async def note(self, event: str, details: Mapping[str, Any]) -> None:
        """Note an event, such as `http11.send_request_headers.started`; those of opening a tunnel do not count."""
        self._has_events = True
        method = getattr(details.get("request"), "method", b"")
        if event.endswith("send_request_headers.started") and method != b"CONNECT":
            self.has_begun = True


def read_reply(response: httpx.Response, request: RequestInfo) -> Reply:
    """Return what a response says about the request: accepted, an error of the site, or unclear."""
    try:
        answer = responses.parse_document(response.content, secrets=request.secrets)
    except WireError:
        error = http_errors.error_from_page(response, request)
        is_certain = 400 <= response.status_code < 500 and response.status_code not in GATEWAY_STATUS
        return _failed(error, ReplyKind.ERROR if is_certain else ReplyKind.UNCLEAR)
    reply = replies.decode_reply(answer)
    if reply.kind is ReplyKind.ACCEPTED and response.is_success:
        return reply
    error = http_errors.error_in(response, request) or _plain_error(request, reply)
    refusal = responses.decode_error(answer)
    code = refusal.code if refusal is not None and refusal.code is not None else response.status_code
    is_unclear = code in GATEWAY_STATUS or (reply.kind is ReplyKind.ACCEPTED and response.status_code >= 500)
    return _failed(error, ReplyKind.UNCLEAR if is_unclear else ReplyKind.ERROR)


def _failed(error: ApiError, kind: ReplyKind) -> Reply:
    failure = error.failure
    return Reply(kind, failure.server_message or failure.summary, failure=failure)


def _plain_error(request: RequestInfo, reply: Reply) -> ApiError:
    """Return the error for a reply that says "error" and nothing else."""
    return make_error("error", request, reply.text)
