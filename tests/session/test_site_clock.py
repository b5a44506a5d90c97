"""Ages follow the site's clock, and a cached answer is not live: over a real socket."""

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from email.utils import formatdate

import pytest

from drtui.core.analysis.assessment import assess
from drtui.core.formatting.durations import DAY, HOUR, MINUTE
from drtui.core.formatting.times import UTC
from drtui.core.model.address import Address
from drtui.core.model.auth import Secret
from drtui.core.summary.freshness import freshness_short_text, freshness_text
from drtui.core.summary.headline import build_headline
from drtui.core.summary.health_check import Grade, check_health
from drtui.session import ConnectionOptions, Session, Target, now_ms
from tests.api.servers import answering_paths, http, listening
from tests.cli.running import run
from tests.conftest import NOW

DR = "/system/disasterrecovery"
LIST = f"{DR}/stores/vault/backups"
ACCESS = ConnectionOptions(token=Secret("x"), timeout=10)


def site_answers(started: int) -> dict[str, object]:
    """Return the answers of a site with one backup that started at `start`, epoch ms."""
    done = {"status": "completed", "startTime": started, "endTime": started + MINUTE}
    record = {
        "backupName": "nightly",
        "backupStore": "vault",
        "status": "completed",
        "startTime": started,
        "completeTime": started + MINUTE,
        "retentionDate": -1,
        "release": "11.5",
        "backupType": "FULL",
        "relationalStore": [done],
        "objectStore": [done],
        "infrastructures": done,
    }
    return {
        "": {"fullVersion": "11.5"},
        f"{DR}/stores": {"backupStores": [{"name": "vault", "default": True}]},
        LIST: {"backups": [record]},
        f"{DR}/status": {"status": {"state": "no_op", "code": 0}},
        f"{DR}/settings": {},
        "/system/tasks": {"result": []},
    }


def date_header(ahead: float = 0) -> str:
    """Return the `Date` header of a site whose clock is `ahead` milliseconds ahead."""
    return f"Date: {formatdate(time.time() + ahead / 1000, usegmt=True)}\r\n"


@asynccontextmanager
async def serving(
    headers: Callable[[str], str], *, started: int | None = None, now: int | None = None
) -> AsyncIterator[Session]:
    """Open a session with a site that sends these headers."""
    answers = site_answers(started if started is not None else now_ms() - HOUR)
    async with listening(answering_paths(answers, headers=headers)) as port:
        target = Target(Address.parse(f"http://127.0.0.1:{port}/arcgis"))
        async with Session(target, ACCESS, now=now) as session:
            yield session


def is_close(actual: int | None, expected: int) -> bool:
    return actual is not None and abs(actual - expected) <= 2_500


@pytest.mark.parametrize("ahead", [3 * HOUR, -3 * HOUR, 30 * DAY])
async def test_ages_use_the_site_clock_when_it_differs(ahead: int) -> None:
    async with serving(lambda _: date_header(ahead), started=now_ms() + ahead - HOUR) as session:
        for _ in range(2):
            state = await session.fetch_all()
            now = state.site_time(now_ms())
            assert is_close(state.clock_offset, ahead)
            assert is_close(state.listed_at, now)
            assessment = assess(state, now)
            assert assessment.rpo.age is not None
            assert is_close(assessment.rpo.age, HOUR)
            assert "clock is" in " ".join(line.text for line in build_headline(assessment))
            assert [finding.code for finding in check_health(assessment, DAY, 2 * DAY).findings] == [
                "clock-skew",
                "fresh",
            ]
        followed = await session.refetch_status(state)
        assert followed.clock_offset == state.clock_offset
        assert followed.status is not None
        assert is_close(followed.status.at, now)
    assert not state.history.deletions


async def test_clock_offset_is_not_reported_when_clocks_agree() -> None:
    async with serving(lambda _: date_header()) as session:
        state = await session.fetch_all()
    assert state.clock_offset == 0
    assessment = assess(state, now_ms())
    assert [finding.code for finding in check_health(assessment, DAY, 2 * DAY).findings] == ["fresh"]
    assert "clock" not in " ".join(line.text for line in build_headline(assessment))


