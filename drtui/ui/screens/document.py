"""Documents about a site or a restore point: what `drtui runbook` and `drtui report` print."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType

from drtui.core.formatting.text import plural
from drtui.ui.screens.text_viewer import SearchableScreen
from drtui.ui.widgets.markdown_lines import markdown_lines
from drtui.ui.widgets.styled_lines import Line


class DocumentScreen(SearchableScreen):
    """A Markdown document without its markup; copies and files are Markdown."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,backspace,q,h,left,A,B,R", "leave", "back", show=False),
    ]

    def __init__(self, heading: str, note: str, write: Callable[[], str], *, plain: bool, accent: str = "") -> None:
        """Create the screen; `write` returns the document as of the latest answer of the site."""
        super().__init__(heading, note, plain=plain, accent=accent)
        self._write, self._text = write, write()

    def reload(self) -> bool:
        """Write the document anew."""
        self._text = self._write()
        return True

    def build_lines(self, width: int) -> Sequence[Line]:
        """Return the document, wrapped to the window."""
        return tuple(markdown_lines(self._text, width - 2))

    @property
    def export_text(self) -> str:
        """The document as Markdown, as the command prints it."""
        return self._text


PERIODS = (1, 7, 30, 90, 365, 3660)
"""Numbers of days to choose from."""

DEFAULT_PERIOD = PERIODS.index(30)


class ReportScreen(DocumentScreen):
    """The audit report of a period; `+` and `-` choose how long it is."""

    hints = (("plus", "longer period"), ("minus", "shorter period"), *DocumentScreen.hints)
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("plus,equals_sign", "period(1)", "longer period", show=False),
        Binding("minus", "period(-1)", "shorter period", show=False),
    ]

    def __init__(self, note: str, write: Callable[[int], str], *, plain: bool, accent: str = "") -> None:
        """Create the screen; `write` returns the report of a number of days."""
        self._period = DEFAULT_PERIOD
        super().__init__("Report", note, lambda: write(PERIODS[self._period]), plain=plain, accent=accent)
        self._show_period()

    def _show_period(self) -> None:
        self.rows.heading = f"Report, last {plural(PERIODS[self._period], 'day', 'days')}"

    def action_period(self, by: int) -> None:
        """Report a longer or a shorter period."""
        period = max(0, min(len(PERIODS) - 1, self._period + by))
        if period != self._period:
            self._period = period
            self.reload()
            self._show_period()
            self.show_lines()
            self.rows.action_go(0)
