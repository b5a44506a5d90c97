"""Changes of a site over a socket: planned, sent once, journalled, and followed until the record proves the end."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from msgspec.structs import replace

from drtui.core.formatting.durations import DAY, MINUTE, SECOND
from drtui.core.model.address import Address
from drtui.core.model.auth import Secret
from drtui.core.model.backup import NEVER
from drtui.core.model.reply import ReplyKind
from drtui.core.operations.facts import Facts
from drtui.core.operations.findings import Severity
from drtui.core.operations.journal import Intent, Replied
from drtui.core.operations.outcome import Outcome
from drtui.core.operations.permissions import ALL_CHANGES, READ_ONLY, Permissions
from drtui.core.operations.plan import Plan
from drtui.core.operations.progress import Progress
from drtui.core.operations.request import (
    Change,
    CreateBackup,
    DeleteBackup,
    KeepBackup,
    PauseSchedule,
    RestoreBackup,
    ResumeSchedule,
    ValidateStore,
)
from drtui.demo.app import make_app
from drtui.demo.scenarios import PASSCODE as DEMO_PASSCODE
from drtui.demo.scenarios import PASSWORD, TOKEN, USER
from drtui.demo.server import serving
from drtui.session import DEMO, ConnectionOptions, Session, Target
from drtui.session.operations import SiteChanges, journal_of, permissions_of
from drtui.storage.journal import FileJournal, Journal, JournalContents, JournalError, MemoryJournal
from tests.api.asking import without_waits
from tests.conftest import NOW
from tests.planted import secrets_in
from tests.suites import in_full, rows_in_full

PASSCODE = "pLaNtEd-passcode-1709"
BY_TOKEN = ConnectionOptions(token=Secret(TOKEN), timeout=5)
BY_PASSWORD = ConnectionOptions(user=USER, password=Secret(PASSWORD), timeout=5)
CREATE = CreateBackup("nightly-pv", "pre-upgrade", NOW + 30 * DAY)
VALIDATE = ValidateStore("nightly-pv")

Message = dict[str, Any]


class World:
    """A simulated site with its clock, which a fault may sit in front of. It counts what it gets."""

    def __init__(self, scenario: str = "calm") -> None:
        self.now = NOW
        self.app: Any = make_app(scenario, now=NOW, clock=lambda: self.now)
        self.posts: list[str] = []
        """Paths of the POSTs that arrived, without sign-ins, below the API."""
        self.loses_reply = False
        """True if the site accepts a POST, and the connection breaks before the reply is complete."""
        self.drops_request = False
        """True if the connection breaks before the site has read a POST."""
        self.reply: tuple[int, bytes] | None = None
        """Status and body that something in front of the site answers to a POST; None for the site's own reply."""
        self.away: Callable[[int], bool] = lambda _: False
        """Returns for a moment whether a gateway answers 503 to every GET."""
        self.least_sleep = 0
        """Milliseconds that a wait takes at least: fewer observations until a limit."""
        self.site = self.app.state.site

    async def sleep(self, seconds: float) -> None:
        """Let the clock advance instead of waiting."""
        self.now += max(round(seconds * SECOND), self.least_sleep)

    async def __call__(self, scope: Message, receive: Any, send: Any) -> None:
        path = scope["path"].removeprefix("/arcgis")
        if scope["method"] == "GET" and self.away(self.now):
            await _respond(send, 503, b"<title>503 Service Temporarily Unavailable</title>")
        elif scope["method"] == "GET" or not path.startswith("/admin"):
            await self.app(scope, receive, send)
        elif self.reply is not None:
            self.posts.append(path)
            await _respond(send, *self.reply)
        else:
            self.posts.append(path.removeprefix("/admin/system/"))
            if not self.drops_request:
                await self.app(scope, receive, _discard if self.loses_reply else send)
            if self.drops_request or self.loses_reply:
                await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"4096")]})
                await send({"type": "http.response.body", "body": b'{"sta', "more_body": True})
                raise ConnectionAbortedError


class Served:
    """One server for all tests of this file, which passes requests on to the world of the test."""

    world: World
    address: Address

    async def __call__(self, scope: Message, receive: Any, send: Any) -> None:
        await self.world(scope, receive, send)


