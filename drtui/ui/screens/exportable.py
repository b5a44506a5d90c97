"""Base class of text screens that can be copied, shown on the bare terminal, or saved to a file."""

from collections.abc import Hashable
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType

from drtui.ui.clipboard import copy_text
from drtui.ui.dialogs.save_file import SaveFileDialog
from drtui.ui.filenames import abbreviate_home
from drtui.ui.screens.closable import Closable
from drtui.ui.suspend import show_in_terminal


class ExportableScreen(Closable[Hashable]):
    """A screen whose text `c` copies, `p` shows on the bare terminal, and `x` saves to a file.

    The result is the chosen entry; None if there is none.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("c", "copy", "copy", show=False),
        Binding("p", "plain", "show as plain text", show=False),
        Binding("x", "export", "save", show=False),
    ]

    filename = "drtui.txt"
    """The proposed file name."""

    @property
    def export_text(self) -> str:
        """The text to export; empty if there is none."""
        raise NotImplementedError

    def follow_answer(self) -> None:
        """Show what the latest answer of the site has changed; by default nothing."""

    def show_message(self, text: str) -> None:
        """Show the result of an export."""
        raise NotImplementedError

    def action_copy(self) -> None:
        """Copy the text to the clipboard."""
        if self.export_text:
            self.show_message(copy_text(self.app, self.export_text))

    def action_plain(self) -> None:
        """Show the text on the bare terminal, where the mouse can select it."""
        show_in_terminal(self.app, self.export_text)

    @work(exclusive=True, group="dialog")
    async def action_export(self) -> None:
        """Save the text to a file."""
        path = await self.app.push_screen_wait(SaveFileDialog("the text", self.export_text, self.filename))
        if path is not None:
            self.show_message(f"saved in {abbreviate_home(path.parent)}: {path.name}")
