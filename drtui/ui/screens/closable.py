"""A screen that closes only while it is on top."""

from typing import TypeVar

from textual.await_complete import AwaitComplete
from textual.screen import Screen, ScreenResultType

R = TypeVar("R")


class Closable(Screen[R]):
    """The base of every screen that lies over the first one.

    Keys and messages arrive late: a screen may be told to close when another lies over it already, or when it has
    closed. Textual then takes whatever screen is on top off the stack, or fails.
    """

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        """Close with a result if this screen is on top; do nothing otherwise."""
        if self.app.screen_stack[-1:] != [self]:
            return AwaitComplete()
        return super().dismiss(result)  # type: ignore[arg-type]
