"""An input for a password, a token or a code, which shows only its length."""

from rich.text import Text
from textual import events

from drtui.core.model.auth import Secret
from drtui.ui.widgets.text_input import TextInput


class SecretInput(TextInput):
    """An input that shows one `*` per character; Textual's own symbol is two cells wide in some locales.

    Its selection cannot be copied or cut. All lines of a pasted text are taken: a terminal may have wrapped a code.
    """

    @property
    def _value(self) -> Text:
        return Text("*" * len(self.value), no_wrap=True, overflow="ignore", end="")

    @property
    def secret(self) -> Secret | None:
        """The typed secret; None if the input is empty."""
        return Secret(self.value) if self.value else None

    def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        self.insert_text_at_cursor(" ".join(event.text.split()))

    def action_copy(self) -> None:
        """Copy nothing."""

    def action_cut(self) -> None:
        """Copy and remove nothing."""
