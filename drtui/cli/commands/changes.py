"""`drtui create`, `keep`, `validate`, `pause`, `resume`, `delete` and `restore`: commands that change a site.

Each reads the site, shows its plan, is confirmed, and is sent once. Without leave, confirmation or passcode nothing is
sent.
"""

import argparse
import asyncio
import os
import sys
from collections.abc import Callable, Sequence
from typing import NamedTuple

from drtui.cli.context import Context, resolve_context, secret_from_option, sign_in_options
from drtui.cli.exit_codes import FINDINGS, FINE, INTERRUPTED, CommandError
from drtui.cli.loading import find_restore_point
from drtui.cli.messages import print_hint, print_message
from drtui.cli.output import LISTS, exit_code_of
from drtui.cli.progress import ProgressPrinter
from drtui.cli.prompts import ask, ask_hidden
from drtui.core.formatting.times import format_full, parse_duration, parse_time
from drtui.core.model.auth import Secret
from drtui.core.model.backup import NEVER
from drtui.core.model.failure import Failure
from drtui.core.operations.confirmation import Confirming
from drtui.core.operations.facts import Facts, default_retention
from drtui.core.operations.findings import Severity
from drtui.core.operations.names import default_name
from drtui.core.operations.outcome import EXIT_CODES, Outcome, unreachable_outcome
from drtui.core.operations.permissions import not_allowed_text
from drtui.core.operations.plan import Plan
from drtui.core.operations.preflight import check_passcode
from drtui.core.operations.progress import Progress
from drtui.core.operations.request import (
    NEED_PASSCODE,
    Change,
    CreateBackup,
    DeleteBackup,
    KeepBackup,
    Operation,
    PauseSchedule,
    RestoreBackup,
    ResumeSchedule,
    ValidateStore,
)
from drtui.core.operations.selection import AmbiguousError, SelectionError, schedule_name, select_schedule, select_store
from drtui.output.formats import json_text
from drtui.output.operations import plan_text, result_object, unsent_object
from drtui.session import Session, now_ms
from drtui.session.journal import JournalError
from drtui.session.operations import SiteChanges, permissions_of
from drtui.session.profiles import profile_passcode
from drtui.session.runner import Runner

sleep, clock = asyncio.sleep, now_ms
"""Functions that wait between two observations, and that return the present (epoch ms)."""

UNHIDDEN = "The passcode cannot be entered without echo here. Give --passcode-file FILE."

CONSENT = "yes"
"""The whole word that answers a question; a single key could be typed for another program."""


class _Subject(NamedTuple):
    """Operation, store and name as they were typed: enough to report a change that was never planned."""

    operation: Operation
    store: str
    name: str


class _NotSentError(Exception):
    """Raised if the change ends before there is a plan."""

    def __init__(self, outcome: Outcome, statement: str, failure: Failure | None = None) -> None:
        self.outcome, self.statement, self.failure = outcome, statement, failure
        super().__init__(statement)


Make = Callable[[Facts, Context], Change]
"""A function that makes the change from the facts about the site."""


def run_create(arguments: argparse.Namespace) -> int:
    """Make a backup."""
    name = arguments.name
    if arguments.auto and name is not None:
        if arguments.target is not None:
            raise CommandError(f"Give a NAME or --auto, not both: --auto chooses the name, {name!r} is another.")
        arguments.target, name = name, None
    if not arguments.auto and name is None:
        raise CommandError("No name for the backup. Give NAME, or --auto for a name with date and time.")

    def make(facts: Facts, context: Context) -> Change:
        store = select_store(facts, arguments.store)
        retention = _retention(arguments, facts, context)
        if retention is None:
            retention = facts.now + default_retention(facts, store)
        backup_name = default_name(facts.now) if name is None else name
        return CreateBackup(store, backup_name, retention, arguments.description, is_auto=name is None)

    return _run(arguments, _Subject(Operation.CREATE, arguments.store or "", name or ""), make)


def run_keep(arguments: argparse.Namespace) -> int:
    """Change how long a backup is kept."""

    def make(facts: Facts, context: Context) -> Change:
        store, name = _backup(facts, arguments)
        retention = _retention(arguments, facts, context)
        if retention is None:
            raise CommandError("No retention given. Give --for DURATION, --until DATE or --forever.")
        return KeepBackup(store, name, retention)

    return _run(arguments, _Subject(Operation.KEEP, arguments.store or "", arguments.backup), make)


