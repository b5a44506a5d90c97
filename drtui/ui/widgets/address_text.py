"""An address in full, over as many lines as it needs, as a link of the terminal."""

import os
from collections.abc import Mapping

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from drtui.ui.clipboard import Multiplexer, detect_multiplexer

LINKLESS_TERMINALS = frozenset({"linux", "dumb", "vt100", "vt220"})
"""Values of `TERM` of terminals that may print the sequence of a link (OSC 8) instead of ignoring it."""


def can_link(environment: Mapping[str, str]) -> bool:
    """True if the terminal ignores or understands the sequence of a link (OSC 8); GNU screen cuts a long one."""
    is_screen = detect_multiplexer(environment) in {Multiplexer.SCREEN, Multiplexer.EITHER}
    return not is_screen and environment.get("TERM", "") not in LINKLESS_TERMINALS


class AddressText(Widget, can_focus=True):
    """Breaks an address at the edge and nowhere else: its lines put together are the address."""

    DEFAULT_CSS = "AddressText { height: auto; }"

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - the name is Textual's
        super().__init__(id=id)
        self.address = ""

    def show(self, address: str) -> None:
        """Show another address."""
        self.address = address
        self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 - Textual's signature
        """Return the number of lines at this width."""
        return max(1, len(self._split(width)))

    def _split(self, width: int) -> list[str]:
        cells = max(1, width)
        return [self.address[start : start + cells] for start in range(0, len(self.address), cells)]

    def render_line(self, y: int) -> Strip:
        """Return a line of the address."""
        lines = self._split(self.size.width)
        link = self.address if can_link(os.environ) else None
        style = self.rich_style + Style(underline=True, bold=self.has_focus, link=link)
        segments = [Segment(lines[y], style)] if y < len(lines) else []
        return Strip(segments).adjust_cell_length(self.size.width, self.rich_style)
