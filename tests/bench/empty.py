"""The baseline: a Textual program with one line of text."""

from textual.app import App, ComposeResult
from textual.widgets import Static


class Empty(App[None]):
    """An empty application."""

    def compose(self) -> ComposeResult:
        """Show one line."""
        yield Static("empty app is ready")


if __name__ == "__main__":
    Empty().run()
