"""The headless commands: stdout is data, stderr is talk."""

import argparse
import sys
from collections.abc import Callable
from typing import TypeVar

from drtui.cli import diff, listing
from drtui.cli.context import Context
from drtui.cli.errors import FINDINGS, FINE, CommandError
from drtui.cli.naming import point_named
from drtui.cli.telling import look, marked, put, say, told_troubles, wanted
from drtui.commands import KeysError, effective, table
from drtui.model.catalog import RestorePoint
from drtui.model.choice import choose, explained
from drtui.model.gaps import WINDOWS
from drtui.model.judgement import Judgement
from drtui.model.moment import DAY, MomentError, parse
from drtui.model.outline import Item, outline
from drtui.model.profile import SettingsError
from drtui.model.state import State
from drtui.model.words import trouble_word
from drtui.report.formats import as_csv
from drtui.report.judged import of_choice, of_gaps
from drtui.report.period import Period, as_report, report_json
from drtui.report.points import of_points
from drtui.report.rows import of_schedules, of_status, of_stores
from drtui.report.runbook import as_runbook
from drtui.session.profiles import configured

T = TypeVar("T")


def run(arguments: argparse.Namespace) -> int:
    """Carry out a command; its exit code.

    Raises:
        CommandError: it cannot be carried out.
    """
    return COMMANDS[arguments.command](arguments)


def _show(arguments: argparse.Namespace) -> int:
    found, judged = look(arguments)
    wanted, code = _one(arguments, judged)
    if arguments.format == "table":
        sys.stdout.write(marked(judged.reading, found) + _outlined(wanted, found))
    else:
        put(of_points([wanted], found.view), found, judged, arguments.format)
    return code or FINE


def _runbook(arguments: argparse.Namespace) -> int:
    found, judged = look(arguments)
    wanted, code = _one(arguments, judged)
    sys.stdout.write(as_runbook(judged, wanted, found.view))
    return code or (FINE if wanted.verdict.usable else FINDINGS)


def _one(arguments: argparse.Namespace, judged: Judgement) -> tuple[RestorePoint, int]:
    """The restore point that was named, and the exit code for what could not be read.

    Raises:
        CommandError: there is none, or there are several.
    """
    wanted(judged.reading.stores)
    code = told_troubles(judged.reading, "stores", "backups of")
    points = [p for p in judged.points if arguments.store in {None, p.backup.store}]
    return point_named(points, arguments.backup, otherwise=code or FINDINGS), code


def _outlined(point: RestorePoint, found: Context) -> str:
    """A restore point as indented text."""
    laid = outline(point, found.now, found.zone, plain=found.plain)
    return "".join(f"{_line(item)}\n" for item in (*laid.facts, *laid.parts))


def _line(item: Item) -> str:
    return f"{item.label:<10}{item.text}" if item.label else "  " * item.depth + item.text


def _stores(arguments: argparse.Namespace) -> int:
    found, judged = look(arguments)
    reading, points = judged.reading, judged.points
    stores = wanted(reading.stores)
    failed = {name: trouble_word(answer.trouble) for name, answer in reading.backups.items() if answer.trouble}
    put(of_stores(stores, points, failed, found.view), found, judged, arguments.format)
    return told_troubles(reading, "stores", "backups of") or (FINE if stores else FINDINGS)


def _status(arguments: argparse.Namespace) -> int:
    found, judged = look(arguments)
    reading = judged.reading
    put(of_status(wanted(reading.status), judged.progress, found.view), found, judged, arguments.format)
    went = judged.progress
    return told_troubles(reading, "status") or (
        FINE if went is None or went.outcome in {State.GOOD, State.GOING} else FINDINGS
    )


def _schedules(arguments: argparse.Namespace) -> int:
    found, judged = look(arguments)
    reading = judged.reading
    schedules = wanted(reading.schedules)
    listed = [each for each in schedules if each.makes_backups or each.cleans]
    put(of_schedules(listed, judged.cadence.plans, found.view), found, judged, arguments.format)
    return told_troubles(reading, "schedules") or (FINE if listed else FINDINGS)


