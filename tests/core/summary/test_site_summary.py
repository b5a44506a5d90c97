"""Several sites side by side: worst first, and unknown is never fine."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from drtui.core.formatting.times import DAY, HOUR, MINUTE
from drtui.core.model.failure import Failure, FailureKind
from drtui.core.model.site import DrStatus, Schedule
from drtui.core.model.site_state import Fetched, SiteState, Source
from drtui.core.summary.health_check import Grade
from drtui.core.summary.site_summary import WORST_FIRST, SiteSummary, grade_label, sort_worst_first, summarize_site
from tests.conftest import NOW
from tests.core.points import all_read, backup

DOWN = Failure(FailureKind.UNREACHABLE, "dns", "no host is called gis")
NO = Failure(FailureKind.REFUSED, "403", "the site refuses", "not for you")
TOO_OLD = "newest usable restore point is 2 d 12 h old (a), more than 2 d"
FORBIDDEN = all_read(backup("a", 3), schedules=Fetched(NOW, failure=NO))
NIGHTLY = Schedule("t", "CreateBackup", "Nightly", "nightly", "vault", "active", active=True, cron="0 0 2 * * ?")


def saved(found: SiteState, trouble: Failure | None = None) -> SiteState:
    """A reading that was saved by an earlier look, whatever a look of now brought."""

    def old(answer: Any) -> Any:
        return answer and replace(answer, source=Source.SAVED, failure=trouble)

    backups = {name: old(answer) for name, answer in found.backups.items()}
    return replace(found, site=old(found.site), stores=old(found.stores), backups=backups)


def failed(trouble: Failure) -> SiteState:
    return SiteState("x", stores=Fetched(NOW, failure=trouble), is_complete=True)


def partly(found: SiteState, trouble: Failure) -> SiteState:
    return replace(found, backups={**found.backups, "vault": Fetched(NOW, failure=trouble)})


READINGS = {
    "empty": all_read(),
    "too old": all_read(backup("a", 60)),
    "much too old": all_read(backup("a", 100)),
    "old": all_read(backup("a", 30)),
    "missed": all_read(backup("by-hand", 3), schedules=Fetched(NOW, (replace(NIGHTLY, created=NOW - 9 * DAY),))),
    "new": all_read(backup("a", 3)),
    "newer": all_read(backup("a", 1)),
    "no privilege": FORBIDDEN,
    "not read": SiteState("x"),
    "down": failed(DOWN),
    "refused": failed(NO),
    "a store refused": partly(all_read(backup("a", 3)), NO),
    "a store down": partly(all_read(backup("a", 3)), DOWN),
    "no release": all_read(backup("a", 3), site=Fetched(NOW, failure=DOWN)),
    "saved": saved(all_read(backup("a", 3))),
    "saved too old": saved(all_read(backup("a", 60))),
    "saved empty": saved(all_read()),
    "saved and down": saved(all_read(backup("a", 60)), DOWN),
    "saved and refused": saved(all_read(backup("a", 3)), NO),
}


def judged(name: str, target: int = 24 * HOUR) -> SiteSummary:
    return summarize_site(name, READINGS[name], NOW, target)


@pytest.mark.parametrize(
    ("name", "grade", "newest", "missed", "expires"),
    [
        ("empty", Grade.CRITICAL, "none", 0, "-"),
        ("too old", Grade.CRITICAL, "2 d 12 h", 0, "in 11 d"),
        ("old", Grade.WARNING, "30 h", 0, "in 12 d"),
        ("missed", Grade.WARNING, "3 h", 9, "in 13 d"),
        ("new", Grade.OK, "3 h", 0, "in 13 d"),
        ("not read", Grade.UNKNOWN, "unknown", None, "unknown"),
        ("down", Grade.UNKNOWN, "unknown", None, "unknown"),
        ("a store down", Grade.UNKNOWN, "unknown", None, "unknown"),
        ("no release", Grade.UNKNOWN, "unknown", 0, "unknown"),
        ("saved", Grade.UNKNOWN, "3 h", 0, "in 13 d"),
        ("saved empty", Grade.UNKNOWN, "none", 0, "-"),
    ],
)
def test_what_is_said_of_one(name: str, grade: Grade, newest: str, missed: int | None, expires: str) -> None:
    found = judged(name)
    assert (found.grade, found.newest_text, found.assessment.missed_count, found.expiry_text) == (
        grade,
        newest,
        missed,
        expires,
    )


@pytest.mark.parametrize(
    ("retention", "expires"),
    [(-1, "never"), (None, "unknown"), (NOW + 30 * MINUTE, "in 30 min")],
)
def test_expiry_is_said_as_far_as_it_is_known(retention: int | None, expires: str) -> None:
    found = all_read(backup("a", 3, retention=retention))
    assert summarize_site("x", found, NOW, DAY).expiry_text == expires


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("new", "newest usable restore point is 3 h old (a)"),
        ("old", "newest usable restore point is 30 h old (a), more than 24 h"),
        ("not read", "nothing is known of it"),
        ("down", "no host is called gis"),
        ("refused", "the site refuses: not for you"),
        ("saved", "not asked since; as last known: newest usable restore point is 3 h old (a)"),
        (
            "saved and refused",
            "the site refuses: not for you; as last known: newest usable restore point is 3 h old (a)",
        ),
    ],
)
def test_it_is_said_in_words(name: str, why: str) -> None:
    assert judged(name).explanation == why


def test_each_is_measured_by_its_own_target() -> None:
    assert [judged("new", target).grade for target in (4 * HOUR, 2 * HOUR, HOUR)] == [
        Grade.OK,
        Grade.WARNING,
        Grade.CRITICAL,
    ]


def test_what_goes_on_is_said() -> None:
    going = Fetched(NOW, DrStatus("in_progress", 1, "Restore", start=NOW - 3 * MINUTE))
    assert summarize_site("x", all_read(backup("a", 3), status=going), NOW, DAY).operation_text == "restore for 3 min"
    assert (
        summarize_site("x", all_read(backup("a", 3), status=Fetched(NOW, DrStatus())), NOW, DAY).operation_text == "-"
    )
    assert summarize_site("x", all_read(backup("a", 3), status=None), NOW, DAY).operation_text == "unknown"


def test_the_order() -> None:
    assert [site.name for site in sort_worst_first(map(judged, READINGS))] == [
        "empty",
        "much too old",
        "too old",
        "a store refused",
        "refused",
        "saved and refused",
        "a store down",
        "down",
        "no release",
        "not read",
        "saved empty",
        "saved and down",
        "saved too old",
        "saved",
        "old",
        "missed",
        "new",
        "no privilege",
        "newer",
    ]


@given(st.lists(st.sampled_from(sorted(READINGS)), min_size=1, unique=True), st.integers(1, 200), st.randoms())
def test_worst_comes_first_and_unknown_is_never_fine(names: list[str], hours: int, random: Any) -> None:
    sites = [judged(name, hours * HOUR) for name in names]
    found = sort_worst_first(sites)
    ranks = [WORST_FIRST.index(site.grade) for site in found]
    assert ranks == sorted(ranks)
    random.shuffle(sites)
    assert sort_worst_first(sites) == found
    for site in found:
        sure = site.site_state.stores is not None and not site.failures and not site.site_state.is_saved
        assert (site.grade is not Grade.UNKNOWN) == sure
        assert (grade_label(site.grade).word == "fine") == (site.grade is Grade.OK)
