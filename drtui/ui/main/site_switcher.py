"""Actions of the main screen that open another site: a named one, or one by its address."""

import asyncio
from collections.abc import Sequence

from textual import on, work

from drtui.core.model.config import SettingsError
from drtui.core.summary.last_known import LastKnown
from drtui.session import ConnectionOptions, Target
from drtui.session.profiles import NamedSite, add_profile, last_known_sites, load_config, named_sites, simulated_sites
from drtui.ui.filenames import propose_filename
from drtui.ui.main.comparison import ComparisonActions
from drtui.ui.widgets import pane_content
from drtui.ui.widgets.styled_lines import Line
from drtui.ui.widgets.virtual_list import VirtualList


class SiteActions(ComparisonActions):
    """Adds switching between sites to the main screen."""

    known_sites: Sequence[tuple[NamedSite, LastKnown | None]] = ()
    """The sites with a profile, with the last known summary of each."""

    def on_mount(self) -> None:
        """Load the site after the first paint, or ask for a sign-in; Textual also calls `on_mount` of the panes."""
        self.call_after_refresh(self.load_site, self.sign_in_or_choose)
        self.call_after_refresh(self._recall_sites)

    @work(group="dialog")
    async def sign_in_or_choose(self) -> None:
        """Ask for a sign-in; if no site is named, let the user choose one, without fetching the other sites.

        Not exclusive: it may start late, and must not cancel a dialog that is open.
        """
        if self.target is not None:
            await self._ask_sign_in()
        else:
            await self._choose_site(fetch=False)

    @work(exclusive=True, group="dialog")
    async def action_other_site(self) -> None:
        """Compare the named sites, and open one of them or another address."""
        await self._choose_site(fetch=True)

    async def _choose_site(self, *, fetch: bool) -> None:
        """Open the list of named sites, or the sign-in dialog if there are none; `fetch` refreshes the list at once."""
        sites = await self._named_sites()
        if not sites:
            await self._ask_sign_in()
            return
        from drtui.session.fleet import Fleet  # noqa: PLC0415 - not needed for the first paint
        from drtui.ui.screens.sites import SitesScreen  # noqa: PLC0415 - likewise

        options = self.options
        fleet = Fleet(
            sites,
            options.command_line,
            rpo=options.rpo,
            now=options.now,
            clock=options.clock,
            open_session=self.session,
        )
        screen = SitesScreen(fleet, self.view, self.target, fetch=fetch)
        screen.filename = propose_filename("drtui", "sites", self.now, self.zone, "txt")
        await self.app.push_screen_wait(screen)
        self._recall_sites()
        if isinstance(screen.chosen, NamedSite):
            await self._open_named_site(screen.chosen)
        elif screen.chosen is not None:
            await self._ask_sign_in()

    @property
    def _is_simulated(self) -> bool:
        return self.target is not None and self.target.scenario is not None

    async def _named_sites(self) -> tuple[NamedSite, ...]:
        """Return the sites in the configuration, or the simulated sites while a simulated one is open."""
        if self._is_simulated:
            return simulated_sites()
        try:
            return named_sites((await asyncio.to_thread(load_config)).profiles)
        except SettingsError as error:
            self.show_message(str(error))
            return ()

    @work(exclusive=True, group="last-known")
    async def _recall_sites(self) -> None:
        """Load the last known summaries from a file, which is small enough to read during the first refresh."""
        self.known_sites = () if self._is_simulated else await asyncio.to_thread(last_known_sites)
        self.connection.show(self.build_site_lines())
        self.schedule_age_update()

    @property
    def displayed_moments(self) -> Sequence[int]:
        """Also the times at which the other sites were fetched and their newest restore points started."""
        summaries = [summary for _, summary in self.known_sites if summary is not None]
        return (
            *super().displayed_moments,
            *(moment for summary in summaries for moment in (summary.read, summary.started)),
        )

    def build_site_lines(self) -> list[Line]:
        """Return the lines of the current site, and below them the other sites."""
        return [
            *super().build_site_lines(),
            *pane_content.build_other_site_lines(self.known_sites, self.target, self.now),
        ]

    def reset_for_site(self) -> None:
        """Also list the previous site among the others."""
        super().reset_for_site()
        self._recall_sites()

    @on(VirtualList.Selected, "#connection")
    async def _open_selected_site(self) -> None:
        """Open the site under the cursor."""
        site = next((site for site, _ in self.known_sites if site.target.name == self.connection.key), None)
        if site is not None:
            self._switch_to(site)

    @work(exclusive=True, group="dialog")
    async def _switch_to(self, site: NamedSite) -> None:
        await self._open_named_site(site)

    async def _open_named_site(self, site: NamedSite) -> None:
        """Open a named site; a command may have to provide its secret first."""
        try:
            access = await asyncio.to_thread(site.complete_options, self.options.command_line.for_any_site)
        except SettingsError as error:
            self.show_message(str(error))
            return
        self.open_site(site.target, access, self.sign_in_or_choose)

    async def _ask_sign_in(self) -> None:
        """Ask for address, user and password or token, and open that site."""
        stores = self.site_state.stores
        error = self.last_error.summary if self.last_error and stores and stores.failure else ""
        from drtui.ui.dialogs.sign_in import SignInDialog  # noqa: PLC0415 - not needed for the first paint

        answer = await self.app.push_screen_wait(SignInDialog(self.target, self.access, error))
        if answer is not None:
            target, access, name = answer
            self.open_site(target, access)
            if name:
                await self._add_profile(name, target, access)
        elif self.site_state.stores is None:
            self.refresh_now()  # without credentials: the site reports what it needs

    async def _add_profile(self, name: str, target: Target, access: ConnectionOptions) -> None:
        """Save the site as a profile, without any secret."""
        try:
            path = await asyncio.to_thread(add_profile, name, target, access)
        except SettingsError as error:
            self.show_message(str(error))
        else:
            self.show_message(f"{name} is kept in {path}, without the secret")
            self._recall_sites()
