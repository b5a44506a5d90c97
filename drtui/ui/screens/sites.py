"""The named sites, and what was last known of each: from history, without asking any."""

import asyncio
import datetime as dt
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen

from drtui.model.exposure import DEFAULT_TARGET
from drtui.model.freshness import freshness
from drtui.model.headline import headline
from drtui.model.judgement import judgement
from drtui.model.profile import Profile, Settings
from drtui.session import Access, Session
from drtui.session.profiles import target_of
from drtui.ui.widgets.lines import Line, Lines
from drtui.ui.widgets.rows import Rows

ANOTHER = "another"
"""The key of the line that asks for an address."""


class Sites(Screen[Profile | str | None]):
    """A line for each named site with its address, a line with what was last known; then any other."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,backspace,q,o", "leave", "back", show=False),
    ]

    def __init__(self, settings: Settings, now: int, zone: dt.tzinfo, *, plain: bool) -> None:
        super().__init__()
        self._settings, self._now, self._zone, self._plain = settings, now, zone, plain
        self._known: dict[str, Line] = {}

    def compose(self) -> ComposeResult:
        """The list, and nothing else."""
        yield Lines(plain=self._plain, id="sites")

    def on_mount(self) -> None:
        """Show the names at once, and what is known as it comes."""
        self._lines.title("Sites", "enter open   esc back")
        self._show()
        self._lines.focus()
        self._recall()

    @property
    def _lines(self) -> Lines:
        return self.query_one("#sites", Lines)

    def _show(self) -> None:
        lines: list[Line] = []
        for each in self._settings.profiles:
            user = f"  as {each.user}" if each.user else ""
            lines.append(Line(((each.name, "strong"), (f"  {each.address}{user}", "muted")), each.name))
            lines.append(self._known.get(each.name, Line((("  …", "muted"),))))
        self._lines.show([*lines, Line((("another site …", "strong"),), ANOTHER)])

    @work(group="sites")
    async def _recall(self) -> None:
        """What history has of each, one after another."""
        for each in self._settings.profiles:
            self._known[each.name] = await self._of(each)
            self._show()

    async def _of(self, profile: Profile) -> Line:
        access = Access(offline=True, remember=profile.history and self._settings.history)
        reading = await Session(target_of(profile), access).recalled()
        if reading is None:
            return Line((("  nothing is saved of it", "muted"),))
        judged = await asyncio.to_thread(judgement, reading, self._now, profile.target or DEFAULT_TARGET)
        first = headline(judged)[0]
        return Line(((f"  {freshness(reading, self._now, self._zone)}: {first.text.partition(': ')[2]}", first.tone),))

    @on(Rows.Chosen, "#sites")
    def _open(self) -> None:
        key = self._lines.key
        self.dismiss(ANOTHER if key == ANOTHER else self._settings.named(str(key)))

    def on_rows_left(self) -> None:
        """Go back."""
        self.action_leave()

    def action_leave(self) -> None:
        """Stay where one was."""
        self.dismiss(None)
