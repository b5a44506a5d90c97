"""A screen that closes only while it is the top screen."""

from collections.abc import Callable
from functools import partial
from typing import Protocol, TypeVar, cast, runtime_checkable

from textual.await_complete import AwaitComplete
from textual.screen import Screen, ScreenResultType
from textual.widget import Widget
from textual.widgets import Label

from drtui.ui.widgets.site_status import SiteStatus, StatusLine
from drtui.ui.widgets.status_lines import StatusLines
from drtui.ui.widgets.styled_lines import line

R = TypeVar("R")


class HasSiteStatus(Protocol):
    """The main screen, which knows the status of the open site."""

    @property
    def site_status(self) -> SiteStatus:
        """The status of the open site."""

    @property
    def is_plain(self) -> bool:
        """True to use only ASCII symbols."""


@runtime_checkable
class ShowsMessages(Protocol):
    """A screen with a line for messages."""

    def show_brief_message(self, text: str) -> None:
        """Show a message until the next key."""

    def remove_old_message(self) -> None:
        """Remove a message that could be read; called for each key."""


class Closable(Screen[R]):
    """Base class of all screens above the main screen, each with the status line at its top unless it is a dialog.

    Keys and messages arrive late: a screen may receive its close command when another screen is above it, or when it
    has already closed. Textual would then remove whichever screen is on top, or fail.
    """

    status_line: StatusLine | None = None
    """The status line; None in a dialog, below which that of another screen is visible."""

    other_site: SiteStatus | None = None
    """The status of the site that the screen is about; None if that is the open one."""

    @property
    def site_status(self) -> SiteStatus:
        """The status of the site that the screen is about."""
        return self.other_site or cast(HasSiteStatus, self.app.screen_stack[0]).site_status

    def show_site_status(self) -> None:
        """Show the current status of the site."""
        if self.status_line is not None:
            self.status_line.show_status(self.site_status)

    def _extend_compose(self, widgets: list[Widget]) -> None:
        """Put the status line above the widgets of every screen, so that no screen can forget it."""
        super()._extend_compose(widgets)
        if not self.is_modal:
            plain = cast(HasSiteStatus, self.app.screen_stack[0]).is_plain
            self.status_line = StatusLine(self.site_status, plain=plain)
            widgets.insert(0, self.status_line)

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

    _restore_hint: Callable[[], object] | None = None
    """Shows the key hints again; None while they are shown."""

    def show_brief_message(self, text: str) -> None:
        """Show a message instead of the key hints until the next key; without hints in the footer below the dialog."""
        self.remove_old_message()
        below = self.app.screen_stack[-2] if len(self.app.screen_stack) > 1 else self
        if not self.query("#hint") and isinstance(below, ShowsMessages):
            self._restore_hint = below.remove_old_message
            below.show_brief_message(text)
        for hint in self.query("#hint"):
            if isinstance(hint, Label):
                self._restore_hint = partial(hint.update, hint.content)
                hint.update(text)
            elif isinstance(hint, StatusLines):
                self._restore_hint = partial(hint.show, hint.lines)
                hint.show([line(text, "muted")])

    def remove_old_message(self) -> None:
        """Show the key hints again."""
        restore, self._restore_hint = self._restore_hint, None
        if restore is not None:
            restore()
