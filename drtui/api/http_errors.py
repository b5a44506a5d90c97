"""Decode a response: its value, or its error, checked in the order of docs/api.md#errors."""

import re
from collections.abc import Callable
from typing import TypeVar

import httpx

from drtui.api import redirects
from drtui.api.charsets import decode_text
from drtui.api.errors import ApiError, Missing, Refused, ServerFailure, SignInNeeded, Unreadable
from drtui.api.network_errors import RETRY_LATER
from drtui.api.request_log import RequestInfo
from drtui.api.response_metadata import ResponseMetadata
from drtui.core.model import site_clock
from drtui.core.wire import pagination, responses
from drtui.core.wire.lenient import Json, WireError

T = TypeVar("T")

CHECK_CONTEXT = "Check the context path, the part of the address after the host: often arcgis or enterprise."
MAX_ERROR_BYTES = 10_000
"""Bytes up to which a successful response is searched for an error.

Errors are short; a list need not be parsed twice.
"""
MAX_FAILURE_BYTES = 1 << 20
"""Bytes up to which a response with an error status is parsed. Anything longer was not written by the site."""
PAGE_BYTES = 64 << 10
"""Bytes of a page that are searched for its title or the beginning of its text."""
PAGE_TAIL = 16 << 10
"""Characters removed from the end of a cut page: half a secret there could not be masked."""

PARTIAL_CONTENT_REASON = "the site sent only a part of the answer (206)"

NO_SUCH = re.compile(
    r"does not exist|could not find|cannot find|(?<!\] )\bnot found|no such|invalid url|unknown (resource|operation)",
    re.IGNORECASE,
)
"""Messages that mean "missing" under another code (docs/api.md#errors); a Java error about a JSON key is excluded."""

PRIVILEGES = {
    "/admin/system/tasks": "Only the default administrator role can read schedules.",
    "/admin/system/disasterrecovery": "Backups require the privilege Security and infrastructure.",
    "/admin/data": "Data stores require the administrator role, or a privilege to update or publish.",
}
"""Privilege that an account needs, by the part of the API that refuses it (docs/api.md#root)."""


def decode_response(
    response: httpx.Response,
    decode: Callable[[Json], T],
    request: RequestInfo,
    metadata: ResponseMetadata | None = None,
) -> T:
    """Return the value of a response, and note in `metadata` whether it is partial or cached.

    Raises:
        ApiError: the response is an error or cannot be decoded.
    """
    answer, error = _parse(response, request)
    if error is not None:
        raise error
    try:
        value = decode(answer)
    except WireError as invalid:
        error = unexpected_shape_error(request, str(invalid))
    else:
        if metadata is not None:
            _note_metadata(
                metadata, response, pagination.why_incomplete(answer, len(value)) if isinstance(value, tuple) else ""
            )
        return value
    raise error


def _note_metadata(metadata: ResponseMetadata, response: httpx.Response, remainder: str) -> None:
    """Note whether a response is partial or cached; `remainder` is the reason why a list is incomplete, or ""."""
    if response.status_code == httpx.codes.PARTIAL_CONTENT:
        metadata.partial = PARTIAL_CONTENT_REASON
    elif "next" in response.links:
        metadata.partial = pagination.MORE
    else:
        metadata.partial = remainder
    metadata.cache_age = site_clock.cache_age(response.status_code, response.headers)


def error_in(response: httpx.Response, request: RequestInfo) -> ApiError | None:
    """Return the error in a response whose body was read, else None. A body longer than any error is not searched."""
    if response.is_success and len(response.content) > MAX_ERROR_BYTES:
        return None
    return _parse(response, request)[1]


def _parse(response: httpx.Response, request: RequestInfo) -> tuple[Json, ApiError | None]:
    """Return the JSON object in a response, and the error that it stands for."""
    if not response.is_success and len(response.content) > MAX_FAILURE_BYTES:
        return {}, error_from_page(response, request)
    try:
        answer = responses.parse_document(response.content, secrets=request.secrets)
    except WireError as invalid:
        is_json = response.headers.get("content-type", "").startswith("application/json")
        if is_json and response.is_success and response.content:
            return {}, unexpected_shape_error(request, str(invalid))
        return {}, error_from_page(response, request)
    refusal = responses.decode_error(answer)
    if refusal is not None:
        return answer, error_from_body(refusal, request, None if response.is_success else response.status_code)
    return answer, None if response.is_success else error_from_page(response, request)


def error_from_page(response: httpx.Response, request: RequestInfo) -> ApiError:
    """Return the error for a response without JSON, or with only a status: from a login page, an ingress or a proxy."""
    status, quote = response.status_code, _page_text(response, request)
    location = redirects.redirect_location(response)
    if location is not None:
        return redirect_error(request, location or "an empty address")
    if status in {498, 499}:
        return _token_error(status, quote, request)
    if status == 404:
        return _missing_error("404", "nothing found at this address", quote, request)
    if status in {401, 403, 407}:
        return Refused(
            str(status),
            "a gateway or proxy in front of the site rejected the request",
            server_message=quote,
            request=request.line,
            cause="Web-tier authentication, a firewall or a proxy requires a sign-in of its own.",
            advice="Ask the network administrators for an address that lets the site's token through.",
        )
    if status == 429 or status >= 500:
        return _busy_error(status, quote, request)
    return Unreadable(
        "html",
        f"the site answered {status} with a page instead of JSON" if quote else f"the site's answer {status} is empty",
        server_message=quote,
        request=request.line,
        cause="A login page, a gateway, or another server at this address.",
        advice=CHECK_CONTEXT,
    )


