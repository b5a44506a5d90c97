"""The floor: a Textual program that does nothing but say so."""

from textual.app import App, ComposeResult
from textual.widgets import Static


class Empty(App[None]):
    """Nothing."""

    def compose(self) -> ComposeResult:
        """One line."""
        yield Static("empty app is ready")


if __name__ == "__main__":
    Empty().run()
