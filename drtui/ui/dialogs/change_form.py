"""Ask for what a new backup, or a new date of retention, needs."""

import datetime as dt

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, Label

from drtui.core.formatting.durations import format_age
from drtui.core.formatting.input_error import InputError
from drtui.core.formatting.times import format_full, format_minutes
from drtui.core.model.auth import Secret
from drtui.core.model.backup import NEVER
from drtui.core.operations.names import default_name, name_error
from drtui.core.operations.preflight import MIN_PASSCODE, check_passcode
from drtui.core.operations.request import Change, CreateBackup, KeepBackup
from drtui.core.operations.retention import parse_retention
from drtui.ui.dialogs.base import Dialog
from drtui.ui.widgets.passcode_input import PasscodeInput
from drtui.ui.widgets.text_input import TextInput

Answer = tuple[Change, Secret | None]
"""The change, and the passcode if it needs one."""

RETENTION_LABEL = "Keep until (30d, 2026-12-31 or forever)"
PASSCODE_LABEL = f"Passcode, {MIN_PASSCODE} characters or more: without it nobody can restore the backup"


class ChangeForm(Dialog[Answer]):
    """Base class of forms; enter goes to the next field, and from the last one to the plan. Nothing is sent by it."""

    DEFAULT_CSS = """
    ChangeForm Input { margin: 0; }
    ChangeForm Input:focus { background: $foreground 20%; }
    ChangeForm:ansi Input:focus { background: ansi_default; }
    ChangeForm #until { color: $text-muted; }
    """

    def __init__(self, heading: str, now: int, zone: dt.tzinfo) -> None:
        super().__init__()
        self._heading, self._now, self._zone = heading, now, zone

    def on_mount(self) -> None:
        """Focus the first field."""
        self.query(Input).first().focus()
        self._show_retention()

    @on(Input.Changed, "#retention")
    def _show_retention(self) -> None:
        """Show the date that is meant."""
        typed = self.query_one("#retention", Input).value
        try:
            text = self._describe(parse_retention(typed, self._zone, self._now)) if typed.strip() else ""
        except InputError as error:
            text = str(error)
        self.query_one("#until", Label).update(text)

    def _describe(self, retention: int) -> str:
        if retention == NEVER:
            return "It is kept forever: only a person deletes it."
        return f"It is kept until {format_full(retention, self._zone)}, for {format_age(retention - self._now)}."

    @on(Input.Submitted)
    def focus_next_field(self, event: Input.Submitted) -> None:
        """Focus the next field, or close with the change; if a field cannot be accepted, show why."""
        fields = list(self.query(Input))
        position = fields.index(event.input)
        if position + 1 < len(fields):
            fields[position + 1].focus()
            return
        try:
            self.dismiss(self._read())
        except InputError as error:
            self.show_error(error)

    def _read(self) -> Answer:
        """Return the answer.

        Raises:
            InputError: a field cannot be accepted; the message says what to write.
        """
        raise NotImplementedError

    def _read_retention(self) -> int:
        field = self.query_one("#retention", Input)
        return parse_retention(field.value, self._zone, self._now)


class CreateForm(ChangeForm):
    """Asks for name, retention, description and passcode of a new backup."""

    def __init__(self, store: str, retention: int, now: int, zone: dt.tzinfo) -> None:
        """Create the form; `retention` is the proposed end of retention, epoch ms."""
        super().__init__(f"Create a backup in store {store}", now, zone)
        self._store, self._retention, self._proposed_name = store, retention, default_name(now)

    def compose(self) -> ComposeResult:
        """Yield the fields."""
        with Vertical():
            yield Label(self._heading, markup=False)
            yield Label("", id="error", markup=False)
            yield Label("Name", markup=False)
            yield TextInput(self._proposed_name, id="name", compact=True)
            yield Label(RETENTION_LABEL, markup=False)
            yield TextInput(format_minutes(self._retention, self._zone), id="retention", compact=True)
            yield Label("", id="until", markup=False)
            yield Label("Description (optional)", markup=False)
            yield TextInput(id="description", compact=True)
            yield Label(PASSCODE_LABEL, markup=False)
            yield PasscodeInput(id="passcode")
            yield Label("The same passcode again", markup=False)
            yield PasscodeInput(id="again")
            yield Label("enter next, from the last field to the plan   esc back", id="hint", markup=False)

    def _read(self) -> Answer:
        name = self.query_one("#name", Input).value.strip()
        problem = name_error(name)
        if problem:
            raise InputError(problem)
        retention = self._read_retention()
        description = self.query_one("#description", Input).value.strip()
        change = CreateBackup(self._store, name, retention, description)
        passcode = self.query_one("#passcode", PasscodeInput).secret
        finding = check_passcode(change, passcode)
        if passcode is None or finding is not None:
            raise InputError(f"The passcode is too short. Use at least {MIN_PASSCODE} characters")
        again = self.query_one("#again", PasscodeInput).secret
        if again is None or again.reveal() != passcode.reveal():
            for field in self.query(PasscodeInput):
                field.action_delete_left_all()
            self.query_one("#passcode").focus()
            raise InputError("The two passcodes differ. Type both again")
        return change, passcode


class KeepForm(ChangeForm):
    """Asks how long a backup is kept."""

    def __init__(self, store: str, name: str, kept: str, now: int, zone: dt.tzinfo) -> None:
        """Create the form; `kept` is how long the backup is kept now."""
        super().__init__(f"{name} is kept {kept} now", now, zone)
        self._store, self._backup = store, name

    def compose(self) -> ComposeResult:
        """Yield the field."""
        with Vertical():
            yield Label(self._heading, markup=False)
            yield Label("", id="error", markup=False)
            yield Label(RETENTION_LABEL, markup=False)
            yield TextInput(id="retention", compact=True)
            yield Label("", id="until", markup=False)
            yield Label("enter to the plan   esc back", id="hint", markup=False)

    def _read(self) -> Answer:
        return KeepBackup(self._store, self._backup, self._read_retention()), None
