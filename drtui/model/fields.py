"""The fields of the filter language; `/`, `--filter`, completion and help share them."""

import math
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from drtui.model.matching import Meaning, by_geodatabase, by_release, by_text, by_verdict, inside, statuses
from drtui.model.timing import COMPARISONS, left, measure, old, since, until
from drtui.model.view import View
from drtui.model.words import kind_of


class Field(NamedTuple):
    """One field."""

    name: str
    example: str
    says: dict[str, str]
    """By relation: what it asks, with `{}` for the value."""
    read: Callable[[str, str, View], Meaning]
    """From relation, value and where one looks from; raises FieldError."""
    suggested: tuple[str, ...] = ()
    """Values to choose from that do not depend on what there is."""
    cost: int = 0
    """What takes longer is asked last."""


def _named(what: str) -> dict[str, str]:
    return {":": f"{what} with {{}} in its name", "=": f"{what} called {{}}"}


def _compared(noun: str, what: str) -> dict[str, str]:
    words = {"<": "less than", "<=": "at most", ">": "more than", ">=": "at least"}
    return {":": f"{noun}: {{}}", **{relation: f"{what} {words[relation]} {{}}" for relation in COMPARISONS}}


UNKNOWN: dict[str, float | None] = {"unknown": None}
AGO = ("24h", "7d", "30d", "today", "yesterday")

FIELDS = {
    each.name: each
    for each in (
        Field(
            "name",
            "name:nightly",
            {":": "has {} in its name", "=": "is called {}"},
            partial(by_text, lambda backup: (backup.name,)),
        ),
        Field(
            "gdb",
            "gdb:parcels",
            {
                ":": "holds a geodatabase with {} in its name or at the beginning of its id",
                "=": "holds the geodatabase of the name or id {}",
            },
            by_geodatabase,
            cost=1,
        ),
        Field(
            "bucket",
            "bucket:content",
            _named("holds a bucket"),
            partial(inside, lambda backup: backup.buckets),
            cost=1,
        ),
        Field(
            "db",
            "db:gwdb",
            _named("holds a system database"),
            partial(inside, lambda backup: backup.system_databases),
            cost=1,
        ),
        Field(
            "cluster",
            "cluster:r4k2w",
            _named("has a part of a cluster"),
            partial(inside, lambda backup: (part.cluster for part in backup.parts)),
            cost=1,
        ),
        Field("store", "store:nightly", _named("is in a store"), partial(by_text, lambda backup: (backup.store,))),
        Field(
            "status",
            "status:failed",
            {":": "has {} in its status, or in that of a part", "=": "its status, or that of a part, is {}"},
            partial(by_text, statuses),
        ),
        Field("verdict", "verdict:usable,doubtful", {":": "is {}", "=": "is {}"}, by_verdict),
        Field("kind", "kind:manual", {":": "is {}", "=": "is {}"}, partial(by_text, lambda backup: (kind_of(backup),))),
        Field("release", "release:11.4", {":": "was made by release {}", "=": "was made by release {}"}, by_release),
        Field("since", "since:7d", {":": "started at {} or later"}, since, AGO),
        Field("until", "until:2026-09-18", {":": "started at {} or earlier"}, until, AGO),
        Field(
            "expires",
            "expires<7d",
            _compared("end of retention", "may be cleaned up in"),
            partial(measure, left, {"never": math.inf, **UNKNOWN}),
        ),
        Field("took", "took>30m", _compared("duration", "took"), partial(measure, lambda b, _: b.took, UNKNOWN)),
        Field("age", "age<2d", _compared("age", "has an age of"), partial(measure, old, UNKNOWN)),
    )
}
"""By name, in the order of help and completion."""
