"""Ask for a note about a backup."""

from textual import on
from textual.widgets import Input

from drtui.core.formatting.text import cut_middle
from drtui.core.model.note import MAX_NOTE, NoteError, checked_text
from drtui.ui.dialogs.base import QuestionDialog

HINT = f"enter keeps it in history; nothing is sent to the site   esc back   at most {MAX_NOTE} characters"
NAME_CELLS = 50


class NoteDialog(QuestionDialog[str]):
    """Asks for one line of text about a backup; the result is the text, or None if the user cancels."""

    def __init__(self, name: str, proposal: str) -> None:
        super().__init__(f"Your note about {cut_middle(name, NAME_CELLS)}, such as a restore drill", proposal, HINT)

    @on(Input.Submitted)
    def answer(self, event: Input.Submitted) -> None:
        """Close with the text; if it cannot be a note, show why."""
        try:
            self.dismiss(checked_text(event.value))
        except NoteError as error:
            self.show_error(error)
