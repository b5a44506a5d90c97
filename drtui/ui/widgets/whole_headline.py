"""The whole headline: every sentence with its next step, and the last 30 days with their legend."""

import datetime as dt
from collections.abc import Iterator, Sequence

from drtui.core.formatting.display import StyledText
from drtui.core.summary.day_strip import DAY_MARKS, Day, DayOutcome
from drtui.core.summary.headline import Headline
from drtui.core.summary.headline_advice import advice_for, advice_for_unknown
from drtui.core.summary.restorability import CANNOT_TELL
from drtui.ui.widgets.headline import strip_pieces
from drtui.ui.widgets.styled_lines import Line, line

INDENT = "    "

MEANINGS = {
    DayOutcome.USABLE: "every backup of the day was complete when it was made",
    DayOutcome.FAILED: "a backup is not complete",
    DayOutcome.MISSED: "a scheduled run left no backup",
    DayOutcome.RUNNING: "a backup is running",
    DayOutcome.DOUBTFUL: "a backup may not be complete, or not everything about the day is known",
    DayOutcome.NONE_DUE: "no backup was due",
}


def build_whole_headline(
    headline: Headline, days: Sequence[Day], changes: Sequence[StyledText], *, plain: bool
) -> Iterator[Line]:
    """Yield the state with its reason, the changes that are followed, the other sentences and the last 30 days."""
    label = headline.label
    state = "" if label is None else f"{label.text(plain=plain)}   "
    yield Line(((state, headline.tone), (headline.texts[0], "strong")))
    if headline.name:
        yield Line(((INDENT, ""), (headline.name, "")))
    yield from _advice(advice_for_unknown(headline.codes) if label is CANNOT_TELL else advice_for(headline.codes))
    yield line("")
    for change in changes:
        yield from (line(change.text, change.tone), line(""))
    for sentence in headline.others:
        yield line(sentence.text, sentence.tone)
        yield from _advice(advice_for(sentence.codes))
    yield line("")
    yield from _strip_lines(days, plain=plain)


def _advice(text: str) -> Iterator[Line]:
    if text:
        yield Line(((INDENT, ""), (text, "muted")))


def _strip_lines(days: Sequence[Day], *, plain: bool) -> Iterator[Line]:
    """Yield the strip between its first and last date, and what its signs mean."""
    first, last = (_date_text(days[end].date) for end in (0, -1))
    yield line(f"The last {len(days)} days", "strong")
    yield Line(((f"{first}  ", "muted"), *strip_pieces(days, plain=plain), (f"  {last}", "muted")))
    for outcome, meaning in MEANINGS.items():
        mark = DAY_MARKS[outcome]
        word = "doubtful or unknown" if outcome is DayOutcome.DOUBTFUL else mark.word
        yield Line(((f"  {mark.ascii if plain else mark.symbol} {word:<20} ", mark.tone), (meaning, "muted")))


def _date_text(date: dt.date) -> str:
    return f"{date.day} {date:%b}"
