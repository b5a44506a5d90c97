"""What is taken along from the first screen: through the clipboard, on the bare terminal, or as a file."""

import asyncio
from typing import TYPE_CHECKING

from textual import work

from drtui.core.analysis.rpo import why_not_whole
from drtui.core.formatting.text import count
from drtui.core.model.requests import curl
from drtui.core.model.site_state import is_whole
from drtui.ui.clipboard import copied, size_of
from drtui.ui.dialogs.choice_menu import Choice, Chosen, Menu
from drtui.ui.dialogs.save_file import Save
from drtui.ui.filenames import at_home, proposed
from drtui.ui.main.layout import Panes
from drtui.ui.screens.exportable import Portable
from drtui.ui.suspend import show_plainly

if TYPE_CHECKING:
    from drtui.output.export import Piece

WAYS = (("p", "shows it"), ("x", "writes a file"))
"""The other ways for a terminal that refuses, or a text that is too large for it."""

FORMATS = (
    Choice("m", "Markdown", "for people: site, age, filter, and the list"),
    Choice("v", "CSV", "for spreadsheets: the rows and nothing else"),
    Choice("o", "JSON object", "for programs: everything that is known of each"),
    Choice("s", "SVG", "the window as a picture"),
)
SUFFIXES = {"m": "md", "v": "csv", "o": "json"}


class Taking(Panes):
    """The panes, and what can be taken from them."""

    def shell(self, url: str) -> str:
        """A request to `url` as a line for a shell."""
        access = self.access
        return curl(url, user=access.user, referer=access.referer, ca_file=access.ca_file, insecure=access.insecure)

    def filename(self, view: str, suffix: str) -> str:
        """What a file is called that holds `view` of the site as it is now."""
        return proposed(self.reading.place, view, self.now, self.zone, suffix)

    def lay_over(self, screen: Portable, view: str, suffix: str) -> None:
        """Show a text, which can be taken along as `view` of the site."""
        screen.filename = self.filename(view, suffix)
        self.app.push_screen(screen)

    def action_copy(self) -> None:
        """The name, through the terminal."""
        if self.cannot("copy") or self.point is None:
            return
        name = self.point.backup.name
        self.note(copied(self.app, name, name))

    @work(exclusive=True, group="ask")
    async def action_take(self) -> None:
        """Whatever can be taken of the restore point under the cursor, in the way that the person likes."""
        point = self.point
        if self.cannot("take") or point is None:
            return
        from drtui.output.export import pieces  # noqa: PLC0415 - not needed to paint
        from drtui.output.runbook import record_url  # noqa: PLC0415 - likewise

        found = pieces(self.judged, point, self.view, self.shell(record_url(self.judged, point)))
        choices = [Choice(each.letter, each.what, f"{size_of(each.text):,} bytes") for each in found]
        menu = Menu(f"Copy of {point.backup.name}", choices, WAYS, plain=self.options.plain)
        chosen = await self.app.push_screen_wait(menu)
        if chosen is not None:
            await self._take(chosen, next(each for each in found if each.letter == chosen.letter), point.backup.name)

    async def _take(self, chosen: Chosen, piece: "Piece", name: str) -> None:
        if chosen.way == "p":
            show_plainly(self.app, piece.text)
        elif chosen.way == "x":
            await self._save(piece.what, piece.text, f"{name} {piece.what.partition(',')[0]}", piece.suffix)
        else:
            self.note(copied(self.app, piece.text, piece.what))

    @work(exclusive=True, group="ask")
    async def action_export(self) -> None:
        """The list as it is shown, or the window itself, into a file."""
        if not self.catalog.source and not is_whole(self.reading):
            self.note("the list is not known, which a file would show as empty; E tells why")
            return
        chosen = await self.app.push_screen_wait(Menu("Export what is shown", FORMATS, plain=self.options.plain))
        if chosen is None:
            return
        if chosen.letter == "s":
            picture = self.app.export_screenshot(title=f"drtui {self.reading.place}")
            await self._save("picture", picture, "window", "svg")
            return
        from drtui.output.export import LISTINGS, Listing  # noqa: PLC0415 - not needed to paint

        columns = self.columns if "reason" in self.columns else (*self.columns, "reason")
        listing = Listing(self.judged, self.catalog, self.view, self.grouping, columns, before=self.before)
        suffix = SUFFIXES[chosen.letter]
        text = await asyncio.to_thread(LISTINGS[suffix], listing)
        why = why_not_whole(self.reading)
        missing = f"; {why.upper()}" if why else ""
        number = count(len(self.catalog.points), "restore point", "restore points")
        await self._save(f"{number}{missing}", text, f"{self.catalog.store or ''} restore points", suffix)

    async def _save(self, what: str, text: str, view: str, suffix: str) -> None:
        """Ask for a file, and write it."""
        path = await self.app.push_screen_wait(Save(what, text, self.filename(view, suffix)))
        if path is not None:
            self.note(f"written into {at_home(path.parent)}: {path.name}")
