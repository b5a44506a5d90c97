"""Actions of the main screen that mark and compare restore points."""

from drtui.core.comparison.selection import Id, MarkedPair, choose_marked_pair, choose_previous_pair, toggle_selection
from drtui.ui.main.export import ExportActions


class ComparisonActions(ExportActions):
    """Adds marking and comparison of two restore points to the main screen."""

    def action_mark(self) -> None:
        """Mark the restore point under the cursor, or remove its mark."""
        if self.report_unavailable("mark") or self.point is None:
            return
        self.set_marks(toggle_selection(self.marks, self.point.id))

    def set_marks(self, marks: tuple[Id, ...]) -> None:
        """Set the marked restore points, and show in the footer which key compares them."""
        self.marks = marks
        self.show_marks()
        self.show_message(("", "marked: d compares it with the one under the cursor", "d compares the two")[len(marks)])

    def action_compare(self) -> None:
        """Compare the two marked restore points, or the marked one and the one under the cursor."""
        self._compare("compare")

    def action_compare_previous(self) -> None:
        """Compare the restore point under the cursor with the usable one before it."""
        self._compare("compare_previous")

    def explain_unavailable(self, action: str) -> str:
        """Also return the reason if there are no two restore points to compare."""
        pair = self._choose_pair(action)
        return pair if isinstance(pair, str) else super().explain_unavailable(action)

    def _choose_pair(self, action: str) -> MarkedPair | None:
        """Return the pair that a command would compare, or the reason why it cannot; None for any other command."""
        if action == "compare":
            return choose_marked_pair(self.assessment.points, self.marks, self.point)
        return choose_previous_pair(self.assessment.points, self.point) if action == "compare_previous" else None

    def _compare(self, action: str) -> None:
        pair = self._choose_pair(action)
        if self.report_unavailable(action) or pair is None or isinstance(pair, str):
            return
        from drtui.core.comparison.compare import compare  # noqa: PLC0415 - not needed for the first paint
        from drtui.ui.screens.comparison import ComparisonScreen  # noqa: PLC0415 - likewise

        accent = self.target.accent if self.target else ""
        self.open_exportable(ComparisonScreen(compare(*pair), self.view, self.caption, accent), "compared", "txt")
