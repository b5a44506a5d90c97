"""Rows of the pane of stores: all stores, then each with its restore points, newest usable one, type and release."""

from collections.abc import Iterator, Sequence
from functools import partial

from msgspec import Struct

from drtui.core.analysis.assessment import Assessment, StoreTotals
from drtui.core.analysis.rpo import lists_incomplete_reason
from drtui.core.formatting.durations import format_short_age
from drtui.core.formatting.text import width
from drtui.core.model.site import Store
from drtui.core.model.site_state import all_lists_known
from drtui.core.summary.labels import failure_word
from drtui.ui.widgets.virtual_table import Column

ALL_STORES = ""
"""Key of the row for all stores."""

MAX_NAME_CELLS, MAX_TYPE_CELLS = 30, 16
"""Maximum widths of the columns of names and types, in cells."""

MIN_REGISTERED_CELLS = 14
"""Least width of the last column, which has the reasons too why a list is not complete."""


class StoreRow(Struct, frozen=True):
    """The texts of a row, and the tones of those that can be a warning."""

    key: str | None
    """Name of the store, `ALL_STORES`, or None for a row that cannot be selected."""
    name: str
    name_tone: str = ""
    points: str = ""
    newest: str = ""
    newest_tone: str = ""
    type: str = ""
    registered: str = ""
    """Release that registered the store, or why its list is not complete."""
    registered_tone: str = ""


def build_store_rows(assessment: Assessment, chosen_store: str | None) -> Iterator[StoreRow]:
    """Yield a row for all stores and one for each; nothing if the stores are not known."""
    state = assessment.site_state
    if state.stores is None or state.stores.value is None:
        return
    yield _build_all_stores_row(assessment, "strong" if chosen_store is None else "")
    for store in state.stores.value:
        yield _build_store_row(assessment, store, "strong" if chosen_store == store.name else "")
    if not state.stores.value:
        yield StoreRow(None, "no store is registered", "bad")


def explain_missing_stores(assessment: Assessment) -> tuple[tuple[str, str], ...]:
    """Return the lines, with their tones, that stand in place of the rows if the stores are not known."""
    stores = assessment.site_state.stores
    if stores is None:
        return (("...", "muted"),)
    if stores.value is None and stores.failure is not None:
        return (failure_word(stores.failure), "bad"), (stores.failure.summary, "warn")
    return ()


def _build_all_stores_row(assessment: Assessment, tone: str) -> StoreRow:
    """Return the row for all stores, with the reason if some lists could not be read."""
    state, points, newest = assessment.site_state, assessment.points, assessment.rpo.newest_usable
    if all_lists_known(state):
        totals = StoreTotals(len(points), (newest.backup.start or 0) if newest else None)
        return StoreRow(ALL_STORES, "All stores", tone, *_describe_totals(totals, assessment.now))
    reason = lists_incomplete_reason(state) if state.is_complete else None
    note = ("reading ...", "muted") if reason is None else (reason, "bad")
    return StoreRow(ALL_STORES, "All stores", tone, f"{len(points):,}", "-", "muted", "", *note)


def _build_store_row(assessment: Assessment, store: Store, tone: str) -> StoreRow:
    name = f"{store.name} default" if store.default else store.name
    made_by = str(store.created_by or "-")
    is_other = store in assessment.rpo.other_release_stores and store.created_by is not None
    if is_other and assessment.release is not None and store.created_by is not None:
        made_by += " (older)" if store.created_by.numbers < assessment.release.numbers else " (newer)"
    about = (store.type or "-", made_by, "warn" if is_other else "")
    answer = assessment.site_state.backups.get(store.name)
    if answer is None:
        return StoreRow(store.name, name, tone, "...", "", "", *about)
    if answer.value is None:
        return StoreRow(
            store.name, name, tone, "?", failure_word(answer.failure) if answer.failure else "?", "bad", *about
        )
    totals = assessment.by_store.get(store.name, StoreTotals())
    return StoreRow(store.name, name, tone, *_describe_totals(totals, assessment.now), *about)


def _describe_totals(totals: StoreTotals, now: int) -> tuple[str, str, str]:
    """Return the number of restore points, and the age of the newest usable one with its tone."""
    if totals.newest_start is None:
        return f"{totals.count:,}", "none", "warn" if totals.count else "muted"
    return f"{totals.count:,}", format_short_age(now - totals.newest_start), ""


def get_full_width_text(row: StoreRow) -> tuple[str, str] | None:
    """Return the text and tone of a row without columns, or None."""
    return (row.name, row.name_tone) if row.key is None else None


def build_columns(rows: Sequence[StoreRow]) -> tuple[Column[StoreRow], ...]:
    """Return the columns, as wide as their contents."""

    def column(key: str, label: str, limit: int, **layout: bool | int) -> Column[StoreRow]:
        widest = max((width(getattr(row, key)) for row in rows), default=0)
        tone = partial(_get_tone, f"{key}_tone") if f"{key}_tone" in StoreRow.__struct_fields__ else None
        return Column(key, label, max(width(label), min(limit, widest)), partial(_get_text, key), tone, **layout)  # type: ignore[arg-type]

    return (
        column("name", "NAME", MAX_NAME_CELLS, can_shrink=True),
        column("points", "POINTS", MAX_TYPE_CELLS, is_right_aligned=True),
        column("newest", "NEWEST USABLE", MAX_TYPE_CELLS, is_right_aligned=True),
        column("type", "TYPE", MAX_TYPE_CELLS, rank=2),
        column("registered", "REGISTERED BY", MIN_REGISTERED_CELLS, rank=1, is_flexible=True, is_prose=True),
    )


def _get_text(key: str, row: StoreRow) -> str:
    return str(getattr(row, key))


def _get_tone(key: str, row: StoreRow) -> str:
    return str(getattr(row, key))
