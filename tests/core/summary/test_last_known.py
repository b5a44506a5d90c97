"""What is said first is what the headline says of the same saved reading a moment later."""

import pytest
from msgspec.structs import replace

from drtui.core.analysis.assessment import assess
from drtui.core.formatting.times import HOUR
from drtui.core.model.site_state import Fetched, SiteState, Source
from drtui.core.summary.headline import headline, last_known_of
from drtui.core.summary.last_known import LastKnown, headline_text, short_text
from tests.conftest import NOW
from tests.core.points import backup, reading


def saved(found: SiteState) -> SiteState:
    """The same, as it comes from history."""
    if found.stores is None:
        raise AssertionError("it has none")
    kept = {name: replace(answer, source=Source.SAVED) for name, answer in found.backups.items()}
    return replace(found, stores=replace(found.stores, source=Source.SAVED), backups=kept)


@pytest.mark.parametrize("later", [0, 7, 30])
@pytest.mark.parametrize(
    "found",
    [
        reading(backup("new", 3)),
        reading(backup("old", 30), backup("older", 50)),
        reading(backup("bad", 3, status="x")),
        reading(backup("odd", 3, parts=())),
        reading(),
    ],
    ids=["usable", "past the target", "not usable", "not known", "none"],
)
def test_it_is_the_first_sentence_of_the_headline(found: SiteState, later: int) -> None:
    told, then = last_known_of(assess(found, NOW)), NOW + later * HOUR
    assert told is not None
    first = headline(assess(saved(found), then))[0]
    assert headline_text(told, then, is_fetching=False) == (first.text, first.tone)


def test_another_target_is_judged_anew() -> None:
    told = last_known_of(assess(reading(backup("new", 3)), NOW))
    assert told is not None
    text, tone = headline_text(told, NOW, is_fetching=True, target=2 * HOUR)
    assert text == "Saved 0 s ago (asking): newest usable restore point: 3 h old, past the target of 2 h (new)"
    assert tone == "bad"


@pytest.mark.parametrize(
    "found", [SiteState("gis"), saved(reading(backup("new", 3))), replace(reading(), backups={"vault": Fetched(NOW)})]
)
def test_what_brought_no_whole_answer_is_not_remembered(found: SiteState) -> None:
    assert last_known_of(assess(found, NOW)) is None


SEEN = LastKnown("gis", NOW - HOUR, 24 * HOUR, "new", NOW - 4 * HOUR)
NOTHING = LastKnown("gis", NOW, 24 * HOUR, otherwise="Nothing restorable here")


@pytest.mark.parametrize(
    ("told", "target", "said", "tone"),
    [
        (SEEN, None, "read 1 h ago: newest usable 4 h old", "muted"),
        (SEEN, 3 * HOUR, "read 1 h ago: newest usable 4 h old", "bad"),
        (NOTHING, None, "read 0 s ago: nothing restorable here", "bad"),
    ],
)
def test_in_a_list_of_sites_it_takes_a_few_words(told: LastKnown, target: int | None, said: str, tone: str) -> None:
    assert short_text(told, NOW, target) == (said, tone)
