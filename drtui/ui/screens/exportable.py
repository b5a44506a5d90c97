"""A screen of text that can be taken along: through the clipboard, on the bare terminal, or as a file."""

from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType

from drtui.ui.clipboard import copy_text
from drtui.ui.dialogs.save_file import SaveFileDialog
from drtui.ui.filenames import abbreviate_home
from drtui.ui.screens.closable import Closable
from drtui.ui.suspend import show_in_terminal

EXPORT_HINT = "c copy   p show plainly   x write"
"""What stands beside the title."""

SHORT_TITLE_CELLS = 20
"""Cells of a title that makes room for what just happened."""


class ExportableScreen(Closable[None]):
    """`c` copies what is shown, `p` shows it plainly, `x` writes it into a file."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("c", "copy", "copy", show=False),
        Binding("p", "plain", "show plainly", show=False),
        Binding("x", "export", "write", show=False),
    ]

    filename = "drtui.txt"
    """Of the file that is proposed."""

    @property
    def export_text(self) -> str:
        """The text; empty for none."""
        raise NotImplementedError

    def say(self, text: str) -> None:
        """Say what came of it."""
        raise NotImplementedError

    def action_copy(self) -> None:
        """Copy it through the terminal."""
        if self.export_text:
            self.say(copy_text(self.app, self.export_text))

    def action_plain(self) -> None:
        """Show it where the mouse can select it."""
        show_in_terminal(self.app, self.export_text)

    @work(exclusive=True, group="dialog")
    async def action_export(self) -> None:
        """Write it into a file."""
        path = await self.app.push_screen_wait(SaveFileDialog("this text", self.export_text, self.filename))
        if path is not None:
            self.say(f"written into {abbreviate_home(path.parent)}: {path.name}")
