"""`drtui check`: one line for monitoring, in bounded time. Every reason not to know is UNKNOWN, whatever it is."""

import argparse
import asyncio
import contextlib
import io
import re
import sys
from collections.abc import Sequence

from msgspec.structs import replace

from drtui.cli.context import Context, context
from drtui.cli.exit_codes import CommandError
from drtui.cli.output import print_message
from drtui.cli.parser import parser
from drtui.cli.streams import run_command_to_file
from drtui.core.analysis.assessment import assess
from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.times import UTC, TimeError, parse_duration
from drtui.core.model.address import Address, AddressError
from drtui.core.model.site_state import SiteState
from drtui.core.summary.health_check import Check, Grade, check, check_unknown, history_unread_finding
from drtui.output.monitoring import as_object, as_plugin, as_prometheus
from drtui.session import Session, now_ms, runner

PATIENCE = 30.0
"""Seconds for the whole look, if `--timeout` says nothing: many a monitoring system ends a plugin after 60."""

LOCALLY = 15.0
"""More seconds, for what is done here: to unpack the last answers, and to save what was read."""

SAVED = "saved"
"""For `--now`: the moment at which a file was read."""


def run(words: Sequence[str]) -> int:
    """Parse and check; the exit code of the monitoring convention. Never raises but for an interrupt."""
    arguments, view, label = None, DisplayContext(now_ms(), UTC), "unknown"
    try:
        arguments = _parsed(words)
        if arguments is None:
            return 0
        label = _label(arguments)
        context, result = _checked(arguments)
        view, label = context.view, context.target.label if context.target is not None else label
    except CommandError as error:
        result = check_unknown(str(error), code="usage")
    except Exception as error:  # noqa: BLE001 - a traceback would end with 1, which says WARNING
        result = check_unknown(f"drtui itself failed: {type(error).__name__}", code="internal")
    form = "nagios" if arguments is None else arguments.format

    def printed() -> int:
        sys.stdout.write(_printed(result, form, view, label))
        return int(result.grade)

    if arguments is None or arguments.into == "-":
        return printed()
    try:
        return run_command_to_file(arguments.into, printed, public=form == "prometheus")
    except CommandError as error:
        print_message(str(error))
        return int(result.grade) or int(Grade.UNKNOWN)


def _label(arguments: argparse.Namespace) -> str:
    """Return the label of a site that has not been resolved: what was typed, if that can hold no secret."""
    typed = getattr(arguments, "target", None) or getattr(arguments, "demo", None) or ""
    if re.fullmatch(r"[\w.-]+", typed):
        return str(typed)
    try:
        return str(Address.parse(typed, allow_http=True))
    except AddressError:
        return "unknown"


def _parsed(words: Sequence[str]) -> argparse.Namespace | None:
    """The arguments; None when help was asked for and given.

    Raises:
        CommandError: they are wrong.
    """
    said = io.StringIO()
    try:
        with contextlib.redirect_stderr(said):
            return parser("check").parse_args(words)
    except SystemExit as stopped:
        if not stopped.code:
            return None
        raise CommandError(said.getvalue().strip().removeprefix("drtui: ")) from None


def _checked(arguments: argparse.Namespace) -> tuple[Context, Check]:
    """Look, and grade."""
    as_saved = getattr(arguments, "now", "") == SAVED
    if as_saved:
        del arguments.now
    found = context(arguments, ask=True)
    if found.target is None:
        raise CommandError("no TARGET: give an address, a file with a saved answer, or --demo")
    is_file = found.target.file is not None
    if as_saved and not is_file:
        raise CommandError(f"--now {SAVED} is the moment at which a FILE was read; this is a site")
    try:
        warn = parse_duration(arguments.warn) if arguments.warn else found.rpo
        crit = parse_duration(arguments.crit) if arguments.crit else 2 * warn
    except TimeError as error:
        raise CommandError(str(error)) from error
    if crit < warn:
        raise CommandError("--crit is less than --warn")
    patience = getattr(arguments, "timeout", PATIENCE)
    try:
        reading, trouble = runner.run(asyncio.wait_for(_look(found, patience), patience + LOCALLY))
    except TimeoutError:
        return found, check_unknown(f"no whole answer within {patience:g} s", warn, crit, "timeout")
    found = replace(found, now=reading.site_time(found.now))
    now = found.now if not as_saved or reading.listed_at is None else reading.listed_at
    result = check(
        assess(reading, now, found.rpo),
        warn,
        crit,
        strict=arguments.strict,
        accept_files=is_file and (as_saved or found.fixed_now is not None),
        extra_findings=(history_unread_finding(trouble),) if trouble else (),
    )
    return found, result


async def _look(found: Context, patience: float) -> tuple[SiteState, str]:
    """Return one look, and why what was saved of the site before could not be used."""
    target = found.target
    async with Session(target, found.access, now=found.fixed_now, patience=patience) as session:  # type: ignore[arg-type]
        return await session.read(), session.history_trouble


def _printed(result: Check, form: str, view: DisplayContext, label: str) -> str:
    if form == "json":
        return as_object(result, view)
    return as_prometheus({label: result}) if form == "prometheus" else as_plugin(result)
