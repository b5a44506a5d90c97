"""The second step of single sign-on: an address for a browser on any machine, and the code that it shows."""

from typing import TYPE_CHECKING, ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input, Label

from drtui.core.model.auth import OAuthGrant
from drtui.core.model.failure import Failure
from drtui.ui.clipboard import copy_text
from drtui.ui.dialogs.base import Dialog
from drtui.ui.suspend import show_in_terminal
from drtui.ui.widgets.address_text import AddressText
from drtui.ui.widgets.secret_input import SecretInput

if TYPE_CHECKING:
    from drtui.session.single_sign_on import SingleSignOn

HINT = "c copy   p show plainly   n new address   down to the code   esc back"
PYTHON_CLIENT = "pythonapi"
PYTHON_NOTE = "   (its page names ArcGIS API for Python, to which pythonapi belongs)"
CODE_HINT = "enter sign in   up to the address: c copy, p show plainly, n new   esc back"


class SingleSignOnDialog(Dialog[OAuthGrant]):
    """Shows the address, and takes the code; a refused code needs a new address, which `n` shows.

    The code has the focus, so that a code pasted as keys never acts as keys of the address: those work after `up`.
    """

    DEFAULT_CSS = """
    SingleSignOnDialog AddressText { margin: 1 0; }
    SingleSignOnDialog Input { margin: 0 0 1 0; }
    SingleSignOnDialog Input:focus { background: $foreground 20%; }
    SingleSignOnDialog:ansi Input:focus { background: ansi_default; }
    SingleSignOnDialog #heading { text-style: bold; margin-bottom: 1; }
    SingleSignOnDialog #error { margin-bottom: 1; }
    SingleSignOnDialog > Vertical { max-height: 100%; overflow-y: auto; scrollbar-size: 0 0; }
    SingleSignOnDialog #note, SingleSignOnDialog #message { color: $text-muted; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("c", "copy", "copy the address", show=False),
        Binding("p", "plain", "show the address plainly", show=False),
        Binding("n", "restart", "new address", show=False),
        Binding("down,enter", "app.focus_next", "to the code", show=False),
        Binding("up", "app.focus_previous", "to the address", show=False),
    ]

    def __init__(self, sign_on: "SingleSignOn", place: str, client_id: str, reason: str = "") -> None:
        """Create the dialog; `place` is the site for display, `reason` why a sign-in is needed again."""
        super().__init__()
        self._sign_on, self._place, self._client_id, self._reason = sign_on, place, client_id, _begin_large(reason)

    def compose(self) -> ComposeResult:
        """Yield the address, and the input for the code."""
        with Vertical():
            yield Label(f"Sign in to {self._place}", id="heading", markup=False)
            yield Label(self._reason, id="error", markup=False)
            yield Label("1. Open this address in a browser, on any machine, and sign in", markup=False)
            if self._client_id == PYTHON_CLIENT:
                yield Label(PYTHON_NOTE, id="note", markup=False)
            yield AddressText(id="authorize")
            yield Label("2. Paste the code that the browser shows in the end", markup=False)
            yield SecretInput(id="code", password=True, compact=True, select_on_focus=False)
            yield Label("", id="message", markup=False)
            yield Label(HINT, id="hint", markup=False)

    def on_mount(self) -> None:
        """Show the address, and wait for the code."""
        self._authorize.show(self._sign_on.url)
        self._code.focus()
        self._show(reason=self._reason)

    @property
    def _authorize(self) -> AddressText:
        return self.query_one("#authorize", AddressText)

    @property
    def _code(self) -> SecretInput:
        return self.query_one("#code", SecretInput)

    def _show(self, message: str = "", reason: str = "") -> None:
        """Show a message or an error; an empty one takes no line."""
        for name, text in (("#message", message), ("#error", reason)):
            label = self.query_one(name, Label)
            label.update(text)
            label.display = bool(text)

    def on_descendant_focus(self) -> None:
        """Show the keys of what has the focus."""
        self.query_one("#hint", Label).update(CODE_HINT if self._code.has_focus else HINT)

    def on_key(self, event: events.Key) -> None:
        """Take other characters typed at the address as the beginning of a code."""
        if self._authorize.has_focus and event.is_printable and event.character not in {"c", "p", "n"}:
            event.stop()
            event.prevent_default()
            self._code.focus()
            self._code.insert_text_at_cursor(event.character or "")

    def on_paste(self, event: events.Paste) -> None:
        """Take a pasted text as the code, wherever the focus is."""
        event.stop()
        self._code.focus()
        self._code.insert_text_at_cursor(" ".join(event.text.split()))

    def action_copy(self) -> None:
        """Copy the address through the terminal, and go back to the code."""
        self._show(copy_text(self.app, self._sign_on.url))
        self._code.focus()

    def action_plain(self) -> None:
        """Show the address on the bare terminal, where the mouse can select it, and go back to the code."""
        show_in_terminal(self.app, self._sign_on.url)
        self._code.focus()

    def action_restart(self) -> None:
        """Show another address, and forget the code."""
        self.workers.cancel_group(self, "sign-in")
        self._sign_on.restart()
        self._authorize.show(self._sign_on.url)
        self._code.value = ""
        self._code.focus()
        self._show("This is a new address. Codes of the previous address are not accepted.")

    @on(Input.Submitted, "#code")
    def _submit(self) -> None:
        pasted, self._code.value = self._code.value, ""
        if pasted.strip():
            self._show("Signing in ...")
            self._finish(pasted)

    @work(exclusive=True, group="sign-in")
    async def _finish(self, pasted: str) -> None:
        from drtui.session.single_sign_on import ApiError

        try:
            grant = await self._sign_on.finish(pasted)
        except ApiError as error:
            self._code.focus()
            self._show("To try again with a new address: up, then n.", _describe(error.failure))
        else:
            self.dismiss(grant)


def _describe(failure: Failure) -> str:
    """Return the summary, the words of the site and the advice."""
    said = f": {failure.server_message}" if failure.server_message else ""
    return "\n".join(filter(None, (_begin_large(failure.summary) + said, failure.cause, failure.advice)))


def _begin_large(text: str) -> str:
    return text[:1].upper() + text[1:]
