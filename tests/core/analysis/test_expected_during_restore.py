"""What a restore brings about is said to be expected; everything else stays an alarm."""

from typing import Any

import pytest

from drtui.core.analysis.assessment import assess
from drtui.core.analysis.operation import is_expected_during_restore
from drtui.core.formatting.times import MINUTE
from drtui.core.model.failure import Failure, FailureKind
from drtui.core.model.site import DrStatus
from drtui.core.model.site_state import Fetched, SiteState, Source
from drtui.core.summary.headline import headline
from tests.conftest import NOW
from tests.core.points import backup, reading

NEW = backup("new", 3)
RESTORING = DrStatus("in_progress", 1, "Restore", "vault", "new", start=NOW - 20 * MINUTE)
BACKING_UP = DrStatus("in_progress", 1, "Backup", "vault", "next", start=NOW - 20 * MINUTE)
RESTORED = DrStatus("success", 3, "Restore", "vault", "new", start=NOW - 20 * MINUTE, end=NOW - MINUTE)


def trouble(code: str) -> Failure:
    return Failure(FailureKind.UNREACHABLE, code, f"it failed with {code}", "", "A cause.", "Some advice.")


def after(status: DrStatus | None, code: str, source: Source = Source.LIVE) -> SiteState:
    """A site of which no more is known than how its last operation stood, and that it has not answered since."""
    why = trouble(code)
    known = None if status is None else Fetched(NOW - MINUTE, status, why, source)
    failed: Fetched[Any] = Fetched(NOW, failure=why)
    return SiteState("gis", stores=failed, status=known, is_complete=True)


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
def test_r37_which_failures_a_restore_explains(
    status: DrStatus | None, code: str, is_expected: bool, source: Source
) -> None:
    found = after(status, code, source)
    assert is_expected_during_restore(found, trouble(code)) is is_expected
    first = headline(assess(found, NOW))[0]
    if is_expected:
        assert first.text == f"Cannot tell, expected while a restore goes on: it failed with {code}"
        assert first.tone == "warn"
    else:
        assert (first.text, first.tone) == (f"Cannot tell: it failed with {code}", "bad")


def test_r37_the_headline_goes_on_with_the_restore() -> None:
    told = headline(assess(after(RESTORING, "503"), NOW))
    assert told[1].text.startswith("Restore of new was going on for 19 min when the site last said so, 60 s ago")


@pytest.mark.parametrize(
    ("codes", "words"),
    [
        (("503", "404"), "Could not be read, expected while a restore goes on: stores (it failed with 503)"),
        (("tls", "503"), "Could not be read: stores (it failed with tls)"),
        (("503", "404"), "Operation unknown: status could not be read (404), expected while a restore goes on"),
        (("503", "tls"), "Operation unknown: status could not be read (it failed with tls)"),
    ],
)
def test_r37_with_a_list_every_failure_has_to_be_one_that_a_restore_brings(codes: tuple[str, str], words: str) -> None:
    found = reading(NEW, status=Fetched(NOW - MINUTE, RESTORING, trouble(codes[1])))
    assert found.stores is not None
    kept = Fetched(found.stores.at, found.stores.value, trouble(codes[0]))
    told = headline(assess(reading(NEW, stores=kept, status=found.status), NOW))
    assert (words, "warn") in [(each.text, each.tone) for each in told]
