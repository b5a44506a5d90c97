"""Single sign-on by OAuth: the address to sign in at, the pasted code, the tokens and the errors.

See docs/api.md#oauth. PKCE is RFC 7636.
"""

import base64
import hashlib
import re
from collections.abc import Sequence
from urllib.parse import parse_qs, urlencode, urlsplit

from drtui.core.model.address import Address
from drtui.core.model.auth import OAuthGrant, Secret
from drtui.core.wire import lenient as t

OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"
"""Redirect address of applications without a server: the portal shows the code on a page, to be copied."""

LIFETIME_MINUTES = 480
"""Minutes of life requested for the refresh token: a working day."""

MIN_CODE, MAX_CODE = 6, 4096
"""Least and greatest length of a code; the portal does not document it."""

_CODE = re.compile(r"[A-Za-z0-9._~+/=*!$:@|-]+")
"""Characters of codes. Anything else is a sentence, a page or a command."""

_TITLE = re.compile(r"(?:^|\s)SUCCESS\s+(code\s*=.*?)(?:\s+[-\u2013\u2014|]\s.*)?$", re.IGNORECASE | re.DOTALL)
"""Title of the approval page, perhaps with the name of the browser after it."""

_WORD = re.compile(r"[A-Za-z]{1,15}[.,;:!?]?")
"""One word of a sentence."""


LEAST_SENTENCE = 4
"""Number of words from which on a text is no wrapped code."""


class PastedTextError(ValueError):
    """Raised for a pasted text without a usable code. The message never contains the text.

    Args:
        condition: the key of its text in `api.error_texts`.
    """

    def __init__(self, condition: str) -> None:
        self.condition = condition
        super().__init__(condition)


def make_challenge(verifier: str) -> str:
    """Return the S256 challenge of a verifier (RFC 7636, 4.2)."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode("ascii")).digest()).rstrip(b"=").decode("ascii")


def authorize_url(address: Address, client_id: str, challenge: str, state: str) -> str:
    """Return the address at which a person signs in. It contains no secret."""
    query = {
        "client_id": client_id,
        "response_type": "code",
        "redirect_uri": OUT_OF_BAND,
        "expiration": str(LIFETIME_MINUTES),
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        "state": state,
    }
    return f"{address.url}/sharing/rest/oauth2/authorize?{urlencode(query)}"


def parse_code(pasted: str, state: str) -> Secret:
    """Return the code in a pasted text: the code alone, the approval page's title, or its address.

    Blanks and line breaks are ignored, because a terminal may have wrapped the code. If the text contains a state, it
    must be `state`.

    Raises:
        PastedTextError: the text contains no code, or that of another sign-in, or the error of the portal.
    """
    title = _TITLE.search(pasted)
    compact = "".join((title[1] if title else pasted).split()).strip("\"'<>`")
    if re.match(r"https?://", compact, re.IGNORECASE):
        fields = _query_of(compact)
    elif re.match(r"[?#&]?(code|error|state)=", compact, re.IGNORECASE):
        fields = _fields(compact.lstrip("?#&"))
    elif error := re.search(r"\berror=\w+", pasted):
        fields = _fields(error[0])
    else:
        if re.search(r"redirect_uri", compact, re.IGNORECASE):
            raise PastedTextError("client: redirect")
        if re.search(r"client_id", compact, re.IGNORECASE):
            raise PastedTextError("client: unknown")
        fields = {"code": _code_in_sentences(pasted.split()) or compact}
    if fields.get("error"):
        raise PastedTextError("code: denied" if fields["error"] == "access_denied" else "code: error")
    if fields.get("state", state) != state:
        raise PastedTextError("code: other sign-in")
    code = fields.get("code", "")
    if not MIN_CODE <= len(code) <= MAX_CODE or not _CODE.fullmatch(code):
        raise PastedTextError("code: none")
    return Secret(code)


def _code_in_sentences(words: Sequence[str]) -> str:
    """Return the code within the text of a page; empty if the words are the parts of a code.

    Raises:
        PastedTextError: there are only words.
    """
    others = [word for word in words if not _WORD.fullmatch(word)]
    if len(words) > 1 and not others:
        raise PastedTextError("code: none")
    return others[0] if len(others) == 1 and len(words) >= LEAST_SENTENCE else ""


def _query_of(url: str) -> dict[str, str]:
    """Return the fields in the query and the fragment of a URL."""
    try:
        parts = urlsplit(url)
    except ValueError:
        raise PastedTextError("code: none") from None
    return _fields(f"{parts.query}&{parts.fragment}")


def _fields(query: str) -> dict[str, str]:
    """Return the fields of a query, the first of each name. `+` is a character of codes and no blank."""
    return {name.lower(): values[0] for name, values in parse_qs(query.replace("+", "%2B")).items()}


def decode_oauth_grant(body: bytes, client_id: str, now: int) -> OAuthGrant | None:
    """Return the tokens in an answer of oauth2/token that arrived at `now`, epoch ms; None if there are none.

    Raises:
        WireError: the answer is not JSON.
    """
    answer = t.parse_json(body)
    access_token = _token(answer, "access_token") if isinstance(answer, dict) else None
    if access_token is None:
        return None
    return OAuthGrant(
        access_token,
        _end(answer, "expires_in", now),
        client_id,
        t.text(answer, "username"),
        _token(answer, "refresh_token"),
        _end(answer, "refresh_token_expires_in", now),
    )


def _token(answer: t.Json, key: str) -> Secret | None:
    """Return the token under `key`; None if there is none that a header can hold."""
    value = answer.get(key)
    return Secret(value) if isinstance(value, str) and value and value.isascii() and value.isprintable() else None


def _end(answer: t.Json, key: str, now: int) -> int | None:
    """Return the end of a life in seconds that began at `now`, epoch ms; None if the answer has none."""
    seconds = t.number(answer.get(key))
    return t.epoch_ms(now + seconds * 1000) if seconds is not None and seconds > 0 else None


def decode_oauth_error(answer: t.Json) -> tuple[str, str]:
    """Return word and message of an error, such as `invalid_grant`, in the portal's form or that of RFC 6749."""
    error = answer.get("error")
    fields, word = (error, t.text(error, "error")) if isinstance(error, dict) else (answer, t.scalar_text(error))
    return word.lower(), t.text(fields, "error_description") or t.text(fields, "message")
