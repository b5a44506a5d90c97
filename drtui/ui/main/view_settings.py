"""View settings of the list (order, columns, groups, zone and store), saved for each site."""

import asyncio
import datetime as dt

from msgspec.structs import replace
from textual import work

from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.text import cut_middle
from drtui.core.formatting.times import UTC, zone_label
from drtui.core.listing.catalog import Criteria
from drtui.core.listing.columns import DEFAULT_SCREEN_COLUMNS
from drtui.core.listing.grouping import Grouping
from drtui.core.listing.view_settings import ViewSettings
from drtui.core.summary.freshness import freshness_text
from drtui.session import ConnectionOptions, Target
from drtui.session.remembered_views import save_view_settings
from drtui.ui.main.poller import PollingScreen
from drtui.ui.options import Options

SITE_NAME_CELLS = 40
"""Largest width of a site's name beside a title, in cells."""


class ViewSettingsScreen(PollingScreen):
    """A screen that refreshes a site, and remembers its view settings."""

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self._save_lock = asyncio.Lock()
        self._reset_view()

    def _reset_view(self) -> None:
        """Set the default view settings."""
        self.criteria = Criteria(store=self.target.store if self.target else None)
        """The store, the filter and the order of the listed restore points."""
        self.columns: tuple[str, ...] = DEFAULT_SCREEN_COLUMNS
        self.grouping = Grouping.NONE
        self.utc = False
        self._default_settings = self.view_settings
        self._saved_settings: ViewSettings | None = None
        """The settings in the file; None until they are loaded."""

    @property
    def zone(self) -> dt.tzinfo:
        """The user's zone, or UTC."""
        return UTC if self.utc else self.options.zone

    @property
    def view(self) -> DisplayContext:
        """The context for formatting: time, zone and ASCII mode."""
        return DisplayContext(self.now, self.zone, self.options.plain)

    @property
    def banner(self) -> tuple[tuple[str, str], ...]:
        """The banner of every screen: site, freshness, a warning if TLS is not verified, and the zone."""
        fresh = freshness_text(self.site_state, self.now, self.zone)
        tone = "accent" if self.target and self.target.accent else "strong"
        insecure = (("  TLS NOT VERIFIED", "bad"),) if self.access.insecure else ()
        return (
            (self.site_state.location, tone),
            (f"  {fresh}", tone),
            *insecure,
            (f" {zone_label(self.now, self.zone)}", ""),
        )

    @property
    def caption(self) -> str:
        """The site, its freshness and a warning if TLS is not verified, to stand beside a title."""
        insecure = "  TLS NOT VERIFIED" if self.access.insecure else ""
        fresh = freshness_text(self.site_state, self.now, self.zone)
        return f"{cut_middle(self.site_state.location, SITE_NAME_CELLS)}  {fresh}{insecure}"

    @property
    def view_settings(self) -> ViewSettings:
        """The current view settings."""
        return ViewSettings(self.criteria.order, self.columns, self.grouping, self.utc, self.criteria.store)

    def reset_for_site(self) -> None:
        """Reset filter, order and other view settings for another site."""
        self._reset_view()

    def restore_view_settings(self, saved: ViewSettings | None) -> None:
        """Apply saved settings, unless the user has already changed them or has only signed in again."""
        if self._saved_settings is not None:
            return
        self._saved_settings = self._default_settings
        if saved is None or self.view_settings != self._default_settings:
            return
        configured_store = self.target.store if self.target else None  # the configuration wins over saved settings
        self.criteria = replace(self.criteria, order=saved.order, store=configured_store or saved.store)
        self.columns, self.grouping = saved.columns, saved.grouping
        self.utc = saved.utc and not self.options.is_zone_chosen
        self._saved_settings = self.view_settings
        self.show_assessment()

    def remember_view_settings(self) -> None:
        """Save the view settings if they have changed."""
        if self.target is not None and self._saved_settings not in {None, self.view_settings}:
            self._saved_settings = self.view_settings
            self._save_view_settings(self.target, self.access, self._saved_settings)

    @work(group="view-settings", exit_on_error=False)
    async def _save_view_settings(self, target: Target, access: ConnectionOptions, view_settings: ViewSettings) -> None:
        """Save the settings, one write after another, so that the newest remains."""
        async with self._save_lock:
            await save_view_settings(target, access, view_settings)
