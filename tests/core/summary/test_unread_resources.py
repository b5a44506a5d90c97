"""Tests that a check is never OK without current data: every resource in every state of being unread."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from drtui.core.analysis.assessment import assess
from drtui.core.formatting.durations import DAY, HOUR
from drtui.core.model.backup import Backup
from drtui.core.model.failure import Failure, FailureKind
from drtui.core.model.site import DrSettings, DrStatus, Release, Schedule, Site, Store
from drtui.core.model.site_state import Fetched, SiteState, Source
from drtui.core.summary.headline import build_headline
from drtui.core.summary.health_check import Check, Finding, Grade, check_health
from drtui.core.summary.site_summary import summarize_site
from tests.conftest import NOW
from tests.core.points import backup, full_site, parts

REFUSED = Failure(FailureKind.REFUSED, "403", "this account may not read that")
FAILED = Failure(FailureKind.UNREACHABLE, "500", "the site answered 500", "Internal error")
GONE = Failure(FailureKind.MISSING, "404", "the site says that there is no such thing")

STATES = ("read", "refused", "failed", "missing", "absent", "aged", "partial", "saved", "kept", "file")
NEEDED = ("stores", "backups of vault", "backups of other", "site")
OPTIONAL_RESOURCES = ("status", "settings", "schedules")
LISTS = ("stores", "backups of vault", "backups of other", "schedules")

NIGHTLY = Schedule(
    "t", "CreateBackup", "Nightly", "nightly", "vault", "active", active=True, cron="0 0 14 * * ?", created=NOW - HOUR
)


def in_state(answer: Fetched[Any], state: str) -> Fetched[Any] | None:
    """Return an answer changed to one of `STATES`."""
    match state:
        case "refused":
            return Fetched(NOW, failure=REFUSED)
        case "failed":
            return Fetched(NOW, failure=FAILED)
        case "missing":
            return Fetched(NOW, failure=GONE)
        case "absent":
            return None
        case "aged":
            return replace(answer, cache_age=10 * DAY)
        case "partial":
            return replace(answer, incomplete_reason="the site says that more than it listed")
        case "saved":
            return replace(answer, source=Source.SAVED)
        case "kept":
            return replace(answer, failure=FAILED)
        case "file":
            return replace(answer, source=Source.FILE)
    return answer


def healthy_state() -> SiteState:
    """Return the complete state of a healthy site with two stores and a schedule that just ran."""
    stores = (Store("vault", default=True), Store("other", default=False))
    lists = {
        "vault": Fetched(NOW, (backup("nightly-2026-09-21-14-00-09", 0.22),)),
        "other": Fetched(NOW, (backup("by-hand", 9),)),
    }
    return full_site(stores=Fetched(NOW, stores), backups=lists, schedules=Fetched(NOW, (NIGHTLY,)))


def with_answer(site_state: SiteState, resource: str, answer: Fetched[Any] | None) -> SiteState:
    """Return the site state with another answer for a resource."""
    if not resource.startswith("backups of "):
        return replace(site_state, **{resource: answer})
    store = resource.removeprefix("backups of ")
    lists = {name: answers for name, answers in site_state.backups.items() if name != store}
    return replace(site_state, backups=lists if answer is None else {**lists, store: answer})


def with_resource_in(site_state: SiteState, resource: str, state: str) -> SiteState:
    answer: Fetched[Any] | None
    if resource.startswith("backups of "):
        answer = site_state.backups[resource.removeprefix("backups of ")]
    else:
        answer = getattr(site_state, resource)
    assert answer is not None
    return with_answer(site_state, resource, in_state(answer, state))


def check_of(site_state: SiteState, **options: Any) -> Check:
    return check_health(assess(site_state, NOW), DAY, 2 * DAY, **options)


def findings_about(result: Check, resource: str) -> list[Finding]:
    """Return the findings that name a resource as unread."""
    return [finding for finding in result.findings if resource in finding.resources]


def test_check_has_nothing_unknown_when_everything_was_read() -> None:
    result = check_of(healthy_state())
    assert (result.grade, [finding.code for finding in result.findings]) == (Grade.OK, ["fresh"])
    assert check_of(healthy_state(), strict=True) == result


TABLE = [
    (resource, state)
    for resource in (*NEEDED, *OPTIONAL_RESOURCES)
    for state in STATES[1:]
    if state != "partial" or resource in LISTS
]


@pytest.mark.parametrize(("resource", "state"), TABLE)
def test_check_says_what_is_unknown_when_a_resource_was_not_read(resource: str, state: str) -> None:
    result = check_of(with_resource_in(healthy_state(), resource, state))
    (finding,) = findings_about(result, resource)
    assert finding.is_unknown
    assert finding.text in result.text
    cause = {"refused": "403", "failed": "500", "kept": "500", "missing": "404", "absent": "not-read"}
    assert finding.cause == {**cause, "aged": "aged", "partial": "incomplete-list"}.get(state, "saved")
    is_unknown = resource in NEEDED or state == "partial"
    assert result.grade is (Grade.UNKNOWN if is_unknown else Grade.OK)
    assert finding.grade is result.grade
    assert finding.code == (finding.cause if is_unknown else f"{resource}-unread")
    assert check_of(with_resource_in(healthy_state(), resource, state), strict=True).grade is Grade.UNKNOWN


@pytest.mark.parametrize(("resource", "state"), TABLE)
def test_sites_and_headline_say_it_too_when_a_resource_was_not_read(resource: str, state: str) -> None:
    site_state = with_resource_in(healthy_state(), resource, state)
    summary = summarize_site("prod", site_state, NOW, DAY)
    assert any(resource in finding.resources for finding in summary.check.findings)
    if resource in OPTIONAL_RESOURCES:
        assert findings_about(summary.check, resource)[0].text in summary.explanation
    if state in {"refused", "failed", "missing", "aged", "partial", "kept"}:
        text = " ".join(line.text for line in build_headline(assess(site_state, NOW)))
        name = resource if resource != "stores" or state in {"kept", "aged", "partial"} else "Cannot tell"
        assert name.casefold() in text.casefold()


@pytest.mark.parametrize(
    ("resource", "state", "text"),
    [
        ("schedules", "refused", "missed runs unknown: schedules not readable (403)"),
        ("schedules", "absent", "missed runs unknown: schedules not read"),
        ("status", "failed", "operation unknown: status not readable (500)"),
        ("settings", "missing", "time limit unknown, 2 h assumed: settings not readable (404)"),
        (
            "status",
            "aged",
            "operation unknown: status: answer is 10 d old: it came from a cache, not from the site",
        ),
        ("site", "failed", "site: the site answered 500: Internal error"),
        ("backups of other", "absent", "backups of other: not read"),
        ("backups of other", "partial", "backups of other: the site says that more than it listed"),
    ],
)
def test_check_finding_names_what_is_unknown_and_why(resource: str, state: str, text: str) -> None:
    (finding,) = findings_about(check_of(with_resource_in(healthy_state(), resource, state)), resource)
    assert finding.text == text


def test_check_says_that_names_tell_of_some_runs_when_schedules_could_not_be_read() -> None:
    site_state = full_site(*nightly_backups(0, 5, "completed"), schedules=Fetched(NOW, failure=REFUSED))
    (finding,) = findings_about(check_of(site_state), "schedules")
    expected = "missed runs unknown: schedules not readable (403), some inferred from backup names"
    assert finding.text == expected


def test_check_says_one_reason_once_when_several_resources_have_it() -> None:
    site_state = healthy_state()
    for name in ("vault", "other"):
        refused = replace(REFUSED, request=f"GET https://gis.example.com/arcgis/admin/{name}")
        site_state = with_answer(site_state, f"backups of {name}", Fetched(NOW, failure=refused))
    (finding,) = [finding for finding in check_of(site_state).findings if finding.grade is Grade.UNKNOWN]
    assert finding.resources == ("backups of vault", "backups of other")
    assert finding.text == "backups of vault, other: this account may not read that"


def test_check_says_once_that_nobody_was_asked_when_all_was_saved() -> None:
    site_state = healthy_state()
    for resource in (*NEEDED, *OPTIONAL_RESOURCES):
        site_state = with_resource_in(site_state, resource, "saved")
    (finding,) = check_of(site_state).findings
    assert (finding.code, set(finding.resources)) == ("saved", {*NEEDED, *OPTIONAL_RESOURCES})


def test_check_grades_a_file_only_when_files_are_accepted() -> None:
    site_state = healthy_state()
    for resource in (*NEEDED, *OPTIONAL_RESOURCES):
        site_state = with_resource_in(site_state, resource, "file")
    assert check_of(site_state).grade is Grade.UNKNOWN
    accepted = check_of(site_state, accept_files=True)
    assert (accepted.grade, accepted.as_of) == (Grade.OK, NOW)
    assert check_of(with_resource_in(site_state, "site", "absent"), accept_files=True).grade is Grade.UNKNOWN


# Reading more resources. Grades are ordered as the exit codes: OK < WARNING < CRITICAL < UNKNOWN.
# NO_GOOD_NEWS has contents of each optional resource that are not good news: reading them must not remove warnings.

RUNNING = DrStatus("in_progress", 1, "Restore", "vault", "x", start=NOW - HOUR)
STUCK = DrStatus("in_progress", 1, "Backup", "vault", "x", start=NOW - 9 * DAY)
NO_GOOD_NEWS: dict[str, list[Any]] = {
    "status": [DrStatus("no_op", 0), RUNNING, STUCK, DrStatus("failed", 1, "Restore"), DrStatus("weird", None)],
    "settings": [DrSettings(), DrSettings(7200), DrSettings(60), DrSettings(-1)],
    "schedules": [
        (),
        (replace(NIGHTLY, state="paused", active=False, created=NOW - 9 * DAY),),
        (replace(NIGHTLY, state="active", active=False, created=NOW - 9 * DAY),),
        (replace(NIGHTLY, cron="nightly", created=NOW - 9 * DAY),),
        (replace(NIGHTLY, state="resting", created=NOW - 9 * DAY),),
    ],
}
BACKUPS = st.lists(
    st.builds(
        lambda hours, change: replace(backup(f"b-{hours}", hours), **change),
        st.integers(1, 200),
        st.sampled_from(
            [
                {},
                {},
                {"status": "failed"},
                {"release": "11.3.0"},
                {"release": ""},
                {"backup_type": "INCREMENTAL"},
                {"retention": NOW + HOUR},
                {"retention": None},
                {"retention": NOW - HOUR},
                {"end": None},
                {"parts": parts(NOW, "completed", "failed")},
            ]
        ),
    ),
    max_size=4,
)


def nightly_backups(ago: int, number: int, status: str) -> tuple[Backup, ...]:
    """Return `number` nightly backups, the newest `ago` days ago and with `status`."""
    days = [ago + count for count in range(number)]
    return tuple(
        backup(f"nightly-2026-09-{20 - day:02}-02-00-09", 36.2 + 24 * day, status=status if day == ago else "completed")
        for day in days
    )


NIGHTLY_BACKUPS = st.builds(
    nightly_backups, st.integers(0, 9), st.integers(0, 6), st.sampled_from(["completed", "failed", "running"])
)
"""Backups from whose names a schedule can be derived."""

SITES = st.sampled_from([Fetched(NOW, Site(Release.parse(text))) for text in ("11.4.0", "11.5.0")])


@st.composite
def site_states(draw: st.DrawFn) -> SiteState:
    """Return a site state of two stores with any backups and optional resources."""
    stores = (Store("vault", default=True), Store("other"))
    lists = {name: Fetched(NOW, tuple(draw(BACKUPS))) for name in ("vault", "other")}
    lists["vault"] = Fetched(NOW, (*(lists["vault"].value or ()), *draw(NIGHTLY_BACKUPS)))
    lists["other"] = Fetched(NOW, tuple(replace(item, store="other") for item in lists["other"].value or ()))
    optional = {name: Fetched(NOW, draw(st.sampled_from(values))) for name, values in NO_GOOD_NEWS.items()}
    return full_site(site=draw(SITES), stores=Fetched(NOW, stores), backups=lists, **optional)


UNREAD = st.sampled_from(STATES[1:])


RUNS = frozenset({"missed-run", "failed-run", "no-schedule", "paused", "schedule-state"})
"""Codes of problems with the runs of a schedule; with more resources read, another of them may apply."""


def problem_codes(result: Check) -> set[tuple[str, int]]:
    """Return code and grade of the warnings and critical findings."""
    problems = [finding for finding in result.findings if finding.grade in {Grade.WARNING, Grade.CRITICAL}]
    return {("runs" if finding.code in RUNS else finding.code, finding.grade) for finding in problems}


@given(site_states(), st.sampled_from(OPTIONAL_RESOURCES), UNREAD, st.booleans())
def test_check_keeps_warnings_when_more_is_read(site_state: SiteState, resource: str, state: str, strict: bool) -> None:
    more = check_of(site_state, strict=strict)
    less = check_of(with_resource_in(site_state, resource, state), strict=strict)
    # Warnings with fewer resources read are also warnings with more.
    if not strict and state != "partial":
        assert problem_codes(less) <= problem_codes(more)
        assert less.grade <= more.grade
    # With fewer resources read, a finding says what is unknown.
    assert findings_about(less, resource)
    assert not strict or less.grade is Grade.UNKNOWN


@given(site_states(), st.sampled_from(NEEDED), UNREAD)
def test_check_is_unknown_when_what_is_needed_was_not_read(site_state: SiteState, resource: str, state: str) -> None:
    assert check_of(with_resource_in(site_state, resource, state)).grade is Grade.UNKNOWN


@given(site_states())
def test_strict_check_is_never_better(site_state: SiteState) -> None:
    result, strict = check_of(site_state), check_of(site_state, strict=True)
    has_unknown = any(finding.is_unknown for finding in result.findings)
    assert strict.grade is (Grade.UNKNOWN if has_unknown else result.grade)
    assert {finding.code for finding in strict.findings} == {finding.code for finding in result.findings}


@pytest.mark.parametrize(
    ("schedule", "reason"),
    [
        (replace(NIGHTLY, cron="nightly"), "unreadable cron expression"),
        (replace(NIGHTLY, created=None, starts=None), "creation time unknown"),
        (replace(NIGHTLY, prefix=""), "prefix of its backup names unknown"),
        (replace(NIGHTLY, state="resting", active=None), "state unknown"),
    ],
)
def test_check_says_so_when_a_schedule_cannot_be_judged(schedule: Schedule, reason: str) -> None:
    site_state = full_site(backup("by-hand", 9), schedules=Fetched(NOW, (schedule,)))
    (finding,) = [finding for finding in check_of(site_state).findings if finding.is_unknown]
    assert (finding.code, finding.grade, reason in finding.text) == ("schedule-unjudged", Grade.OK, True)
    assert check_of(site_state, strict=True).grade is Grade.UNKNOWN
