"""The fields of the filter language; `/`, `--filter`, completion and help share them."""

import math
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import NamedTuple

from drtui.core.formatting.display import DisplayContext
from drtui.core.model.backup import Backup
from drtui.core.query.text_tests import (
    FieldTest,
    all_statuses,
    match_contents,
    match_geodatabase,
    match_release,
    match_text,
    match_verdict,
)
from drtui.core.query.time_tests import (
    COMPARISONS,
    age_of,
    match_duration,
    match_since,
    match_until,
    time_left,
)
from drtui.core.summary.labels import level_label, origin_text
from drtui.core.verdict.verdict import Verdict

Texts = Callable[[Backup], Iterable[str]]


class Field(NamedTuple):
    """One field."""

    name: str
    example: str
    help: str
    """What it is about, in a line."""
    descriptions: Mapping[str, str]
    """By relation: what it asks, with `{}` for the value."""
    make_test: Callable[[str, str, DisplayContext], FieldTest]
    """From relation, value and where one looks from; raises FieldError."""
    values: Callable[[Backup, Verdict], Iterable[str]] = lambda _, __: ()
    """Those that occur in a restore point."""
    suggested: Mapping[str, tuple[str, ...]] = {}
    """Others to choose from, by relation."""
    is_contents: bool = False
    """Whether it is about what is in a restore point, which may be hundreds of texts and is much the same in all."""


def _text_field(name: str, example: str, help_: str, descriptions: Mapping[str, str], texts: Texts) -> Field:
    """A field about what the record says of itself."""
    return Field(name, example, help_, descriptions, partial(match_text, name, texts), lambda backup, _: texts(backup))


def _contents_field(name: str, example: str, help_: str, description: str, texts: Texts) -> Field:
    """A field about names of what is in it."""
    descriptions = {":": f"{description} with {{}} in its name", "=": f"{description} called {{}}"}
    return Field(
        name,
        example,
        help_,
        descriptions,
        partial(match_contents, name, texts),
        lambda backup, _: texts(backup),
        is_contents=True,
    )


def _duration_field(
    name: str,
    example: str,
    help_: str,
    nouns: tuple[str, str],
    measure: Callable[[Backup, int], float | None],
    *,
    allows_never: bool,
) -> Field:
    """A field about a length of time; `nouns` stand before a word for what has none, and before a comparison."""
    comparison_words = {"<": "less than", "<=": "at most", ">": "more than", ">=": "at least"}
    descriptions = {
        ":": f"{nouns[0]}: {{}}",
        **{each: f"{nouns[1]} {comparison_words[each]} {{}}" for each in COMPARISONS},
    }
    words: dict[str, float | None] = {"never": math.inf, "unknown": None} if allows_never else {"unknown": None}
    suggested = {":": tuple(words), **dict.fromkeys(COMPARISONS, ("30m", "2h", "24h", "7d", "30d"))}
    return Field(name, example, help_, descriptions, partial(match_duration, measure, words), suggested=suggested)


IS_VALUE = {":": "is {}", "=": "is {}"}
SUGGESTED_TIMES = {":": ("24h", "7d", "30d", "today", "yesterday")}

FIELDS = {
    each.name: each
    for each in (
        _text_field(
            "name", "name:nightly", "its name", {":": "has {} in its name", "=": "is called {}"}, lambda b: (b.name,)
        ),
        Field(
            "gdb",
            "gdb:parcels",
            "a geodatabase in it: its name, or its id from six digits on",
            {
                ":": "holds a geodatabase with {} in its name or id",
                "=": "holds the geodatabase {}",
            },
            match_geodatabase,
            lambda backup, _: (each.name for each in backup.geodatabases),
            is_contents=True,
        ),
        _contents_field("bucket", "bucket:content", "a bucket in it", "holds a bucket", lambda b: b.buckets),
        _contents_field(
            "db", "db:gwdb", "a system database in it", "holds a system database", lambda b: b.system_databases
        ),
        _contents_field(
            "cluster",
            "cluster:r4k2w",
            "the instance of a store that a part is of",
            "has a part of an instance",
            lambda b: (part.cluster for part in b.undated_parts),
        ),
        _text_field(
            "store",
            "store:nightly",
            "the backup store it is in",
            {":": "is in a store with {} in its name", "=": "is in the store {}"},
            lambda b: (b.store,),
        ),
        _text_field(
            "status",
            "status:failed",
            "its status, or that of a part",
            {":": "has {} in its status or that of a part", "=": "its status, or that of a part, is {}"},
            all_statuses,
        ),
        Field(
            "verdict",
            "verdict:usable",
            "what is said of it: a word, its beginning, or its symbol",
            IS_VALUE,
            match_verdict,
            lambda _, verdict: (level_label(verdict.level).word,),
        ),
        _text_field("kind", "kind:manual", "how it came about", IS_VALUE, lambda b: (origin_text(b),)),
        Field(
            "release",
            "release:11.4",
            "the release that made it; 11.4 has 11.4.1, too",
            {":": "was made by release {}", "=": "was made by release {}"},
            match_release,
            lambda backup, _: (backup.release,),
        ),
        Field(
            "since",
            "since:7d",
            "when it started: a day, a time, today, yesterday, or so long ago",
            {":": "started at {} or later"},
            match_since,
            suggested=SUGGESTED_TIMES,
        ),
        Field(
            "until",
            "until:2026-09-18",
            "the same the other way; a day is meant to its end",
            {":": "started at {} or earlier"},
            match_until,
            suggested=SUGGESTED_TIMES,
        ),
        _duration_field(
            "expires",
            "expires<7d",
            "until it may be cleaned up; expires:never, expires:unknown",
            ("end of retention", "may be cleaned up in"),
            time_left,
            allows_never=True,
        ),
        _duration_field(
            "took", "took>30m", "how long it took", ("duration", "took"), lambda b, _: b.duration, allows_never=False
        ),
        _duration_field(
            "age", "age<2d", "how long ago it started", ("age", "has an age of"), age_of, allows_never=False
        ),
    )
}
"""By name, in the order of help and completion."""
