"""List the differences between two restore points, one row each."""

import enum
from collections.abc import Iterator

from msgspec import Struct

from drtui.core.analysis.capture_window import measure_capture_window
from drtui.core.comparison.compare import (
    Comparison,
    GeodatabasesComparison,
    NamesComparison,
    PartPair,
    compute_duration_ratio,
)
from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.durations import format_age, format_elapsed, format_signed
from drtui.core.listing.csv_values import Cell, csv_seconds, csv_seconds_left, csv_word
from drtui.core.model.backup import EXPECTED_PARTS, Backup, Geodatabase, Part
from drtui.core.summary.labels import expiry_text, level_label, origin_text, state_label
from drtui.core.verdict.rules import PART_NAMES

NONE = "-"
"""The text of an absent value."""


class Sign(enum.Enum):
    """The relation between the older and the newer value, as the symbol of a row."""

    ADDED = "+"
    REMOVED = "-"
    CHANGED = "~"
    UNKNOWN = "?"
    INFO = " "
    """Times, durations and other values in which any two restore points differ."""
    SAME = "="


TONES = {Sign.ADDED: "good", Sign.REMOVED: "bad", Sign.CHANGED: "warn", Sign.UNKNOWN: "warn", Sign.SAME: "muted"}
"""The tone of each sign; INFO has none."""


class Difference(Struct, frozen=True):
    """One row of a comparison."""

    sign: Sign
    subject: str
    older: str
    newer: str
    note: str = ""
    tones: tuple[str, str] = ("", "")
    """The tones of `older` and `newer`."""
    csv_values: tuple[Cell, ...] | None = None
    """Older, newer and note as values to compute with; None if they are the texts."""
    counts_equal_items: bool = False
    """True if the row is about items that both restore points contain."""

    @property
    def csv_cells(self) -> tuple[Cell, ...]:
        """Older, newer and note for CSV."""
        if self.csv_values is not None:
            return self.csv_values
        older, newer = (None if text == NONE else text for text in (self.older, self.newer))
        return older, newer, self.note or None

    @property
    def is_difference(self) -> bool:
        """True if the restore points differ, or may differ, in this row."""
        return self.sign not in {Sign.INFO, Sign.SAME}


def comparison_rows(comparison: Comparison, view: DisplayContext) -> tuple[Difference, ...]:
    """Return the rows: first the differences, then the informative rows, then the equal rows."""
    plain = view.plain
    compared = (
        *_content_rows(comparison),
        *_verdict_rows(comparison, plain=plain),
        *(row for pair in comparison.parts for row in _part_rows(comparison, pair, plain=plain)),
        *(
            Difference(_sign(pair.is_same), pair.name, pair.older or NONE, pair.newer or NONE)
            for pair in comparison.metadata
        ),
    )
    info = (*_duration_rows(comparison), *_time_rows(comparison.older.backup, comparison.newer.backup, view.now))
    return (
        *(row for row in compared if row.is_difference),
        *info,
        *(row for row in compared if not row.is_difference),
    )


def _sign(is_same: bool | None) -> Sign:
    return Sign.UNKNOWN if is_same is None else Sign.SAME if is_same else Sign.CHANGED


def _content_rows(comparison: Comparison) -> Iterator[Difference]:
    backups = (comparison.older.backup, comparison.newer.backup)
    if comparison.geodatabases is None:
        yield _incomparable_row("geodatabases", *(len(backup.geodatabases) for backup in backups))
    else:
        yield from _geodatabase_rows(comparison.geodatabases)
    if comparison.databases is not None:
        yield from _name_rows(comparison.databases, "system database")
    if comparison.buckets is None:
        yield _incomparable_row("buckets", *(len(backup.buckets) for backup in backups))
    else:
        yield from _name_rows(comparison.buckets, "bucket")


def _incomparable_row(subject: str, *numbers: int) -> Difference:
    older, newer = (f"{number:,} listed" if number else "none listed" for number in numbers)
    return Difference(Sign.UNKNOWN, subject, older, newer, "not in one of the records")


def _geodatabase_rows(geodatabases: GeodatabasesComparison) -> Iterator[Difference]:
    for x in geodatabases.removed:
        yield Difference(Sign.REMOVED, "geodatabase removed", _name(x), NONE, x.id)
    for y in geodatabases.added:
        yield Difference(Sign.ADDED, "geodatabase added", NONE, _name(y), y.id)
    for x, y in geodatabases.renamed:
        yield Difference(Sign.CHANGED, "geodatabase renamed", _name(x), _name(y), f"same ID {y.id}")
    for x, y in geodatabases.recreated:
        note = f"other ID: {x.identity[:8]}, {y.identity[:8]}"
        yield Difference(Sign.CHANGED, "geodatabase re-created", _name(x), _name(y), note)
    for x, y in geodatabases.uncertain:
        yield Difference(Sign.UNKNOWN, "geodatabase", _name(x), _name(y), "ID in one record only")
    paired = len(geodatabases.renamed) + len(geodatabases.recreated) + len(geodatabases.uncertain)
    changed_older, changed_newer = len(geodatabases.removed) + paired, len(geodatabases.added) + paired
    yield from _unchanged_row("geodatabases", len(geodatabases.unchanged), changed_older, changed_newer)


def _name(geodatabase: Geodatabase) -> str:
    return geodatabase.name or "(no name)"


