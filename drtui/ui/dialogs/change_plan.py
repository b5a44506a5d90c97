"""Show the plan of a change, read anew, and ask for its confirmation."""

import datetime as dt
import time
from collections.abc import Awaitable, Callable
from typing import ClassVar, NamedTuple

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input

from drtui.core.formatting.text import wrap_cells
from drtui.core.model.auth import Secret
from drtui.core.operations.confirmation import Confirming
from drtui.core.operations.plan import Plan
from drtui.core.operations.preflight import check_passcode
from drtui.core.operations.request import Change
from drtui.ui.screens.closable import Closable
from drtui.ui.widgets.passcode_input import PasscodeInput
from drtui.ui.widgets.plan_lines import build_plan_lines, change_title
from drtui.ui.widgets.status_lines import StatusLines
from drtui.ui.widgets.styled_lines import Lines, line, wrap_line
from drtui.ui.widgets.text_input import TextInput

SEND_KEY = "S"
"""The key that confirms a change for which one key is enough. No menu, form or reflex uses it."""

YES = frozenset({"y", "yes"})
"""Answers that agree to a line of the readiness list."""


class Confirmed(NamedTuple):
    """A change that a person confirmed."""

    plan: Plan
    answers: tuple[str, ...]
    passcode: Secret | None


class Question(NamedTuple):
    """Something to type before a change is sent."""

    prompt: str
    accepts: Callable[[str], bool]
    is_phrase: bool
    """True if the text is part of the confirmation."""


