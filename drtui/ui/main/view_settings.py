"""How the person looks at the list: order, columns, groups, zone and store; remembered for each site."""

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
from drtui.session.view_settings import save_view_settings
from drtui.ui.main.poller import Polling
from drtui.ui.options import Options

SITE_NAME_CELLS = 40
"""Cells of a site's name beside a title."""


class ViewSettingsKeeping(Polling):
    """A screen that knows a site, and how it is looked at."""

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self._save_lock = asyncio.Lock()
        self._reset_view()

    def _reset_view(self) -> None:
        """As nobody has chosen anything yet."""
        self.criteria = Criteria(store=self.target.store if self.target else None)
        """Which restore points are wanted, and in which order."""
        self.columns: tuple[str, ...] = DEFAULT_SCREEN_COLUMNS
        self.grouping = Grouping.NONE
        self.utc = False
        self._default_settings = self.view_settings
        self._saved_settings: ViewSettings | None = None
        """What is remembered; None as long as that is not known."""

    @property
    def zone(self) -> dt.tzinfo:
        """The person's own, or UTC."""
        return UTC if self.utc else self.options.zone

    @property
    def view(self) -> DisplayContext:
        """From where the person looks."""
        return DisplayContext(self.now, self.zone, self.options.plain)

    @property
    def banner(self) -> tuple[tuple[str, str], ...]:
        """What stands on every screen: the site, how fresh it is, whether it may be another one, and the zone."""
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
        """The site, how fresh it is and whether it may be another one, beside a title."""
        insecure = "  TLS NOT VERIFIED" if self.access.insecure else ""
        fresh = freshness_text(self.site_state, self.now, self.zone)
        return f"{cut_middle(self.site_state.location, SITE_NAME_CELLS)}  {fresh}{insecure}"

    @property
    def view_settings(self) -> ViewSettings:
        """All of it."""
        return ViewSettings(self.criteria.order, self.columns, self.grouping, self.utc, self.criteria.store)

    def reset_for_site(self) -> None:
        """Another list: neither its filter nor its order."""
        self._reset_view()

    def restore_view_settings(self, saved: ViewSettings | None) -> None:
        """Look at the site as it was looked at last, unless the person has been quicker, or has only signed in anew."""
        if self._saved_settings is not None:
            return
        self._saved_settings = self._default_settings
        if saved is None or self.view_settings != self._default_settings:
            return
        configured_store = (
            self.target.store if self.target else None
        )  # what the configuration says has been said more clearly
        self.criteria = replace(self.criteria, order=saved.order, store=configured_store or saved.store)
        self.columns, self.grouping = saved.columns, saved.grouping
        self.utc = saved.utc and not self.options.is_zone_chosen
        self._saved_settings = self.view_settings
        self.show_assessment()

    def remember_view_settings(self) -> None:
        """Remember how the person looks at the site, if that is another way than before."""
        if self.target is not None and self._saved_settings not in {None, self.view_settings}:
            self._saved_settings = self.view_settings
            self._save_view_settings(self.target, self.access, self._saved_settings)

    @work(group="view-settings", exit_on_error=False)
    async def _save_view_settings(self, target: Target, access: ConnectionOptions, view_settings: ViewSettings) -> None:
        """One after another, so that the last one stays."""
        async with self._save_lock:
            await save_view_settings(target, access, view_settings)
