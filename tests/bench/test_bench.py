"""The benchmarks run to their end; `pytest -m long -s` shows them."""

import sys

import pytest

from tests import processes
from tests.bench.site import LONGEST
from tests.bench.table import INSIDE, ROWS

SHORT = ("--sizes", "100", "--inside", "100", "--rounds", "1")

MORE = (" / at 100", " again, ")
"""Words in rows that compare two sizes, or a second round with the first."""


@pytest.mark.parametrize(
    ("arguments", "missing"),
    [
        pytest.param(SHORT, ("visidata", *MORE), marks=pytest.mark.full),
        pytest.param((), ("visidata",), marks=pytest.mark.long),
    ],
)
def test_bench_prints_every_row_when_it_has_a_budget(arguments: tuple[str, ...], missing: tuple[str, ...]) -> None:
    ran = processes.run([sys.executable, "-m", "tests.bench", *arguments], timeout=LONGEST, check=True)
    sys.stdout.write(ran.stdout)
    rows = [row for row in (*ROWS, *INSIDE) if row.budget]
    names = {row.label for row in rows if not any(word in row.label for word in missing)}
    assert {name for name in names if f"\n| {name} | " not in ran.stdout} == set()
