"""Tests that the first sentence from saved values equals the headline of the saved site state."""

import pytest
from msgspec.structs import replace

from drtui.core.analysis.assessment import assess
from drtui.core.formatting.durations import HOUR
from drtui.core.model.site_state import Fetched, SiteState, Source
from drtui.core.summary.headline import build_headline, make_headline, make_last_known
from drtui.core.summary.last_known import LastKnown, headline_text, saved_sentence, short_text
from tests.conftest import NOW
from tests.core.points import backup, site_of


def saved(site_state: SiteState) -> SiteState:
    """Return the site state as it is loaded from history."""
    if site_state.stores is None:
        raise AssertionError("it has none")
    backups = {name: replace(answer, source=Source.SAVED) for name, answer in site_state.backups.items()}
    return replace(site_state, stores=replace(site_state.stores, source=Source.SAVED), backups=backups)


@pytest.mark.parametrize("later", [0, 7, 30])
@pytest.mark.parametrize(
    "site_state",
    [
        site_of(backup("new", 3)),
        site_of(backup("old", 30), backup("older", 50)),
        site_of(backup("bad", 3, status="x")),
        site_of(backup("odd", 3, parts=())),
        site_of(),
    ],
    ids=["usable", "past the target", "not usable", "not known", "none"],
)
def test_headline_text_equals_the_headline_when_data_is_saved(site_state: SiteState, later: int) -> None:
    last_known, moment = make_last_known(assess(site_state, NOW)), NOW + later * HOUR
    assert last_known is not None
    line = build_headline(assess(saved(site_state), moment))[0]
    assert headline_text(last_known, moment) == line.text
    assert line.tone == "warn"
    assert saved_sentence(last_known, moment) == make_headline(assess(saved(site_state), moment)).texts


def test_headline_text_uses_the_target_when_one_is_given() -> None:
    last_known = make_last_known(assess(site_of(backup("new", 3)), NOW))
    assert last_known is not None
    text = headline_text(last_known, NOW, target=2 * HOUR)
    assert text == "CANNOT TELL: Read 0 s ago: newest usable restore point is 3 h old, over the target of 2 h (new)"


@pytest.mark.parametrize(
    "site_state",
    [SiteState("gis"), saved(site_of(backup("new", 3))), replace(site_of(), backups={"vault": Fetched(NOW)})],
)
def test_last_known_is_none_when_the_answer_is_incomplete(site_state: SiteState) -> None:
    assert make_last_known(assess(site_state, NOW)) is None


SAVED_USABLE = LastKnown("gis", NOW - HOUR, 24 * HOUR, "new", NOW - 4 * HOUR)
SAVED_NOTHING = LastKnown("gis", NOW, 24 * HOUR, otherwise="Nothing restorable here")


@pytest.mark.parametrize(
    ("last_known", "target", "text", "tone"),
    [
        (SAVED_USABLE, None, "read 1 h ago: newest usable 4 h old", "muted"),
        (SAVED_USABLE, 3 * HOUR, "read 1 h ago: newest usable 4 h old", "bad"),
        (SAVED_NOTHING, None, "read 0 s ago: nothing restorable here", "bad"),
    ],
)
def test_short_text_says_age_and_state_in_a_few_words(
    last_known: LastKnown, target: int | None, text: str, tone: str
) -> None:
    assert short_text(last_known, NOW, target) == (text, tone)
