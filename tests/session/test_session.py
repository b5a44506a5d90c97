"""A session: the states of a refresh, the cache, and saved files."""

import json
import os
import time
from pathlib import Path

import pytest
from msgspec.structs import replace

from drtui.core.model.address import Address
from drtui.core.model.auth import Secret
from drtui.core.model.failure import Failure, FailureKind
from drtui.core.model.site import Store
from drtui.core.model.site_state import Fetched, SiteState, Source
from drtui.demo.app import make_app
from drtui.demo.faults import Faults
from drtui.demo.scenarios import TOKEN
from drtui.demo.server import serving
from drtui.session import DEMO, ConnectionOptions, Session, Target, now_ms
from tests.conftest import NOW

ACCESS = ConnectionOptions(token=Secret(TOKEN), timeout=5)


def demo(scenario: str) -> Session:
    return Session(Target(DEMO, scenario=scenario), ConnectionOptions(), now=NOW, clock=lambda: NOW)


async def test_fetch_yields_growing_states_when_answers_arrive() -> None:
    async with demo("calm") as session:
        readings = [state async for state in session.fetch()]
    stores_before = [
        len(r.backups) + sum(a is not None for a in (r.stores, r.site, r.status, r.settings, r.schedules))
        for r in readings
    ]
    assert stores_before[:-1] == list(range(1, 10))
    assert [r.is_complete for r in readings] == [False] * 9 + [True]
    assert all(answer.at == NOW for answer in readings[-1].backups.values())


async def test_session_fetches_the_demo_when_there_is_no_network() -> None:
    async with demo("seed") as session:
        state = await session.fetch_all()
    assert [backup.name for backup in state.all_backups] == ["backup_first", "schedule1-2021-10-22-20-00-09"]
    assert not state.failures


async def test_fetch_returns_the_other_resources_when_one_fails() -> None:
    with serving(make_app("calm", now=NOW, faults=Faults(error_code=500, only=("archive-s3", "/settings")))) as where:
        async with Session(Target(Address.parse(where.url)), ACCESS) as session:
            state = await session.fetch_all()
    assert {name for name, _ in state.failures} == {"backups of archive-s3", "settings"}
    assert len(state.all_backups) == 44


async def test_state_contains_only_failures_when_the_site_is_unreachable() -> None:
    async with Session(Target(Address.parse("https://nobody.invalid/arcgis")), ACCESS) as session:
        state = await session.fetch_all()
    assert state.is_complete
    assert {trouble.code for _, trouble in state.failures} == {"dns"}


async def test_cached_is_none_when_every_refresh_failed() -> None:
    target = Target(Address.parse("http://127.0.0.1:1/arcgis"))
    async with Session(target, replace(ACCESS, timeout=1)) as session:
        await session.fetch_all()
        assert await session.cached() is None
    async with Session(target, replace(ACCESS, offline=True)) as session:
        assert [trouble.code for _, trouble in (await session.fetch_all()).failures] == ["offline"]


async def test_saved_is_the_older_state_when_the_refresh_overwrites_it() -> None:
    app = make_app("calm", now=NOW)
    listed = app.state.site.backups["offsite-azure"]
    with serving(app) as where:
        target = Target(Address.parse(where.url))
        async with Session(target, ACCESS) as session:
            before = await session.fetch_all()
        del listed[0]
        async with Session(target, ACCESS) as session:
            state = await session.fetch_or_cached()
            again = await session.cached()
    assert session.saved is not None
    assert again is not None
    assert names(session.saved) == names(before)
    assert names(state) == names(again) < names(before)
    assert [deletion.backup.store for deletion in state.history.deletions] == ["offsite-azure"]


def names(state: SiteState) -> set[tuple[str, str]]:
    """Return store and name of each restore point."""
    return {backup.id for backup in state.all_backups}


async def test_state_has_unregistered_stores_when_the_layout_is_old() -> None:
    app = make_app("old", now=NOW)
    app.state.site.backups["gone"] = [{**app.state.site.backups["default"][0], "backupStore": "gone"}]
    with serving(app) as where:
        async with Session(Target(Address.parse(where.url)), ACCESS) as session:
            state = await session.fetch_all()
    assert state.stores is not None
    assert [store.name for store in state.stores.value or ()] == ["default", "gone"]
    assert len(state.backups["gone"].value or ()) == 1


