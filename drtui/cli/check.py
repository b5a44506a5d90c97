"""`drtui check`: one line for monitoring, in bounded time. Every reason not to know is UNKNOWN, whatever it is."""

import argparse
import asyncio
import contextlib
import io
import sys
from collections.abc import Sequence

from drtui.cli.arguments import parser
from drtui.cli.context import Context, context
from drtui.cli.errors import CommandError
from drtui.model.check import Check, check, unknown
from drtui.model.judgement import judgement
from drtui.model.moment import UTC, MomentError, span
from drtui.model.reading import Reading
from drtui.model.view import View
from drtui.report.check import as_object, as_plugin
from drtui.report.prometheus import as_prometheus
from drtui.session import Session, present, threads

PATIENCE = 30.0
"""Seconds for the whole look, if `--timeout` says nothing: many a monitoring system ends a plugin after 60."""

LOCALLY = 15.0
"""More seconds, for what is done here: to unpack the last answers, and to save what was read."""


def run(words: Sequence[str]) -> int:
    """Parse and check; the exit code of the monitoring convention. Never raises but for an interrupt."""
    form, view = "nagios", View(present(), UTC)
    try:
        arguments = _parsed(words)
        if arguments is None:
            return 0
        form = arguments.format
        found, result = _checked(arguments)
        view = found.view
    except CommandError as error:
        result = unknown(str(error), code="usage")
    except Exception as error:  # noqa: BLE001 - a traceback would end with 1, which says WARNING
        result = unknown(f"drtui itself failed: {type(error).__name__}", code="internal")
    sys.stdout.write(_printed(result, form, view))
    return int(result.grade)


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
    found = context(arguments, ask=True)
    if found.target is None:
        raise CommandError("no TARGET: give an address, a file with a saved answer, or --demo")
    try:
        warn = span(arguments.warn) if arguments.warn else found.rpo
        crit = span(arguments.crit) if arguments.crit else 2 * warn
    except MomentError as error:
        raise CommandError(str(error)) from error
    if crit < warn:
        raise CommandError("--crit is less than --warn")
    patience = getattr(arguments, "timeout", PATIENCE)
    try:
        reading = threads.run(asyncio.wait_for(_look(found, patience), patience + LOCALLY))
    except TimeoutError:
        return found, unknown(f"no whole answer within {patience:g} s", warn, crit, "timeout")
    return found, check(judgement(reading, found.now, found.rpo), warn, crit)


async def _look(found: Context, patience: float) -> Reading:
    target = found.target
    async with Session(target, found.access, now=found.fixed_now, patience=patience) as session:  # type: ignore[arg-type]
        return await session.read()


def _printed(result: Check, form: str, view: View) -> str:
    if form == "json":
        return as_object(result, view)
    return as_prometheus({"": result}) if form == "prometheus" else as_plugin(result)
