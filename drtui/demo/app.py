"""The simulated site as an ASGI application, with the context `arcgis`."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from email.utils import formatdate
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import Mount

from drtui.demo import endpoints, oauth, operations, portal, site_operations
from drtui.demo.backup_history import HOUR
from drtui.demo.faults import NO_FAULTS, Faults, without_keys
from drtui.demo.operations_over_time import advance, is_read_only
from drtui.demo.responses import NO_PRIVILEGE, error, page
from drtui.demo.sign_ins import SignIns
from drtui.demo.simulated_site import Received, make_run_due, make_site
from drtui.demo.tokens import Tokens

CONTEXT = "arcgis"
OPEN = frozenset(f"/{CONTEXT}{route.path}" for route in portal.OPEN)
"""Paths that are answered without a token."""
ADMIN = f"/{CONTEXT}/admin"
SECRETS = frozenset({"token", "passcode", "parameters", "settings"})
"""Fields of a form that hold secrets."""
HANG = 120
"""Seconds after which a hanging request is answered after all, so that no test waits for ever."""

BROKEN_OFF = {"Content-Length": "4096"}
"""Headers of an answer that breaks off."""

Next = Callable[[Request], Awaitable[Response]]


def make_app(
    scenario: str = "calm", *, now: int, clock: Callable[[], int] | None = None, faults: Faults = NO_FAULTS
) -> Starlette:
    """Return the ASGI application of a simulated site.

    Args:
        scenario: one of `scenarios.SCENARIOS`.
        now: epoch ms; the records of the site depend only on the scenario and this moment.
        clock: returns the present in epoch ms, for running operations and the life of tokens; always `now` by default.
        faults: faults of the site.
    """
    ahead = faults.hours_ahead * HOUR
    now += ahead
    site = make_site(scenario, now)
    site.release = faults.release or site.release
    if faults.run_due:
        make_run_due(site)
    layout = endpoints.EARLIER if site.old_layout else endpoints.LATER
    routes = [*portal.OPEN, *portal.SIGNED_IN, *operations.ROUTES, *site_operations.ROUTES, *endpoints.COMMON, *layout]
    app = Starlette(
        routes=[Mount(f"/{CONTEXT}", routes=routes), oauth.IDENTITY_PROVIDER],
        middleware=[
            *([Middleware(BaseHTTPMiddleware, dispatch=_dated)] if ahead else []),
            Middleware(GZipMiddleware, minimum_size=1_000),
            Middleware(BaseHTTPMiddleware, dispatch=_guard),
        ],
        exception_handlers={404: _missing, 405: _missing},
    )
    app.state.site, app.state.faults = site, faults
    app.state.clock = (lambda: clock() + ahead) if clock else (lambda: now)
    app.state.tokens, app.state.sign_ins = Tokens(app.state.clock, faults), SignIns(app.state.clock)
    return app


async def _missing(request: Request, error: Exception) -> Response:  # noqa: ARG001 - signature of Starlette
    return page("404 Not Found", 404)


async def _dated(request: Request, call_next: Next) -> Response:
    """Answer with the time of the site, which differs from that of the server."""
    response = await call_next(request)
    response.headers["Date"] = formatdate(request.app.state.clock() / 1_000, usegmt=True)
    return response


async def _guard(request: Request, call_next: Next) -> Response:
    """Check a request before its resource: faults, a restore that took the site down, and the token."""
    body = (await request.body()).decode("utf-8", "replace") if request.method == "POST" else ""
    request.state.form, request.state.is_error = dict(parse_qsl(body, keep_blank_values=True)), False
    state, path = request.app.state, request.url.path
    advance(state.site, state.clock(), state.faults)
    if not _is_change(request):
        return await _answer(request, call_next)
    if state.faults.lost_request:
        return StreamingResponse(_broken_off(), headers=BROKEN_OFF)
    received = Received(state.clock(), path.removeprefix(ADMIN), _shown(request.state.form))
    state.site.received.append(received)
    response = await _answer(request, call_next)
    received.is_accepted = response.status_code < 300 and not request.state.is_error
    if state.faults.lost_reply and received.is_accepted:
        return StreamingResponse(_broken_off(), headers=BROKEN_OFF)
    return response


def _is_change(request: Request) -> bool:
    """True if a request may change the site: a POST of the administrator API that does not only read."""
    path = request.url.path
    return request.method == "POST" and path.startswith(f"{ADMIN}/") and not path.endswith("/data/findItems")


def _shown(form: Mapping[str, str]) -> dict[str, str]:
    return {name: "***" if name in SECRETS else value for name, value in form.items()}


async def _answer(request: Request, call_next: Next) -> Response:
    """Return the answer to a request whose body was read."""
    state, path = request.app.state, request.url.path
    faulty = await _faulty(request)
    if faulty is not None:
        request.state.is_error = True
        return faulty
    running = state.site.running
    if running is not None and running.is_away(state.clock()):
        return page("503 Service Temporarily Unavailable", 503)
    is_open = path in OPEN or not path.startswith(f"/{CONTEXT}/")
    refused: Response | None = None if is_open else state.tokens.refusal(request)
    if refused is not None:
        return refused
    if f"{path}/".startswith(f"{ADMIN}/") and not request.state.member.may_administer:
        return error(request, 403, NO_PRIVILEGE)
    if _is_change(request) and not path.startswith(f"{ADMIN}/mode/") and is_read_only(state.site, state.faults):
        return error(request, 500, "The site is in read-only mode.")
    return await _spoiled(await call_next(request), state.faults.kind_of(path))


async def _faulty(request: Request) -> Response | None:
    """Return the answer that a fault gives instead of the true one; None without a fault."""
    faults: Faults = request.app.state.faults
    if faults.web_tier:
        return _web_tier()
    if faults.wrong_context and request.url.path.startswith(f"/{CONTEXT}"):
        return page("404 Not Found", 404)
    kind = faults.kind_of(request.url.path)
    if kind.isdigit():
        return error(request, int(kind), "Something is wrong with this resource.", "Ask whoever runs the site.")
    if not faults.hits(request.url.path):
        return None
    if faults.hang:
        await asyncio.sleep(HANG)
    if faults.drop or kind == "drop":
        return StreamingResponse(_broken_off(), headers=BROKEN_OFF)
    if faults.redirect:
        return RedirectResponse(faults.redirect)
    if faults.status_code or faults.html:
        return page(f"{faults.status_code or 'Sign in'}", faults.status_code or 200)
    if faults.error_code:
        return error(request, faults.error_code, "Something is wrong with this site.", "Ask whoever runs it.")
    return None


def _web_tier() -> Response:
    """Return the answer of a web tier that asks for a sign-in with Windows."""
    response = page("401 Authorization Required", 401)
    for challenge in ("Negotiate", 'Basic realm="City network"'):
        response.headers.append("WWW-Authenticate", challenge)
    return response


async def _spoiled(response: Response, kind: str) -> Response:
    """Return the true answer, but as a cache would give it ten days later, or without its documented keys."""
    if kind == "aged":
        response.headers["Age"] = "864000"
    elif kind == "missing-key":
        chunks = [chunk async for chunk in response.body_iterator]  # type: ignore[attr-defined]
        return Response(without_keys(b"".join(chunks)), media_type="application/json")
    return response


async def _broken_off() -> AsyncIterator[bytes]:
    """Yield the beginning of an answer, then close the connection."""
    yield b'{"backups": ['
    raise ConnectionAbortedError
