"""`drtui journal`: the changes made with drtui, and following one to its end."""

import argparse
import sys

from msgspec.structs import replace

from drtui.cli.context import Context, resolve_context, sign_in_options
from drtui.cli.exit_codes import FINDINGS, FINE, INTERRUPTED, UNREACHABLE, CommandError
from drtui.cli.messages import print_hint, print_message
from drtui.cli.output import print_output
from drtui.cli.progress import ProgressPrinter
from drtui.core.operations.journal import JournalEntry
from drtui.core.operations.outcome import EXIT_CODES, Outcome
from drtui.core.operations.permissions import READ_ONLY
from drtui.core.operations.progress import Progress
from drtui.output.formats import SCHEMA
from drtui.output.operations import journal_table
from drtui.session import Session, runner
from drtui.session.journal import JournalContents, JournalError, read_journal


def run_journal(arguments: argparse.Namespace) -> int:
    """List the changes, or follow one of them."""
    try:
        contents = JournalContents(()) if hasattr(arguments, "demo") else read_journal()
    except JournalError as error:
        raise CommandError(str(error), UNREACHABLE) from error
    if contents.unread_lines:
        print_message(f"{contents.unread_lines} lines of the journal could not be read: torn, or of a later release")
    if arguments.follow is not None:
        return _follow(arguments, _entry(contents, arguments.follow))
    site = None
    if arguments.target is None:
        context = resolve_context(argparse.Namespace(**{k: v for k, v in vars(arguments).items() if k != "target"}))
    else:
        context = resolve_context(arguments)
        if context.target is None or context.target.address is None:
            raise CommandError("The journal exists for sites only. Give a named site or an address.")
        site = context.target.address.url
    entries = tuple(entry for entry in contents.entries if site in {None, entry.intent.site})
    _print(entries, context, arguments.format)
    if not entries:
        print_hint("No changes with drtui from this machine and account.")
    return FINE


def _print(entries: tuple[JournalEntry, ...], context: Context, output_format: str) -> None:
    print_output(journal_table(entries, context.zone), output_format, {"schema": SCHEMA})


def _entry(contents: JournalContents, id_: str) -> JournalEntry:
    """Return the change with this id.

    Raises:
        CommandError: there is none.
    """
    entry = next((entry for entry in contents.entries if entry.id == id_), None)
    if entry is None:
        raise CommandError(f"No change {id_!r} in the journal. See drtui journal.", FINDINGS)
    return entry


def _follow(arguments: argparse.Namespace, entry: JournalEntry) -> int:
    """Follow a change until its end is known; return the exit code of its outcome. Nothing is sent but GETs."""
    from drtui.cli.commands import changes as change_commands
    from drtui.session.operations import SiteChanges

    intent = entry.intent
    if arguments.target is None:
        from drtui.session.profiles import load_config

        profile = load_config().find_profile(intent.profile) if intent.profile else None
        is_same = profile is not None and profile.address.url == intent.site
        arguments.target = intent.profile if is_same else intent.site
        if intent.site.startswith("http://"):
            arguments.http = True
    context = resolve_context(arguments)
    change_commands.check_can_change(arguments, context)
    address = context.target.address if context.target is not None else None
    if address is None or address.url != intent.site:
        raise CommandError(f"Change {entry.id} was made at {intent.site}. Leave out TARGET.")
    target, access = sign_in_options(context)
    printer = ProgressPrinter(sys.stderr, plain=context.plain, quiet=arguments.quiet)
    with runner.Runner() as loop:
        session = Session(target, access, clock=change_commands.clock)
        changes = SiteChanges(session, READ_ONLY, sleep=change_commands.sleep)

        async def follow() -> Progress:
            progress = None
            async for progress in changes.follow(entry):
                printer.show(progress)
            if progress is None:
                raise AssertionError("following yields at least once")
            return progress

        try:
            last = loop.run(follow())
        except KeyboardInterrupt:
            printer.end()
            print_message(
                f"Stopped watching. {intent.change.operation.value} {intent.change.name} continues at the site. "
                f"Follow it with drtui journal --follow {entry.id}"
            )
            return INTERRUPTED
        finally:
            printer.end()
            loop.run(session.close())
    if changes.journal_failure:
        print_message(changes.journal_failure)
    outcome = last.outcome or Outcome.UNKNOWN
    if arguments.format == "table":
        sys.stdout.write(f"{outcome.value}: {last.statement}\n")
    else:
        followed = replace(entry, outcome=outcome, ended=last.at, statement=last.statement)
        _print((followed,), context, arguments.format)
    return EXIT_CODES[outcome]
