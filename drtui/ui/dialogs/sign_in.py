"""Ask for address and credentials: at the first start, after a refused sign-in, and for another site."""

from enum import StrEnum
from typing import ClassVar

from msgspec.structs import replace
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input, Label

from drtui.core.formatting.input_error import InputError
from drtui.core.model.address import Address, AddressError
from drtui.core.model.auth import OAuthGrant
from drtui.core.model.config import SettingsError, check_name
from drtui.session import ConnectionOptions, Target
from drtui.ui.dialogs.base import Dialog
from drtui.ui.dialogs.single_sign_on import SingleSignOnDialog
from drtui.ui.widgets.choice_row import ChoiceRow
from drtui.ui.widgets.secret_input import SecretInput
from drtui.ui.widgets.text_input import TextInput

Answer = tuple[Target, ConnectionOptions, str]
"""The site, how to connect to it, and the name to save it under; "" for none."""


class Way(StrEnum):
    """A way to sign in."""

    PASSWORD = "password"  # noqa: S105 - a way to sign in, no password
    TOKEN = "token"  # noqa: S105 - a way to sign in, no token
    SINGLE_SIGN_ON = "sso"


LABELS = {Way.PASSWORD: "password", Way.TOKEN: "token", Way.SINGLE_SIGN_ON: "single sign-on"}
FIELDS = {
    Way.PASSWORD: ("user", "password"),
    Way.TOKEN: ("token",),
    Way.SINGLE_SIGN_ON: ("client",),
}
"""Ids of the fields of each way, in order."""

CLIENT_ID_NOTE = (
    "The portal's administrator gives it; pythonapi works on stock portals.\n"
    "For SAML, OpenID and multifactor accounts: next, sign in with a browser."
)
CLIENT_ID_MISSING = "Enter a client id: ask the portal's administrator, or type pythonapi on a stock portal"
INTRODUCTION = (
    "drtui reads the backups of a site of ArcGIS Enterprise on Kubernetes.\n"
    "Paste the address of any page of its portal, Manager or admin directory.\n"
    "No site yet? drtui --demo opens a simulated one."
)
"""Shown as long as no site is known."""

HINT = "enter next field   tab or up/down any field   esc back"
WAY_HINT = "left/right choose   enter or tab next field   esc back"
LAST_HINT = "enter connect   tab or up/down any field   esc back"


class FormError(InputError):
    """A field that cannot be accepted; the message says what to enter."""

    def __init__(self, field: str, message: str) -> None:
        """Create the error of the field with the id `field`."""
        super().__init__(message)
        self.field = field