def _page_text(response: httpx.Response, request: RequestInfo) -> str:
    """Return the title of a page, or its text, with secrets masked.

    Secrets are masked in the bytes and in every form derived from them. The text is cut later, by `ApiError`.
    """
    body = request.secrets.hide_bytes(response.content[:PAGE_BYTES])
    text = request.hide(decode_text(body, response.headers.get("content-type", "")))
    if len(response.content) > PAGE_BYTES:
        text = text[:-PAGE_TAIL]
    visible = _title(text) or re.sub(r"<[^<>]*>", " ", text)
    from html import unescape

    return request.hide(" ".join(request.hide(unescape(visible)).split()))


def _title(page: str) -> str:
    """Return the title of a page; empty if it has none."""
    start = re.search(r"<title[^<>]*>", page, re.IGNORECASE)
    if start is None:
        return ""
    end = re.compile(r"</title", re.IGNORECASE).search(page, start.end())
    return page[start.end() : end.start()].strip() if end else ""


def _busy_error(status: int, quote: str, request: RequestInfo) -> ApiError:
    """Return the error for a site, or a gateway in front of it, that cannot answer now."""
    cause = {
        429: "Too many requests in a short time.",
        500: "The server, or a gateway in front of it, failed; its log says more.",
    }.get(status, "The gateway works, but the site behind it is starting, updating, being restored or down.")
    message = f"the site answered {status}"
    return ServerFailure(
        str(status), message, server_message=quote, request=request.line, cause=cause, advice=RETRY_LATER
    )


def error_from_body(refusal: responses.ApiErrorBody, request: RequestInfo, status: int | None = None) -> ApiError:
    """Return the error in the body of a response; `status` is the HTTP status if that is an error as well."""
    code, quote = refusal.code or status, request.hide(refusal.message)
    if code in {498, 499}:
        return _token_error(code, quote, request)
    if code in {401, 403}:
        needed = next((needed for part, needed in PRIVILEGES.items() if part in request.url), "It lacks a privilege.")
        return Refused(
            str(code),
            "this account has no permission to read this",
            server_message=quote,
            request=request.line,
            cause=needed,
            advice="Sign in with another account, or have the privilege added.",
        )
    if code == 404 or (code in {400, 500, None} and NO_SUCH.search(refusal.message)):
        return _missing_error(str(code or 404), "the site reports that this does not exist", quote, request)
    if code is not None and 400 <= code < 500 and code != 429:
        return Unreadable(
            str(code),
            "the site rejected the request as invalid",
            server_message=quote,
            request=request.line,
            cause="This release differs from the documentation.",
            advice="Open the address in a browser to compare, and please report it.",
        )
    return ServerFailure(
        str(code or "error"),
        "the site reported an error",
        server_message=quote,
        request=request.line,
        cause="An internal error of the site; its log says more.",
        advice=RETRY_LATER,
    )


def _token_error(code: int, quote: str, request: RequestInfo) -> ApiError:
    return SignInNeeded(
        str(code),
        "the token is not valid" if code == 498 else "the site requires a token",
        server_message=quote,
        request=request.line,
        cause="It has expired, or it is bound to another referer (--referer)."
        if code == 498
        else "No token was given, or something in between removed it.",
        advice="Sign in again, or use a new token.",
    )


def _missing_error(code: str, message: str, quote: str, request: RequestInfo) -> ApiError:
    """Return the error for a missing resource. At the root of the API, the context path must be wrong."""
    cause = (
        "The context path is wrong, or no ArcGIS Enterprise on Kubernetes runs there."
        if request.url.endswith(("/admin", "/generateToken"))
        else "It was deleted, this release does not have it, or the context path is wrong."
    )
    return Missing(code, message, server_message=quote, request=request.line, cause=cause, advice=CHECK_CONTEXT)


def sign_in_error(refusal: responses.ApiErrorBody, request: RequestInfo) -> ApiError:
    """Return the error for a refused sign-in (docs/api.md#errors; docs/api.md#sign-in)."""
    if refusal.code not in {None, 400, 401, 403}:
        return error_from_body(refusal, request)
    quote = request.hide(refusal.message)
    if re.search(r"too many|locked|attempts", quote, re.IGNORECASE):
        cause, advice = "Too many attempts have locked the account.", "Wait 15 minutes, or use a token."
    else:
        cause = "A typing error, or an account of SAML, OpenID or Windows, which cannot sign in this way."
        advice = "Check both, use a built-in account, or paste a token."
    message = "the site rejected user name and password"
    return Refused("sign-in", message, server_message=quote, request=request.line, cause=cause, advice=advice)


def unexpected_shape_error(request: RequestInfo, reason: str) -> ApiError:
    """Return the error for JSON that does not have the documented form."""
    return Unreadable(
        "shape",
        "the answer does not have the documented form",
        server_message=request.hide(reason),
        request=request.line,
        cause="Another kind of server, a proxy, or a release that drtui does not know.",
        advice="Open the address in a browser to see what answers there.",
    )


def redirect_error(request: RequestInfo, location: str) -> ApiError:
    """Return the error for a redirect out of the site, or in a loop; `location` is shown without its query."""
    return Unreadable(
        "redirect",
        "the site redirects elsewhere; drtui does not send its token there",
        server_message=request.hide(re.sub(r"//[^/@]*@", "//", re.split(r"[?#]", request.hide(location))[0])),
        request=request.line,
        cause="A login page, or the address of a load balancer.",
        advice="If you trust that address, use it instead.",
    )


def too_large_error(request: RequestInfo, limit: int) -> ApiError:
    """Return the error for a response that exceeds `limit` bytes, alone or together with concurrent ones."""
    return Unreadable(
        "too-large",
        f"the answer is larger than {limit >> 20} MiB; drtui stopped reading",
        request=request.line,
        cause="Another server answers there, or the site is out of order.",
        advice="Open the address in a browser to see what answers there.",
    )
