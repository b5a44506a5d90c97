"""The comparison of two restore points: side by side in a wide window, else one below the other."""

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType

from drtui.core.comparison.compare import Comparison
from drtui.core.comparison.layout import comparison_lines, comparison_text
from drtui.core.formatting.display import DisplayContext
from drtui.ui.screens.text_viewer import LinesScreen
from drtui.ui.widgets.styled_lines import Line


class ComparisonScreen(LinesScreen):
    """The output of `drtui diff`, laid out for the window."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,backspace,q,d,D,h,left", "leave", "back", show=False),
    ]

    def __init__(self, comparison: Comparison, view: DisplayContext, site_caption: str, accent: str = "") -> None:
        """Create the screen; `site_caption` names the site and the age of its data."""
        super().__init__("Compare", f"{site_caption}   esc back", plain=view.plain, accent=accent)
        self._comparison, self._view, self._site_caption = comparison, view, site_caption

    def build_lines(self, width: int) -> Sequence[Line]:
        """Lay out both restore points for the width of the window."""
        return [Line(pieces) for pieces in comparison_lines(self._comparison, self._view, width - 2)]

    @property
    def export_text(self) -> str:
        """The text that `drtui diff` prints."""
        return comparison_text(self._comparison, self._view)

    def show_message(self, text: str) -> None:
        """Show a message beside the title."""
        super().show_message(f"{self._site_caption}   {text}")
