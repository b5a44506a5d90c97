"""Describe in sentences how the differences between two restore points affect a restore."""

from collections.abc import Iterable, Iterator, Sequence

from drtui.core.comparison.compare import Comparison, GeodatabasesComparison
from drtui.core.formatting.display import StyledText
from drtui.core.formatting.durations import SECOND, format_age
from drtui.core.formatting.text import cut_middle, plural
from drtui.core.model.backup import Geodatabase
from drtui.core.model.site import Release
from drtui.core.summary.labels import level_label
from drtui.core.verdict.rules import PART_NAMES

MAX_LISTED_NAMES = 5
"""Maximum number of names in a sentence; the table of differences lists all of them."""
MAX_NAME_CELLS = 40
"""Maximum width of a name in a sentence, in cells."""

ORIGINS = {
    "namespace": "Different namespaces ({}): a restore into a new site needs the same namespace.",
    "site": "Different site names ({}): a restore in place needs the same organisation.",
}
"""Sentence for each origin property that differs (rule R34)."""


def describe_impact(comparison: Comparison, *, plain: bool = False) -> tuple[StyledText, ...]:
    """Return the sentences, most decisive first; `plain` restricts symbols to ASCII."""
    if comparison.older.backup == comparison.newer.backup:
        return (StyledText("Both are the same restore point.", "muted"),)
    return (
        *_verdict_sentences(comparison, plain=plain),
        *_release_sentences(comparison),
        *_content_sentences(comparison),
        *_time_sentences(comparison),
        *_part_sentences(comparison),
        *_origin_sentences(comparison),
    )


def _verdict_sentences(comparison: Comparison, *, plain: bool) -> Iterator[StyledText]:
    for label, point in zip(comparison.labels, (comparison.older, comparison.newer), strict=True):
        mark = level_label(point.verdict.level)
        reason = "" if point.verdict.is_usable else f", {point.verdict.main.text}"
        yield StyledText(f"{label.capitalize()} verdict: {mark.text(plain=plain)}{reason}.", mark.tone)


def _release_sentences(comparison: Comparison) -> Iterator[StyledText]:
    """Describe the releases that the restore points can be restored on (rules R12, R13)."""
    older, newer = (Release.parse(point.backup.release) for point in (comparison.older, comparison.newer))
    for label, release in zip(comparison.labels, (older, newer), strict=True):
        if release is None:
            yield StyledText(f"{label.capitalize()} names no release: unknown which site can restore it.", "warn")
    if older is None or newer is None:
        return
    if older.line != newer.line:
        a, b = comparison.labels
        yield StyledText(f"{a.capitalize()} restores on release {older} only, {b} on {newer} only.", "warn")
    elif older.is_other_build(newer):
        yield StyledText(f"Two builds of one release: {older} and {newer}.", "muted")


def _content_sentences(comparison: Comparison) -> Iterator[StyledText]:
    """Describe the contents that a restore loses or brings back."""
    if comparison.geodatabases is not None:
        yield from _geodatabase_sentences(comparison.geodatabases, comparison.labels)
    kinds = (comparison.databases, ("system database", "system databases")), (comparison.buckets, ("bucket", "buckets"))
    for items, nouns in kinds:
        if items is not None:
            yield from _one_sided_sentences(items.added, items.removed, nouns, comparison.labels)
    contents = [content for content in comparison.contents if content is not None]
    if len(contents) < len(comparison.contents):
        yield StyledText("Contents cannot be compared in full: one record does not list them.", "warn")
    elif not any(content.has_differences for content in contents):
        lists_contents = any(content.unchanged for content in contents)
        if lists_contents:
            yield StyledText("Same contents by name and ID. Data is not compared.", "muted")
        else:
            yield StyledText("Neither record lists its contents.", "warn")


