"""Ask for the time before which to restore."""

import datetime as dt

from textual import on
from textual.widgets import Input

from drtui.core.formatting.durations import MINUTE
from drtui.core.formatting.times import TimeError, parse_past_time, to_zone, zone_label
from drtui.ui.dialogs.base import QuestionDialog

HINT = "enter find   esc back   for example 14:20, 14:20Z, yesterday 14:20, 3h ago"


class PointInTimeDialog(QuestionDialog[int]):
    """Asks for a time, proposing now; the result is epoch ms, or None if the user cancels."""

    def __init__(self, now: int, zone: dt.tzinfo) -> None:
        proposal = f"{to_zone(now // MINUTE * MINUTE, zone):%Y-%m-%d %H:%M}"
        super().__init__(f"Restore to before which time? In {zone_label(now, zone)}", proposal, HINT)
        self._now, self._zone = now, zone

    @on(Input.Submitted)
    def answer(self, event: Input.Submitted) -> None:
        """Close with the time; if it is invalid or ambiguous (clock change), show why."""
        try:
            self.dismiss(parse_past_time(event.value, self._zone, self._now))
        except TimeError as error:
            self.show_error(error)
