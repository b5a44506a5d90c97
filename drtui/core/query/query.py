"""The filter language: a typed text selects restore points.

    nightly parcels          each word occurs in name, contents, statuses or description
    "parcel migration"       text with spaces; write a quote inside twice
    gdb:parcels,zoning       a field contains one of the values; with `=`, it equals one of them
    expires<7d  since:today  times and durations
    /^nightly-.*-02/         a regular expression, matched against each name
    !verdict:usable          excludes the matches of a term

Terms are separated by blanks; a restore point has to match all of them.
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
from drtui.core.verdict.rules import Verdict

EMPTY_CONTEXT = DisplayContext(0, UTC)
"""The context of an empty filter."""
EXAMPLES = (
    ("nightly parcels", "every word occurs in name, contents, statuses or description"),
    ('"old roads"', "text with spaces; write a quote inside twice"),
    *((field.example, field.help) for field in FIELDS.values()),
    ("gdb=roads,zoning", "= means equals, : means contains, a comma means or"),
    ("!verdict:usable", "excludes the matches of a term"),
    ("/^nightly-.*-02/", "a regular expression, matched against each name"),
)
"""Examples of terms with their meanings, for help."""
UNKNOWN_NOTE = "unknown values match neither a term nor its negation"
"""Note for filters whose result may be unknown for some restore points."""


class Query(Struct, frozen=True):
    """A filter: terms that all have to match, as of a moment and in a time zone."""

    text: str = ""
    terms: tuple[Term, ...] = ()
    view: DisplayContext = EMPTY_CONTEXT

    @classmethod
    def parse(cls, text: str, view: DisplayContext) -> "Query":
        """Return the filter for `text`, with times in the zone of `view` and ages as of its `now`.

        Raises:
            QueryError: the text is not a valid filter.
        """
        sanitised = sanitize(text)
        return cls(sanitised, tuple(parse_terms(sanitised, view)), view)

    def __bool__(self) -> bool:
        return bool(self.terms)

    @property
    def term_texts(self) -> tuple[str, ...]:
        """The terms as they were typed."""
        return tuple(term.text for term in self.terms)

    @property
    def description(self) -> str:
        """The conditions in words."""
        notes = [UNKNOWN_NOTE] if any(term.is_uncertain for term in self.terms) else []
        return "; ".join([*(term.description for term in self.terms), *notes])

    def matches(self, backup: Backup, verdict: Verdict) -> bool:
        """True if a restore point matches all terms."""
        return all(term.test(backup, verdict) for term in self.terms)

    def spans(self, field: str, text: str) -> tuple[Span, ...]:
        """Return the spans of matches in a text of a field, for highlighting."""
        return find_spans(field, text, [pattern for term in self.terms for pattern in term.patterns])

    def as_of(self, now: int) -> "Query":
        """Return this filter as of another moment, epoch ms."""
        return self if now == self.view.now else self.parse(self.text, self.view._replace(now=now))


def quote_value(value: str) -> str:
    """Return a value as it is written in a filter, by itself or after `gdb:`, in quotes if needed."""
    if re.fullmatch(r"[\w.@+-]+", value):
        return value
    return '"' + value.replace('"', '""') + '"'


def incomplete_field_error(query: Query) -> QueryError | None:
    """Return an error if the last word of a filter may become the name of a field; None otherwise.

    While a filter is typed, callers ignore such a word if no restore point contains it. Otherwise typing `verdict:`
    would empty the list.
    """
    if not query.terms:
        return None
    word = query.terms[-1].text
    start = len(query.text) - len(word)
    if not query.text.endswith(word) or not any(name.startswith(word.lower()) for name in FIELDS):
        return None
    message = f"no match for {word!r} yet: press enter or continue typing"
    return QueryError(message, query.text, start, len(query.text), query.text[:start])


def parse_partial(text: str, view: DisplayContext, previous: Query) -> tuple[Query, QueryError | None]:
    """Return the filter to apply while `text` is typed, and the error of `text` if it differs.

    An incomplete term such as `gdb:` is ignored. With any other error the `previous` filter stays, so that a typing
    error does not empty the list.
    """
    try:
        return Query.parse(text, view), None
    except QueryError as error:
        if error.rest is not None:
            with suppress(QueryError):
                return Query.parse(error.rest, view), error
        return previous, error
