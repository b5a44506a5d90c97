"""Press random keys on a site whose server changes between moods."""

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from textual import events

from drtui.core.model.address import Address
from drtui.core.model.auth import Secret
from drtui.demo.app import make_app
from drtui.demo.faults import Faults, parse_fault
from drtui.demo.scenarios import TOKEN
from drtui.demo.server import serving
from drtui.session import ConnectionOptions, Target
from tests.conftest import NOW
from tests.ui.stories import UiPilot, start_ui

KEYS = (
    *"123456789abcdefghijklmnorstuvwxyzABCDEFGHIJKLMNORSTUVWXYZ",
    *("escape", "enter", "tab", "shift+tab", "backspace", "space", "up", "down", "left", "right", "pageup", "pagedown"),
    *("home", "end", "slash", "question_mark", "colon", "at", "plus", "minus", "f1", "ctrl+p", "ctrl+l", "ctrl+u"),
)
"""All keys but `q` and ctrl+c, which exit, and `p`, which suspends to a terminal that the tests do not have."""

TEXTS = ("nightly", "verdict:usable", "/(", "yesterday 14:20", "\t\t", "https://h/x", "ж漢👩‍👩‍👧")
SIZES = ((120, 40), (80, 24), (160, 45), (40, 10), (20, 5))
MOODS = ("", "500-stores", "403-tasks", "drop-backups", "missing-key-status", "aged-stores", "html", "503")

MAX_BUNCH = 6
"""Number of keys that may arrive at once."""

WAYS_BACK = 25
"""Number of escape or enter presses that lead back to the main screen from anywhere."""


@asynccontextmanager
async def start_walk(scenario: str) -> AsyncIterator[tuple[UiPilot, "Walk"]]:
    """Start the interface on a served scenario, with a random walk."""
    app = make_app(scenario, now=NOW)
    with serving(app) as server:
        target, access = Target(Address.parse(server.url)), ConnectionOptions(token=Secret(TOKEN), timeout=5)
        async with start_ui(target, access) as ui:
            # The palette can choose to quit, which is no failure.
            ui.app.action_quit = _stay  # type: ignore[method-assign]
            yield ui, Walk(ui, app.state)


async def _stay() -> None:
    """Replace the quit action, which does nothing here."""


class Walk:
    """Random keys, texts, window sizes and server moods."""

    def __init__(self, ui: UiPilot, server: object) -> None:
        self._ui, self._server = ui, server

    async def go(self, seed: int, steps: int) -> None:
        """Take `steps` steps; each is a bunch of keys, and now and then another event."""
        chance = random.Random(seed)  # noqa: S311 - the same walk for the same seed
        for _ in range(steps):
            if chance.random() < 0.02:
                mood = chance.choice(MOODS)
                self._server.faults = parse_fault([mood]) if mood else Faults()  # type: ignore[attr-defined]
            if chance.random() < 0.02:
                await self._ui.resize(chance.choice(SIZES))
            if chance.random() < 0.03:
                self._ui.app.post_message(events.Paste(chance.choice(TEXTS)))
            for _ in range(chance.randrange(1, MAX_BUNCH)):
                self._ui.send(chance.choice(KEYS))
            if chance.random() < 0.5:  # otherwise the next bunch arrives while this one is handled
                await self._ui.settle()
        await self._ui.settle()

    async def home(self) -> bool:
        """True if escape and enter lead back to the main screen."""
        for press in range(WAYS_BACK):
            if len(self._ui.app.screen_stack) == 1:
                return True
            await self._ui.press("escape" if press % 5 else "enter")
        return False
