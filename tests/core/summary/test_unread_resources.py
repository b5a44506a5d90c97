"""Never OK by omission: every resource in every state in which it may not say how things are now."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from drtui.core.analysis.assessment import assess
from drtui.core.formatting.times import DAY, HOUR
from drtui.core.model.backup import Backup
from drtui.core.model.failure import Failure, FailureKind
from drtui.core.model.site import DrSettings, DrStatus, Release, Schedule, Site, Store
from drtui.core.model.site_state import Fetched, SiteState, Source
from drtui.core.summary.headline import headline
from drtui.core.summary.health_check import Check, Finding, Grade, check
from drtui.core.summary.site_summary import summarize_site
from tests.conftest import NOW
from tests.core.points import all_read, backup, parts

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
    """An answer as it is in one of the states."""
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
            return replace(answer, partial="the site says that there is more than it listed")
        case "saved":
            return replace(answer, source=Source.SAVED)
        case "kept":
            return replace(answer, failure=FAILED)
        case "file":
            return replace(answer, source=Source.FILE)
    return answer


def calm() -> SiteState:
    """A site where all is well and everything was read: two stores, a schedule that just ran."""
    stores = (Store("vault", default=True), Store("other", default=False))
    lists = {
        "vault": Fetched(NOW, (backup("nightly-2026-09-21-14-00-09", 0.22),)),
        "other": Fetched(NOW, (backup("by-hand", 9),)),
    }
    return all_read(stores=Fetched(NOW, stores), backups=lists, schedules=Fetched(NOW, (NIGHTLY,)))


def with_answer(reading: SiteState, resource: str, answer: Fetched[Any] | None) -> SiteState:
    """The reading with another answer for a resource."""
    if not resource.startswith("backups of "):
        return replace(reading, **{resource: answer})
    store = resource.removeprefix("backups of ")
    lists = {name: each for name, each in reading.backups.items() if name != store}
    return replace(reading, backups=lists if answer is None else {**lists, store: answer})


def without(reading: SiteState, resource: str, state: str) -> SiteState:
    answer: Fetched[Any] | None
    if resource.startswith("backups of "):
        answer = reading.backups[resource.removeprefix("backups of ")]
    else:
        answer = getattr(reading, resource)
    assert answer is not None
    return with_answer(reading, resource, in_state(answer, state))


def graded(reading: SiteState, **options: Any) -> Check:
    return check(assess(reading, NOW), DAY, 2 * DAY, **options)


def about(result: Check, resource: str) -> list[Finding]:
    """The findings that say that the resource is not known."""
    return [each for each in result.findings if resource in each.resources]


def test_check_has_nothing_unknown_when_everything_was_read() -> None:
    result = graded(calm())
    assert (result.grade, [each.code for each in result.findings]) == (Grade.OK, ["fresh"])
    assert graded(calm(), strict=True) == result


TABLE = [
    (resource, state)
    for resource in (*NEEDED, *OPTIONAL_RESOURCES)
    for state in STATES[1:]
    if state != "partial" or resource in LISTS
]


@pytest.mark.parametrize(("resource", "state"), TABLE)
def test_check_says_what_is_unknown_when_a_resource_was_not_read(resource: str, state: str) -> None:
    result = graded(without(calm(), resource, state))
    (finding,) = about(result, resource)
    assert finding.is_unknown
    assert finding.text in result.text
    cause = {"refused": "403", "failed": "500", "kept": "500", "missing": "404", "absent": "not-read"}
    assert finding.cause == {**cause, "aged": "aged", "partial": "incomplete-list"}.get(state, "saved")
    unknown = resource in NEEDED or state == "partial"
    assert result.grade is (Grade.UNKNOWN if unknown else Grade.OK)
    assert finding.grade is result.grade
    assert finding.code == (finding.cause if unknown else f"{resource}-unread")
    assert graded(without(calm(), resource, state), strict=True).grade is Grade.UNKNOWN


@pytest.mark.parametrize(("resource", "state"), TABLE)
def test_sites_and_headline_say_it_too_when_a_resource_was_not_read(resource: str, state: str) -> None:
    reading = without(calm(), resource, state)
    site = summarize_site("prod", reading, NOW, DAY)
    assert any(resource in each.resources for each in site.check.findings)
    if resource in OPTIONAL_RESOURCES:
        assert about(site.check, resource)[0].text in site.explanation
    if state in {"refused", "failed", "missing", "aged", "partial", "kept"}:
        said = " ".join(each.text for each in headline(assess(reading, NOW)))
        name = resource if resource != "stores" or state in {"kept", "aged", "partial"} else "Cannot tell"
        assert name.casefold() in said.casefold()


@pytest.mark.parametrize(
    ("resource", "state", "text"),
    [
        ("schedules", "refused", "missed runs unknown: schedules could not be read (403)"),
        ("schedules", "absent", "missed runs unknown: schedules not read"),
        ("status", "failed", "operation unknown: status could not be read (500)"),
        ("settings", "missing", "time limit unknown, 2 h assumed: settings could not be read (404)"),
        (
            "status",
            "aged",
            "operation unknown: status: the answer is 10 d old: a cache on the way sent it, not the site",
        ),
        ("site", "failed", "site: the site answered 500: Internal error"),
        ("backups of other", "absent", "backups of other: not read"),
        ("backups of other", "partial", "backups of other: the site says that there is more than it listed"),
    ],
)
def test_check_names_what_is_unknown_and_why(resource: str, state: str, text: str) -> None:
    (finding,) = about(graded(without(calm(), resource, state)), resource)
    assert finding.text == text


def test_check_says_that_names_tell_of_some_runs_when_schedules_could_not_be_read() -> None:
    reading = all_read(*family(0, 5, "completed"), schedules=Fetched(NOW, failure=REFUSED))
    (finding,) = about(graded(reading), "schedules")
    said = "missed runs unknown: schedules could not be read (403), only the names of backups tell of some"
    assert finding.text == said


def test_check_says_one_reason_once_when_several_resources_have_it() -> None:
    reading = calm()
    for name in ("vault", "other"):
        refused = replace(REFUSED, request=f"GET https://gis.example.com/arcgis/admin/{name}")
        reading = with_answer(reading, f"backups of {name}", Fetched(NOW, failure=refused))
    (finding,) = [each for each in graded(reading).findings if each.grade is Grade.UNKNOWN]
    assert finding.resources == ("backups of vault", "backups of other")
    assert finding.text == "backups of vault, other: this account may not read that"


def test_check_says_once_that_nobody_was_asked_when_all_was_saved() -> None:
    reading = calm()
    for resource in (*NEEDED, *OPTIONAL_RESOURCES):
        reading = without(reading, resource, "saved")
    (finding,) = graded(reading).findings
    assert (finding.code, set(finding.resources)) == ("saved", {*NEEDED, *OPTIONAL_RESOURCES})


def test_check_judges_a_file_only_when_files_count() -> None:
    reading = calm()
    for resource in (*NEEDED, *OPTIONAL_RESOURCES):
        reading = without(reading, resource, "file")
    assert graded(reading).grade is Grade.UNKNOWN
    counted = graded(reading, accept_files=True)
    assert (counted.grade, counted.as_of) == (Grade.OK, NOW)
    assert graded(without(reading, "site", "absent"), accept_files=True).grade is Grade.UNKNOWN


# Reading more. The order of grades in what follows is that of the exit codes: OK < WARNING < CRITICAL < UNKNOWN.
# Of each companion there is what may be read of it that is no good news: it says the same as before, or worse.
# Reading that must not take away what was known without it.

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


def family(ago: int, number: int, status: str) -> tuple[Backup, ...]:
    """Nightly backups, the last of them so many days ago and of this status."""
    days = [ago + count for count in range(number)]
    return tuple(
        backup(f"nightly-2026-09-{20 - day:02}-02-00-09", 36.2 + 24 * day, status=status if day == ago else "completed")
        for day in days
    )


FAMILIES = st.builds(family, st.integers(0, 9), st.integers(0, 6), st.sampled_from(["completed", "failed", "running"]))
"""Backups from whose names a cadence can be learned."""

SITES = st.sampled_from([Fetched(NOW, Site(Release.parse(text))) for text in ("11.4.0", "11.5.0")])


@st.composite
def readings(draw: st.DrawFn) -> SiteState:
    """A site of two stores, with whatever is in them and whatever is said beside them."""
    stores = (Store("vault", default=True), Store("other"))
    lists = {name: Fetched(NOW, tuple(draw(BACKUPS))) for name in ("vault", "other")}
    lists["vault"] = Fetched(NOW, (*(lists["vault"].value or ()), *draw(FAMILIES)))
    lists["other"] = Fetched(NOW, tuple(replace(each, store="other") for each in lists["other"].value or ()))
    besides = {name: Fetched(NOW, draw(st.sampled_from(values))) for name, values in NO_GOOD_NEWS.items()}
    return all_read(site=draw(SITES), stores=Fetched(NOW, stores), backups=lists, **besides)


UNREAD = st.sampled_from(STATES[1:])


RUNS = frozenset({"missed-run", "failed-run", "no-schedule", "paused", "schedule-state"})
"""Codes of what is wrong with the runs of a schedule: with more read, another of them may be the right one."""


def wrong(result: Check) -> set[tuple[str, int]]:
    """The warnings and breaches that it tells."""
    found = [each for each in result.findings if each.grade in {Grade.WARNING, Grade.CRITICAL}]
    return {("runs" if each.code in RUNS else each.code, each.grade) for each in found}


@given(readings(), st.sampled_from(OPTIONAL_RESOURCES), UNREAD, st.booleans())
def test_reading_more_takes_no_warning_away_while_it_is_no_good_news(
    reading: SiteState, resource: str, state: str, strict: bool
) -> None:
    more = graded(reading, strict=strict)
    less = graded(without(reading, resource, state), strict=strict)
    # What the same facts warn of with less read, they warn of with more.
    if not strict and state != "partial":
        assert wrong(less) <= wrong(more)
        assert less.grade <= more.grade
    # With less read, something is said to be unknown: it is never a check in which all is known.
    assert about(less, resource)
    assert not strict or less.grade is Grade.UNKNOWN


@given(readings(), st.sampled_from(NEEDED), UNREAD)
def test_check_is_unknown_when_what_is_needed_was_not_read(reading: SiteState, resource: str, state: str) -> None:
    assert graded(without(reading, resource, state)).grade is Grade.UNKNOWN


@given(readings())
def test_strict_is_never_better(reading: SiteState) -> None:
    result, strict = graded(reading), graded(reading, strict=True)
    unknown = any(each.is_unknown for each in result.findings)
    assert strict.grade is (Grade.UNKNOWN if unknown else result.grade)
    assert {each.code for each in strict.findings} == {each.code for each in result.findings}


@pytest.mark.parametrize(
    ("schedule", "why"),
    [
        (replace(NIGHTLY, cron="nightly"), "its cron expression cannot be read"),
        (replace(NIGHTLY, created=None, starts=None), "it does not say since when it exists"),
        (replace(NIGHTLY, prefix=""), "it does not say what the names of its backups begin with"),
        (replace(NIGHTLY, state="resting", active=None), "its state is unknown"),
    ],
)
def test_check_says_so_when_a_schedule_cannot_be_judged(schedule: Schedule, why: str) -> None:
    reading = all_read(backup("by-hand", 9), schedules=Fetched(NOW, (schedule,)))
    (finding,) = [each for each in graded(reading).findings if each.is_unknown]
    assert (finding.code, finding.grade, why in finding.text) == ("schedule-unjudged", Grade.OK, True)
    assert graded(reading, strict=True).grade is Grade.UNKNOWN
