"""Tests of the status line at the top of every screen."""

from typing import Any

import pytest
from msgspec.structs import replace as replace_struct
from textual.screen import Screen

from drtui.core.formatting.text import width
from drtui.core.model.failure import Failure, FailureKind
from drtui.core.model.site_state import Fetched
from drtui.ui.screens.closable import Closable
from drtui.ui.widgets.site_status import SiteStatus, build_status_line, make_other_status
from tests.ui.stories import UiPilot, open_demo

NAME, PLACE = "production-emea", "gis.example.com/arcgis"
LIVE = SiteStatus(NAME, PLACE, "11.4.0", ("LIVE 14:13", "good"), "UTC", ("READ-ONLY", "muted"))
DEAD = LIVE._replace(freshness=("NOT REACHABLE since 15:46", "bad"), warning=("TLS NOT VERIFIED", "bad"))


def line_text(status: SiteStatus, cells: int) -> str:
    return "".join(text for text, _ in build_status_line(status, cells).pieces)


@pytest.mark.parametrize(
    ("status", "cells", "expected"),
    [
        (LIVE, 78, f"{NAME}  {PLACE}  11.4.0        LIVE 14:13 UTC   READ-ONLY"),
        (LIVE, 70, f"{NAME}  {PLACE}     LIVE 14:13 UTC   READ-ONLY"),
        (LIVE, 66, f"{NAME}  {PLACE}     LIVE 14:13   READ-ONLY"),
        (LIVE, 60, f"{NAME}  gis.exam⋯om/arcgis   LIVE 14:13   READ-ONLY"),
        (LIVE, 45, f"{NAME}        LIVE 14:13   READ-ONLY"),
        (DEAD, 78, f"{NAME}   NOT REACHABLE since 15:46   TLS NOT VERIFIED   READ-ONLY"),
        (DEAD, 60, "produ⋯-emea   NOT REACHABLE since 15:46   TLS NOT VERIFIED"),
        (DEAD, 40, "pr⋯ea   NOT REACHABLE   TLS NOT VERIFIED"),
        (make_other_status("lab", "lab.example.com/arcgis", "red"), 60, " lab   lab.example.com/arcgis"),
        (SiteStatus("", "no site yet"), 40, "no site yet"),
        (SiteStatus("", "/var/backups.json", freshness=("FILE of 2026-09-20 03:10", "warn")), 60, "/var/backups.json"),
    ],
)
def test_status_line_keeps_the_badges_when_the_window_is_narrow(status: SiteStatus, cells: int, expected: str) -> None:
    text = line_text(status, cells)
    assert " ".join(text.split()).startswith(" ".join(expected.split()))
    assert width(text) <= cells


@pytest.mark.parametrize("cells", range(40, 200))
def test_status_line_is_never_wider_than_the_window_and_keeps_its_warnings(cells: int) -> None:
    for status in (LIVE, DEAD, DEAD._replace(name="n" * 300), DEAD._replace(name="", place="界" * 200)):
        text = line_text(status, cells)
        assert width(text) <= cells
        assert status.freshness[0].partition(" since")[0] in text
        assert status.warning[0] in text


SCREENS = {
    "timeline": ("t",),
    "parts": ("t", "enter"),
    "where": ("w",),
    "compare": ("D",),
    "help": ("question_mark",),
    "record": ("y",),
    "operations": ("1", "enter"),
    "before": ("b", *"3h ago", "enter"),
    "columns": ("v",),
    "requests": ("at",),
    "doctor": ("1", "D"),
}
"""Keys that open each screen from the list."""


async def open_screen(ui: UiPilot, keys: tuple[str, ...]) -> Screen[object]:
    """Press keys, and return the screen that they open."""
    await ui.press(*keys)
    return ui.app.screen


async def test_status_line_stands_on_every_screen_and_changes_when_the_site_dies_below_it() -> None:
    async with open_demo("calm", size=(80, 24)) as ui:
        main = ui.app.main_screen
        alive = main.site.assessment
        down: Fetched[Any] = Fetched(
            alive.now, failure=Failure(FailureKind.UNREACHABLE, "dns", "no host is called gis")
        )
        dead = replace_struct(alive.site_state, stores=down, backups={}).with_fallback(alive.site_state)
        for name, keys in SCREENS.items():
            screen = await open_screen(ui, keys)
            assert isinstance(screen, Closable), name
            assert ui.lines[0].startswith(" demo: calm"), name
            assert "LIVE 14:13 UTC   READ-ONLY" in ui.lines[0], name
            assert "READ-ONLY" not in "".join(ui.lines[1:3]), name
            main.site.assessment = replace_struct(alive, site_state=dead)
            main.show_assessment()
            await ui.settle()
            assert "NOT REACHABLE since 14:13" in ui.lines[0], name
            assert "LIVE" not in ui.text, name
            main.site.assessment = alive
            main.show_assessment()
            while ui.app.screen is not main:
                await ui.press("escape")
            await ui.press("3")
