"""Update displayed ages when they change, and otherwise set no timer."""

from collections.abc import Callable, Iterable

from textual.screen import Screen
from textual.timer import Timer

from drtui.core.analysis.assessment import next_display_change, reassess_at
from drtui.ui.main.open_site import OpenSite


class AgeTimer:
    """A timer for the next change of a displayed age."""

    def __init__(
        self,
        screen: Screen[None],
        site: OpenSite,
        *,
        list_moments: Callable[[], Iterable[int]],
        on_updated: Callable[[bool], None],
    ) -> None:
        """Create the timer without starting it.

        Args:
            screen: runs the timer.
            site: the site whose assessment is kept up to date.
            list_moments: returns the times, epoch ms, whose ages are displayed besides those of the assessment.
            on_updated: shows the new assessment; called with True if only ages have changed, but no restore point.
        """
        self._screen, self._site = screen, site
        self._list_moments, self._on_updated = list_moments, on_updated
        self._timer: Timer | None = None

    def schedule(self) -> None:
        """Set one timer for the next change of a displayed age; none if time is fixed or nothing has an age.

        The timer also runs while the terminal window has no focus: it may be visible on another monitor.
        """
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        site = self._site
        if site.options.now is None:
            next_change = next_display_change(site.assessment, tuple(self._list_moments()))
            if next_change is not None:
                self._timer = self._screen.set_timer(max(0, next_change - site.now) / 1000, self.update)

    def update(self) -> None:
        """Update the assessment to the present, and show what changed."""
        previous = self._site.assessment
        self._site.assessment = reassess_at(previous, self._site.now)
        self._on_updated(self._site.assessment.points is previous.points)
        self.schedule()
