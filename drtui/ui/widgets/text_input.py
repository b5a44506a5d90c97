"""An input line."""

from textual.reactive import reactive
from textual.widgets import Input


class TextInput(Input):
    """An input whose cursor does not blink, because that would send 2 kB a second."""

    cursor_blink = reactive(False, init=False)
