"""A short run of every target, always the same; a long one; and inputs that failed once."""

import sys

import pytest

from tests import processes
from tests.fuzz.driver import Target, fuzz, smaller, tried
from tests.fuzz.makers import Texts
from tests.fuzz.pieces import pieces
from tests.fuzz.targets import TARGETS
from tests.suites import in_full

DAY = 24 * 3600

ONCE_WRONG = (
    ("wire", b'{"":[{"":{"":[Infinity]}}]}'),
    ("wire", b'{"backupName":NaN,"status":' + b"9" * 30 + b',"release":-1e999}'),
    (
        "judged",
        b'{"stores":{"backupStores":[{}]},"backups":{"backups":[{"relationalStore":[{"geodatabases":[NaN]}]}]}}',
    ),
    ("judged", b'{"stores":{"backupStores":[]},"settings":{"a":' + b"[" * 61 + b"]" * 61 + b"}}"),
    ("address", b"s/'"),
    ("address", b"gis.example.com/arcgis'/home"),
    ("text", "\u200d".encode()),
    ("text", "\u200dnightly".encode()),
)
"""Inputs that failed once, with their target."""


@pytest.mark.parametrize("inputs", in_full([1_000, 20_000], but=[1_000]))
@pytest.mark.parametrize("name", TARGETS)
def test_fuzzer_finds_no_failure_when_it_tries_some_inputs(name: str, inputs: int) -> None:
    share = sum(number for target, number, _ in pieces(list(TARGETS), inputs, "tests") if target == name)
    findings = fuzz(TARGETS[name], share, "tests", patience=0)
    assert not findings, "\n".join(map(str, findings))


@pytest.mark.long
def test_fuzzer_finds_no_failure_when_it_tries_a_million_inputs() -> None:
    ran = processes.run([sys.executable, "-m", "tests.fuzz"], timeout=DAY)
    sys.stdout.write(ran.stdout)
    assert ran.returncode == 0


@pytest.mark.parametrize(("name", "body"), ONCE_WRONG)
def test_target_accepts_an_input_when_it_failed_once(name: str, body: bytes) -> None:
    failure = tried(TARGETS[name], body, patience=0)
    assert failure is None, str(failure)


def test_fuzzer_finds_and_shrinks_an_input_when_it_raises() -> None:
    def run(body: bytes) -> None:
        if b"b" in body:
            raise KeyError(body)

    target = Target("broken", lambda: Texts(("aaaa", "aabaa")), run)
    (findings,) = fuzz(target, 50, "tests", patience=0)
    assert findings.body == b"b"
    assert "KeyError" in findings.failure
    assert "--only 'broken' --input Yg==" in str(findings)
    assert smaller(target, findings, 0) == findings
