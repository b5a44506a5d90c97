"""What is taken along from the first screen: through the clipboard, on the bare terminal, or as a file."""

from textual import work

from drtui.model.curl import curl
from drtui.report.pieces import Piece, pieces
from drtui.report.request import record_url
from drtui.ui.clipboard import copied, size_of
from drtui.ui.filenames import at_home, proposed
from drtui.ui.plainly import show_plainly
from drtui.ui.screens.menu import Choice, Chosen, Menu
from drtui.ui.screens.panes import Panes
from drtui.ui.screens.portable import Portable
from drtui.ui.screens.save import Save

WAYS = (("p", "shows it"), ("x", "writes a file"))
"""The other ways for a terminal that refuses, or a text that is too large for it."""


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
        if self.point is None:
            self.note("there is no restore point here to copy the name of")
            return
        name = self.point.backup.name
        self.note(copied(self.app, name, name))

    @work(exclusive=True, group="ask")
    async def action_take(self) -> None:
        """Whatever can be taken of the restore point under the cursor, in the way that the person likes."""
        point = self.point
        if point is None:
            self.note("there is no restore point here to copy anything of")
            return
        found = pieces(self.judged, point, self.view, self.shell(record_url(self.judged, point)))
        choices = [Choice(each.letter, each.what, f"{size_of(each.text):,} bytes") for each in found]
        menu = Menu(f"Copy of {point.backup.name}", choices, WAYS, plain=self.options.plain)
        chosen = await self.app.push_screen_wait(menu)
        if chosen is not None:
            await self._take(chosen, next(each for each in found if each.letter == chosen.letter), point.backup.name)

    async def _take(self, chosen: Chosen, piece: Piece, name: str) -> None:
        if chosen.way == "p":
            await show_plainly(self.app, piece.text)
        elif chosen.way == "x":
            await self._save(piece.what, piece.text, f"{name} {piece.what.partition(',')[0]}", piece.suffix)
        else:
            self.note(copied(self.app, piece.what, piece.text))

    async def _save(self, what: str, text: str, view: str, suffix: str) -> None:
        """Ask for a file, and write it."""
        path = await self.app.push_screen_wait(Save(what, text, self.filename(view, suffix)))
        if path is not None:
            self.note(f"written into {at_home(path.parent)}: {path.name}")
