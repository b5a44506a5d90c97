"""A driver that records the output of an app."""

from textual.drivers.headless_driver import HeadlessDriver


class RecordingDriver(HeadlessDriver):
    """Records what the app writes."""

    written = ""

    @property
    def is_headless(self) -> bool:
        """False, so that the app writes output."""
        return False

    def write(self, data: str) -> None:
        """Record the output."""
        self.written += data
