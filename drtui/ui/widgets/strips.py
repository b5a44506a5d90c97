"""Single lines that say something and cannot be entered: headline, folded panes, footer."""

from drtui.commands import COMMANDS, shown
from drtui.model.statement import Statement
from drtui.model.text import width
from drtui.ui.widgets.lines import Line, Lines, line


class Strips(Lines, can_focus=False):
    """Lines without a title."""

    fixed = 0

    DEFAULT_CSS = """
    Strips { height: 1; }
    """


class Headline(Strips):
    """The answer that needs no key."""

    DEFAULT_CSS = """
    Headline { height: auto; }
    """

    def say(self, statements: tuple[Statement, ...], most: int) -> None:
        """Show the most important statements, `most` at the most."""
        self.styles.height = min(most, len(statements)) if most > 1 else 1
        self.show([Line(((each.text, each.tone),)) for each in statements[:most]])


class Footer(Strips):
    """The keys that help here, or what just happened."""

    def hints(self) -> None:
        """As many hints as have room, the most useful first."""
        room = self.size.width - 2
        pieces: list[tuple[str, str]] = []
        for command in sorted((c for c in COMMANDS if c.rank < 99), key=lambda c: c.rank):
            key, label = shown(command.keys[0]), f" {command.label}   "
            room -= width(key + label)
            if room < 0:
                break
            pieces += [(key, "strong"), (label, "muted")]
        self.show([Line(tuple(pieces))])

    def say(self, text: str, tone: str = "") -> None:
        """What just happened, until the next hint."""
        self.show([line(text, tone)])
