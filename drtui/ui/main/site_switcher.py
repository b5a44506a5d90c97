"""Open another site: a named one, or one by its address."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Sequence
from functools import partial
from typing import NamedTuple

from textual.screen import Screen

from drtui.core.model.auth import OAuthGrant
from drtui.core.model.config import SettingsError
from drtui.core.summary.last_known import LastKnown
from drtui.session import ConnectionOptions, Target
from drtui.session.profiles import NamedSite, add_profile, last_known_sites, load_config, named_sites, simulated_sites
from drtui.ui.background import run_worker
from drtui.ui.filenames import propose_filename
from drtui.ui.main.open_site import OpenSite


class SwitcherCallbacks(NamedTuple):
    """Functions of the main screen that the site switcher calls."""

    open_site: Callable[[Target, ConnectionOptions, Callable[[], object] | None], object]
    """Opens a site; the last argument is called instead of a refresh if no credentials are available."""
    refresh: Callable[[], object]
    on_recalled: Callable[[], object]
    """The last known summaries of the named sites have been read."""
    show: Callable[[], object]
    """Shows every pane."""
    show_message: Callable[[str], object]


class SiteSwitcher:
    """The named sites with what was last known of each, and the dialogs that open another one."""

    def __init__(self, screen: Screen[None], site: OpenSite, callbacks: SwitcherCallbacks) -> None:
        self._screen, self._site, self._callbacks = screen, site, callbacks
        self._renewed_grant: OAuthGrant | None = None
        """The ended single sign-on for which a new one was asked already."""
        self.known_sites: Sequence[tuple[NamedSite, LastKnown | None]] = ()
        """The sites with a profile, with the last known summary of each."""

    def _run_dialog(self, work: Callable[[], Coroutine[None, None, None]], *, exclusive: bool = True) -> None:
        run_worker(self._screen, work, group="dialog", exclusive=exclusive)

    def sign_in_or_choose(self) -> None:
        """Ask for a sign-in; if no site is named, let the user choose one, without fetching the other sites.

        Not exclusive: it may start late, and must not cancel a dialog that is open.
        """
        ask = self._ask_sign_in if self._site.target is not None else partial(self._choose_site, fetch=False)
        self._run_dialog(ask, exclusive=False)

    def sign_in_again(self) -> None:
        """Ask in place for a new single sign-on, once for each that has ended: `o` asks again."""
        grant = self._site.access.grant
        if grant is not None and grant is not self._renewed_grant:
            self._renewed_grant = grant
            self._run_dialog(self._ask_sign_in, exclusive=False)

    def choose_site(self) -> None:
        """Compare the named sites, and open one of them or another address."""
        self._run_dialog(partial(self._choose_site, fetch=True))

    async def _choose_site(self, *, fetch: bool) -> None:
        """Open the list of named sites, or the sign-in dialog if there are none; `fetch` refreshes the list at once."""
        sites = await self._named_sites()
        if not sites:
            await self._ask_sign_in()
            return
        from drtui.session.fleet import Fleet
        from drtui.ui.screens.sites import SitesScreen

        site, options = self._site, self._site.options
        fleet = Fleet(
            sites,
            options.command_line,
            rpo=options.rpo,
            now=options.now,
            clock=options.clock,
            open_session=site.session,
        )
        screen = SitesScreen(fleet, site.view, site.target, fetch=fetch, allow_changes=options.allow_changes)
        screen.filename = propose_filename("drtui", "sites", site.now, site.zone, "txt")
        chosen = await self._screen.app.push_screen_wait(screen)
        self.recall()
        if isinstance(chosen, NamedSite):
            await self._open(chosen)
        elif chosen is not None:
            await self._ask_sign_in()

    @property
    def _is_simulated(self) -> bool:
        return self._site.target is not None and self._site.target.scenario is not None

    async def _named_sites(self) -> tuple[NamedSite, ...]:
        """Return the sites in the configuration, or the simulated sites while a simulated one is open."""
        if self._is_simulated:
            return simulated_sites()
        try:
            return named_sites((await asyncio.to_thread(load_config)).profiles)
        except SettingsError as error:
            self._callbacks.show_message(str(error))
            return ()

    def recall(self) -> None:
        """Load the last known summaries from a file, which is small enough to read during the first refresh."""
        run_worker(self._screen, self._recall, "last-known")

    async def _recall(self) -> None:
        self.known_sites = () if self._is_simulated else await asyncio.to_thread(last_known_sites)
        self._callbacks.on_recalled()

    def list_moments(self) -> Iterator[int]:
        """Yield the times at which the sites were fetched and their newest restore points started, epoch ms."""
        for _, summary in self.known_sites:
            if summary is not None:
                yield from (summary.read, summary.started)

    def find_named(self, name: object) -> NamedSite | None:
        """Return the site with a profile of this name."""
        return next((site for site, _ in self.known_sites if site.target.name == name), None)

    def open_named(self, name: object) -> None:
        """Open the named site, if there is one."""
        named_site = self.find_named(name)
        if named_site is not None:
            self._run_dialog(partial(self._open, named_site))

    async def _open(self, named_site: NamedSite) -> None:
        """Open a named site; a command may have to provide its secret first.

        The open site keeps a sign-in that was typed, as long as it works.
        """
        site = self._site
        command_line = self._site.options.command_line
        try:
            access = await asyncio.to_thread(named_site.complete_options, command_line.for_any_site)
        except SettingsError as error:
            self._callbacks.show_message(str(error))
            return
        is_open = site.target is not None and named_site.target.is_same_site(site.target)
        if is_open and site.access.can_sign_in and not access.can_sign_in and not site.is_signed_out:
            self._callbacks.refresh()
            return
        self._callbacks.open_site(named_site.target, access, self.sign_in_or_choose)

    async def _ask_sign_in(self) -> None:
        """Ask for address, user and password or token, and open that site."""
        from drtui.ui.dialogs.sign_in import SignInDialog

        site = self._site
        stores = site.site_state.stores
        error = site.last_error.summary if site.last_error and stores and stores.failure else ""
        is_needed = site.is_signed_out or not site.access.can_sign_in
        dialog = SignInDialog(site.target, site.access, error, skips_form=is_needed)
        self._show_waiting(is_waiting=site.site_state.stores is None)
        answer = await self._screen.app.push_screen_wait(dialog)
        self._show_waiting(is_waiting=False)
        if answer is not None:
            target, access, name = answer
            self._callbacks.open_site(target, access, None)
            if name:
                await self._add_profile(name, target, access)
        elif site.site_state.stores is None:
            self._callbacks.refresh()  # without credentials: the site reports what it needs

    def _show_waiting(self, *, is_waiting: bool) -> None:
        """Show behind the dialog that nothing is asked of the site yet, or that it is again."""
        if is_waiting != self._site.is_waiting:
            self._site.is_waiting = is_waiting
            self._callbacks.show()

    async def _add_profile(self, name: str, target: Target, access: ConnectionOptions) -> None:
        """Save the site as a profile, without any secret."""
        try:
            path = await asyncio.to_thread(add_profile, name, target, access)
        except SettingsError as error:
            self._callbacks.show_message(str(error))
        else:
            self._callbacks.show_message(f"{name} saved in {path}, without the secret")
            self.recall()
