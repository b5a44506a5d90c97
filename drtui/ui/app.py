"""The terminal interface."""

import asyncio
import os
from collections import deque
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ClassVar

from rich.segment import Segments
from rich.traceback import Traceback
from textual import events, on
from textual.app import App, SystemCommand
from textual.binding import BindingType
from textual.message import Message
from textual.screen import Screen
from textual.theme import BUILTIN_THEMES

from drtui.commands import COMMANDS
from drtui.ui.options import Options
from drtui.ui.screens.browse import Browse


class Digested(Message):
    """Follows a key through every widget that the key goes through; back at the app, the key has had its effect."""

    def __init__(self, rounds: int) -> None:
        super().__init__()
        self.rounds = rounds


ROUNDS = 2
"""One for the key itself, one for the message that its action may have posted (enter in an Input)."""

PATIENCE = 1.0
"""Seconds after which a key is no longer waited for: the widget it went to may have gone."""


class Threads(ThreadPoolExecutor):
    """Threads for names to be looked up and files to be written: nobody who leaves waits for them.

    asyncio waits for its own at the end, up to minutes: for a name server that is silent, or a locked file.
    """

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: ARG002 - as it is called
        """Take no more work, and leave at once."""
        super().shutdown(wait=False, cancel_futures=True)


class Drtui(App[None]):
    """One screen of four panes, over which others are laid."""

    CSS_PATH = "app.tcss"
    TITLE = "drtui"
    BINDINGS: ClassVar[list[BindingType]] = []
    ENABLE_COMMAND_PALETTE = True

    def __init__(self, options: Options) -> None:
        super().__init__()
        self.options = options
        self.animation_level = "none"
        self.theme = options.theme or default_theme()
        self.browse = Browse(options)
        self._typed: deque[events.Key] = deque()
        self._digesting = False
        self._since = 0.0

    def on_load(self) -> None:
        """Before anything is asked."""
        asyncio.get_running_loop().set_default_executor(Threads())

    def get_default_screen(self) -> Screen[None]:
        """The four panes."""
        return self.browse

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:  # noqa: ARG002 - Textual's
        """Every command, by its name, in the palette."""
        for command in COMMANDS:
            action = command.action
            if "." not in action and action != "enter":
                yield SystemCommand(command.label, command.help, lambda action=action: self._act(action))
        yield SystemCommand("quit", "leave", self.exit)

    async def on_event(self, event: events.Event) -> None:
        """One key after another: over a slow line they come in a bunch, and the first may move the focus.

        Textual sends each to the widget that has the focus when it is read, so that of `/roads` typed in one go, or of
        a password after a user name, everything would land where only the first key was meant to.
        """
        if not isinstance(event, events.Key) or event.is_forwarded:
            await super().on_event(event)
            return
        self._typed.append(event)
        if not self._digesting or event.time - self._since > PATIENCE:
            await self._next_key()

    async def _next_key(self) -> None:
        self._digesting = bool(self._typed)
        if self._typed:
            key = self._typed.popleft()
            self._since = key.time
            await super().on_event(key)
            await self._follow(ROUNDS)

    async def _follow(self, rounds: int) -> None:
        if not (self.focused or self.screen).post_message(Digested(rounds)):
            await self._next_key()

    @on(Digested)
    async def _digested(self, message: Digested) -> None:
        if message.rounds > 1:
            await self._follow(message.rounds - 1)
        else:
            await self._next_key()

    def _fatal_error(self) -> None:
        """Show where it failed, without the values of variables: what was typed may be among them."""
        self.bell()
        self._exit_renderables.append(Segments(self.console.render(Traceback(width=None), self.console.options)))
        self._close_messages_no_wait()

    async def _act(self, action: str) -> None:
        await self.run_action(action, default_namespace=self.browse)


def default_theme() -> str:
    """The terminal's own colours, unless it says that it can show every colour.

    Over SSH `COLORTERM` seldom arrives, and each of the terminal's own colours costs a third of the bytes.
    """
    rich = os.environ.get("COLORTERM", "") in {"truecolor", "24bit"}
    return "textual-dark" if rich and not os.environ.get("TERM", "").startswith("screen") else "ansi-dark"


def run(options: Options) -> int:
    """Open the interface; the exit code.

    Raises:
        ValueError: there is no such theme.
    """
    if options.theme and options.theme not in BUILTIN_THEMES:
        raise ValueError(f"no theme is called {options.theme!r}; there are {', '.join(BUILTIN_THEMES)}")
    app = Drtui(options)
    app.run(mouse=options.mouse)
    return app.return_code or 0
