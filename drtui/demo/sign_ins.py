"""Sign-ins under way at the simulated portal, and the codes that they end with (docs/api.md#oauth)."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from drtui.demo.members import Member

CODE_LASTS = 600_000
"""Milliseconds."""


@dataclass
class SignIn:
    """A sign-in under way in a browser, or in a program that acts like one."""

    app: str
    query: Mapping[str, str]
    """Query of the authorize address."""
    checked: Member | None = None
    """Member whose password was right, until the second factor is."""


@dataclass
class Code:
    """An authorization code that was not exchanged."""

    query: Mapping[str, str]
    member: str
    ends: int


class SignIns:
    """Sign-ins under way, and codes."""

    def __init__(self, clock: Callable[[], int]) -> None:
        self.clock = clock
        self.begun: dict[str, SignIn] = {}
        """By the state that their pages carry."""
        self.tickets: dict[str, tuple[str, Member]] = {}
        """State and member by ticket of the identity provider."""
        self._codes: dict[str, Code] = {}

    def begin(self, app: str, query: Mapping[str, str]) -> str:
        """Remember the query of a sign-in; return the state that identifies it."""
        state = secrets.token_hex()
        self.begun[state] = SignIn(app, dict(query))
        return state

    def new_code(self, query: Mapping[str, str], member: Member) -> str:
        """Return a new code."""
        code = secrets.token_hex()
        self._codes[code] = Code(query, member.username, self.clock() + CODE_LASTS)
        return code

    def find_code(self, code: str) -> Code | None:
        """Return a code that was neither exchanged nor has ended."""
        issued = self._codes.get(code)
        return issued if issued and issued.ends > self.clock() else None

    def take_code(self, code: str) -> Code | None:
        """Return a code that was neither exchanged nor has ended; afterwards it is used."""
        issued = self.find_code(code)
        self._codes.pop(code, None)
        return issued
