"""The log of requests to the site, newest first, each as a curl command to send to the administrator of a gateway."""

import datetime as dt
import textwrap
from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from drtui.core.formatting.times import to_zone
from drtui.session import Request
from drtui.ui.screens.text_viewer import LinesScreen
from drtui.ui.widgets.status_lines import StatusLines
from drtui.ui.widgets.styled_lines import Line, line
from drtui.ui.widgets.virtual_list import VirtualList

CURL_LINES = 5
"""Number of lines for the curl command."""


class RequestLogScreen(LinesScreen):
    """One line per request; below, the curl command of the request under the cursor."""

    DEFAULT_CSS = f"RequestLogScreen #curl {{ height: {CURL_LINES}; }}"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,backspace,q,at,h,left", "leave", "back", show=False),
    ]

    def __init__(
        self,
        requests: Sequence[Request],
        curl_line: Callable[[Request], str],
        zone: dt.tzinfo,
        *,
        plain: bool,
    ) -> None:
        super().__init__("Requests", "c copies the curl command, which contains no secrets", plain=plain)
        self._requests = tuple(reversed(requests))
        self._curl_line, self._zone = curl_line, zone
        self._curl = StatusLines(plain=plain, id="curl")

    def compose(self) -> ComposeResult:
        """Yield the list, and the curl command."""
        yield self.rows
        yield self._curl
        yield self.footer

    def build_lines(self, width: int) -> Sequence[Line]:  # noqa: ARG002 - long lines are cut
        """Return a line for each request."""
        if not self._requests:
            return [line("No requests yet.", "muted")]
        return [_build_line(request, number, self._zone) for number, request in enumerate(self._requests)]

    @on(VirtualList.Highlighted, "#rows")
    def _show_curl_line(self) -> None:
        """Show the curl command of the request under the cursor."""
        wrapped = textwrap.wrap(self.export_text, max(20, self.app.size.width - 2), break_on_hyphens=False)
        self._curl.show([line(text, "muted") for text in wrapped[:CURL_LINES]])

    @property
    def export_text(self) -> str:
        """The curl command of the request under the cursor."""
        key = self.rows.key
        return self._curl_line(self._requests[key]) if isinstance(key, int) else ""


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
