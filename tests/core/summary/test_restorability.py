"""Tests that the first word of the headline and `drtui check` agree about every site."""

import pytest
from msgspec.structs import replace

from drtui.core.analysis.assessment import assess
from drtui.core.formatting.durations import DAY, HOUR
from drtui.core.model.failure import Failure, FailureKind
from drtui.core.model.site_state import Fetched, SiteState, Source
from drtui.core.summary.headline import build_headline, make_headline
from drtui.core.summary.health_check import Grade, check_health
from drtui.core.summary.restorability import NOTHING_CODES
from drtui.demo.scenarios import SCENARIOS
from drtui.session import DEMO, ConnectionOptions, Session, Target
from tests.conftest import NOW
from tests.suites import in_full

WORDS = {
    Grade.OK: {"SAFE"},
    Grade.WARNING: {"AT RISK"},
    Grade.CRITICAL: {"AT RISK", "NOTHING RESTORABLE"},
    Grade.UNKNOWN: {"CANNOT TELL"},
}
DOWN: Fetched[object] = Fetched(NOW, failure=Failure(FailureKind.UNREACHABLE, "dns", "no host is called gis"))
REFUSED: Fetched[object] = Fetched(NOW, failure=Failure(FailureKind.REFUSED, "498", "the token was refused"))


def with_source(state: SiteState, source: Source) -> SiteState:
    """Return the state with all lists from `source`."""
    assert state.stores is not None
    backups = {store: replace(answer, source=source) for store, answer in state.backups.items()}
    return replace(state, stores=replace(state.stores, source=source), backups=backups)


def variants(state: SiteState) -> dict[str, SiteState]:
    """Return a site as it answers, as it was saved, as it does not answer, and with single answers missing."""
    saved, first = with_source(state, Source.SAVED), next(iter(state.backups), None)
    dead = replace(state, stores=DOWN, backups={}, site=DOWN, status=DOWN, settings=DOWN, schedules=DOWN)
    named = {
        "live": state,
        "saved": saved,
        "saved, asking": replace(saved, is_complete=False),
        "file": with_source(state, Source.FILE),
        "dead at the start": dead,
        "dead at the start, saved": dead.with_fallback(saved),
        "died later": dead.with_fallback(state),
        "signed out": replace(state, stores=REFUSED).with_fallback(state),
        "no release": replace(state, site=DOWN),
        "no status": replace(state, status=DOWN),
        "no schedules": replace(state, schedules=DOWN),
        "a token expired": replace(state, stores=REFUSED),
    }
    if first is not None:
        named["one store unread"] = state.with_backups(first, DOWN)  # type: ignore[arg-type]
    return named


@pytest.mark.parametrize("scenario", in_full(sorted(SCENARIOS), but=SCENARIOS.keys() - {"thousands"}))
async def test_word_and_grade_agree_when_a_site_answers_or_does_not(scenario: str) -> None:
    async with Session(Target(DEMO, scenario=scenario), ConnectionOptions(), now=NOW, clock=lambda: NOW) as session:
        state = await session.fetch_all()
    for name, variant in variants(state).items():
        for later in (0, 5 * HOUR, 3 * DAY):
            assessment = assess(variant, NOW + later)
            check = check_health(assessment, DAY, 2 * DAY)
            headline = make_headline(assessment)
            assert headline.label is not None, name
            assert headline.label.word in WORDS[check.grade], name
            has_nothing = any(finding.code in NOTHING_CODES for finding in check.findings)
            assert (headline.label.word == "NOTHING RESTORABLE") == (check.grade is Grade.CRITICAL and has_nothing), (
                name
            )
            assert headline.texts[0][0].isupper() or not headline.texts[0][0].isalpha(), name
            assert build_headline(assessment)[0].text.startswith(f"{headline.label.word}: "), name
            decisive = {finding.code for finding in check.findings if finding.grade is check.grade}
            if check.grade in {Grade.WARNING, Grade.CRITICAL}:
                assert decisive & set(headline.codes), (name, headline, decisive)


def test_word_is_the_one_of_a_checked_file_when_its_time_is_given() -> None:
    from tests.core.points import backup, site_of

    state = with_source(site_of(backup("new", 3)), Source.FILE)
    for accept_files in (False, True):
        check = check_health(assess(state, NOW), DAY, 2 * DAY, accept_files=accept_files)
        label = make_headline(assess(state, NOW), accept_files=accept_files).label
        assert label is not None
        assert label.word in WORDS[check.grade]
