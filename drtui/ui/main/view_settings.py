"""Save the view settings of the list (order, columns, groups, zone and store) for each site, and restore them."""

import asyncio
from functools import partial

from msgspec.structs import replace
from textual.screen import Screen

from drtui.core.listing.view_settings import ViewSettings
from drtui.session import ConnectionOptions, Target
from drtui.session.remembered_views import save_view_settings
from drtui.ui.background import run_worker
from drtui.ui.main.open_site import OpenSite


class SavedViewSettings:
    """The view settings in the file of a site, and in its view."""

    def __init__(self, screen: Screen[None], site: OpenSite) -> None:
        self._screen, self._site = screen, site
        self._save_lock = asyncio.Lock()
        self.reset()

    def reset(self) -> None:
        """Expect the settings of another site, whose view has just been reset."""
        self._defaults = self._site.settings
        self.saved: ViewSettings | None = None
        """The settings in the file; None until they are loaded."""

    def restore(self, saved: ViewSettings | None) -> bool:
        """Apply saved settings, unless the user has already changed them or has only signed in again.

        Returns:
            True if the view has changed.
        """
        site = self._site
        if self.saved is not None:
            return False
        self.saved = self._defaults
        if saved is None or site.settings != self._defaults:
            return False
        configured_store = site.target.store if site.target else None  # the configuration wins over saved settings
        site.criteria = replace(site.criteria, order=saved.order, store=configured_store or saved.store)
        site.columns, site.grouping = saved.columns, saved.grouping
        site.utc = saved.utc and not site.options.is_zone_chosen
        self.saved = site.settings
        return True

    def save(self) -> None:
        """Save the view settings if they have changed."""
        site = self._site
        if site.target is not None and self.saved not in {None, site.settings}:
            self.saved = site.settings
            write = partial(self._write, site.target, site.access, self.saved)
            run_worker(self._screen, write, "view-settings", exclusive=False, exit_on_error=False)

    async def _write(self, target: Target, access: ConnectionOptions, settings: ViewSettings) -> None:
        """Write the settings, one write after another, so that the newest remains."""
        async with self._save_lock:
            await save_view_settings(target, access, settings)
