"""Tokens of the simulated site (docs/api.md#sign-in, docs/api.md#oauth)."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from drtui.demo.faults import Faults
from drtui.demo.members import MEMBERS, Kind, Member, find_member, without_administrator_role, without_privileges
from drtui.demo.responses import answer, error
from drtui.demo.scenarios import TOKEN, USER

WRONG = "Invalid username or password."
ACCESS_MINUTES = 30
"""Life of a token that a code or a refresh token is exchanged for."""
REFRESH_MINUTES = 20_160
"""Life of a refresh token, if its request names none."""


@dataclass
class Issued:
    """A token: of generateToken, of the implicit grant, or one that can be refreshed."""

    member: str
    ends: int
    """Epoch ms."""
    client: str = ""
    """Application that the token was issued to; empty for generateToken."""
    referer: str = ""
    """Address that requests must name as their `Referer`; empty for any."""
    origin: str = ""
    """Refresh token that the token was made from."""


class Tokens:
    """Tokens issued so far, by the clock of the site."""

    def __init__(self, clock: Callable[[], int], faults: Faults) -> None:
        self.clock = clock
        self.faults = faults
        self._access: dict[str, Issued] = {}
        self._refresh: dict[str, Issued] = {}

    def grant(self, request: Request) -> Response:
        """Answer generateToken, which works for built-in accounts without multifactor sign-in only."""
        form = {**request.query_params, **request.state.form}
        if not form.get("username"):
            return error(request, 400, "Unable to generate token.", "'username' must be specified.")
        member = find_member(form, Kind.BUILT_IN)
        if member is None:
            return error(request, 400, "Unable to generate token.", WRONG)
        referer = form.get("referer", "") if form.get("client", "referer") == "referer" else ""
        token, ends = self.issue(form.get("expiration", "60"), member.username, referer=referer)
        expires = str(ends) if self.faults.expires_as_text else ends
        return answer(request, {"token": token, "expires": expires, "ssl": True})

    def issue(
        self, minutes: str, member: str = USER, *, client: str = "", referer: str = "", origin: str = ""
    ) -> tuple[str, int]:
        """Return a new token valid for about that many minutes, and its end (epoch ms)."""
        ends = self.clock() + min(int(minutes) if minutes.isdigit() else 60, self.faults.token_minutes) * 60_000
        token = hashlib.sha256(f"{len(self._access)}:{ends}".encode()).hexdigest()
        self._access[token] = Issued(member, ends, client, referer, origin)
        return token, ends

    def issue_refresh(self, minutes: str, member: str, client: str) -> tuple[str, int]:
        """Return a new refresh token valid for that many minutes (-1: as long as possible), and its end (epoch ms)."""
        longest = self.faults.refresh_minutes
        life = longest if minutes == "-1" else int(minutes) if minutes.isdecimal() and int(minutes) else REFRESH_MINUTES
        ends = self.clock() + min(life, longest) * 60_000
        token = hashlib.sha256(f"refresh:{len(self._refresh)}:{ends}".encode()).hexdigest()
        self._refresh[token] = Issued(member, ends, client)
        return token, ends

    def refreshing(self, token: str, client: str) -> Issued | None:
        """Return a refresh token that has not ended; None if it has, or was issued to another application."""
        issued = self._refresh.get(token)
        return issued if issued and issued.client == client and issued.ends > self.clock() else None

    def revoke(self, token: str, client: str) -> None:
        """End a token at once; a refresh token with all tokens made from it.

        A token of generateToken, or of another application, stays valid.
        """
        for name, issued in (*self._access.items(), *self._refresh.items()):
            if client and issued.client == client and token in {name, issued.origin}:
                issued.ends = 0

    def refusal(self, request: Request) -> Response | None:
        """Return the error for a request without a valid token; None if the token is valid.

        The member to whom the token belongs is kept in the state of the request.
        """
        token = _token(request)
        if not token:
            return error(request, 499, "Token Required.")
        issued = self._demo_token() if token == TOKEN else self._access.get(token)
        if issued is None or issued.ends <= self.clock():
            return error(request, 498, "Invalid Token.")
        referer = "" if self.faults.strips_referer else request.headers.get("referer", "")
        if not referer.startswith(issued.referer):
            return error(request, 498, "Invalid Token.")
        request.state.member = self._appearing(request, MEMBERS[issued.member])
        return None

    def _demo_token(self) -> Issued:
        """Return the token of `--demo`, which never ends."""
        return Issued(
            USER, self.clock() + 60_000, referer="https://gis.example.com" if self.faults.strips_referer else ""
        )

    def _appearing(self, request: Request, member: Member) -> Member:
        """Return a member with the role that the scenario and the faults give."""
        if self.faults.no_privilege:
            return without_privileges(member)
        return without_administrator_role(member) if request.app.state.site.refuses_tasks else member

    def forget(self, at: int = 0) -> None:
        """Let every token issued so far end at a moment, epoch ms; at once by default."""
        for issued in (*self._access.values(), *self._refresh.values()):
            issued.ends = min(issued.ends, at)


def _token(request: Request) -> str:
    """Return the token of a request, from header, form or query."""
    for header in ("x-esri-authorization", "authorization"):
        scheme, _, value = request.headers.get(header, "").partition(" ")
        if scheme.lower() == "bearer":
            return value.strip()
    return str(request.state.form.get("token") or request.query_params.get("token", ""))
