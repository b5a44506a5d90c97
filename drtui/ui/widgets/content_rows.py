"""Rows of the screen *where*: items, each with a bar that shows which restore points contain it."""

from drtui.core.contents.describe import SHORT_KINDS, holding_symbol, item_label, item_state, last_expiry_text
from drtui.core.contents.index import ContentIndex, Item
from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.times import format_minutes
from drtui.ui.widgets.virtual_table import Column

MIN_NAME_CELLS, MIN_BAR_CELLS = 13, 9
"""Least width of the name and of the bar, in cells."""

FIXED_CELLS = 57
"""Cells of the columns that are always visible, and of all gaps."""

OPTIONAL_CELLS = 20
"""Cells of the columns that are visible in a wide window only."""

WIDE_WINDOW_CELLS = 100
"""Least width of a wide window, in cells."""


def compute_bar_width(width: int, point_count: int) -> int:
    """Return the width of the bar in cells: one for each restore point, if the window is wide enough."""
    free = width - FIXED_CELLS - MIN_NAME_CELLS - (OPTIONAL_CELLS if width >= WIDE_WINDOW_CELLS else 0)
    return max(0, min(point_count, max(MIN_BAR_CELLS, free - min(MIN_NAME_CELLS, max(0, (free - MIN_BAR_CELLS) // 2)))))


def build_columns(index: ContentIndex, view: DisplayContext, bar_width: int) -> tuple[Column[Item], ...]:
    """Return the columns, with bars of `bar_width` cells."""

    def draw_bar(item: Item) -> str:
        return "".join(holding_symbol(holding, plain=view.plain) for holding in index.holdings(item, bar_width))

    return (
        Column("name", "NAME", MIN_NAME_CELLS, lambda item: item_label(item, index), is_flexible=True),
        Column("kind", "KIND", 7, lambda item: SHORT_KINDS[item.kind], rank=2),
        Column(
            "bar",
            _bar_heading(bar_width, plain=view.plain),
            max(MIN_BAR_CELLS, bar_width),
            draw_bar,
            is_right_aligned=True,
            rank=1,
        ),
        Column("in", "IN", 5, lambda item: str(item.holder_count), is_right_aligned=True),
        Column("usable", "USABLE", 6, lambda item: str(item.usable_count), is_right_aligned=True, rank=3),
        Column("first", "FIRST", 10, lambda item: format_minutes(item.first_seen, view.zone)[:10], rank=4),
        Column("state", "STATE", 17, lambda item: item_state(item, view)[0], lambda item: item_state(item, view)[1]),
        Column(
            "expires",
            "LAST COPY EXPIRES",
            17,
            lambda item: last_expiry_text(item, index, view)[0],
            lambda item: last_expiry_text(item, index, view)[1],
        ),
    )


def _bar_heading(bar_width: int, *, plain: bool) -> str:
    """Return the direction in which the bar reads."""
    arrow = ">" if plain else "→"
    return f"OLDER {arrow} NEWER" if bar_width >= len("OLDER > NEWER") else f"OLD {arrow} NEW"


def build_legend(index: ContentIndex, cells: int, *, plain: bool) -> str:
    """Return the number of restore points, how many share a cell, and the meaning of the bar's symbols."""
    total = len(index.points)
    points_per_cell = -(-total // cells) if cells else 0
    scale = f", 1 cell = up to {points_per_cell} backups" if points_per_cell > 1 else ""
    symbols = "# usable  o not usable  . not in it" if plain else "▪ usable  ▫ not usable  ╌ not in it"
    return f"{total:,} restore points{scale}: {symbols}"
