"""Single sign-on in a browser of another machine: show an address, and exchange the code that the user pastes."""

import secrets
from collections import deque
from collections.abc import Callable

from drtui.api.errors import ApiError
from drtui.core.model.auth import OAuthGrant, Secret
from drtui.core.model.requests import Request
from drtui.core.wire.oauth import PastedTextError, authorize_url, make_challenge, parse_code
from drtui.session import now_ms
from drtui.session.connection import Connection
from drtui.session.target import DEMO, ConnectionOptions, Target

VERIFIER_BYTES = 64
"""Random bytes of a verifier, which become 86 characters; RFC 7636 allows 43 to 128."""


class SingleSignOn:
    """One sign-in: its address, and the exchange of its code.

    An address is good for one code. After an error, `restart` makes a new one.

    Args:
        target: the site.
        options: how to connect; `client_id` is required.
        clock: returns the present, epoch ms.

    Raises:
        ApiError: there is no client id. The text says how to get one.
    """

    def __init__(self, target: Target, options: ConnectionOptions, clock: Callable[[], int] = now_ms) -> None:
        from drtui.api.error_texts import make_error

        if not options.client_id:
            raise make_error("client: missing")
        self._target, self._options, self._clock = target, options, clock
        self.requests: deque[Request] = deque()
        """The requests that were sent, oldest first."""
        self.restart()

    def restart(self) -> None:
        """Begin another sign-in, with a new address. The code of an earlier address is not accepted any more."""
        self._verifier, self._state = Secret(secrets.token_urlsafe(VERIFIER_BYTES)), secrets.token_urlsafe(16)
        self.url = authorize_url(
            self._target.address or DEMO, self._options.client_id, make_challenge(self._verifier.reveal()), self._state
        )
        """The address to open in a browser. It contains no secret."""

    async def finish(self, pasted: str) -> OAuthGrant:
        """Return the tokens for a pasted code, which may be within the address or the title of the approval page.

        Raises:
            ApiError: the text contains no code of this sign-in, or the site refused it, or did not answer.
        """
        from drtui.api.error_texts import make_error

        client_id = self._options.client_id
        try:
            code = parse_code(pasted, self._state)
        except PastedTextError as error:
            condition = error.condition
        else:
            return await self._exchange(code)
        raise make_error(condition, client_id=client_id)

    async def _exchange(self, code: Secret) -> OAuthGrant:
        connection = Connection(self._target, self._options, self._clock(), self._clock)
        try:
            transport = (await connection.open()).transport
            from drtui.api.oauth import exchange_code

            return await exchange_code(transport, self._options.client_id, code, self._verifier)
        finally:
            self.requests.extend(connection.requests)
            await connection.close()


__all__ = ["ApiError", "SingleSignOn"]