def run_validate(arguments: argparse.Namespace) -> int:
    """Ask a store whether it is ready."""
    if arguments.store not in {None, arguments.store_name}:
        raise CommandError("STORE and --store name different stores. Leave out --store.")
    name = arguments.store_name
    return _run(
        arguments, _Subject(Operation.VALIDATE, name, name), lambda facts, _: ValidateStore(select_store(facts, name))
    )


def run_pause(arguments: argparse.Namespace) -> int:
    """Stop a schedule until it is resumed."""
    return _run_schedule(arguments, Operation.PAUSE)


def run_resume(arguments: argparse.Namespace) -> int:
    """Let a paused schedule run again."""
    return _run_schedule(arguments, Operation.RESUME)


def _run_schedule(arguments: argparse.Namespace, operation: Operation) -> int:
    def make(facts: Facts, _: Context) -> Change:
        answer = facts.state.schedules
        if answer is not None and answer.failure is not None and answer.value is None:
            raise CommandError(
                f"schedules: {answer.failure.line}",
                exit_code_of(answer.failure),
                failures=[("schedules", answer.failure)],
            )
        schedule = select_schedule(facts, arguments.schedule)
        if arguments.store is not None and schedule.store != arguments.store:
            raise SelectionError(f"{schedule_name(schedule)!r} backs up to store {schedule.store!r}. Leave out --store")
        kind = PauseSchedule if operation is Operation.PAUSE else ResumeSchedule
        return kind(schedule.id, schedule_name(schedule), schedule.store or "")

    return _run(arguments, _Subject(operation, arguments.store or "", arguments.schedule), make)


def run_delete(arguments: argparse.Namespace) -> int:
    """Delete a backup for good."""
    subject = _Subject(Operation.DELETE, arguments.store or "", arguments.backup)
    return _run(arguments, subject, lambda facts, _: DeleteBackup(*_backup(facts, arguments)))


def run_restore(arguments: argparse.Namespace) -> int:
    """Replace the whole site by what a backup contains."""
    subject = _Subject(Operation.RESTORE, arguments.store or "", arguments.backup)
    return _run(arguments, subject, lambda facts, _: RestoreBackup(*_backup(facts, arguments)))


def _backup(facts: Facts, arguments: argparse.Namespace) -> tuple[str, str]:
    """Return store and name of the backup that is named.

    Raises:
        CommandError: there is none, or more than one, or a list that could hold another one could not be read.
    """
    point = find_restore_point(facts.assessment, arguments.backup, only_in=arguments.store, exit_code=FINDINGS)
    store, name = point.backup.store, point.backup.name
    unread = [(resource, failure) for resource, failure in facts.state.failures if resource.startswith(LISTS)]
    if unread and arguments.store is None:
        codes = [exit_code_of(failure) for _, failure in unread]
        raise CommandError(
            f"Another store may have {name!r} too: {unread[0][0]} could not be read. Add --store {store}",
            max(codes),
            [f"{resource}: {failure.line}" for resource, failure in unread],
            unread,
        )
    return store, name


def _retention(arguments: argparse.Namespace, facts: Facts, context: Context) -> int | None:
    """Return the end of retention, epoch ms; None if no option gives it."""
    if arguments.forever:
        return NEVER
    if arguments.keep_for is not None:
        return facts.now + parse_duration(arguments.keep_for)
    return None if arguments.until is None else parse_time(arguments.until, context.zone)


def check_can_change(arguments: argparse.Namespace, context: Context) -> None:
    """Check that the options and the target fit a command that asks the site itself.

    Raises:
        CommandError: they do not.
    """
    for option in ("offline", "now"):
        if hasattr(arguments, option):
            raise CommandError(f"--{option} is about saved data or another moment; {arguments.command} asks the site.")
    if context.target is not None and context.target.file is not None:
        raise CommandError(f"{arguments.command} needs a site. {str(context.target.file)!r} is a file.")


def _run(arguments: argparse.Namespace, subject: _Subject, make: Make) -> int:
    """Plan, confirm and send a change, and follow it; return the exit code."""
    if getattr(arguments, "keep_for", None) is not None:
        parse_duration(arguments.keep_for)  # an unreadable duration is reported before the site is asked
    context = resolve_context(arguments)
    check_can_change(arguments, context)
    if context.target is None:
        raise CommandError("No TARGET. Give a named site, an address, or --demo.")
    command = _ChangeCommand(arguments, context, subject)
    try:
        return command.run(make)
    except _NotSentError as error:
        statement = f"Nothing was sent. {error.statement}"
        if arguments.format == "json":
            address = context.target.address
            url = address.url if address is not None else ""
            row = unsent_object(
                subject.operation, url, subject.store, subject.name, error.outcome, statement, error.failure
            )
            sys.stdout.write(json_text(row))
        print_message(statement)
        return EXIT_CODES[error.outcome]


