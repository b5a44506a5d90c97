"""What it means for a restore that two restore points differ, in sentences."""

from collections.abc import Iterable, Iterator, Sequence

from drtui.core.comparison.compare import Comparison, GeodatabasesComparison
from drtui.core.formatting.display import StyledText
from drtui.core.formatting.text import cut_middle, plural
from drtui.core.formatting.times import SECOND, format_age
from drtui.core.model.backup import Geodatabase
from drtui.core.model.site import Release
from drtui.core.summary.labels import level_label
from drtui.core.verdict.verdict import PART_NAMES

MAX_LISTED_NAMES = 5
"""Of those a sentence is about; every one has a line of its own among the differences."""
MAX_NAME_CELLS = 40
"""Cells of a name in a sentence."""

ORIGINS = {
    "namespace": "Made in two namespaces, and in a new site it has to be the same",
    "site": "Made by sites of two names, and in place it has to be the same organisation",
}
"""What it means that these differ (rule R34)."""


def restore_impact(comparison: Comparison, *, plain: bool = False) -> tuple[StyledText, ...]:
    """The sentences, what decides first; `plain` keeps symbols to ASCII."""
    if comparison.older.backup == comparison.newer.backup:
        return (StyledText("It is one and the same restore point.", "muted"),)
    return (
        *_of_verdicts(comparison, plain=plain),
        *_of_releases(comparison),
        *_of_contents(comparison),
        *_of_times(comparison),
        *_of_parts(comparison),
        *_of_origins(comparison),
    )


def _of_verdicts(found: Comparison, *, plain: bool) -> Iterator[StyledText]:
    for label, point in zip(found.labels, (found.older, found.newer), strict=True):
        mark = level_label(point.verdict.level)
        reason = "" if point.verdict.usable else f", {point.verdict.main.text}"
        yield StyledText(f"The {label} one: {mark.text(plain=plain)}{reason}.", mark.tone)


def _of_releases(found: Comparison) -> Iterator[StyledText]:
    """Rules R12, R13."""
    older, newer = (Release.parse(point.backup.release) for point in (found.older, found.newer))
    for label, release in zip(found.labels, (older, newer), strict=True):
        if release is None:
            yield StyledText(f"The {label} one names no release: where it restores is not known.", "warn")
    if older is None or newer is None:
        return
    if older.line != newer.line:
        a, b = found.labels
        yield StyledText(f"The {a} one restores on release {older} only, the {b} one on {newer} only.", "warn")
    elif older.is_other_build(newer):
        yield StyledText(f"Made by two builds of one release, {older} and {newer}.", "muted")


def _of_contents(found: Comparison) -> Iterator[StyledText]:
    """What is lost, and what comes back."""
    if found.geodatabases is not None:
        yield from _of_geodatabases(found.geodatabases, found.labels)
    if found.databases is not None:
        sides = (found.databases.added, found.databases.removed)
        yield from _lost(*sides, ("system database", "system databases"), found.labels)
    if found.buckets is not None:
        yield from _lost(found.buckets.added, found.buckets.removed, ("bucket", "buckets"), found.labels)
    contents = [each for each in found.contents if each is not None]
    if len(contents) < len(found.contents):
        yield StyledText("Not every difference can be told: one record does not say what is in it.", "warn")
    elif not any(each.has_differences for each in contents):
        alike = any(each.unchanged for each in contents)
        text = "They list the same, by name and id; what is in these, no record says."
        yield StyledText(text if alike else "Neither record says what is in it.", "muted" if alike else "warn")


def _of_geodatabases(found: GeodatabasesComparison, labels: tuple[str, str]) -> Iterator[StyledText]:
    added, removed = ([_name(each) for each in some] for some in (found.added, found.removed))
    yield from _lost(added, removed, ("geodatabase", "geodatabases"), labels)
    if found.renamed:
        number = plural(len(found.renamed), "geodatabase has", "geodatabases have")
        names = _listed(f"{_name(x)} ({_name(y)} in the {labels[1]} one)" for x, y in found.renamed)
        yield StyledText(f"{number} another name in the {labels[0]} one: {names}.", "warn")
    if found.recreated:
        number = plural(len(found.recreated), "geodatabase is", "geodatabases are")
        names = _listed(_name(y) for _, y in found.recreated)
        yield StyledText(f"{number} the same by name only, with another id (created anew?): {names}.", "warn")
    if found.uncertain:
        number = plural(len(found.uncertain), "geodatabase has", "geodatabases have")
        names = _listed(_name(y) for _, y in found.uncertain)
        yield StyledText(f"{number} an id in one record only, and may be another one: {names}.", "warn")


def _lost(
    added: Sequence[str], removed: Sequence[str], called: tuple[str, str], labels: tuple[str, str]
) -> Iterator[StyledText]:
    """What only one of them holds: the other does not bring it back."""
    a, b = labels
    for only, other, verb, names, tone in (
        (b, a, "loses", added, "bad"),
        (a, b, "does not bring back", removed, "warn"),
    ):
        if names:
            what = f"{plural(len(names), *called)} that only the {only} one holds"
            yield StyledText(f"Restoring the {other} one {verb} {what}: {_listed(names)}.", tone)


def _of_times(found: Comparison) -> Iterator[StyledText]:
    """Rule R5: from start to start."""
    if not found.is_ordered_by_time:
        yield StyledText("Which one is older is not known: not both say when they started.", "warn")
    elif (found.time_apart or 0) >= SECOND:
        text = (
            f"Restoring the older one loses what was written in the {format_age(found.time_apart or 0)} between them."
        )
        yield StyledText(text, "warn")


def _of_parts(found: Comparison) -> Iterator[StyledText]:
    for pair in found.parts:
        if pair.is_one_sided:
            label = found.labels[0 if pair.older is None else 1]
            name = cut_middle(found.part_name(pair), MAX_NAME_CELLS)
            yield StyledText(f"Restoring the {label} one brings back no {name}: its record has none.", "bad")


def _of_origins(found: Comparison) -> Iterator[StyledText]:
    """docs/rules.md, R34."""
    changed = dict.fromkeys(each.kind for each in found.parts if each.is_other_instance)
    if changed:
        kinds = " and ".join(cut_middle(PART_NAMES.get(kind, kind), MAX_NAME_CELLS) for kind in changed)
        text = f"Another instance of the {kinds}: rebuilt or restored in between? A hint, no verdict."
        yield StyledText(text, "warn")
    for fact in found.metadata:
        if fact.is_same is False and fact.name in ORIGINS:
            yield StyledText(f"{ORIGINS[fact.name]}: {_listed((fact.older, fact.newer))}.", "warn")


def _name(each: Geodatabase) -> str:
    return cut_middle(each.name or each.id, MAX_NAME_CELLS)


def _listed(found: Iterable[str]) -> str:
    """The first of them; the rest is a number."""
    names = [cut_middle(each, 3 * MAX_NAME_CELLS) for each in found]
    more = len(names) - MAX_LISTED_NAMES
    return ", ".join(names[:MAX_LISTED_NAMES]) + (f" and {more} more" if more > 0 else "")
