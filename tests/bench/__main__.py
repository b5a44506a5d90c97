"""Measure, print the tables, and with `--write` put them into docs/performance.md."""

import argparse
import json
import sys
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.inside import GEODATABASES, Inside
from tests.bench.measure import FEWEST, Bench, Figures, side_by_side
from tests.bench.table import INSIDE, ROWS, about, table

DOCUMENT = Path(__file__).parents[2] / "drtui" / "docs" / "performance.md"
BEGIN, END = "<!-- measured: made by python -m tests.bench --write -->\n", "<!-- end of measured -->"


def say(text: str) -> None:
    """Print the progress."""
    sys.stderr.write(f"{text}\n")


def measured(sizes: list[int], rounds: int) -> dict[int, Figures]:
    """Return the figures of sites of these sizes; the same keys on all of them in turn come last."""
    with ExitStack() as stack:
        benches = [Bench(Path(stack.enter_context(TemporaryDirectory())), number) for number in sizes]
        for bench in benches:
            say(f"{bench.number:,} restore points …")
            bench.run(rounds)
        say("in turn …")
        side_by_side([bench for bench in benches if bench.number >= FEWEST])
        return {bench.number: bench.figures for bench in benches}


def inside(number: int, rounds: int) -> dict[int, Figures]:
    """Return the figures of the screens that look into this many restore points."""
    say(f"{number:,} restore points with {GEODATABASES} geodatabases each …")
    with TemporaryDirectory() as folder:
        bench = Inside(Path(folder), number, GEODATABASES)
        bench.run(rounds)
        return {number: bench.figures}


def main() -> int:
    """Measure what the arguments select."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="*", default=[0, 100, 1_000, 10_000, 100_000], metavar="N")
    parser.add_argument("--inside", type=int, default=10_000, metavar="N", help="restore points to look into; 0: not")
    parser.add_argument("--rounds", type=int, default=3, metavar="N")
    parser.add_argument("--json", type=Path, metavar="FILE", help="every figure, into a file")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/performance.md")
    arguments = parser.parse_args()
    tables, figures = [about(), ""], {}
    if arguments.sizes:
        figures["sites"] = measured(arguments.sizes, arguments.rounds)
        tables.append(table(ROWS, figures["sites"], "restore points"))
    if arguments.inside:
        figures["inside"] = inside(arguments.inside, arguments.rounds)
        tables.append(table(INSIDE, figures["inside"], f"restore points with {GEODATABASES} geodatabases each"))
    text = "\n".join(tables)
    sys.stdout.write(text)
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=2))
    if arguments.write:
        before, _, rest = DOCUMENT.read_text(encoding="utf-8").partition(BEGIN)
        DOCUMENT.write_text(f"{before}{BEGIN}\n{text}\n{END}{rest.partition(END)[2]}", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
