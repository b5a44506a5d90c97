"""Convert Textual's updates to rows of cells. Only this module imports private modules of Textual."""

from inspect import signature
from typing import Any, TypeGuard

from rich.color import ColorSystem
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.app import App
from textual.strip import Strip

from drtui.ui.renderer.cells import CellRow
from drtui.ui.renderer.screen_diff import ScreenDiff
from drtui.ui.renderer.sgr import convert_style

Update = LayoutUpdate | ChopsUpdate

REQUIRED_ATTRIBUTES = (
    "_driver",
    "_running",
    "_closed",
    "_batch_count",
    "_sync_available",
    "is_headless",
    "cursor_position",
)
"""Private attributes of an app that the renderer needs."""


def is_supported(app: App[Any]) -> bool:
    """True if the private parts of Textual are as this package expects them."""
    return (
        [*signature(App._display).parameters] == ["self", "screen", "renderable"]  # noqa: SLF001 - the private method is compared
        and [*signature(LayoutUpdate).parameters] == ["strips", "region"]
        and [*signature(ChopsUpdate).parameters] == ["chops", "spans", "chop_ends"]
        and all(hasattr(app, name) for name in REQUIRED_ATTRIBUTES)
    )


class FrameRenderer(ScreenDiff):
    """Paints the updates of Textual."""

    @staticmethod
    def is_frame(update: object) -> TypeGuard[Update]:
        """True if `update` is a frame; not None, nor an update of an app that runs inline in a shell."""
        return isinstance(update, Update)

    def render_frame(self, update: Update, system: ColorSystem, cursor: tuple[int, int] | None = None) -> str:
        """Return the output that shows the update and puts the cursor at `cursor`."""
        if isinstance(update, LayoutUpdate):
            self.resize(*update.region.size)
            rows = self._convert_layout(update, system)
        else:
            self.resize(update.chop_ends[0][-1], len(update.chops))
            rows = self._convert_chops(update, system)
        return self.paint(rows, cursor)

    def _convert_layout(self, update: LayoutUpdate, system: ColorSystem) -> dict[int, CellRow]:
        """Return all rows of a full update."""
        rows: dict[int, CellRow] = {}
        for y, strips in enumerate(update.strips):
            row, x = self.copy_row(y), 0
            for strip in strips:
                x = _put_strip(row, x, strip, system)
            rows[y] = row
        return rows

    def _convert_chops(self, update: ChopsUpdate, system: ColorSystem) -> dict[int, CellRow]:
        """Return the rows of a partial update, cut as Textual cuts them."""
        rows: dict[int, CellRow] = {}
        for y, first, last in update.spans:
            row = rows.setdefault(y, self.copy_row(y))
            for end, (start, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=True):
                if strip is not None and start <= last and end > first:
                    _put_strip(row, start, strip if end <= last else strip.crop(0, last - start), system)
        return rows


def _put_strip(row: CellRow, x: int, strip: Strip, system: ColorSystem) -> int:
    for text, style, _ in strip:
        x = row.put(x, text, convert_style(style, system))
    return x