class _ChangeCommand:
    """One run of a command that changes a site."""

    def __init__(self, arguments: argparse.Namespace, context: Context, subject: _Subject) -> None:
        self._arguments, self._context, self._subject = arguments, context, subject
        self._is_json = arguments.format == "json"
        self._can_ask = sys.stdin.isatty() and sys.stderr.isatty()
        self._last: Progress | None = None

    def run(self, make: Make) -> int:
        """Run the command; return the exit code."""
        arguments, target = self._arguments, self._context.target
        if target is None:
            raise AssertionError("a change has a target")
        permissions = permissions_of(target, allow_changes=arguments.allow_changes)
        operation = self._subject.operation
        if not arguments.dry_run and not permissions.allows(operation):
            text = not_allowed_text(operation, target.name)
            raise _NotSentError(Outcome.NOT_ALLOWED, text)
        passcode = None if arguments.dry_run else self._passcode_without_asking()
        target, access = sign_in_options(self._context)

        with Runner() as loop:
            session = Session(target, access, clock=clock)
            changes = SiteChanges(session, permissions, sleep=sleep)
            try:
                return self._run_in(loop, changes, make, passcode)
            finally:
                loop.run(session.close())

    def _passcode_without_asking(self) -> Secret | None:
        """Return the passcode from an option, the environment or the profile; None if it is to be asked for.

        Raises:
            CommandError: a passcode is needed, and nobody can be asked.
        """
        if self._subject.operation not in NEED_PASSCODE:
            return None
        secret = secret_from_option(vars(self._arguments), "passcode_file")
        text = os.environ.get("DRTUI_PASSCODE", "")
        if secret is None and text:
            secret = Secret(text)
        target = self._context.target
        profile = self._context.settings.find_profile(target.name) if target is not None and target.name else None
        if secret is None and profile is not None:
            secret = profile_passcode(profile)
        if secret is None and not self._can_ask:
            raise _NotSentError(
                Outcome.NOT_CONFIRMED,
                "No passcode, and no terminal to ask on. Give --passcode-file FILE, or set DRTUI_PASSCODE",
            )
        return secret

    def _run_in(self, loop: Runner, changes: SiteChanges, make: Make, passcode: Secret | None) -> int:
        """Plan, confirm, send and follow."""
        arguments, zone = self._arguments, self._context.zone
        self._report_open_entries(loop, changes)
        facts = loop.run(changes.read_facts())
        if facts.unreachable is not None:
            raise _NotSentError(unreachable_outcome(facts.unreachable), facts.unreachable.line, facts.unreachable)
        try:
            change = make(facts, self._context)
        except AmbiguousError as error:
            raise CommandError(f"{error}.") from None
        except SelectionError as error:
            raise CommandError(f"{error}.", FINDINGS) from None
        plan = loop.run(changes.plan_with(change, facts))
        if arguments.dry_run:
            sys.stdout.write(json_text(result_object(plan, None, zone)) if self._is_json else plan_text(plan, zone))
            return FINDINGS if plan.stops else FINE
        answers: Sequence[str] = arguments.yes
        if plan.outcome_without_sending is None:
            early = check_passcode(change, passcode) if passcode is not None else None
            if early is None:
                answers = self._confirm(plan)
                if plan.confirmation.is_met_by(answers) and passcode is None and change.secrets:
                    passcode = self._ask_passcode(change.operation)
        return self._send(loop, changes, plan, answers, passcode)

    def _report_open_entries(self, loop: Runner, changes: SiteChanges) -> None:
        """Say which earlier changes of this site have no outcome yet, and how to follow them."""
        try:
            entries = loop.run(changes.open_entries())
        except JournalError as error:
            print_message(str(error))
            return
        for entry in entries:
            change = entry.intent.change
            when = format_full(entry.intent.at, self._context.zone)
            print_hint(
                f"{change.operation.value} {change.name} of {when} has no known outcome. "
                f"Follow it with drtui journal --follow {entry.id}"
            )

    def _confirm(self, plan: Plan) -> Sequence[str]:
        """Show the plan and return the answers: of `--yes`, or of the person at the terminal."""
        arguments, confirmation = self._arguments, plan.confirmation
        asks = not arguments.yes and self._can_ask and confirmation.way is not Confirming.NOTHING
        if asks or not arguments.quiet:
            sys.stderr.write(plan_text(plan, self._context.zone))
            sys.stderr.flush()
        if not asks:
            return tuple(arguments.yes)
        place = f"{plan.destination.site_name} ({plan.destination.address})"
        if plan.destination.site_name == str(plan.destination.address):
            place = str(plan.destination.address)
        for line in plan.readiness:
            if ask(f"{line}? ({CONSENT}/no) ").lower() != CONSENT:
                return ()
        words = f"{plan.change.operation.value} {plan.change.name}"
        if confirmation.way is Confirming.CONFIRM:
            answer = ask(f"{words} on {place}? Type {CONSENT} to send it: ")
            return confirmation.answers if answer.lower() == CONSENT else ()
        typed = []
        for phrase in confirmation.phrases:
            typed.append(ask(f"{words} on {place}. To send it, type {phrase.text}: "))
            if not phrase.accepts(typed[-1]):
                break
        return typed

    def _ask_passcode(self, operation: Operation) -> Secret:
        """Return the passcode typed without echo: twice for a new backup, once for a restore.

        Raises:
            CommandError: both differ, or the terminal cannot hide what is typed.
        """
        if operation is Operation.CREATE:
            sys.stderr.write(
                "Without this passcode the backup cannot be restored. A lost passcode cannot be recovered.\n"
            )
        first = ask_hidden("Passcode: ", UNHIDDEN)
        if operation is Operation.CREATE and ask_hidden("Passcode again: ", UNHIDDEN) != first:
            raise _NotSentError(Outcome.NOT_CONFIRMED, "The two passcodes differ")
        return Secret(first)

    def _send(
        self, loop: Runner, changes: SiteChanges, plan: Plan, answers: Sequence[str], passcode: Secret | None
    ) -> int:
        """Send the change, follow it, and print what became of it."""
        printer = ProgressPrinter(sys.stderr, plain=self._context.plain, quiet=self._arguments.quiet)
        waits = getattr(self._arguments, "wait", True)

        async def follow() -> None:
            async for progress in changes.run(plan, answers, passcode, waits=waits):
                self._last = progress
                printer.show(progress)

        try:
            loop.run(follow())
        except KeyboardInterrupt:
            printer.end()
            return self._report_interruption(loop, changes, plan)
        finally:
            printer.end()
        if changes.journal_failure:
            print_message(changes.journal_failure)
        return self._report(plan, self._last)

    def _report_interruption(self, loop: Runner, changes: SiteChanges, plan: Plan) -> int:
        """Say that the change goes on, and how to follow it; or that nothing was sent."""
        try:
            was_sent = any(entry.id == plan.id for entry in loop.run(changes.read_journal()).entries)
        except JournalError:
            was_sent = True
        if was_sent:
            what = f"{plan.change.operation.value} {plan.change.name}"
            print_message(f"Stopped watching. {what} continues at the site. {self._follow_advice(plan)}")
        else:
            print_message("Nothing was sent.")
        if self._is_json:
            sys.stdout.write(json_text(result_object(plan, self._last, self._context.zone)))
        return INTERRUPTED

    def _report(self, plan: Plan, progress: Progress | None) -> int:
        """Print the outcome; return the exit code."""
        if progress is None or progress.outcome is None:
            raise AssertionError("a change ends with an outcome")
        outcome = progress.outcome
        if self._is_json:
            sys.stdout.write(json_text(result_object(plan, progress, self._context.zone)))
        if progress.submitted is None:
            if outcome is Outcome.STOPPED and not self._arguments.quiet:
                for finding in plan.findings:
                    if finding.severity is not Severity.STOP:
                        print_message(f"{finding.severity.value}: {finding.text}")
            print_message(f"{progress.statement}.{_confirmation_advice(plan, outcome)}")
        elif not self._is_json:
            sys.stdout.write(f"{outcome.value}: {progress.statement}\n")
        if outcome in {Outcome.ACCEPTED, Outcome.UNKNOWN} and progress.submitted is not None:
            print_hint(self._follow_advice(plan))
        return EXIT_CODES[outcome]

    def _follow_advice(self, plan: Plan) -> str:
        """Return how to follow a change later; the simulated site of `--demo` ends with the process."""
        target = self._context.target
        if target is not None and target.scenario is not None:
            return "The site of --demo ends with this command. To follow a change later, use drtui demo serve"
        return f"Follow it with drtui journal --follow {plan.id}"


def _confirmation_advice(plan: Plan, outcome: Outcome) -> str:
    """Return the options that confirm a plan, as advice; empty for other outcomes."""
    if outcome is not Outcome.NOT_CONFIRMED:
        return ""
    import shlex

    options = " ".join(f"--yes {shlex.quote(text)}" for text in plan.confirmation.answers)
    return f" To confirm it without a question, add {options}"
