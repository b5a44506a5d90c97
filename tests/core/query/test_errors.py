"""Tests of errors in filters: message and position."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.text import sanitize
from drtui.core.formatting.times import UTC, zone_named
from drtui.core.query.fields import FIELDS
from drtui.core.query.parser import QueryError
from drtui.core.query.query import Query, incomplete_field_error, parse_partial, quote_value
from tests.conftest import NOW
from tests.core.points import backup, points_of, site_of

VIEW = DisplayContext(NOW, UTC)
POINT = points_of(site_of(backup("nightly", 1)))[0]


def parse_error(text: str, view: DisplayContext = VIEW) -> QueryError:
    with pytest.raises(QueryError) as raised:
        Query.parse(text, view)
    return raised.value


@pytest.mark.parametrize(
    ("text", "caret", "message"),
    [
        ("bukcet:a", "^^^^^^", "Unknown field 'bukcet'. Did you mean bucket?"),
        ("a status:x Verdikt:y", "           ^^^^^^^", "Unknown field 'Verdikt'. Did you mean verdict?"),
        ("!http://x", " ^^^^", "Unknown field 'http'. Use name, gdb, bucket"),
        ("字字 foo:x", "     ^^^", "Unknown field 'foo'"),
        ("gdb<3", "   ^", "Field 'gdb' does not support '<'. Use : =, as in gdb:parcels"),
        ("expires=7d", "       ^", "Field 'expires' does not support '='. Use : < <= > >=, as in expires<7d"),
        ("gdb:", "    ^", "Missing value for field 'gdb', as in gdb:parcels"),
        ("gdb:a,", "      ^", "Missing value for field 'gdb'"),
        ("gdb:a,,b c", "      ^", "Missing value for field 'gdb'"),
        ("verdict:good", "        ^^^^", "Unknown verdict 'good'. Use usable, doubtful, cannot tell"),
        ("verdict:usable,dubtful", "               ^^^^^^^", "Did you mean doubtful?"),
        ('verdict:""', "        ^^", "Unknown verdict ''"),
        ("took>30", "     ^^", "Cannot read '30' as a duration. Use 24h, 90m"),
        ("took>0m", "     ^^", "Cannot read '0m' as a duration"),
        ("expires:7d", "        ^^", "Cannot use : with '7d'. Use < or > for a duration, or : for never and unknown"),
        ("age:never", "    ^^^^^", "Cannot use : with 'never'. Use < or > for a duration, or : for unknown"),
        ("since:soon", "      ^^^^", "Cannot read 'soon' as a time. Use 2026-09-18T14:37"),
        ("until:0001-01-01", "      ^^^^^^^^^^", "out of range"),
        ("until:9999-12-31", "      ^^^^^^^^^^", "out of range"),
        ('a "b c', "  ^^^^", "Missing closing quote"),
        ('gdb:"b ""c"" d', "    ^^^^^^^^^^", "Missing closing quote"),
        ("/a b", "^^^^", "Missing / at the end of the regular expression. To search for a text with /, quote it"),
        ("/opt/backup", "^^^^^^^^^^^", "Missing / at the end of the regular expression"),
        ("x /a(b/", "    ^", "Invalid regular expression: missing ), unterminated subpattern"),
        ("/[a/", " ^", "Invalid regular expression: unterminated character set"),
        ("/[a]**/", "     ^", "Invalid regular expression: multiple repeat"),
        ("/(a+)+/", " ^^^^^", "Repeat or choice inside a repeat could take very long"),
        ("!", "^", "Missing term after '!'. Use ! to exclude, as in !verdict:usable"),
        ("a ! b", "  ^", "Missing term after '!'"),
    ],
)
def test_parse_raises_an_error_at_the_position_when_the_text_is_invalid(text: str, caret: str, message: str) -> None:
    error = parse_error(text)
    assert (error.caret, message in str(error)) == (caret, True), str(error)
    assert error.text == text


def test_parse_raises_an_error_when_a_local_time_is_ambiguous() -> None:
    error = parse_error('since:"2026-10-25 02:30"', DisplayContext(NOW, zone_named("Europe/Berlin")))
    assert "comes twice because the clock changes. Use 2026-10-25T00:30Z or 2026-10-25T01:30Z" in str(error)


def test_query_error_has_sanitised_text_when_it_contains_control_characters() -> None:
    error = parse_error("\x1b[31m foo:\x07")
    assert error.text == "\N{SYMBOL FOR ESCAPE}[31m foo:\N{SYMBOL FOR BELL}"
    assert "foo" in str(error)


@pytest.mark.parametrize(
    ("previous", "text", "expected"),
    [
        ("nightly", "nightly gdb", "nightly gdb"),
        ("nightly gdb", "nightly gdb:", "nightly "),  # an incomplete term is not a word
        ("took", "took>", ""),
        ("", "took>3", ""),
        ("foo", "foo:", ""),
        ("gdb", "gdb<", ""),
        ("", "a !", "a "),
        ("verdict:usable", "verdict:usable,", "verdict:usable"),
        ('gdb:"river"', 'gdb:"river', 'gdb:"river"'),
        ("nightly", "nightly foo:bar", "nightly"),
        ("nightly", "nightly gdb: foo:bar", "nightly"),
        ("nightly", "gdb: bucket:", "nightly"),
    ],
)
def test_parse_partial_keeps_a_filter_when_the_text_is_invalid(previous: str, text: str, expected: str) -> None:
    query, error = parse_partial(text, VIEW, Query.parse(previous, VIEW))
    assert query.text == expected
    assert (error is None) == (query.text == text)


@pytest.mark.parametrize("field", FIELDS.values(), ids=list(FIELDS))
def test_field_example_is_a_valid_filter(field: object) -> None:
    example = getattr(field, "example", "")
    assert Query.parse(example, VIEW).term_texts == (example,)


PIECES = (
    *(f"{name}{relation}" for name in FIELDS for relation in (":", "=", "<", ">=")), "!", '"', '""', ",", "/", " ",
    "7d", "usable", "2026-09-18", "2026-09-18T14:37", "today", "never", "unknown", "11.4", "nightly", "(", ")", "a+",
    "[^x]*", "|", "{2,}", "\\", "(?:", "foo:", "\x1b", "\u202e", "\ud800", "字", "\u00a0",
)  # fmt: skip


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=12).map("".join), st.integers(0, 4 * 10**12))
def test_parse_returns_a_filter_or_an_error_inside_the_text(text: str, now: int) -> None:
    try:
        query = Query.parse(text, DisplayContext(now, UTC))
    except QueryError as error:
        query_error = error
    else:
        assert query.matches(POINT.backup, POINT.verdict) in {True, False}
        assert query.as_of(now + 1).text == query.text == sanitize(text)
        assert all(term.description for term in query.terms)
        return
    assert 0 <= query_error.start <= query_error.end <= len(sanitize(text))
    assert query_error.caret.endswith("^")


@given(st.text(max_size=20))
def test_quote_value_returns_one_term_for_any_text(text: str) -> None:
    query = Query.parse(quote_value(text) + " " + "gdb=" + quote_value(text), VIEW)
    assert len(query.terms) == 2


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("verd", ""),
        ("VERDICT", ""),
        ("parcels  ver", "parcels  "),
        ("s", ""),
        ("", None),
        ("verd ", None),  # the blank makes it a word
        ("verdx", None),
        ("!verd", None),
        ('"verd"', None),
        ("/verd/", None),
        ("verdict:usable", None),
        ("verd parcels", None),
        ("gdb:verd", None),
    ],
)
def test_incomplete_field_error_is_returned_when_the_last_word_begins_a_field(text: str, rest: str | None) -> None:
    error = incomplete_field_error(Query.parse(text, VIEW))
    assert (error.rest if error else None) == rest
    assert error is None or error.text[error.start : error.end] == text.rsplit(maxsplit=1)[-1]
