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
from drtui.core.summary.freshness import freshness
from drtui.session import ConnectionOptions, Target
from drtui.session.view_settings import save_view_settings
from drtui.ui.main.poller import Polling
from drtui.ui.options import Options

LONGEST = 40
"""Cells of a site's name beside a title."""


class ViewSettingsKeeping(Polling):
    """A screen that knows a site, and how it is looked at."""

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self._keeping = asyncio.Lock()
        self._at_first()

    def _at_first(self) -> None:
        """As nobody has chosen anything yet."""
        self.criteria = Criteria(store=self.target.store if self.target else None)
        """Which restore points are wanted, and in which order."""
        self.columns: tuple[str, ...] = DEFAULT_SCREEN_COLUMNS
        self.grouping = Grouping.NONE
        self.utc = False
        self._first = self.arrangement
        self._kept: ViewSettings | None = None
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
        fresh = freshness(self.reading, self.now, self.zone)
        tone = "accent" if self.target and self.target.accent else "strong"
        insecure = (("  TLS NOT VERIFIED", "bad"),) if self.access.insecure else ()
        return (
            (self.reading.location, tone),
            (f"  {fresh}", tone),
            *insecure,
            (f" {zone_label(self.now, self.zone)}", ""),
        )

    @property
    def caption(self) -> str:
        """The site, how fresh it is and whether it may be another one, beside a title."""
        insecure = "  TLS NOT VERIFIED" if self.access.insecure else ""
        return f"{cut_middle(self.reading.location, LONGEST)}  {freshness(self.reading, self.now, self.zone)}{insecure}"

    @property
    def arrangement(self) -> ViewSettings:
        """All of it."""
        return ViewSettings(self.criteria.order, self.columns, self.grouping, self.utc, self.criteria.store)

    def changed_site(self) -> None:
        """Another list: neither its filter nor its order."""
        self._at_first()

    def look_as_before(self, found: ViewSettings | None) -> None:
        """Look at the site as it was looked at last, unless the person has been quicker, or has only signed in anew."""
        if self._kept is not None:
            return
        self._kept = self._first
        if found is None or self.arrangement != self._first:
            return
        named = self.target.store if self.target else None  # what the configuration says has been said more clearly
        self.criteria = replace(self.criteria, order=found.order, store=named or found.store)
        self.columns, self.grouping = found.columns, found.grouping
        self.utc = found.utc and not self.options.zone_asked
        self._kept = self.arrangement
        self.show_judged()

    def keep_arrangement(self) -> None:
        """Remember how the person looks at the site, if that is another way than before."""
        if self.target is not None and self._kept not in {None, self.arrangement}:
            self._kept = self.arrangement
            self._write(self.target, self.access, self._kept)

    @work(group="keep", exit_on_error=False)
    async def _write(self, target: Target, access: ConnectionOptions, arrangement: ViewSettings) -> None:
        """One after another, so that the last one stays."""
        async with self._keeping:
            await save_view_settings(target, access, arrangement)
