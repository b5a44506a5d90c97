"""Run the tests in copies of the tree: once to learn what each test executes, then for each mutant."""

import json
import os
import re
import shutil
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from tests.mutation.mutants import Mutant
from tests.mutation.plugin import RECORD
from tests.processes import run, started

ROOT = Path(__file__).parents[2]

PYTEST = (sys.executable, "-m", "pytest", "-o", "addopts=", "-p", "no:cacheprovider", "-p", "no:randomly", "-q")
"""Options: one process, in the given order."""

STARTING = 30.0
"""Seconds of a run beyond three times those of its tests."""


class Record(NamedTuple):
    """Lines that each test executes, and its seconds."""

    seconds: Mapping[str, float]
    """Seconds of each test that passes, by its name."""
    lines: Mapping[str, Mapping[str, Sequence[int]]]
    """By file and line: the positions of the tests in `seconds`."""

    def of(self, mutant: Mutant, budget: float) -> list[str]:
        """Return the tests that execute a mutant's lines, those of its own folder first, until `budget` seconds."""
        by_line = self.lines.get(mutant.path, {})
        if mutant.in_function:
            tests = {str(number) for number in range(mutant.line, mutant.end + 1)}
            named = {position for line in tests & by_line.keys() for position in by_line[line]}
        else:  # executed by the import of the file, before any test: every test that uses the file may notice it
            named = {position for positions in by_line.values() for position in positions}
        names = list(self.seconds)
        area = "/".join(["tests", *Path(mutant.path).parts[1:-1]])
        ordered = sorted(
            (names[position] for position in named),
            key=lambda test: (not test.startswith(f"{area}/"), self.seconds[test], test),
        )
        chosen, total = list[str](), 0.0
        for test in ordered:
            total += self.seconds[test]
            if total > budget and chosen:
                break
            chosen.append(test)
        return chosen


class Outcome(NamedTuple):
    """The result of the tests on a mutant."""

    mutant: Mutant
    result: str
    """`killed`, `timeout`, `survived` or `untested`."""
    test: str
    """Name of the test that failed."""
    tests: int
    seconds: float

    @property
    def row(self) -> str:
        """Return one line of a table."""
        about = (str(self.mutant), self.result, self.test, str(self.tests), f"{self.seconds:.1f}")
        return "\t".join(about) + "\n"


class Copy:
    """A copy of the tree whose files can be changed.

    Args:
        folder: where it is made.
    """

    def __init__(self, folder: Path) -> None:
        self.root = folder
        self._changes = 0
        listed = run(["git", "-C", ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard"], check=True)
        for name in filter(None, listed.stdout.split("\0")):
            if (ROOT / name).is_file():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, folder / name)

    @property
    def _environment(self) -> dict[str, str]:
        """The environment: the copy is first on the path, also in started programs; hashes of numbers are stable."""
        return {**os.environ, "PYTHONPATH": str(self.root), "PYTHONHASHSEED": "0"}

    def learn(self, tests: Sequence[str], record: Path, timeout: float) -> None:
        """Run tests, and write into `record` what each of them executes.

        Raises:
            SystemExit: the run came to no end.
        """
        environment = {**self._environment, RECORD: str(record)}
        command = [*PYTEST, "-m", "not full and not long", "-p", "tests.mutation.plugin", *tests]
        with started(command, timeout=timeout, environment=environment, cwd=self.root) as process:
            result, _ = process.communicate()
        if not record.exists():
            sys.exit(f"the tests did not run to their end:\n{result[-2_000:]}")

    def find(self, tests: Sequence[str]) -> None:
        """Check that each of these tests is found by its name.

        Raises:
            SystemExit: one is not, so that every mutant would seem to be noticed by it.
        """
        command = [*PYTEST, "--collect-only", self._listed(tests)]
        with started(command, environment=self._environment, cwd=self.root) as process:
            result, _ = process.communicate()
        if process.returncode:
            sys.exit(f"not every test is found by its name:\n{result[-2_000:]}")

    def _listed(self, tests: Sequence[str]) -> str:
        """Write names of tests into a file; return the argument by which pytest reads it."""
        listed = self.root / "tests-to-run.txt"
        listed.write_text("\n".join(tests), encoding="utf-8")
        return f"@{listed}"

    def try_out(self, mutant: Mutant, tests: Sequence[str], seconds: float) -> Outcome:
        """Run tests, which took this many seconds, on a mutant; return the result."""
        if not tests:
            return Outcome(mutant, "untested", "", 0, 0.0)
        path, begun = self.root / mutant.path, time.monotonic()
        before = path.read_text(encoding="utf-8")
        try:
            self._write(path, mutant.text)
            command = [*PYTEST, "-x", self._listed(tests)]
            timeout = STARTING + 3 * seconds
            with started(command, timeout=timeout, environment=self._environment, cwd=self.root) as process:
                completed, _ = process.communicate()
            result = "survived" if process.returncode == 0 else "killed"
            if process.returncode < 0 and time.monotonic() - begun >= timeout:
                result = "timeout"
        finally:
            self._write(path, before)
        failure = re.findall(r"^(?:FAILED|ERROR) (\S+)", completed, re.MULTILINE)
        test = failure[0] if failure else ""
        return Outcome(mutant, result, test, len(tests), time.monotonic() - begun)

    def _write(self, path: Path, text: str) -> None:
        """Write a file with a new time: Python takes a compiled file of the same second and size for current."""
        path.write_text(text, encoding="utf-8")
        self._changes += 1
        os.utime(path, (1_000_000_000 + 2 * self._changes,) * 2)


def read(record: Path) -> Record:
    """Return the record of an earlier run."""
    content = json.loads(record.read_text(encoding="utf-8"))
    return Record(content["seconds"], content["lines"])