class SignInDialog(Dialog[Answer]):
    """A form for address, way to sign in, credentials and profile name.

    Single sign-on has a second step, a dialog of its own; esc leads back from it to this form.
    """

    DEFAULT_CSS = """
    SignInDialog Input, SignInDialog ChoiceRow { margin: 0 0 1 0; }
    SignInDialog Input:focus { background: $foreground 20%; }
    SignInDialog:ansi Input:focus { background: ansi_default; }
    SignInDialog #heading { text-style: bold; }
    SignInDialog > Vertical { max-height: 100%; overflow-y: auto; scrollbar-size: 0 0; }
    SignInDialog .way { height: 6; }
    SignInDialog #client { margin: 0; }
    SignInDialog #client-note, SignInDialog #introduction { color: $text-muted; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "app.focus_next", "next field", show=False),
        Binding("up", "app.focus_previous", "previous field", show=False),
    ]

    def __init__(
        self, target: Target | None, access: ConnectionOptions, error: str = "", *, skips_form: bool = False
    ) -> None:
        """Create the form; `skips_form` opens the second step of single sign-on at once, if nothing is missing."""
        super().__init__()
        self._target, self._access, self._error, self._skips_form = target, access, error, skips_form
        self._way = choose_way(access)

    def compose(self) -> ComposeResult:
        """Yield the fields; only those of the chosen way are shown."""
        address = self._target.address.url if self._target and self._target.address and self._target.is_site else ""
        with Vertical():
            yield Label("Connect to a site", id="heading", markup=False)
            if self._target is None:
                yield Label(INTRODUCTION, id="introduction", markup=False)
            yield Label(self._error, id="error", markup=False)
            yield Label("Address, such as https://gis.example.com/arcgis", markup=False)
            yield TextInput(address, id="address", compact=True)
            yield Label("Sign in with", markup=False)
            yield ChoiceRow([(way, LABELS[way]) for way in Way], self._way, id="way")
            with Vertical(id="fields-password", classes="way"):
                yield Label("User (built-in account)", markup=False)
                yield TextInput(self._access.user, id="user", compact=True)
                yield Label("Password", markup=False)
                yield SecretInput(id="password", password=True, compact=True)
            with Vertical(id="fields-token", classes="way"):
                yield Label("Token", markup=False)
                yield SecretInput(id="token", password=True, compact=True)
            with Vertical(id="fields-sso", classes="way"):
                yield Label("Client id of the application that signs you in", markup=False)
                yield TextInput(self._access.client_id, id="client", compact=True)
                yield Label(CLIENT_ID_NOTE, id="client-note", markup=False)
            yield Label("Save as (optional; the password is never saved)", markup=False)
            yield TextInput(id="name", compact=True)
            yield Label(HINT, id="hint", markup=False)

    def on_mount(self) -> None:
        """Focus the first empty field, or go on to the second step of single sign-on."""
        self._show_way()
        fields = [self._field(name) for name in ("address", *FIELDS[self._way])]
        next((field for field in fields if not field.value), fields[-1]).focus()
        if self._skips_form and self._access.sso and self._access.client_id and self._field("address").value:
            self._connect()

    def _field(self, name: str) -> Input:
        return self.query_one(f"#{name}", Input)

    @on(ChoiceRow.Changed)
    def _change_way(self, message: ChoiceRow.Changed) -> None:
        self._way = Way(message.key)
        self._show_way()

    def _show_way(self) -> None:
        """Show the fields of the chosen way."""
        for way in Way:
            self.query_one(f"#fields-{way}").display = way is self._way

    def on_descendant_focus(self) -> None:
        """Show the keys of what has the focus."""
        name = self.focused.id if self.focused is not None else ""
        hint = WAY_HINT if name == "way" else LAST_HINT if name in self._last_fields else HINT
        self.query_one("#hint", Label).update(hint)

    @property
    def _last_fields(self) -> tuple[str, str]:
        """Ids of the fields from which enter connects."""
        return FIELDS[self._way][-1], "name"

    @on(Input.Submitted)
    def focus_next_field(self, event: Input.Submitted) -> None:
        """Focus the next field, or connect."""
        if event.input.id in self._last_fields:
            self._connect()
        else:
            self.focus_next()

    def _connect(self) -> None:
        """Close with the answer, or open the second step of single sign-on; if a field cannot be accepted, show why."""
        try:
            answer = self._read()
        except FormError as error:
            self.show_error(error)
            self._field(error.field).focus()
            return
        if self._way is Way.SINGLE_SIGN_ON:
            self._open_second_step(answer)
        else:
            self.dismiss(answer)

    def _read(self) -> Answer:
        """Return the answer.

        Raises:
            FormError: a field cannot be accepted.
        """
        name = self._field("name").value.strip()
        try:
            address = Address.parse(self._field("address").value)
            if name:
                check_name(name)
        except AddressError as error:
            raise FormError("address", str(error)) from None
        except SettingsError as error:
            raise FormError("name", str(error)) from None
        target = self._target
        is_same_site = target is not None and target.address == address
        # Options for one site, above all its secrets, must not be sent to another site.
        access = self._access if target is None or is_same_site else self._access.for_any_site
        chosen = target if is_same_site and target is not None else Target(address)
        return chosen, self._entered_options(access), name

    def _entered_options(self, access: ConnectionOptions) -> ConnectionOptions:
        """Return the options with the credentials of the chosen way, and of no other.

        Raises:
            FormError: something is missing.
        """
        none = replace(access, user="", password=None, token=None, grant=None, sso=False)
        if self._way is Way.SINGLE_SIGN_ON:
            client_id = self._field("client").value.strip()
            if not client_id:
                raise FormError("client", CLIENT_ID_MISSING)
            return replace(none, sso=True, client_id=client_id)
        secret = self.query_one(f"#{FIELDS[self._way][-1]}", SecretInput).secret
        if self._way is Way.TOKEN:
            return replace(none, token=secret or access.token)
        user = self._field("user").value.strip()
        if not user:
            raise FormError("user", "Enter a user, or choose another way to sign in")
        return replace(none, user=user, password=secret or access.password)

    def _open_second_step(self, answer: Answer) -> None:
        from drtui.session.single_sign_on import SingleSignOn

        target, access, _ = answer
        sign_on = SingleSignOn(target, access)
        dialog = SingleSignOnDialog(sign_on, str(target.address), access.client_id, self._error)
        self._error = ""
        self.show_error("")
        self.query_one(Vertical).display = False
        self.app.push_screen(dialog, lambda grant: self._close_second_step(answer, grant))

    def _close_second_step(self, answer: Answer, grant: OAuthGrant | None) -> None:
        """Close with the answer and the tokens; without them show this form again."""
        if grant is None:
            self.query_one(Vertical).display = True
            return
        target, access, name = answer
        self.dismiss((target, replace(access, grant=grant), name))


def choose_way(access: ConnectionOptions) -> Way:
    """Return the way that these options stand for; a password if they name none."""
    if access.sso:
        return Way.SINGLE_SIGN_ON
    return Way.TOKEN if access.token is not None and not access.user else Way.PASSWORD
