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

from drtui.core.model.failure import Failure, FailureKind


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
