"""What can be said about data stores and backups, certain statements and soft ones."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator

from msgspec import Struct

from drtui.core.analysis.assessment import Assessment
from drtui.core.analysis.coverage import Cover, Coverage, CoveredStore, StoreCount
from drtui.core.analysis.rpo import lists_incomplete_reason
from drtui.core.formatting.text import cut_middle, plural
from drtui.core.formatting.times import format_full
from drtui.core.model.backup import OBJECT, RELATIONAL
from drtui.core.model.data_store import DataStore
from drtui.core.model.site import Store
from drtui.core.model.site_state import Fetched, Source
from drtui.core.summary.health_check import Finding, Grade

CANNOT_TELL_INSTANCE = "cannot tell: from another instance of this store, or not backed up"
"""The statement for a store whose instance is not in the newest usable backup: ids change without any loss."""

NOUNS = {RELATIONAL: ("relational store", "relational stores"), OBJECT: ("object store", "object stores")}
"""Singular and plural by kind of part."""

MAX_NAMES = 5
"""The largest number of names in one statement."""

MAX_NAME_CELLS = 60
"""The largest width of a name in a statement, cells; the list of data stores has the whole name."""


class Statement(Struct, frozen=True):
    """One sentence about coverage."""

    code: str
    """Stable code, for machines."""
    text: str
    tone: str = "muted"
    """The colour of the text: `good`, `warn` or `muted`."""
    is_unknown: bool = False
    """True if the sentence says what is unknown."""


def cover_text(covered: CoveredStore, coverage: Coverage) -> str:
    """Return the place of one data store in words."""
    name = coverage.point.backup.name if coverage.point is not None else ""
    match covered.cover:
        case Cover.OUTSIDE:
            return "outside every backup"
        case Cover.HELD:
            return f"in {name}"
        case Cover.NOT_HELD:
            return "in no usable backup" if coverage.point is None else f"not in {name}"
        case Cover.COUNTED:
            return f"counted only: {name} does not name its stores"
        case Cover.OTHER_INSTANCE:
            return "cannot tell: from another instance, or not backed up"
        case Cover.TEMPORARY:
            return "temporary data, not part of a backup"
        case Cover.UNKNOWN_TYPE:
            return "cannot tell: unknown if backups contain this type"
    return "cannot tell: unknown if the site manages it"


def outside_text(coverage: Coverage) -> str:
    """Return what is outside every backup, as `1 registered database (assets), 2 registered folders (a, b)`, or ""."""
    groups: dict[tuple[str, str], list[str]] = {}
    for store in coverage.stores_with(Cover.OUTSIDE):
        groups.setdefault(store.nouns, []).append(store.name)
    return ", ".join(f"{plural(len(names), *nouns)} ({_names(names)})" for nouns, names in groups.items())


def coverage_statements(assessment: Assessment) -> Iterator[Statement]:
    """Yield what is known of the coverage, most important first; nothing if the data stores are not known."""
    coverage = assessment.coverage
    if coverage is None:
        return
    unread = lists_incomplete_reason(assessment.site_state)
    for count in coverage.counts:
        yield _count_statement(count, coverage, unread)
    yield from _doubts(coverage)
    outside = outside_text(coverage)
    if outside:
        yield Statement("outside-backups", f"Outside every backup: {outside}")
    if coverage.without_big_data:
        text = f"Backups in {_store_names(coverage.without_big_data)} omit the spatiotemporal big data store"
        yield Statement("without-big-data", f"{text}, if the site has one")


def _count_statement(count: StoreCount, coverage: Coverage, unread: str) -> Statement:
    """Return how many stores of a kind are in the newest usable backup."""
    listed = plural(count.listed, *(f"system-managed {noun}" for noun in NOUNS[count.kind]))
    if coverage.point is None:
        if unread:
            return Statement(
                "coverage-unknown", f"Cannot tell which backup contains {listed}: {unread}", "warn", is_unknown=True
            )
        return Statement("not-in-backup", f"{listed} in no usable backup: no usable backup exists", "warn")
    name = coverage.point.backup.name
    newer = f" ({unread}: a newer backup may exist)" if unread else ""
    if not count.missing:
        more = " (more than the site lists now)" if count.held > count.listed else " (same count)"
        return Statement("counts-agree", f"The site has {listed}; {name} contains {count.held}{more}{newer}", "good")
    older = f"; {count.last_full.backup.name} contains {count.listed}" if count.last_full is not None else ""
    may = f"{count.missing} may be in no backup" if not older else f"{count.missing} may be missing in it"
    standby = "" if count.kind != RELATIONAL or not count.held else ", unless the site lists a standby as a store"
    text = f"The site has {listed}, {name} contains {count.held}: {may}{standby}{older}{newer}"
    return Statement("not-in-backup", text, "warn")


def _doubts(coverage: Coverage) -> Iterator[Statement]:
    """Yield what cannot be told."""
    for store in coverage.stores_with(Cover.OTHER_INSTANCE):
        text = f"{store.name}: {CANNOT_TELL_INSTANCE}"
        yield Statement("other-instance", text, is_unknown=True)
    types = Counter(store.type for store in coverage.stores_with(Cover.UNKNOWN_TYPE))
    for name, number in types.items():
        stores = plural(number, "system-managed data store", "system-managed data stores")
        kind = f"of type {name}" if name else "without a type"
        text = f"{stores} {kind}: unknown if backups contain this type"
        yield Statement("unknown-type", text, is_unknown=True)
    owners = [store.name for store in coverage.stores_with(Cover.UNKNOWN_OWNER)]
    if owners:
        text = f"Unknown if the site manages {_names(owners)}, and so if backups contain it"
        yield Statement("owner-unknown", text, "warn", is_unknown=True)
    if not coverage.has_system_managed:
        text = "Coverage unknown: the site lists no system-managed data store, but every site has some"
        yield Statement("no-system-managed", text, "warn", is_unknown=True)


def big_data_statement(coverage: Coverage) -> Statement | None:
    """Return that backup stores do not say whether their backups contain the big data store; None if all say it."""
    if not coverage.big_data_unknown:
        return None
    names = _store_names(coverage.big_data_unknown)
    text = f"Unknown if backups in {names} contain the spatiotemporal big data store (reported from release 12.0 on)"
    return Statement("big-data-unknown", text, is_unknown=True)


_HIDDEN_IN_CHECK = {"counts-agree"}
"""Codes of statements that a health check does not repeat."""


def coverage_findings(assessment: Assessment) -> Iterator[Finding]:
    """Yield the findings of a health check: a count mismatch is a warning, all else a note; unread data is unknown."""
    answer = assessment.site_state.data
    problem = answer.problem if answer is not None else None
    if answer is None or problem is not None or answer.source is Source.SAVED:
        cause = problem.code if problem is not None else "saved" if answer is not None else "not-read"
        text = f"coverage unknown: {unread_reason(answer)}"
        yield Finding(Grade.OK, "data-unread", text, is_unknown=True, resources=("data",), cause=cause)
        return
    for statement in coverage_statements(assessment):
        if statement.code not in _HIDDEN_IN_CHECK:
            grade = Grade.WARNING if statement.code == "not-in-backup" else Grade.OK
            text = statement.text[:1].lower() + statement.text[1:]
            yield Finding(grade, statement.code, text, is_unknown=statement.is_unknown)


def data_stores_as_of(assessment: Assessment, zone: dt.tzinfo) -> str:
    """Return `as of TIME` for data stores that were not read now; empty if they were, or are unknown."""
    answer = assessment.site_state.data
    if answer is None or answer.value is None or (answer.source is Source.LIVE and answer.problem is None):
        return ""
    return f"as of {format_full(answer.at, zone)}"


def unread_reason(answer: Fetched[tuple[DataStore, ...]] | None) -> str:
    """Return why the data stores are not known as they are now, as a clause."""
    problem = answer.problem if answer is not None else None
    if problem is None:
        return "data stores not read"
    return f"data stores not readable ({problem.code if problem.code.isdigit() else problem.summary})"


def _names(names: list[str]) -> str:
    """Return names in one clause, the first of many."""
    more = f" and {len(names) - MAX_NAMES:,} more" if len(names) > MAX_NAMES else ""
    return ", ".join(cut_middle(name, MAX_NAME_CELLS) or "(no name)" for name in names[:MAX_NAMES]) + more


def _store_names(stores: tuple[Store, ...]) -> str:
    return _names([store.name for store in stores])
