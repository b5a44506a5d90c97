"""Measure, and print the table; `--write` puts it into the README as well."""

import argparse
import datetime as dt
import json
import sys
import tempfile
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from tests.bench.measure import Bench, Figures, machine, mid, ratio

README = Path(__file__).parents[2] / "README.md"
BEGIN, END = "<!-- measured: made by python -m tests.bench --write -->\n", "<!-- end of measured -->"


class Row(NamedTuple):
    """A line of the table."""

    what: str
    budget: str
    of: Callable[[Figures], float | None]
    form: str = "{:.2f}"


def value(name: str) -> Callable[[Figures], float | None]:
    """A figure itself."""
    return lambda figures: mid(figures, name)


ROWS = (
    Row("something true on the screen / empty Textual app", "0.25", ratio("something true", "empty app")),
    Row("four panes / empty Textual app", "1.15", ratio("panes", "empty app")),
    Row("saved rows / empty Textual app", "", ratio("saved rows", "empty app")),
    Row("live rows, nothing saved / empty Textual app", "1.6 at 1,000", ratio("live rows, no history", "empty app")),
    Row("live rows, nothing saved / visidata on a file", "0.9", ratio("live rows, no history", "visidata on a file")),
    Row("all live, nothing saved / visidata on a file", "0.8", ratio("live, no history", "visidata, whole")),
    Row("`--version` / `python -c pass`", "3", ratio("--version", "python -c pass")),
    Row("`list` / empty Textual app", "0.9 at 1,000", ratio("list", "empty app")),
    Row("`check` / empty Textual app", "0.9", ratio("check", "empty app")),
    Row("`list` / `curl \\| jq`", "", ratio("list", "curl | jq")),
    Row("first paint, all in: bytes", "", value("first paint: bytes"), "{:,.0f}"),
    Row("cursor down, zoomed: bytes", "120", value("down, zoomed: bytes"), "{:,.0f}"),
    Row("cursor down with detail: bytes", "500", value("down, with detail: bytes"), "{:,.0f}"),
    Row("cursor down, scrolling, zoomed: bytes", "200", value("down, scrolling, zoomed: bytes"), "{:,.0f}"),
    Row("cursor down, scrolling, with detail: bytes", "550", value("down, scrolling, with detail: bytes"), "{:,.0f}"),
    Row("page down, zoomed: bytes", "3,000", value("page down, zoomed: bytes"), "{:,.0f}"),
    Row("cursor down, zoomed: ms", "10", value("down, zoomed: ms"), "{:.1f}"),
    Row("end, zoomed: ms", "", value("end, zoomed: ms"), "{:.1f}"),
    Row("filter letter: ms", "60 at 10,000", value("filter letter: ms"), "{:.1f}"),
    Row("sort: ms", "60 at 10,000", value("sort: ms"), "{:.1f}"),
    Row("refresh without change: bytes", "0", value("refresh without change: bytes"), "{:,.0f}"),
    Row("idle: bytes a second", "0", value("idle: bytes a second"), "{:.0f}"),
    Row("idle: CPU %", "0.3", value("idle: CPU %")),
    Row(
        "held key, 16 kB/s: ms on after release",
        "200",
        value("held key on a slow line: ms after release"),
        "{:.0f}",
    ),
    Row("memory: MiB", "150 at 100,000", value("memory, MiB"), "{:.0f}"),
    Row("memory of visidata on the file: MiB", "", value("visidata: memory, MiB"), "{:.0f}"),
)


def table(found: dict[int, Figures]) -> str:
    """The figures as Markdown, a column for each number of restore points."""
    lines = ["| | budget |" + "".join(f" {number:,} |" for number in found), "|---|---|" + "---|" * len(found)]
    for row in ROWS:
        cells = [row.of(figures) for figures in found.values()]
        shown = "".join(f" {'-' if cell is None else row.form.format(cell)} |" for cell in cells)
        lines.append(f"| {row.what} | {row.budget} |{shown}")
    when = dt.datetime.now(dt.UTC).date().isoformat()
    about = f"{when}, {machine()}, Textual {version('textual')}, httpx {version('httpx')}; restore points by column."
    return "\n".join([*lines, "", about, ""])


def main() -> int:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[0, 100, 1_000, 10_000], metavar="N")
    parser.add_argument("--rounds", type=int, default=5, metavar="N")
    parser.add_argument("--json", type=Path, metavar="FILE", help="every figure, into a file")
    parser.add_argument("--write", action="store_true", help="put the table into the README")
    asked = parser.parse_args()
    found: dict[int, Figures] = {}
    for number in asked.sizes:
        sys.stderr.write(f"{number:,} restore points …\n")
        with tempfile.TemporaryDirectory() as folder:
            found[number] = Bench(Path(folder), number).run(asked.rounds)
    told = table(found)
    sys.stdout.write(told)
    if asked.json:
        asked.json.write_text(json.dumps(found, indent=2))
    if asked.write:
        before, _, rest = README.read_text(encoding="utf-8").partition(BEGIN)
        README.write_text(f"{before}{BEGIN}\n{told}\n{END}{rest.partition(END)[2]}", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
