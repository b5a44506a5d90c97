"""The columns of a list of restore points, for the interface, tables and CSV."""

import datetime as dt
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from typing import NamedTuple

from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.durations import age_at, format_age, format_elapsed, format_short_age
from drtui.core.formatting.input_error import InputError
from drtui.core.formatting.times import format_full, format_minutes
from drtui.core.listing.csv_values import Cell, csv_retention, csv_seconds, csv_seconds_left, csv_time, csv_word
from drtui.core.model.backup import NEVER, OBJECT, RELATIONAL, Backup
from drtui.core.summary.labels import expiry_text, level_label, origin_text, why_text
from drtui.core.verdict.restore_points import RestorePoint

Text = Callable[[RestorePoint, DisplayContext], str]
Value = Callable[[RestorePoint, DisplayContext], Cell]


class ListColumn(NamedTuple):
    """A column: its name, description and values."""

    key: str
    """Name in CSV and options, and sort key of a catalog."""
    description: str
    text: Text
    """Return the full text, for pipes."""
    short: Text
    """Return the text for a narrow column."""
    value: Value
    """Return the value for CSV, to compute with."""


def _column(
    key: str, description: str, text: Text, short: Text | None = None, value: Value | None = None
) -> ListColumn:
    return ListColumn(key, description, text, short or text, value or _text_value(text))


def _text_value(text: Text) -> Value:
    """Return a function for the text as a CSV value; None for the text "-"."""

    def value(point: RestorePoint, view: DisplayContext) -> Cell:
        cell = text(point, view)
        return None if cell == "-" else cell

    return value


def _backup_text(text: Callable[[Backup], str]) -> Text:
    """Return a function for a text that depends only on the backup, not on time zone or now; "-" if empty."""
    return lambda point, _: text(point.backup) or "-"


def _count(backup: Backup, kind: str, number: int) -> str:
    """Return the number as text; "-" (unknown) if the record has no part of this kind."""
    return str(number) if backup.parts_of_kind(kind) else "-"


def _retention_text(format_time: Callable[[int | None, dt.tzinfo], str]) -> Text:
    def text(point: RestorePoint, view: DisplayContext) -> str:
        moment = point.backup.retention
        return "never" if moment == NEVER else "unknown" if moment is None else format_time(moment, view.zone)

    return text


def _age_text(format_duration: Callable[[int], str]) -> Text:
    def text(point: RestorePoint, view: DisplayContext) -> str:
        age = age_at(point.backup.start, view.now)
        if age is None:
            return "-" if point.backup.start is None else "future?"
        return format_duration(age)

    return text


COLUMNS = (
    ListColumn(
        "name",
        "name",
        lambda point, _: point.backup.name,
        lambda point, _: point.backup.name or "(no name)",
        lambda point, _: point.backup.name,
    ),
    _column(
        "verdict",
        "usable on this site or not",
        lambda point, view: level_label(point.verdict.level).text(plain=view.plain),
        value=lambda point, _: csv_word(level_label(point.verdict.level).word),
    ),
    _column(
        "age",
        "time since it started",
        _age_text(format_age),
        _age_text(format_short_age),
        lambda point, view: csv_seconds(age_at(point.backup.start, view.now)),
    ),
    _column(
        "started",
        "start time: later changes may be missing",
        lambda point, view: format_full(point.backup.start, view.zone),
        lambda point, view: format_minutes(point.backup.start, view.zone),
        lambda point, view: csv_time(point.backup.start, view.zone),
    ),
    _column(
        "expires",
        "time until it may be deleted",
        lambda point, view: expiry_text(point.backup, view.now),
        value=lambda point, view: csv_seconds_left(point.backup.retention, view.now),
    ),
    _column("store", "backup store", _backup_text(lambda backup: backup.store)),
    _column(
        "took",
        "duration from start to completion",
        _backup_text(lambda backup: format_elapsed(backup.duration)),
        value=lambda point, _: csv_seconds(point.backup.duration),
    ),
    _column("kind", "manual or scheduled", _backup_text(origin_text)),
    _column("release", "release that created it", _backup_text(lambda backup: backup.release)),
    _column(
        "completed",
        "completion time",
        lambda point, view: format_full(point.backup.end, view.zone),
        lambda point, view: format_minutes(point.backup.end, view.zone),
        lambda point, view: csv_time(point.backup.end, view.zone),
    ),
    _column(
        "until",
        "retention date",
        _retention_text(format_full),
        _retention_text(format_minutes),
        lambda point, view: csv_retention(point.backup.retention, view.zone),
    ),
    _column(
        "geodatabases",
        "how many it holds",
        _backup_text(lambda backup: _count(backup, RELATIONAL, len(backup.geodatabases))),
    ),
    _column("buckets", "how many it holds", _backup_text(lambda backup: _count(backup, OBJECT, len(backup.buckets)))),
    _column("clusters", "store instances it was taken from", _backup_text(lambda backup: ", ".join(backup.clusters))),
    _column(
        "window",
        "time from first to last part: parts may be inconsistent",
        _backup_text(lambda backup: format_elapsed(backup.capture_duration)),
        value=lambda point, _: csv_seconds(point.backup.capture_duration),
    ),
    _column("site", "name of the site that created it", _backup_text(lambda backup: backup.site_name)),
    _column("namespace", "namespace that it was created in", _backup_text(lambda backup: backup.namespace)),
    _column("type", "full, or as reported by the server", _backup_text(lambda backup: backup.backup_type)),
    _column("description", "description", _backup_text(lambda backup: backup.description)),
    ListColumn(
        "reason",
        "main reason, else the description",
        lambda point, _: "" if point.verdict.is_usable else point.verdict.main.text,
        lambda point, _: why_text(point),
        value=lambda point, _: None if point.verdict.is_usable else point.verdict.main.code,
    ),
)

COLUMNS_BY_KEY = {field.key: field for field in COLUMNS}

REQUIRED_COLUMNS = ("name", "verdict")
"""Columns that cannot be hidden on the screen."""

DEFAULT_SCREEN_COLUMNS = (
    "name", "verdict", "age", "started", "took", "expires", "geodatabases", "store", "kind", "release", "reason",
)  # fmt: skip
"""Default columns on the screen. A narrow screen omits some (`column_widths.DEFAULT_RANKS`)."""

DEFAULT_PRINTED_COLUMNS = ("name", "verdict", "age", "started", "took", "kind", "expires", "release", "store", "reason")
"""Default columns of printed lists."""


class ColumnError(InputError):
    """A column name is unknown; the message lists the valid names."""


def parse_columns(text: str) -> tuple[str, ...]:
    """Return the keys of columns named by a person: `name,verdict,until`.

    Raises:
        ColumnError: a name is unknown or empty.
    """
    keys = tuple(dict.fromkeys(word.strip().lower() for word in text.split(",")))
    for key in keys:
        if key not in COLUMNS_BY_KEY:
            near = get_close_matches(key, COLUMNS_BY_KEY, n=1)
            suggestion = f" Did you mean {near[0]}?" if near else ""
            raise ColumnError(f"Unknown column {key!r}.{suggestion} Columns: {', '.join(COLUMNS_BY_KEY)}")
    return keys


def normalize_columns(keys: Iterable[str]) -> tuple[str, ...]:
    """Drop unknown and repeated columns, put the name first, and add the verdict if it is absent."""
    valid = [key for key in dict.fromkeys(keys) if key in COLUMNS_BY_KEY and key != "name"]
    return ("name", *(() if "verdict" in valid else ("verdict",)), *valid)