async def test_clock_offset_is_reported_without_finding_when_it_is_minutes() -> None:
    async with serving(lambda _: date_header(5 * MINUTE + 30_000)) as session:
        state = await session.fetch_all()
    assessment = assess(state, state.site_time(now_ms()))
    assert re.search("clock is [56] min behind", " ".join(line.text for line in build_headline(assessment)))
    assert check_health(assessment, DAY, 2 * DAY).grade is Grade.OK


async def test_the_clock_of_the_site_does_not_count_when_a_moment_was_asked_for() -> None:
    now = now_ms() - DAY
    async with serving(lambda _: date_header(3 * HOUR), now=now) as session:
        state = await session.fetch_all()
    assert state.clock_offset is None


NOT_THE_SITE = {
    "error pages": "HTTP/1.1 503 Service Unavailable\r\n",
    "errors": "HTTP/1.1 403 Forbidden\r\n",
    "transformed": "HTTP/1.1 203 Non-Authoritative Information\r\n",
    "cached": "Age: 5\r\n",
    "refused": "",
}


@pytest.mark.parametrize("kind", NOT_THE_SITE)
async def test_clock_offset_ignores_answers_when_they_are_not_from_the_site(kind: str) -> None:
    """Two of the six answers are from the site; the others are dated by a server in front of it."""

    def headers(path: str) -> str:
        own = path in {"", f"{DR}/stores"}
        return date_header(20_000 * 1_000) if own else NOT_THE_SITE[kind] + date_header(-5 * DAY)

    answers = site_answers(now_ms())
    if kind == "refused":
        answers = {path: answers[path] for path in ("", f"{DR}/stores")}
    async with listening(answering_paths(answers, headers=headers)) as port:
        target = Target(Address.parse(f"http://127.0.0.1:{port}/arcgis"))
        async with Session(target, ACCESS) as session:
            state = await session.fetch_all()
    assert is_close(state.clock_offset, 20_000_000)


async def test_ages_use_the_machine_clock_when_the_site_sends_no_date() -> None:
    async with serving(lambda _: "") as session:
        state = await session.fetch_all()
    assert state.clock_offset is None
    assert not state.failures


STALE = {
    "Age": "Age: 864000\r\n" + date_header(),
    "203": "HTTP/1.1 203 Non-Authoritative Information\r\n" + date_header(),
    "203 and Age": "HTTP/1.1 203 Non-Authoritative Information\r\nAge: 864000\r\n" + date_header(),
    "Warning": 'Warning: 110 squid "Response is Stale"\r\n' + date_header(),
    "an old Date": date_header(-DAY),
}


@pytest.mark.parametrize("path", [f"{DR}/stores", LIST, f"{DR}/status", f"{DR}/settings", "/system/tasks", ""])
@pytest.mark.parametrize("kind", STALE)
async def test_answer_is_stale_when_it_comes_from_a_cache(kind: str, path: str) -> None:
    async with serving(lambda asked: STALE[kind] if asked == path else date_header()) as session:
        state = await session.fetch_all()
    assert state.clock_offset == 0
    assert [trouble.code for _, trouble in state.failures] == ["aged"]
    findings = check_health(assess(state, now_ms()), DAY, 2 * DAY)
    assert "aged" in {finding.cause for finding in findings.findings}
    assert (findings.grade is Grade.UNKNOWN) == (path in {f"{DR}/stores", LIST, ""})
    if path in {f"{DR}/stores", LIST}:
        assert freshness_text(state, now_ms(), UTC).startswith("proxy copy ")
        assert freshness_short_text(state, now_ms(), UTC, is_fetching=False).startswith("proxy copy ")
        recalled = await session.cached()
        assert recalled is None or not recalled.backups, "history took it for a live list"


async def test_history_keeps_backups_when_a_list_is_partial() -> None:
    part = "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 0-99/200\r\n"
    async with serving(lambda path: part if path == LIST else date_header()) as session:
        state = await session.fetch_all()
    assert {name: trouble.code for name, trouble in state.failures} == {"backups of vault": "incomplete-list"}
    assert check_health(assess(state, now_ms()), DAY, 2 * DAY).grade is Grade.UNKNOWN


