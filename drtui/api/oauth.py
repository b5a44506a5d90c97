"""Requests of a single sign-on: exchange a code, revoke tokens (docs/api.md#oauth).

Each is sent once to the portal of the site, and no redirect is followed. Tokens are renewed by `api.token_sources`.
"""

import asyncio
import contextlib
from collections.abc import Mapping

import httpx

from drtui.api.auth import Unsigned
from drtui.api.error_texts import make_error
from drtui.api.errors import ApiError
from drtui.api.token_sources import OAUTH_PATH, read_grant
from drtui.api.transport import Transport
from drtui.core.model.auth import OAuthGrant, Secret
from drtui.core.wire.oauth import OUT_OF_BAND

REVOKE_PATH = "/sharing/rest/oauth2/revokeToken"

REVOKE_SECONDS = 2.0
"""Seconds to wait for the revocation of tokens: nobody waits longer at the end of a program."""


async def exchange_code(transport: Transport, client_id: str, code: Secret, verifier: Secret) -> OAuthGrant:
    """Exchange a code for tokens. A code can be exchanged once.

    Raises:
        ApiError: the site refused it, or there is no answer.
    """
    for secret in (code, verifier):
        transport.auth.secrets.add(secret)
    form = {
        "grant_type": "authorization_code",
        "client_id": client_id,
        "code": code.reveal(),
        "redirect_uri": OUT_OF_BAND,
        "code_verifier": verifier.reveal(),
        "f": "json",
    }
    response = await _post(transport, OAUTH_PATH, form)
    request = transport.request_info(transport.address.url + OAUTH_PATH, "POST")
    grant = read_grant(response, request, client_id, transport.now)
    if isinstance(grant, ApiError):
        raise grant
    return grant


async def revoke(transport: Transport, grant: OAuthGrant) -> None:
    """Ask the portal to revoke the tokens of a single sign-on. Failures are ignored: the tokens also expire."""

    async def revoke_token(token: Secret) -> None:
        form = {"auth_token": token.reveal(), "client_id": grant.client_id, "f": "json"}
        with contextlib.suppress(ApiError):
            await _post(transport, REVOKE_PATH, form)

    tokens = [token for token in (grant.refresh_token, grant.access_token) if token is not None]
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(REVOKE_SECONDS):
            await asyncio.gather(*map(revoke_token, tokens))


async def _post(transport: Transport, path: str, form: Mapping[str, str]) -> httpx.Response:
    """Send a form to the portal once, without a token, and return the response.

    Raises:
        ApiError: there is no whole response.
    """
    url = transport.address.url + path
    try:
        request = transport.client.build_request("POST", url, data=dict(form))
        async with asyncio.timeout(transport.timeout):
            return await transport.send(request, Unsigned(transport.auth))
    except ApiError as error:
        failure = error.with_traceback(None)  # as in `Transport.fetch`: frames below hold the form
    except TimeoutError:
        failure = make_error("timeout", transport.request_info(url, "POST"))
    except Exception as error:  # noqa: BLE001 - as in `Transport.fetch`
        failure = transport.unexpected_failure(error, url)
    raise failure
