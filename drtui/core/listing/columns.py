"""The columns that a list of restore points can have: on the screen, in a table and in CSV."""

import datetime as dt
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from typing import NamedTuple

from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.times import (
    age_at,
    format_age,
    format_elapsed,
    format_full,
    format_minutes,
    format_short_age,
)
from drtui.core.listing.csv_values import Cell, csv_retention, csv_seconds, csv_seconds_left, csv_time, csv_word
from drtui.core.model.backup import NEVER, OBJECT, RELATIONAL, Backup
from drtui.core.summary.labels import StatusLabel, expiry_text, level_label, origin_text
from drtui.core.verdict.restore_points import RestorePoint

Text = Callable[[RestorePoint, DisplayContext], str]
Value = Callable[[RestorePoint, DisplayContext], Cell]


class ListColumn(NamedTuple):
    """One column."""

    key: str
    """Its name in CSV and in options; what a catalog is sorted by."""
    description: str
    text: Text
    """In full, for pipes."""
    short: Text
    """For a narrow column."""
    value: Value
    """For CSV, to compute with."""


def _field(key: str, means: str, text: Text, short: Text | None = None, value: Value | None = None) -> ListColumn:
    return ListColumn(key, means, text, short or text, value or _given(text))


def _given(text: Text) -> Value:
    """Return the text as a value; nothing for the dash that stands for nothing."""

    def value(point: RestorePoint, view: DisplayContext) -> Cell:
        found = text(point, view)
        return None if found == "-" else found

    return value


def _of(text: Callable[[Backup], str]) -> Text:
    """What is said whenever and from wherever one looks."""
    return lambda point, _: text(point.backup) or "-"


def _count(backup: Backup, kind: str, number: int) -> str:
    """How many; where the record has no such part, that is not known."""
    return str(number) if backup.parts_of_kind(kind) else "-"


def _mark(point: RestorePoint) -> StatusLabel:
    return level_label(point.verdict.level)


def _until(show: Callable[[int | None, dt.tzinfo], str]) -> Text:
    def text(point: RestorePoint, view: DisplayContext) -> str:
        moment = point.backup.retention
        return "never" if moment == NEVER else "unknown" if moment is None else show(moment, view.zone)

    return text


def _age(show: Callable[[int], str]) -> Text:
    def text(point: RestorePoint, view: DisplayContext) -> str:
        old = age_at(point.backup.start, view.now)
        if old is None:
            return "-" if point.backup.start is None else "future?"
        return show(old)

    return text


def _seconds_old(point: RestorePoint, view: DisplayContext) -> Cell:
    return csv_seconds(age_at(point.backup.start, view.now))


COLUMNS = (
    ListColumn(
        "name",
        "its name",
        lambda point, _: point.backup.name,
        lambda point, _: point.backup.name or "(no name)",
        lambda point, _: point.backup.name,
    ),
    _field(
        "verdict",
        "whether it is usable here",
        lambda point, view: _mark(point).text(plain=view.plain),
        value=lambda point, _: csv_word(_mark(point).word),
    ),
    _field("age", "how long ago it started", _age(format_age), _age(format_short_age), _seconds_old),
    _field(
        "started",
        "when it started: what was written later may be missing",
        lambda point, view: format_full(point.backup.start, view.zone),
        lambda point, view: format_minutes(point.backup.start, view.zone),
        lambda point, view: csv_time(point.backup.start, view.zone),
    ),
    _field(
        "expires",
        "how long until it may be cleaned up",
        lambda point, view: expiry_text(point.backup, view.now),
        value=lambda point, view: csv_seconds_left(point.backup.retention, view.now),
    ),
    _field("store", "the backup store it is in", _of(lambda backup: backup.store)),
    _field(
        "took",
        "from start to completion",
        _of(lambda backup: format_elapsed(backup.duration)),
        value=lambda point, _: csv_seconds(point.backup.duration),
    ),
    _field("kind", "scheduled or manual", _of(origin_text)),
    _field("release", "the release that made it", _of(lambda backup: backup.release)),
    _field(
        "completed",
        "when it was complete",
        lambda point, view: format_full(point.backup.end, view.zone),
        lambda point, view: format_minutes(point.backup.end, view.zone),
        lambda point, view: csv_time(point.backup.end, view.zone),
    ),
    _field(
        "until",
        "its retention date",
        _until(format_full),
        _until(format_minutes),
        lambda point, view: csv_retention(point.backup.retention, view.zone),
    ),
    _field("geodatabases", "how many it holds", _of(lambda each: _count(each, RELATIONAL, len(each.geodatabases)))),
    _field("buckets", "how many it holds", _of(lambda each: _count(each, OBJECT, len(each.buckets)))),
    _field("clusters", "the instances of stores it was taken from", _of(lambda backup: ", ".join(backup.clusters))),
    _field(
        "window",
        "from the start of its first part to the end of its last: within it they may disagree",
        _of(lambda backup: format_elapsed(backup.capture_duration)),
        value=lambda point, _: csv_seconds(point.backup.capture_duration),
    ),
    _field("site", "the name of the site it was made on", _of(lambda backup: backup.site_name)),
    _field("namespace", "the namespace it was made in", _of(lambda backup: backup.namespace)),
    _field("type", "full, or what the server says", _of(lambda backup: backup.backup_type)),
    _field("description", "what somebody noted", _of(lambda backup: backup.description)),
    _field(
        "reason",
        "what stands most against it",
        lambda point, _: "" if point.verdict.is_usable else point.verdict.main.text,
        value=lambda point, _: None if point.verdict.is_usable else point.verdict.main.code,
    ),
)

COLUMNS_BY_KEY = {field.key: field for field in COLUMNS}

REQUIRED_COLUMNS = ("name", "verdict")
"""Columns that cannot be hidden on the screen: what it is, and whether it is any good."""

DEFAULT_SCREEN_COLUMNS = ("name", "verdict", "age", "started", "expires", "store", "took", "kind", "release")
"""What a screen shows at first. Where it is narrow, the last ones give way."""

DEFAULT_PRINTED_COLUMNS = ("name", "verdict", "age", "started", "took", "kind", "expires", "release", "store", "reason")
"""What a pipe gets if it asks for nothing else."""


class ColumnError(ValueError):
    """Names that are no columns; the message says which there are."""


def parse_columns(text: str) -> tuple[str, ...]:
    """The columns that a person named: `name,verdict,until`.

    Raises:
        ColumnError: one of them is none, or there are none.
    """
    keys = tuple(dict.fromkeys(word.strip().lower() for word in text.split(",")))
    for key in keys:
        if key not in COLUMNS_BY_KEY:
            near = get_close_matches(key, COLUMNS_BY_KEY, n=1)
            meant = f" (did you mean {near[0]}?)" if near else ""
            raise ColumnError(f"there is no column {key!r}{meant}; there are {', '.join(COLUMNS_BY_KEY)}")
    return keys


def normalize_columns(keys: Iterable[str]) -> tuple[str, ...]:
    """Columns as a screen can show them: known ones, each once, the name first, and the verdict in any case."""
    known = [key for key in dict.fromkeys(keys) if key in COLUMNS_BY_KEY and key != "name"]
    return ("name", *(() if "verdict" in known else ("verdict",)), *known)
