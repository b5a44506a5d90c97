"""Exceptions for every way in which a request to a site can fail.

    ApiError               base class, for callers to catch
    ├── Unreachable        no response, or none from this site: name, connection, TLS, proxy, timeout
    ├── Refused            the site refuses access: sign-in or privilege
    │   └── SignInNeeded   a new sign-in may help: 498, 499
    ├── Missing            the site reports that the resource does not exist
    ├── Unreadable         the response does not have the documented form
    └── ServerFailure      the site reports an internal error

Each carries a `Failure`: what failed, the server's words, the likely cause and advice. None contains a secret.
"""

from msgspec import Struct

from drtui.core.model.failure import Failure, FailureKind
from drtui.core.wire.known_secrets import KnownSecrets


class RequestInfo(Struct, frozen=True):
    """One request, without its query and without secrets."""

    url: str
    host: str
    """Host, with the port if it is not the default of the scheme."""
    method: str = "GET"
    proxy: str = ""
    """Host and port of the proxy; empty if none is used."""
    secrets: KnownSecrets = KnownSecrets()
    """Secrets in use, which the server or proxy may send back."""
    certificate: str = ""
    """File of the client certificate; empty if none is presented."""

    @property
    def line(self) -> str:
        """Method and address: `GET https://host/context/admin`."""
        return f"{self.method} {self.url}"

    def hide(self, text: str) -> str:
        """Return `text`, received from the server, with the secrets in use masked."""
        return self.secrets.hide(text)


class ApiError(Exception):
    """A request that returned no value."""

    kind = FailureKind.UNREADABLE

    def __init__(self, failure: Failure) -> None:
        self.failure = failure
        super().__init__(failure.line)


class Unreachable(ApiError):
    """No response, or none from this site."""

    kind = FailureKind.UNREACHABLE


class Refused(ApiError):
    """The site answered, but refuses access to this account."""

    kind = FailureKind.REFUSED


class SignInNeeded(Refused):
    """The token is missing, invalid or expired."""


class Missing(ApiError):
    """The site reports that the resource does not exist."""

    kind = FailureKind.MISSING


class Unreadable(ApiError):
    """The response does not have the documented form."""


class ServerFailure(ApiError):
    """The site reports an internal error."""
