"""The headless commands: stdout is data, stderr is talk."""

import argparse
import sys
from collections.abc import Callable
from typing import TypeVar

from drtui.cli.commands.sheets import gaps, schedules, status, stores, unknown_runs, untold
from drtui.cli.context import Context
from drtui.cli.exit_codes import FINDINGS, FINE, CommandError
from drtui.cli.loading import all_named, look, marked, put, say, told_troubles, wanted
from drtui.core.analysis.assessment import Judgement
from drtui.core.analysis.point_in_time import choose
from drtui.core.formatting.times import DAY, MomentError, happened
from drtui.core.listing.details import Item, outline
from drtui.core.model.site import State
from drtui.core.schedules.gaps import WINDOWS
from drtui.core.summary.point_in_time import explained
from drtui.core.timeline.gantt import bars
from drtui.core.verdict.restore_points import RestorePoint
from drtui.output.assessment import of_choice
from drtui.output.restore_points import of_points
from drtui.output.site_tables import NO_SCHEDULE

T = TypeVar("T")

LINE = 80
"""Cells of what is drawn on a line."""


def run(arguments: argparse.Namespace) -> int:
    """Carry out a command; its exit code.

    Raises:
        CommandError: it cannot be carried out.
    """
    return COMMANDS[arguments.command](arguments)


def _show(arguments: argparse.Namespace) -> int:
    found, judged = look(arguments)
    points, code = all_named(arguments, judged)
    if arguments.format == "table":
        drawn = (f"{_outlined(point, found)}\n{_in_time(point, judged, found)}" for point in points)
        sys.stdout.write(marked(judged.reading, found) + "\n".join(drawn))
    else:
        put(of_points(points, found.view), found, judged, arguments.format)
    return code or FINE


def _outlined(point: RestorePoint, found: Context) -> str:
    """A restore point as indented text."""
    laid = outline(point, found.now, found.zone, plain=found.plain)
    return "".join(f"{_line(item)}\n" for item in (*laid.facts, *laid.parts))


def _in_time(point: RestorePoint, judged: Judgement, found: Context) -> str:
    """Its parts on a scale of time."""
    settings = judged.reading.settings.value if judged.reading.settings is not None else None
    drawn, said = bars(point, settings, found.view, LINE)
    return "".join(f"{each.text}\n" for each in (*drawn, *said))


def _line(item: Item) -> str:
    return f"{item.label:<10}{item.text}" if item.label else "  " * item.depth + item.text


def _stores(arguments: argparse.Namespace) -> int:
    found, judged = look(arguments)
    sheet = stores(judged, found.view)
    put(sheet, found, judged, arguments.format)
    return told_troubles(judged.reading, "stores", "backups of") or (FINE if sheet.texts else FINDINGS)


def _status(arguments: argparse.Namespace) -> int:
    found, judged = look(arguments)
    put(status(judged, found.view), found, judged, arguments.format)
    went = judged.progress
    return told_troubles(judged.reading, "status") or (
        FINE if went is None or went.outcome in {State.GOOD, State.GOING} else FINDINGS
    )


def _schedules(arguments: argparse.Namespace) -> int:
    found, judged = look(arguments)
    sheet = schedules(judged, found.view)
    put(sheet, found, judged, arguments.format)
    exists = any(each.makes_backups for each in wanted(judged.reading.schedules))
    if not exists:
        say(NO_SCHEDULE)
    for each in unknown_runs(judged):
        say(each)
    return told_troubles(judged.reading, "schedules") or (FINE if exists else FINDINGS)


def _gaps(arguments: argparse.Namespace) -> int:
    context, judged = look(arguments)
    put(gaps(judged, context.view), context, judged, arguments.format)
    found = judged.cadence
    for each in untold(judged):
        say(each)
    return told_troubles(judged.reading, "stores", "backups of") or (
        FINDINGS if found.gaps or found.missed or found.failed or found.none_whole or _vanished(judged) else FINE
    )


def _vanished(judged: Judgement) -> bool:
    return bool(judged.reading.past.vanished(judged.now - WINDOWS[-1] * DAY))


def _before(arguments: argparse.Namespace) -> int:
    found, judged = look(arguments)
    wanted(judged.reading.stores)
    try:
        choice = choose(judged.reading, judged.points, happened(arguments.time, found.zone, found.now), found.now)
    except MomentError as error:
        raise CommandError(str(error)) from error
    if arguments.format == "table":
        sys.stdout.write(marked(judged.reading, found))
        sys.stdout.write("".join(f"{each.text}\n" for each in explained(choice, found.zone)))
    else:
        put(of_choice(choice, found.view), found, judged, arguments.format)
    return told_troubles(judged.reading, "stores", "backups of") or (
        FINE if choice.point and not choice.ahead else FINDINGS
    )


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "show": _show,
    "stores": _stores,
    "status": _status,
    "schedules": _schedules,
    "gaps": _gaps,
    "before": _before,
}
