"""Copying, showing and saving text."""

import csv
import io
import json
import re
from pathlib import Path

import pytest

from drtui.core.model.address import Address
from drtui.core.model.auth import Secret
from drtui.demo.app import make_app
from drtui.demo.faults import Faults
from drtui.demo.scenarios import PLANTED_SECRETS, SCENARIOS, TOKEN
from drtui.demo.server import serving
from drtui.session import ConnectionOptions, Target
from drtui.storage.paths import exports_folder
from drtui.ui.clipboard import MAX_BYTES
from drtui.ui.dialogs.save_file import SaveFileDialog
from drtui.ui.screens.text_viewer import TextScreen
from drtui.ui.widgets.styled_lines import line
from tests.conftest import NOW
from tests.suites import in_full
from tests.ui.stories import UiPilot, open_demo, open_site

NAME = "weekly-2026-09-21-08-00-16"
LETTERS = "nroctb"


async def wait_for_save_dialog(ui: UiPilot) -> None:
    """Wait until the save dialog is open; its text is built in a thread."""
    for _ in range(500):
        if isinstance(ui.app.screen, SaveFileDialog):
            break
        await ui.pilot.pause(0.01)
    await ui.settle()


async def confirm_save(ui: UiPilot) -> None:
    """Press enter in the save dialog, and wait until the file is written."""
    await wait_for_save_dialog(ui)
    await ui.press("enter")
    writing = [worker for worker in ui.app.workers if worker.group == "save"]
    if writing:
        await ui.app.workers.wait_for_complete(writing)
        await ui.pilot.pause()
    await ui.settle()


def exported_files() -> list[Path]:
    return sorted(exports_folder().iterdir())


async def test_footer_shows_size_and_caveat_when_the_name_is_copied() -> None:
    async with open_demo(size=(80, 24)) as ui:
        await ui.press("c")
        assert ui.app.clipboard == NAME
        assert (
            ui.lines[-1]
            .strip()
            .startswith("Copied (26 bytes); if paste is empty, your terminal blocks OSC 52: press C p")
        )


async def test_copy_is_unavailable_when_the_list_is_empty() -> None:
    async with open_demo("empty") as ui:
        for key in ("c", "C"):
            await ui.press(key)
            assert "no restore point selected" in ui.lines[-1]
            assert ui.app.clipboard == ""


BEGINNINGS = {
    "n": NAME,
    "r": f"{NAME}  ✓ usable  6 h 13 min  2026-09-21 08:00:49 +00:00  37 m 49 s  ",
    "o": f'{{\n  "name": "{NAME}",\n  "label": "{NAME}",\n  "store": "offsite-azure",\n',
    "c": """printf 'X-Esri-Authorization: Bearer %s' "$DRTUI_TOKEN" | curl --silent --show-error --header @- """,
    "t": f"POST https://simulated.invalid/arcgis/admin/system/disasterrecovery/stores/offsite-azure/backups/{NAME}",
    "b": f"# Restore hand-over: `{NAME}`\n",
}
"""Beginnings of the text that each letter of the menu copies."""


@pytest.mark.parametrize("size", in_full([(80, 24), (120, 40)], but=[(80, 24)]))
async def test_menu_copies_a_format_when_its_letter_is_pressed(size: tuple[int, int]) -> None:
    async with open_demo(size=size) as ui:
        for letter, beginning in BEGINNINGS.items():
            await ui.press("C")
            assert f"Copy {NAME} as" in ui.text
            await ui.press(letter)
            copied = ui.app.clipboard
            assert copied.startswith(beginning)
            assert f"{len(copied.encode()):,} bytes); if paste is empty, your terminal" in ui.lines[-1]


async def test_menu_copies_the_format_under_the_cursor_when_enter_is_pressed() -> None:
    async with open_demo() as ui:
        await ui.press("C", "j", "j", "enter")
        assert json.loads(ui.app.clipboard)["name"] == NAME
        await ui.press("C", "escape")
        assert "Copy weekly" not in ui.text
        assert ui.app.main_screen.panes.table.cursor == 0


@pytest.mark.parametrize("scenario", in_full(sorted(SCENARIOS.keys() - {"thousands", "empty"}), but=["hostile"]))
async def test_copies_hold_no_secret_or_control_character_when_the_record_has_some(scenario: str) -> None:
    async with open_demo(scenario) as ui:
        await ui.press("G")
        for letter in LETTERS:
            await ui.press("C", letter)
            text = ui.app.clipboard
            assert text
            assert not [secret for secret in PLANTED_SECRETS if secret in text]
            assert all(
                character.isprintable() for line in text.split("\n") for character in line if ord(character) < 256
            )


async def test_format_is_saved_to_a_file_when_x_is_pressed() -> None:
    async with open_demo(size=(80, 24)) as ui:
        for _ in range(2):
            await ui.press("C", "j", "j", "x")
            assert "Save " in ui.text
            await confirm_save(ui)
            assert ui.lines[-1].lstrip().startswith("saved in ")
        stem = f"demo-calm-{NAME}-JSON-object-20260921-141320"
        assert [path.name for path in exported_files()] == [f"{stem}-2.json", f"{stem}.json"]
        for path in exported_files():
            assert path.stat().st_mode & 0o777 == 0o600
            assert json.loads(path.read_text())["name"] == NAME


