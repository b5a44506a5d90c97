"""Every fault with the commands: the cause on stderr, the exit code, and never an empty list."""

from pathlib import Path

import pytest

from tests.cli.running import run
from tests.faults.gate import Gate
from tests.faults.matrix import DEFAULT_FAULTS, EMPTY_LIST_WORDS, FAULTS, HALF, SITUATIONS, Fault
from tests.suites import in_full

TROUBLESHOOTING = Path(__file__).parents[2] / "drtui" / "docs" / "troubleshooting.md"

every_fault = pytest.mark.parametrize("fault", in_full(FAULTS, but=DEFAULT_FAULTS), ids=lambda fault: fault.name)


def asking(gate: Gate, ca_file: Path, fault: Fault) -> tuple[str, ...]:
    return gate.url, "--ca-file", str(ca_file), "--timeout", "1" if fault.stalls else "20"


@every_fault
def test_list_prints_cause_and_exit_code_when_the_site_fails(
    gate: Gate, ca_file: Path, fault: Fault, capsys: pytest.CaptureFixture[str]
) -> None:
    gate.switch(fault)
    ran = run(capsys, "list", *asking(gate, ca_file, fault))
    assert ran.code == fault.code
    assert fault.cause_words in ran.err
    assert "Traceback" not in ran.err
    assert not any(words in ran.err + ran.out for words in EMPTY_LIST_WORDS)
    assert len(ran.out.splitlines()) == (35 if fault is HALF else 0)


@every_fault
def test_check_is_unknown_when_the_site_fails(
    gate: Gate, ca_file: Path, fault: Fault, capsys: pytest.CaptureFixture[str]
) -> None:
    gate.switch(fault)
    ran = run(capsys, "check", *asking(gate, ca_file, fault))
    assert ran.code == 3
    assert "UNKNOWN" in ran.out
    assert fault.cause_words in ran.out


def test_troubleshooting_states_the_number_of_faults() -> None:
    count = f"{len(FAULTS)} faults in {len(SITUATIONS)} situations, {len(FAULTS) * len(SITUATIONS)} cases"
    assert count in " ".join(TROUBLESHOOTING.read_text(encoding="utf-8").split())