class ChangePlanScreen(Closable[Confirmed | None]):
    """The plan, and below it the questions one after another.

    Nothing can be confirmed before the plan has been shown: keys that were pressed earlier do nothing.
    """

    DEFAULT_CSS = """
    ChangePlanScreen #plan { height: 1fr; }
    ChangePlanScreen #prompt { height: 3; margin-top: 1; }
    ChangePlanScreen Input { display: none; margin: 0 1; background: $foreground 20%; }
    ChangePlanScreen:ansi Input { background: ansi_default; text-style: underline; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q", "leave", "back, nothing is sent", show=False)]

    def __init__(
        self,
        change: Change,
        passcode: Secret | None,
        read_plan: Callable[[Change], Awaitable[Plan]],
        zone: dt.tzinfo,
        *,
        plain: bool,
        accent: str,
    ) -> None:
        """Create the screen.

        Args:
            change: the change.
            passcode: its passcode, if it has been asked for already.
            read_plan: reads the site anew and returns the plan.
            zone: the zone in which times are shown.
            plain: True to use only ASCII symbols.
            accent: the accent colour of the site.
        """
        super().__init__()
        self._change, self._passcode, self._read_plan, self._zone = change, passcode, read_plan, zone
        self._plan: Plan | None = None
        self._shown_at = 0.0
        """Time at which the plan was shown, by the clock of key events; 0 before."""
        self._questions: list[Question] = []
        self._answers: list[str] = []
        self._needs_passcode = False
        self._rows = Lines(change_title(change), plain=plain, id="plan")
        self._rows.set_accent(accent)
        self._prompt = StatusLines(plain=plain, id="prompt")
        self._hint = StatusLines(plain=plain, id="hint")
        self._input = TextInput(id="answer", compact=True, disabled=True)
        self._passcode_input = PasscodeInput(id="passcode")
        self._passcode_input.disabled = True

    def compose(self) -> ComposeResult:
        """Yield the plan, the question and the key hints."""
        yield self._rows
        yield self._prompt
        yield self._input
        yield self._passcode_input
        yield self._hint

    def on_mount(self) -> None:
        """Read the plan."""
        self._rows.show([line(" Reading the site again ...", "muted")])
        self._show_hint("esc back, nothing is sent")
        self._rows.focus()
        self._load()

    @work(group="plan", exclusive=True)
    async def _load(self) -> None:
        plan = await self._read_plan(self._change)
        self._plan = plan
        self._show_plan()
        self.call_after_refresh(self._start_asking)

    def on_resize(self) -> None:
        """Wrap the plan for the size of the window."""
        if self._plan is not None:
            self._show_plan()

    def _show_plan(self) -> None:
        plan = self._plan
        if plan is not None:
            lines = build_plan_lines(plan, self._zone)
            self._rows.show([part for row in lines for part in wrap_line(row, max(20, self.size.width - 2))])

    def _start_asking(self) -> None:
        """Ask the first question, now that the plan can be seen."""
        plan = self._plan
        if plan is None:
            return
        self._shown_at = time.monotonic()
        if plan.outcome_without_sending is not None:
            self._ask("It cannot be sent: see STOP above.", "bad")
            self._show_hint("esc back")
            return
        self._needs_passcode = bool(plan.change.secrets) and self._passcode is None
        self._questions = [
            Question(f"{text}? Type y", lambda typed: typed.strip().lower() in YES, is_phrase=False)
            for text in plan.readiness
        ]
        if plan.confirmation.way is Confirming.TYPE:
            self._questions += [
                Question(f"To confirm, type: {phrase.text}", phrase.accepts, is_phrase=True)
                for phrase in plan.confirmation.phrases
            ]
        self._next_question()

    @property
    def _takes_key(self) -> bool:
        """True if one key confirms."""
        plan = self._plan
        return (
            plan is not None and plan.outcome_without_sending is None and plan.confirmation.way is not Confirming.TYPE
        )

    def _next_question(self) -> None:
        """Ask the next question; without one the change is confirmed, or waits for its key."""
        plan = self._plan
        if plan is None:
            return
        self._input.styles.display = self._passcode_input.styles.display = "none"
        self._input.disabled = self._passcode_input.disabled = True
        if self._needs_passcode and not (self._questions and not self._questions[0].is_phrase):
            self._ask("Passcode of this backup")
            self._show_field(self._passcode_input)
        elif self._questions:
            self._ask(self._questions[0].prompt)
            self._input.value = ""
            self._show_field(self._input)
        elif self._takes_key:
            self._rows.focus()
            self._ask(f"{SEND_KEY} sends it to {plan.destination.site_name}.")
            self._show_hint(f"{SEND_KEY} (capital) send   esc back, nothing is sent   j k scroll")
        else:
            self.dismiss(Confirmed(plan, tuple(self._answers), self._passcode))

    def _show_field(self, field: TextInput) -> None:
        field.styles.display = "block"
        field.disabled = False
        field.focus()
        self._show_hint("enter answers   tab to the plan and back   esc back, nothing is sent")

    def _ask(self, text: str, tone: str = "strong", problem: str = "") -> None:
        wrapped = wrap_cells(text, max(20, self.size.width - 2))
        self._prompt.show([line(problem, "bad"), *(line(part, tone) for part in wrapped)])

    def _show_hint(self, text: str) -> None:
        self._hint.show([line(text, "muted")])

    @on(Input.Submitted, "#passcode")
    def _take_passcode(self) -> None:
        """Take the passcode, if there is one."""
        passcode = self._passcode_input.secret
        if check_passcode(self._change, passcode) is not None:
            self._ask("Passcode of this backup", problem="A passcode is required.")
            return
        self._passcode, self._needs_passcode = passcode, False
        self._next_question()

    @on(Input.Submitted, "#answer")
    def _take_answer(self, event: Input.Submitted) -> None:
        """Take an answer; any other text asks again."""
        if not self._questions:
            return
        question = self._questions[0]
        if not question.accepts(event.value):
            problem = "That is not the same text." if question.is_phrase else "Without it nothing is sent: esc leaves."
            self._ask(question.prompt, problem=problem)
            self._input.value = ""
            return
        if question.is_phrase:
            self._answers.append(event.value.strip())
        del self._questions[0]
        self._next_question()

    def on_key(self, event: events.Key) -> None:
        """Confirm with the key for it, unless it was pressed before the plan was shown."""
        plan = self._plan
        if event.character != SEND_KEY or not self._takes_key or plan is None:
            return
        event.stop()
        if self._shown_at and event.time > self._shown_at and not self._questions and not self._needs_passcode:
            self.dismiss(Confirmed(plan, plan.confirmation.answers, self._passcode))
