"""The comparison of two restore points: side by side in a wide window, else one below the other."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType

from drtui.core.comparison.compare import Comparison
from drtui.core.comparison.layout import comparison_text, lay_out
from drtui.core.formatting.display import DisplayContext
from drtui.ui.screens.text_viewer import SearchableScreen
from drtui.ui.widgets.comparison_lines import FOLD_STATES, build_comparison_lines
from drtui.ui.widgets.styled_lines import Line
from drtui.ui.widgets.virtual_list import VirtualList


class ComparisonScreen(SearchableScreen):
    """What `drtui diff` prints, the differences first; what is equal can be folded and unfolded."""

    hints = (("enter", "show or hide"), *SearchableScreen.hints)
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,backspace,q,d,D,h,left", "leave", "back", show=False),
    ]

    def __init__(self, comparison: Comparison, view: DisplayContext, accent: str = "") -> None:
        super().__init__("Compare", "", plain=view.plain, accent=accent)
        self._comparison, self._view = comparison, view
        self._opened: dict[str, bool] = {}
        """The folds that the user has opened (True) or closed, by their keys."""
        self._state = FOLD_STATES[-1]

    def build_lines(self, width: int) -> Sequence[Line]:
        """Lay out both restore points for the window; what is equal is folded if it does not fit."""
        layout = lay_out(self._comparison, self._view, width - 2)
        lines: list[Line] = []
        for self._state in FOLD_STATES:
            lines = build_comparison_lines(self._comparison, layout, self._state, self._opened, width - 2)
            if len(lines) <= self.rows.visible_row_count:
                break
        return lines

    @on(VirtualList.Selected, "#rows")
    def _toggle(self) -> None:
        """Open or close the fold under the cursor."""
        match self.rows.key:
            case ("fold", str(key)):
                self._opened[key] = not self._opened.get(key, self._state.is_open)
                self.show_lines()

    @property
    def export_text(self) -> str:
        """The text that `drtui diff` prints."""
        return comparison_text(self._comparison, self._view)
