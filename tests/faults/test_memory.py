"""A hostile site costs bounded memory and time, measured in a process of its own."""

import sys
from pathlib import Path

import pytest

from tests import processes
from tests.api.servers import answering_bytes
from tests.faults.gate import Gate
from tests.faults.matrix import Fault, bomb, nesting
from tests.suites import rows_in_full

MEASURED = """
import resource, sys
from drtui.__main__ import main
code = main(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, file=sys.stderr)
sys.exit(code)
"""
"""Code that runs drtui and prints its peak memory in MiB at the end of stderr."""

BOUND = 1_000
"""The limit in MiB: 512 for all answers together, and the processing of the last one. Usual are 580."""


@pytest.mark.parametrize(
    ("answer", "says"),
    rows_in_full([(bomb(1024), "the answer is larger than 512 MiB"), (nesting(200), "")], but=[]),
    ids=["1 GiB of nothing", "200 MiB of nesting"],
)
def test_memory_is_bounded_when_answers_are_huge(gate: Gate, ca_file: Path, answer: bytes, says: str) -> None:
    gate.switch(Fault("hostile", says, answering_bytes(answer)))
    arguments = ("list", gate.url, "--ca-file", str(ca_file), "--timeout", "60")
    ran = processes.run([sys.executable, "-c", MEASURED, *arguments], timeout=120)
    *_, message, peak = ran.stderr.splitlines()
    assert (ran.returncode, ran.stdout) == (3, "")
    assert says in message
    assert int(peak) < BOUND
