"""The Textual application of the terminal interface: screens, themes, key handling and clean exit."""

import asyncio
import gc
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import takewhile
from typing import ClassVar

from rich.console import RenderableType
from textual import events, on
from textual.binding import Binding, BindingType
from textual.command import Provider
from textual.dom import DOMNode
from textual.filter import Monochrome, NoColor
from textual.message import Message
from textual.screen import Screen
from textual.theme import BUILTIN_THEMES
from textual.widgets import Input

from drtui.core.formatting.input_error import InputError
from drtui.keybindings import COMMANDS, IN_LISTS, display_key
from drtui.session.runner import Threads, limit_malloc_arenas
from drtui.ui.clipboard import build_osc52_sequence, copy_to_tmux, fits_clipboard
from drtui.ui.command_palette import CommandPaletteScreen, Palette
from drtui.ui.contrast import ContrastFilter
from drtui.ui.main.screen import MainScreen
from drtui.ui.options import Options
from drtui.ui.renderer.app_mixin import DiffRenderMixin
from drtui.ui.screens.closable import ShowsMessages
from drtui.ui.screens.help import build_main_sections, build_screen_sections, screen_name
from drtui.ui.screens.help_screen import HelpScreen

DEFAULT_COMMANDS = frozenset((*IN_LISTS, *COMMANDS))
"""All commands with their default keys."""

GLOBAL_ACTIONS = frozenset({"app.help", "app.repaint", "app.doctor", "app.command_palette"})

GLOBAL_COMMANDS = [command for command in COMMANDS if command.action in GLOBAL_ACTIONS]
"""Commands that work on every screen."""


SILENT_KEYS = frozenset({"escape", "ignore"})
"""Keys about which nothing is said if they do nothing."""

BURST_LENGTH = 100
"""Number of queued keys from which they are treated as pasted text: nobody types that far ahead."""


def _is_text(key: events.Key) -> bool:
    return key.key == "enter" or key.is_printable


@dataclass
class KeyProcessed(Message):
    """A message that travels through the same widgets as a key; when it reaches the app, the key is handled."""

    rounds: int


MESSAGE_ROUNDS = 2
"""Number of `KeyProcessed` messages per key: for the key, and for a message its action may post (enter in an Input)."""

KEY_TIMEOUT = 1.0
"""Seconds after which the app stops waiting for a key to be handled: the receiving widget may have been removed."""


GC_THRESHOLD = 50_000
"""Garbage collector threshold, in objects: high, so that parsing one list does not start collections."""

EXIT_SIGNALS = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
"""Signals on which the interface leaves the terminal as it was before the start."""

EXIT_TIMEOUT = 2.0
"""Seconds after an exit signal before the process ends without waiting for the terminal."""