async def test_read_file_returns_a_state_when_it_is_a_saved_answer(tmp_path: Path) -> None:
    path = tmp_path / "backups.json"
    path.write_text(json.dumps({"backups": [{"backupName": "b", "backupStore": "s"}, {"backupName": "c"}]}))
    async with Session(Target(file=path), ConnectionOptions()) as session:
        state = await session.fetch_all()
    assert {name: [b.name for b in answer.value or ()] for name, answer in state.backups.items()} == {
        "s": ["b"],
        "": ["c"],
    }
    assert state.stores is not None
    assert state.stores.source is Source.FILE


async def test_a_saved_answer_is_as_old_as_its_file_when_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "backups.json"
    path.write_text(json.dumps({"backups": [{"backupName": "b", "backupStore": "s"}]}))
    os.utime(path, ns=((NOW - 86_400_123) * 1_000_000,) * 2)
    async with Session(Target(file=path), ConnectionOptions(), clock=lambda: NOW) as session:
        state = await session.fetch_all()
    assert {answer.at for answer in (state.stores, *state.backups.values()) if answer is not None} == {NOW - 86_400_123}


async def test_answers_of_a_site_are_dated_by_the_clock_when_another_moment_is_asked_for() -> None:
    with serving(make_app("calm", now=NOW)) as where:
        target = Target(Address.parse(where.url))
        async with Session(target, ACCESS, now=NOW - 86_400_000, clock=lambda: NOW) as session:
            state = await session.fetch_all()
    assert {answer.at for answer in state.backups.values()} == {NOW}


def test_now_is_in_milliseconds_when_no_clock_is_given() -> None:
    before = time.time_ns() // 1_000_000
    assert before <= now_ms() <= time.time_ns() // 1_000_000


@pytest.mark.parametrize(
    ("faults", "level", "expected"),
    [
        (Faults(), "INFO", ": 200 in "),
        (Faults(error_code=500), "WARNING", ": 200 in "),
        (Faults(status_code=403), "WARNING", ": 403 in "),
        (Faults(drop=True), "WARNING", ": no answer in "),
    ],
    ids=["fine", "error", "refused", "dropped"],
)
async def test_log_has_the_status_of_each_request_when_it_is_answered_or_not(
    caplog: pytest.LogCaptureFixture, faults: Faults, level: str, expected: str
) -> None:
    caplog.set_level("DEBUG", logger="drtui")
    with serving(make_app("seed", now=NOW, faults=faults)) as where:
        async with Session(Target(Address.parse(where.url)), ACCESS) as session:
            await session.fetch_all()
    lines = [
        (record.levelname, record.getMessage())
        for record in caplog.records
        if "/disasterrecovery/stores:" in record.message
    ]
    assert lines
    assert [line for line in lines if line[0] != level or expected not in line[1]] == []


@pytest.mark.parametrize("text", ["", "[]", '{"backups": {}}', '{"error": {"code": 498}}', "<html>"])
async def test_read_file_reports_a_failure_when_it_is_not_a_saved_answer(tmp_path: Path, text: str) -> None:
    path = tmp_path / "backups.json"
    path.write_text(text)
    async with Session(Target(file=path), ConnectionOptions()) as session:
        state = await session.fetch_all()
    assert [trouble.code for _, trouble in state.failures] == ["file"]


BROKEN = Failure(FailureKind.UNREADABLE, "500", "broken")
STORES: Fetched[tuple[Store, ...]] = Fetched(1, (Store("a"), Store("b")))
KEPT = SiteState("here", stores=STORES, backups={"a": Fetched(1, ()), "b": Fetched(1, ())})


@pytest.mark.parametrize(
    ("fresh", "stores", "backups"),
    [
        (SiteState("here"), STORES, KEPT.backups),
        (
            SiteState("here", stores=Fetched(2, failure=BROKEN)),
            Fetched(1, STORES.value, BROKEN, failed_at=2),
            KEPT.backups,
        ),
        (SiteState("here", stores=Fetched(2, (Store("a"),))), Fetched(2, (Store("a"),)), {"a": Fetched(1, ())}),
        (
            SiteState("here", stores=STORES, backups={"b": Fetched(2, failure=BROKEN)}),
            STORES,
            {"a": Fetched(1, ()), "b": Fetched(1, (), BROKEN, failed_at=2)},
        ),
    ],
)
def test_r37_fallback_keeps_values_when_resources_fail_and_drops_deleted_ones(
    fresh: SiteState, stores: Fetched[tuple[Store, ...]], backups: dict[str, object]
) -> None:
    merged = fresh.with_fallback(KEPT)
    assert (merged.stores, merged.backups) == (stores, backups)
