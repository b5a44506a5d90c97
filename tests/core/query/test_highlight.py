"""Tests of the positions of matches in displayed texts."""

from collections.abc import Sequence

import pytest

from drtui.core.contents.search import find_highlights
from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.text import cut, cut_middle
from drtui.core.formatting.times import UTC
from drtui.core.listing.details import build_details
from drtui.core.model.backup import OBJECT, RELATIONAL, Geodatabase, Part
from drtui.core.query.highlight import Span, clip_spans, merge_spans, visible_spans
from drtui.core.query.query import Query
from drtui.core.verdict.restore_points import RestorePoint
from drtui.core.verdict.rules import GOOD, Level, Verdict
from tests.conftest import NOW
from tests.core.points import backup

VIEW = DisplayContext(NOW, UTC)
IDENTITY = "0A1B2C3D-0000-4000-8000-00000000000F"


def bracketed(text: str, spans: Sequence[Span]) -> str:
    """Return a text with brackets around each span."""
    for start, end in reversed(spans):
        text = f"{text[:start]}[{text[start:end]}]{text[end:]}"
    return text


@pytest.mark.parametrize(
    ("query", "field", "text", "expected"),
    [
        ("", "name", "nightly", "nightly"),
        ("night", "name", "Nightly-of-the-night", "[Night]ly-of-the-[night]"),
        ("night ghtl", "name", "nightly", "[nightl]y"),
        ("night", "verdict", "night", "night"),  # a word does not match verdicts
        ("since:7d age<2d", "name", "7d 2d", "7d 2d"),
        ("!night", "name", "nightly", "nightly"),
        ("gdb:night", "name", "nightly", "nightly"),
        ("name:night,ly", "name", "nightly", "[night][ly]".replace("][", "")),
        ("name=nightly", "name", "nightly", "[nightly]"),
        ("name=night", "name", "nightly", "nightly"),
        ("cluster=b", "cluster", "ab, b, bc", "ab, [b], bc"),
        ('name:"" name:=', "name", "a=b", "a[=]b"),
        ("/n.g/", "name", "Nightly", "[Nig]htly"),
        ("/^y|y$/", "name", "yearly", "[y]earl[y]"),
        ("/x*/", "name", "axxb", "a[xx]b"),
        ("/b/", "name", "a" * 200 + "b", "a" * 200 + "b"),  # beyond the searched part
        ("verdict:us", "verdict", "✓ usable", "✓ [usable]"),
        ("verdict:x", "verdict", "x not usable", "x [not usable]"),
        ("release:11.4", "release", "11.4.1.6300", "[11.4].1.6300"),
        ("release:11.4", "release", "11.40.1", "11.40.1"),
        ("release:beta", "release", "11 Beta", "11 [Beta]"),
        ("gdb:0a1b2c3d0", "id", IDENTITY, "[0A1B2C3D-0]000-4000-8000-00000000000F"),
        ("gdb:1b2c3d", "id", IDENTITY, IDENTITY),  # an id matches only from its beginning
        ("gdb:0a1", "id", IDENTITY, IDENTITY),
        (f"gdb={IDENTITY.lower()}", "id", IDENTITY.replace("-", ""), f"[{IDENTITY.replace('-', '')}]"),
        ("1b2c3d00", "id", IDENTITY, "0A[1B2C3D-00]00-4000-8000-00000000000F"),
        ("!gdb:roads parcels", "gdb", "roads parcels", "roads [parcels]"),
        ("道路", "gdb", "主要道路网", "主要[道路]网"),
        ("e", "name", "ne\u0301e", "n[e\u0301e]"),
        ("\u0301", "name", "ne\u0301e", "n[e\u0301]e"),
        ("👩", "name", "a👩\u200d🚒b", "a[👩\u200d🚒]b"),
    ],
)
def test_spans_are_the_matches_of_a_filter(query: str, field: str, text: str, expected: str) -> None:
    assert bracketed(text, Query.parse(query, VIEW).spans(field, text)) == expected


