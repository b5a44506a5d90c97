"""Choose the columns of the list, and their order."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from drtui.core.listing.columns import COLUMNS, COLUMNS_BY_KEY, DEFAULT_SCREEN_COLUMNS, REQUIRED_COLUMNS
from drtui.ui.screens.closable import Closable
from drtui.ui.widgets.status_lines import StatusLines
from drtui.ui.widgets.styled_lines import Line, Lines, line

HINT = "space show/hide  J K move  enter apply  esc cancel  r reset"


class ColumnPicker(Closable[tuple[str, ...] | None]):
    """One line per column; visible columns first, in their order."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,backspace,q,v,h,left", "leave", "leave", show=False),
        Binding("space", "tick", "show or hide", show=False),
        Binding("J,shift+down", "shift(1)", "move down", show=False),
        Binding("K,shift+up", "shift(-1)", "move up", show=False),
        Binding("r", "reset", "reset", show=False),
    ]

    def __init__(self, visible: Sequence[str], *, plain: bool, accent: str = "") -> None:
        super().__init__()
        self._rows = Lines("Columns", plain=plain, id="columns")
        self._hint = StatusLines(plain=plain, id="hint")
        self._rows.set_accent(accent)
        self._set_columns(visible)

    def _set_columns(self, visible: Sequence[str]) -> None:
        self._keys = [*visible, *(column.key for column in COLUMNS if column.key not in visible)]
        self._visible = set(visible)

    def compose(self) -> ComposeResult:
        """Yield the columns and the key hints."""
        yield self._rows
        yield self._hint

    def on_mount(self) -> None:
        """Show the columns, and focus them."""
        self._say(HINT)
        self._show()
        self._rows.focus()

    @property
    def _key(self) -> str:
        return str(self._rows.key)

    def _say(self, text: str) -> None:
        self._hint.show([line(text, "muted")])

    def _show(self) -> None:
        lines = []
        for key in self._keys:
            box = "[x]" if key in self._visible else "[ ]"
            suffix = " (always)" if key in REQUIRED_COLUMNS else ""
            lines.append(Line(((f"{box} {key:<14}", ""), (f"{COLUMNS_BY_KEY[key].description}{suffix}", "muted")), key))
        self._rows.show(
            [
                *lines,
                line(""),
                line("  A narrow window leaves out the last columns; of the default ones, the least important."),
            ]
        )

    def action_tick(self) -> None:
        """Show or hide the column under the cursor."""
        if self._key in REQUIRED_COLUMNS:
            self._say(f"{self._key} is always shown")
            return
        self._visible ^= {self._key}
        self._show()

    def action_shift(self, by: int) -> None:
        """Move the column one place; the name stays first, because it identifies the row."""
        keys, row = self._keys, self._keys.index(self._key)
        if not 1 <= row <= len(keys) - 1 or not 1 <= row + by <= len(keys) - 1:
            self._say("the name stays first" if 0 in {row, row + by} else "already the last column")
            return
        keys[row], keys[row + by] = keys[row + by], keys[row]
        self._show()

    def action_reset(self) -> None:
        """Restore the default columns."""
        self._set_columns(DEFAULT_SCREEN_COLUMNS)
        self._show()

    def on_virtual_list_selected(self) -> None:
        """Close with the visible columns."""
        self.dismiss(tuple(key for key in self._keys if key in self._visible))