async def test_save_dialog_refuses_when_the_file_exists(tmp_path: Path) -> None:
    existing = tmp_path / "there"
    existing.write_text("mine")
    async with open_demo(size=(80, 24)) as ui:
        await ui.press("C", "x")
        question = ui.app.screen
        assert isinstance(question, SaveFileDialog)
        question.query_one("Input").value = str(existing)  # type: ignore[attr-defined]
        await confirm_save(ui)
        assert "Choose another name" in " ".join(ui.text.replace("|", " ").split())
        question.query_one("Input").value = str(tmp_path)  # type: ignore[attr-defined]
        await confirm_save(ui)
        assert ui.lines[-1].strip().startswith("saved in")
    assert existing.read_text() == "mine"
    assert (tmp_path / f"demo-calm-{NAME}-name-20260921-141320.txt").read_text() == NAME


async def test_text_screen_is_copied_and_saved_in_full_when_exported() -> None:
    async with open_demo(size=(80, 24)) as ui:
        await ui.press("y", "c")
        record = json.loads(ui.app.clipboard)
        assert "Copied (" in ui.lines[-1]
        await ui.press("x")
        await confirm_save(ui)
        assert json.loads(exported_files()[0].read_text()) == record
        assert exported_files()[0].suffix == ".json"
        await ui.press("escape", "question_mark", "c")
        assert "usable       all parts completed, same release as the site" in ui.app.clipboard
        await ui.press("escape", "at", "c")
        assert " | curl " in ui.app.clipboard
        assert "\n" not in ui.app.clipboard


async def test_copy_names_other_keys_when_the_text_is_too_large() -> None:
    async with open_demo(size=(120, 40)) as ui:
        ui.app.push_screen(TextScreen("Large", "", [line("x" * MAX_BYTES)], plain=False))
        await ui.press("c")
        assert ui.app.clipboard == ""
        assert "Too large for the clipboard (74,995 of at most 74,994 bytes): p shows it, x saves it" in ui.lines[-1]


@pytest.mark.parametrize("size", in_full([(80, 24), (120, 40)], but=[(80, 24)]))
async def test_export_writes_the_displayed_rows_when_the_list_is_filtered_and_sorted(size: tuple[int, int]) -> None:
    async with open_demo("paused", size=size) as ui:
        await ui.press("slash", *"nightly", "enter", "S")
        names = [point.backup.name for point in ui.app.main_screen.site.catalog.points]
        for letter in "mvo":
            await ui.press("x", letter)
            await wait_for_save_dialog(ui)
            assert f"{len(names)} restore points" in ui.text
            await confirm_save(ui)
            assert ui.lines[-1].strip().startswith("saved in")
        csv_file, record, document = (point.read_text() for point in exported_files())
        assert "* Site: `demo: paused`\n* Read: 2026-09-21 14:13:20 +00:00 (live 14:13)\n" in document
        assert (
            f"* Shown: {len(names)} of 49 restore points in all stores, filter: `nightly`, sorted by started"
            in document
        )
        assert re.findall(r"^\| (\S*-\S*) ", document, re.MULTILINE) == names
        rows = list(csv.DictReader(io.StringIO(csv_file)))
        assert [row["name"] for row in rows] == names
        assert all("reason" in row for row in rows)
        document_json = json.loads(record)
        assert [point["name"] for point in document_json["restore_points"]] == names
        order = {"sorted_by": "started", "descending": False}
        assert document_json["selection"] == {"store": None, "filter": "nightly", **order, "total": 49}


async def test_picture_shows_the_window_without_the_menu_when_exported() -> None:
    async with open_demo(size=(80, 24)) as ui:
        await ui.press("j", "x", "s")
        await confirm_save(ui)
        picture = exported_files()[0].read_text()
        assert exported_files()[0].name == "demo-calm-window-20260921-141320.svg"
        assert "nightly-2026-09-21" in picture
        assert "Export" not in picture


async def test_export_refuses_when_no_list_could_be_read() -> None:
    with serving(make_app("calm", now=NOW, faults=Faults(error_code=500, only=("/admin",)))) as server:
        async with open_site(
            Target(Address.parse(server.url)), ConnectionOptions(token=Secret(TOKEN), timeout=3)
        ) as ui:
            await ui.press("x")
            assert "the list is unknown" in ui.lines[-1]


async def test_save_dialog_warns_when_a_list_is_missing() -> None:
    with serving(make_app("calm", now=NOW, faults=Faults(error_code=500, only=("archive-s3",)))) as server:
        async with open_site(
            Target(Address.parse(server.url)), ConnectionOptions(token=Secret(TOKEN), timeout=5)
        ) as ui:
            await ui.press("x", "m")
            await wait_for_save_dialog(ui)
            assert "44 restore points; NOT EVERY STORE COULD BE READ" in ui.text
            await confirm_save(ui)
        document = exported_files()[0].read_text()
        assert "* **Not every store could be read: restore points are missing here**" in document
        assert "## Could not be read" in document


async def test_export_writes_an_empty_list_when_the_site_has_no_points() -> None:
    async with open_demo("empty") as ui:
        await ui.press("x", "m")
        await confirm_save(ui)
        assert exported_files()[0].read_text().endswith("\n\nNone.\n\n")


@pytest.mark.parametrize("scenario", in_full(sorted(SCENARIOS.keys() - {"thousands"}), but=["hostile"]))
async def test_exports_hold_no_secret_when_the_site_has_some(scenario: str) -> None:
    async with open_demo(scenario) as ui:
        for letter in "mvos":
            await ui.press("x", letter)
            await confirm_save(ui)
        assert len(exported_files()) == 4
        for path in exported_files():
            text = path.read_text()
            assert not [secret for secret in PLANTED_SECRETS if secret in text]
            assert "\x1b" not in text
