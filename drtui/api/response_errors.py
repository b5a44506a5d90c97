"""What a site answered: the value in it, or the error, checked in the order of docs/api.md#errors."""

import re
from collections.abc import Callable
from typing import TypeVar

import httpx

from drtui.api import redirects
from drtui.api.charsets import decode_text
from drtui.api.errors import ApiError, Missing, Refused, ServerFailure, SignInNeeded, Unreadable
from drtui.api.network_errors import BUSY
from drtui.api.request_log import RequestInfo
from drtui.api.response_metadata import ResponseMetadata
from drtui.core.model import site_clock
from drtui.core.wire import pagination, responses
from drtui.core.wire.lenient import Json, WireError

T = TypeVar("T")

CHECK_CONTEXT = "Check the context path: it is the part after the host, often arcgis or enterprise."
LONGEST_ERROR = 10_000
"""Bytes; errors are short, and a list need not be read twice."""
LONGEST_FAILURE = 1 << 20
"""Bytes of an answer whose status is an error; what is longer is no error of the site, and is not searched for one."""
BEGINNING = 64 << 10
"""Bytes of a page that are read for its title, or for the beginning of its text."""
TAIL = 16 << 10
"""Characters at the end of a longer page's beginning that are left out: a secret may have been cut there."""

PART = "the site sent a part of its answer only (206)"

NO_SUCH = re.compile(
    r"does not exist|could not find|cannot find|(?<!\] )\bnot found|no such|invalid url|unknown (resource|operation)",
    re.IGNORECASE,
)
"""Texts for "missing" under another code (docs/api.md#errors); a Java error on a JSON key is something else."""

PRIVILEGES = {
    "/admin/system/tasks": "Schedules can be read by the default administrator role only.",
    "/admin/system/disasterrecovery": "Backups want the privilege Security and infrastructure.",
    "/admin/data": "Data stores want the administrator role, or a privilege to update or publish.",
}
"""What an account needs, by the part of the API that refuses it (docs/api.md#root)."""


def decode_response(
    response: httpx.Response, decode: Callable[[Json], T], asked: RequestInfo, marks: ResponseMetadata | None = None
) -> T:
    """Return the value in an answer, and note in `marks` what the answer says of itself.

    Raises:
        ApiError: there is none in it.
    """
    answer, error = _read(response, asked)
    if error is not None:
        raise error
    try:
        found = decode(answer)
    except WireError as wrong:
        error = unexpected_shape_error(asked, str(wrong))
    else:
        if marks is not None:
            _mark(marks, response, pagination.why_incomplete(answer, len(found)) if isinstance(found, tuple) else "")
        return found
    raise error


def _mark(marks: ResponseMetadata, response: httpx.Response, remainder: str) -> None:
    """Note what an answer says of itself; `remainder` is why a list is not whole by what stands beside it."""
    if response.status_code == httpx.codes.PARTIAL_CONTENT:
        marks.partial = PART
    elif "next" in response.links:
        marks.partial = pagination.MORE
    else:
        marks.partial = remainder
    marks.aged = site_clock.cache_age(response.status_code, response.headers)


def error_in(response: httpx.Response, asked: RequestInfo) -> ApiError | None:
    """The error in an answer whose body was read, if it is one; what is larger than any error is taken for none."""
    if response.is_success and len(response.content) > LONGEST_ERROR:
        return None
    return _read(response, asked)[1]


def _read(response: httpx.Response, asked: RequestInfo) -> tuple[Json, ApiError | None]:
    """The JSON object in an answer, and the error that it is."""
    if not response.is_success and len(response.content) > LONGEST_FAILURE:
        return {}, error_from_page(response, asked)
    try:
        answer = responses.parse_document(response.content, secrets=asked.secrets)
    except WireError as wrong:
        is_json = response.headers.get("content-type", "").startswith("application/json")
        if is_json and response.is_success and response.content:
            return {}, unexpected_shape_error(asked, str(wrong))
        return {}, error_from_page(response, asked)
    refusal = responses.decode_error(answer)
    if refusal is not None:
        return answer, error_from_body(refusal, asked, None if response.is_success else response.status_code)
    return answer, None if response.is_success else error_from_page(response, asked)


def error_from_page(response: httpx.Response, asked: RequestInfo) -> ApiError:
    """The error for an answer that is not JSON, or that has a status only: from a login, an ingress or a proxy."""
    status, said = response.status_code, _headline(response, asked)
    where = redirects.redirect_location(response)
    if where is not None:
        return redirect_error(asked, where or "an empty address")
    if status in {498, 499}:
        return _sign_in_needed(status, said, asked)
    if status == 404:
        return _missing("404", "there is nothing at this address", said, asked)
    if status in {401, 403, 407}:
        return Refused(
            str(status),
            "something before the site turned the request away",
            said=said,
            request=asked.request,
            cause="Web-tier authentication, a firewall or a proxy wants another sign-in than the site's.",
            advice="Ask for a way in that passes the site's token on.",
        )
    if status == 429 or status >= 500:
        return _busy(status, said, asked)
    return Unreadable(
        "html",
        f"the site answered {status} with a page instead of JSON" if said else f"the site's answer {status} is empty",
        said=said,
        request=asked.request,
        cause="A login page, a gateway, or the address of something else.",
        advice=CHECK_CONTEXT,
    )


