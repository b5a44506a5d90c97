"""The first screen: the panes, the ways from them, and what the keys do to the list."""

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
        """Out: from what was opened last, filter, marks, one store to all of them. Never out of the program."""
        if self.filterbar.is_typing:
            self.clear_filter()
        elif self._zoomed:
            self.action_zoom()
        elif self._pane != "table":
            self.action_pane("table")
        elif self.criteria.filter:
            self.clear_filter()
        elif self.marks:
            self.mark(())
        elif self.criteria.store is not None:
            self.criteria = replace(self.criteria, store=None)
            self._show()

    def action_sort(self) -> None:
        """By the next column."""
        keys, current = self.table.visible_columns, self.table.find_arrow_column(self.criteria.order.key)
        self._sort(Order.default_for(keys[(keys.index(current) + 1) % len(keys) if current in keys else 0]))

    def action_reverse(self) -> None:
        """The other way round."""
        self._sort(self.criteria.order.reversed)

    @on(VirtualTable.HeaderSelected, "#table")
    def _sort_by(self, message: VirtualTable.HeaderSelected) -> None:
        """By the column whose heading was clicked; again, the other way round."""
        is_same_column = message.key == self.table.find_arrow_column(self.criteria.order.key)
        self._sort(self.criteria.order.reversed if is_same_column else Order.default_for(message.key))

    def _sort(self, order: Order) -> None:
        self.table.has_user_moved = True  # whoever sorts wants to see where the one under the cursor comes to stand
        self.criteria = replace(self.criteria, order=order)
        self.relist(on_listed=self.table.show_heading)
        self.note(f"sorted by {order.key}, {'descending' if order.descending else 'ascending'}")

    def action_group(self) -> None:
        """By the next thing that restore points can have in common."""
        groupings = list(Grouping)
        self.grouping = groupings[(groupings.index(self.grouping) + 1) % len(groupings)]
        self.table.has_user_moved = True
        self.relist(on_listed=self.table.show_heading)
        self.note("in no groups" if self.grouping is Grouping.NONE else f"in groups by {self.grouping.value}")

    @work(exclusive=True, group="dialog")
    async def action_columns(self) -> None:
        """Choose the columns of the list."""
        from drtui.ui.dialogs.column_picker import ColumnPicker  # noqa: PLC0415 - the first picture does without

        accent = self.target.accent if self.target else ""
        screen = ColumnPicker(Line(self.banner), self.columns, plain=self.options.plain, accent=accent)
        chosen = await self.app.push_screen_wait(screen)
        if chosen is not None:
            self.columns = normalize_columns(chosen)
            self.relist()

    def action_refresh(self) -> None:
        """Ask again."""
        self.refresh_now()
