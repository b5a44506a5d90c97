"""`python -m tests.mutation`: change the program in one place at a time, and report changes that no test notices."""

import argparse
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.mutation.mutants import Mutant, mutants_of, sample
from tests.mutation.runs import ROOT, Copy, Outcome, Record, read

PATHS = ("drtui/session", "drtui/output", "drtui/storage", "drtui/cli/exit_codes.py")
CODES = ("drtui/cli", "drtui/__main__.py")
TESTS = (
    "tests/session",
    "tests/output",
    "tests/storage",
    "tests/cli",
    "tests/core/wire/test_history_archive.py",
)


def arguments() -> argparse.Namespace:
    """Return the arguments of the command."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("--seed", type=int, default=15, metavar="N", help="the same seed makes the same mutants")
    parser.add_argument("--count", type=int, default=300, metavar="N", help="mutants")
    parser.add_argument("--paths", nargs="+", default=PATHS, metavar="PATH", help="files and folders to change")
    parser.add_argument(
        "--codes",
        nargs="*",
        default=CODES,
        metavar="PATH",
        help="files and folders of which only returns and raises are",
    )
    parser.add_argument("--tests", nargs="+", default=TESTS, metavar="PATH", help="tests that may notice")
    parser.add_argument("--processes", type=int, default=2, choices=(1, 2), help="at once")
    parser.add_argument("--budget", type=float, default=60, metavar="SECONDS", help="of tests for one mutant")
    parser.add_argument("--record", type=Path, metavar="FILE", help="what each test executes; made if it is not there")
    parser.add_argument("--output", type=Path, metavar="FILE", help="a table of what came of each, row by row")
    parser.add_argument("--only", type=int, nargs="*", metavar="N", help="of the sample only these, counted from 1")
    return parser.parse_args()


def files(paths: Sequence[str]) -> Iterator[Path]:
    """Return the Python files under these paths, in order."""
    for root in paths:
        path = ROOT / root
        yield from sorted(path.rglob("*.py")) if path.is_dir() else [path]


def mutants(options: argparse.Namespace) -> list[Mutant]:
    """Return the sample of mutants."""
    whole = list(files(options.paths))
    all_mutants = [mutant for path in whole for mutant in mutants_of(path, ROOT)]
    codes = [path for path in files(options.codes) if path not in whole]
    all_mutants += [mutant for path in codes for mutant in mutants_of(path, ROOT, codes_only=True)]
    chosen = sample(all_mutants, options.seed, options.count)
    sys.stderr.write(f"{len(chosen)} of {len(all_mutants)} mutants\n")
    return chosen if options.only is None else [chosen[number - 1] for number in options.only]


def run(chosen: Sequence[Mutant], copies: Sequence[Copy], record: Record, options: argparse.Namespace) -> list[Outcome]:
    """Try the mutants, one at a time in each copy, until interrupted."""
    waiting, outcomes, turn = list(enumerate(chosen, 1)), list[Outcome](), threading.Lock()

    def work(copy: Copy) -> None:
        while True:
            with turn:
                if not waiting:
                    return
                number, mutant = waiting.pop(0)
            named = record.of(mutant, options.budget)
            outcome = copy.try_out(mutant, named, sum(record.seconds[test] for test in named))
            with turn:
                outcomes.append(outcome)
                sys.stderr.write(f"{len(outcomes)}/{len(chosen)} {outcome.result} {outcome.seconds:.0f} s {mutant}\n")
                if options.output is not None:
                    with options.output.open("a", encoding="utf-8") as table:
                        table.write(f"{number}\t{outcome.row}")

    workers = [threading.Thread(target=work, args=(copy,)) for copy in copies]
    for worker in workers:
        worker.start()
    try:
        for worker in workers:
            worker.join()
    except KeyboardInterrupt:  # the current mutants are still completed
        with turn:
            waiting.clear()
        for worker in workers:
            worker.join()
    return outcomes


def main() -> int:
    """Try the mutants, print how many were noticed and which were not, and return 1 if any was not."""
    options = arguments()
    begun = time.monotonic()
    chosen = mutants(options)
    with ExitStack() as stack:
        folders = [
            Path(stack.enter_context(TemporaryDirectory(prefix="mutation-"))) for _ in range(options.processes + 1)
        ]
        copies = [Copy(folder) for folder in folders[1:]]
        record = options.record or folders[0] / "record.json"
        if not record.exists():
            copies[0].learn(options.tests, record, timeout=3_600)
        baseline = read(record)
        copies[0].find(list(baseline.seconds))
        sys.stderr.write(f"{len(baseline.seconds)} tests\n")
        outcomes = run(chosen, copies, baseline, options)
    counted = Counter(outcome.result for outcome in outcomes)
    sys.stdout.write(f"seed {options.seed}, {len(outcomes)} mutants in {time.monotonic() - begun:.0f} s: ")
    sys.stdout.write(", ".join(f"{number} {result}" for result, number in counted.most_common()) + "\n")
    unnoticed = [outcome for outcome in outcomes if outcome.result in {"survived", "untested"}]
    for outcome in unnoticed:
        sys.stdout.write(f"{outcome.result}: {outcome.mutant}\n")
    return int(bool(unnoticed))


if __name__ == "__main__":
    sys.exit(main())
