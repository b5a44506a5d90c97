"""The answer for a moment: the restore point to restore, and the others from before it, to open and to copy."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import ClassVar, NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from drtui.core.analysis.point_in_time import Candidate, PointInTimeChoice, Role
from drtui.core.formatting.display import DisplayContext, StyledText
from drtui.core.formatting.durations import format_age
from drtui.core.formatting.text import width
from drtui.core.formatting.times import format_minutes, zone_name
from drtui.core.summary.labels import expiry_text, level_label
from drtui.core.summary.point_in_time import explain_choice
from drtui.core.verdict.restore_points import RestorePoint
from drtui.ui.screens.exportable import ExportableScreen
from drtui.ui.widgets.footer import Footer, HasFooter
from drtui.ui.widgets.status_lines import StatusLines
from drtui.ui.widgets.styled_lines import line, wrap_line
from drtui.ui.widgets.virtual_list import VirtualList
from drtui.ui.widgets.virtual_table import Column, VirtualTable

HINTS = (
    ("enter", "open"),
    ("B", "runbook"),
    ("C", "copy as"),
    ("c", "copy answer"),
    ("b", "other time"),
    ("escape", "back"),
    ("p", "plain text"),
    ("x", "save"),
    ("question_mark", "help"),
)
MEASURED_ROWS = 200
"""Number of restore points, the newest, whose texts decide how wide a column is."""

MIN_TABLE_LINES = 6
"""Lines that the answer leaves to the table, with its title and heading."""

TONES = {Role.RECOMMENDED: "good", Role.RUNNING: "warn", Role.SKIPPED: "warn", Role.OLDER: "muted"}

NOTHING = (("No restore point started before that time.", "warn"),)


class BeforeCallbacks(NamedTuple):
    """Functions of the main screen that the answer needs."""

    open_runbook: Callable[[RestorePoint], object]
    copy_as: Callable[[RestorePoint, Callable[[str], object]], object]
    """Lets the user copy, show or save a restore point; the function gets a message."""
    ask_again: Callable[[], object]
    """Asks for another time."""


class BeforeScreen(HasFooter, ExportableScreen):
    """The answer in sentences, then the restore points from before the moment.

    The result is the id of the restore point to open.
    """

    DEFAULT_CSS = "BeforeScreen #candidates { height: 1fr; margin-top: 1; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,backspace,q,h,left", "leave", "back", show=False),
        Binding("B,R", "runbook", "runbook of the selected restore point", show=False),
        Binding("C", "copy_as", "copy, show or save the selected restore point as ...", show=False),
        Binding("b", "again", "ask for another time", show=False),
    ]

    def __init__(
        self,
        choose: Callable[[], tuple[PointInTimeChoice, Sequence[Candidate], DisplayContext]],
        callbacks: BeforeCallbacks,
        *,
        accent: str = "",
    ) -> None:
        """Create the screen; `choose` returns the choice as of the latest answer of the site, and how to show it."""
        super().__init__()
        self._choose, self._site_callbacks, self._accent = choose, callbacks, accent
        self._choice, self._candidates, self._view = choose()
        view = self._view
        self._sentences: tuple[StyledText, ...] = tuple(explain_choice(self._choice, view.zone))
        self.answer = StatusLines(plain=view.plain, id="answer")
        self.footer = Footer(plain=view.plain, id="footer")
        self.table: VirtualTable[Candidate] = VirtualTable(lambda row: row.point.id, plain=view.plain, id="candidates")

    def compose(self) -> ComposeResult:
        """Yield the answer, the restore points, and the key hints."""
        yield self.answer
        yield self.table
        yield self.footer

    def on_mount(self) -> None:
        """Show the restore points, with the cursor on the recommended one."""
        self.table.set_accent(self._accent)
        self.footer.set_hints(HINTS)
        self.table.set_title("Restore points before that time")
        self._show_candidates()
        self.table.focus()
        self.call_after_refresh(self._go_to_recommended)

    def _show_candidates(self) -> None:
        self.table.columns = _build_columns(self._candidates, self._view)
        self.table.show(self._candidates, empty_message=NOTHING)

    def follow_answer(self) -> None:
        """Choose anew; the cursor stays on its restore point."""
        self._choice, self._candidates, self._view = self._choose()
        self._sentences = tuple(explain_choice(self._choice, self._view.zone))
        if self.is_mounted:
            self._show_candidates()
            self.on_resize()

    def _go_to_recommended(self) -> None:
        if self._choice.point is not None:
            self.table.go_to(self._choice.point.id)

    def on_resize(self) -> None:
        """Wrap the answer to the window; what does not fit is in the copy."""
        cells, height = max(20, self.size.width - 2), self.size.height
        lines = [part for text in self._sentences for part in wrap_line(line(text.text, text.tone), cells)]
        self.answer.styles.height = min(len(lines), max(1, height - MIN_TABLE_LINES - 2))
        self.answer.show(lines)

    @property
    def export_text(self) -> str:
        """The text that `drtui before` prints."""
        return "".join(f"{sentence.text}\n" for sentence in self._sentences)

    @on(VirtualList.Selected, "#candidates")
    def _open(self) -> None:
        if self.table.record is not None:
            self.dismiss(self.table.record.point.id)

    def action_runbook(self) -> None:
        """Open the runbook of the restore point under the cursor."""
        if self.table.record is not None:
            self._site_callbacks.open_runbook(self.table.record.point)

    def action_copy_as(self) -> None:
        """Copy, show or save the restore point under the cursor in a format of choice."""
        if self.table.record is not None:
            self._site_callbacks.copy_as(self.table.record.point, self.show_message)

    def action_again(self) -> None:
        """Close, and ask for another time."""
        self.dismiss()
        self.app.call_later(self._site_callbacks.ask_again)


def _build_columns(candidates: Sequence[Candidate], view: DisplayContext) -> tuple[Column[Candidate], ...]:
    """Return the columns: name, role, verdict, loss, start, end, expiry, store, and the main reason."""

    def column(key: str, label: str, text: Callable[[Candidate], str], rank: int, tone: str = "") -> Column[Candidate]:
        room = max([width(label), *(width(text(row)) for row in candidates[:MEASURED_ROWS])])
        tone_of = {"role": _get_role_tone, "verdict": _get_verdict_tone}.get(tone)
        return Column(key, label, min(room, 40), text, tone_of, rank=rank)

    zone = zone_name(view.now, view.zone)
    return (
        column("name", "RESTORE POINT", lambda row: row.point.backup.name or "(no name)", 0)._replace(can_shrink=True),
        column("role", "ANSWER", lambda row: row.role.value, 0, "role"),
        column("verdict", "VERDICT", partial(_format_verdict, plain=view.plain), 0, "verdict"),
        column("loss", "YOU LOSE", lambda row: format_age(row.loss), 0),
        column("started", f"STARTED ({zone})", lambda row: format_minutes(row.point.backup.start, view.zone), 3),
        column("completed", "COMPLETED", lambda row: format_minutes(row.point.backup.end, view.zone), 6),
        column("expires", "EXPIRES", lambda row: expiry_text(row.point.backup, view.now), 4),
        column("store", "STORE", lambda row: row.point.backup.store, 5),
        Column("why", "WHY", 20, _format_reason, rank=7, is_flexible=True, is_prose=True),
    )


def _format_verdict(row: Candidate, *, plain: bool) -> str:
    return level_label(row.point.verdict.level).text(plain=plain)


def _format_reason(row: Candidate) -> str:
    return "" if row.point.verdict.is_usable else row.point.verdict.main.text


def _get_verdict_tone(row: Candidate) -> str:
    return level_label(row.point.verdict.level).tone


def _get_role_tone(row: Candidate) -> str:
    return TONES[row.role]
