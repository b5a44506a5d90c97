"""Ask for the time before which to restore."""

import datetime as dt

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, Label

from drtui.core.formatting.durations import MINUTE
from drtui.core.formatting.times import TimeError, parse_past_time, to_zone, zone_label
from drtui.ui.dialogs.base import Dialog


class PointInTimeDialog(Dialog[int]):
    """Asks for a time; the result is epoch ms, or None if the user cancels."""

    def __init__(self, now: int, zone: dt.tzinfo) -> None:
        super().__init__()
        self._now, self._zone = now, zone

    def compose(self) -> ComposeResult:
        """Yield the question and an input, filled in with now so that only the difference has to be typed."""
        moment = Input(f"{to_zone(self._now // MINUTE * MINUTE, self._zone):%Y-%m-%d %H:%M}", compact=True)
        moment.cursor_blink = False  # a blinking cursor sends 2 kB a second
        with Vertical():
            yield Label(f"Before which moment? In {zone_label(self._now, self._zone)}", markup=False)
            yield moment
            yield Label("", id="error", markup=False)
            yield Label(
                "enter answers   esc back   14:20, 14:20Z, yesterday 14:20 and 3h ago will do", id="hint", markup=False
            )

    @on(Input.Submitted)
    def answer(self, event: Input.Submitted) -> None:
        """Close with the time; if it is invalid or ambiguous (clock change), show why."""
        try:
            self.dismiss(parse_past_time(event.value, self._zone, self._now))
        except TimeError as error:
            self.query_one("#error", Label).update(str(error))
