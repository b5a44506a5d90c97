"""Tests of site summaries: sorted worst first, and unknown is never fine."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from drtui.core.formatting.durations import DAY, HOUR, MINUTE
from drtui.core.model.failure import Failure, FailureKind
from drtui.core.model.site import DrStatus, Schedule
from drtui.core.model.site_state import Fetched, SiteState, Source
from drtui.core.summary.health_check import Grade
from drtui.core.summary.site_summary import WORST_FIRST, SiteSummary, grade_label, sort_worst_first, summarize_site
from tests.conftest import NOW
from tests.core.points import backup, full_site

DOWN = Failure(FailureKind.UNREACHABLE, "dns", "no host is called gis")
NOT_PERMITTED = Failure(FailureKind.REFUSED, "403", "the site refuses", "not for you")
TOO_OLD = "newest usable restore point is 2 d 12 h old (a), more than 2 d"
FORBIDDEN = full_site(backup("a", 3), schedules=Fetched(NOW, failure=NOT_PERMITTED))
NIGHTLY = Schedule("t", "CreateBackup", "Nightly", "nightly", "vault", "active", active=True, cron="0 0 2 * * ?")


def saved(site_state: SiteState, failure: Failure | None = None) -> SiteState:
    """Return a saved site state, with the failure of the current refresh if there is one."""

    def saved_answer(answer: Any) -> Any:
        return answer and replace(answer, source=Source.SAVED, failure=failure)

    backups = {name: saved_answer(answer) for name, answer in site_state.backups.items()}
    return replace(
        site_state, site=saved_answer(site_state.site), stores=saved_answer(site_state.stores), backups=backups
    )


def failed(failure: Failure) -> SiteState:
    return SiteState("x", stores=Fetched(NOW, failure=failure), is_complete=True)


def with_failed_store(site_state: SiteState, failure: Failure) -> SiteState:
    return replace(site_state, backups={**site_state.backups, "vault": Fetched(NOW, failure=failure)})


SITE_STATES = {
    "empty": full_site(),
    "too old": full_site(backup("a", 60)),
    "much too old": full_site(backup("a", 100)),
    "old": full_site(backup("a", 30)),
    "missed": full_site(backup("by-hand", 3), schedules=Fetched(NOW, (replace(NIGHTLY, created=NOW - 9 * DAY),))),
    "new": full_site(backup("a", 3)),
    "newer": full_site(backup("a", 1)),
    "no privilege": FORBIDDEN,
    "not read": SiteState("x"),
    "down": failed(DOWN),
    "refused": failed(NOT_PERMITTED),
    "a store refused": with_failed_store(full_site(backup("a", 3)), NOT_PERMITTED),
    "a store down": with_failed_store(full_site(backup("a", 3)), DOWN),
    "no release": full_site(backup("a", 3), site=Fetched(NOW, failure=DOWN)),
    "saved": saved(full_site(backup("a", 3))),
    "saved too old": saved(full_site(backup("a", 60))),
    "saved empty": saved(full_site()),
    "saved and down": saved(full_site(backup("a", 60)), DOWN),
    "saved and refused": saved(full_site(backup("a", 3)), NOT_PERMITTED),
}


def summary_of(name: str, target: int = 24 * HOUR) -> SiteSummary:
    return summarize_site(name, SITE_STATES[name], NOW, target)


@pytest.mark.parametrize(
    ("name", "grade", "newest_text", "missed_count", "expiry_text"),
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
def test_site_summary_has_grade_age_missed_runs_and_expiry(
    name: str, grade: Grade, newest_text: str, missed_count: int | None, expiry_text: str
) -> None:
    summary = summary_of(name)
    assert (summary.grade, summary.newest_text, summary.assessment.missed_count, summary.expiry_text) == (
        grade,
        newest_text,
        missed_count,
        expiry_text,
    )


@pytest.mark.parametrize(
    ("retention", "expires"),
    [(-1, "never"), (None, "unknown"), (NOW + 30 * MINUTE, "in 30 min")],
)
def test_expiry_text_is_unknown_when_the_retention_is(retention: int | None, expires: str) -> None:
    site_state = full_site(backup("a", 3, retention=retention))
    assert summarize_site("x", site_state, NOW, DAY).expiry_text == expires


@pytest.mark.parametrize(
    ("name", "explanation"),
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
def test_explanation_says_why_the_site_has_its_grade(name: str, explanation: str) -> None:
    assert summary_of(name).explanation == explanation


def test_grade_depends_on_the_target_of_the_site() -> None:
    assert [summary_of("new", target).grade for target in (4 * HOUR, 2 * HOUR, HOUR)] == [
        Grade.OK,
        Grade.WARNING,
        Grade.CRITICAL,
    ]


def test_operation_text_says_so_when_an_operation_is_running() -> None:
    status = Fetched(NOW, DrStatus("in_progress", 1, "Restore", start=NOW - 3 * MINUTE))
    assert summarize_site("x", full_site(backup("a", 3), status=status), NOW, DAY).operation_text == "restore for 3 min"
    assert (
        summarize_site("x", full_site(backup("a", 3), status=Fetched(NOW, DrStatus())), NOW, DAY).operation_text == "-"
    )
    assert summarize_site("x", full_site(backup("a", 3), status=None), NOW, DAY).operation_text == "unknown"


def test_sort_worst_first_orders_all_kinds_of_sites() -> None:
    assert [site.name for site in sort_worst_first(map(summary_of, SITE_STATES))] == [
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


@given(st.lists(st.sampled_from(sorted(SITE_STATES)), min_size=1, unique=True), st.integers(1, 200), st.randoms())
def test_sort_worst_first_is_stable_and_unknown_is_never_fine(names: list[str], hours: int, random: Any) -> None:
    sites = [summary_of(name, hours * HOUR) for name in names]
    sorted_sites = sort_worst_first(sites)
    ranks = [WORST_FIRST.index(site.grade) for site in sorted_sites]
    assert ranks == sorted(ranks)
    random.shuffle(sites)
    assert sort_worst_first(sites) == sorted_sites
    for site in sorted_sites:
        is_known = site.site_state.stores is not None and not site.failures and not site.site_state.is_saved
        assert (site.grade is not Grade.UNKNOWN) == is_known
        assert (grade_label(site.grade).word == "fine") == (site.grade is Grade.OK)
