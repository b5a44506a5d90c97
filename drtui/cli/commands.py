"""The headless commands: stdout is data, stderr is talk."""

import argparse
import asyncio
import sys
from collections.abc import Callable
from typing import TextIO, TypeVar

from drtui.cli.context import Context, context
from drtui.cli.errors import FINDINGS, FINE, REFUSED, UNREACHABLE, CommandError
from drtui.commands import table
from drtui.model.catalog import Catalog, Order, RestorePoint
from drtui.model.choice import choose, explained
from drtui.model.exposure import is_whole
from drtui.model.freshness import warning
from drtui.model.gaps import WINDOWS
from drtui.model.headline import headline
from drtui.model.judgement import Judgement, judgement
from drtui.model.moment import DAY, MomentError, parse, stamp
from drtui.model.outline import Item, outline
from drtui.model.reading import Answer, Reading, Trouble, TroubleKind
from drtui.model.state import State
from drtui.model.words import trouble_word
from drtui.report.formats import as_csv, as_json, as_table
from drtui.report.judged import exposure, of_choice, of_gaps
from drtui.report.period import Period, as_report, report_json
from drtui.report.rows import Row, Sheet, View, moment, of_points, of_schedules, of_status, of_stores
from drtui.report.runbook import as_runbook
from drtui.session import Session

T = TypeVar("T")


def run(arguments: argparse.Namespace) -> int:
    """Carry out a command; its exit code.

    Raises:
        CommandError: it cannot be carried out.
    """
    return COMMANDS[arguments.command](arguments)


def _read(arguments: argparse.Namespace) -> tuple[Context, Judgement]:
    """One look, and what is to be thought of it."""
    found = context(arguments, ask=True)
    if found.target is None:
        raise CommandError("no TARGET: give an address, a file with a saved answer, or --demo")

    async def look() -> Reading:
        async with Session(found.target, found.access, now=found.fixed_now) as session:  # type: ignore[arg-type]
            reading = await session.read_or_recalled()
            if session.history_trouble:
                _say(session.history_trouble)
            return reading

    reading = asyncio.run(look())
    if reading.is_saved:
        _say(warning(reading, found.now, found.zone))
    return found, judgement(reading, found.now, found.rpo)


def _list(arguments: argparse.Namespace) -> int:
    found, judged = _read(arguments)
    reading, points = judged.reading, judged.points
    _wanted(reading.stores)
    order = Order(arguments.sort, descending=arguments.sort == "started")
    catalog = Catalog().refilled(points).of_store(arguments.store).filtered(arguments.filter).sorted(order)
    if arguments.store is not None and arguments.store not in {store.name for store in _wanted(reading.stores)}:
        raise CommandError(f"no store is called {arguments.store!r}; see drtui stores", FINDINGS)
    _print(of_points(catalog.points[: arguments.limit], _view(found)), found, judged, arguments.format)
    if not points and not reading.troubles:
        _say("There are no restore points: the site says so itself.")
    return _told_troubles(reading, "stores", "backups of") or (FINE if catalog.points else FINDINGS)


def _show(arguments: argparse.Namespace) -> int:
    found, judged = _read(arguments)
    wanted, code = _one(arguments, judged)
    if arguments.format == "table":
        sys.stdout.write(_marked(judged.reading, found) + _outlined(wanted, found))
    else:
        _print(of_points([wanted], _view(found)), found, judged, arguments.format)
    return code or FINE


def _runbook(arguments: argparse.Namespace) -> int:
    found, judged = _read(arguments)
    wanted, code = _one(arguments, judged)
    sys.stdout.write(as_runbook(judged, wanted, _view(found)))
    return code or (FINE if wanted.verdict.usable else FINDINGS)


