"""The one type that holds a secret."""

from typing import NoReturn, final

from msgspec import Struct

from drtui.core.model.failure import Failure


@final
class Secret:
    """A token or a password. It does not print, compare, copy or pickle; only `reveal` lets it out.

    Deliberately not a struct: no representation, no fields to walk, nothing for a crash report to find.
    """

    __slots__ = ("__value",)

    def __init__(self, value: str) -> None:
        self.__value = value

    def reveal(self) -> str:
        """The secret itself: to be put into a request and nowhere else."""
        return self.__value

    def __bool__(self) -> bool:
        return bool(self.__value)

    def __repr__(self) -> str:
        return "Secret(...)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not to be pickled or copied")


class AuthState(Struct, frozen=True):
    """What came of the sign-in, and of asking for the first time."""

    token: Secret | None = None
    expires: int | None = None
    """When it ends, epoch ms, if that is known."""
    refusal: Failure | None = None
    """Why user name and password were refused: tried again and again, they lock the account."""
    has_old_layout: bool | None = None
    """Whether the site has 10.9's addresses (docs/api.md#layouts); None if that was not found out."""
