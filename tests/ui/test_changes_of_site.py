"""Change a site from the interface: menu, plan, confirmation, and the end; nothing is sent by accident."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from textual.worker import WorkerCancelled

from drtui.core.model.address import Address
from drtui.core.model.auth import Secret
from drtui.core.model.backup import NEVER
from drtui.core.operations.journal import Intent
from drtui.core.operations.request import CreateBackup, request_of
from drtui.demo.app import make_app
from drtui.demo.faults import parse_fault
from drtui.demo.scenarios import PASSCODE as SITE_PASSCODE
from drtui.demo.scenarios import PASSWORD, TOKEN, USER
from drtui.demo.server import serving
from drtui.session import DEMO, ConnectionOptions, Target
from drtui.storage.journal import FileJournal
from drtui.storage.paths import journal_file
from drtui.ui.widgets.passcode_input import PasscodeInput
from tests.conftest import NOW
from tests.suites import rows_in_full
from tests.ui.stories import UiPilot, open_site

PASSCODE = "zq9-hidden-zq9"
ACCESS = ConnectionOptions(token=Secret(TOKEN), timeout=5, remember=False)
NEWEST = "weekly-2026-09-21-08-00-16"


class World:
    """A simulated site that counts the requests which change it, and whose clock the tests move."""

    def __init__(self, *faults: str) -> None:
        self.now = NOW
        self.app: Any = make_app("calm", now=NOW, clock=lambda: self.now, faults=parse_fault(faults))
        self.posts: list[str] = []
        self.is_free = asyncio.Event()
        """Cleared while observations of a change wait."""
        self.is_free.set()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http" and scope["method"] != "GET" and "/sharing/" not in scope["path"]:
            self.posts.append(scope["path"].rpartition("/admin/")[2])
        await self.app(scope, receive, send)

    async def sleep(self, seconds: float) -> None:
        """Let the clock advance instead of waiting."""
        await self.is_free.wait()
        self.now += round(seconds * 4000)


@asynccontextmanager
async def open_world(
    *faults: str,
    allow_changes: bool = True,
    size: tuple[int, int] = (120, 40),
    name: str = "",
    access: ConnectionOptions = ACCESS,
) -> AsyncIterator[tuple[UiPilot, World]]:
    """Lend the interface on a simulated site over a socket."""
    world = World(*faults)
    with serving(world) as server:
        target = Target(Address.parse(server.url), name=name)
        async with open_site(Target(DEMO, scenario="calm"), ConnectionOptions(), size=size) as ui:
            screen = ui.app.main_screen
            screen.site.options = replace(ui.app.options, allow_changes=allow_changes, clock=lambda: world.now)
            screen.changes.sleep = world.sleep
            screen.poller.open_site(target, access)
            await ui.settle()
            yield ui, world
            world.is_free.set()
            await finish(ui, "changes")
            screen.site.followed.clear()


async def finish(ui: UiPilot, group: str) -> None:
    """Wait until the workers of a group have ended."""
    await ui.settle()
    for worker in [worker for worker in ui.app.workers if worker.group == group and not worker.is_finished]:
        with suppress(WorkerCancelled):
            await worker.wait()
    await ui.settle()


async def until(ui: UiPilot, text: str) -> None:
    """Wait until the window shows a text; a reply arrives over a socket."""
    async with asyncio.timeout(5):
        while text not in ui.text:
            await asyncio.sleep(0.01)
            await ui.settle()


async def type_text(ui: UiPilot, text: str) -> None:
    """Type a text, and press enter."""
    await ui.press(*text, "enter")


async def choose(ui: UiPilot, *keys: str) -> None:
    """Open the menu, press keys in it, and wait for the plan."""
    await ui.press("a", *keys)
    await finish(ui, "plan")


async def fill_in_backup(ui: UiPilot, name: str) -> None:
    """Fill in the form of a new backup."""
    await ui.press("ctrl+u")
    for text in (name, "", "before the upgrade", PASSCODE, PASSCODE):
        await type_text(ui, text)
    await finish(ui, "plan")


KEYS_OF_SCREENS = ("1", "2", "3", "4", "w", "t", "@", "y", "b", "?", "f", "o", "v", "E", "D")


async def test_nothing_is_sent_and_every_screen_says_read_only_when_changes_are_not_allowed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # on some screens these keys save a file
    async with open_world(allow_changes=False, size=(80, 24)) as (ui, world):
        await ui.press("3", "down")
        for key in KEYS_OF_SCREENS:
            await ui.press(key)
            assert "READ-ONLY" in ui.text, key
            await ui.press("a", "x", "c", "enter", "S", "y", "escape", "escape", "escape", "3")
            assert len(ui.app.screen_stack) == 1, key
        await ui.press("a", "x")
        text = " ".join(ui.text.replace("|", " ").split())
        assert text.count("READ-ONLY: nothing can be changed. Start drtui with --allow-changes") == 1
        assert "not now" not in text
        assert "READ-ONLY" in ui.text
        assert world.posts == []


async def test_schedule_is_paused_when_its_plan_was_shown_and_confirmed() -> None:
    async with open_world() as (ui, world):
        assert "CHANGES ON" in ui.text
        await ui.press("1")
        await choose(ui, "1")
        assert "Pause schedule nightly" in ui.text
        assert "/disable" in ui.text
        assert world.posts == []
        await ui.press("enter", "y", "s")
        assert world.posts == []
        await ui.press("S")
        await finish(ui, "changes")
        assert len(world.posts) == 1
        assert "Pausing of schedule nightly: DONE. nightly is paused" in ui.text
        await ui.press("a")
        assert "resume nightly" in ui.text
        await ui.press("escape", "escape", "escape")
        assert "DONE" not in ui.text


async def test_nothing_is_sent_when_keys_are_typed_ahead_of_the_plan() -> None:
    async with open_world() as (ui, world):
        await ui.press("1", "a")
        for key in ("1", "S", "enter", "y", "S", "enter"):
            ui.send(key)
        await finish(ui, "plan")
        assert "S (capital) send" in ui.text
        await ui.press("escape")
        assert "nothing was sent" in ui.text
        assert world.posts == []


async def test_backup_is_followed_to_its_end_when_another_site_was_open_meanwhile() -> None:
    async with open_world() as (ui, world):
        world.is_free.clear()
        await choose(ui, "c")
        assert "It is kept until 2026-12-20" in ui.text
        await fill_in_backup(ui, "pre-upgrade")
        assert "Create backup pre-upgrade" in ui.text
        assert "passcode=***" in ui.text
        assert PASSCODE not in ui.text
        await ui.press("S")
        screen = ui.app.main_screen
        target = screen.site.target
        assert target is not None
        assert "Backup pre-upgrade: being sent" in ui.text or "Backup pre-upgrade: running for" in ui.text
        await ui.press("a", "c")
        assert "Backup pre-upgrade is running" in " ".join(ui.text.replace("|", " ").split())
        await ui.press("escape")
        screen.poller.open_site(Target(DEMO, scenario="empty"), ConnectionOptions())
        await ui.settle()
        assert "pre-upgrade" not in ui.text
        screen.poller.open_site(target, ACCESS)
        await until(ui, "Backup pre-upgrade: running for")
        assert "usually" in ui.text
        world.is_free.set()
        await finish(ui, "changes")
        assert "Backup pre-upgrade: DONE" in ui.text
        assert len(world.posts) == 1
        assert PASSCODE not in journal_file().read_text()
        assert PASSCODE not in ui.app.export_screenshot()


async def test_change_is_found_and_followed_when_drtui_ended_before_its_reply() -> None:
    async with open_world() as (ui, world):
        screen = ui.app.main_screen
        target = screen.site.target
        assert target is not None
        assert target.address is not None
        change = CreateBackup("nightly-pv", "lost-one", NOW + 10**9)
        FileJournal().append(Intent("open-1", NOW, target.address.url, change, request_of(change)))
        screen.poller.open_site(target, replace(ACCESS, timeout=6))  # another session, as after a start
        await ui.settle()
        await finish(ui, "journal")
        await finish(ui, "changes")
        assert "Backup lost-one: OUTCOME UNKNOWN" in ui.text
        assert world.posts == []
        assert not [entry for entry in FileJournal().read().entries if entry.is_open]


async def test_backup_is_kept_for_ever_when_that_is_typed() -> None:
    async with open_world() as (ui, world):
        await choose(ui, "e")
        await type_text(ui, "")
        assert "Use 30d" in ui.text
        await type_text(ui, "forever")
        await finish(ui, "plan")
        assert f"Change how long {NEWEST} is kept" in ui.text
        await ui.press("S")
        await finish(ui, "changes")
        assert len(world.posts) == 1
        points = ui.app.main_screen.site.assessment.points
        assert [point.backup.retention for point in points if point.backup.name == NEWEST] == [NEVER]


async def test_backup_is_deleted_only_when_its_name_and_the_phrase_are_typed() -> None:
    async with open_world(size=(80, 24)) as (ui, world):
        await choose(ui, "x")
        await ui.press("S", "enter", "y", "enter")
        assert "That is not the same text." in ui.text
        await type_text(ui, NEWEST)
        assert "delete the newest usable" in ui.text
        assert world.posts == []
        await type_text(ui, "delete the newest usable")
        await finish(ui, "changes")
        assert len(world.posts) == 1
        assert f"Deletion of {NEWEST}: DONE" in " ".join(ui.text.split())


async def test_restore_asks_line_by_line_when_it_is_chosen() -> None:
    async with open_world(size=(80, 24)) as (ui, world):
        await choose(ui, "t")
        await type_text(ui, "no")
        assert "Without it nothing is sent" in ui.text
        for _ in range(5):
            await type_text(ui, "y")
        assert "Passcode of this backup" in ui.text
        await type_text(ui, "")
        assert "A passcode is required." in ui.text
        await type_text(ui, PASSCODE)
        assert PASSCODE not in ui.text
        assert f"localhost/{NEWEST}" in ui.text
        await type_text(ui, NEWEST)
        assert "That is not the same text." in ui.text
        assert world.posts == []
        await type_text(ui, f"localhost/{NEWEST}")
        await finish(ui, "changes")
        assert len(world.posts) == 1
        assert f"Restore of {NEWEST}:" in ui.text


async def restore_newest(ui: UiPilot, passcode: str) -> None:
    """Restore the newest backup: every question, the passcode, and what has to be typed."""
    await choose(ui, "t")
    for _ in range(5):
        await type_text(ui, "y")
    await type_text(ui, passcode)
    await type_text(ui, f"localhost/{NEWEST}")


ENDS = (
    (("lost-reply",), "", "Backup pre-upgrade: DONE. The backup completed", 1),
    (("lost-request",), "", "Backup pre-upgrade: OUTCOME UNKNOWN. The reply was lost", 1),
    (("backup-fails",), "", "Backup pre-upgrade: FAILED. The backup FAILED", 1),
    (("backup-cancelled",), "", "Backup pre-upgrade: FAILED. The backup FAILED", 1),
    (("backup-hangs",), "", "Backup pre-upgrade: OUTCOME UNKNOWN. Running for 2 h", 1),
    (("read-only",), "", "read-only", 0),
    (("no-staging",), "", "no staging", 0),
    (("run-due",), "", "Backup pre-upgrade: DONE. The backup completed", 1),
    (("short-token",), "", "Backup pre-upgrade: DONE. The backup completed", 1),
    ((), SITE_PASSCODE, f"Restore of {NEWEST}: DONE. The restore completed", 1),
    ((), "not-its-passcode", f"Restore of {NEWEST}: FAILED. The restore FAILED", 1),
    (("slow",), SITE_PASSCODE, f"Restore of {NEWEST}: DONE. The restore completed after 20 min", 1),
    (("restore-warns",), SITE_PASSCODE, f"Restore of {NEWEST}: FAILED. The restore finished WITH WARNINGS", 1),
    (("lost-reply",), SITE_PASSCODE, f"Restore of {NEWEST}: DONE. The restore completed", 1),
)
"""Faults, passcode of a restore (none for a new backup), the sentence, and the number of requests that were sent."""


@pytest.mark.parametrize(("faults", "passcode", "sentence", "posts"), rows_in_full(ENDS, but=[ENDS[1], ENDS[10]]))
async def test_end_is_one_sentence_when_something_goes_wrong(
    faults: tuple[str, ...], passcode: str, sentence: str, posts: int
) -> None:
    access = ConnectionOptions(user=USER, password=Secret(PASSWORD), timeout=5, remember=False)
    async with open_world(*faults, access=access) as (ui, world):
        if passcode:
            await restore_newest(ui, passcode)
        else:
            await choose(ui, "c")
            await fill_in_backup(ui, "pre-upgrade")
            await ui.press("S")
        await finish(ui, "changes")
        assert sentence in " ".join(ui.text.split())
        assert len(world.posts) == posts


async def test_store_is_validated_when_its_pane_has_the_focus() -> None:
    async with open_world() as (ui, world):
        await ui.press("2", "down")
        await choose(ui, "v")
        assert "Validate store nightly-pv" in ui.text
        await ui.press("S")
        await finish(ui, "changes")
        assert "Validation of store nightly-pv: DONE" in ui.text
        assert len(world.posts) == 1


@pytest.mark.parametrize(
    ("question", "keys"),
    [("create a backup now", "1 a"), ("or forever", "a e"), ("pause or resume", "1 a"), ("validate the", "2 a v")],
)
def test_help_names_the_keys_of_each_change(question: str, keys: str) -> None:
    from drtui.ui.screens.help import CHANGES_OF_SITE

    assert keys in [pressed for pressed, meaning in CHANGES_OF_SITE if question in meaning]


def test_passcode_is_never_part_of_the_value_when_it_is_typed() -> None:
    field = PasscodeInput()
    field.insert_text_at_cursor("abc")
    field.replace("def\n", 0, 0)
    field.action_delete_left()
    assert field.value == ""
    secret = field.secret
    assert secret is not None
    assert secret.reveal() == "abcde"
    field.action_delete_left_all()
    assert field.secret is None
