"""The parts of one restore point on a common time scale."""

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType

from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.times import format_full
from drtui.core.listing.details import DetailLine
from drtui.core.model.site import DrSettings
from drtui.core.summary.labels import level_label
from drtui.core.timeline.gantt import build_bars
from drtui.core.verdict.restore_points import RestorePoint
from drtui.ui.screens.text_viewer import LinesScreen
from drtui.ui.widgets.detail_pane import build_detail_lines
from drtui.ui.widgets.styled_lines import Line, line

EXPORT_WIDTH = 80
"""Width of an exported line, in cells."""


class GanttScreen(LinesScreen):
    """The bars at the end of `drtui show`, laid out for the window."""

    hints = (("enter", "show in list"), *LinesScreen.hints)
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "show it in the list", show=False, priority=True),
        Binding("escape,backspace,q,h,left", "leave", "back", show=False),
    ]

    def __init__(
        self,
        point: RestorePoint,
        settings: DrSettings | None,
        view: DisplayContext,
        accent: str = "",
    ) -> None:
        super().__init__("Parts in time", "", plain=view.plain, accent=accent)
        self._point, self._settings, self._view = point, settings, view

    def build_lines(self, width: int) -> Sequence[Line]:
        """Draw the bars for the width of the window."""
        cells = width - 2
        bar_lines, notes = build_bars(self._point, self._settings, self._view, cells)
        lines = [line(row.text, row.tone) for row in (*self._build_point_lines(), *bar_lines, DetailLine(""))]
        return [*lines, *build_detail_lines(notes, cells)]

    def _build_point_lines(self) -> Iterator[DetailLine]:
        """Yield name, verdict, store and start of the restore point."""
        backup, mark = self._point.backup, level_label(self._point.verdict.level)
        yield DetailLine(backup.name or "(no name)", tone="strong")
        yield DetailLine(f"{mark.text(plain=self._view.plain)}, store {backup.store}", tone=mark.tone)
        yield DetailLine(f"started {format_full(backup.start, self._view.zone)}")
        yield DetailLine("")

    @property
    def export_text(self) -> str:
        """The text that `drtui show` prints."""
        bar_lines, notes = build_bars(self._point, self._settings, self._view, EXPORT_WIDTH)
        return "".join(f"{row.text}\n" for row in (*self._build_point_lines(), *bar_lines, *notes))

    def action_choose(self) -> None:
        """Close the screen, and move the cursor of the list to the restore point."""
        self.dismiss(self._point.id)