def _geodatabase_sentences(geodatabases: GeodatabasesComparison, labels: tuple[str, str]) -> Iterator[StyledText]:
    added, removed = ([*map(_name, side)] for side in (geodatabases.added, geodatabases.removed))
    yield from _one_sided_sentences(added, removed, ("geodatabase", "geodatabases"), labels)
    if geodatabases.renamed:
        number = plural(len(geodatabases.renamed), "geodatabase has", "geodatabases have")
        names = _join_names(f"{_name(x)} ({_name(y)} in the {labels[1]})" for x, y in geodatabases.renamed)
        yield StyledText(f"{number} another name in the {labels[0]}: {names}.", "warn")
    if geodatabases.recreated:
        number = plural(len(geodatabases.recreated), "geodatabase is", "geodatabases are")
        names = _join_names(_name(y) for _, y in geodatabases.recreated)
        yield StyledText(f"{number} the same by name only, with another ID (re-created?): {names}.", "warn")
    if geodatabases.uncertain:
        number = plural(len(geodatabases.uncertain), "geodatabase has", "geodatabases have")
        names = _join_names(_name(y) for _, y in geodatabases.uncertain)
        yield StyledText(f"{number} an ID in only one record, may be another geodatabase: {names}.", "warn")


def _one_sided_sentences(
    added: Sequence[str], removed: Sequence[str], nouns: tuple[str, str], labels: tuple[str, str]
) -> Iterator[StyledText]:
    """Describe items that only one restore point contains; restoring the other does not bring them back.

    `nouns` are singular and plural.
    """
    a, b = labels
    for owner, restored, verb, names, tone in (
        (b, a, "loses", added, "bad"),
        (a, b, "does not bring back", removed, "warn"),
    ):
        if names:
            items = f"{plural(len(names), *nouns)} that only the {owner} contains"
            yield StyledText(f"Restoring the {restored} {verb} {items}: {_join_names(names)}.", tone)


def _time_sentences(comparison: Comparison) -> Iterator[StyledText]:
    """Describe the time between the two starts: data written in it is lost by restoring the older (rule R5)."""
    if not comparison.is_ordered_by_time:
        yield StyledText("Unknown which is older: one record has no start.", "warn")
    elif (comparison.time_apart or 0) >= SECOND:
        gap = format_age(comparison.time_apart or 0)
        yield StyledText(f"Restoring the older loses what was written in the {gap} between them.", "warn")


def _part_sentences(comparison: Comparison) -> Iterator[StyledText]:
    for pair in comparison.parts:
        if pair.is_one_sided:
            label = comparison.labels[0 if pair.older is None else 1]
            name = cut_middle(comparison.part_name(pair), MAX_NAME_CELLS)
            yield StyledText(f"Restoring the {label} brings back no {name}: its record has none.", "bad")


def _origin_sentences(comparison: Comparison) -> Iterator[StyledText]:
    """Describe differences in store instances, namespace and site (docs/rules.md, R34)."""
    changed = dict.fromkeys(pair.kind for pair in comparison.parts if pair.is_other_instance)
    if changed:
        kinds = " and ".join(cut_middle(PART_NAMES.get(kind, kind), MAX_NAME_CELLS) for kind in changed)
        text = f"Another instance of the {kinds}: rebuilt or restored in between? A hint, not a verdict."
        yield StyledText(text, "warn")
    for pair in comparison.metadata:
        if pair.is_same is False and pair.name in ORIGINS:
            yield StyledText(ORIGINS[pair.name].format(_join_names((pair.older, pair.newer))), "warn")


def _name(geodatabase: Geodatabase) -> str:
    return cut_middle(geodatabase.name or geodatabase.id, MAX_NAME_CELLS)


def _join_names(names: Iterable[str]) -> str:
    """Join the first names with commas and append the number of the remaining names."""
    shortened = [cut_middle(name, 3 * MAX_NAME_CELLS) for name in names]
    more = len(shortened) - MAX_LISTED_NAMES
    return ", ".join(shortened[:MAX_LISTED_NAMES]) + (f" and {more} more" if more > 0 else "")
