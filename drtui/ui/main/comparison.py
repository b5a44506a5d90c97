"""Mark and compare restore points."""

from collections.abc import Callable

from drtui.core.comparison.selection import Id, MarkedPair, choose_marked_pair, choose_previous_pair, toggle_selection
from drtui.core.verdict.restore_points import RestorePoint
from drtui.ui.main.open_site import OpenSite
from drtui.ui.screens.exportable import ExportableScreen


class Comparison:
    """The marks of the list, and the pair of restore points that a command compares."""

    def __init__(
        self,
        site: OpenSite,
        *,
        on_marked: Callable[[], object],
        show_message: Callable[[str], object],
        open_exportable: Callable[[ExportableScreen, str, str], object],
    ) -> None:
        self._site, self._on_marked = site, on_marked
        self._show_message, self._open_exportable = show_message, open_exportable

    def toggle_mark(self, point: RestorePoint) -> None:
        """Mark a restore point, or remove its mark."""
        self.set_marks(toggle_selection(self._site.marks, point.id))

    def set_marks(self, marks: tuple[Id, ...]) -> None:
        """Set the marked restore points, and show in the footer which key compares them."""
        self._site.marks = marks
        self._on_marked()
        hints = ("", "marked: d compares it with the one under the cursor", "d compares the two")
        self._show_message(hints[len(marks)])

    def choose_pair(self, action: str, point: RestorePoint | None) -> MarkedPair | None:
        """Return the pair that a command would compare, or the reason why it cannot; None for any other command.

        `point` is the restore point under the cursor.
        """
        points = self._site.assessment.points
        if action == "compare":
            return choose_marked_pair(points, self._site.marks, point)
        return choose_previous_pair(points, point) if action == "compare_previous" else None

    def compare(self, action: str, point: RestorePoint | None) -> None:
        """Open the comparison, or show the reason why there is none in the footer."""
        pair = self.choose_pair(action, point)
        if pair is None or isinstance(pair, str):
            self._show_message(pair or "")
            return
        from drtui.core.comparison.compare import compare
        from drtui.ui.screens.comparison import ComparisonScreen

        site = self._site
        self._open_exportable(ComparisonScreen(compare(*pair), site.view, site.accent), "compared", "txt")
