"""A terminal that keeps what is written."""

from textual.drivers.headless_driver import HeadlessDriver


class Keeping(HeadlessDriver):
    """Takes what an app writes, though nobody sees it."""

    written = ""

    @property
    def is_headless(self) -> bool:
        """So that something is written."""
        return False

    def write(self, data: str) -> None:
        """Keep it."""
        self.written += data
