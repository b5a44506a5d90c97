"""A screen that closes only while it is the top screen."""

from typing import TypeVar

from textual.await_complete import AwaitComplete
from textual.screen import Screen, ScreenResultType

R = TypeVar("R")


class Closable(Screen[R]):
    """Base class of all screens above the main screen.

    Keys and messages arrive late: a screen may receive its close command when another screen is above it, or when it
    has already closed. Textual would then remove whichever screen is on top, or fail.
    """

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        """Close with `result` if this screen is on top; otherwise do nothing."""
        if self.app.screen_stack[-1:] != [self]:
            return AwaitComplete()
        return super().dismiss(result)  # type: ignore[arg-type]

    def action_leave(self) -> None:
        """Close without a result."""
        self.dismiss()

    def on_virtual_list_cancelled(self) -> None:
        """Close: the user asked a list to go back."""
        self.action_leave()
