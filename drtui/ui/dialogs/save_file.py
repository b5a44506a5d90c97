"""Ask for a file name, and save a text to that file."""

import asyncio
from pathlib import Path

from textual import on, work
from textual.widgets import Input

from drtui.session.exports import ExportError, free_path, write_export
from drtui.ui.dialogs.base import QuestionDialog

HINT = "enter save (private, never overwrites)   esc back"


class SaveFileDialog(QuestionDialog[Path]):
    """Saves a text to a file; the result is the path, or None if the user cancels."""

    def __init__(self, description: str, text: str, name: str) -> None:
        """Create the dialog; `name` is the proposed file name in the usual folder."""
        question = f"Save {description} ({len(text.encode()):,} bytes) as:"
        super().__init__(question, str(free_path(name)), HINT)
        self._text, self._filename = text, name

    @on(Input.Submitted)
    @work(exclusive=True, group="save")
    async def write(self, event: Input.Submitted) -> None:
        """Write the file and close; if that fails, show why."""
        try:
            path = await asyncio.to_thread(write_export, event.value.strip(), self._filename, self._text)
        except ExportError as error:
            self.show_error(error)
        else:
            self.dismiss(path)
