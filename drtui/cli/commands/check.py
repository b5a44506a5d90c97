"""`drtui check`: health check for monitoring in bounded time; every failure gives UNKNOWN."""

import argparse
import asyncio
import re
import sys
from collections.abc import Sequence

from msgspec.structs import replace

from drtui.cli.context import Context, resolve_context, sign_in_options
from drtui.cli.exit_codes import CommandError
from drtui.cli.failures import is_json_requested
from drtui.cli.messages import print_message
from drtui.cli.parser import parser
from drtui.cli.streams import run_command_to_file
from drtui.core.analysis.assessment import assess
from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.input_error import InputError
from drtui.core.formatting.times import UTC, parse_duration
from drtui.core.model.address import Address, AddressError
from drtui.core.model.site_state import SiteState
from drtui.core.summary.coverage_text import coverage_findings
from drtui.core.summary.health_check import Check, Grade, check_health, make_history_finding, make_unknown_check
from drtui.output.monitoring import as_check_json, as_plugin
from drtui.output.prometheus import as_prometheus
from drtui.session import Session, now_ms, runner

FETCH_SECONDS = 30.0
"""The time limit of all requests without `--timeout`: many monitoring systems end a plugin after 60 seconds."""

LOCAL_SECONDS = 15.0
"""Additional seconds for local work: unpacking the last answers and saving them."""

SAVED = "saved"
"""The value of `--now` that stands for the moment at which a file was fetched."""


def run(words: Sequence[str]) -> int:
    """Parse the arguments and run the check; return the exit code of the monitoring convention.

    Raises nothing but KeyboardInterrupt.
    """
    arguments, view, label = None, DisplayContext(now_ms(), UTC), "unknown"
    try:
        arguments = parser("check").parse_args(words)
        label = _label(arguments)
        if arguments.watch is not None:
            return _watch(arguments)
        context, result = _fetch_and_check(arguments)
        view, label = context.view, context.target.label if context.target is not None else label
    except SystemExit:  # the help was printed
        return 0
    except (CommandError, InputError) as error:
        result = make_unknown_check(str(error), code="usage")
    except Exception as error:  # noqa: BLE001 - a traceback would end with 1, which says WARNING
        result = make_unknown_check(f"drtui itself failed: {type(error).__name__}", code="internal")
    form = arguments.format if arguments is not None else "json" if is_json_requested(words) else "nagios"

    def printed() -> int:
        sys.stdout.write(_formatted(result, form, view, label))
        return int(result.grade)

    if arguments is None or arguments.into == "-":
        return printed()
    if form == "prometheus" and result.grade is Grade.UNKNOWN:
        print_message(f"UNKNOWN: {result.text}")  # metrics have only its code; a journal and the mail of cron show it
    try:
        return run_command_to_file(arguments.into, printed, public=form == "prometheus")
    except CommandError as error:
        print_message(str(error))
        return int(result.grade) or int(Grade.UNKNOWN)


def _watch(arguments: argparse.Namespace) -> int:
    """Check again and again."""
    from drtui.cli.watch.loop import run_watch

    return run_watch(arguments, _extras(arguments), getattr(arguments, "timeout", FETCH_SECONDS))


def _label(arguments: argparse.Namespace) -> str:
    """Return the label of an unresolved site: the typed text if it cannot contain a secret."""
    typed = getattr(arguments, "target", None) or getattr(arguments, "demo", None) or ""
    if re.fullmatch(r"[\w.-]+", typed):
        return str(typed)
    try:
        return str(Address.parse(typed, allow_http=True))
    except AddressError:
        return "unknown"


def _fetch_and_check(arguments: argparse.Namespace) -> tuple[Context, Check]:
    """Fetch the site and return the context and the check."""
    as_saved = getattr(arguments, "now", "") == SAVED
    if as_saved:
        del arguments.now
    context = resolve_context(arguments)
    target, access = sign_in_options(context)
    is_file = target.file is not None
    if as_saved and not is_file:
        raise CommandError(f"--now {SAVED} is for a FILE, but the target is a site. Leave it out.")
    warn, crit = _thresholds(arguments, context)
    patience, extras = getattr(arguments, "timeout", FETCH_SECONDS), _extras(arguments)

    async def fetch() -> tuple[SiteState, str]:
        async with Session(target, access, now=context.fixed_now, time_limit=patience, extras=extras) as session:
            return await session.fetch_all(), session.history_failure

    try:
        site_state, failure = runner.run(asyncio.wait_for(fetch(), patience + LOCAL_SECONDS))
    except TimeoutError:
        return context, make_unknown_check(f"no complete answer within {patience:g} s", warn, crit, "timeout")
    context = replace(context, now=site_state.site_time(context.now))
    if as_saved and site_state.listed_at is not None:
        return context, assess_site(arguments, replace(context, now=site_state.listed_at), site_state, failure, True)
    is_dated = is_file and (as_saved or context.fixed_now is not None)
    return context, assess_site(arguments, context, site_state, failure, accept_files=is_dated)


def _thresholds(arguments: argparse.Namespace, context: Context) -> tuple[int, int]:
    """Return the ages for WARNING and CRITICAL, milliseconds.

    Raises:
        CommandError: the second is less than the first.
        TimeError: one cannot be read.
    """
    warn = parse_duration(arguments.warn) if arguments.warn else context.rpo
    crit = parse_duration(arguments.crit) if arguments.crit else 2 * warn
    if crit < warn:
        raise CommandError("--crit must not be less than --warn.")
    return warn, crit


def _extras(arguments: argparse.Namespace) -> tuple[str, ...]:
    return ("mode", "data") if arguments.coverage else ("mode",)


def assess_site(
    arguments: argparse.Namespace, context: Context, state: SiteState, history_failure: str, accept_files: bool = False
) -> Check:
    """Return the check of a state of the site at `context.now`.

    Raises:
        CommandError: the thresholds do not fit.
    """
    warn, crit = _thresholds(arguments, context)
    assessment = assess(state, context.now, context.rpo)
    findings = [make_history_finding(history_failure)] if history_failure else []
    if arguments.coverage:
        findings += coverage_findings(assessment)
    return check_health(
        assessment, warn, crit, strict=arguments.strict, accept_files=accept_files, extra_findings=findings
    )


def _formatted(result: Check, form: str, view: DisplayContext, label: str) -> str:
    if form == "json":
        return as_check_json(result, view)
    return as_prometheus({label: result}) if form == "prometheus" else as_plugin(result)
