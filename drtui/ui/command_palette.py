"""The command palette: find commands, stores, restore points and items by name.

Textual's own matcher tries every way in which the letters can be scattered, which never ends for a name of 4,000
characters, as a server may send. This palette looks for whole typed words.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import partial
from itertools import islice
from typing import NamedTuple, cast

from textual.command import CommandPalette, DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.theme import BUILTIN_THEMES
from textual.widgets import Input

from drtui.core.contents.builder import build_index
from drtui.core.contents.index import ContentIndex
from drtui.core.formatting.text import ELLIPSIS, ELLIPSIS_ASCII, cut
from drtui.keybindings import LISTS, Command, display_key
from drtui.ui.main.screen import MainScreen
from drtui.ui.palette_entries import CLI_COMMANDS, SCREENS, SYNONYMS
from drtui.ui.screens.closable import Closable
from drtui.ui.widgets.styled_lines import line

MAX_HITS = 30
"""Largest number of results of each kind."""
NAME_CELLS = 60
"""Largest width of a name, in cells."""
ALIGNED_CELLS = 20
"""Width of names up to which the texts after them are aligned, in cells."""
FRAME_CELLS = 7
"""Cells of a line that the frame of the palette and its padding take."""


PLACEHOLDER = "a command, store, restore point, geodatabase, database or bucket"
"""Hint in the empty input: the kinds of things that the palette finds."""


class CommandPaletteScreen(CommandPalette, Closable[None]):
    """The command palette with an input and a list of results."""

    def __init__(self) -> None:
        super().__init__(placeholder=PLACEHOLDER, id="--command-palette")

    def on_mount(self) -> None:
        """Turn off the blinking cursor, which sends 2 kB a second."""
        self.query_one(Input).cursor_blink = False

    def _action_command_list(self, action: str) -> None:
        """Move in the list; ignore the error that Textual raises while the list has no lines yet."""
        with suppress(KeyError):
            super()._action_command_list(action)


class Offer(NamedTuple):
    """An entry that can be chosen."""

    name: str
    help: str
    choose: Callable[[], object]
    synonyms: str = ""


class Palette(Provider):
    """The source of the palette's entries: the main screen."""

    async def startup(self) -> None:
        """Build the index of items in restore points while the first letter is typed."""
        self._index = await asyncio.to_thread(build_index, self._main_screen.site.assessment)

    async def discover(self) -> Hits:
        """Yield the commands, which are shown before anything is typed."""
        for offer in _offer_commands(self._main_screen):
            yield DiscoveryHit(self._build_prompt(offer), offer.choose, text=offer.name)

    async def search(self, query: str) -> Hits:
        """Yield the entries that contain every typed word; names that begin with the query score highest."""
        main_screen = self._main_screen
        for offers in (
            offer_all_commands(main_screen),
            _offer_stores(main_screen),
            _offer_items(main_screen, self._index),
            _offer_points(main_screen),
        ):
            for score, offer in islice(find_offers(query, offers), MAX_HITS):
                yield Hit(score, self._build_prompt(offer), offer.choose, text=offer.name)

    def _build_prompt(self, offer: Offer) -> Content:
        """Return the line of an offer: its name and its help, which is cut at the end of the line."""
        name, plain = cut(offer.name, NAME_CELLS), self._main_screen.site.options.plain
        text = cut(f"{name:<{ALIGNED_CELLS}}  {offer.help}", self.app.size.width - FRAME_CELLS)
        text = text.replace(ELLIPSIS, ELLIPSIS_ASCII) if plain else text
        return Content.assemble(text[: len(name)], (text[len(name) :], "dim"))

    @property
    def _main_screen(self) -> MainScreen:
        return cast("MainScreen", self.app.screen_stack[0])


def find_offers(query: str, offers: Iterable[Offer]) -> Iterator[tuple[float, Offer]]:
    """Yield the offers that contain every typed word, with a score: matches of the name first, then synonyms."""
    words = query.casefold().split()
    for offer in offers:
        name = offer.name.casefold()
        known_text = f"{name}\n{offer.synonyms}"
        searched_text = f"{known_text}\n{offer.help.casefold()}"
        if name.startswith(query.casefold().strip()):
            yield 1.0, offer
        elif all(word in name for word in words):
            yield 0.8, offer
        elif all(word in known_text for word in words):
            yield 0.6, offer
        elif all(word in searched_text for word in words):
            yield 0.4, offer


