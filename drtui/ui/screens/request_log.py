"""The log of requests to the site, newest first, each as a curl command to send to the administrator of a gateway."""

import datetime as dt
import textwrap
from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from drtui.core.formatting.text import cut
from drtui.core.formatting.times import to_zone
from drtui.session import Request
from drtui.ui.screens.exportable import EXPORT_HINT, SHORT_TITLE_CELLS, ExportableScreen
from drtui.ui.widgets.status_lines import StatusLines
from drtui.ui.widgets.styled_lines import Line, Lines, line
from drtui.ui.widgets.virtual_list import VirtualList

CURL_LINES = 5
"""Number of lines for the curl command."""


class RequestLogScreen(ExportableScreen):
    """One line per request; below, the curl command of the request under the cursor."""

    DEFAULT_CSS = f"""
    RequestLogScreen Lines {{ height: 1fr; }}
    RequestLogScreen #curl {{ height: {CURL_LINES}; }}
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,backspace,q,at,h,left", "leave", "back", show=False),
    ]

    def __init__(
        self,
        location: str,
        requests: Sequence[Request],
        curl_line: Callable[[Request], str],
        zone: dt.tzinfo,
        *,
        plain: bool,
    ) -> None:
        super().__init__()
        self._location = location
        self._requests = tuple(reversed(requests))
        self._curl_line, self._zone, self._plain = curl_line, zone, plain

    def compose(self) -> ComposeResult:
        """Yield the list, and the curl command."""
        yield Lines(plain=self._plain, id="requests")
        yield StatusLines(plain=self._plain, id="curl")

    def on_mount(self) -> None:
        """Show the requests, and focus the list."""
        lines = self.query_one("#requests", Lines)
        lines.set_title(
            f"Requests to {self._location}", f"esc back   {EXPORT_HINT} the line for a shell; it holds no secret"
        )
        lines.show([_build_line(request, number, self._zone) for number, request in enumerate(self._requests)])
        if not self._requests:
            lines.show([line("Nothing was asked yet.", "muted")])
        lines.focus()
        self._show_curl_line()

    @on(VirtualList.Highlighted, "#requests")
    def _show_curl_line(self) -> None:
        """Show the curl command of the request under the cursor."""
        wrapped = textwrap.wrap(self._selected_line, max(20, self.app.size.width - 2), break_on_hyphens=False)
        self.query_one("#curl", StatusLines).show([line(text, "muted") for text in wrapped[:CURL_LINES]])

    @property
    def _selected_line(self) -> str:
        key = self.query_one("#requests", Lines).key
        return self._curl_line(self._requests[key]) if isinstance(key, int) else ""

    @property
    def export_text(self) -> str:
        """The curl command of the request under the cursor."""
        return self._selected_line

    def show_message(self, text: str) -> None:
        """Show a message beside the title."""
        self.query_one("#requests", Lines).set_title(cut(f"Requests to {self._location}", SHORT_TITLE_CELLS), text)

    def on_virtual_list_cancelled(self) -> None:
        """Close the screen."""
        self.action_leave()

    def action_leave(self) -> None:
        """Close the screen."""
        self.dismiss()


def _build_line(request: Request, number: int, zone: dt.tzinfo) -> Line:
    """Return the line of a request: time, status, duration, size, method and URL."""
    outcome = str(request.status) if request.status is not None else "-"
    outcome_text = f"{outcome} {request.error}" if request.error and request.error != outcome else outcome
    pieces = (
        (f"{to_zone(request.at, zone):%H:%M:%S}  ", "muted"),
        (f"{outcome_text:<14}", "bad" if request.error else ""),
        (f"{request.duration:>7,} ms {request.size:>11,} B  ", "muted"),
        (f"{request.method:<4} {request.url}", ""),
    )
    return Line(pieces, number)