def _gaps(arguments: argparse.Namespace) -> int:
    found, judged = look(arguments)
    wanted(judged.reading.stores)
    put(of_gaps(judged, found.view), found, judged, arguments.format)
    if judged.cadence.learned:
        say("the tasks could not be read: missed runs are learned from the names of earlier ones")
    for plan in judged.cadence.plans:
        if plan.trouble:
            say(f"runs of {plan.title} cannot be told: {plan.trouble}")
    return told_troubles(judged.reading, "stores", "backups of") or (
        FINDINGS if judged.cadence.gaps or judged.cadence.missed or _vanished(judged) else FINE
    )


def _vanished(judged: Judgement) -> bool:
    return bool(judged.reading.past.vanished(judged.now - WINDOWS[-1] * DAY))


def _before(arguments: argparse.Namespace) -> int:
    found, judged = look(arguments)
    wanted(judged.reading.stores)
    try:
        choice = choose(judged.reading, judged.points, parse(arguments.time, found.zone))
    except MomentError as error:
        raise CommandError(str(error)) from error
    if arguments.format == "table":
        sys.stdout.write(marked(judged.reading, found))
        sys.stdout.write("".join(f"{each.text}\n" for each in explained(choice, found.zone)))
    else:
        put(of_choice(choice, found.view), found, judged, arguments.format)
    return told_troubles(judged.reading, "stores", "backups of") or (FINE if choice.point else FINDINGS)


def _report(arguments: argparse.Namespace) -> int:
    found, judged = look(arguments)
    wanted(judged.reading.stores)
    if not 1 <= arguments.days <= 3660:
        raise CommandError("--days is a number from 1 to 3660")
    view, period = found.view, Period.of(judged, arguments.days)
    match arguments.format:
        case "md":
            sys.stdout.write(as_report(period, view))
        case "csv":
            sys.stdout.write(as_csv(of_points(period.points, view)))
        case _:
            sys.stdout.write(report_json(period, view))
    return told_troubles(judged.reading, "stores", "backups of") or (FINDINGS if period.findings else FINE)


def _where(arguments: argparse.Namespace) -> int:
    from drtui.cli import where  # noqa: PLC0415 - the index is only needed here

    return where.run(arguments)


def _sites(arguments: argparse.Namespace) -> int:
    from drtui.cli import sites  # noqa: PLC0415 - the others look at one

    return sites.run(arguments)


def _history(arguments: argparse.Namespace) -> int:
    from drtui.cli import history  # noqa: PLC0415 - sqlite3 comes with it

    return history.run(arguments)


def _demo(arguments: argparse.Namespace) -> int:
    from drtui.cli import simulate  # noqa: PLC0415 - its server is only needed here

    return simulate.run(arguments)


def _completion(arguments: argparse.Namespace) -> int:
    from drtui.cli import completion  # noqa: PLC0415 - shtab is only needed here

    return completion.run(arguments)


def _paths(_: argparse.Namespace) -> int:
    from drtui.session import places  # noqa: PLC0415 - platformdirs comes with it

    for name, path in places().items():
        sys.stdout.write(f"{name:<8}{path}\n")
    return FINE


def _keys(_: argparse.Namespace) -> int:
    group = ""
    try:
        commands = effective(configured().keys)
    except (SettingsError, KeysError) as error:
        raise CommandError(str(error)) from error
    for each, keys, meaning in table(commands):
        if each != group:
            sys.stdout.write(f"{each}\n")
            group = each
        sys.stdout.write(f"  {keys:<20}{meaning}\n")
    return FINE


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "list": listing.run,
    "show": _show,
    "stores": _stores,
    "status": _status,
    "schedules": _schedules,
    "gaps": _gaps,
    "before": _before,
    "where": _where,
    "diff": diff.run,
    "report": _report,
    "runbook": _runbook,
    "sites": _sites,
    "history": _history,
    "demo": _demo,
    "completion": _completion,
    "paths": _paths,
    "keys": _keys,
}
