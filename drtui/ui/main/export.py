"""Actions of the main screen that copy, show or save text: a name, a restore point, or the list."""

import asyncio
from typing import TYPE_CHECKING

from textual import work

from drtui.core.analysis.rpo import lists_incomplete_reason
from drtui.core.formatting.text import plural
from drtui.core.model.requests import curl_command
from drtui.core.model.site_state import all_lists_known
from drtui.ui.clipboard import copy_text, count_bytes
from drtui.ui.dialogs.choice_menu import Choice, ChoiceMenu, Chosen
from drtui.ui.dialogs.save_file import SaveFileDialog
from drtui.ui.filenames import abbreviate_home, propose_filename
from drtui.ui.main.layout import FourPanes
from drtui.ui.screens.exportable import ExportableScreen
from drtui.ui.suspend import show_in_terminal

if TYPE_CHECKING:
    from drtui.output.export import CopyFormat

ALTERNATIVES = (("p", "shows it"), ("x", "writes a file"))
"""Other keys of the copy menu, for a terminal that refuses the clipboard or a text that is too large for it."""

FORMATS = (
    Choice("m", "Markdown", "for people: site, age, filter, and the list"),
    Choice("v", "CSV", "for spreadsheets: the rows and nothing else"),
    Choice("o", "JSON object", "for programs: everything that is known of each"),
    Choice("s", "SVG", "the window as a picture"),
)
SUFFIXES = {"m": "md", "v": "csv", "o": "json"}


class ExportActions(FourPanes):
    """Adds copying and exporting to the main screen."""

    def format_curl_line(self, url: str) -> str:
        """Return the curl command of a request to `url`."""
        access = self.access
        return curl_command(
            url, user=access.user, referer=access.referer, ca_file=access.ca_file, insecure=access.insecure
        )

    def propose_filename(self, view: str, suffix: str) -> str:
        """Return the proposed file name for an export of `view`, with site and time."""
        return propose_filename(self.site_state.location, view, self.now, self.zone, suffix)

    def open_exportable(self, screen: ExportableScreen, view: str, suffix: str) -> None:
        """Push a screen of text, whose export is named after `view`."""
        screen.filename = self.propose_filename(view, suffix)
        self.app.push_screen(screen)

    def action_copy(self) -> None:
        """Copy the name of the restore point under the cursor."""
        if self.report_unavailable("copy") or self.point is None:
            return
        name = self.point.backup.name
        self.show_message(copy_text(self.app, name, name))

    @work(exclusive=True, group="dialog")
    async def action_take(self) -> None:
        """Let the user choose a format of the restore point under the cursor, and copy, show or save it."""
        point = self.point
        if self.report_unavailable("take") or point is None:
            return
        from drtui.output.export import copy_formats  # noqa: PLC0415 - not needed for the first paint
        from drtui.output.runbook import record_url  # noqa: PLC0415 - likewise

        formats = copy_formats(
            self.assessment, point, self.view, self.format_curl_line(record_url(self.assessment, point))
        )
        choices = [
            Choice(copy_format.letter, copy_format.label, f"{count_bytes(copy_format.text):,} bytes")
            for copy_format in formats
        ]
        menu = ChoiceMenu(f"Copy of {point.backup.name}", choices, ALTERNATIVES, plain=self.options.plain)
        chosen = await self.app.push_screen_wait(menu)
        if chosen is not None:
            await self._copy_as(
                chosen,
                next(copy_format for copy_format in formats if copy_format.letter == chosen.letter),
                point.backup.name,
            )

    async def _copy_as(self, chosen: Chosen, copy_format: "CopyFormat", name: str) -> None:
        if chosen.alternative == "p":
            show_in_terminal(self.app, copy_format.text)
        elif chosen.alternative == "x":
            await self._save_as(
                copy_format.label, copy_format.text, f"{name} {copy_format.label.partition(',')[0]}", copy_format.suffix
            )
        else:
            self.show_message(copy_text(self.app, copy_format.text, copy_format.label))

    @work(exclusive=True, group="dialog")
    async def action_export(self) -> None:
        """Save the list in a chosen format, or the window as a picture, to a file."""
        if not self.catalog.source and not all_lists_known(self.site_state):
            self.show_message("the list is not known, which a file would show as empty; E tells why")
            return
        chosen = await self.app.push_screen_wait(ChoiceMenu("Export what is shown", FORMATS, plain=self.options.plain))
        if chosen is None:
            return
        if chosen.letter == "s":
            picture = self.app.export_screenshot(title=f"drtui {self.site_state.location}")
            await self._save_as("picture", picture, "window", "svg")
            return
        from drtui.output.export import EXPORTERS, Listing  # noqa: PLC0415 - not needed for the first paint

        columns = self.columns if "reason" in self.columns else (*self.columns, "reason")
        listing = Listing(
            self.assessment, self.catalog, self.view, self.grouping, columns, previous=self.previous_lists
        )
        suffix = SUFFIXES[chosen.letter]
        text = await asyncio.to_thread(EXPORTERS[suffix], listing)
        reason = lists_incomplete_reason(self.site_state)
        warning = f"; {reason.upper()}" if reason else ""
        count = plural(len(self.catalog.points), "restore point", "restore points")
        await self._save_as(f"{count}{warning}", text, f"{self.catalog.store or ''} restore points", suffix)

    async def _save_as(self, description: str, text: str, view: str, suffix: str) -> None:
        """Ask for a file name, and write the file."""
        path = await self.app.push_screen_wait(SaveFileDialog(description, text, self.propose_filename(view, suffix)))
        if path is not None:
            self.show_message(f"written into {abbreviate_home(path.parent)}: {path.name}")
