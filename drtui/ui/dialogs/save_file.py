"""One question: into which file?"""

import asyncio
from pathlib import Path

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, Label

from drtui.session.exports import ExportError, free_path, write_export
from drtui.ui.dialogs.base import Dialog


class SaveFileDialog(Dialog[Path]):
    """Writes a text into a file of the person's choice; where it is, or None if the person thought better of it."""

    def __init__(self, description: str, text: str, name: str) -> None:
        """`name` is that of the file to be proposed, in the usual folder."""
        super().__init__()
        self._description, self._text, self._filename = description, text, name

    def compose(self) -> ComposeResult:
        """The question, filled in with a name that is free."""
        path = Input(str(free_path(self._filename)), compact=True)
        path.cursor_blink = False  # a blinking cursor sends 2 kB a second
        with Vertical():
            yield Label(f"Write into which file? {self._description}, {len(self._text.encode()):,} bytes", markup=False)
            yield path
            yield Label("", id="wrong", markup=False)
            yield Label(
                "enter writes it, for nobody else to read; never over another   esc back", id="hint", markup=False
            )

    @on(Input.Submitted)
    @work(exclusive=True, group="save")
    async def write(self, event: Input.Submitted) -> None:
        """Write it, or say why not."""
        try:
            path = await asyncio.to_thread(write_export, event.value.strip(), self._filename, self._text)
        except ExportError as error:
            self.query_one("#wrong", Label).update(str(error))
        else:
            self.dismiss(path)
