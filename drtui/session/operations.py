"""Change a site: read the facts, plan, send once, and follow until the record itself proves the end.

The only importer of `drtui.api.operations`. The journal gets the intent before a request is sent, then the reply and
the outcome, so that a change is found again if drtui ends in between.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from functools import partial
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from drtui.api.client import AdminApi
from drtui.api.errors import ApiError
from drtui.api.operations import OperationsApi
from drtui.api.response_metadata import ResponseMetadata
from drtui.core.analysis.assessment import assess
from drtui.core.formatting.durations import SECOND
from drtui.core.formatting.times import UTC, to_zone
from drtui.core.model.auth import Secret
from drtui.core.model.failure import Failure, FailureKind
from drtui.core.model.site_state import Fetched
from drtui.core.model.time_limit import time_limit
from drtui.core.operations.facts import Facts
from drtui.core.operations.findings import Finding, stop
from drtui.core.operations.journal import Ended, Event, Intent, JournalEntry, Replied, find_unfinished, open_entries
from drtui.core.operations.outcome import Outcome
from drtui.core.operations.permissions import ALL_CHANGES, Permissions
from drtui.core.operations.plan import Destination, Plan, make_plan
from drtui.core.operations.preflight import check_passcode
from drtui.core.operations.progress import (
    Observation,
    OperationKey,
    Progress,
    Submission,
    advance,
    begin,
    not_sent,
    poll_delay,
)
from drtui.core.operations.request import (
    FOLLOWED,
    Change,
    CreateBackup,
    DeleteBackup,
    KeepBackup,
    PauseSchedule,
    RestoreBackup,
    ResumeSchedule,
)
from drtui.session import DEMO, Session
from drtui.session.target import Target
from drtui.storage.journal import FileJournal, Journal, JournalContents, JournalError, MemoryJournal

BEFORE_CHANGE = ("mode", "account")
"""Names of the extras that are read before a change."""

FRESH = 30 * SECOND
"""Milliseconds for which the facts of a plan count as read anew."""

Sleep = Callable[[float], Awaitable[object]]
"""A function that waits for some seconds."""


class Answer(Struct, frozen=True):
    """The answer to one request of an observation."""

    value: Any = None
    failure: Failure | None = None


def journal_of(target: Target) -> Journal:
    """Return the journal of a target: in memory for the simulated site of this process, else the file."""
    return MemoryJournal() if target.scenario is not None else FileJournal()


def permissions_of(target: Target, *, allow_changes: bool) -> Permissions:
    """Return what may be changed: what the profile allows, or everything with `--allow-changes`."""
    return ALL_CHANGES if allow_changes else Permissions(target.changes)


def destination_of(target: Target) -> Destination:
    """Return the destination of changes of a target."""
    return Destination(target.address or DEMO, target.name, target.accent)


class SiteChanges:
    """Plans, sends and follows the changes of one site.

    Args:
        session: the session of the site.
        permissions: what is allowed.
        journal: where changes are recorded; `journal_of(session.target)` by default.
        sleep: waits between two observations.
    """

    def __init__(
        self,
        session: Session,
        permissions: Permissions,
        *,
        journal: Journal | None = None,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._session, self.permissions, self._sleep = session, permissions, sleep
        self._journal = journal if journal is not None else journal_of(session.target)
        self.destination = destination_of(session.target)
        self._started: set[str] = set()
        """Ids of the plans that were sent."""
        self.journal_failure = ""
        """Failure to write to the journal after something was sent; empty if there was none."""

    async def read_facts(self) -> Facts:
        """Read everything that speaks for or against a change from the site, never from a cache."""
        state = await self._session.fetch_all(BEFORE_CHANGE)
        options, auth_state = self._session.options, self._session.auth_state
        return Facts(
            assess(state, self._session.now),
            user=options.user,
            token_expires=self._session.token_expires,
            has_old_layout=auth_state is not None and auth_state.has_old_layout is True,
            can_renew_token=bool(options.user and options.password),
        )

    async def plan(self, change: Change) -> Plan:
        """Read the facts and return the plan of a change."""
        return await self.plan_with(change, await self.read_facts())

    async def plan_with(self, change: Change, facts: Facts) -> Plan:
        """Return the plan of a change from facts that were just read."""
        more = await asyncio.to_thread(self._own_findings, change)
        return make_plan(change, facts, self.destination, self.permissions, id_=_new_id(facts.now), more=more)

    def _own_findings(self, change: Change) -> tuple[Finding, ...]:
        """Return a stop if the facts are not live, there can be no record, or the change may have been sent before."""
        if self._session.options.offline or self._session.target.file is not None:
            return (stop("not-live", "Changes need the live site. Leave out --offline, and name a site"),)
        try:
            self._journal.check_writable()
            entries = self._journal.read().entries
        except JournalError as error:
            return (stop("journal", f"Nothing was changed, because it could not be recorded in the journal: {error}"),)
        sent = find_unfinished(entries, self.destination.address.url, change, self._session.now)
        if sent is not None:
            text = f"It was sent before, outcome unknown. See drtui journal --follow {sent.id}"
            return (stop("sent-before", text),)
        return ()

    async def run(
        self, plan: Plan, answers: Sequence[str], passcode: Secret | None = None, *, waits: bool = True
    ) -> AsyncIterator[Progress]:
        """Send a change once, and yield its progress; the last one has an outcome.

        Ending early stops watching, not the change: the journal has it, and `follow` continues.

        Args:
            plan: the plan that was shown. It is sent at most once.
            answers: what the person typed, or the values of `--yes`.
            passcode: the passcode, for operations that need one.
            waits: True to follow a backup or a restore to its end, False to end when the site has accepted it.
        """
        obstacle = self._obstacle(plan, answers, passcode)
        if obstacle is None and self._session.now - plan.facts.now > FRESH:
            plan = replace(await self.plan_with(plan.change, await self.read_facts()), id=plan.id)
            obstacle = self._obstacle(plan, answers, passcode)
            if obstacle is not None:
                obstacle = replace(obstacle, statement=f"The site has changed since the plan: {obstacle.statement}")
        if obstacle is not None:
            yield obstacle
            return
        if plan.id in self._started:
            yield self._not_sent(plan, Outcome.STOPPED, "This plan was sent before. It is not sent again")
            return
        self._started.add(plan.id)
        progress = await self._submit(plan, passcode, waits=waits)
        async for followed in self._follow(progress):
            yield followed

    def _obstacle(self, plan: Plan, answers: Sequence[str], passcode: Secret | None) -> Progress | None:
        """Return the progress of a change that is not sent, with the reason; None if it is."""
        outcome = plan.outcome_without_sending
        if outcome is not None:
            texts = [plan.not_allowed] if plan.not_allowed else [finding.text for finding in plan.stops]
            return self._not_sent(plan, outcome, "; ".join(texts))
        if not plan.confirmation.is_met_by(answers):
            return self._not_sent(plan, Outcome.NOT_CONFIRMED, "It was not confirmed")
        finding = check_passcode(plan.change, passcode)
        return self._not_sent(plan, Outcome.STOPPED, finding.text) if finding is not None else None

    def _not_sent(self, plan: Plan, outcome: Outcome, reason: str) -> Progress:
        return not_sent(plan.change, self._session.now, outcome, f"Nothing was sent. {reason}")

    async def _submit(self, plan: Plan, passcode: Secret | None, *, waits: bool) -> Progress:
        """Write the intent, send the request once, and return what is known of it."""
        facts, request = plan.facts, plan.request
        intent = Intent(
            plan.id,
            self._session.now,
            plan.destination.address.url,
            plan.change,
            request,
            profile=plan.destination.profile,
            user=facts.account_name,
            before=OperationKey.of(facts.status) if facts.status is not None else None,
            limit=time_limit(facts.settings)[0],
            usual=plan.usual,
            release=str(facts.release or ""),
        )
        try:
            operations = OperationsApi((await self._session.open_api()).transport)
            await asyncio.to_thread(self._journal.append, intent)
        except JournalError as error:
            return self._not_sent(plan, Outcome.STOPPED, str(error))
        except ApiError as error:
            return self._not_sent(plan, Outcome.UNKNOWN, error.failure.summary)
        hidden = dict.fromkeys(request.secrets, passcode) if passcode is not None else {}
        reply = await operations.post(request.path, dict(request.fields), hidden)
        await self._record(Replied(plan.id, self._session.now, reply))
        return begin(replace(JournalEntry(intent, reply).submission, waits=waits))

    async def _record(self, event: Event) -> None:
        """Write an event after something was sent. A failure is noted, because following is worth more now."""
        try:
            await asyncio.to_thread(self._journal.append, event)
        except JournalError as error:
            self.journal_failure = str(error)

    async def read_journal(self) -> JournalContents:
        """Return the changes in the journal, oldest first.

        Raises:
            JournalError: the journal cannot be read.
        """
        return await asyncio.to_thread(self._journal.read)

    async def open_entries(self) -> tuple[JournalEntry, ...]:
        """Return the changes of this site without an outcome: drtui ended while it sent or followed them.

        Raises:
            JournalError: the journal cannot be read.
        """
        return open_entries((await self.read_journal()).entries, self.destination.address.url)

    async def follow(self, entry: JournalEntry) -> AsyncIterator[Progress]:
        """Follow a change of the journal to its end, and yield its progress. Nothing is sent but GETs."""
        progress = begin(entry.submission)
        if entry.outcome is not None and not entry.can_be_followed:
            yield replace(progress, outcome=entry.outcome, statement=entry.statement, at=entry.ended or progress.at)
            return
        async for followed in self._follow(progress, at_once=True):
            yield followed

    async def _follow(self, progress: Progress, *, at_once: bool = False) -> AsyncIterator[Progress]:
        """Yield the progress until it has an outcome, and write that to the journal.

        Args:
            progress: the progress after the reply.
            at_once: True to observe before the first wait.
        """
        submission, observations = progress.submission, 0
        at_once = at_once or submission.change.operation not in FOLLOWED
        while progress.outcome is None:
            yield progress
            if observations or not at_once:
                await self._sleep(poll_delay(observations))
            progress = advance(progress, await self._observe(submission))
            observations += 1
        if submission.id:
            await self._record(Ended(submission.id, progress.at, progress.outcome, progress.statement))
        yield progress

    async def _observe(self, submission: Submission) -> Observation:
        """Ask the site once for everything that tells about a change."""
        try:
            api = await self._session.open_api()
        except ApiError as error:
            return Observation(self._session.now, failures=(error.failure,))
        with api.refreshing(self._session.options.timeout):
            return await self._ask(api, submission)

    async def _ask(self, api: AdminApi, submission: Submission) -> Observation:
        requests = _requests(api, submission)
        answers = dict(zip(requests, await asyncio.gather(*map(_answer, requests.values())), strict=True))
        record = answers.get("record", Answer())
        is_missing = record.failure is not None and record.failure.kind is FailureKind.MISSING
        failures = tuple(
            answer.failure
            for name, answer in answers.items()
            if answer.failure is not None and not (name == "record" and is_missing)
        )
        return Observation(
            self._session.now,
            status=answers.get("status", Answer()).value,
            record=record.value,
            is_missing=is_missing,
            is_listed=_is_listed(submission.change, answers.get("list", Answer()).value),
            job=answers.get("job", Answer()).value,
            schedule=_schedule(submission.change, answers.get("schedules", Answer()).value),
            failures=failures,
        )


Request = Callable[[ResponseMetadata], Awaitable[Any]]


def _requests(api: AdminApi, submission: Submission) -> dict[str, Request]:
    """Return the requests that tell about a change, the most important one first."""
    change, operations = submission.change, OperationsApi(api.transport)
    requests: dict[str, Request] = {}
    if isinstance(change, (CreateBackup, RestoreBackup)):
        requests["status"] = api.status
    if isinstance(change, (CreateBackup, DeleteBackup, KeepBackup)):
        requests["record"] = partial(operations.backup, change.store, change.name)
    if isinstance(change, DeleteBackup):
        requests["list"] = lambda metadata: api.backups(change.store, metadata)
    if isinstance(change, (PauseSchedule, ResumeSchedule)):
        requests["schedules"] = api.schedules
    if submission.reply.job:
        requests["job"] = lambda _: api.job(submission.reply.job)
    return requests


async def _answer(fetch: Request) -> Answer:
    """Return the answer to a request; a failure for a value from a cache, or an incomplete one: it proves nothing."""
    metadata = ResponseMetadata()
    try:
        value = await fetch(metadata)
    except ApiError as error:
        return Answer(failure=error.failure)
    problem = Fetched(0, value, incomplete_reason=metadata.partial, cache_age=metadata.cache_age).problem
    return Answer(value) if problem is None else Answer(failure=problem)


def _is_listed(change: Change, backups: Sequence[Any] | None) -> bool | None:
    return None if backups is None else any(backup.name == change.name for backup in backups)


def _schedule(change: Change, schedules: Sequence[Any] | None) -> Any:
    """Return the schedule that a change is about; None if it is not listed, or the schedules were not read."""
    task = getattr(change, "task", "")
    return next((schedule for schedule in schedules or () if schedule.id == task), None)


def _new_id(now: int) -> str:
    """Return an id that sorts by time (epoch ms) and differs from all others: `20261201T003015-9f3a1c`."""
    return f"{to_zone(now, UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"


__all__ = [
    "JournalError",
    "SiteChanges",
    "destination_of",
    "journal_of",
    "permissions_of",
]
