"""The measurements run to their end; `pytest -m long -s` shows them."""

import sys

import pytest

from tests import processes
from tests.bench.site import LONGEST
from tests.bench.table import INSIDE, ROWS

SHORT = ("--sizes", "100", "--inside", "100", "--rounds", "1")


@pytest.mark.parametrize(
    "arguments", [pytest.param(SHORT, marks=pytest.mark.full), pytest.param((), marks=pytest.mark.long)]
)
def test_bench_prints_a_figure_of_every_row_that_has_a_budget(arguments: tuple[str, ...]) -> None:
    ran = processes.run([sys.executable, "-m", "tests.bench", *arguments], timeout=LONGEST, check=True)
    sys.stdout.write(ran.stdout)
    names = {row.what for row in (*ROWS, *INSIDE) if row.budget and "visidata" not in row.what}
    assert {name for name in names if f"\n| {name} | " not in ran.stdout} == set()
