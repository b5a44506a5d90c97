"""Last operation and schedules of the site, from which its menu of changes opens."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType

from drtui.ui.screens.text_viewer import TextScreen
from drtui.ui.widgets.styled_lines import Line


class ActivityScreen(TextScreen):
    """A text about the activity of the site; `a` opens the menu of changes."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("a", "act", "pause, resume, validate, create", show=False)]

    def __init__(
        self, heading: str, note: str, lines: Sequence[Line], on_act: Callable[[], object], *, plain: bool, accent: str
    ) -> None:
        """Create the screen; `on_act` opens the menu."""
        super().__init__(heading, note, lines, plain=plain, accent=accent)
        self._on_act = on_act

    def action_act(self) -> None:
        """Close, and open the menu of changes of the site."""
        self.dismiss()
        self.app.call_later(self._on_act)