def _name_rows(names: NamesComparison, noun: str) -> Iterator[Difference]:
    for name in names.removed:
        yield Difference(Sign.REMOVED, f"{noun} removed", name, NONE)
    for name in names.added:
        yield Difference(Sign.ADDED, f"{noun} added", NONE, name)
    yield from _unchanged_row(f"{noun}s", len(names.unchanged), len(names.removed), len(names.added))


def _unchanged_row(nouns: str, unchanged: int, changed_older: int, changed_newer: int) -> Iterator[Difference]:
    """Yield a row with the unchanged count and each side's total, if any are unchanged.

    `changed_older` and `changed_newer` count the items of each side that are not unchanged.
    """
    if unchanged:
        older, newer = (f"{unchanged:,} of {unchanged + changed:,}" for changed in (changed_older, changed_newer))
        yield Difference(
            Sign.SAME,
            f"{nouns} unchanged",
            older,
            newer,
            csv_values=(unchanged, unchanged, None),
            counts_equal_items=True,
        )


def _verdict_rows(comparison: Comparison, *, plain: bool) -> Iterator[Difference]:
    older, newer = (level_label(point.verdict.level) for point in (comparison.older, comparison.newer))
    texts = (older.text(plain=plain), newer.text(plain=plain))
    values = (csv_word(older.word), csv_word(newer.word), None)
    tones = (older.tone, newer.tone)
    yield Difference(_sign(older == newer), "verdict", *texts, tones=tones, csv_values=values)


def _part_rows(comparison: Comparison, pair: PartPair, *, plain: bool) -> Iterator[Difference]:
    """Yield presence or status of a part, then the store instances that captured it."""
    name = comparison.part_name(pair)
    (older, older_tone), (newer, newer_tone) = (_status_text(part, plain=plain) for part in (pair.older, pair.newer))
    values = (*(None if part is None else part.status for part in (pair.older, pair.newer)), None)
    tones = (older_tone, newer_tone)
    if pair.is_one_sided:
        sign, suffix = (Sign.ADDED, " added") if pair.older is None else (Sign.REMOVED, " removed")
        if pair.kind in EXPECTED_PARTS and name == PART_NAMES[pair.kind]:
            sign, suffix = Sign.UNKNOWN, ""  # every backup has these parts, even if its record omits them (rule R2)
        yield Difference(sign, name + suffix, older, newer, tones=tones, csv_values=values)
        return
    yield Difference(_sign(pair.has_same_status), f"{name} status", older, newer, tones=tones, csv_values=values)
    clusters = pair.clusters
    if any(clusters):
        sign = _sign(not pair.is_other_instance if all(clusters) else None)
        note = "rebuilt or restored in between?" if pair.is_other_instance else ""
        yield Difference(sign, f"{name} instance", clusters[0] or NONE, clusters[1] or NONE, note)


def _status_text(part: Part | None, *, plain: bool) -> tuple[str, str]:
    """Return the status of a part and its tone; a part that did not complete never has a good tone."""
    if part is None:
        return "not in the record", "warn"
    mark = state_label(part.status)
    return mark.text(plain=plain), "bad" if part.has_failed else mark.tone


def _duration_rows(comparison: Comparison) -> Iterator[Difference]:
    yield _duration_row("took", comparison.older.backup.duration, comparison.newer.backup.duration)
    for pair in comparison.parts:
        if pair.older is not None and pair.newer is not None:
            yield _duration_row(f"{comparison.part_name(pair)} took", pair.older.duration, pair.newer.duration)


def _duration_row(subject: str, older: int | None, newer: int | None) -> Difference:
    ratio = compute_duration_ratio(older, newer)
    values = (csv_seconds(older), csv_seconds(newer), None if ratio is None else round(ratio, 4))
    texts = (format_elapsed(older), format_elapsed(newer), format_ratio(ratio))
    return Difference(Sign.INFO, subject, *texts, csv_values=values)


def format_ratio(ratio: float | None) -> str:
    """Return a ratio of durations in words, such as `3.6x slower`; "" if unknown."""
    if ratio is None:
        return ""
    if 0.95 < ratio < 1.05:
        return "similar"
    factor, word = (ratio, "slower") if ratio > 1 else (1 / ratio, "faster")
    return f"{factor:,.0f}x {word}" if factor >= 10 else f"{factor:.1f}x {word}"


def _time_rows(a: Backup, b: Backup, now: int) -> Iterator[Difference]:
    """Yield capture windows (rule R5), expiry, kind and description."""
    windows = measure_capture_window(a), measure_capture_window(b)
    if any(windows):
        older, newer = (NONE if window is None else format_age(window.spread) for window in windows)
        spreads = [None if window is None else csv_seconds(window.spread) for window in windows]
        yield Difference(Sign.INFO, "captured over", older, newer, csv_values=(*spreads, None))
        older, newer = (
            NONE if window is None or window.skew is None else format_signed(window.skew) for window in windows
        )
        skews = [None if window is None else csv_seconds(window.skew) for window in windows]
        yield Difference(Sign.INFO, "object store lag", older, newer, csv_values=(*skews, None))
    values = (csv_seconds_left(a.retention, now), csv_seconds_left(b.retention, now), None)
    yield Difference(Sign.INFO, "expires", expiry_text(a, now), expiry_text(b, now), csv_values=values)
    yield Difference(Sign.INFO, "kind", origin_text(a), origin_text(b))
    if a.description or b.description:
        yield Difference(Sign.INFO, "note", a.description or NONE, b.description or NONE)