async def test_history_keeps_the_newer_list_when_an_aged_one_arrives() -> None:
    lines = {"": date_header()}
    async with serving(lambda path: lines.get(path, lines[""])) as session:
        before = await session.fetch_all()
        lines[LIST] = "Age: 864000\r\n" + date_header()
        state = (await session.fetch_all()).with_fallback(before)
    assert state.backups["vault"].at == before.backups["vault"].at
    assert [trouble.code for _, trouble in state.failures] == ["aged"]


async def test_get_requests_no_cache_when_sent() -> None:
    heads: list[bytes] = []

    async def talk(head: bytes, writer: asyncio.StreamWriter) -> None:
        heads.append(head)
        writer.write(http(json.dumps({"backupStores": [{"name": "vault"}], "backups": []}).encode()))

    async with listening(talk) as port:
        target = Target(Address.parse(f"http://127.0.0.1:{port}/arcgis"))
        async with Session(target, ACCESS) as session:
            await session.fetch_all()
    assert len(heads) >= 6
    assert all(b"\r\ncache-control: no-cache\r\n" in head.lower() for head in heads)


async def saved_backup_names(target: Target, now: int) -> set[str]:
    """Return the names of the saved backups that `--offline` lists at a moment."""
    async with Session(target, ACCESS, clock=lambda: now) as session:
        saved = await session.cached()
        assert saved is not None
        assert saved.listed_at is not None
        assert saved.listed_at <= now
        assert not saved.history.early_deletions(now - DAY)
        return {backup.name for backup in saved.all_backups}


@pytest.mark.parametrize("error", [30 * DAY, 3 * HOUR, 800 * DAY])
@pytest.mark.parametrize("dates", [False, True], ids=["without Date", "with Date"])
async def test_history_reports_no_deletion_when_a_clock_was_wrong_once(error: int, *, dates: bool) -> None:
    """Also if the site sends no `Date`, so that the error cannot be noticed at that moment."""
    now = now_ms() // 1_000 * 1_000 if dates else NOW
    answers, at_site = site_answers(now - HOUR), [now]

    def headers(_: str) -> str:
        return f"Date: {formatdate(at_site[-1] / 1_000, usegmt=True)}\r\n" if dates else ""

    async with listening(answering_paths(answers, headers=headers)) as port:
        target = Target(Address.parse(f"http://127.0.0.1:{port}/arcgis"))
        async with Session(target, ACCESS, clock=lambda: now + error) as session:
            await session.fetch_all()
        assert await saved_backup_names(target, now + 2_000) == {"nightly"}  # `Date` has whole seconds
        listed: list[dict[str, object]] = answers[LIST]["backups"]  # type: ignore[index]
        listed.append({**listed[0], "backupName": "later", "startTime": now - MINUTE})
        at_site.append(now + 1_000)
        async with Session(target, ACCESS, clock=lambda: now + 1_000) as session:
            for _ in range(2):
                state = await session.fetch_all()
                assert not state.history.deletions
        assert await saved_backup_names(target, now + 2_000) == {"nightly", "later"}
        del listed[0]
        at_site.append(now + 3_000)
        async with Session(target, ACCESS, clock=lambda: now + 3_000) as session:
            state = await session.fetch_all()
        assert [deletion.backup.name for deletion in state.history.deletions] == ["nightly"]


@pytest.mark.parametrize(("words", "offset"), [((), 7_200), (("--now", "2026-09-21T14:13:20Z"), None)])
def test_json_contains_the_clock_offset_when_clocks_differ(
    words: tuple[str, ...], offset: int | None, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DRTUI_TOKEN", "x")

    async def served() -> tuple[int, str, str]:
        async with listening(
            answering_paths(site_answers(now_ms() + HOUR), headers=lambda _: date_header(2 * HOUR))
        ) as port:
            return await asyncio.to_thread(
                run, capsys, "status", f"http://127.0.0.1:{port}/arcgis", "--json", "--no-history", *words
            )

    ran = asyncio.run(served())
    document = json.loads(ran[1])["clock_offset_seconds"]
    assert (document is None) == (offset is None)
    assert offset is None or abs(document - offset) <= 2
    assert ("clock is" in ran[2]) == (offset is not None)
