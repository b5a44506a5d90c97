"""Open the answer for a moment, the runbook, the audit report and the gaps above the main screen."""

import asyncio
from collections.abc import Callable, Hashable, Sequence

from textual.screen import Screen

from drtui.core.analysis.point_in_time import Candidate, PointInTimeChoice, choose_before, list_candidates
from drtui.core.formatting.display import DisplayContext
from drtui.core.verdict.restore_points import RestorePoint
from drtui.ui.background import run_worker
from drtui.ui.main.open_site import OpenSite
from drtui.ui.screens.exportable import ExportableScreen


class Documents:
    """The screens that prepare a restore or an audit of the open site."""

    def __init__(
        self,
        screen: Screen[None],
        site: OpenSite,
        *,
        open_exportable: Callable[[ExportableScreen, str, str], object],
        copy_as: Callable[[RestorePoint, Callable[[str], object]], object],
        go_to: Callable[[tuple[str, str]], object],
        select: Callable[[Hashable], object],
    ) -> None:
        """Create the overlay.

        Args:
            screen: the main screen.
            site: the site that they show.
            open_exportable: opens a screen of text, whose export is named after a view, with a suffix.
            copy_as: lets the user copy a restore point in a format of choice.
            go_to: shows a restore point in the list, and its details.
            select: moves the cursor of the list to a restore point or a run.
        """
        self._screen, self._site, self._open_exportable = screen, site, open_exportable
        self._copy_as, self._go_to, self._select = copy_as, go_to, select

    def open_before(self) -> None:
        """Ask for a time, and show which restore point brings the site back to before that time."""
        run_worker(self._screen, self._open_before, "dialog")

    async def _open_before(self) -> None:
        from drtui.ui.dialogs.point_in_time import PointInTimeDialog
        from drtui.ui.screens.before import BeforeCallbacks, BeforeScreen

        site, app = self._site, self._screen.app
        moment = await app.push_screen_wait(PointInTimeDialog(site.now, site.zone))
        if moment is None:
            return

        def choose() -> tuple[PointInTimeChoice, Sequence[Candidate], DisplayContext]:
            points = site.assessment.points
            choice = choose_before(site.site_state, points, moment, site.now)
            return choice, tuple(list_candidates(choice, points)), site.view

        screen = BeforeScreen(
            choose,
            BeforeCallbacks(self.open_runbook, self._copy_as, self.open_before),
            accent=site.accent,
        )
        screen.filename = site.propose_filename("before", "txt")
        app.push_screen(screen, self._open_point)

    def _open_point(self, chosen: Hashable) -> None:
        """Show the restore point that was chosen in the answer."""
        if isinstance(chosen, tuple):
            self._go_to(chosen)

    def open_runbook(self, point: RestorePoint) -> None:
        """Show the runbook for restoring a restore point."""
        from drtui.output.runbook import as_runbook
        from drtui.ui.screens.document import DocumentScreen

        site = self._site

        def write() -> str:
            listed = next((listed for listed in site.assessment.points if listed.id == point.id), point)
            return as_runbook(site.assessment, listed, site.view)

        name = point.backup.name or "(no name)"
        screen = DocumentScreen("Runbook", "", write, plain=site.options.plain, accent=site.accent)
        self._open_exportable(screen, f"runbook {name}", "md")

    def open_report(self) -> None:
        """Show the audit report of the last days."""
        run_worker(self._screen, self._open_report, "documents")

    async def _open_report(self) -> None:
        from drtui.output.report import AuditPeriod, as_markdown
        from drtui.session.journal import read_site_changes
        from drtui.ui.screens.document import ReportScreen

        site = self._site
        changes, _ = await asyncio.to_thread(read_site_changes, site.site_state.address)

        def write(days: int) -> str:
            return as_markdown(AuditPeriod.last_days(site.assessment, days, changes), site.view)

        screen = ReportScreen("", write, plain=site.options.plain, accent=site.accent)
        self._open_exportable(screen, "report", "md")

    def open_gaps(self) -> None:
        """Show gaps, missed runs and failed runs."""
        from drtui.ui.screens.gaps import GapsScreen

        site = self._site
        screen = GapsScreen(lambda: (site.assessment, site.view), "", site.accent)
        screen.filename = site.propose_filename("gaps", "txt")
        self._screen.app.push_screen(screen, self._close_gaps)

    def _close_gaps(self, chosen: Hashable) -> None:
        """Show the run that was opened in the list."""
        if chosen is not None:
            self._select(chosen)
