"""Copy, show or save text: a name, a restore point, or the list."""

import asyncio
from collections.abc import Callable
from functools import partial

from textual.screen import Screen

from drtui.core.analysis.rpo import lists_incomplete_reason
from drtui.core.formatting.text import plural
from drtui.core.model.site_state import all_lists_known
from drtui.core.verdict.restore_points import RestorePoint
from drtui.ui.background import run_worker
from drtui.ui.clipboard import copy_text, count_bytes
from drtui.ui.dialogs.choice_menu import Choice, ChoiceMenu
from drtui.ui.dialogs.save_file import SaveFileDialog
from drtui.ui.filenames import abbreviate_home
from drtui.ui.main.open_site import OpenSite
from drtui.ui.suspend import show_in_terminal

ALTERNATIVES = (("p", "show"), ("x", "save"))
"""Other keys of the copy menu, for a terminal that refuses the clipboard or a text that is too large for it."""

MENU_PLAIN_KEYS = "C p"
"""Keys that show a restore point as plain text."""

FORMATS = (
    Choice("m", "Markdown", "report with site, age, filter and list"),
    Choice("v", "CSV", "rows for a spreadsheet"),
    Choice("o", "JSON object", "all fields, for scripts"),
    Choice("s", "SVG", "picture of the window"),
)
SUFFIXES = {"m": "md", "v": "csv", "o": "json"}


class Exporter:
    """Copies and exports what the main screen shows."""

    def __init__(self, screen: Screen[None], site: OpenSite, show_message: Callable[[str], object]) -> None:
        self._screen, self._site, self._show_message = screen, site, show_message

    def copy_name(self, point: RestorePoint) -> None:
        """Copy the name of a restore point."""
        name = point.backup.name
        self._show_message(copy_text(self._screen.app, name, MENU_PLAIN_KEYS))

    def copy_as(self, point: RestorePoint, show_message: Callable[[str], object] | None = None) -> None:
        """Let the user choose a format of a restore point, and copy, show or save it; `show_message` tells the end."""
        run_worker(self._screen, partial(self._copy_as, point, show_message or self._show_message), "dialog")

    async def _copy_as(self, point: RestorePoint, show_message: Callable[[str], object]) -> None:
        from drtui.output.export import copy_formats
        from drtui.output.runbook import record_url

        site, app, name = self._site, self._screen.app, point.backup.name
        curl_line = site.format_curl_line(record_url(site.assessment, point))
        formats = {item.letter: item for item in copy_formats(site.assessment, point, site.view, curl_line)}
        choices = [Choice(item.letter, item.label, f"{count_bytes(item.text):,} bytes") for item in formats.values()]
        menu = ChoiceMenu(f"Copy {name} as", choices, ALTERNATIVES, plain=site.options.plain)
        chosen = await app.push_screen_wait(menu)
        if chosen is None:
            return
        copy_format = formats[chosen.letter]
        if chosen.alternative == "p":
            show_in_terminal(app, copy_format.text)
        elif chosen.alternative == "x":
            view = f"{name} {copy_format.label.partition(',')[0]}"
            await self._save(copy_format.label, copy_format.text, view, copy_format.suffix, show_message)
        else:
            show_message(copy_text(app, copy_format.text, MENU_PLAIN_KEYS))

    def export_list(self) -> None:
        """Save the list in a chosen format, or the window as a picture, to a file."""
        run_worker(self._screen, self._export_list, "dialog")

    async def _export_list(self) -> None:
        site, app = self._site, self._screen.app
        if not site.catalog.source and not all_lists_known(site.site_state):
            self._show_message("nothing saved: the list is unknown, not empty (E shows the error)")
            return
        chosen = await app.push_screen_wait(ChoiceMenu("Save the list as", FORMATS, plain=site.options.plain))
        if chosen is None:
            return
        if chosen.letter == "s":
            picture = app.export_screenshot(title=f"drtui {site.site_state.location}")
            await self._save("picture", picture, "window", "svg")
            return
        from drtui.output.export import EXPORTERS, Listing

        columns = site.columns if "reason" in site.columns else (*site.columns, "reason")
        listing = Listing(
            site.assessment, site.catalog, site.view, site.grouping, columns, previous=site.previous_lists
        )
        suffix = SUFFIXES[chosen.letter]
        text = await asyncio.to_thread(EXPORTERS[suffix], listing)
        reason = lists_incomplete_reason(site.site_state)
        warning = f"; {reason.upper()}" if reason else ""
        count = plural(len(site.catalog.points), "restore point", "restore points")
        await self._save(f"{count}{warning}", text, f"{site.catalog.store or ''} restore points", suffix)

    async def _save(
        self,
        description: str,
        text: str,
        view: str,
        suffix: str,
        show_message: Callable[[str], object] | None = None,
    ) -> None:
        """Ask for a file name, and write the file."""
        dialog = SaveFileDialog(description, text, self._site.propose_filename(view, suffix))
        path = await self._screen.app.push_screen_wait(dialog)
        if path is not None:
            (show_message or self._show_message)(f"saved in {abbreviate_home(path.parent)}: {path.name}")
