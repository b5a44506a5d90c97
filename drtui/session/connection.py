"""The way to the deployment of one target: made when it is first used, which is when httpx is imported, and kept."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING

from msgspec.structs import astuple

from drtui.core.model.auth import AuthState, Secret
from drtui.core.model.backup import Backup
from drtui.core.model.requests import Request
from drtui.core.model.site_state import Fetched
from drtui.session.target import DEMO, ConnectionOptions, Target

if TYPE_CHECKING:
    from ssl import SSLContext

    from drtui.api.client import AdminApi

LOGGER = logging.getLogger("drtui")

Lists = Mapping[str, Fetched[tuple[Backup, ...]]]
"""The backups of each store."""


MOST_REQUESTS = 500
"""Requests that are remembered while the program runs."""


class Connection:
    """Leads to one target.

    Args:
        target: what to look at.
        access: how to get there and in.
        now: the moment that a scenario is made for, epoch ms.
        clock: the present, epoch ms.
    """

    def __init__(self, target: Target, access: ConnectionOptions, now: int, clock: Callable[[], int]) -> None:
        self._target, self._access, self._now, self._clock = target, access, now, clock
        self._deployment: AdminApi | None = None
        self._opening = asyncio.Lock()
        self._footing: AuthState | None = None
        self.lists: Lists = {}
        """What is known of the lists before they are asked for: what is still the same is not held twice."""
        self.requests: deque[Request] = deque(maxlen=MOST_REQUESTS)
        """What was asked lately and how it went, oldest first."""

    @property
    def auth_state(self) -> AuthState | None:
        """How one stands with the site, once it was asked."""
        return self._deployment.auth_state if self._deployment is not None else self._footing

    def restore_auth(self, footing: AuthState | None, lists: Lists) -> None:
        """Go on from where another process has come to."""
        self._footing, self.lists = footing, lists

    async def close(self) -> None:
        """Close the connections."""
        deployment, self._deployment = self._deployment, None
        if deployment is not None:
            await deployment.__aexit__()

    async def opened(self) -> "AdminApi":
        """The deployment, made on the first use.

        Raises:
            ApiError: there is no way to it, as things are set up here.
        """
        async with self._opening:
            if self._deployment is None:
                from drtui.api.tls import create_tls_context  # noqa: PLC0415 - not needed to paint

                # OpenSSL reads the authorities on another core while httpx is imported.
                ca_file, insecure = self._access.ca_file, self._access.insecure
                making = asyncio.to_thread(create_tls_context, ca_file, insecure=insecure, unused=self._is_plain)
                trust = asyncio.create_task(making)
                deployment = await (await asyncio.to_thread(self._made, trust)).__aenter__()
                if self._footing is not None:
                    deployment.resume(self._footing)
                deployment.known_backups.update({store: answer.value or () for store, answer in self.lists.items()})
                self._deployment, self.lists = deployment, {}
            return self._deployment

    @property
    def _is_plain(self) -> bool:
        """Whether there is no TLS to be spoken: over plain http, and within this process."""
        address = self._target.address
        return self._target.scenario is not None or (address is not None and address.scheme == "http")

    def _made(self, trust: Awaitable["SSLContext"]) -> "AdminApi":
        from drtui.api.auth import Credentials  # noqa: PLC0415 - httpx comes with it
        from drtui.api.client import AdminApi  # noqa: PLC0415 - likewise

        access, app = self._access, None
        credentials = Credentials(access.token, access.user, access.password, access.referer)
        if self._target.scenario is not None:
            from drtui.demo.app import make_app  # noqa: PLC0415 - starlette comes with it
            from drtui.demo.scenarios import TOKEN, USER  # noqa: PLC0415

            shift = self._now - self._clock()
            app = make_app(self._target.scenario, now=self._now, clock=lambda: self._clock() + shift)
            credentials = Credentials(Secret(TOKEN), USER)
        return AdminApi(
            self._target.address or DEMO,
            credentials,
            trust=trust,
            timeout=access.timeout,
            app=app,
            clock=self._clock,
            on_request=lambda entry: self._was_asked(Request(*astuple(entry), at=self._clock())),
        )

    def _was_asked(self, request: Request) -> None:
        self.requests.append(request)
        status = "no answer" if request.status is None else request.status
        how = f"{status} in {request.duration} ms, {request.size} bytes"
        level = logging.WARNING if request.error else logging.INFO
        LOGGER.log(level, "%s %s: %s %s", request.method, request.url, how, request.error)
