"""Tokens of the simulated site (docs/api.md#sign-in)."""

import hashlib
from collections.abc import Callable, Mapping

from starlette.requests import Request
from starlette.responses import Response

from drtui.demo.responses import answer, error
from drtui.demo.scenarios import PASSWORD, TOKEN, USER

WRONG = "Invalid username or password."


class Tokens:
    """Tokens issued so far, by the clock of the site."""

    def __init__(self, clock: Callable[[], int], longest: int) -> None:
        self.clock = clock
        self.longest = longest
        """Longest life of a token in minutes."""
        self._ends: dict[str, int] = {}

    def grant(self, request: Request) -> Response:
        """Answer generateToken."""
        form = {**request.query_params, **request.state.form}
        if not form.get("username"):
            return error(request, 400, "Unable to generate token.", "'username' must be specified.")
        if not self.knows(form):
            return error(request, 400, "Unable to generate token.", WRONG)
        token, ends = self.issue(form.get("expiration", "60"))
        expires = str(ends) if request.app.state.faults.expires_as_text else ends
        return answer(request, {"token": token, "expires": expires, "ssl": True})

    def knows(self, form: Mapping[str, str]) -> bool:
        """True if a form contains the right name and password."""
        return (form.get("username"), form.get("password")) == (USER, PASSWORD)

    def issue(self, minutes: str) -> tuple[str, int]:
        """Return a new token valid for about that many minutes, and its end (epoch ms)."""
        ends = self.clock() + min(int(minutes) if minutes.isdigit() else 60, self.longest) * 60_000
        token = hashlib.sha256(f"{len(self._ends)}:{ends}".encode()).hexdigest()
        self._ends[token] = ends
        return token, ends

    def refusal(self, request: Request) -> Response | None:
        """Return the error for a request without a valid token; None if the token is valid."""
        token = _token(request)
        if not token:
            return error(request, 499, "Token Required.")
        if token != TOKEN and self._ends.get(token, 0) <= self.clock():
            return error(request, 498, "Invalid Token.")
        return None

    def forget(self, at: int = 0) -> None:
        """Let every token issued so far end at a moment, epoch ms; at once by default."""
        self._ends = {token: min(end, at) for token, end in self._ends.items()}


def _token(request: Request) -> str:
    """Return the token of a request, from header, form or query."""
    for header in ("x-esri-authorization", "authorization"):
        scheme, _, value = request.headers.get(header, "").partition(" ")
        if scheme.lower() == "bearer":
            return value.strip()
    return str(request.state.form.get("token") or request.query_params.get("token", ""))