def _one(arguments: argparse.Namespace, judged: Judgement) -> tuple[RestorePoint, int]:
    """The restore point that was named, and the exit code for what could not be read.

    Raises:
        CommandError: there is none, or there are several.
    """
    _wanted(judged.reading.stores)
    named = [p for p in judged.points if p.backup.name == arguments.backup]
    wanted = [p for p in named if arguments.store in {None, p.backup.store}]
    code = _told_troubles(judged.reading, "stores", "backups of")
    if not wanted:
        raise CommandError(f"no restore point is called {arguments.backup!r}; see drtui list", code or FINDINGS)
    if len(wanted) > 1:
        stores = ", ".join(p.backup.store for p in wanted)
        raise CommandError(f"several stores have {arguments.backup!r}: say which with --store ({stores})")
    return wanted[0], code


def _outlined(point: RestorePoint, found: Context) -> str:
    """A restore point as indented text."""
    laid = outline(point, found.now, found.zone, plain=found.plain)
    return "".join(f"{_line(item)}\n" for item in (*laid.facts, *laid.parts))


def _line(item: Item) -> str:
    return f"{item.label:<10}{item.text}" if item.label else "  " * item.depth + item.text


def _stores(arguments: argparse.Namespace) -> int:
    found, judged = _read(arguments)
    reading, points = judged.reading, judged.points
    stores = _wanted(reading.stores)
    failed = {name: trouble_word(answer.trouble) for name, answer in reading.backups.items() if answer.trouble}
    _print(of_stores(stores, points, failed, _view(found)), found, judged, arguments.format)
    return _told_troubles(reading, "stores", "backups of") or (FINE if stores else FINDINGS)


def _status(arguments: argparse.Namespace) -> int:
    found, judged = _read(arguments)
    reading = judged.reading
    _print(of_status(_wanted(reading.status), judged.progress, _view(found)), found, judged, arguments.format)
    went = judged.progress
    return _told_troubles(reading, "status") or (
        FINE if went is None or went.outcome in {State.GOOD, State.GOING} else FINDINGS
    )


def _schedules(arguments: argparse.Namespace) -> int:
    found, judged = _read(arguments)
    reading = judged.reading
    schedules = _wanted(reading.schedules)
    listed = [each for each in schedules if each.makes_backups or each.cleans]
    _print(of_schedules(listed, judged.cadence.plans, _view(found)), found, judged, arguments.format)
    return _told_troubles(reading, "schedules") or (FINE if listed else FINDINGS)


def _gaps(arguments: argparse.Namespace) -> int:
    found, judged = _read(arguments)
    _wanted(judged.reading.stores)
    _print(of_gaps(judged, _view(found)), found, judged, arguments.format)
    if judged.cadence.learned:
        _say("the tasks could not be read: missed runs are learned from the names of earlier ones")
    for plan in judged.cadence.plans:
        if plan.trouble:
            _say(f"runs of {plan.title} cannot be told: {plan.trouble}")
    return _told_troubles(judged.reading, "stores", "backups of") or (
        FINDINGS if judged.cadence.gaps or judged.cadence.missed or _vanished(judged) else FINE
    )


def _vanished(judged: Judgement) -> bool:
    return bool(judged.reading.past.vanished(judged.now - WINDOWS[-1] * DAY))


def _before(arguments: argparse.Namespace) -> int:
    found, judged = _read(arguments)
    _wanted(judged.reading.stores)
    try:
        choice = choose(judged.reading, judged.points, parse(arguments.time, found.zone))
    except MomentError as error:
        raise CommandError(str(error)) from error
    if arguments.format == "table":
        sys.stdout.write(_marked(judged.reading, found))
        sys.stdout.write("".join(f"{each.text}\n" for each in explained(choice, found.zone)))
    else:
        _print(of_choice(choice, _view(found)), found, judged, arguments.format)
    return _told_troubles(judged.reading, "stores", "backups of") or (FINE if choice.point else FINDINGS)


