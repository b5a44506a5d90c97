"""The terminal interface."""

import os
from collections.abc import Iterable
from typing import Any, ClassVar

from rich.segment import Segments
from rich.traceback import Traceback
from textual.app import App, SystemCommand
from textual.binding import BindingType
from textual.screen import Screen

from drtui.commands import COMMANDS
from drtui.ui.options import Options
from drtui.ui.screens.browse import Browse


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
    """Open the interface; the exit code."""
    app = Drtui(options)
    app.run(mouse=options.mouse)
    return app.return_code or 0
