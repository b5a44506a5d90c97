"""What is new since somebody last looked, and that nothing is where nothing is known of before."""

import pytest
from msgspec.structs import replace

from drtui.core.analysis.changes import Change, PreviousLists, describe_changes, previous_lists
from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.times import DAY, HOUR, UTC
from drtui.core.model.failure import Failure, FailureKind
from drtui.core.model.site import Release, Site
from drtui.core.model.site_state import Fetched, SiteState, Source
from drtui.core.verdict.restore_points import restore_points
from tests.conftest import NOW
from tests.core.points import STORE, backup, reading

VIEW = DisplayContext(NOW, UTC)
EARLIER = NOW - 16 * HOUR
OLD, OTHER = backup("old", 30, record=b'{"a":1}'), backup("other", 40)
CLOUD = backup("there", 50, store="cloud")


def seen(*backups: object, at: int = EARLIER, **changes: object) -> SiteState:
    """What was read back then, and saved."""
    answer = Fetched(at, backups, source=Source.SAVED)
    return replace(reading(), stores=Fetched(at, (STORE,), source=Source.SAVED), backups={"vault": answer}, **changes)


def changes(then: SiteState, now: SiteState) -> dict[str, str | None]:
    since = previous_lists(then, NOW).fetched_only(now)
    found = {point.backup.name: since.classify(point) for point in restore_points(now, NOW)}
    return {name: None if change is None else change.value for name, change in found.items()}


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (OLD, None),
        (backup("new", 1), "new"),
        (backup("old", 3), "new"),
        (replace(OLD, record=b'{"a":2}'), "changed"),
        (replace(OLD, start=None), "new"),
    ],
    ids=["as it was", "another name", "the same name used again", "another record", "its start is gone"],
)
def test_what_is_new_and_what_has_changed(now: object, expected: str | None) -> None:
    (change,) = changes(seen(OLD), reading(now)).values()  # type: ignore[arg-type]
    assert change == expected


def test_two_of_one_name_and_one_moment_are_as_they_were() -> None:
    twins = (OLD, replace(OLD, record=b'{"b":1}'))
    since = previous_lists(seen(*twins), NOW).fetched_only(reading(*twins))
    assert [since.classify(point) for point in restore_points(reading(*twins), NOW)] == [None, None]
    (change,) = changes(seen(*twins), reading(replace(OLD, record=b"{}"))).values()
    assert change == "changed"


def test_a_first_one_in_a_store_that_was_empty_is_new() -> None:
    assert changes(seen(), reading(OLD)) == {"old": "new"}


def test_another_verdict_is_a_change_though_the_record_is_the_same() -> None:
    upgraded = replace(reading(OLD), site=Fetched(NOW, Site(Release.parse("11.5.0"))))
    assert changes(seen(OLD), upgraded) == {"old": "changed"}
    expiring = replace(OLD, retention=NOW - HOUR)
    assert changes(seen(expiring), reading(expiring)) == {"old": "changed"}
    assert changes(seen(expiring, at=NOW + DAY), reading(expiring)) == {"old": None}


def test_of_a_list_that_is_only_known_from_before_nothing_is_new() -> None:
    assert changes(seen(OLD), seen(OLD, backup("later", 1))) == {"old": None, "later": None}
    failed = Fetched(EARLIER, (OLD,), Failure(FailureKind.UNREACHABLE, "dns", "no answer"), Source.SAVED)
    assert changes(seen(), replace(reading(), backups={"vault": failed})) == {"old": None}


def test_of_a_store_of_which_nothing_was_known_nothing_is_new() -> None:
    both = replace(reading(backup("new", 1)), backups={**reading(OLD).backups, "cloud": Fetched(NOW, (CLOUD,))})
    assert changes(seen(OLD), both) == {"old": None, "there": None}
    unread = replace(seen(OLD), backups={"vault": Fetched(EARLIER, failure=Failure(FailureKind.REFUSED, "403", "no"))})
    assert changes(unread, reading(OLD)) == {"old": None}


def test_a_store_first_read_now_is_known_from_now_on() -> None:
    first = replace(reading(), backups={"cloud": Fetched(NOW, (CLOUD,))})
    known = previous_lists(seen(OLD), NOW).with_unlisted(first, restore_points(first, NOW))
    assert known.at == EARLIER
    later = replace(reading(OLD), backups={"cloud": Fetched(NOW, (CLOUD, replace(CLOUD, name="more")))})
    since = known.fetched_only(later)
    assert [since.classify(point) for point in restore_points(later, NOW)] == [None, Change.NEW]
    assert known.with_unlisted(first, restore_points(first, NOW)) is known


def test_nothing_known_of_before_is_nothing_new() -> None:
    since = PreviousLists().fetched_only(reading(OLD))
    assert since == PreviousLists()
    assert [since.classify(point) for point in restore_points(reading(OLD), NOW)] == [None]
    assert describe_changes(restore_points(reading(OLD), NOW), since, VIEW) == ""


@pytest.mark.parametrize(
    ("listed", "said"),
    [
        ((OLD, OTHER), ""),
        ((OLD, OTHER, backup("new", 1)), "1 new since 22:13 yesterday"),
        ((replace(OLD, record=b"{}"), backup("b", 1), backup("c", 2)), "2 new, 1 changed since 22:13 yesterday"),
        ((OLD,), ""),
    ],
)
def test_how_many_and_since_when(listed: tuple[object, ...], said: str) -> None:
    now = reading(*listed)  # type: ignore[arg-type]
    assert (
        describe_changes(restore_points(now, NOW), previous_lists(seen(OLD, OTHER), NOW).fetched_only(now), VIEW)
        == said
    )


def test_the_signs_are_one_cell_and_ascii() -> None:
    assert [change.sign for change in Change] == ["+", "~"]
