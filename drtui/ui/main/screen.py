"""The main screen: the panes, and the actions that sort, group and leave."""

from typing import ClassVar

from msgspec.structs import replace
from textual import on, work
from textual.binding import Binding, BindingType

from drtui.core.listing.catalog import Order
from drtui.core.listing.columns import normalize_columns
from drtui.core.listing.grouping import Grouping
from drtui.keybindings import COMMANDS
from drtui.ui.main.overlays import OverlayActions
from drtui.ui.widgets.styled_lines import Line
from drtui.ui.widgets.virtual_table import VirtualTable


class MainScreen(OverlayActions):
    """The screen that drtui opens with."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(",".join(c.keys), c.action, c.help, show=False, id=c.name) for c in COMMANDS if c.action != "choose"
    ]

    def action_back(self) -> None:
        """Undo the last step.

        Close the filter line or the zoom, leave the pane, clear filter, marks or store. Never exits.
        """
        if self.filterbar.is_typing:
            self.clear_filter()
        elif self._is_zoomed:
            self.action_zoom()
        elif self._pane != "table":
            self.action_pane("table")
        elif self.criteria.filter:
            self.clear_filter()
        elif self.marks:
            self.set_marks(())
        elif self.criteria.store is not None:
            self.criteria = replace(self.criteria, store=None)
            self._show()

    def action_sort(self) -> None:
        """Sort the list by the next column."""
        keys, current = self.table.visible_columns, self.table.find_arrow_column(self.criteria.order.key)
        self._sort(Order.default_for(keys[(keys.index(current) + 1) % len(keys) if current in keys else 0]))

    def action_reverse(self) -> None:
        """Reverse the order of the list."""
        self._sort(self.criteria.order.reversed)

    @on(VirtualTable.HeaderSelected, "#table")
    def _sort_by(self, message: VirtualTable.HeaderSelected) -> None:
        """Sort by the column whose heading was clicked; reverse the order if it is the current column."""
        is_same_column = message.key == self.table.find_arrow_column(self.criteria.order.key)
        self._sort(self.criteria.order.reversed if is_same_column else Order.default_for(message.key))

    def _sort(self, order: Order) -> None:
        self.table.has_user_moved = True  # keep the point under the cursor in sight
        self.criteria = replace(self.criteria, order=order)
        self.relist(on_listed=self.table.show_heading)
        self.show_message(f"sorted by {order.key}, {'descending' if order.is_descending else 'ascending'}")

    def action_group(self) -> None:
        """Group the list by the next property."""
        groupings = list(Grouping)
        self.grouping = groupings[(groupings.index(self.grouping) + 1) % len(groupings)]
        self.table.has_user_moved = True
        self.relist(on_listed=self.table.show_heading)
        self.show_message("in no groups" if self.grouping is Grouping.NONE else f"in groups by {self.grouping.value}")

    @work(exclusive=True, group="dialog")
    async def action_columns(self) -> None:
        """Let the user choose the columns of the list."""
        from drtui.ui.dialogs.column_picker import ColumnPicker  # noqa: PLC0415 - not needed for the first paint

        accent = self.target.accent if self.target else ""
        screen = ColumnPicker(Line(self.banner), self.columns, plain=self.options.plain, accent=accent)
        chosen = await self.app.push_screen_wait(screen)
        if chosen is not None:
            self.columns = normalize_columns(chosen)
            self.relist()

    def action_refresh(self) -> None:
        """Refresh the site now."""
        self.refresh_now()
