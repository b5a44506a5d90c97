"""What all commands share: one look, what it says to standard output, and what is said beside it."""

import argparse
import sys
from typing import TypeVar

from msgspec.structs import replace

from drtui.cli.context import Context, context
from drtui.cli.exit_codes import FINDINGS, FINE, REFUSED, UNREACHABLE, CommandError
from drtui.cli.naming import point_named, points_named
from drtui.core.analysis.assessment import Judgement, judgement
from drtui.core.analysis.rpo import why_not_whole
from drtui.core.formatting.text import clean
from drtui.core.formatting.times import stamp
from drtui.core.model.failure import Trouble, TroubleKind
from drtui.core.model.site_clock import difference
from drtui.core.model.site_state import Answer, Reading
from drtui.core.summary.freshness import warning
from drtui.core.summary.headline import glance, headline
from drtui.core.verdict.restore_points import RestorePoint
from drtui.output.assessment import about
from drtui.output.formats import as_csv, as_json, as_table
from drtui.output.site_tables import Sheet
from drtui.session import Session, keep_glance, runner

T = TypeVar("T")


def look(arguments: argparse.Namespace) -> tuple[Context, Judgement]:
    """One look, and what is to be thought of it."""
    found, judged, _ = looked_since(context(arguments, ask=True))
    return found, judged


def looked_since(found: Context) -> tuple[Context, Judgement, Reading | None]:
    """Look once; return the context by the site's clock, the judgement, and what had been saved of the site before."""
    target = found.target
    if target is None:
        raise CommandError("no TARGET: give an address, a file with a saved answer, or --demo")

    async def read() -> tuple[Reading, Reading | None]:
        async with Session(target, found.access, now=found.fixed_now) as session:
            reading = await session.read_or_recalled()
            if session.history_trouble:
                say(session.history_trouble)
            return reading, session.saved

    reading, saved = runner.run(read())
    found = replace(found, now=reading.site_time(found.now))
    clocks = difference(reading.clock_offset)
    if clocks:
        say(clocks)
    if reading.is_saved:
        say(warning(reading, found.now, found.zone))
    judged = judgement(reading, found.now, found.rpo)
    told = glance(judged)
    if told is not None:
        keep_glance(target, found.access, told)
    return found, judged, saved


def put(sheet: Sheet, found: Context, judged: Judgement, form: str) -> None:
    """The data, to stdout."""
    reading = judged.reading
    if form == "json":
        sys.stdout.write(as_json(sheet, about(judged, found.view)))
    elif form == "csv":
        write_csv(as_csv(sheet))
    else:
        sys.stdout.write(marked(reading, found) + as_table(sheet))
    if form == "table" and sys.stdout.isatty():
        say(f"{reading.place}, read {stamp(reading.read, found.zone)}")
        for each in headline(judged):
            say(each.text)


def write_csv(text: str) -> None:
    """Write CSV to stdout: the same bytes whatever the encoding of the locale."""
    binary = getattr(sys.stdout, "buffer", None)  # a test may have put something simpler in its place
    if binary is None:
        sys.stdout.write(text)
        return
    sys.stdout.flush()
    binary.write(text.encode("utf-8", "replace"))
    binary.flush()


def marked(reading: Reading, found: Context) -> str:
    """The line above a text for people that rests on what was saved: without standard error it would be missed."""
    mark = warning(reading, found.now, found.zone)
    return f"{mark[:1].upper()}{mark[1:]}\n" if mark else ""


def wanted(answer: Answer[T] | None) -> T:
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


def told_troubles(reading: Reading, *names: str) -> int:
    """Say what could not be read of what was asked for; the exit code for it."""
    mine = [(name, trouble) for name, trouble in reading.troubles if name.startswith(names)]
    for name, trouble in mine:
        say(f"{name}: {trouble.line}")
    return max((code_of(trouble) for _, trouble in mine), default=FINE)


def code_of(trouble: Trouble) -> int:
    """The exit code for a failure."""
    return REFUSED if trouble.kind is TroubleKind.REFUSED else UNREACHABLE


def say(text: str) -> None:
    """Talk, to stderr."""
    sys.stderr.write(f"drtui: {text}\n")


def one(arguments: argparse.Namespace, judged: Judgement) -> tuple[RestorePoint, int]:
    """The restore point that was named, and the exit code for what could not be read.

    Raises:
        CommandError: there is none, or there are several.
    """
    points, code, unlisted = _within(arguments, judged)
    return point_named(points, arguments.backup, otherwise=code or FINDINGS, unlisted=unlisted), code


def all_named(arguments: argparse.Namespace, judged: Judgement) -> tuple[tuple[RestorePoint, ...], int]:
    """Return the restore points of that name in one store, and the exit code for what could not be read.

    Raises:
        CommandError: there is none, or several stores have one.
    """
    points, code, unlisted = _within(arguments, judged)
    return points_named(points, arguments.backup, otherwise=code or FINDINGS, unlisted=unlisted), code


def _within(arguments: argparse.Namespace, judged: Judgement) -> tuple[list[RestorePoint], int, str]:
    """Return the restore points of the store asked for, the exit code for what was not read, and why more may exist."""
    wanted(judged.reading.stores)
    code = told_troubles(judged.reading, "stores", "backups of")
    store = None if arguments.store is None else clean(arguments.store)
    points = [p for p in judged.points if store in {None, p.backup.store}]
    return points, code, why_not_whole(judged.reading)
