"""Ask for address and credentials: at the first start, after a refused sign-in, and for another site."""

from msgspec.structs import replace
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, Label

from drtui.core.model.address import Address, AddressError
from drtui.core.model.auth import Secret
from drtui.core.model.config import SettingsError, check_name
from drtui.session import ConnectionOptions, Target
from drtui.ui.dialogs.base import Dialog
from drtui.ui.widgets.text_input import TextInput


class SecretInput(TextInput):
    """An input that shows one `*` per character; Textual's own symbol is two cells wide in some locales."""

    @property
    def _value(self) -> Text:
        return Text("*" * len(self.value), no_wrap=True, overflow="ignore", end="")


class SignInDialog(Dialog[tuple[Target, ConnectionOptions, str]]):
    """A form for address, user, secret and profile name; enter goes to the next field, and connects from the last."""

    DEFAULT_CSS = """
    SignInDialog Input { margin: 0 0 1 0; }
    SignInDialog Input:focus { background: $foreground 20%; }
    SignInDialog:ansi Input:focus { background: ansi_default; }
    """

    def __init__(self, target: Target | None, access: ConnectionOptions, error: str = "") -> None:
        super().__init__()
        self._target, self._access, self._error = target, access, error

    def compose(self) -> ComposeResult:
        """Yield the fields for address, user, password or token, and profile name."""
        address = self._target.address.url if self._target and self._target.address and self._target.is_site else ""
        with Vertical():
            yield Label("Connect to a site", markup=False)
            yield Label(self._error, id="error", markup=False)
            yield Label("Address, as the browser shows it", markup=False)
            yield TextInput(address, id="address", compact=True)
            yield Label("User of a built-in account (leave empty to use a token)", markup=False)
            yield TextInput(self._access.user, id="user", compact=True)
            yield Label("Password, or token", markup=False)
            yield SecretInput(id="secret", password=True, compact=True)
            yield Label("Keep it under a name (leave empty not to; the secret is never kept)", markup=False)
            yield TextInput(id="name", compact=True)
            yield Label(
                "enter next, connects from the password on   tab to the name   esc back", id="hint", markup=False
            )

    def on_mount(self) -> None:
        """Focus the first empty field."""
        fields = [field for field in self.query(Input) if field.id != "name"]
        next((field for field in fields if not field.value), fields[-1]).focus()

    @on(Input.Submitted)
    def focus_next_field(self, event: Input.Submitted) -> None:
        """Focus the next field, or connect."""
        if event.input.id not in {"secret", "name"}:
            self.focus_next()
            return
        name = self.query_one("#name", Input).value.strip()
        try:
            if name:
                check_name(name)
            address = Address.parse(self.query_one("#address", Input).value)
        except (AddressError, SettingsError) as error:
            self.show_error(error)
            self.query_one("#address" if isinstance(error, AddressError) else "#name", Input).focus()
            return
        target = self._target
        is_same_site = target is not None and target.address == address
        # Options for one site, above all its secrets, must not be sent to another site.
        access = self._access if target is None or is_same_site else self._access.for_any_site
        self.dismiss(
            (target if is_same_site and target is not None else Target(address), self._entered_options(access), name)
        )

    def _entered_options(self, access: ConnectionOptions) -> ConnectionOptions:
        user, typed = self.query_one("#user", Input).value.strip(), self.query_one("#secret", Input).value
        secret = Secret(typed) if typed else None
        if user:
            return replace(access, user=user, password=secret or access.password, token=None)
        return replace(access, user="", password=None, token=secret or access.token)
