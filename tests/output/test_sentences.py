"""A restore point, and a failure, as sentences."""

import datetime as dt

import pytest
from msgspec.structs import replace

from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.durations import DAY, HOUR
from drtui.core.model.backup import NEVER
from drtui.core.model.failure import Failure, FailureKind
from drtui.output.sentences import failure_sentences, restore_point_sentence
from tests.conftest import NOW
from tests.core.points import backup, points_of, site_of


@pytest.mark.parametrize(
    ("retention", "expected_text"),
    [
        (NOW + 29 * DAY, "expires in 29 d"),
        (NOW - 2 * HOUR, "expired 2 h ago"),
        (NEVER, "never expires"),
        (None, "expires unknown"),
    ],
)
def test_sentence_says_when_a_restore_point_expires(retention: int | None, expected_text: str) -> None:
    (document,) = points_of(site_of(replace(backup("nightly", 3), retention=retention)))
    name, _, rest = restore_point_sentence(document, DisplayContext(NOW, dt.UTC)).partition(": ")
    facts = rest.partition(": ")[0].split(", ")
    assert (name, facts[1:]) == ("nightly", ["3 h old", expected_text, "in vault"])


@pytest.mark.parametrize(
    ("name", "expected_text"),
    [("n" * 60, "n" * 60), ("n" * 61, f"{'n' * 29}⋯{'n' * 30}"), ("", "(no name)")],
    ids=["60 cells", "61 cells", "none"],
)
def test_sentence_cuts_a_name_when_it_is_longer_than_60_cells(name: str, expected_text: str) -> None:
    (document,) = points_of(site_of(backup(name, 3)))
    assert restore_point_sentence(document, DisplayContext(NOW, dt.UTC)).partition(": ")[0] == expected_text


def test_failure_sentences_name_doctor_when_the_connection_failed() -> None:
    failure = Failure(FailureKind.UNREACHABLE, "dns", "unknown host h", advice="Check it.", site="https://h/arcgis")
    sentences = list(failure_sentences("stores", failure))
    assert sentences == ["stores: unreachable: unknown host h", "Check it. Or run drtui doctor https://h/arcgis"]
