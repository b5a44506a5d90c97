"""The loop of `--watch`: one refresh an interval over one connection, until it is interrupted."""

import argparse
import asyncio
import os
import select
import sys
from collections.abc import Sequence

from msgspec.structs import replace

from drtui.cli.context import Context, resolve_context, sign_in_options
from drtui.cli.exit_codes import FINE, REFUSED, USAGE, CommandError
from drtui.cli.progress import POOR_TERMINALS
from drtui.cli.watch.output import ChangeLines, Redrawing
from drtui.cli.watch.snapshots import Snapshot, take_snapshot
from drtui.core.formatting.durations import SECOND, format_age
from drtui.core.formatting.times import parse_duration
from drtui.core.model.site_state import SiteState
from drtui.session import Session, now_ms, runner

sleep, clock = asyncio.sleep, now_ms
"""Functions that wait between two refreshes, and that return the present (epoch ms)."""

MIN_INTERVAL = 10 * SECOND
"""The shortest interval, milliseconds: a site is not asked more often."""

FORMATS = {"table", "nagios"}
"""The formats that can be watched."""


def run_watch(arguments: argparse.Namespace, extras: Sequence[str], time_limit: float | None = None) -> int:
    """Show the answer of a command anew after each refresh; return the exit code if the site refuses the sign-in.

    Args:
        arguments: those of `list`, `status` or `check`, with `watch`.
        extras: names of the `EXTRAS` to fetch.
        time_limit: seconds for one refresh; None for the default.

    Raises:
        CommandError: an option does not fit, or the site refuses the sign-in.
        KeyboardInterrupt: the watching was ended.
    """
    interval = _interval(arguments)
    context = resolve_context(arguments)
    target, access = sign_in_options(context)
    if target.file is not None:
        raise CommandError(f"--watch asks a site. {str(target.file)!r} is a file.")
    watch = _Watch(arguments, context, interval)
    with runner.Runner() as loop:
        session = Session(target, access, clock=clock, extras=extras, time_limit=time_limit)
        try:
            while not _is_closed():
                watch.show(session, loop.run(session.fetch_all()))
                loop.run(sleep(interval / SECOND))
        finally:
            loop.run(session.close())
    return FINE


def _interval(arguments: argparse.Namespace) -> int:
    """Return the interval, milliseconds.

    Raises:
        CommandError: it is too short, or another option does not fit.
    """
    for option in ("offline", "now"):
        if hasattr(arguments, option):
            raise CommandError(f"--watch asks the site again and again. Leave out --{option}.")
    if arguments.format not in FORMATS or arguments.into != "-":
        raise CommandError("--watch prints text on standard output. Leave out --format, --json and --output.")
    interval = parse_duration(arguments.watch)
    if interval < MIN_INTERVAL:
        raise CommandError(f"--watch must be at least {format_age(MIN_INTERVAL)}: a site is not asked more often.")
    return interval


class _Watch:
    """The snapshots of a site, and where they are shown.

    Args:
        arguments: those of the command.
        context: the context of the command.
        interval: milliseconds between two refreshes.
    """

    def __init__(self, arguments: argparse.Namespace, context: Context, interval: int) -> None:
        self._arguments, self._context = arguments, context
        is_terminal = sys.stdout.isatty() and os.environ.get("TERM", "") not in POOR_TERMINALS
        self._output = Redrawing(interval) if is_terminal else ChangeLines()
        self._state: SiteState | None = None

    def show(self, session: Session, fetched: SiteState) -> None:
        """Show the answer for a refresh.

        Raises:
            CommandError: an option is invalid, or the site refuses the sign-in.
        """
        moment = clock()
        context = replace(self._context, now=fetched.site_time(moment))
        is_check = self._arguments.command == "check"
        state = fetched if self._state is None or is_check else fetched.with_fallback(self._state)
        self._state = state
        try:
            snapshot = take_snapshot(self._arguments, context, session, state)
        except CommandError as error:
            if error.code == USAGE:
                raise
            snapshot = Snapshot("", {}, failure=str(error))
        self._output.show(snapshot, context)
        sys.stdout.flush()
        refusal = session.auth_state.refusal if session.auth_state is not None else None
        if refusal is not None:  # it is not tried again: the account would be locked
            raise CommandError(refusal.line, REFUSED, failures=[(None, refusal)])


def _is_closed() -> bool:
    """True if standard output is a pipe whose reader has closed it; writing finds out only at the next change."""
    try:
        descriptor = sys.__stdout__.fileno() if sys.__stdout__ is not None else -1
        poll = select.poll()
        poll.register(descriptor, 0)
        return any(event & select.POLLERR for _, event in poll.poll(0))
    except (OSError, ValueError):
        return False
