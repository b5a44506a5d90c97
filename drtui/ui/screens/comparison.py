"""The comparison of two restore points: side by side in a wide window, else one below the other."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from drtui.core.comparison.compare import Comparison
from drtui.core.comparison.layout import comparison_lines, comparison_text
from drtui.core.formatting.display import DisplayContext
from drtui.ui.screens.exportable import EXPORT_HINT, ExportableScreen
from drtui.ui.widgets.styled_lines import Line, Lines


class ComparisonScreen(ExportableScreen):
    """The output of `drtui diff`, laid out for the window."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,backspace,q,d,D,h,left", "leave", "back", show=False),
    ]

    def __init__(self, comparison: Comparison, view: DisplayContext, site_caption: str, accent: str = "") -> None:
        """Create the screen; `site_caption` names the site and the age of its data."""
        super().__init__()
        self._comparison, self._view, self._site_caption, self._accent = comparison, view, site_caption, accent

    def compose(self) -> ComposeResult:
        """Yield the lines of the comparison."""
        yield Lines(plain=self._view.plain, id="compare")

    def on_mount(self) -> None:
        """Show the title with the keys, and focus the lines."""
        self.query_one(Lines).accent = self._accent
        self.show_message(f"esc back   {EXPORT_HINT}")
        self.query_one(Lines).focus()

    def on_resize(self) -> None:
        """Lay out both restore points for the size of the window."""
        lines = comparison_lines(self._comparison, self._view, self.size.width - 2)
        self.query_one(Lines).show([Line(pieces) for pieces in lines])

    @property
    def export_text(self) -> str:
        """The text that `drtui diff` prints."""
        return comparison_text(self._comparison, self._view)

    def show_message(self, text: str) -> None:
        """Show a message beside the title."""
        self.query_one(Lines).set_title("Compare", f"{self._site_caption}   {text}")

    def on_virtual_list_cancelled(self) -> None:
        """Close the screen."""
        self.action_leave()

    def action_leave(self) -> None:
        """Close the screen."""
        self.dismiss()
