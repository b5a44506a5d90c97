"""Open the screens of text, dialogs and the item search above the main screen."""

import asyncio
from collections.abc import AsyncIterator, Callable, Hashable
from functools import partial
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace
from textual.screen import Screen

from drtui.core.model.diagnosis import Step
from drtui.core.verdict.restore_points import RestorePoint
from drtui.core.wire.backup_schema import record_json
from drtui.session.profiles import NamedSite
from drtui.ui.background import run_worker
from drtui.ui.main.open_site import OpenSite
from drtui.ui.screens.exportable import ExportableScreen
from drtui.ui.screens.text_viewer import TextScreen
from drtui.ui.widgets.empty_states import describe_failure
from drtui.ui.widgets.site_status import make_other_status
from drtui.ui.widgets.styled_lines import Line, line

if TYPE_CHECKING:
    from drtui.ui.screens.where import WhereChoice, WhereScreen


class Overlays:
    """The screens above the main screen that show something of the open site."""

    def __init__(
        self,
        screen: Screen[None],
        site: OpenSite,
        *,
        open_exportable: Callable[[ExportableScreen, str, str], object],
        on_where_chosen: Callable[["WhereChoice"], object],
    ) -> None:
        """Create the overlays.

        Args:
            screen: the main screen.
            site: the site that they show.
            open_exportable: opens a screen of text, whose export is named after a view, with a suffix.
            on_where_chosen: filters the list by the item that was chosen in the item search.
        """
        self._screen, self._site, self._open_exportable = screen, site, open_exportable
        self._on_where_chosen = on_where_chosen
        self._where_screen: WhereScreen | None = None
        """The item search screen while it is open."""
        self._unkept_notes: dict[tuple[str, str, int | None], str] = {}
        """Texts of notes that history could not keep, by the backup: store, name and start."""

    def refill(self) -> None:
        """Show the current assessment in the item search if it is open."""
        if self._where_screen is not None:
            self._where_screen.refill(self._site.assessment, self._site.view)

    def follow_answer(self) -> None:
        """Show what the latest answer of the site has changed on all open screens."""
        for screen in self._screen.app.screen_stack:
            if isinstance(screen, ExportableScreen):
                screen.follow_answer()

    def open_record(self, point: RestorePoint) -> None:
        """Show the JSON record as the server sent it, without secrets."""
        text = msgspec.json.format(record_json(point.backup), indent=2).decode()
        note = "as sent by the server, without secrets"
        lines = [line(text_line) for text_line in text.splitlines()]
        self.open_text(f"Raw JSON of {point.backup.name}", note, lines, "json")

    def open_last_error(self) -> None:
        """Show the last error in full, and all failures of the current site state."""
        failures = dict.fromkeys([self._site.last_error, *(failure for _, failure in self._site.site_state.failures)])
        lines = [row for failure in failures if failure is not None for row in (*describe_failure(failure), ("", ""))]
        self.open_text("Last error", "D opens the doctor", [line(text, tone) for text, tone in lines])

    def open_text(
        self,
        heading: str,
        note: str,
        lines: list[Line],
        suffix: str = "txt",
        rebuild: Callable[[], list[Line]] | None = None,
    ) -> None:
        """Open a screen of text, with a note beside its title; `rebuild` returns its lines as of the latest answer."""
        site = self._site
        screen = TextScreen(heading, note, lines, plain=site.options.plain, accent=site.accent, rebuild=rebuild)
        self._open_exportable(screen, heading, suffix)

    def open_note(self, point: RestorePoint, show: Callable[[str], object]) -> None:
        """Ask for a note about a restore point and keep it; `show` gets a message when the notes have changed."""
        run_worker(self._screen, partial(self._open_note, point, show), "dialog")

    async def _open_note(self, point: RestorePoint, show: Callable[[str], object]) -> None:
        from drtui.session.notes import HistoryError, NoteError, write_note
        from drtui.ui.dialogs.note import NoteDialog

        site = self._site
        target, access, session = site.target, site.access, site.session
        key = (point.backup.store, point.backup.name, point.backup.start)
        proposal = self._unkept_notes.get(key, "")
        text = await self._screen.app.push_screen_wait(NoteDialog(point.backup.name, proposal))
        if text is None or target is None:
            return
        try:
            note = await asyncio.to_thread(write_note, target, access, point.backup, text, site.options.clock())
        except (NoteError, HistoryError) as error:
            self._unkept_notes[key] = text
            show(f"note NOT saved (N shows its text again). {error}")
            return
        self._unkept_notes.pop(key, None)
        if session is not None:
            session.add_note(note)
        if site.target is target:
            state = site.site_state
            history = replace(state.history, notes=(note, *state.history.notes))
            site.assessment = replace(site.assessment, site_state=replace(state, history=history))
        show(f"note saved in history: {point.backup.name}")

    def open_where(self, item_key: Hashable = None) -> None:
        """Open the item search, with the cursor on the item with `item_key` if given."""
        from drtui.ui.screens.where import WhereScreen

        if self._where_screen is not None:
            return
        site = self._site
        self._where_screen = WhereScreen(
            site.assessment,
            site.view,
            start_key=item_key,
            accent=site.accent,
        )
        self._where_screen.filename = site.propose_filename("where", "txt")
        self._screen.app.push_screen(self._where_screen, self._close_where)

    def _close_where(self, chosen: Hashable) -> None:
        from drtui.ui.screens.where import WhereChoice

        self._where_screen = None
        if isinstance(chosen, WhereChoice):
            self._on_where_chosen(chosen)

    def open_activity(self, on_act: Callable[[], object]) -> None:
        """Show the activity of the site: last operation and schedules; `on_act` opens the menu of changes."""
        from drtui.ui.screens.activity import ActivityScreen

        site = self._site
        screen = ActivityScreen(lambda: (site.assessment, site.view), "", accent=site.accent, on_act=on_act)
        self._open_exportable(screen, screen.rows.heading, "txt")

    def open_doctor(self, other_site: NamedSite | None = None) -> None:
        """Diagnose the connection to the open site, or to another named one."""
        from drtui.session.doctor import diagnose
        from drtui.session.fleet import Fleet
        from drtui.ui.screens.doctor import DoctorScreen

        site, options = self._site, self._site.options
        session = site.session
        start: Callable[[], AsyncIterator[Step]]
        if other_site is not None:
            target = other_site.target
            fleet = Fleet((), options.command_line, now=options.now, clock=options.clock, open_session=session)
            start = partial(fleet.diagnose, other_site)
        elif site.target is not None:
            target = site.target
            state = session.auth_state if session is not None else None
            start = partial(diagnose, target, site.access, auth_state=state, now=options.now)
        else:
            return
        screen = DoctorScreen(target.location, start, options.clock, plain=options.plain, accent=target.accent)
        if other_site is not None:
            screen.other_site = make_other_status(target.name, str(target.address or ""), target.accent)
        self._open_exportable(screen, "doctor", "txt")

    def open_requests(self) -> None:
        """Show the requests to the site, with their results."""
        from drtui.ui.screens.request_log import RequestLogScreen

        site = self._site
        screen = RequestLogScreen(
            tuple(site.session.requests) if site.session is not None else (),
            lambda request: site.format_curl_line(request.url),
            site.zone,
            plain=site.options.plain,
        )
        self._open_exportable(screen, "request", "sh")
