"""Textual's driver, for a terminal on which something stands already."""

from textual.drivers.linux_driver import LinuxDriver

ENTER = "\x1b[?1049h"
"""To the alternate screen, which is cleared (xterm's control sequences, DECSET 1049), also if one is there already."""


class TakingOver(LinuxDriver):
    """Begins on the alternate screen, and leaves what is there until it is painted over."""

    _begun = False

    def write(self, data: str) -> None:
        """Write to the terminal; the first time that its screen would be cleared, do not."""
        if data == ENTER and not self._begun:
            self._begun = True
        else:
            super().write(data)
