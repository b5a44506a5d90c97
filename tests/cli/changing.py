"""A simulated site over a real socket that records what is sent to it, and a clock that commands need not wait for."""

import asyncio
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest

from drtui.cli.commands import changes
from drtui.demo.app import make_app
from drtui.demo.faults import parse_fault
from drtui.demo.server import serving
from drtui.session import now_ms

START = now_ms()
"""Moment at which the simulated sites begin: commands that change a site take no `--now`."""

SIGN_IN = ("/generateToken", "/oauth2/token", "/oauth2/revokeToken")
"""Ends of the paths of the sign-in, which change nothing."""


class World:
    """A simulated site, and the clock of the site and of drtui."""

    def __init__(self, scenario: str, faults: Sequence[str] = ()) -> None:
        self.now = START
        self.app: Any = make_app(scenario, now=START, clock=lambda: self.now, faults=parse_fault(faults))
        self.url = ""
        self.posts: list[str] = []
        """Paths of the requests that were sent to change something."""
        self.forms: list[bytes] = []
        """Their bodies."""
        self.loses = self.holds = ""
        """Ends of the paths whose replies are lost, or are held back until the end of the test."""
        self.is_interrupted = False
        """True if ctrl+c is pressed during the next wait."""
        self.is_read_only = False
        """True if the site says that it is read-only."""
        self.is_held = threading.Event()

    async def sleep(self, seconds: float) -> None:
        """Let time pass, for the site as well."""
        self.now += round(seconds * 1000)
        if self.is_interrupted:
            raise KeyboardInterrupt

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if self.is_read_only and scope.get("path", "").endswith("/admin/mode"):
            await send(
                {"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]}
            )
            await send({"type": "http.response.body", "body": b'{"isReadOnly": true, "message": "maintenance"}'})
            return
        if scope["type"] != "http" or scope["method"] != "POST" or scope["path"].endswith(SIGN_IN):
            await self.app(scope, receive, send)
            return
        self.posts.append(scope["path"])
        loses, holds = (end and scope["path"].endswith(end) for end in (self.loses, self.holds))

        async def keep() -> Any:
            message = await receive()
            self.forms.append(message.get("body", b""))
            return message

        async def drop(message: Any) -> None:
            """Take the reply."""

        await self.app(scope, keep, drop if loses or holds else send)
        if holds:
            self.is_held.set()
            await asyncio.Event().wait()
        if loses:
            head = {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"4096")]}
            await send(head)
            await send({"type": "http.response.body", "body": b"{", "more_body": True})
            raise ConnectionAbortedError


@contextmanager
def changing(monkeypatch: pytest.MonkeyPatch, scenario: str = "calm", faults: Sequence[str] = ()) -> Iterator[World]:
    """Serve a simulated site whose time passes only while a command waits."""
    world = World(scenario, faults)
    monkeypatch.setattr(changes, "sleep", world.sleep)
    monkeypatch.setattr(changes, "clock", lambda: world.now)
    with serving(world) as where:
        world.url = where.url
        yield world
