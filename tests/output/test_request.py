"""The URL and the request of a restore point."""

import pytest

from drtui.core.analysis.assessment import assess
from drtui.output.runbook import record_url
from tests.conftest import NOW
from tests.core.points import backup, site_of


@pytest.mark.parametrize(
    ("name", "segment"),
    [("nightly 1", "nightly%201"), ("a/b?c", "a%2Fb%3Fc"), ("..", "%2E%2E"), (".", "%2E"), ("v1.2", "v1.2")],
)
def test_record_url_has_one_segment_for_a_name(name: str, segment: str) -> None:
    assessment = assess(site_of(backup(name, 3)), NOW)
    assert record_url(assessment, assessment.points[0]).endswith(f"/stores/vault/backups/{segment}")
