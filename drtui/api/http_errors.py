"""Decode a response: its value, or its error, checked in the order of docs/api.md#errors."""

import re
from collections.abc import Callable
from typing import TypeVar

import httpx

from drtui.api import redirects
from drtui.api.charsets import decode_text
from drtui.api.error_texts import make_error
from drtui.api.errors import ApiError, RequestInfo
from drtui.api.response_metadata import ResponseMetadata
from drtui.core.model import site_clock
from drtui.core.wire import pagination, responses
from drtui.core.wire.lenient import Json, WireError

T = TypeVar("T")

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

CERTIFICATE_PAGE = re.compile(r"ssl certificate|client certificate", re.IGNORECASE)
"""Words on the page of a gateway that requires or refuses a client certificate."""

CERTIFICATE_STATUS = frozenset({400, 401, 403, 495, 496})
"""Statuses of such a page."""

PRIVILEGES = {
    "/admin/system/tasks": "Only the default administrator role can read schedules.",
    "/admin/system/disasterrecovery": "Backups require the privilege Security and infrastructure.",
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
        error = make_error("shape", request, str(invalid))
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
            return {}, make_error("shape", request, str(invalid))
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
        return make_error(str(status), request, quote)
    if status in CERTIFICATE_STATUS and CERTIFICATE_PAGE.search(quote):
        return _certificate_error(quote, request)
    if status == 404:
        return _missing_error(status, "nothing found at this address", quote, request)
    if status in {401, 403, 407}:
        return make_error("gateway", request, quote, code=status)
    if status in {429, 500}:
        return make_error(str(status), request, quote)
    if status > 500:
        return make_error("502", request, quote, code=status, status=status)
    return make_error("html" if quote else "html: empty", request, quote, status=status)


def _certificate_error(quote: str, request: RequestInfo) -> ApiError:
    """Return the error for a page that is about the client certificate."""
    if not request.certificate:
        return make_error("client-cert: required", request, quote)
    reason = "A gateway in front of the site does not accept it."
    return make_error("client-cert: refused", request, quote, path=request.certificate, reason=reason)


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


def error_from_body(refusal: responses.ApiErrorBody, request: RequestInfo, status: int | None = None) -> ApiError:
    """Return the error in the body of a response; `status` is the HTTP status if that is an error as well."""
    code, quote = refusal.code or status, refusal.message
    if code in {498, 499}:
        return make_error(str(code), request, quote)
    if code in {401, 403}:
        privilege = next((text for part, text in PRIVILEGES.items() if part in request.url), "It lacks a privilege.")
        return make_error("privilege", request, quote, code=code, privilege=privilege)
    if code == 404 or (code in {400, 500, None} and NO_SUCH.search(quote)):
        return _missing_error(code or 404, "the site reports that this does not exist", quote, request)
    if code is not None and 400 <= code < 500 and code != 429:
        return make_error("invalid", request, quote, code=code)
    return make_error("error", request, quote, code=code or "error")


def _missing_error(code: int, summary: str, quote: str, request: RequestInfo) -> ApiError:
    """Return the error for a missing resource. At the root of the API, the context path must be wrong."""
    is_root = request.url.endswith(("/admin", "/generateToken", "/oauth2/token"))
    return make_error("404: root" if is_root else "404", request, quote, code=code, summary=summary)


def sign_in_error(refusal: responses.ApiErrorBody, request: RequestInfo) -> ApiError:
    """Return the error for a refused sign-in (docs/api.md#errors; docs/api.md#sign-in)."""
    if refusal.code not in {None, 400, 401, 403}:
        return error_from_body(refusal, request)
    is_locked = re.search(r"too many|locked|attempts", request.hide(refusal.message), re.IGNORECASE)
    return make_error("sign-in: locked" if is_locked else "sign-in", request, refusal.message)


def redirect_error(request: RequestInfo, location: str) -> ApiError:
    """Return the error for a redirect out of the site, or in a loop; `location` is shown without its query."""
    without_query = re.split(r"[?#]", request.hide(location))[0]
    return make_error("redirect", request, re.sub(r"//[^/@]*@", "//", without_query))
