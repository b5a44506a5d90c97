"""The title of the list of restore points."""

from collections.abc import Sequence

from drtui.core.comparison.selection import Id
from drtui.core.formatting.text import cut_middle
from drtui.core.listing.catalog import Catalog, Order
from drtui.core.listing.grouping import Grouping
from drtui.core.model.site_state import SiteState

MARKED_NAME_CELLS = 24
"""Cells for the name of a marked restore point in the list's title."""


def describe_list(
    state: SiteState, catalog: Catalog, grouping: Grouping, change_text: str = "", marks: Sequence[Id] = ()
) -> str:
    """Return the list's title: number of restore points, store, grouping, `change_text`, order, marked ones."""
    if state.stores is None or state.stores.value is None:
        return ""
    shown_count, total, store = len(catalog.points), catalog.store_count, catalog.store
    scope = f"in {store}" if store is not None else "in all stores"
    scope += f", by {grouping.value}" if grouping is not Grouping.NONE else ""
    scope += f", {change_text}" if change_text else ""
    scope += f", {_describe_order(catalog.order)}"
    counts = f"{shown_count:,} of {total:,} {scope}" if catalog.filter else f"{total:,} {scope}"
    names = " and ".join(cut_middle(name or "(no name)", MARKED_NAME_CELLS) for _, name in marks)
    return f"{counts}, marked: {names}" if names else counts


def _describe_order(order: Order) -> str:
    """Return the order of the list: `newest first`, or the column and its direction."""
    if order.is_oldest_first is not None:
        return "oldest first" if order.is_oldest_first else "newest first"
    return f"by {order.key}{', descending' if order.is_descending else ''}"
