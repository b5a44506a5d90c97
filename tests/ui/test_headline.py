"""Tests of the headline: the reason is never cut, and what does not fit is counted."""

import pytest

from drtui.core.analysis.assessment import assess
from drtui.core.formatting.display import StyledText
from drtui.core.formatting.text import ELLIPSIS, width
from drtui.core.formatting.times import UTC
from drtui.core.summary.day_strip import Day, build_day_strip
from drtui.core.summary.headline import Headline, make_headline
from drtui.demo.scenarios import SCENARIOS
from drtui.session import DEMO, ConnectionOptions, Session, Target
from drtui.ui.widgets.headline import build_headline_lines
from drtui.ui.widgets.styled_lines import Line
from tests.conftest import NOW
from tests.ui.stories import open_demo


def text_of(line: Line) -> str:
    return "".join(text for text, _ in line.pieces)


async def fetch(scenario: str) -> tuple[Headline, tuple[Day, ...]]:
    async with Session(Target(DEMO, scenario=scenario), ConnectionOptions(), now=NOW, clock=lambda: NOW) as session:
        assessment = assess(await session.fetch_all(), NOW)
    return make_headline(assessment), build_day_strip(assessment, UTC)


@pytest.mark.parametrize("scenario", sorted(SCENARIOS))
async def test_reason_is_never_cut_when_the_window_is_narrow(scenario: str) -> None:
    headline, days = await fetch(scenario)
    assert headline.label is not None
    for cells in (38, 78, 98, 118, 158, 198):
        for plain in (False, True):
            lines = build_headline_lines(headline, days, (), cells, 3, plain=plain)
            texts = [text_of(line) for line in lines]
            assert max(map(width, texts)) <= cells or cells < 78, (cells, texts)
            joined = " ".join(" ".join(texts).split())
            assert headline.label.word in texts[0]
            if cells >= 78:
                assert any(text in joined for text in headline.texts), (cells, texts)
                assert len(lines) == 3
            assert not plain or joined.replace(ELLIPSIS, "").isascii() or scenario == "hostile"


CHANGE = StyledText("Backup by-hand running for 4 min (stage: Object store)", "warn")


async def test_strip_and_count_stand_beside_the_other_sentences_when_there_is_room() -> None:
    headline, days = await fetch("half-failed")
    first, last = map(text_of, build_headline_lines(headline, days, (), 118, 2, plain=False))
    assert first.startswith("! AT RISK   Newest usable restore point is 32 h 13 min old, over the target of 24 h ")
    assert first.endswith("nightly-2026-09-20-06-00-39")
    assert last.startswith("30 days  ✓✓")
    assert last.endswith("+3 more: H")
    first, last = map(text_of, build_headline_lines(headline, days, (), 78, 2, plain=False))
    assert first == "! AT RISK   Newest usable 32 h 13 min old, over the target of 24 h"
    assert last.startswith("Last run of nightly FAILED (object store: failed)")
    assert last.endswith("H")
    _, change, _ = build_headline_lines(headline, days, (CHANGE,), 118, 3, plain=False)
    assert text_of(change) == CHANGE.text
    _, last_line = build_headline_lines(headline, days, (CHANGE,), 78, 2, plain=False)
    assert text_of(last_line).startswith(CHANGE.text)


async def test_whole_headline_opens_with_every_sentence_and_what_to_do_when_h_is_pressed_or_it_is_clicked() -> None:
    async with open_demo("half-failed", size=(80, 24)) as ui:
        assert ui.lines[2].endswith(": H")
        await ui.press("H")
        for text in ("! AT RISK", "32 h 13 min old", "Last run of nightly FAILED", "1 enter shows"):
            assert text in ui.text
        await ui.press("G")
        assert "none due" in ui.text
        await ui.press("H")
        assert "Restore points" in ui.text
        await ui.pilot.click("#headline")
        await ui.settle()
        assert "Headline" in ui.lines[1]
        await ui.press("escape")
