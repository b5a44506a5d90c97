"""The last operation and the schedules of a site."""

from collections.abc import Callable, Sequence

from drtui.core.analysis.assessment import Assessment
from drtui.core.formatting.display import DisplayContext
from drtui.ui.screens.text_viewer import TextScreen
from drtui.ui.widgets.activity_lines import build_activity_lines
from drtui.ui.widgets.styled_lines import Line, wrap_line

EXPORT_CELLS = 10_000
"""Width of the exported text, in cells: every table in one piece."""


class ActivityScreen(TextScreen):
    """Operations and schedules as tables, for the width of the window."""

    def __init__(
        self,
        assess: Callable[[], tuple[Assessment, DisplayContext]],
        note: str,
        *,
        accent: str = "",
        on_act: Callable[[], object] | None = None,
    ) -> None:
        """Create the screen; `assess` returns the latest assessment and how to show it; `on_act` opens the menu."""
        self._assess = assess
        self._assessment, self._view = assess()
        plain = self._view.plain
        super().__init__("Operations and schedules", note, (), plain=plain, accent=accent, on_act=on_act)
        self.reload()

    def reload(self) -> bool:
        """Take the latest assessment."""
        self._assessment, self._view = self._assess()
        self._lines = list(build_activity_lines(self._assessment, self._view, EXPORT_CELLS))
        return True

    def build_lines(self, width: int) -> Sequence[Line]:
        """Return the tables for a window of this width, in cells."""
        lines = build_activity_lines(self._assessment, self._view, width - 1)
        return [part for row in lines for part in wrap_line(row, width - 1)]
