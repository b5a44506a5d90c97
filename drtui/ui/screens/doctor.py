"""The steps of a connection to a site, as they are done: result, evidence, likely cause and next step."""

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import aclosing
from itertools import chain
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from drtui.core.formatting.text import width
from drtui.core.model.diagnosis import Diagnosis, Step, StepResult
from drtui.core.summary.diagnosis import diagnosis_text, step_label
from drtui.output.doctor import step_lines
from drtui.ui.screens.text_viewer import LinesScreen
from drtui.ui.widgets.status_lines import StatusLines, wrap_text
from drtui.ui.widgets.styled_lines import Line, line, wrap_line
from drtui.ui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

TITLE_CELLS = 20
"""Largest width of a step's title, in cells."""
INDENT = "    "
PROBLEMS = frozenset({StepResult.FAILED, StepResult.WARNING, StepResult.UNKNOWN})
"""Results of steps whose details are shown from the start, as `drtui doctor` prints them."""
RESULT_LINES = 2
"""Most lines for the result in one sentence."""


class DoctorScreen(LinesScreen):
    """One line per step; enter shows or hides its details. Those of a problem are shown from the start."""

    hints = (("enter", "details"), ("r", "again"), *LinesScreen.hints)
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,backspace,q,D,h,left", "leave", "back", show=False),
        Binding("r", "run", "again", show=False),
    ]
    filename = "drtui-doctor.txt"

    def __init__(
        self,
        location: str,
        diagnose: Callable[[], AsyncIterator[Step]],
        clock: Callable[[], int],
        *,
        plain: bool,
        accent: str = "",
    ) -> None:
        """Create the screen; `diagnose` starts a diagnosis, and `clock` returns the present, epoch ms."""
        super().__init__("Doctor", "", plain=plain, accent=accent)
        self._diagnose, self._clock, self._plain = diagnose, clock, plain
        self.diagnosis = Diagnosis(location, clock())
        self._is_running = False
        self._toggled: set[int] = set()
        """Steps whose details the user has shown or hidden."""
        self.result = StatusLines(plain=plain, id="result")

    def compose(self) -> ComposeResult:
        """Yield the result, and the steps."""
        yield self.result
        yield self.rows
        yield self.footer

    def on_mount(self) -> None:
        """Focus the steps, and start once they have a size, without which the cursor would scroll them away."""
        super().on_mount()
        self.call_after_refresh(self.action_run)

    @work(exclusive=True, group="doctor")
    async def action_run(self) -> None:
        """Run the diagnosis, and show each step when it is done."""
        self.diagnosis = Diagnosis(self.diagnosis.location, self._clock())
        self._toggled, self._is_running, self.rows.has_user_moved = set(), True, False
        self._show()
        async with aclosing(_as_generator(self._diagnose())) as steps:
            async for step in steps:
                self.diagnosis = Diagnosis(self.diagnosis.location, self.diagnosis.at, (*self.diagnosis.steps, step))
                self._show()
        self._is_running = False
        self._show()

    def _show(self) -> None:
        """Show the steps; the cursor is on the first failed one until the user moves it."""
        text, tone = self._result
        lines = wrap_text(text, max(20, self.size.width - 2), RESULT_LINES)
        self.result.styles.height = len(lines) + 2
        self.result.show([line(self.diagnosis.location, "strong"), *(line(part, tone) for part in lines), line("")])
        self.rows.show(self.build_lines(self.size.width))
        failed = self.diagnosis.first_failure
        if failed is not None and not self.rows.has_user_moved:
            self.rows.go_to(self.diagnosis.steps.index(failed))
            self.rows.has_user_moved = False

    def build_lines(self, width: int) -> Sequence[Line]:
        """Return the steps, wrapped to the window."""
        return [part for row in self._build_step_lines() for part in wrap_line(row, width - 2)]

    @property
    def _result(self) -> tuple[str, str]:
        """The result in one sentence, and its tone."""
        return ("Checking ...", "muted") if self._is_running else diagnosis_text(self.diagnosis)

    def on_resize(self) -> None:
        """Lay out result and steps for the size of the window."""
        self._show()

    def _is_expanded(self, number: int) -> bool:
        return (self.diagnosis.steps[number].result in PROBLEMS) != (number in self._toggled)

    def _build_step_lines(self) -> Iterator[Line]:
        steps = self.diagnosis.steps
        cells = min(TITLE_CELLS, max((len(step.title) for step in steps), default=0))
        for number, step in enumerate(steps):
            label = step_label(step.result)
            tone = "muted" if step.result is StepResult.SKIPPED else ""
            pieces = (
                (step.title, tone or "strong"),
                (" " * (cells - width(step.title)), ""),
                (f"  {label.text(plain=self._plain):<11}", label.tone),
                (step.summary.removeprefix("skipped: "), tone),
            )
            yield Line(pieces, number)
            if self._is_expanded(number):
                yield from _build_details(step)

    @on(VirtualList.Selected, "#rows")
    def _toggle(self) -> None:
        """Show or hide the details of the step under the cursor."""
        number = self.rows.key
        if isinstance(number, int):
            self._toggled ^= {number}
            self.rows.show(self.build_lines(self.size.width))

    @property
    def export_text(self) -> str:
        """What `drtui doctor --verbose` prints."""
        steps = [step_lines(step, plain=self._plain, verbose=True) for step in self.diagnosis.steps]
        rows = (f"Doctor: {self.diagnosis.location}", *chain.from_iterable(steps), "", self._result[0])
        return "".join(f"{row.rstrip()}\n" for row in rows)


def _build_details(step: Step) -> Iterator[Line]:
    """Yield the evidence of a step, its request and time, the likely cause and the next step."""
    failure = step.failure
    rows = [(fact.name, fact.text, "") for fact in step.evidence]
    if failure is not None:
        rows.append(("request", failure.request, "muted"))
    if step.duration:
        rows.append(("time", f"{step.duration:,} ms", "muted"))
    rows += [("likely cause", step.cause, ""), ("next step", step.advice, "strong")]
    cells = max(len(name) for name, _, _ in rows)
    for name, text, tone in rows:
        if text:
            yield Line(((f"{INDENT}{name:<{cells}}  ", "muted"), (text, tone)))


async def _as_generator(steps: AsyncIterator[Step]) -> "AsyncGenerator[Step, None]":
    """Yield the same steps; a generator can be closed when the screen is left."""
    async for step in steps:
        yield step
