"""Change the site: the menu of what is possible, the dialogs before, and following what was sent."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from textual.screen import Screen

from drtui.core.verdict.restore_points import RestorePoint
from drtui.session import Session
from drtui.ui.background import run_worker
from drtui.ui.dialogs.choice_menu import Choice, ChoiceMenu
from drtui.ui.main.open_site import FollowedChange, OpenSite
from drtui.ui.widgets.styled_lines import Line, line

if TYPE_CHECKING:
    from drtui.core.model.auth import Secret
    from drtui.core.operations.actions import Action, Situation
    from drtui.core.operations.journal import JournalEntry
    from drtui.core.operations.progress import Progress
    from drtui.core.operations.request import Change
    from drtui.session.operations import SiteChanges as Operations
    from drtui.ui.dialogs.change_plan import Confirmed

WHOLE_SITE = ""
"""The subject of a menu that is about the site."""

DEFAULT_DELAY = 10.0
"""Seconds between two observations of a change, to which `Options.follow_interval` is compared."""


class SiteChanges:
    """The changes that a person makes to the open site."""

    def __init__(
        self,
        screen: Screen[None],
        site: OpenSite,
        *,
        refresh: Callable[[], object],
        on_progress: Callable[[], object],
        show_text: Callable[[str, str, list[Line]], object],
        show_message: Callable[[str], object],
    ) -> None:
        """Create the part.

        Args:
            screen: the main screen.
            site: the open site.
            refresh: refreshes the open site.
            on_progress: shows what is known of the changes that are followed.
            show_text: opens a screen of text: heading, note, lines.
            show_message: shows a message in the footer.
        """
        self._screen, self._site = screen, site
        self._refresh, self._on_progress = refresh, on_progress
        self._show_text, self._show_message = show_text, show_message
        self.sleep: Callable[[float], Awaitable[object]] = self._sleep
        """Waits between two observations of a change."""
        self._operations: dict[Session, Operations] = {}
        """The operations of each session: the journal of a simulated site is in memory."""
        self._searched: Session | None = None
        """The session with which open entries of the journal were looked for."""

    # the menu

    def open_menu(self, subject: RestorePoint | str) -> None:
        """Show what can be done with a restore point, a store (by its name), or the site (`WHOLE_SITE`)."""
        run_worker(self._screen, partial(self._act, subject), "dialog")

    def open_journal(self) -> None:
        """Show the journal."""
        run_worker(self._screen, self._show_journal, "dialog")

    async def _act(self, subject: RestorePoint | str) -> None:
        from drtui.core.operations.actions import point_actions, site_actions, store_actions

        site, situation = self._site, self._situation
        if isinstance(subject, RestorePoint):
            title, actions = subject.backup.name, point_actions(subject, situation)
        elif subject != WHOLE_SITE:
            title, actions = f"store {subject}", store_actions(subject, situation)
        else:
            title, actions = site.site_state.location, site_actions(situation)
        choices = [Choice(action.letter, action.label, action.note, action.reason) for action in actions]
        heading = f"{site.badge[0]}   {title}"
        chosen = await self._screen.app.push_screen_wait(ChoiceMenu(heading, choices, plain=site.options.plain))
        action = next((action for action in actions if chosen is not None and action.letter == chosen.letter), None)
        if action is None:
            return
        if action.operation is not None:
            await self._prepare(action, subject)
        elif action.letter == "s":
            await self._act(WHOLE_SITE)
        else:
            await self._show_journal()

    @property
    def _situation(self) -> "Situation":
        """The facts that decide which changes are possible."""
        from drtui.core.operations.actions import Situation
        from drtui.core.operations.progress_text import change_subject
        from drtui.core.operations.request import FOLLOWED

        site, obstacle = self._site, ""
        running = [followed.change for followed in site.changes_here if followed.is_running]
        if site.target is not None and site.target.file is not None:
            obstacle = "This is a file, not a site"
        elif site.access.offline:
            obstacle = "Saved data is shown, and nothing is sent. Start drtui without --offline"
        elif site.session is None:
            obstacle = "There is no connection to the site"
        followed = next((change_subject(change) for change in running if change.operation in FOLLOWED), "")
        profile = site.target.name if site.target is not None else ""
        return Situation(site.assessment, site.permissions, profile, obstacle, followed)

    # the dialogs before

    async def _prepare(self, action: "Action", subject: RestorePoint | str) -> None:
        """Ask for what the change needs, show its plan, and send it once it is confirmed."""
        from drtui.ui.dialogs.change_plan import ChangePlanScreen

        site, session = self._site, self._site.session
        prepared = await self._fill_in(action, subject)
        if prepared is None or session is None:
            return
        change, passcode = prepared
        operations = self._operations_of(session)
        plan_screen = ChangePlanScreen(
            change,
            passcode,
            operations.plan,
            site.zone,
            plain=site.options.plain,
            accent=site.accent,
        )
        confirmed = await self._screen.app.push_screen_wait(plan_screen)
        if confirmed is None:
            self._show_message("nothing was sent")
        elif site.session is not session:
            self._show_message("nothing was sent: another site is open")
        else:
            self._send(session, operations, confirmed)

    async def _fill_in(self, action: "Action", subject: RestorePoint | str) -> "tuple[Change, Secret | None] | None":
        """Return the change, and its passcode if it was asked for; None if the user cancels."""
        from drtui.core.operations import request
        from drtui.core.operations.facts import Facts, default_retention
        from drtui.core.operations.preflight import retention_text
        from drtui.core.operations.request import Operation
        from drtui.ui.dialogs.change_form import CreateForm, KeepForm

        site = self._site
        now = site.session.now if site.session is not None else site.now
        match action.operation:
            case Operation.CREATE:
                retention = now + default_retention(Facts(site.assessment), action.store)
                return await self._screen.app.push_screen_wait(CreateForm(action.store, retention, now, site.zone))
            case Operation.KEEP:
                kept = retention_text(subject.backup.retention) if isinstance(subject, RestorePoint) else ""
                form = KeepForm(action.store, action.name, kept, now, site.zone)
                return await self._screen.app.push_screen_wait(form)
            case Operation.VALIDATE:
                return request.ValidateStore(action.store), None
            case Operation.PAUSE:
                return request.PauseSchedule(action.task, action.name, action.store), None
            case Operation.RESUME:
                return request.ResumeSchedule(action.task, action.name, action.store), None
            case Operation.DELETE:
                return request.DeleteBackup(action.store, action.name), None
            case Operation.RESTORE:
                return request.RestoreBackup(action.store, action.name), None
            case None:
                return None

    # sending and following

    def _operations_of(self, session: Session) -> "Operations":
        """Return the operations of a session."""
        from drtui.session.operations import SiteChanges as Operations

        if session not in self._operations:
            self._operations[session] = Operations(session, self._site.permissions, sleep=self.sleep)
        return self._operations[session]

    async def _sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds * self._site.options.follow_interval / DEFAULT_DELAY)

    def _send(self, session: Session, operations: "Operations", confirmed: "Confirmed") -> None:
        """Send a confirmed change, and follow it in a worker of the app: closing a screen does not end it."""
        plan, answers, passcode = confirmed
        self._follow(FollowedChange(session, plan.change, plan.id), operations, operations.run(plan, answers, passcode))

    def _follow(self, followed: FollowedChange, operations: "Operations", steps: "AsyncIterator[Progress]") -> None:
        site = self._site
        site.followed = [change for change in site.followed if self._stays(change, followed)] + [followed]
        self._on_progress()
        self._screen.app.run_worker(self._watch(followed, operations, steps), group="changes", exclusive=False)

    async def _watch(
        self, followed: FollowedChange, operations: "Operations", steps: "AsyncIterator[Progress]"
    ) -> None:
        """Show every step of a change until its end."""
        site, session = self._site, followed.session
        async for progress in steps:
            followed.progress = progress
            self._on_progress()
        if operations.journal_failure:
            self._show_message(operations.journal_failure)
        if site.session is session:
            self._refresh()
            return
        if followed.progress is not None:
            from drtui.core.operations.progress_text import progress_text

            self._show_message(f"{followed.target.location}: {progress_text(followed.progress).text}")
        if not site.is_session_needed(session):
            self._operations.pop(session, None)
            await session.close()

    def _stays(self, change: FollowedChange, newer: FollowedChange) -> bool:
        """True if a change stays on the screen beside a newer one: it is still running, or is of another site."""
        return change.is_running or not change.target.is_same_site(newer.target)

    def dismiss_ended(self) -> bool:
        """Remove what is known of ended changes of this site from the screen; True if there was any."""
        ended = [change for change in self._site.changes_here if not change.is_running]
        self._site.followed = [change for change in self._site.followed if change not in ended]
        if ended:
            self._on_progress()
        return bool(ended)

    def look_for_open_entries(self) -> None:
        """Look once for changes of this site that were sent when drtui ended, and follow them."""
        site, session = self._site, self._site.session
        is_site = site.target is not None and site.target.is_site and not site.access.offline
        if session is None or not is_site or session is self._searched or not site.site_state.is_complete:
            return
        self._searched = session
        run_worker(self._screen, partial(self._follow_open_entries, session), "journal", exclusive=False)

    async def _follow_open_entries(self, session: Session) -> None:
        operations = self._operations_of(session)
        from drtui.session.operations import JournalError

        try:
            entries = await operations.open_entries()
        except JournalError as error:
            self._show_message(str(error))
            return
        known = {followed.id for followed in self._site.followed}
        for entry in entries:
            if entry.id not in known:
                followed = FollowedChange(session, entry.intent.change, entry.id)
                self._follow(followed, operations, operations.follow(entry))

    async def close(self) -> None:
        """Close the sessions that only changes use."""
        for change in self._site.followed:
            await change.session.close()

    # the journal

    async def _show_journal(self) -> None:
        from drtui.session.operations import JournalError

        session = self._site.session
        if session is None:
            return
        operations = self._operations_of(session)
        try:
            contents = await operations.read_journal()
        except JournalError as error:
            self._show_message(str(error))
            return
        url = operations.destination.address.url
        entries = [entry for entry in contents.entries if entry.intent.site == url]
        lines = list(self._journal_lines(entries[::-1]))
        if contents.unread_lines:
            lines.append(line(f"{contents.unread_lines} lines of the journal could not be read.", "warn"))
        self._show_text("Journal", "changes of this site made with drtui, the newest first", lines)

    def _journal_lines(self, entries: "Sequence[JournalEntry]") -> "list[Line]":
        from drtui.core.formatting.times import format_full
        from drtui.core.operations.progress_text import OUTCOMES, change_subject

        if not entries:
            return [line("Nothing was changed from this machine and account.", "muted")]
        lines: list[Line] = []
        for entry in entries:
            word, tone = OUTCOMES[entry.outcome] if entry.outcome is not None else ("no outcome yet", "warn")
            moment = format_full(entry.intent.at, self._site.zone)
            user = f" by {entry.intent.user}" if entry.intent.user else ""
            lines += [
                Line(((f"{moment}  ", "muted"), (change_subject(entry.intent.change), "strong"), (f"  {word}", tone))),
                line(f"    {entry.id}{user}", "muted"),
            ]
            if entry.statement:
                lines.append(line(f"    {entry.statement}"))
        return lines
