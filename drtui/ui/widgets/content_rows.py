"""The rows of *where*: what restore points hold, each with a bar that says which of them do."""

from collections.abc import Hashable

from drtui.core.contents.describe import SHORT_KINDS, holding_symbol, item_label, item_state, last_expiry_text
from drtui.core.contents.index import ContentIndex, Item
from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.times import format_minutes
from drtui.ui.widgets.virtual_table import Column

NAME, BAR = 16, 8
"""The least cells of these two."""

FIXED = 53
"""Cells of the columns beside them that stay, with what is between all of these."""

MORE = 20
"""Cells of the columns that come where there is room."""

ROOMY = 100
"""Cells from which there is."""


def item_key(content: Item) -> Hashable:
    """What the cursor stays on."""
    return content.key


def bar_cells(width: int, points: int) -> int:
    """How many cells the bar gets in a window of this width: one for each restore point, if there is room."""
    free = width - FIXED - NAME - (MORE if width >= ROOMY else 0)
    return max(0, min(points, max(BAR, free - min(NAME, max(0, (free - BAR) // 2)))))


def columns(found: ContentIndex, view: DisplayContext, cells: int) -> tuple[Column[Item], ...]:
    """The columns; the bar in so many cells, each made once and kept."""
    bars: dict[Hashable, str] = {}

    def bar(content: Item) -> str:
        if content.key not in bars:
            bars[content.key] = "".join(
                holding_symbol(each, plain=view.plain) for each in found.holdings(content, cells)
            )
        return bars[content.key]

    return (
        Column("name", "NAME", NAME, lambda each: item_label(each, found), flexible=True),
        Column("kind", "KIND", 7, lambda each: SHORT_KINDS[each.kind], rank=2),
        Column("bar", "NEWEST >", max(BAR, cells), bar, right=True, rank=1),
        Column("in", "IN", 5, lambda each: str(each.holder_count), right=True),
        Column("usable", "USABLE", 6, lambda each: str(each.usable_count), right=True, rank=3),
        Column("first", "FIRST", 10, lambda each: format_minutes(each.first_seen, view.zone)[:10], rank=4),
        Column("state", "STATE", 17, lambda each: item_state(each, view)[0], lambda each: item_state(each, view)[1]),
        Column(
            "expires",
            "LAST EXPIRES",
            13,
            lambda each: last_expiry_text(each, found, view)[0],
            lambda each: last_expiry_text(each, found, view)[1],
        ),
    )


def legend(found: ContentIndex, cells: int, *, plain: bool) -> str:
    """How many restore points there are, how many share a cell, and what the signs of the bar mean."""
    total = len(found.points)
    shared = -(-total // cells) if cells else 0
    share = f", up to {shared} to a cell" if shared > 1 else ""
    held = "# usable  o held  . not" if plain else "▪ usable  ▫ held  ╌ not"
    return f"{total:,} restore points{share}: {held}"
