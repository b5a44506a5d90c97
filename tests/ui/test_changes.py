"""New and changed restore points are marked until the interface ends."""

import pytest
from starlette.applications import Starlette

from drtui.core.model.address import Address
from drtui.core.model.auth import Secret
from drtui.demo.app import make_app
from drtui.demo.faults import Faults
from drtui.demo.scenarios import TOKEN
from drtui.demo.server import serving
from drtui.session import ConnectionOptions, Session, Target
from tests.conftest import NOW
from tests.suites import in_full
from tests.ui.stories import DisplayOptions, UiPilot, open_demo, open_site, start_ui

ACCESS = ConnectionOptions(token=Secret(TOKEN), timeout=5)
HOUR = 3_600_000


async def refresh_once(target: Target, at: int = NOW - 5 * HOUR) -> None:
    """Refresh the site once, as an earlier run."""
    async with Session(target, ACCESS, now=NOW, clock=lambda: at) as session:
        assert not (await session.fetch_all()).failures


def change_site(app: Starlette) -> None:
    """Add a backup to the site, and change the retention date of the backup before it."""
    listed = app.state.site.backups["nightly-pv"]
    listed.append({**listed[-1], "backupName": "by-hand", "startTime": NOW - HOUR, "completeTime": NOW - HOUR + 1})
    listed[-2]["retentionDate"] += 1


def marked_rows(ui: UiPilot) -> dict[str, str]:
    """Return the visible restore points with a change mark, and the mark."""
    rows = [line for line in ui.lines if line[1:2] in {"+", "~", "#", "▪"}]
    return {line[2:].split()[0]: line[1] for line in rows}


EXPECTED = {"by-hand": "+", "nightly-2026-09-21-06-00-46": "~"}


@pytest.mark.parametrize("plain", in_full([False, True], but=[False]))
@pytest.mark.parametrize("size", in_full([(80, 24), (120, 40), (160, 45)], but=[(80, 24)]))
async def test_list_marks_what_changed_when_an_earlier_run_saw_the_site(
    site: Target, app: Starlette, size: tuple[int, int], plain: bool
) -> None:
    await refresh_once(site)
    change_site(app)
    async with start_ui(site, ACCESS, size=size, plain=plain) as ui:
        assert marked_rows(ui) == EXPECTED
        assert "58 in all stores, 1 new, 1 changed since 09:13" in ui.text


async def test_list_keeps_change_marks_until_the_end_when_the_site_is_refreshed(site: Target, app: Starlette) -> None:
    await refresh_once(site)
    change_site(app)
    async with start_ui(site, ACCESS) as ui:
        await ui.press("r")
        await ui.press("r")
        assert marked_rows(ui) == EXPECTED
    async with start_ui(site, ACCESS) as ui:
        assert marked_rows(ui) == {}
        assert "58 in all stores" in ui.text
        assert "1 new" not in ui.text


async def test_list_marks_what_comes_from_then_on_when_it_comes_within_a_run(site: Target, app: Starlette) -> None:
    async with open_site(site, ACCESS) as ui:
        assert marked_rows(ui) == {}
        change_site(app)
        await ui.press("r")
        assert marked_rows(ui) == EXPECTED
        assert "1 new, 1 changed since 14:13" in ui.text
        await ui.press("r")
        assert marked_rows(ui) == EXPECTED


async def test_list_marks_nothing_when_history_is_not_remembered(site: Target, app: Starlette) -> None:
    await refresh_once(site)
    change_site(app)
    async with open_site(site, ConnectionOptions(token=Secret(TOKEN), timeout=5, remember=False)) as ui:
        assert marked_rows(ui) == {}


async def test_mark_to_compare_hides_the_mark_of_a_change_when_both_apply(site: Target, app: Starlette) -> None:
    await refresh_once(site)
    change_site(app)
    async with open_site(site, ACCESS, options=DisplayOptions(plain=True)) as ui:
        ui.app.main_screen.panes.table.go_to(("nightly-pv", "by-hand"))
        await ui.press("space")
        assert marked_rows(ui) == {**EXPECTED, "by-hand": "#"}
        await ui.press("space")
        assert marked_rows(ui) == EXPECTED


async def test_list_marks_nothing_when_the_site_is_down(site: Target, app: Starlette) -> None:
    await refresh_once(site)
    change_site(app)
    app.state.faults = Faults(status_code=503)
    async with open_site(site, ACCESS) as ui:
        assert marked_rows(ui) == {}
        app.state.faults = Faults()
        await ui.press("r")
        assert marked_rows(ui) == EXPECTED


async def test_list_marks_nothing_when_another_site_was_seen_before(site: Target, app: Starlette) -> None:
    await refresh_once(site)
    change_site(app)
    with serving(make_app("calm", now=NOW)) as elsewhere:
        async with open_site(site, ACCESS) as ui:
            ui.app.main_screen.poller.open_site(Target(Address.parse(elsewhere.url)), ACCESS)
            await ui.settle()
            assert marked_rows(ui) == {}


async def test_help_explains_the_marks_when_opened() -> None:
    async with open_demo(size=(120, 60)) as ui:
        await ui.press("question_mark")
        assert "+ before a name  new since your previous visit" in ui.text
        assert "~ before a name  backup or verdict changed" in ui.text
