"""The rows of *where*: what restore points hold, each with a bar that says which of them do."""

from collections.abc import Hashable

from drtui.core.contents.describe import SHORT_KINDS, holding_symbol, item_label, item_state, last_expiry_text
from drtui.core.contents.index import ContentIndex, Item
from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.times import format_minutes
from drtui.ui.widgets.virtual_table import Column

MIN_NAME_CELLS, MIN_BAR_CELLS = 16, 8
"""The least cells of these two."""

FIXED_CELLS = 53
"""Cells of the columns beside them that stay, with what is between all of these."""

OPTIONAL_CELLS = 20
"""Cells of the columns that come where there is room."""

WIDE_WINDOW_CELLS = 100
"""Cells from which there is."""


def item_key(content: Item) -> Hashable:
    """What the cursor stays on."""
    return content.key


def bar_cells(width: int, point_count: int) -> int:
    """How many cells the bar gets in a window of this width: one for each restore point, if there is room."""
    free = width - FIXED_CELLS - MIN_NAME_CELLS - (OPTIONAL_CELLS if width >= WIDE_WINDOW_CELLS else 0)
    return max(0, min(point_count, max(MIN_BAR_CELLS, free - min(MIN_NAME_CELLS, max(0, (free - MIN_BAR_CELLS) // 2)))))


def build_columns(index: ContentIndex, view: DisplayContext, bar_width: int) -> tuple[Column[Item], ...]:
    """The columns; the bar in so many cells, each made once and kept."""
    bars: dict[Hashable, str] = {}

    def bar(content: Item) -> str:
        if content.key not in bars:
            bars[content.key] = "".join(
                holding_symbol(each, plain=view.plain) for each in index.holdings(content, bar_width)
            )
        return bars[content.key]

    return (
        Column("name", "NAME", MIN_NAME_CELLS, lambda each: item_label(each, index), flexible=True),
        Column("kind", "KIND", 7, lambda each: SHORT_KINDS[each.kind], rank=2),
        Column("bar", "NEWEST >", max(MIN_BAR_CELLS, bar_width), bar, right=True, rank=1),
        Column("in", "IN", 5, lambda each: str(each.holder_count), right=True),
        Column("usable", "USABLE", 6, lambda each: str(each.usable_count), right=True, rank=3),
        Column("first", "FIRST", 10, lambda each: format_minutes(each.first_seen, view.zone)[:10], rank=4),
        Column("state", "STATE", 17, lambda each: item_state(each, view)[0], lambda each: item_state(each, view)[1]),
        Column(
            "expires",
            "LAST EXPIRES",
            13,
            lambda each: last_expiry_text(each, index, view)[0],
            lambda each: last_expiry_text(each, index, view)[1],
        ),
    )


def build_legend(index: ContentIndex, cells: int, *, plain: bool) -> str:
    """How many restore points there are, how many share a cell, and what the signs of the bar mean."""
    total = len(index.points)
    points_per_cell = -(-total // cells) if cells else 0
    scale = f", up to {points_per_cell} to a cell" if points_per_cell > 1 else ""
    symbols = "# usable  o held  . not" if plain else "▪ usable  ▫ held  ╌ not"
    return f"{total:,} restore points{scale}: {symbols}"
