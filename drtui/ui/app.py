"""The terminal interface."""

import asyncio
import gc
import os
import signal
import threading
from collections import deque
from collections.abc import Callable
from typing import ClassVar

from rich.console import RenderableType
from textual import events, on
from textual.binding import Binding, BindingType
from textual.command import Provider
from textual.filter import Monochrome, NoColor
from textual.message import Message
from textual.screen import Screen
from textual.theme import BUILTIN_THEMES

from drtui.keybindings import COMMANDS, IN_LISTS
from drtui.session.runner import Threads, limit_malloc_arenas
from drtui.ui.clipboard import copy_to_tmux, fits_clipboard, osc52_sequence
from drtui.ui.command_palette import CommandPaletteScreen, Palette
from drtui.ui.main.screen import MainScreen
from drtui.ui.options import Options
from drtui.ui.renderer.app_mixin import DiffRenderMixin
from drtui.ui.screens.help import help_lines, screen_help_lines
from drtui.ui.screens.text_viewer import TextScreen

DEFAULT_COMMANDS = frozenset((*IN_LISTS, *COMMANDS))
"""Every command with the keys that it has of its own."""

GLOBAL_COMMANDS = [each for each in COMMANDS if each.action in {"app.help", "app.repaint"}]
"""What is a command on every screen."""


BURST_LENGTH = 100
"""Keys that stand in a row before the first is handled: nobody types that far ahead."""


def _is_text(key: events.Key) -> bool:
    return key.key == "enter" or key.is_printable


class KeyProcessed(Message):
    """Follows a key through every widget that the key goes through; back at the app, the key has had its effect."""

    def __init__(self, rounds: int) -> None:
        super().__init__()
        self.rounds = rounds


MESSAGE_ROUNDS = 2
"""One for the key itself, one for the message that its action may have posted (enter in an Input)."""

KEY_TIMEOUT = 1.0
"""Seconds after which a key is no longer waited for: the widget it went to may have gone."""


GC_THRESHOLD = 50_000
"""Values more than there were, after which one looks whether any of them are garbage: a list is read in one go."""

EXIT_SIGNALS = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
"""Signals after which there is to be nothing left of the interface on the terminal."""

EXIT_TIMEOUT = 2.0
"""Seconds for leaving after such a signal."""


