"""The fields of the filter language, shared by `/`, `--filter`, completion and help."""

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
    match_duration,
    match_since,
    match_until,
    measure_age,
    measure_time_left,
)
from drtui.core.summary.labels import level_label, origin_text
from drtui.core.verdict.rules import Verdict

Texts = Callable[[Backup], Iterable[str]]


class Field(NamedTuple):
    """One field of the filter language."""

    name: str
    example: str
    help: str
    """A line of help."""
    descriptions: Mapping[str, str]
    """Condition in words by relation, with `{}` for the value."""
    make_test: Callable[[str, str, DisplayContext], FieldTest]
    """Function of relation, value and context that returns the test; raises FieldError."""
    values: Callable[[Backup, Verdict], Iterable[str]] = lambda _, __: ()
    """Function that returns the values of a restore point, for completion."""
    suggested: Mapping[str, tuple[str, ...]] = {}
    """More values for completion, by relation."""
    is_contents: bool = False
    """True for a field on contents: hundreds of texts per restore point, mostly equal in all of them."""


def _text_field(name: str, example: str, help_: str, descriptions: Mapping[str, str], texts: Texts) -> Field:
    """Return a field on texts of the backup record."""
    return Field(name, example, help_, descriptions, partial(match_text, name, texts), lambda backup, _: texts(backup))


def _contents_field(name: str, example: str, help_: str, description: str, texts: Texts) -> Field:
    """Return a field on names of items in a backup."""
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
    """Return a field on a duration; `nouns` are the phrases before a word such as `never`, and before a comparison."""
    comparison_words = {"<": "less than", "<=": "at most", ">": "more than", ">=": "at least"}
    descriptions = {
        ":": f"{nouns[0]}: {{}}",
        **{relation: f"{nouns[1]} {comparison_words[relation]} {{}}" for relation in COMPARISONS},
    }
    words: dict[str, float | None] = {"never": math.inf, "unknown": None} if allows_never else {"unknown": None}
    suggested = {":": tuple(words), **dict.fromkeys(COMPARISONS, ("30m", "2h", "24h", "7d", "30d"))}
    return Field(name, example, help_, descriptions, partial(match_duration, measure, words), suggested=suggested)


IS_VALUE = {":": "is {}", "=": "is {}"}
SUGGESTED_TIMES = {":": ("24h", "7d", "30d", "today", "yesterday")}

FIELDS = {
    field.name: field
    for field in (
        _text_field(
            "name",
            "name:nightly",
            "name",
            {":": "has {} in its name", "=": "is called {}"},
            lambda backup: (backup.name,),
        ),
        Field(
            "gdb",
            "gdb:parcels",
            "contains a geodatabase: name, or at least six digits of its ID",
            {
                ":": "contains a geodatabase with {} in its name or ID",
                "=": "contains the geodatabase {}",
            },
            match_geodatabase,
            lambda backup, _: (geodatabase.name for geodatabase in backup.geodatabases),
            is_contents=True,
        ),
        _contents_field(
            "bucket", "bucket:content", "contains a bucket", "contains a bucket", lambda backup: backup.buckets
        ),
        _contents_field(
            "db",
            "db:gwdb",
            "contains a system database",
            "contains a system database",
            lambda backup: backup.system_databases,
        ),
        _contents_field(
            "cluster",
            "cluster:r4k2w",
            "store instance of a part",
            "has a part of an instance",
            lambda backup: (part.cluster for part in backup.undated_parts),
        ),
        _text_field(
            "store",
            "store:nightly",
            "backup store",
            {":": "is in a store with {} in its name", "=": "is in the store {}"},
            lambda backup: (backup.store,),
        ),
        _text_field(
            "status",
            "status:failed",
            "status of the backup or of a part",
            {":": "has {} in its status or the status of a part", "=": "its status or the status of a part is {}"},
            all_statuses,
        ),
        Field(
            "verdict",
            "verdict:usable",
            "verdict: a word, the beginning of a word, or the symbol",
            IS_VALUE,
            match_verdict,
            lambda _, verdict: (level_label(verdict.level).word,),
        ),
        _text_field("kind", "kind:manual", "scheduled or manual", IS_VALUE, lambda backup: (origin_text(backup),)),
        Field(
            "release",
            "release:11.4",
            "release; 11.4 includes 11.4.1",
            {":": "is from release {}", "=": "is from release {}"},
            match_release,
            lambda backup, _: (backup.release,),
        ),
        Field(
            "since",
            "since:7d",
            "started at or after: a day, a time, today, yesterday or 7d (ago)",
            {":": "started at {} or later"},
            match_since,
            suggested=SUGGESTED_TIMES,
        ),
        Field(
            "until",
            "until:2026-09-18",
            "started at or before; a day counts to its end",
            {":": "started at {} or earlier"},
            match_until,
            suggested=SUGGESTED_TIMES,
        ),
        _duration_field(
            "expires",
            "expires<7d",
            "time until it expires; expires:never, expires:unknown",
            ("retention date", "expires in"),
            measure_time_left,
            allows_never=True,
        ),
        _duration_field(
            "took",
            "took>30m",
            "duration",
            ("duration", "took"),
            lambda backup, _: backup.duration,
            allows_never=False,
        ),
        _duration_field(
            "age", "age<2d", "time since it started", ("age", "has an age of"), measure_age, allows_never=False
        ),
    )
}
"""Fields by name, in the order of help and completion."""
