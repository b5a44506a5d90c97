"""The filter language: what a person types -> which restore points are meant.

    nightly parcels          each word somewhere in it: name, contents, statuses, description
    "parcel migration"       with blanks; a quote within is written twice
    gdb:parcels,zoning       a field holds one of these; `=` instead of `:`, is one of these
    expires<7d  since:today  times and durations
    /^nightly-.*-02/         a regular expression, over each name by itself
    !verdict:usable          not so

Terms are separated by blanks, and all of them have to hold.
"""

import re
from contextlib import suppress

from msgspec import Struct

from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.text import sanitize
from drtui.core.formatting.times import UTC
from drtui.core.model.backup import Backup
from drtui.core.query.fields import FIELDS
from drtui.core.query.highlight import Span, find_spans
from drtui.core.query.parser import QueryError, Term, parse_terms
from drtui.core.query.text_tests import Test
from drtui.core.verdict.verdict import Verdict

EMPTY_CONTEXT = DisplayContext(0, UTC)
"""From where a filter looks that asks for nothing."""
EXAMPLES = (
    ("nightly parcels", "every word is somewhere in it: name, contents, statuses, description"),
    ('"old roads"', "a text with blanks in it; a quote within is written twice"),
    *((each.example, each.help) for each in FIELDS.values()),
    ("gdb=roads,zoning", "with = it is exactly that, with : it holds that; a comma means or"),
    ("!verdict:usable", "not so"),
    ("/^nightly-.*-02/", "a regular expression, over each name by itself"),
)
"""What can be written, and what it means; all of it has to hold."""
UNKNOWN_NOTE = "what is not known matches neither a term nor its opposite"


class Query(Struct, frozen=True):
    """A filter: conditions that all have to hold, as of a moment and in a zone."""

    text: str = ""
    terms: tuple[Term, ...] = ()
    view: DisplayContext = EMPTY_CONTEXT

    @classmethod
    def parse(cls, text: str, view: DisplayContext) -> "Query":
        """The filter that `text` is, with its times in the zone of `view` and its ages as of then.

        Raises:
            QueryError: it is none.
        """
        harmless = sanitize(text)
        return cls(harmless, tuple(parse_terms(harmless, view)), view)

    def __bool__(self) -> bool:
        return bool(self.terms)

    @property
    def tests(self) -> tuple[Test, ...]:
        """What a restore point has to pass, the quickest first."""
        return tuple(term.test for term in sorted(self.terms, key=lambda term: term.cost))

    @property
    def term_texts(self) -> tuple[str, ...]:
        """Each condition as it was typed."""
        return tuple(term.text for term in self.terms)

    @property
    def description(self) -> str:
        """What is asked, in words."""
        notes = [UNKNOWN_NOTE] if any(term.uncertain for term in self.terms) else []
        return "; ".join([*(term.description for term in self.terms), *notes])

    def matches(self, backup: Backup, verdict: Verdict) -> bool:
        """Whether a restore point is meant."""
        return all(test(backup, verdict) for test in self.tests)

    def spans(self, place: str, text: str) -> tuple[Span, ...]:
        """Where in a text of a field stands what is looked for."""
        return find_spans(place, text, [each for term in self.terms for each in term.patterns])

    def as_of(self, now: int) -> "Query":
        """The same at another moment, epoch ms."""
        return self if now == self.view.now else self.parse(self.text, self.view._replace(now=now))


def quote_value(value: str) -> str:
    """`value` as it has to be written in a filter, by itself or after `gdb:`."""
    if re.fullmatch(r"[\w.@+-]+", value):
        return value
    return '"' + value.replace('"', '""') + '"'


def incomplete_field_error(query: Query) -> QueryError | None:
    """Of a filter that ends in what may become the name of a field: what is said of that while it is typed.

    To whom it matters that no restore point has it, that word counts for nothing: on the way to `verdict:` no list is
    emptied.
    """
    if not query.terms:
        return None
    word = query.terms[-1].text
    start = len(query.text) - len(word)
    if not query.text.endswith(word) or not any(name.startswith(word.lower()) for name in FIELDS):
        return None
    message = f"no restore point has {word!r} in it: it counts once you press enter or go on"
    return QueryError(message, query.text, start, len(query.text), query.text[:start])


def parse_partial(text: str, view: DisplayContext, previous: Query) -> tuple[Query, QueryError | None]:
    """What is in effect while `text` is being typed, and why it is not that text.

    A term that has only been begun, as `gdb:`, counts for nothing; with anything else that is wrong the filter stays
    the one `before`: a slip of the fingers empties no list.
    """
    try:
        return Query.parse(text, view), None
    except QueryError as error:
        if error.rest is not None:
            with suppress(QueryError):
                return Query.parse(error.rest, view), error
        return previous, error
