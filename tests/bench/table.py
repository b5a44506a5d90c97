"""The figures as a table, with their budgets."""

import datetime as dt
import os
import sys
from collections.abc import Callable, Mapping
from importlib.metadata import version
from statistics import median, quantiles
from typing import NamedTuple

from tests.bench.measure import Figures

Found = Mapping[int, Figures]
"""Limits by number of restore points."""
Of = Callable[[Found, int], float | None]
ANY = -1
"""A limit for every number of restore points."""
MISSED = "!"
"""Mark of a figure over its budget."""


class Row(NamedTuple):
    """A line of the table."""

    label: str
    budget: Mapping[int, float]
    """Largest allowed value, by number of restore points."""
    of: Of
    form: str = "{:.2f}"

    def cell(self, figures: Found, number: int) -> str:
        """Return the figure, marked if it is over its budget."""
        value = self.of(figures, number)
        if value is None:
            return "-"
        text, most = self.form.format(value), self.budget.get(number, self.budget.get(ANY))
        return f"{MISSED} {text}" if most is not None and float(text.replace(",", "")) > most else text

    @property
    def most(self) -> str:
        """Return the budget in words."""
        text = ((number, f"{most:,g}") for number, most in self.budget.items())
        return ", ".join(most if number == ANY else f"{most} at {number:,}" for number, most in text)


def mid(figures: Figures, name: str) -> float | None:
    """Return the median of a figure."""
    return median(figures[name]) if figures.get(name) else None


def value(name: str) -> Of:
    """Return a figure itself."""
    return lambda found, number: mid(found[number], name)


def most_of(name: str) -> Of:
    """Return the value that a figure does not exceed 19 times in 20."""

    def of(figures: Found, number: int) -> float | None:
        values = figures[number].get(name) or []
        return quantiles(values, n=20, method="inclusive")[-1] if len(values) > 1 else None

    return of


def ratio(numerator: str, denominator: str) -> Of:
    """Return one figure as a multiple of another of the same run."""

    def of(figures: Found, number: int) -> float | None:
        above, below = mid(figures[number], numerator), mid(figures[number], denominator)
        return above / below if above is not None and below else None

    return of


def grown(name: str, least: int = 100) -> Of:
    """Return a figure as a multiple of that of a small site."""

    def of(figures: Found, number: int) -> float | None:
        above, below = mid(figures[number], name), mid(figures[least], name) if least in figures else None
        return above / below if above is not None and below and number != least else None

    return of


def rows_of(what: str, name: str, budget: Mapping[int, float], form: str = "{:.1f}") -> Row:
    """Return a line with a figure as it is."""
    return Row(what, budget, value(name), form)


EMPTY, BYTES, WHOLE = "empty app", "{:,.0f}", "{:.0f}"

