"""Rows of the screen *where*: items, each with a bar that shows which restore points contain it."""

from collections.abc import Sequence

from drtui.core.contents.describe import SHORT_KINDS, holding_symbol, item_label, item_state, last_expiry_text
from drtui.core.contents.index import ContentIndex, Item
from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.text import width
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

LAST_COPY_WINDOW_CELLS = 170
"""Width of a window, in cells, from which the last copy of each item is shown, and names take only what they need."""

LAST_COPY_CELLS = 32
"""Cells that the bar leaves to the last copy."""

MAX_NAME_CELLS = 44
"""Largest width of the name in such a window, in cells."""

MEASURED_ITEMS = 500
"""Number of items whose names are measured."""


def compute_bar_width(window_cells: int, point_count: int) -> int:
    """Return the width of the bar in cells: one for each restore point, if the window is wide enough."""
    optional = OPTIONAL_CELLS if window_cells >= WIDE_WINDOW_CELLS else 0
    optional += LAST_COPY_CELLS if window_cells >= LAST_COPY_WINDOW_CELLS else 0
    free = window_cells - FIXED_CELLS - MIN_NAME_CELLS - optional
    return max(0, min(point_count, max(MIN_BAR_CELLS, free - min(MIN_NAME_CELLS, max(0, (free - MIN_BAR_CELLS) // 2)))))


def build_columns(
    index: ContentIndex, view: DisplayContext, bar_width: int, items: Sequence[Item], *, is_wide: bool
) -> tuple[Column[Item], ...]:
    """Return the columns of `items`, with bars of `bar_width` cells; if `is_wide`, also the last copy of each item."""

    def draw_bar(item: Item) -> str:
        return "".join(holding_symbol(holding, plain=view.plain) for holding in index.holdings(item, bar_width))

    names = (width(item_label(item, index)) for item in items[:MEASURED_ITEMS])
    name_cells = max(MIN_NAME_CELLS, min(MAX_NAME_CELLS, max(names, default=0))) if is_wide else MIN_NAME_CELLS
    last_copy = Column(
        "last", "LAST COPY", MIN_NAME_CELLS, _format_last_copy, _get_muted_tone, rank=5, is_flexible=True
    )
    return (
        Column("name", "NAME", name_cells, lambda item: item_label(item, index), is_flexible=not is_wide),
        Column("kind", "KIND", 7, lambda item: SHORT_KINDS[item.kind], rank=2),
        Column(
            "bar",
            _bar_heading(bar_width),
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
        *((last_copy,) if is_wide else ()),
    )


def _format_last_copy(item: Item) -> str:
    """Return the usable restore point with the item that expires last."""
    point = item.last_to_expire
    return "-" if point is None else f"{point.backup.name} ({point.backup.store})"


def _get_muted_tone(_: Item) -> str:
    return "muted"


def _bar_heading(bar_width: int) -> str:
    """Return the direction in which the bar reads; an arrow would be two cells wide in some locales."""
    return "OLDER > NEWER" if bar_width >= len("OLDER > NEWER") else "OLD > NEW"


def build_legend(index: ContentIndex, cells: int, *, plain: bool) -> str:
    """Return the number of restore points, how many share a cell, and the meaning of the bar's symbols."""
    total = len(index.points)
    points_per_cell = -(-total // cells) if cells else 0
    scale = f", 1 cell = up to {points_per_cell} backups" if points_per_cell > 1 else ""
    symbols = "+ usable, x not usable, . none" if plain else "✓ usable, ✗ not usable, ⋅ none"
    return f"{total:,} restore points{scale}: {symbols}"
