"""Tests that failures caused by a restore are called expected, and no others."""

from typing import Any

import pytest

from drtui.core.analysis.assessment import assess
from drtui.core.analysis.operation import is_expected_during_restore
from drtui.core.formatting.durations import MINUTE
from drtui.core.model.failure import Failure, FailureKind
from drtui.core.model.site import DrStatus
from drtui.core.model.site_state import Fetched, SiteState, Source
from drtui.core.summary.headline import SIGNED_OUT_CODES, build_headline
from tests.conftest import NOW
from tests.core.points import backup, site_of

NEW = backup("new", 3)
RESTORING = DrStatus("in_progress", 1, "Restore", "vault", "new", start=NOW - 20 * MINUTE)
BACKING_UP = DrStatus("in_progress", 1, "Backup", "vault", "next", start=NOW - 20 * MINUTE)
RESTORED = DrStatus("success", 3, "Restore", "vault", "new", start=NOW - 20 * MINUTE, end=NOW - MINUTE)


def make_failure(code: str) -> Failure:
    return Failure(FailureKind.UNREACHABLE, code, f"it failed with {code}", "", "A cause.", "Some advice.")


def failed_state(status: DrStatus | None, code: str, source: Source = Source.LIVE) -> SiteState:
    """Return the state of a site that stopped answering after it reported `status`."""
    failure = make_failure(code)
    answer = None if status is None else Fetched(NOW - MINUTE, status, failure, source)
    failed: Fetched[Any] = Fetched(NOW, failure=failure)
    return SiteState("gis", stores=failed, status=answer, is_complete=True)


@pytest.mark.parametrize(
    ("status", "code", "is_expected"),
    [
        *((RESTORING, code, True) for code in ("connection-refused", "dropped", "timeout")),
        *((RESTORING, code, True) for code in ("404", "500", "502", "503", "504")),
        *((RESTORING, code, False) for code in ("dns", "tls", "proxy", "protocol", "shape", "too-large", "redirect")),
        *((RESTORING, code, False) for code in ("401", "403", "429", "498", "499")),
        (BACKING_UP, "503", False),
        (RESTORED, "503", False),
        (None, "503", False),
    ],
)
@pytest.mark.parametrize("source", [Source.LIVE, Source.SAVED])
def test_r37_failure_is_expected_when_a_restore_explains_it(
    status: DrStatus | None, code: str, is_expected: bool, source: Source
) -> None:
    site_state = failed_state(status, code, source)
    assert is_expected_during_restore(site_state, make_failure(code)) is is_expected
    first = build_headline(assess(site_state, NOW))[0]
    if is_expected:
        text = f"CANNOT TELL: Restore of new was running 60 s ago; it failed with {code} (normal during a restore)"
        assert first.text == text
    elif code in SIGNED_OUT_CODES:
        assert first.text.startswith("CANNOT TELL: Signed out")
    else:
        assert first.text == f"CANNOT TELL: It failed with {code}"
    assert first.tone == "warn"


def test_r37_headline_shows_the_operation_when_the_site_does_not_answer() -> None:
    lines = build_headline(assess(failed_state(BACKING_UP, "503"), NOW))
    assert "Backup next was running 60 s ago; it failed with 503" in [line.text for line in lines]


@pytest.mark.parametrize(
    ("codes", "words"),
    [
        (
            ("503", "404"),
            "CANNOT TELL: Restore of new was running 60 s ago; it failed with 404 (normal during a restore)",
        ),
        (("tls", "503"), "CANNOT TELL: Stores not read: it failed with tls"),
        (("503", "404"), "Operation unknown: status not readable (404), normal during a restore"),
        (("503", "tls"), "Operation unknown: status not readable (it failed with tls)"),
    ],
)
def test_r37_headline_calls_failures_expected_only_when_all_are(codes: tuple[str, str], words: str) -> None:
    site_state = site_of(NEW, status=Fetched(NOW - MINUTE, RESTORING, make_failure(codes[1])))
    assert site_state.stores is not None
    stores = Fetched(site_state.stores.at, site_state.stores.value, make_failure(codes[0]))
    lines = build_headline(assess(site_of(NEW, stores=stores, status=site_state.status), NOW))
    assert any(line.text.startswith(words) and line.tone == "warn" for line in lines)