@pytest.mark.parametrize(
    ("text", "visible", "span", "expected"),
    [
        ("abcdef", "abcdef", (2, 4), "ab[cd]ef"),
        ("abcdef", "ab⋯", (0, 2), "[ab]⋯"),
        ("abcdef", "ab⋯", (1, 3), "a[b⋯]"),
        ("abcdef", "ab⋯", (4, 5), "ab[⋯]"),
        ("abcdefgh", "ab⋯gh", (3, 4), "ab[⋯]gh"),
        ("abcdefgh", "ab⋯gh", (1, 7), "a[b⋯g]h"),
        ("abcdefgh", "ab⋯gh", (6, 8), "ab⋯[gh]"),
        ("a⋯bcdefg", "a⋯b⋯g", (3, 4), "a⋯b[⋯]g"),
        ("abcdef", "xy", (0, 2), "xy"),
    ],
)
def test_visible_spans_are_on_the_ellipsis_when_the_match_is_cut(
    text: str, visible: str, span: Span, expected: str
) -> None:
    assert bracketed(visible, visible_spans([span], text, visible)) == expected


@pytest.mark.parametrize("cells", range(1, 24))
@pytest.mark.parametrize("text", ["nightly-2026-09-21 ", "夜間バックアップ-02", "a👩\u200d🚒b e\u0301e⋯⋯x", "⋯" * 9])
def test_visible_spans_are_never_empty_when_a_text_is_cut(text: str, cells: int) -> None:
    for visible in (cut(text, cells), cut_middle(text, cells)):
        for position in range(len(text.rstrip())):
            spans = visible_spans(merge_spans([(position, position + 1)], text), text, visible)
            assert all(0 <= start < end <= len(visible) for start, end in spans)
            assert spans or not visible


def test_clip_spans_returns_parts_relative_to_the_piece() -> None:
    assert clip_spans([(0, 3), (5, 9)], 2, 6, 10) == ((10, 11), (13, 14))


def test_details_highlight_matches_only_in_their_fields() -> None:
    geodatabases = (Geodatabase("roads", IDENTITY), Geodatabase("old roads", ""), Geodatabase("id-0a1b2c", "x"))
    parts = (
        Part(RELATIONAL, "completed", cluster="r4k2w", geodatabases=geodatabases, system_databases=("gwdb",)),
        Part(OBJECT, "failed", cluster="o9x3d", buckets=("content",)),
    )
    record = backup("nightly", 3, parts=parts, store="roads-store", description="of all roads")
    details = build_details(RestorePoint(record, Verdict(Level.USABLE, (GOOD,))), NOW, UTC)
    lines = (*details.overview, *details.parts)

    def highlighted(text: str) -> list[str]:
        query = Query.parse(text, VIEW)
        return [bracketed(line.text, line.highlights(query)) for line in lines if line.highlights(query)]

    assert highlighted("gdb=roads") == [f"[roads]      {IDENTITY}"]
    assert highlighted("gdb:roads") == [f"[roads]      {IDENTITY}", "old [roads]"]
    assert highlighted("0a1b2c") == [f"roads      [0A1B2C]3D{IDENTITY[8:]}", "id-[0a1b2c]  x"]
    assert highlighted("store:roads") == ["[roads]-store"]
    assert highlighted("roads") == ["[roads]-store", "of all [roads]", f"[roads]      {IDENTITY}", "old [roads]"]
    assert highlighted("status:failed") == ["✗ [failed], -"]
    assert highlighted("r4k2w /^cont/ db:gwdb") == ["Relational store [r4k2w]", "[gwdb]", "[cont]ent"]
    assert highlighted("!roads expires:never") == []


@pytest.mark.parametrize(
    ("typed", "include_scattered", "expected"),
    [
        ("", False, "zoning [0a1b2c3d] (was old_zones)"),
        ("ZON", False, "[zon]ing [0a1b2c3d] (was old_[zon]es)"),
        ("old zon", False, "[zon]ing [0a1b2c3d] (was [old]_[zon]es)"),
        ("0a1b", False, "zoning [[0a1b]2c3d] (was old_zones)"),
        ("zng", False, "zoning [0a1b2c3d] (was old_zones)"),
        ("zng", True, "[z]o[n]in[g] [0a1b2c3d] (was old_zones)"),
        ("zq", True, "zoning [0a1b2c3d] (was old_zones)"),
    ],
)
def test_find_highlights_returns_the_typed_letters(typed: str, include_scattered: bool, expected: str) -> None:
    label = "zoning [0a1b2c3d] (was old_zones)"
    assert bracketed(label, find_highlights(label, typed, include_scattered=include_scattered)) == expected
