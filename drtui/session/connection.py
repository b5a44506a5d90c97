"""Connection to the API of one target. Created on first use, because that imports httpx."""

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING

from drtui.core.model.auth import AuthState, OAuthGrant, Secret
from drtui.core.model.backup import Backup
from drtui.core.model.requests import Request
from drtui.core.model.site_state import Fetched
from drtui.session.target import DEMO, ConnectionOptions, Target

if TYPE_CHECKING:
    from ssl import SSLContext

    from drtui.api.client import AdminApi
    from drtui.core.wire.known_secrets import KnownSecrets

LOGGER = logging.getLogger("drtui")

Lists = Mapping[str, Fetched[tuple[Backup, ...]]]
"""The backups of each store."""


MAX_REQUESTS = 500
"""Number of recent requests that are remembered."""


class Connection:
    """Holds the API client of one target.

    Args:
        target: the site, file or scenario.
        options: how to connect and sign in.
        now: moment that a scenario ends at, epoch ms.
        clock: returns the present, epoch ms.
        attempts: number of times that a GET is sent at most; None for the default.
    """

    def __init__(
        self,
        target: Target,
        options: ConnectionOptions,
        now: int,
        clock: Callable[[], int],
        attempts: int | None = None,
    ) -> None:
        self._attempts = attempts
        self._target, self._options, self._now, self._clock = target, options, now, clock
        self._api: AdminApi | None = None
        self._open_lock = asyncio.Lock()
        self._auth_state: AuthState | None = None
        self._is_revoked = False
        """True if the tokens of the single sign-on were revoked, or could not be."""
        self.known_lists: Lists = {}
        """Backups known before the lists are fetched: unchanged ones are reused to save memory."""
        self.requests: deque[Request] = deque(maxlen=MAX_REQUESTS)
        """Recent requests and their outcomes, oldest first."""

    @property
    def auth_state(self) -> AuthState | None:
        """State of the sign-in; None before the first request."""
        return self._api.auth_state if self._api is not None else self._auth_state

    @property
    def secrets(self) -> "KnownSecrets | None":
        """Secrets in use, to be masked in any text; None before the first request."""
        return self._api.transport.auth.secrets if self._api is not None else None

    @property
    def grant(self) -> OAuthGrant | None:
        """The present tokens of a single sign-on; None if the account signs in otherwise."""
        return self._api.transport.auth.grant if self._api is not None else self._options.grant

    def resume(self, auth_state: AuthState | None, known_lists: Lists) -> None:
        """Continue with the sign-in and the lists of another process."""
        self._auth_state, self.known_lists = auth_state, known_lists

    async def close(self) -> None:
        """Close the connections; revoke the tokens of a single sign-on before, if the portal answers soon."""
        if self._options.grant is not None and not self._is_revoked:
            self._is_revoked = True
            await self._revoke()
        api, self._api = self._api, None
        if api is not None:
            await api.__aexit__()

    async def _revoke(self) -> None:
        """Revoke the tokens of the single sign-on, also if they were never used."""
        from drtui.api.errors import ApiError
        from drtui.api.oauth import revoke

        with contextlib.suppress(ApiError):
            transport = (await self.open()).transport
            if transport.auth.grant is not None:
                await revoke(transport, transport.auth.grant)

    async def open(self) -> "AdminApi":
        """Return the API client, created on the first call.

        Raises:
            ApiError: certificates, proxy or host name are unusable.
        """
        async with self._open_lock:
            if self._api is None:
                from drtui.api.tls import create_tls_context

                # OpenSSL loads the authorities on another core while httpx is imported.
                options = self._options
                create_context = asyncio.to_thread(
                    create_tls_context,
                    options.ca_file,
                    insecure=options.insecure,
                    unused=self._is_plain,
                    certificate=options.client_certificate,
                )
                trust = asyncio.create_task(create_context)
                api = await (await asyncio.to_thread(self._make_api, trust)).__aenter__()
                if self._auth_state is not None:
                    api.resume(self._auth_state)
                api.known_backups.update({store: answer.value or () for store, answer in self.known_lists.items()})
                self._api, self.known_lists = api, {}
            return self._api

    @property
    def _is_plain(self) -> bool:
        """True if no TLS is needed: for plain http, and for a scenario in this process."""
        address = self._target.address
        return self._target.scenario is not None or (address is not None and address.scheme == "http")

    def _make_api(self, trust: Awaitable["SSLContext"]) -> "AdminApi":
        from drtui.api.auth import Credentials
        from drtui.api.client import AdminApi
        from drtui.api.transport import ATTEMPTS, ASGITransport, Transport

        options, transport = self._options, None
        credentials = Credentials(
            options.token, options.user, options.password, options.referer, options.grant, options.auth_header
        )
        if self._target.scenario is not None:
            from drtui.demo.app import make_app
            from drtui.demo.scenarios import TOKEN, USER

            shift = self._now - self._clock()
            app = make_app(self._target.scenario, now=self._now, clock=lambda: self._clock() + shift)
            transport = ASGITransport(app)
            credentials = Credentials(Secret(TOKEN), USER)
        return AdminApi(
            Transport(
                self._target.address or DEMO,
                credentials,
                trust=trust,
                timeout=options.timeout,
                transport=transport,
                clock=self._clock,
                on_request=self._record,
                certificate=options.client_certificate,
                attempts=self._attempts or ATTEMPTS,
            )
        )

    def _record(self, request: Request) -> None:
        self.requests.append(request)
        status = "no answer" if request.status is None else request.status
        outcome = f"{status} in {request.duration} ms, {request.size} bytes"
        # 404 is normal for what other releases have; where it is not, it becomes a failure of the site.
        level = logging.WARNING if request.error not in {"", "404"} else logging.INFO
        LOGGER.log(level, "%s %s: %s %s", request.method, request.url, outcome, request.error)
