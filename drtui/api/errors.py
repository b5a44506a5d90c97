"""Everything that can go wrong between here and a site.

    ApiError               what every caller may catch
    ├── Unreachable        no answer, or none from this site: name, connection, TLS, proxy, time
    ├── Refused            the site will not tell: sign-in or privilege
    │   └── SignInNeeded   …and a new sign-in may help: 498, 499
    ├── Missing            the site says that there is no such thing
    ├── Unreadable         an answer that is not the documented one
    └── ServerFailure      the site says that something went wrong within itself

Each carries a `Trouble`: what failed, what the server said, the likely cause, what to do next. None holds a secret.
"""

from drtui.core.formatting.text import cut, sanitize
from drtui.core.model.failure import Failure, FailureKind

LONGEST_QUOTE = 300
"""Cells of the server's own words that are passed on."""


class ApiError(Exception):
    """A request that brought no value."""

    kind = FailureKind.UNREADABLE

    def __init__(
        self, code: str, what: str, *, said: str = "", cause: str = "", advice: str = "", request: str = ""
    ) -> None:
        quoted = cut(sanitize(" ".join(said.split())), LONGEST_QUOTE)
        self.trouble = Failure(self.kind, code, sanitize(what), quoted, sanitize(cause), sanitize(advice), request)
        super().__init__(self.trouble.line)


class Unreachable(ApiError):
    """No answer, or none from this site."""

    kind = FailureKind.UNREACHABLE


class Refused(ApiError):
    """The site answered, and will not tell this account."""

    kind = FailureKind.REFUSED


class SignInNeeded(Refused):
    """The token is missing, wrong or at its end."""


class Missing(ApiError):
    """The site says that there is no such thing."""

    kind = FailureKind.MISSING


class Unreadable(ApiError):
    """An answer that is not the documented one."""


class ServerFailure(ApiError):
    """The site says that something went wrong within itself."""
