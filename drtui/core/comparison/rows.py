"""What differs between two restore points, a line each: the older one beside the newer one."""

import enum
from collections.abc import Iterator

from msgspec import Struct

from drtui.core.analysis.capture_window import capture_window
from drtui.core.comparison.compare import Comparison, GeodatabasesComparison, NamesComparison, PartPair, duration_ratio
from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.times import format_age, format_elapsed, format_signed
from drtui.core.listing.csv_values import Cell, csv_seconds, csv_seconds_left, csv_word
from drtui.core.model.backup import EXPECTED_PARTS, Backup, Geodatabase, Part
from drtui.core.summary.labels import expiry_text, level_label, origin_text, state_label
from drtui.core.verdict.verdict import PART_NAMES

NONE = "-"
"""Stands where there is nothing."""


class Sign(enum.Enum):
    """How the two stand to each other, as the symbol of a line."""

    ADDED = "+"
    REMOVED = "-"
    CHANGED = "~"
    UNKNOWN = "?"
    INFO = " "
    """Times, durations and the like, in which any two restore points differ."""
    SAME = "="


TONES = {Sign.ADDED: "good", Sign.REMOVED: "bad", Sign.CHANGED: "warn", Sign.UNKNOWN: "warn", Sign.SAME: "muted"}
"""How a sign is shown beside its symbol and the words; that which is told has none."""


class Difference(Struct, frozen=True):
    """One line."""

    sign: Sign
    subject: str
    older: str
    newer: str
    note: str = ""
    tones: tuple[str, str] = ("", "")
    """Of the older and the newer."""
    csv_values: tuple[Cell, ...] | None = None
    """Older, newer and note to compute with; None where the texts are."""

    @property
    def csv_cells(self) -> tuple[Cell, ...]:
        """Older, newer and note for CSV."""
        if self.csv_values is not None:
            return self.csv_values
        older, newer = (None if text == NONE else text for text in (self.older, self.newer))
        return older, newer, self.note or None

    @property
    def is_difference(self) -> bool:
        """Whether the two differ in it, or may."""
        return self.sign not in {Sign.INFO, Sign.SAME}


def comparison_rows(comparison: Comparison, view: DisplayContext) -> tuple[Difference, ...]:
    """What differs, then what is told of each, then what is the same."""
    plain = view.plain
    made = (
        *_contents(comparison),
        *_verdicts(comparison, plain=plain),
        *(each for pair in comparison.parts for each in _part(comparison, pair, plain=plain)),
        *(
            Difference(_sign(each.is_same), each.name, each.older or NONE, each.newer or NONE)
            for each in comparison.metadata
        ),
    )
    told = (*_durations(comparison), *_times(comparison.older.backup, comparison.newer.backup, view.now))
    return (*(each for each in made if each.is_difference), *told, *(each for each in made if not each.is_difference))


def _sign(same: bool | None) -> Sign:
    return Sign.UNKNOWN if same is None else Sign.SAME if same else Sign.CHANGED


def _contents(found: Comparison) -> Iterator[Difference]:
    sides = (found.older.backup, found.newer.backup)
    if found.geodatabases is None:
        yield _unlisted("geodatabases", *(len(each.geodatabases) for each in sides))
    else:
        yield from _geodatabases(found.geodatabases)
    if found.databases is not None:
        yield from _names(found.databases, "system database")
    if found.buckets is None:
        yield _unlisted("buckets", *(len(each.buckets) for each in sides))
    else:
        yield from _names(found.buckets, "bucket")


def _unlisted(what: str, *numbers: int) -> Difference:
    older, newer = (f"{number:,} listed" if number else "none listed" for number in numbers)
    return Difference(Sign.UNKNOWN, what, older, newer, "one record does not say")


def _geodatabases(found: GeodatabasesComparison) -> Iterator[Difference]:
    for x in found.removed:
        yield Difference(Sign.REMOVED, "geodatabase removed", _name(x), NONE, x.id)
    for y in found.added:
        yield Difference(Sign.ADDED, "geodatabase added", NONE, _name(y), y.id)
    for x, y in found.renamed:
        yield Difference(Sign.CHANGED, "geodatabase renamed", _name(x), _name(y), f"same id {y.id}")
    for x, y in found.recreated:
        note = f"other id: {x.identity[:8]}, {y.identity[:8]}"
        yield Difference(Sign.CHANGED, "geodatabase re-created", _name(x), _name(y), note)
    for x, y in found.uncertain:
        yield Difference(Sign.UNKNOWN, "geodatabase", _name(x), _name(y), "an id in one record only")
    changed = len(found.renamed) + len(found.recreated) + len(found.uncertain)
    yield from _unchanged(
        "geodatabases", len(found.unchanged), len(found.removed) + changed, len(found.added) + changed
    )


def _name(each: Geodatabase) -> str:
    return each.name or "(no name)"


