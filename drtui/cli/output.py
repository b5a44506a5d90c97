"""Print data to stdout and messages to stderr."""

import sys

from drtui.cli.context import Context
from drtui.cli.exit_codes import FINE, REFUSED, UNREACHABLE
from drtui.core.analysis.assessment import Judgement
from drtui.core.formatting.times import stamp
from drtui.core.model.failure import Trouble, TroubleKind
from drtui.core.model.site_state import Reading
from drtui.core.summary.freshness import warning
from drtui.core.summary.headline import headline
from drtui.output.assessment import about
from drtui.output.formats import Sheet, as_csv, as_json, as_table


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


def marked(reading: Reading, found: Context) -> str:
    """The line above a text for people that rests on what was saved: without standard error it would be missed."""
    mark = warning(reading, found.now, found.zone)
    return f"{mark[:1].upper()}{mark[1:]}\n" if mark else ""


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


def write_csv(text: str) -> None:
    """Write CSV to stdout: the same bytes whatever the encoding of the locale."""
    binary = getattr(sys.stdout, "buffer", None)  # a test may have put something simpler in its place
    if binary is None:
        sys.stdout.write(text)
        return
    sys.stdout.flush()
    binary.write(text.encode("utf-8", "replace"))
    binary.flush()
