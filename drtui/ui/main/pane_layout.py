"""The layout of the main screen: all panes, or only one, depending on window size, zoom and focus."""

from collections.abc import Callable
from typing import Protocol

from textual.screen import Screen
from textual.widget import Widget

FOUR_PANES_WIDTH, FOUR_PANES_HEIGHT = 100, 30
"""Smallest window, in cells, that shows all four panes."""
BLANK_LINES_HEIGHT = 36
"""Window height, in lines, from which blank lines separate the panes."""
MIN_WIDTH, MIN_HEIGHT = 40, 10
FOCUS_WIDGETS = {"connection": "connection", "stores": "stores", "table": "table", "detail": "relational"}
"""The panes, and the widget of each that takes the focus."""
LEFT_WIDGETS = {
    "relational": "table",
    "objects": "relational",
    "others": "objects",
    "table": "stores",
    "stores": "connection",
}


class Fit(Protocol):
    """A function that tells the panes how they are laid out."""

    def __call__(self, *, side_by_side: bool, detail_visible: bool, cells: int, size_warning: str) -> None:
        """Show the panes side by side or one at a time, the detail or not, in a window that is `cells` cells wide.

        `size_warning` names the sizes.
        """


class PaneLayout:
    """Shows and hides panes by style classes of the screen."""

    def __init__(self, screen: Screen[None], *, fit: Fit, on_resized: Callable[[], object]) -> None:
        """Create the layout; `on_resized` shows the content of the panes in their new size."""
        self._screen, self._fit, self._on_resized = screen, fit, on_resized
        self.is_zoomed = False
        self.pane = "table"
        """The pane with the focus."""

    def lay_out(self, width: int, height: int) -> None:
        """Show all panes, or only one, or a message that the window is too small; size in cells."""
        too_small = width < MIN_WIDTH or height < MIN_HEIGHT
        single = width < FOUR_PANES_WIDTH or height < FOUR_PANES_HEIGHT or self.is_zoomed
        pane_classes = {f"show-{name}": single and self.pane == name for name in FOCUS_WIDGETS}
        # Set all classes at once: each single change would restyle every widget.
        self._screen.update_classes(
            {"too-small": too_small, "single-pane": single, "dense": height < BLANK_LINES_HEIGHT, **pane_classes}
        )
        self._fit(
            side_by_side=not single,
            detail_visible=not single or self.pane == "detail",
            cells=width,
            size_warning=f"{width}x{height}: at least {MIN_WIDTH}x{MIN_HEIGHT}",
        )
        self._screen.call_after_refresh(self._finish)

    def _finish(self) -> None:
        self._on_resized()
        if self._screen.focused is None:  # the focused widget was hidden
            self._focus(FOCUS_WIDGETS[self.pane])

    def _focus(self, widget_id: str) -> None:
        self._screen.set_focus(self._screen.query_one(f"#{widget_id}"))

    def _refresh(self) -> None:
        self.lay_out(self._screen.size.width, self._screen.size.height)

    def focus_pane(self, name: str) -> None:
        """Focus a pane."""
        self.pane = name
        self._refresh()
        self._focus(FOCUS_WIDGETS[name])

    def toggle_zoom(self) -> None:
        """Show the focused pane on the whole window, or show all panes again."""
        self.is_zoomed = not self.is_zoomed
        self._refresh()

    def follow_focus(self, focused: Widget) -> None:
        """Show the pane of the focused widget if the window shows only one."""
        name = next((pane for pane, widget_id in FOCUS_WIDGETS.items() if focused.id == widget_id), None)
        if name is not None and name != self.pane:
            self.pane = name
            if self._screen.has_class("single-pane"):
                self._refresh()

    def go_left(self, widget_id: str | None) -> None:
        """Focus the pane or the column to the left of a widget."""
        name = LEFT_WIDGETS.get(widget_id or "", "table")
        if name in FOCUS_WIDGETS:
            self.focus_pane(name)
        else:
            self._focus(name)