def offer_all_commands(main_screen: MainScreen) -> Iterator[Offer]:
    """Yield everything that the palette can do, except to find something that the site contains."""
    yield from _offer_commands(main_screen)
    yield from _offer_screens(main_screen)
    yield from _offer_cli_commands(main_screen)
    yield from _offer_themes(main_screen)


def _offer_commands(main_screen: MainScreen) -> Iterator[Offer]:
    """Yield the commands, each with its keys, and the reason if it is unavailable."""
    for command in main_screen.site.options.commands:
        if command.group != LISTS and command.action not in {"choose", "app.command_palette"}:
            reason = main_screen.explain_unavailable(command.action)
            act = partial(main_screen.run_action, command.action)
            if reason:
                choose = partial(_run_on_main_screen, main_screen, main_screen.panes.show_message, reason)
            else:
                is_global = command.action.startswith("app.")
                choose = act if is_global else partial(_run_on_main_screen, main_screen, act)
            name, synonyms = (
                command.title or command.label,
                f"{command.label} {command.help} {SYNONYMS.get(command.name, '')}",
            )
            yield Offer(name, _describe_command(command, reason), choose, synonyms)


def _describe_command(command: Command, reason: str) -> str:
    keys = " ".join(map(display_key, command.keys))
    return f"{keys:<13} {f'not now: {reason}' if reason else command.help}"


def _describe_reason(reason: str) -> str:
    return f"   (not now: {reason})" if reason else ""


def _offer_screens(main_screen: MainScreen) -> Iterator[Offer]:
    """Yield the screens without a key, and the reason if one is unavailable."""
    for name, explanation, synonyms, method in SCREENS:
        reason = main_screen.explain_unavailable(method)
        act = partial(main_screen.panes.show_message, reason) if reason else getattr(main_screen, method)
        choose = partial(_run_on_main_screen, main_screen, act)
        yield Offer(name, f"{explanation}{_describe_reason(reason)}", choose, synonyms)


def _offer_cli_commands(main_screen: MainScreen) -> Iterator[Offer]:
    for command in CLI_COMMANDS:
        show = partial(main_screen.overlays.open_text, f"drtui {command.name}", "")
        text = (
            f"drtui {command.name} {_target_arguments(main_screen)}" if command.has_target else f"drtui {command.name}"
        )
        lines = [line(""), line(f"  {text.strip()}", "strong"), line(""), line(f"  {command.help}")]
        choose = partial(_run_on_main_screen, main_screen, show, lines)
        yield Offer(command.name, f"command line   {command.help}", choose, command.synonyms)


def _target_arguments(main_screen: MainScreen) -> str:
    """Return the arguments of the command line that name the open site."""
    target = main_screen.site.target
    if target is None:
        return "TARGET"
    if target.scenario is not None:
        return f"--demo={target.scenario}"
    return target.name or (target.address.url if target.address is not None else str(target.file))


def _offer_themes(main_screen: MainScreen) -> Iterator[Offer]:
    app = main_screen.app
    for name in BUILTIN_THEMES:
        choose = partial(setattr, app, "theme", name)
        yield Offer(
            f"theme {name}", f'try this theme; theme = "{name}" in config.toml keeps it', choose, "colours colors"
        )


async def _run_on_main_screen(main_screen: MainScreen, act: Callable[..., object], *arguments: object) -> None:
    """Close all screens above the main screen, dismiss an open dialog without an answer, and run the chosen action."""
    while main_screen.app.screen is not main_screen:
        await main_screen.app.screen.dismiss(None)
    # After the pending callbacks of the closed screens, which record that they are no longer open.
    main_screen.app.call_later(main_screen.call_later, act, *arguments)


def _offer_stores(main_screen: MainScreen) -> Iterator[Offer]:
    stores = main_screen.site.site_state.stores
    for store in stores.value or () if stores is not None else ():
        choose = partial(_run_on_main_screen, main_screen, main_screen.go_to_store, store.name)
        yield Offer(store.name, "store: its restore points alone", choose)


def _offer_items(main_screen: MainScreen, index: ContentIndex) -> Iterator[Offer]:
    for item in index.items:
        choose = partial(_run_on_main_screen, main_screen, main_screen.action_where, item.key)
        yield Offer(", ".join(item.names) or item.identity, f"{item.kind}: where it is", choose)


def _offer_points(main_screen: MainScreen) -> Iterator[Offer]:
    for point in main_screen.site.assessment.points:
        choose = partial(_run_on_main_screen, main_screen, main_screen.go_to_point, point.id)
        yield Offer(point.backup.name, f"restore point in {point.backup.store}", choose)
