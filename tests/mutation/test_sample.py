"""The sample of mutants is tried to its end; `pytest -m long -s` shows which of them no test notices."""

import sys

import pytest

from tests import processes

HOURS = 3600


@pytest.mark.long
def test_mutation_tries_every_mutant_when_it_runs_the_sample() -> None:
    ran = processes.run([sys.executable, "-m", "tests.mutation"], timeout=12 * HOURS)
    sys.stdout.write(ran.stdout)
    assert ", 300 mutants in " in ran.stdout, ran.stderr
