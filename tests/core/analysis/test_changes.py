"""Tests of new and changed restore points since the previous lists."""

import pytest
from msgspec.structs import replace

from drtui.core.analysis.changes import Change, PreviousLists, describe_changes, make_previous_lists
from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.durations import DAY, HOUR
from drtui.core.formatting.times import UTC
from drtui.core.model.failure import Failure, FailureKind
from drtui.core.model.site import Release, Site
from drtui.core.model.site_state import Fetched, SiteState, Source
from drtui.core.verdict.restore_points import restore_points
from drtui.core.verdict.rules import SiteFacts
from tests.conftest import NOW
from tests.core.points import STORE, backup, site_of

VIEW = DisplayContext(NOW, UTC)
EARLIER = NOW - 16 * HOUR
OLD, OTHER = backup("old", 30, record=b'{"a":1}'), backup("other", 40)
CLOUD = backup("there", 50, store="cloud")


def saved_state(*backups: object, at: int = EARLIER, **changes_by_name: object) -> SiteState:
    """Return a saved site state of an earlier time."""
    answer = Fetched(at, backups, source=Source.SAVED)
    return replace(
        site_of(), stores=Fetched(at, (STORE,), source=Source.SAVED), backups={"vault": answer}, **changes_by_name
    )


def changes_by_name(previous_state: SiteState, current_state: SiteState) -> dict[str, str | None]:
    previous = make_previous_lists(previous_state, NOW).fetched_only(current_state)
    by_name = {
        point.backup.name: previous.classify(point) for point in restore_points(SiteFacts.of(current_state, NOW))
    }
    return {name: None if change is None else change.value for name, change in by_name.items()}


@pytest.mark.parametrize(
    ("current", "expected"),
    [
        (OLD, None),
        (backup("new", 1), "new"),
        (backup("old", 3), "new"),
        (replace(OLD, record=b'{"a":2}'), "changed"),
        (replace(OLD, start=None), "new"),
    ],
    ids=["as it was", "another name", "the same name used again", "another record", "its start is gone"],
)
def test_classify_returns_new_or_changed_when_a_record_differs(current: object, expected: str | None) -> None:
    (change,) = changes_by_name(saved_state(OLD), site_of(current)).values()  # type: ignore[arg-type]
    assert change == expected


def test_classify_returns_no_change_when_two_backups_share_name_and_start() -> None:
    twins = (OLD, replace(OLD, record=b'{"b":1}'))
    previous = make_previous_lists(saved_state(*twins), NOW).fetched_only(site_of(*twins))
    assert [previous.classify(point) for point in restore_points(SiteFacts.of(site_of(*twins), NOW))] == [None, None]
    (change,) = changes_by_name(saved_state(*twins), site_of(replace(OLD, record=b"{}"))).values()
    assert change == "changed"


def test_classify_returns_new_when_the_store_was_empty() -> None:
    assert changes_by_name(saved_state(), site_of(OLD)) == {"old": "new"}


def test_classify_returns_changed_when_only_the_verdict_differs() -> None:
    upgraded = replace(site_of(OLD), site=Fetched(NOW, Site(Release.parse("11.5.0"))))
    assert changes_by_name(saved_state(OLD), upgraded) == {"old": "changed"}
    expiring = replace(OLD, retention=NOW - HOUR)
    assert changes_by_name(saved_state(expiring), site_of(expiring)) == {"old": "changed"}
    assert changes_by_name(saved_state(expiring, at=NOW + DAY), site_of(expiring)) == {"old": None}


def test_classify_returns_no_change_when_the_current_list_is_saved() -> None:
    assert changes_by_name(saved_state(OLD), saved_state(OLD, backup("later", 1))) == {"old": None, "later": None}
    failed = Fetched(EARLIER, (OLD,), Failure(FailureKind.UNREACHABLE, "dns", "no answer"), Source.SAVED)
    assert changes_by_name(saved_state(), replace(site_of(), backups={"vault": failed})) == {"old": None}


def test_classify_returns_no_change_when_the_store_has_no_previous_list() -> None:
    two_stores = replace(site_of(backup("new", 1)), backups={**site_of(OLD).backups, "cloud": Fetched(NOW, (CLOUD,))})
    assert changes_by_name(saved_state(OLD), two_stores) == {"old": None, "there": None}
    unread = replace(
        saved_state(OLD), backups={"vault": Fetched(EARLIER, failure=Failure(FailureKind.REFUSED, "403", "no"))}
    )
    assert changes_by_name(unread, site_of(OLD)) == {"old": None}


def test_with_unlisted_adds_lists_when_a_store_is_read_first() -> None:
    first_state = replace(site_of(), backups={"cloud": Fetched(NOW, (CLOUD,))})
    previous = make_previous_lists(saved_state(OLD), NOW).with_unlisted(
        first_state, restore_points(SiteFacts.of(first_state, NOW))
    )
    assert previous.listed_at == EARLIER
    later_state = replace(site_of(OLD), backups={"cloud": Fetched(NOW, (CLOUD, replace(CLOUD, name="more")))})
    fetched = previous.fetched_only(later_state)
    assert [fetched.classify(point) for point in restore_points(SiteFacts.of(later_state, NOW))] == [None, Change.NEW]
    assert previous.with_unlisted(first_state, restore_points(SiteFacts.of(first_state, NOW))) is previous


def test_classify_returns_no_change_when_there_are_no_previous_lists() -> None:
    previous = PreviousLists().fetched_only(site_of(OLD))
    assert previous == PreviousLists()
    assert [previous.classify(point) for point in restore_points(SiteFacts.of(site_of(OLD), NOW))] == [None]
    assert describe_changes(restore_points(SiteFacts.of(site_of(OLD), NOW)), previous, VIEW) == ""


@pytest.mark.parametrize(
    ("backups", "expected"),
    [
        ((OLD, OTHER), ""),
        ((OLD, OTHER, backup("new", 1)), "1 new since 22:13 yesterday"),
        ((replace(OLD, record=b"{}"), backup("b", 1), backup("c", 2)), "2 new, 1 changed since 22:13 yesterday"),
        ((OLD,), ""),
    ],
)
def test_describe_changes_counts_new_and_changed_with_the_previous_time(
    backups: tuple[object, ...], expected: str
) -> None:
    current_state = site_of(*backups)  # type: ignore[arg-type]
    assert (
        describe_changes(
            restore_points(SiteFacts.of(current_state, NOW)),
            make_previous_lists(saved_state(OLD, OTHER), NOW).fetched_only(current_state),
            VIEW,
        )
        == expected
    )


def test_change_sign_is_one_ascii_cell() -> None:
    assert [change.sign for change in Change] == ["+", "~"]
