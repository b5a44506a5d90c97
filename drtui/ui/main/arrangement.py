"""Sort and group the list, and choose its columns."""

from collections.abc import Callable

from msgspec.structs import replace
from textual.screen import Screen

from drtui.core.listing.catalog import Order
from drtui.core.listing.columns import normalize_columns
from drtui.core.listing.grouping import Grouping, Row
from drtui.ui.background import run_worker
from drtui.ui.main.open_site import OpenSite
from drtui.ui.widgets.virtual_table import VirtualTable


class Arrangement:
    """The order, groups and columns of the list."""

    def __init__(
        self,
        screen: Screen[None],
        site: OpenSite,
        table: VirtualTable[Row],
        *,
        relist: Callable[[], object],
        show_message: Callable[[str], object],
    ) -> None:
        self._screen, self._site, self._table = screen, site, table
        self._relist, self._show_message = relist, show_message

    def sort_by_next_column(self) -> None:
        """Sort the list by the next column."""
        keys, current = self._table.visible_columns, self._table.find_arrow_column(self._site.criteria.order.key)
        self._sort(Order.default_for(keys[(keys.index(current) + 1) % len(keys) if current in keys else 0]))

    def sort_by(self, key: str) -> None:
        """Sort the list by a column; reverse the order if it is the current column."""
        if key == self._table.find_arrow_column(self._site.criteria.order.key):
            self.reverse()
        else:
            self._sort(Order.default_for(key))

    def reverse(self) -> None:
        """Reverse the order of the list."""
        self._sort(self._site.criteria.order.reversed)

    def _sort(self, order: Order) -> None:
        self._site.criteria = replace(self._site.criteria, order=order)
        self._show(f"sorted by {order.key}, {'descending' if order.is_descending else 'ascending'}")

    def group_by_next_property(self) -> None:
        """Group the list by the next property."""
        groupings = list(Grouping)
        self._site.grouping = grouping = groupings[(groupings.index(self._site.grouping) + 1) % len(groupings)]
        self._show("in no groups" if grouping is Grouping.NONE else f"in groups by {grouping.value}")

    def _show(self, message: str) -> None:
        """Build the list again, and keep the point under the cursor in sight."""
        self._table.has_user_moved = True
        self._relist()
        self._table.show_heading()
        self._show_message(message)

    def choose_columns(self) -> None:
        """Let the user choose the columns of the list."""
        run_worker(self._screen, self._choose_columns, "dialog")

    async def _choose_columns(self) -> None:
        from drtui.ui.dialogs.column_picker import ColumnPicker

        site = self._site
        dialog = ColumnPicker(site.columns, plain=site.options.plain, accent=site.accent)
        chosen = await self._screen.app.push_screen_wait(dialog)
        if chosen is not None:
            site.columns = normalize_columns(chosen)
            self._relist()
