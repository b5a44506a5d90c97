"""The palette: every command, store and restore point by its name, and everything that restore points hold.

Textual's own matcher tries every way in which letters can be scattered, which a name of 4,000 characters, as a server
may well send one, makes endless: here words have to be found as they are typed.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import partial
from itertools import islice
from typing import NamedTuple

from textual.command import CommandPalette, DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.widgets import Input

from drtui.core.contents.builder import build_index
from drtui.core.contents.index import ContentIndex
from drtui.core.formatting.text import ELLIPSIS, ELLIPSIS_ASCII, cut
from drtui.keybindings import LISTS, Command, display_key
from drtui.ui.main.screen import MainScreen
from drtui.ui.screens.closable import Closable

MAX_HITS = 30
"""Of each kind of thing that is found, so many are offered."""
NAME_CELLS = 60
"""Cells of a name."""


PLACEHOLDER = "a command, store, restore point, geodatabase, database or bucket"
"""What is found."""


class CommandPaletteScreen(CommandPalette, Closable[None]):
    """Where one types what is to be found."""

    def __init__(self) -> None:
        super().__init__(placeholder=PLACEHOLDER, id="--command-palette")

    def on_mount(self) -> None:
        """A blinking cursor sends 2 kB a second."""
        self.query_one(Input).cursor_blink = False

    def _action_command_list(self, action: str) -> None:
        """Move in the list; Textual fails where the list has commands and no lines yet."""
        with suppress(KeyError):
            super()._action_command_list(action)


class Offer(NamedTuple):
    """Something that can be chosen."""

    name: str
    help: str
    choose: Callable[[], object]


class Palette(Provider):
    """What the palette finds on the first screen."""

    async def startup(self) -> None:
        """Find out what restore points hold, while the first letter is typed."""
        self._index = await asyncio.to_thread(build_index, self._main_screen.assessment)

    async def discover(self) -> Hits:
        """What is offered before anything is typed: the commands."""
        for each in _commands(self._main_screen):
            yield DiscoveryHit(each.name, each.choose, help=each.help)

    async def search(self, query: str) -> Hits:
        """What holds every word that was typed, what begins with it first."""
        main_screen = self._main_screen
        for offers in (
            _commands(main_screen),
            _stores(main_screen),
            _items(main_screen, self._index),
            _points(main_screen),
        ):
            for score, each in islice(_matching_offers(query, offers), MAX_HITS):
                name = cut(each.name, NAME_CELLS)
                name = name.replace(ELLIPSIS, ELLIPSIS_ASCII) if main_screen.options.plain else name
                yield Hit(score, Content(name), each.choose, text=name, help=each.help)

    @property
    def _main_screen(self) -> MainScreen:
        main_screen = self.app.screen_stack[0]
        if not isinstance(main_screen, MainScreen):
            raise TypeError("the first screen is another one")
        return main_screen


def _matching_offers(query: str, offers: Iterable[Offer]) -> Iterator[tuple[float, Offer]]:
    words = query.casefold().split()
    for each in offers:
        name = each.name.casefold()
        searched_text = f"{name}\n{each.help.casefold()}"
        if all(word in searched_text for word in words):
            is_in_name = all(word in name for word in words)
            yield (1.0 if name.startswith(query.casefold().strip()) else 0.8 if is_in_name else 0.4), each


def _commands(main_screen: MainScreen) -> Iterator[Offer]:
    """The commands, each with its keys, and with why it can do nothing here where that is so."""
    for each in main_screen.options.commands:
        if each.group != LISTS and each.action not in {"choose", "app.command_palette"}:
            act = partial(main_screen.run_action, each.action)
            choose = act if each.action.startswith("app.") else partial(_on_main_screen, main_screen, act)
            yield Offer(each.label, _help(main_screen, each), choose)


def _help(main_screen: MainScreen, command: Command) -> str:
    keys = " ".join(map(display_key, command.keys))
    why = main_screen.why_unavailable(command.action)
    return f"{keys}   {command.help}{f'   (not now: {why})' if why else ''}"


async def _on_main_screen(main_screen: MainScreen, choose: Callable[[], object]) -> None:
    """Do on the first screen what was chosen: what lies over it is left, and a question is left without an answer."""
    while main_screen.app.screen is not main_screen:
        await main_screen.app.screen.dismiss(None)
    # After what is still to be done about what was left: that it is no longer open, above all.
    main_screen.app.call_later(main_screen.call_later, choose)


def _stores(main_screen: MainScreen) -> Iterator[Offer]:
    stores = main_screen.site_state.stores
    for each in stores.value or () if stores is not None else ():
        yield Offer(
            each.name,
            "store: its restore points alone",
            partial(_on_main_screen, main_screen, partial(main_screen.go_to_store, each.name)),
        )


def _items(main_screen: MainScreen, index: ContentIndex) -> Iterator[Offer]:
    for each in index.items:
        names = ", ".join(each.names) or each.identity
        yield Offer(
            names,
            f"{each.kind}: where it is",
            partial(_on_main_screen, main_screen, partial(main_screen.action_where, (each.kind, each.identity))),
        )


def _points(main_screen: MainScreen) -> Iterator[Offer]:
    for each in main_screen.assessment.points:
        yield Offer(
            each.backup.name,
            f"restore point in {each.backup.store}",
            partial(_on_main_screen, main_screen, partial(main_screen.go_to_point, each.id)),
        )