def _headline(response: httpx.Response, asked: RequestInfo) -> str:
    """Return the title of a page, or its text, without secrets.

    They are hidden in the bytes and in every form that is made of them. Nothing is cut before: `ApiError` does that.
    """
    body = asked.secrets.hide_bytes(response.content[:BEGINNING])
    text = asked.hide(decode_text(body, response.headers.get("content-type", "")))
    if len(response.content) > BEGINNING:
        text = text[:-TAIL]
    shown = _title(text) or re.sub(r"<[^<>]*>", " ", text)
    from html import unescape  # noqa: PLC0415 - all that HTML has names for comes with it

    return asked.hide(" ".join(asked.hide(unescape(shown)).split()))


def _title(page: str) -> str:
    """Return what stands in the title of a page; empty if it has none."""
    start = re.search(r"<title[^<>]*>", page, re.IGNORECASE)
    if start is None:
        return ""
    end = re.compile(r"</title", re.IGNORECASE).search(page, start.end())
    return page[start.end() : end.start()].strip() if end else ""


def _busy(status: int, said: str, asked: RequestInfo) -> ApiError:
    """An answer from a site, or a gateway before it, that cannot answer now."""
    cause = {
        429: "It was asked too often in a short time.",
        500: "The server itself, or a gateway before it, is out of order; its log says more.",
    }.get(status, "The gateway is up, and the site behind it is not: it starts, updates, or is being restored.")
    what = f"the site answered {status}"
    return ServerFailure(str(status), what, said=said, request=asked.request, cause=cause, advice=BUSY)


def error_from_body(refusal: responses.ApiErrorBody, asked: RequestInfo, status: int | None = None) -> ApiError:
    """The error that the server put into its answer; `status` is that of HTTP, if it says an error as well."""
    code, said = refusal.code or status, asked.hide(refusal.said)
    if code in {498, 499}:
        return _sign_in_needed(code, said, asked)
    if code in {401, 403}:
        need = next((need for part, need in PRIVILEGES.items() if part in asked.url), "It lacks a privilege.")
        return Refused(
            str(code),
            "this account may not read that",
            said=said,
            request=asked.request,
            cause=need,
            advice="Sign in with another account, or have the privilege added.",
        )
    if code == 404 or (code in {400, 500, None} and NO_SUCH.search(refusal.said)):
        return _missing(str(code or 404), "the site says that there is no such thing", said, asked)
    if code is not None and 400 <= code < 500 and code != 429:
        return Unreadable(
            str(code),
            "the site did not understand the request",
            said=said,
            request=asked.request,
            cause="A release that differs from what is documented.",
            advice="Compare with the address in a browser; please report it.",
        )
    return ServerFailure(
        str(code or "error"),
        "the site reported an error",
        said=said,
        request=asked.request,
        cause="Something went wrong within the site; its log says more.",
        advice=BUSY,
    )


def _sign_in_needed(code: int, said: str, asked: RequestInfo) -> ApiError:
    return SignInNeeded(
        str(code),
        "the token is not valid" if code == 498 else "the site wants a token",
        said=said,
        request=asked.request,
        cause="It has run out, or it is bound to another referer (--referer)."
        if code == 498
        else "None was given, or something on the way took it out.",
        advice="Sign in again, or give a new token.",
    )


def _missing(code: str, what: str, said: str, asked: RequestInfo) -> ApiError:
    """Nothing there: at the root of the API, that can only be a wrong context."""
    cause = (
        "The context path is wrong, or no ArcGIS Enterprise on Kubernetes is there."
        if asked.url.endswith(("/admin", "/generateToken"))
        else "It is gone, this release does not have it, or the context path is wrong."
    )
    return Missing(code, what, said=said, request=asked.request, cause=cause, advice=CHECK_CONTEXT)


def sign_in_error(refusal: responses.ApiErrorBody, asked: RequestInfo) -> ApiError:
    """The error for a sign-in that was refused (docs/api.md#errors; docs/api.md#sign-in)."""
    if refusal.code not in {None, 400, 401, 403}:
        return error_from_body(refusal, asked)
    said = asked.hide(refusal.said)
    if re.search(r"too many|locked|attempts", said, re.IGNORECASE):
        cause, advice = "Too many attempts have locked the account.", "Wait a quarter of an hour, or give a token."
    else:
        cause = "A typing error; or an account of SAML, OpenID or Windows, which cannot sign in this way."
        advice = "Check both, use a built-in account, or paste a token instead."
    what = "the site did not accept user name and password"
    return Refused("sign-in", what, said=said, request=asked.request, cause=cause, advice=advice)


def unexpected_shape_error(asked: RequestInfo, why: str) -> ApiError:
    """The error for JSON of another shape than the documented one."""
    return Unreadable(
        "shape",
        "the answer is not what is documented",
        said=asked.hide(why),
        request=asked.request,
        cause="Another kind of server, a proxy, or a release that nobody has seen yet.",
        advice="Open the address in a browser to see what answers there.",
    )


def redirect_error(asked: RequestInfo, where: str) -> ApiError:
    """The error for a redirect that would take the token elsewhere, or nowhere; `where` is told without its query."""
    return Unreadable(
        "redirect",
        "the site sent us elsewhere, and a token must not travel",
        said=asked.hide(re.sub(r"//[^/@]*@", "//", re.split(r"[?#]", asked.hide(where))[0])),
        request=asked.request,
        cause="A login page, or the address of a load balancer.",
        advice="Use the address that it names, if you trust it.",
    )


def too_large_error(asked: RequestInfo, limit: int) -> ApiError:
    """The error for an answer that, alone or with those beside it, is more than can be held; `limit` is in bytes."""
    return Unreadable(
        "too-large",
        f"the site sends more than {limit >> 20} MiB, and was not listened to any longer",
        request=asked.request,
        cause="Something else than a site answers there, or it is out of order.",
        advice="Open the address in a browser to see what answers there.",
    )