def _report(arguments: argparse.Namespace) -> int:
    found, judged = _read(arguments)
    _wanted(judged.reading.stores)
    if not 1 <= arguments.days <= 3660:
        raise CommandError("--days is a number from 1 to 3660")
    view, period = _view(found), Period.of(judged, arguments.days)
    match arguments.format:
        case "md":
            sys.stdout.write(as_report(period, view))
        case "csv":
            sys.stdout.write(as_csv(of_points(period.points, view)))
        case _:
            sys.stdout.write(report_json(period, view))
    return _told_troubles(judged.reading, "stores", "backups of") or (FINDINGS if period.findings else FINE)


def _history(arguments: argparse.Namespace) -> int:
    from drtui.cli import history  # noqa: PLC0415 - sqlite3 comes with it

    return history.run(arguments)


def _demo(arguments: argparse.Namespace) -> int:
    from drtui.cli import simulate  # noqa: PLC0415 - its server is only needed here

    return simulate.run(arguments)


def _paths(_: argparse.Namespace) -> int:
    from drtui.session import places  # noqa: PLC0415 - platformdirs comes with it

    for name, path in places().items():
        sys.stdout.write(f"{name:<8}{path}\n")
    return FINE


def _keys(_: argparse.Namespace) -> int:
    group = ""
    for each, keys, meaning in table():
        if each != group:
            sys.stdout.write(f"{each}\n")
            group = each
        sys.stdout.write(f"  {keys:<20}{meaning}\n")
    return FINE


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "list": _list,
    "show": _show,
    "stores": _stores,
    "status": _status,
    "schedules": _schedules,
    "gaps": _gaps,
    "before": _before,
    "report": _report,
    "runbook": _runbook,
    "history": _history,
    "demo": _demo,
    "paths": _paths,
    "keys": _keys,
}


def _view(found: Context) -> View:
    return View(found.now, found.zone, found.plain)


def _print(sheet: Sheet, found: Context, judged: Judgement, form: str) -> None:
    """The data, to stdout."""
    reading = judged.reading
    if form == "json":
        read = moment(reading.read, found.zone)
        about: Row = {"site": reading.place, "read": read, "judged_as_of": moment(found.now, found.zone)}
        about |= {"saved": reading.is_saved}
        troubles = [{"what": name, "code": t.code, "text": t.line} for name, t in reading.troubles]
        whole = {"exposure": exposure(judged.exposure, _view(found)), "exposure_is_whole": is_whole(reading)}
        sys.stdout.write(as_json(sheet, {**about, "troubles": troubles, **whole}))
    else:
        sys.stdout.write(as_csv(sheet) if form == "csv" else _marked(reading, found) + as_table(sheet))
    if form == "table" and sys.stdout.isatty():
        _say(f"{reading.place}, read {stamp(reading.read, found.zone)}")
        for each in headline(judged):
            _say(each.text)


def _marked(reading: Reading, found: Context) -> str:
    """The line above a text for people that rests on what was saved: without standard error it would be missed."""
    mark = warning(reading, found.now, found.zone)
    return f"{mark[:1].upper()}{mark[1:]}\n" if mark else ""


def _wanted(answer: Answer[T] | None) -> T:
    """The value of an answer without which the command makes no sense.

    Raises:
        CommandError: it could not be read, or a saved answer does not hold it.
    """
    if answer is None:
        raise CommandError("a saved answer does not say that: give the address of the site", FINDINGS)
    if answer.value is not None:
        return answer.value
    if answer.trouble is None:
        raise AssertionError("an answer is a value or a trouble")
    raise CommandError(answer.trouble.line, code_of(answer.trouble))


def _told_troubles(reading: Reading, *names: str) -> int:
    """Say what could not be read of what was asked for; the exit code for it."""
    mine = [(name, trouble) for name, trouble in reading.troubles if name.startswith(names)]
    for name, trouble in mine:
        _say(f"{name}: {trouble.line}")
    return max((code_of(trouble) for _, trouble in mine), default=FINE)


def code_of(trouble: Trouble) -> int:
    """The exit code for a failure."""
    return REFUSED if trouble.kind is TroubleKind.REFUSED else UNREACHABLE


def _say(text: str, to: TextIO | None = None) -> None:
    (to or sys.stderr).write(f"drtui: {text}\n")
