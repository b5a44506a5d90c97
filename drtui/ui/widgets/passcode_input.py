"""An input for a passcode, which shows neither the passcode nor its length."""

from drtui.core.model.auth import Secret
from drtui.ui.widgets.text_input import TextInput


class PasscodeInput(TextInput):
    """Collects what is typed without showing anything; its `value` stays empty."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - the name is Textual's
        super().__init__(placeholder="(what is typed is not shown)", id=id, compact=True)
        self._typed = ""

    @property
    def secret(self) -> Secret | None:
        """The passcode; None if nothing was typed."""
        return Secret(self._typed) if self._typed else None

    def insert_text_at_cursor(self, text: str) -> None:
        """Collect typed or pasted text."""
        self._typed += text.replace("\n", "").replace("\r", "")

    def replace(self, text: str, start: int, end: int) -> None:  # noqa: ARG002 - there is nothing to select
        """Collect pasted text."""
        self.insert_text_at_cursor(text)

    def action_delete_left(self) -> None:
        """Remove the last character."""
        self._typed = self._typed[:-1]

    def action_delete_left_all(self) -> None:
        """Remove everything."""
        self._typed = ""

    action_delete_left_word = action_delete_left_all
    action_delete_right = action_delete_left_all
    action_delete_right_all = action_delete_left_all
    action_delete_right_word = action_delete_left_all