SERVED = Served()


@pytest.fixture(autouse=True, scope="module")
def server() -> Iterator[None]:
    """Serve the worlds of the tests."""
    with serving(SERVED) as served:
        SERVED.address = Address.parse(served.url)
        yield


async def _discard(_: Message) -> None:
    """Lose a reply."""


async def _respond(send: Any, status: int, body: bytes) -> None:
    headers = [(b"content-type", b"text/html"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


@pytest.fixture(autouse=True)
def no_waits() -> Iterator[None]:
    """Retry GETs without waiting."""
    with without_waits():
        yield


@asynccontextmanager
async def changing(
    world: World,
    options: ConnectionOptions = BY_TOKEN,
    permissions: Permissions = ALL_CHANGES,
    journal: Journal | None = None,
) -> AsyncIterator[SiteChanges]:
    """Serve a world, and yield what changes it."""
    SERVED.world = world
    target = Target(SERVED.address, name="prod")
    async with Session(target, options, now=NOW, clock=lambda: world.now) as session:
        yield SiteChanges(session, permissions, journal=journal, sleep=world.sleep)


async def run(changes: SiteChanges, plan: Plan, answers: tuple[str, ...] | None = None, **more: Any) -> list[Progress]:
    """Run a plan with the passcode, confirmed as it requires unless other answers are given."""
    given_answers = plan.confirmation.answers if answers is None else answers
    more = {"passcode": Secret(PASSCODE), **more}
    return [progress async for progress in changes.run(plan, given_answers, **more)]


def newest(facts: Facts) -> tuple[str, str]:
    point = facts.assessment.rpo.newest_usable
    assert point is not None
    return point.backup.store, point.backup.name


async def test_backup_is_done_when_its_record_is_whole_and_not_before() -> None:
    world = World()
    async with changing(world) as changes:
        plan = await changes.plan(CREATE)
        steps = await run(changes, plan)
        (entry,) = (await changes.read_journal()).entries
    assert [step.outcome for step in steps[:-1]] == [None] * (len(steps) - 1)
    assert steps[-1].outcome is Outcome.DONE
    assert len({step.stage for step in steps}) > 3
    assert world.posts == ["disasterrecovery/stores/nightly-pv/backups/create"]
    assert (entry.id, entry.outcome, entry.intent.user) == (plan.id, Outcome.DONE, USER)
    assert entry.reply is not None
    assert entry.reply.kind is ReplyKind.ACCEPTED
    record = next(record for record in world.site.backups["nightly-pv"] if record["backupName"] == "pre-upgrade")
    assert record["retentionDate"] == NOW + 30 * DAY


async def test_backup_is_accepted_when_nobody_waits() -> None:
    world = World()
    async with changing(world) as changes:
        (step,) = await run(changes, await changes.plan(CREATE), waits=False)
        (entry,) = (await changes.read_journal()).entries
        assert (step.outcome, entry.outcome) == (Outcome.ACCEPTED, Outcome.ACCEPTED)
        assert await changes.open_entries() == ()
        followed = [progress async for progress in changes.follow(entry)]
        assert followed[-1].outcome is Outcome.DONE
    assert len(world.posts) == 1


async def test_every_change_is_done_when_it_is_read_again() -> None:
    world = World()
    async with changing(world) as changes:
        facts = await changes.read_facts()
        store, name = newest(facts)
        task = next(schedule for schedule in facts.schedules if schedule.makes_backups)
        sequence: list[Change] = [
            VALIDATE,
            KeepBackup(store, name, NEVER),
            KeepBackup(store, name, NOW + 40 * DAY),
            PauseSchedule(task.id, task.title, task.store),
            ResumeSchedule(task.id, task.title, task.store),
            DeleteBackup(store, name),
        ]
        for change in sequence:
            steps = await run(changes, await changes.plan(change))
            assert (change, steps[-1].outcome) == (change, Outcome.DONE)
        entries = (await changes.read_journal()).entries
    assert [entry.intent.change for entry in entries] == sequence
    assert len(world.posts) == len(sequence)
    assert all(record["backupName"] != name for record in world.site.backups[store])


@pytest.mark.parametrize("options", [BY_PASSWORD, BY_TOKEN])
async def test_restore_is_followed_through_the_outage(options: ConnectionOptions) -> None:
    world = World()
    async with changing(world, options) as changes:
        store, name = newest(await changes.read_facts())
        plan = await changes.plan(RestoreBackup(store, name))
        assert plan.confirmation.answers == (f"localhost/{name}",)
        steps = await run(changes, plan, passcode=Secret(DEMO_PASSCODE))
    assert "site unavailable" in [step.stage for step in steps]
    assert len(world.posts) == 1
    # The tokens of before have ended: only a password signs in again.
    expected = (Outcome.DONE,) if options is BY_PASSWORD else (Outcome.DONE, Outcome.UNKNOWN)
    assert steps[-1].outcome in expected


async def test_change_is_followed_when_the_site_is_away_for_minutes() -> None:
    world = World()
    async with changing(world) as changes:
        plan = await changes.plan(CREATE)
        world.away = lambda now: now < NOW + 6 * MINUTE
        steps = await run(changes, plan)
    assert any(step.is_away for step in steps)
    assert steps[-1].outcome is Outcome.DONE
    assert len(world.posts) == 1


@pytest.mark.parametrize("waits", [True, False])
async def test_backup_is_found_when_the_reply_was_lost(waits: bool) -> None:
    world = World()
    async with changing(world) as changes:
        plan = await changes.plan(CREATE)
        world.loses_reply = True
        steps = await run(changes, plan, waits=waits)
        (entry,) = (await changes.read_journal()).entries
    assert (steps[0].stage, steps[0].is_looking) == ("looking", True)
    assert steps[-1].outcome is (Outcome.DONE if waits else Outcome.ACCEPTED)
    assert entry.reply is not None
    assert entry.reply.kind is ReplyKind.LOST
    assert len(world.posts) == 1


async def test_backup_is_unknown_when_the_request_was_lost_and_it_is_never_sent_again() -> None:
    world = World()
    async with changing(world) as changes:
        plan = await changes.plan(CREATE)
        world.drops_request, world.least_sleep = True, 2 * MINUTE
        steps = await run(changes, plan)
        world.drops_request = False
        again = await run(changes, plan)
    assert steps[-1].outcome is Outcome.UNKNOWN
    assert "neither status nor list shows it" in steps[-1].statement
    assert (again[-1].outcome, again[-1].submitted) == (Outcome.STOPPED, None)
    assert len(world.posts) == 1


@pytest.mark.parametrize("loses_reply", [True, False])
@pytest.mark.parametrize("kind", in_full(["keep", "pause", "delete"], but=["pause", "delete"]))
async def test_other_changes_are_found_or_unknown_when_the_reply_was_lost(kind: str, loses_reply: bool) -> None:
    world = World()
    async with changing(world) as changes:
        facts = await changes.read_facts()
        store, name = newest(facts)
        task = next(schedule for schedule in facts.schedules if schedule.makes_backups)
        change: Change = {
            "keep": KeepBackup(store, name, NEVER),
            "pause": PauseSchedule(task.id, task.title),
            "delete": DeleteBackup(store, name),
        }[kind]  # type: ignore[assignment]
        plan = await changes.plan(change)
        world.loses_reply, world.drops_request, world.least_sleep = loses_reply, not loses_reply, 2 * MINUTE
        steps = await run(changes, plan)
    assert steps[-1].outcome is (Outcome.DONE if loses_reply else Outcome.UNKNOWN)
    assert len(world.posts) == 1


async def test_change_is_found_and_followed_at_the_next_start_when_drtui_was_killed() -> None:
    world = World()
    async with changing(world) as changes:
        plan = await changes.plan(CREATE)
        async for _ in changes.run(plan, plan.confirmation.answers, Secret(PASSCODE)):
            break  # as after Ctrl-C: nothing more is written
        assert [entry.id for entry in await changes.open_entries()] == [plan.id]
        session = Session(Target(changes.destination.address), BY_TOKEN, now=NOW, clock=lambda: world.now)
        async with session:
            later = SiteChanges(session, READ_ONLY, sleep=world.sleep)
            (entry,) = await later.open_entries()
            steps = [progress async for progress in later.follow(entry)]
            assert await later.open_entries() == ()
    assert steps[-1].outcome is Outcome.DONE
    assert len(world.posts) == 1


@pytest.mark.parametrize(("was_sent", "outcome"), [(True, Outcome.DONE), (False, Outcome.UNKNOWN)])
async def test_change_is_looked_for_when_drtui_was_killed_between_intent_and_reply(
    was_sent: bool, outcome: Outcome
) -> None:
    world = World()
    world.least_sleep = 2 * MINUTE
    journal = FileJournal()

    class Killed(BaseException):
        """The end of the process."""

    class EndingJournal(FileJournal):
        def append(self, event: Any) -> None:
            if isinstance(event, Replied) is was_sent:
                raise Killed
            super().append(event)

    async with changing(world, journal=EndingJournal()) as changes:
        plan = await changes.plan(CREATE)
        if not was_sent:  # the intent is the last that this process writes
            journal.append(_intent_of(plan))
        with pytest.raises(Killed):
            await run(changes, plan)
        session = Session(Target(changes.destination.address), BY_TOKEN, now=NOW, clock=lambda: world.now)
        async with session:
            later = SiteChanges(session, READ_ONLY, sleep=world.sleep)
            (entry,) = await later.open_entries()
            assert entry.reply is None
            steps = [progress async for progress in later.follow(entry)]
    assert steps[-1].outcome is outcome
    assert len(world.posts) == (1 if was_sent else 0)


def _intent_of(plan: Plan) -> Intent:
    return Intent(plan.id, plan.facts.now, plan.destination.address.url, plan.change, plan.request)


@pytest.mark.parametrize("journalled", [True, False])
async def test_cancelling_during_the_request_leaves_an_open_entry(journalled: bool) -> None:
    world = World()
    arrived = asyncio.Event()

    async def stalling(scope: Message, receive: Any, send: Any) -> None:
        if scope["method"] == "POST" and scope["path"].startswith("/arcgis/admin"):
            world.posts.append(scope["path"])
            loop.call_soon_threadsafe(arrived.set)
            await receive()
            await receive()  # until the client is gone
        else:
            await world.app(scope, receive, send)

    loop = asyncio.get_running_loop()
    async with changing(World(), journal=FileJournal() if journalled else MemoryJournal()) as changes:
        SERVED.world = stalling  # type: ignore[assignment]
        task = asyncio.create_task(run(changes, await changes.plan(CREATE)))
        await arrived.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        (entry,) = await changes.open_entries()
    assert entry.reply is None
    assert len(world.posts) == 1


@pytest.mark.parametrize(
    ("change", "permissions", "answers", "passcode", "outcome"),
    [
        (CREATE, READ_ONLY, ("pre-upgrade",), PASSCODE, Outcome.NOT_ALLOWED),
        (CREATE, Permissions(frozenset({"keep"})), ("pre-upgrade",), PASSCODE, Outcome.NOT_ALLOWED),
        (CREATE, ALL_CHANGES, (), PASSCODE, Outcome.NOT_CONFIRMED),
        (CREATE, ALL_CHANGES, ("yes",), PASSCODE, Outcome.NOT_CONFIRMED),
        (CREATE, ALL_CHANGES, ("pre-upgrade",), None, Outcome.STOPPED),
        (CREATE, ALL_CHANGES, ("pre-upgrade",), "short", Outcome.STOPPED),
        (replace(CREATE, store="none"), ALL_CHANGES, ("pre-upgrade",), PASSCODE, Outcome.STOPPED),
        (replace(CREATE, name="a b"), ALL_CHANGES, ("a b",), PASSCODE, Outcome.STOPPED),
        (RestoreBackup("nightly-pv", "none"), ALL_CHANGES, ("localhost/none",), PASSCODE, Outcome.STOPPED),
        (VALIDATE, READ_ONLY, (), None, Outcome.NOT_ALLOWED),
    ],
)
async def test_nothing_is_sent_or_journalled_when_something_stands_against_it(
    change: Change, permissions: Permissions, answers: tuple[str, ...], passcode: str | None, outcome: Outcome
) -> None:
    world = World()
    async with changing(world, permissions=permissions) as changes:
        plan = await changes.plan(change)
        secret = Secret(passcode) if passcode is not None else None
        (step,) = await run(changes, plan, answers, passcode=secret)
        assert (await changes.read_journal()).entries == ()
    assert (step.outcome, step.submitted) == (outcome, None)
    assert step.statement.startswith("Nothing was sent")
    assert world.posts == []


async def test_facts_are_read_anew_when_the_plan_is_old() -> None:
    world = World()
    async with changing(world) as changes:
        plan = await changes.plan(CREATE)
        world.now += 5 * MINUTE
        world.site.backups["nightly-pv"].append(
            {**world.site.backups["nightly-pv"][-1], "backupName": "pre-upgrade", "startTime": world.now}
        )
        (step,) = await run(changes, plan)
    assert step.outcome is Outcome.STOPPED
    assert "changed since the plan" in step.statement
    assert "already has a backup" in step.statement
    assert world.posts == []


async def test_confirmation_counts_anew_when_the_site_has_changed() -> None:
    world = World()
    async with changing(world) as changes:
        facts = await changes.read_facts()
        store, name = newest(facts)
        older = next(
            p.backup.name
            for p in sorted(facts.assessment.points, key=lambda p: -(p.backup.start or 0))
            if p.verdict.is_usable and p.backup.store == store and p.backup.name != name
        )
        plan = await changes.plan(DeleteBackup(store, older))
        assert plan.confirmation.answers == (older,)
        for records in world.site.backups.values():  # everything newer is deleted by somebody else
            start = next(p.backup.start for p in facts.assessment.points if p.backup.name == older) or 0
            records[:] = [record for record in records if record["startTime"] <= start]
        world.now += MINUTE
        (step,) = await run(changes, plan)
    assert step.outcome is Outcome.NOT_CONFIRMED
    assert world.posts == []


@pytest.mark.parametrize("fails_at", ["check", "append"])
async def test_nothing_is_sent_when_the_journal_cannot_be_written(fails_at: str) -> None:
    class FailingJournal(MemoryJournal):
        def check_writable(self) -> None:
            if fails_at == "check":
                raise JournalError("the disk is full")

        def append(self, _: Any) -> None:
            raise JournalError("the disk is full")

    world = World()
    async with changing(world, journal=FailingJournal()) as changes:
        plan = await changes.plan(CREATE)
        (step,) = await run(changes, plan)
    assert step.outcome is Outcome.STOPPED
    assert "the disk is full" in step.statement
    assert world.posts == []


async def test_change_is_followed_when_the_journal_fails_after_sending() -> None:
    class FillingJournal(MemoryJournal):
        def append(self, event: Any) -> None:
            if not isinstance(event, Intent):
                raise JournalError("the disk is full")
            super().append(event)

    world = World()
    async with changing(world, journal=FillingJournal()) as changes:
        steps = await run(changes, await changes.plan(CREATE))
        assert changes.journal_failure == "the disk is full"
    assert steps[-1].outcome is Outcome.DONE


async def test_site_refuses_a_change_and_the_journal_has_its_words() -> None:
    world = World()
    async with changing(world) as changes:
        plan = await changes.plan(replace(CREATE, name="second"))
        world.site.backups.pop("nightly-pv")  # the store vanishes between plan and request
        (step,) = await run(changes, plan)
        (entry,) = (await changes.read_journal()).entries
    assert (step.outcome, entry.outcome) == (Outcome.REFUSED, Outcome.REFUSED)
    assert "does not exist" in step.statement


async def test_unreachable_site_is_unknown_and_nothing_is_sent() -> None:
    target = Target(Address.parse("https://nobody.invalid/arcgis"))
    async with Session(target, BY_TOKEN) as session:
        changes = SiteChanges(session, ALL_CHANGES, sleep=asyncio.sleep)
        (step,) = await run(changes, await changes.plan(CREATE))
    assert (step.outcome, step.submitted) == (Outcome.UNKNOWN, None)
    assert "The site is not readable" in step.statement


async def test_wrong_sign_in_is_refused_and_nothing_is_sent() -> None:
    world = World()
    async with changing(world, ConnectionOptions(token=Secret("nobody-gave-this"), timeout=5)) as changes:
        (step,) = await run(changes, await changes.plan(CREATE))
    assert (step.outcome, step.submitted) == (Outcome.REFUSED, None)
    assert world.posts == []


async def test_nothing_is_sent_when_the_facts_are_saved_ones() -> None:
    world = World()
    async with changing(world) as changes:
        await changes.read_facts()  # saves them
    async with changing(world, replace(BY_TOKEN, offline=True)) as changes:
        plan = await changes.plan(CREATE)
        (step,) = await run(changes, plan)
    assert "not-live" in [finding.code for finding in plan.stops]
    assert step.outcome is Outcome.STOPPED
    assert world.posts == []


async def test_account_is_read_from_the_site_and_notes_say_what_was_not_checked() -> None:
    async with changing(World()) as changes:
        plan = await changes.plan(CREATE)
    assert plan.facts.account_name == USER
    assert not [finding for finding in plan.findings if finding.severity is Severity.STOP]


async def test_no_secret_is_in_journal_history_or_progress(tmp_path: Any) -> None:
    world = World()
    async with changing(world, BY_PASSWORD) as changes:
        plan = await changes.plan(CREATE)
        steps = await run(changes, plan)
        text = f"{plan!r}{steps!r}{plan.request_lines}"
    assert FileJournal().path.exists()
    assert secrets_in(text, tmp_path, [PASSCODE]) == []


async def test_demo_keeps_its_journal_in_memory() -> None:
    target = Target(DEMO, scenario="calm")
    assert isinstance(journal_of(target), MemoryJournal)
    assert isinstance(journal_of(Target(DEMO)), FileJournal)
    async with Session(target, ConnectionOptions(), now=NOW, clock=lambda: NOW) as session:
        changes = SiteChanges(session, ALL_CHANGES)
        steps = await run(changes, await changes.plan(VALIDATE))
        assert len((await changes.read_journal()).entries) == 1
    assert steps[-1].outcome is Outcome.DONE
    assert FileJournal().read() == JournalContents(())


def test_permissions_come_from_the_profile_or_the_option() -> None:
    target = Target(DEMO, changes=frozenset({"keep"}))
    assert permissions_of(target, allow_changes=False).kinds == {"keep"}
    assert permissions_of(target, allow_changes=True) == ALL_CHANGES
    assert permissions_of(Target(DEMO), allow_changes=False).is_read_only


REPLIES = {
    "503": (503, b"<title>503 Service Temporarily Unavailable</title>"),
    "504": (504, b""),
    "page": (200, b"<title>Sign in</title>"),
    "error": (200, b'{"error": {"code": 500, "message": "busy"}}'),
    "token": (200, b'{"error": {"code": 498, "message": "Invalid token."}}'),
}


ONCE = [
    *(("lose", True), ("lose", False), ("drop", True), ("ok", True), ("ok", False)),
    *((name, False) for name in REPLIES),
]


@pytest.mark.parametrize(("fault", "waits"), rows_in_full(ONCE, but=[ONCE[0], ONCE[4], ONCE[-1]]))
async def test_plan_is_sent_once_whatever_the_site_does(fault: str, waits: bool) -> None:
    world = World()
    world.loses_reply, world.drops_request, world.least_sleep = fault == "lose", fault == "drop", 2 * MINUTE
    world.reply = REPLIES.get(fault)
    async with changing(world, BY_PASSWORD) as changes:
        plan = await changes.plan(CREATE)
        first, second = await asyncio.gather(run(changes, plan, waits=waits), run(changes, plan, waits=waits))
        third = await run(changes, plan, waits=waits)
        entries = (await changes.read_journal()).entries
    assert all(steps[-1].outcome is not None for steps in (first, second, third))
    assert (len(world.posts), len(entries)) == (1, 1)
    assert third[-1].outcome is Outcome.STOPPED
