"""What differs between two restore points: beside one another where there is room, else one below the other."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from drtui.core.comparison.compare import Comparison
from drtui.core.comparison.layout import comparison_lines, comparison_text
from drtui.core.formatting.display import DisplayContext
from drtui.ui.screens.exportable import EXPORT_HINT, ExportableScreen
from drtui.ui.widgets.styled_lines import Line, Lines


class ComparisonScreen(ExportableScreen):
    """The lines that `drtui diff` prints, laid out for the window."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,backspace,q,d,D,h,left", "leave", "back", show=False),
    ]

    def __init__(self, comparison: Comparison, view: DisplayContext, site_caption: str, accent: str = "") -> None:
        """`about` says of which site, and how old what is known of it is."""
        super().__init__()
        self._comparison, self._view, self._site_caption, self._accent = comparison, view, site_caption, accent

    def compose(self) -> ComposeResult:
        """The lines, and nothing else."""
        yield Lines(plain=self._view.plain, id="compare")

    def on_mount(self) -> None:
        """Where one is, and how to leave."""
        self.query_one(Lines).accent = self._accent
        self.say(f"esc back   {EXPORT_HINT}")
        self.query_one(Lines).focus()

    def on_resize(self) -> None:
        """Lay the two out for the size of the window."""
        lines = comparison_lines(self._comparison, self._view, self.size.width - 2)
        self.query_one(Lines).show([Line(pieces) for pieces in lines])

    @property
    def export_text(self) -> str:
        """The same as in a pipe."""
        return comparison_text(self._comparison, self._view)

    def say(self, text: str) -> None:
        """Beside the title, and beside where one is."""
        self.query_one(Lines).set_title("Compare", f"{self._site_caption}   {text}")

    def on_virtual_list_cancelled(self) -> None:
        """Go back."""
        self.action_leave()

    def action_leave(self) -> None:
        """Go back."""
        self.dismiss()
