"""The type that holds a secret, and the state of the sign-in."""

import enum
from pathlib import Path
from typing import NoReturn, final

from msgspec import Struct

from drtui.core.model.failure import Failure

AUTH_HEADERS = {"x-esri": "X-Esri-Authorization", "authorization": "Authorization"}
"""Headers that can carry the token, by the name in options and configuration; the first is the default.

Every release understands the first, and web-tier authentication lets it pass (docs/api.md#tokens).
"""


@final
class Secret:
    """A token or a password that cannot be printed, compared, copied or pickled; only `reveal` returns its value.

    It is deliberately not a struct, so that a crash report finds no representation and no fields to list.
    """

    __slots__ = ("__value",)

    def __init__(self, value: str) -> None:
        self.__value = value

    def reveal(self) -> str:
        """Return the secret. Use it in a request and nowhere else."""
        return self.__value

    def __bool__(self) -> bool:
        return bool(self.__value)

    def __repr__(self) -> str:
        return "Secret(...)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("A secret cannot be pickled or copied")


class SignInMethod(enum.Enum):
    """The way in which an account signs in."""

    TOKEN = "token"  # noqa: S105 - a word
    """A token that was given."""
    PASSWORD = "password"  # noqa: S105 - a word
    """User name and password, exchanged for a token."""
    SINGLE_SIGN_ON = "single sign-on"


class OAuthGrant(Struct, frozen=True):
    """The tokens of a single sign-on (docs/api.md#oauth), kept in memory only."""

    access_token: Secret
    expires: int | None
    """Time at which the access token expires, epoch ms by this machine's clock; None if not known."""
    client_id: str
    """Application that the tokens were issued to."""
    user: str = ""
    refresh_token: Secret | None = None
    """Token that renews the access token without asking the user; None if the site granted none."""
    refresh_expires: int | None = None
    """Time at which the refresh token expires, epoch ms by this machine's clock; None if not known."""


class ClientCertificate(Struct, frozen=True):
    """A certificate to present to the site, and its key, in PEM files."""

    cert: Path
    key: Path | None = None
    """File with the key; None if the file of the certificate contains it."""
    key_password: Secret | None = None
    """Password of an encrypted key."""


class AuthState(Struct, frozen=True):
    """The result of the sign-in and of the first requests."""

    token: Secret | None = None
    expires: int | None = None
    """Time at which the token expires, epoch ms; None if not known."""
    refusal: Failure | None = None
    """Failure of the sign-in if user name and password were refused. Trying again would lock the account."""
    has_old_layout: bool | None = None
    """True if the site uses the addresses of release 10.9 (docs/api.md#layouts); None if not known yet."""
    method: SignInMethod | None = None
    """The way in which the token was obtained; None without credentials."""


class SignIn(Struct, frozen=True):
    """The facts about a sign-in that may be shown; no secret."""

    user: str = ""
    """User name that was given; empty for a token of which only the site knows the user."""
    method: SignInMethod | None = None
    expires: int | None = None
    """Time at which the token expires, for a single sign-on the refresh token, epoch ms; None if not known."""
    has_certificate: bool = False
    """True if this machine presents a client certificate."""

    @property
    def method_text(self) -> str:
        """The way of signing in, in words: `password`, `token and client certificate`; "" if there is none."""
        method = self.method.value if self.method is not None else ""
        return " and ".join(filter(None, (method, "client certificate" if self.has_certificate else "")))
