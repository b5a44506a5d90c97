"""Ask for a file name, and save a text to that file."""

import asyncio
from pathlib import Path

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, Label

from drtui.session.exports import ExportError, free_path, write_export
from drtui.ui.dialogs.base import Dialog


class SaveFileDialog(Dialog[Path]):
    """Saves a text to a file; the result is the path, or None if the user cancels."""

    def __init__(self, description: str, text: str, name: str) -> None:
        """Create the dialog; `name` is the proposed file name in the usual folder."""
        super().__init__()
        self._description, self._text, self._filename = description, text, name

    def compose(self) -> ComposeResult:
        """Yield the question and an input, filled in with an unused file name."""
        path = Input(str(free_path(self._filename)), compact=True)
        path.cursor_blink = False  # a blinking cursor sends 2 kB a second
        with Vertical():
            yield Label(f"Write into which file? {self._description}, {len(self._text.encode()):,} bytes", markup=False)
            yield path
            yield Label("", id="error", markup=False)
            yield Label(
                "enter writes it, for nobody else to read; never over another   esc back", id="hint", markup=False
            )

    @on(Input.Submitted)
    @work(exclusive=True, group="save")
    async def write(self, event: Input.Submitted) -> None:
        """Write the file and close; if that fails, show why."""
        try:
            path = await asyncio.to_thread(write_export, event.value.strip(), self._filename, self._text)
        except ExportError as error:
            self.query_one("#error", Label).update(str(error))
        else:
            self.dismiss(path)
