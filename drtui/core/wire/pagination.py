"""Tell from what stands beside a list in an answer whether the list is all there is.

The documented lists are not paged (docs/api.md#backups). A server or gateway that pages all the same says so in one
of a few ways, and the list is then a part that must not be taken for the whole.
"""

from collections.abc import Iterator
from typing import Any

from drtui.core.wire import lenient as t

MORE = "the site says that there is more than it listed"

_FLAGS = frozenset({
    "hasmore", "hasmoreresults", "hasmoreitems", "morefollows", "moreresults", "hasnext", "hasnextpage", "istruncated",
    "truncated", "exceededtransferlimit", "incomplete", "ispartial", "partial",
})  # fmt: skip
"""Names whose value says by itself that there is more."""

_COMPLETE = frozenset({"islast", "islastpage", "lastpage", "complete", "iscomplete"})
"""Names whose value `false` says that there is more."""

_NEXT = frozenset({
    "next", "nextstart", "nextpage", "nextpagestart", "nextoffset", "nextindex", "nextcursor", "nextmarker", "nextlink",
    "nexturl", "nexttoken", "nextpagetoken", "continuationtoken", "odatanextlink",
})  # fmt: skip
"""Names of where the list goes on."""

_TOTALS = frozenset({
    "total", "totalcount", "totalresults", "totalrecords", "totalitems", "totalhits", "totalelements", "totalsize",
    "numfound", "count", "recordcount", "resultcount",
})  # fmt: skip
"""Names of how many there are."""

_PAGES = frozenset({"pages", "totalpages", "pagecount", "numpages"})
"""Names of how many pages there are."""

_STARTS = frozenset({"start", "startindex", "offset", "resultoffset", "skip", "from"})
"""Names of where the list begins, counted from 0 or from 1; with a size beside it, as a list may have a time there."""

_SIZES = frozenset({"num", "limit", "pagesize", "perpage", "resultrecordcount", "maxrecordcount"})
"""Names of how many a page holds."""

_WITHIN = frozenset({"paging", "pagination", "page", "pageinfo", "links", "meta", "cursor", "resultinfo"})
"""Names of objects that hold the above."""


def why_incomplete(answer: t.Json, listed: int) -> str:
    """Say why a list of so many elements is not whole, by what stands beside it; empty if nothing says so."""
    found = dict(_beside(answer))
    for name, value in found.items():
        if (name in _FLAGS and _is_true(value)) or (name in _COMPLETE and t.boolean(value) is False):
            return MORE
        if name in _NEXT and _leads_on(value):
            return MORE
        if name == "links" and any(t.text(each, "rel").lower() == "next" for each in t.dicts(value)):
            return MORE
        if name in _PAGES and (t.number(value) or 0) > 1:
            return f"{MORE}: {t.number(value):,} pages"
    total = max((t.number(value) or 0 for name, value in found.items() if name in _TOTALS), default=0)
    if total > listed:
        return f"{MORE}: {listed:,} of {total:,}"
    begun = max((t.number(value) or 0 for name, value in found.items() if name in _STARTS), default=0)
    return f"{MORE}: it begins at {begun:,}" if begun > 1 and found.keys() & _SIZES else ""


def _beside(answer: t.Json) -> Iterator[tuple[str, Any]]:
    """Yield what stands beside a list, under names in lower case without signs."""
    for name, value in answer.items():
        plain = "".join(filter(str.isalnum, name.lower()))
        yield plain, value
        if plain in _WITHIN and isinstance(value, dict):
            for inner, each in value.items():
                yield "".join(filter(str.isalnum, inner.lower())), each


def _is_true(value: Any) -> bool:
    """True if a value says yes: true, a text that says so, or a number that is not 0."""
    return bool(t.boolean(value)) or bool(t.number(value))


def _leads_on(value: Any) -> bool:
    """True if a value says where the list goes on; 0 and -1 stand for nowhere (docs/api.md#conventions)."""
    number = t.number(value)
    if number is not None:
        return number > 0
    return bool(value.strip()) if isinstance(value, str) else bool(value)
