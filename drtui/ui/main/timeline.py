"""Open the timeline, and keep it up to date while it is open."""

from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING

from textual.screen import Screen

from drtui.core.formatting.display import DisplayContext
from drtui.ui.main.open_site import OpenSite

if TYPE_CHECKING:
    from drtui.ui.screens.timeline import TimelineScreen


class TimelineOverlay:
    """The timeline above the main screen."""

    def __init__(
        self,
        screen: Screen[None],
        site: OpenSite,
        *,
        toggle_zone: Callable[[], DisplayContext],
        on_closed: Callable[[Hashable], object],
    ) -> None:
        """Create the overlay; `on_closed` is called with the key of the entry that was selected, if one was."""
        self._screen, self._site = screen, site
        self._toggle_zone, self._on_closed = toggle_zone, on_closed
        self._open_screen: TimelineScreen | None = None

    def open(self, start_key: Hashable) -> None:
        """Open the timeline, with its cursor on the entry with `start_key`."""
        if self._open_screen is not None:
            return
        from drtui.ui.screens.timeline import TimelineCallbacks, TimelineScreen

        site = self._site
        self._open_screen = TimelineScreen(
            site.assessment,
            site.view,
            TimelineCallbacks(site.propose_filename, self._toggle_zone),
            start_key=start_key,
            accent=site.accent,
        )
        self._screen.app.push_screen(self._open_screen, self._close)

    def _close(self, chosen: Hashable) -> None:
        self._open_screen = None
        if chosen is not None:
            self._on_closed(chosen)

    def refill(self) -> None:
        """Show the current assessment if the timeline is open."""
        if self._open_screen is not None:
            self._open_screen.refill(self._site.assessment, self._site.view)
