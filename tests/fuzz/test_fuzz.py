"""Some inputs for every target, always the same; more in the gate; and inputs that failed once."""

import pytest
from hypothesis import given, settings

from tests.fuzz.targets import TARGETS
from tests.suites import in_full

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


@pytest.mark.parametrize("times", in_full([0.25, 10], but=[0.25]))
@pytest.mark.parametrize("name", TARGETS)
def test_target_holds_when_inputs_are_hostile(name: str, times: float) -> None:
    examples = round(TARGETS[name].examples * times * settings().max_examples / 50)
    settings(max_examples=examples)(given(TARGETS[name].inputs)(TARGETS[name].run))()


@pytest.mark.parametrize(("name", "body"), ONCE_WRONG)
def test_target_holds_when_an_input_failed_once(name: str, body: bytes) -> None:
    TARGETS[name].run(body)