class DrtuiApp(DiffRenderMixin[None]):
    """One screen of four panes, over which others are laid."""

    CSS_PATH = "app.tcss"
    TITLE = "drtui"
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {Palette}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(",".join(each.keys), each.action, each.help, show=False, id=each.name) for each in GLOBAL_COMMANDS
    ]
    ENABLE_COMMAND_PALETTE = True

    def __init__(self, options: Options) -> None:
        super().__init__()
        self.options = options
        self.animation_level = "none"
        # Without colours, of what is faint other themes make one; with those of the terminal it stays an attribute.
        self.theme = "ansi-dark" if self._apply_no_color() else options.theme or default_theme()
        self.main_screen = MainScreen(options)
        self._pending_keys: deque[events.Key] = deque()
        self._is_key_pending = False
        self._are_keys_held = False
        self._key_time = 0.0
        # Textual goes through all of it three times for each key that is pressed.
        remapped = [each for each in options.commands if each not in DEFAULT_COMMANDS]
        self.set_keymap({each.name: ",".join(each.keys) for each in remapped})

    def _apply_no_color(self) -> bool:
        """Whether there are to be none. Textual makes greys of them, and of the terminal's own black on black."""
        self.no_color = bool(os.environ.get("NO_COLOR"))
        self._filters[:] = [each for each in self._filters if not isinstance(each, Monochrome | NoColor)]
        if self.no_color:
            self._filters.append(NoColor())
        return self.no_color

    def on_load(self) -> None:
        """Before anything is asked."""
        loop = asyncio.get_running_loop()
        loop.set_default_executor(Threads())
        if not self.is_headless:
            limit_malloc_arenas()
            for number in EXIT_SIGNALS:
                loop.add_signal_handler(number, self._exit_on_signal, number)

    def on_mount(self) -> None:
        """After fg the terminal is empty."""
        self.app_resume_signal.subscribe(self, lambda _: self.action_repaint())

    def on_ready(self) -> None:
        """What was made up to the first picture stays: from now on, whoever looks for garbage need not look there."""
        if not self.is_headless:
            gc.freeze()
            gc.set_threshold(GC_THRESHOLD)

    @on(events.AppFocus)
    def _update_ages_on_focus(self) -> None:
        """The machine may have slept: what was waited for came no nearer meanwhile, and all ages are wrong."""
        self.main_screen.update_ages()

    def _exit_on_signal(self, number: signal.Signals) -> None:
        """Leave the terminal as it was found, with the exit code of the convention."""
        code = 128 + number
        # Where the terminal is gone (SSH was dropped), what is written to it may never be taken.
        last_resort = threading.Timer(EXIT_TIMEOUT, os._exit, (code,))
        last_resort.daemon = True
        last_resort.start()
        self.exit(return_code=code)

    def get_default_screen(self) -> Screen[None]:
        """The four panes."""
        return self.main_screen

    def action_command_palette(self) -> None:
        """Find a command, or whatever else there is, by its name."""
        if not isinstance(self.screen, CommandPaletteScreen):
            self.push_screen(CommandPaletteScreen())

    def action_help(self) -> None:
        """What the keys do where one is: built from what has the focus upward."""
        plain, screen = self.options.plain, self.screen
        if screen is self.main_screen:
            lines = help_lines(self.options.commands, plain=plain)
        else:
            lines = screen_help_lines(screen.active_bindings)
        target = self.main_screen.target
        name, accent = (target.name, target.accent) if target is not None else ("", "")
        note = f"{name}   esc back" if name else "esc back"
        self.push_screen(TextScreen("Help", note, lines, plain=plain, accent=accent))

    async def on_event(self, event: events.Event) -> None:
        """One key after another: over a slow line they come in a bunch, and the first may move the focus.

        Textual sends each to the widget that has the focus when it is read, so that of `/roads` typed in one go, or of
        a password after a user name, everything would land where only the first key was meant to.
        """
        if not isinstance(event, events.Key) or event.is_forwarded:
            await super().on_event(event)
            return
        self._pending_keys.append(event)
        if not self._is_key_pending and self.message_queue_size >= BURST_LENGTH:
            self._is_key_pending, self._key_time = True, event.time
            self.call_later(self._next_key)  # behind the keys that wait already
        elif not self._is_key_pending or event.time - self._key_time > KEY_TIMEOUT:
            await self._next_key()

    def hold_keys(self) -> None:
        """Keep the keys that come from now on until `release_keys`."""
        self._are_keys_held = True

    async def release_keys(self) -> None:
        """Handle the keys that were kept back, and those that come from now on."""
        self._are_keys_held = False
        await self._next_key()

    async def _next_key(self) -> None:
        self._is_key_pending = bool(self._pending_keys) and not self._are_keys_held
        if self._is_key_pending:
            key = self._pending_keys.popleft()
            self._key_time = key.time
            await super().on_event(self._as_paste(key) or key)
            await self._send_marker(MESSAGE_ROUNDS)

    def _as_paste(self, first: events.Key) -> events.Paste | None:
        """Take the keys of a text that arrived at once as a paste; None for what a person typed.

        Terminals without bracketed paste send each character as a key. As keys, 100 kB take half a minute.
        """
        length = 0
        for key in (first, *self._pending_keys):
            if not _is_text(key):
                break
            length += 1
        if length < BURST_LENGTH:
            return None
        keys = [first, *(self._pending_keys.popleft() for _ in range(length - 1))]
        return events.Paste("".join("\n" if key.key == "enter" else key.character or "" for key in keys))

    async def _send_marker(self, rounds: int) -> None:
        if not (self.focused or self.screen).post_message(KeyProcessed(rounds)):
            await self._next_key()

    @on(KeyProcessed)
    async def _finish_key(self, message: KeyProcessed) -> None:
        if message.rounds > 1:
            await self._send_marker(message.rounds - 1)
        else:
            await self._next_key()

    def copy_to_clipboard(self, text: str) -> None:
        """Copy through whatever lies between here and the terminal; also what is selected in an Input comes here."""
        self._clipboard = text
        if self._driver is None or not fits_clipboard(text):
            return
        self._driver.write(osc52_sequence(text, os.environ))
        if os.environ.get("TMUX") and not self.is_headless:
            self.run_worker(copy_to_tmux(text), group="clipboard", exit_on_error=False)

    def _fatal_error(self) -> None:
        """Leave, and let whoever started the interface tell of the failure once the terminal is restored."""
        self._close_messages_no_wait()

    def panic(self, *_: RenderableType) -> None:
        """Textual's thread that reads keys has failed: the terminal is gone."""
        self.exit(return_code=128 + signal.SIGHUP)

    @property
    def failure(self) -> Exception | None:
        """What the interface ended with, if it was a failure of its own."""
        return self._exception


class UnknownThemeError(ValueError):
    """The name of a theme that there is not; the message names those that there are."""


def default_theme() -> str:
    """The terminal's own colours, unless it says that it can show every colour.

    Over SSH `COLORTERM` seldom arrives, and each of the terminal's own colours costs a third of the bytes.
    """
    has_truecolor = os.environ.get("COLORTERM", "") in {"truecolor", "24bit"}
    return "textual-dark" if has_truecolor and not os.environ.get("TERM", "").startswith("screen") else "ansi-dark"


def run(options: Options, on_start: Callable[[], bool]) -> int:
    """Open the interface, which tells when it takes over the terminal, and is told if anything stands there.

    Returns:
        The exit code.

    Raises:
        NoSuchTheme: the theme is none.
    """
    if options.theme and options.theme not in BUILTIN_THEMES:
        raise UnknownThemeError(f"no theme is called {options.theme!r}; there are {', '.join(BUILTIN_THEMES)}")
    app = DrtuiApp(options)
    if on_start():
        app.keep_splash()
    app.run(mouse=options.mouse)
    if app.failure is not None:
        raise app.failure
    return app.return_code or 0
