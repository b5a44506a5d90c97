"""Detect from the other fields of an answer that its list is incomplete.

The documented lists are not paged (docs/api.md#backups). A site or gateway that pages them uses one of a few known
fields. The list is then incomplete and must not be taken for complete.
"""

from collections.abc import Iterator
from typing import Any

from drtui.core.wire import lenient as t

MORE = "the list is incomplete: the site has more than it listed"

_FLAGS = frozenset({
    "hasmore", "hasmoreresults", "hasmoreitems", "morefollows", "moreresults", "hasnext", "hasnextpage", "istruncated",
    "truncated", "exceededtransferlimit", "incomplete", "ispartial", "partial",
})  # fmt: skip
"""Names of fields whose true value means that there is more."""

_COMPLETE = frozenset({"islast", "islastpage", "lastpage", "complete", "iscomplete"})
"""Names of fields whose false value means that there is more."""

_NEXT = frozenset({
    "next", "nextstart", "nextpage", "nextpagestart", "nextoffset", "nextindex", "nextcursor", "nextmarker", "nextlink",
    "nexturl", "nexttoken", "nextpagetoken", "continuationtoken", "odatanextlink",
})  # fmt: skip
"""Names of fields that say where the list continues."""

_TOTALS = frozenset({
    "total", "totalcount", "totalresults", "totalrecords", "totalitems", "totalhits", "totalelements", "totalsize",
    "numfound", "count", "recordcount", "resultcount",
})  # fmt: skip
"""Names of fields with the total number of elements."""

_PAGES = frozenset({"pages", "totalpages", "pagecount", "numpages"})
"""Names of fields with the number of pages."""

_STARTS = frozenset({"start", "startindex", "offset", "resultoffset", "skip", "from"})
"""Names of fields with the first index, from 0 or 1; only together with a size, because it may be a time."""

_SIZES = frozenset({"num", "limit", "pagesize", "perpage", "resultrecordcount", "maxrecordcount"})
"""Names of fields with the size of a page."""

_WITHIN = frozenset({"paging", "pagination", "page", "pageinfo", "links", "meta", "cursor", "resultinfo"})
"""Names of objects that contain the fields above."""


def why_incomplete(answer: t.Json, listed: int) -> str:
    """Return the reason why the list of `listed` elements in an answer is incomplete; empty if it seems complete."""
    fields = dict(_paging_fields(answer))
    for name, value in fields.items():
        if (name in _FLAGS and _is_true(value)) or (name in _COMPLETE and t.boolean(value) is False):
            return MORE
        if name in _NEXT and _leads_on(value):
            return MORE
        if name == "links" and any(t.text(link, "rel").lower() == "next" for link in t.dicts(value)):
            return MORE
        if name in _PAGES and (t.number(value) or 0) > 1:
            return f"{MORE}: {t.number(value):,} pages"
    total = max((t.number(value) or 0 for name, value in fields.items() if name in _TOTALS), default=0)
    if total > listed:
        return f"{MORE}: {listed:,} of {total:,}"
    first = max((t.number(value) or 0 for name, value in fields.items() if name in _STARTS), default=0)
    return f"{MORE}: it begins at {first:,}" if first > 1 and fields.keys() & _SIZES else ""


def _paging_fields(answer: t.Json) -> Iterator[tuple[str, Any]]:
    """Yield the fields of an answer, also from objects such as `paging`; names are lower case letters and digits."""
    for name, value in answer.items():
        plain = "".join(filter(str.isalnum, name.lower()))
        yield plain, value
        if plain in _WITHIN and isinstance(value, dict):
            for inner_name, inner in value.items():
                yield "".join(filter(str.isalnum, inner_name.lower())), inner


def _is_true(value: Any) -> bool:
    """True if a value is true, the text "true", or a number other than 0."""
    return bool(t.boolean(value)) or bool(t.number(value))


def _leads_on(value: Any) -> bool:
    """True if a value says where the list continues; 0 and -1 mean that it does not (docs/api.md#conventions)."""
    number = t.number(value)
    if number is not None:
        return number > 0
    return bool(value.strip()) if isinstance(value, str) else bool(value)