class DrtuiApp(DiffRenderMixin[None]):
    """The application: the main screen with its four panes, and the screens pushed on top of it."""

    CSS_PATH = "app.tcss"
    TITLE = "drtui"
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {Palette}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(",".join(command.keys), command.action, command.help, show=False, id=command.name)
        for command in GLOBAL_COMMANDS
    ]
    ENABLE_COMMAND_PALETTE = True

    def __init__(self, options: Options) -> None:
        super().__init__()
        self.options = options
        self.animation_level = "none"
        # Other themes turn faint text into a colour; the terminal's own colours keep faint as a text attribute.
        self.theme = "ansi-dark" if self._apply_no_color() else options.theme or choose_default_theme()
        self.main_screen = MainScreen(options)
        self._pending_keys: deque[events.Key] = deque()
        self._is_key_pending = False
        self._are_keys_held = False
        self._key_time = 0.0
        self._is_interrupted = False
        """True if the last key was ctrl+c."""
        # Only remapped commands: Textual reads the whole keymap three times for each key.
        remapped = [command for command in options.commands if command not in DEFAULT_COMMANDS]
        self.set_keymap({command.name: ",".join(command.keys) for command in remapped})

    def _apply_no_color(self) -> bool:
        """Replace Textual's colour filters, and return True if `NO_COLOR` is set.

        Textual's own filters turn the terminal's colours into greys, even black on black.
        """
        self.no_color = bool(os.environ.get("NO_COLOR"))
        self._filters[:] = [
            line_filter for line_filter in self._filters if not isinstance(line_filter, Monochrome | NoColor)
        ]
        self._filters.append(NoColor() if self.no_color else ContrastFilter())
        return self.no_color

    def on_load(self) -> None:
        """Configure threads and exit signals before any request."""
        loop = asyncio.get_running_loop()
        loop.set_default_executor(Threads())
        if not self.is_headless:
            limit_malloc_arenas()
            for number in EXIT_SIGNALS:
                loop.add_signal_handler(number, self._exit_on_signal, number)

    def on_mount(self) -> None:
        """Repaint after `fg`, which leaves the terminal empty."""
        self.app_resume_signal.subscribe(self, lambda _: self.action_repaint())

    def on_ready(self) -> None:
        """Exclude objects created before the first paint from garbage collection; they are needed until the end."""
        if not self.is_headless:
            gc.freeze()
            gc.set_threshold(GC_THRESHOLD)

    @on(events.AppFocus)
    def _update_ages_on_focus(self) -> None:
        """Update all ages: the machine may have slept, during which timers do not advance."""
        self.main_screen.ages.update()

    def _exit_on_signal(self, number: signal.Signals) -> None:
        """Exit with code 128 + signal number, and leave the terminal as it was before the start."""
        code = 128 + number
        # If the terminal is gone (SSH was dropped), writing to it may block forever.
        last_resort = threading.Timer(EXIT_TIMEOUT, os._exit, (code,))
        last_resort.daemon = True
        last_resort.start()
        self.exit(return_code=code)

    def get_default_screen(self) -> Screen[None]:
        """Return the main screen."""
        return self.main_screen

    def action_command_palette(self) -> None:
        """Open the command palette."""
        if not isinstance(self.screen, CommandPaletteScreen):
            self.push_screen(CommandPaletteScreen())

    def action_doctor(self) -> None:
        """Diagnose the connection to the open site, or to the named one under the cursor of the main screen."""
        self.main_screen.open_doctor()

    def action_help(self) -> None:
        """Show the keys of the focused pane or of the open screen first, then everything else."""
        commands, screen, plain = self.options.commands, self.screen, self.options.plain
        if screen is self.main_screen:
            sections = build_main_sections(commands, self.main_screen.pane_layout.pane, plain=plain)
        else:
            sections = build_screen_sections(screen_name(screen), screen.active_bindings, commands, plain=plain)
        self.push_screen(HelpScreen(sections, plain=plain, accent=self.main_screen.site.accent))

    async def on_key(self, event: events.Key) -> None:
        """Say that a key does nothing, if no binding has it."""
        event.prevent_default()
        if await self._check_bindings(event.key):
            return
        if event.key == "ctrl+c":  # a dialog hides the bindings of the app
            self.action_help_quit()
        elif event.key not in SILENT_KEYS:
            self._show_brief_message(f"{display_key(event.key)}: no such key here; {self._help_key} help")

    async def run_action(
        self,
        action: str | tuple[str, str, tuple[object, ...]],
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """Run an action, unless it is a command of the main screen that is unavailable: then show the reason."""
        if default_namespace is self.main_screen and isinstance(action, str):
            reason = self.main_screen.explain_unavailable(action)
            if reason and self.main_screen.check_action(action, ()):
                self.main_screen.panes.show_message(reason)
                return True
        return await super().run_action(action, default_namespace, namespaces)

    @property
    def _help_key(self) -> str:
        """The usual key of the help; in an input the last one, because the usual one is a character."""
        position = -1 if isinstance(self.focused, Input) else 0
        return next(display_key(c.keys[position]) for c in self.options.commands if c.action == "app.help")

    def action_help_quit(self) -> None:
        """Leave if ctrl+c is pressed twice in a row; after the first one say so."""
        if self._is_interrupted:
            self.exit()
        else:
            self._is_interrupted = True
            self._show_brief_message("ctrl+c again leaves drtui")

    def _show_brief_message(self, text: str) -> None:
        """Show a message in the footer of the open screen until the next key."""
        if isinstance(self.screen, ShowsMessages):
            self.screen.show_brief_message(text)

    async def on_event(self, event: events.Event) -> None:
        """Handle one key after another: over a slow line several keys arrive at once, and the first may move the focus.

        Textual sends each key to the widget that has the focus when the key is read. Of `/roads` typed at once, or a
        password right after a user name, every key would go to the widget meant for the first one.
        """
        if not isinstance(event, events.Key) or event.is_forwarded:
            await super().on_event(event)
            return
        self._pending_keys.append(event)
        if not self._is_key_pending and self.message_queue_size >= BURST_LENGTH:
            self._is_key_pending, self._key_time = True, event.time
            self.call_later(self._next_key)  # after the keys that are already queued
        elif not self._is_key_pending or event.time - self._key_time > KEY_TIMEOUT:
            await self._next_key()

    def hold_keys(self) -> None:
        """Queue all keys from now on until `release_keys`."""
        self._are_keys_held = True

    async def release_keys(self) -> None:
        """Handle the queued keys, and stop queueing."""
        self._are_keys_held = False
        await self._next_key()

    async def _next_key(self) -> None:
        self._is_key_pending = bool(self._pending_keys) and not self._are_keys_held
        if self._is_key_pending:
            key = self._pending_keys.popleft()
            self._key_time = key.time
            self._is_interrupted &= key.key == "ctrl+c"
            if isinstance(self.screen, ShowsMessages):
                self.screen.remove_old_message()
            await super().on_event(self._as_paste(key) or key)
            await self._send_marker(MESSAGE_ROUNDS)

    def _as_paste(self, first: events.Key) -> events.Paste | None:
        """Return the keys of a text that arrived at once as a paste; None for keys that a person typed.

        Terminals without bracketed paste send each character as a key. Handled as keys, 100 kB take half a minute.
        """
        keys = list(takewhile(_is_text, (first, *self._pending_keys)))
        if len(keys) < BURST_LENGTH:
            return None
        for _ in keys[1:]:
            self._pending_keys.popleft()
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
        """Copy `text` to the clipboard of the terminal, through tmux or screen.

        Also used by Input for its selection.
        """
        self._clipboard = text
        if self._driver is None or not fits_clipboard(text):
            return
        self._driver.write(build_osc52_sequence(text, os.environ))
        if os.environ.get("TMUX") and not self.is_headless:
            self.run_worker(copy_to_tmux(text), group="clipboard", exit_on_error=False)

    def _fatal_error(self) -> None:
        """Close without printing; the caller of `run` reports the failure after the terminal is restored."""
        self._close_messages_no_wait()

    def panic(self, *_: RenderableType) -> None:
        """Exit: Textual's key reading thread failed, because the terminal is gone."""
        self.exit(return_code=128 + signal.SIGHUP)

    @property
    def failure(self) -> Exception | None:
        """The unhandled exception that ended the interface; None if there was none."""
        return self._exception


class UnknownThemeError(InputError):
    """The theme does not exist; the message lists the available ones."""


def choose_default_theme() -> str:
    """Return the theme with the terminal's own colours, unless `COLORTERM` promises every colour.

    `COLORTERM` seldom passes through SSH, and a terminal colour takes a third of the bytes.
    """
    has_truecolor = os.environ.get("COLORTERM", "") in {"truecolor", "24bit"}
    return "textual-dark" if has_truecolor and not os.environ.get("TERM", "").startswith("screen") else "ansi-dark"


def run(options: Options, on_start: Callable[[], bool]) -> int:
    """Run the interface; `on_start` is called when it takes over the terminal, and returns True if a splash is shown.

    Returns:
        The exit code.

    Raises:
        UnknownThemeError: the theme does not exist.
    """
    if options.theme and options.theme not in BUILTIN_THEMES:
        from difflib import get_close_matches

        near = get_close_matches(options.theme.lower(), BUILTIN_THEMES, n=1)
        advice = f"Did you mean {near[0]}?" if near else f"Use one of: {', '.join(BUILTIN_THEMES)}"
        raise UnknownThemeError(f"Unknown theme {options.theme!r}. {advice}")
    app = DrtuiApp(options)
    if on_start():
        app.keep_splash()
    app.run(mouse=options.mouse)
    if app.failure is not None:
        raise app.failure
    return app.return_code or 0
