"""Notes of one's own: kept with a key, shown in the detail, refused where nothing is kept."""

import contextlib
import sqlite3
from collections.abc import Iterator

from drtui.core.model.auth import Secret
from drtui.demo.scenarios import TOKEN
from drtui.session import ConnectionOptions, Target
from drtui.storage.history_db import FILE, SCHEMA_VERSION
from drtui.storage.paths import state_folder
from tests.ui.stories import open_demo, open_site

ACCESS = ConnectionOptions(token=Secret(TOKEN), timeout=5)


@contextlib.contextmanager
def history_of_a_newer_drtui() -> Iterator[None]:
    """Let history be one that this drtui does not write."""
    for version in (SCHEMA_VERSION + 1, SCHEMA_VERSION):
        with contextlib.closing(sqlite3.connect(state_folder() / FILE)) as db:
            db.execute(f"PRAGMA user_version = {version}")
        if version > SCHEMA_VERSION:
            yield


async def test_note_is_in_the_detail_when_it_was_kept(site: Target) -> None:
    async with open_site(site, ACCESS) as ui:
        assert "noted" not in ui.text
        session = ui.app.main_screen.site.session
        assert session is not None
        requests = len(session.requests)
        await ui.press("N")
        assert "Your note about weekly-2026-09-21-08-00-16" in ui.text
        await ui.press("enter")
        assert "The note is empty" in ui.text
        await ui.press(*"42 min", "enter")
        assert "note saved in history: weekly-2026-09-21-08-00-16" in ui.text
        assert "42 min" in ui.text, "it is visible without scrolling"
        assert len(session.requests) == requests
        with history_of_a_newer_drtui():
            await ui.press("N", *"7 hours", "enter")
            assert "note NOT saved (N shows its text again). the history was written by a newer drtui" in ui.text
        await ui.press("N")
        assert "7 hours" in ui.text
        await ui.press("enter")
        assert "note saved in history" in ui.text
        await ui.press("N")
        assert "7 hours" not in ui.text.partition("Your note about")[2].partition("enter keeps it")[0]
        await ui.press("escape")
        await ui.press("j")
        assert "noted" not in ui.text
        await ui.press("k", "r")
        assert "noted" in ui.text
        assert "42 min" in ui.text or "7 hours" in ui.text, "the newer one is first; these have the same time"


async def test_note_is_refused_when_nothing_is_kept_of_the_site() -> None:
    async with open_demo("calm") as ui:
        await ui.press("N")
        assert "Notes are part of history" in ui.text
        assert "Your note about" not in ui.text