ROWS = (
    Row("start: something true / empty Textual app", {ANY: 0.25}, ratio("something true", EMPTY)),
    Row("start: four panes / empty app", {ANY: 1.15}, ratio("panes", EMPTY)),
    Row("start: saved rows / empty app", {}, ratio("saved rows", EMPTY)),
    Row("start: live rows, nothing saved / empty app", {1_000: 1.6}, ratio("live rows, no history", EMPTY)),
    Row(
        "start: live rows, nothing saved / visidata on a file",
        {1_000: 0.9, 10_000: 0.6},
        ratio("live rows, no history", "visidata on a file"),
    ),
    Row("start: all live / visidata, whole file", {10_000: 0.8}, ratio("live, no history", "visidata, whole")),
    Row("`--version` / `python -c pass`", {ANY: 3}, ratio("--version", "python -c pass")),
    Row("`--help` / `python -c pass`", {ANY: 3}, ratio("--help", "python -c pass")),
    Row("`list` / empty app", {1_000: 0.9}, ratio("list", EMPTY)),
    Row("`check` / empty app", {ANY: 0.9}, ratio("check", EMPTY)),
    Row("`list` / `curl \\| jq`", {}, ratio("list", "curl | jq")),
    Row("`list` / `from arcgis.gis import GIS` alone", {}, ratio("list", "arcgis")),
    rows_of("first paint, all in: bytes", "first paint: bytes", {ANY: 6_000}, BYTES),
    rows_of("the same in 256 colours: bytes", "first paint, 256 colours: bytes", {ANY: 8_000}, BYTES),
    rows_of("cursor down: bytes", "down, zoomed: bytes", {ANY: 120}, BYTES),
    rows_of("cursor down, detail follows: bytes", "down, with detail: bytes", {ANY: 500}, BYTES),
    rows_of("cursor down, list scrolls: bytes", "down, scrolling, zoomed: bytes", {ANY: 200}, BYTES),
    rows_of("the same, detail follows: bytes", "down, scrolling, with detail: bytes", {ANY: 550}, BYTES),
    rows_of("page down: bytes", "page down, zoomed: bytes", {ANY: 3_000}, BYTES),
    rows_of("cursor down: ms", "in turn: down: ms", {}),
    Row("cursor down, 19 of 20: ms", {ANY: 10}, most_of("in turn: down: ms"), "{:.1f}"),
    rows_of("cursor down: CPU ms", "in turn: down: work", {}),
    Row("cursor down, CPU time / at 100", {ANY: 1.1}, grown("in turn: down: work")),
    Row("cursor down, bytes / at 100", {ANY: 1.1}, grown("in turn: down: bytes")),
    Row("page down, CPU time / at 100", {}, grown("in turn: page down: work")),
    rows_of("page down: ms", "in turn: page down: ms", {}),
    rows_of("to the end: ms", "end, zoomed: ms", {}),
    rows_of("first filter letter: ms", "first filter letter: ms", {10_000: 60, 100_000: 250}),
    rows_of("filter letter: ms", "filter letter: ms", {10_000: 60, 100_000: 250}),
    rows_of("sort: ms", "sort: ms", {10_000: 60, 100_000: 250}),
    rows_of("refresh without change: bytes", "refresh without change: bytes", {ANY: 0}, BYTES),
    rows_of("idle: bytes a second", "idle: bytes", {ANY: 0}, WHOLE),
    rows_of("idle: CPU %", "idle: CPU", {ANY: 0.3}, "{:.2f}"),
    rows_of("idle: wake-ups a second", "idle: woken", {}),
    rows_of("idle: wake-ups a second of the empty app", "empty app: woken", {}),
    rows_of("slow line: something true, ms", "slow line: something true", {}, BYTES),
    rows_of("slow line: four panes, ms", "slow line: panes", {}, BYTES),
    rows_of("slow line: saved rows, ms", "slow line: rows", {}, BYTES),
    rows_of("slow line: cursor down, ms", "slow line: down: ms", {}, WHOLE),
    rows_of("slow line: page down, ms", "slow line: page down: ms", {}, WHOLE),
    rows_of("slow line: filter letter, ms", "slow line: letter: ms", {}, WHOLE),
    rows_of("slow line: held key, ms on after release", "slow line: held key", {ANY: 200}, WHOLE),
    Row("memory / empty app", {1_000: 1.3, 10_000: 2}, ratio("memory, MiB", "empty app: MiB")),
    rows_of("memory: MiB", "memory, MiB", {100_000: 150}, WHOLE),
    rows_of("memory of visidata: MiB", "visidata: MiB", {}, WHOLE),
)

INSIDE = (
    *(
        Row(f"{what}: ms", {ANY: 100}, of, WHOLE)
        for what, of in (
            ("`w` again, to its rows", value("where, again")),
            ("`w`, a letter", value("where, letter: ms")),
            ("`w`, cursor down", value("where, down: ms")),
            ("`D`", value("compare with the previous")),
            ("`d` of the newest and the oldest", value("compare two")),
            ("`d`, cursor down", value("compare, down: ms")),
            ("`t` again, to its lanes", value("timeline, again")),
            ("`t`, longer and shorter slots", value("timeline, zoom: ms")),
            ("`t`, a slot on", value("timeline, pan: ms")),
            ("`t`, another lane", value("timeline, lane: ms")),
        )
    ),
    rows_of("`w` for the first time: ms", "where, first", {}, WHOLE),
    rows_of("`t` for the first time: ms", "timeline, first", {}, WHOLE),
    rows_of("memory: MiB", "inside: memory, MiB", {}, WHOLE),
)


def table(rows: tuple[Row, ...], figures: Found, of: str) -> str:
    """Return the figures as Markdown, one column for each number of restore points."""
    lines = [
        f"| {of} | budget |" + "".join(f" {number:,} |" for number in figures),
        "|---|---|" + "--:|" * len(figures),
    ]
    for row in rows:
        cells = [row.cell(figures, number) for number in figures]
        if set(cells) != {"-"}:
            lines.append(f"| {row.label} | {row.most} | {' | '.join(cells)} |")
    return "\n".join([*lines, ""])


def about() -> str:
    """Return date and machine of the measurement."""
    when = dt.datetime.now(dt.UTC).date().isoformat()
    versions = ", ".join(f"{name} {version(name)}" for name in ("textual", "httpx", "msgspec"))
    machine = f"{os.cpu_count()} cores, load {os.getloadavg()[2]:.1f}, Python {sys.version.split()[0]}"
    return f"Measured {when}: {machine}, {versions}. `{MISSED}` is over the budget."
