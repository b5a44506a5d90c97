"""The palette finds every command of the command line and its common synonyms."""

from msgspec import structs
from textual.command import CommandPalette

from drtui.cli.parser import COMMANDS as CLI
from drtui.keybindings import COMMANDS, IN_LISTS
from drtui.ui.command_palette import Offer, find_offers, offer_all_commands
from drtui.ui.palette_entries import CLI_COMMANDS, SYNONYMS
from tests.ui.stories import open_demo

NAMED = {
    "backup": "act",
    "restore": "act",
    "retention": "schedules",
    "copy": "copy",
    "export": "export",
    "save": "export",
    "zone": "time zone",
    "timezone": "time zone",
    "log": "requests",
    "http": "requests",
    "quit": "quit",
    "exit": "quit",
    "health": "check",
    "rpo": "check",
    "sso": "sites",
    "sign in": "sites",
    "logout": "sites",
    "switch": "sites",
    "audit": "journal",
    "missed": "timeline",
    "diff": "compare",
    "search": "filter",
    "find": "where",
    "json": "raw JSON",
    "yaml": "raw JSON",
    "curl": "requests",
    "clipboard": "copy",
    "screenshot": "export",
    "csv": "export",
    "settings": "config",
    "theme": "theme nord",
    "dark": "theme textual-dark",
    "certificate": "doctor",
    "nagios": "check",
    "grafana": "monitoring",
    "keys": "help",
    "glossary": "help",
    "reload": "refresh",
    "next run": "schedules",
    "shell": "suspend",
}
"""Typed words, and an entry that they find."""


def find(offers: list[Offer], text: str) -> list[str]:
    """Return the names that a text finds by name or synonym, best first."""
    found = sorted(find_offers(text, offers), key=lambda scored: -scored[0])
    return [offer.name for score, offer in found if score >= 0.6]


async def test_palette_finds_an_entry_when_a_command_or_a_synonym_is_typed() -> None:
    async with open_demo() as ui:
        offers = list(offer_all_commands(ui.app.main_screen))
    assert [name for name in CLI if not find(offers, name)] == []
    missing = {text: find(offers, text) for text, name in NAMED.items() if name not in find(offers, text)}
    assert missing == {}
    assert find(offers, "no such thing") == []


def test_entries_belong_to_commands_that_exist() -> None:
    assert SYNONYMS.keys() <= {command.name for command in (*COMMANDS, *IN_LISTS)} | {"report", "gaps", "runbook"}
    assert {command.name for command in CLI_COMMANDS} <= CLI.keys()


async def test_palette_shows_how_to_run_a_command_that_has_no_screen() -> None:
    async with open_demo() as ui:
        await ui.press("colon", *"coverage", "enter")
        await ui.settle()
        assert "drtui coverage --demo=calm" in ui.text
        await ui.press("escape", "colon", *"schedules", "enter")
        await ui.settle()
        assert "nightly" in ui.text
        assert ui.app.screen is not ui.app.main_screen
        await ui.press("escape", "colon", *"theme nord", "enter")
        assert ui.app.theme == "nord"
        ui.app.theme = "textual-dark"


async def test_palette_shows_a_name_as_it_is_when_it_looks_like_markup() -> None:
    async with open_demo() as ui:
        points = ui.app.main_screen.site.assessment.points
        for store in ("[/]", "[bold]x[/bold]", "a[b"):
            backup = structs.replace(points[0].backup, store=store, name="markup")
            point = structs.replace(points[0], backup=backup)
            main_screen = ui.app.main_screen
            main_screen.site.assessment = structs.replace(main_screen.site.assessment, points=(point,))
            await ui.press("colon", *"markup")
            await ui.app.workers.wait_for_complete(
                [worker for worker in ui.app.workers if worker.group == CommandPalette._GATHER_COMMANDS_GROUP]
            )
            await ui.settle()
            assert f"restore point in {store}" in ui.text
            await ui.press("escape")