def _names(found: NamesComparison, what: str) -> Iterator[Difference]:
    for each in found.removed:
        yield Difference(Sign.REMOVED, f"{what} removed", each, NONE)
    for each in found.added:
        yield Difference(Sign.ADDED, f"{what} added", NONE, each)
    yield from _unchanged(f"{what}s", len(found.unchanged), len(found.removed), len(found.added))


def _unchanged(what: str, same: int, older: int, newer: int) -> Iterator[Difference]:
    """Yield how many are the same in both, of how many there are in each; `older` and `newer` are the other ones."""
    if same:
        of_older, of_newer = (f"{same:,} of {same + others:,}" for others in (older, newer))
        yield Difference(Sign.SAME, f"{what} unchanged", of_older, of_newer, csv_values=(same, same, None))


def _verdicts(found: Comparison, *, plain: bool) -> Iterator[Difference]:
    older, newer = (level_label(point.verdict.level) for point in (found.older, found.newer))
    texts = (older.text(plain=plain), newer.text(plain=plain))
    values = (csv_word(older.word), csv_word(newer.word), None)
    tones = (older.tone, newer.tone)
    yield Difference(_sign(older == newer), "verdict", *texts, tones=tones, csv_values=values)


def _part(found: Comparison, pair: PartPair, *, plain: bool) -> Iterator[Difference]:
    """Whether both have it, how it stands, and by which instance of the store it was captured."""
    name = found.part_name(pair)
    (older, tone), (newer, other) = (_state(each, plain=plain) for each in (pair.older, pair.newer))
    values = (_status(pair.older), _status(pair.newer), None)
    if pair.is_one_sided:
        sign, suffix = (Sign.ADDED, " added") if pair.older is None else (Sign.REMOVED, " removed")
        if pair.kind in EXPECTED_PARTS and name == PART_NAMES[pair.kind]:
            sign, suffix = Sign.UNKNOWN, ""  # every backup has one, whatever the record says (rule R2)
        yield Difference(sign, name + suffix, older, newer, tones=(tone, other), csv_values=values)
        return
    yield Difference(
        _sign(pair.has_same_status), f"{name} status", older, newer, tones=(tone, other), csv_values=values
    )
    clusters = pair.clusters
    if any(clusters):
        sign = _sign(not pair.is_other_instance if all(clusters) else None)
        note = "rebuilt or restored in between?" if pair.is_other_instance else ""
        yield Difference(sign, f"{name} instance", clusters[0] or NONE, clusters[1] or NONE, note)


def _state(part: Part | None, *, plain: bool) -> tuple[str, str]:
    """The status of a part with its tone; a part that did not complete is never shown as good."""
    if part is None:
        return "not in the record", "warn"
    mark = state_label(part.status)
    return mark.text(plain=plain), "bad" if part.failed else mark.tone


def _status(part: Part | None) -> str | None:
    return None if part is None else part.status


def _durations(found: Comparison) -> Iterator[Difference]:
    yield _duration("took", found.older.backup.took, found.newer.backup.took)
    for pair in found.parts:
        if pair.older is not None and pair.newer is not None:
            yield _duration(f"{found.part_name(pair)} took", pair.older.took, pair.newer.took)


def _duration(what: str, older: int | None, newer: int | None) -> Difference:
    times = duration_ratio(older, newer)
    values = (csv_seconds(older), csv_seconds(newer), None if times is None else round(times, 4))
    return Difference(
        Sign.INFO, what, format_elapsed(older), format_elapsed(newer), format_ratio(times), csv_values=values
    )


def format_ratio(ratio: float | None) -> str:
    """A factor in words; nothing where it is not known."""
    if ratio is None:
        return ""
    if 0.95 < ratio < 1.05:
        return "about as long"
    large, word = (ratio, "slower") if ratio > 1 else (1 / ratio, "faster")
    return f"{large:,.0f}x {word}" if large >= 10 else f"{large:.1f}x {word}"


def _times(a: Backup, b: Backup, now: int) -> Iterator[Difference]:
    """When the parts were captured (rule R5), when each goes, and what it is said to be."""
    windows = capture_window(a), capture_window(b)
    if any(windows):
        older, newer = (NONE if each is None else format_age(each.spread) for each in windows)
        spreads = [None if each is None else csv_seconds(each.spread) for each in windows]
        yield Difference(Sign.INFO, "captured within", older, newer, csv_values=(*spreads, None))
        older, newer = (NONE if each is None or each.skew is None else format_signed(each.skew) for each in windows)
        skews = [None if each is None else csv_seconds(each.skew) for each in windows]
        yield Difference(Sign.INFO, "object after relational store", older, newer, csv_values=(*skews, None))
    values = (csv_seconds_left(a.retention, now), csv_seconds_left(b.retention, now), None)
    yield Difference(Sign.INFO, "expires", expiry_text(a, now), expiry_text(b, now), csv_values=values)
    yield Difference(Sign.INFO, "kind", origin_text(a), origin_text(b))
    if a.description or b.description:
        yield Difference(Sign.INFO, "note", a.description or NONE, b.description or NONE)
