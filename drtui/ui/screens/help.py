"""What the keys do, and what is said of a restore point."""

from drtui.commands import table
from drtui.model.verdict import Level
from drtui.model.words import mark_of
from drtui.ui.widgets.lines import Line, line

MEANINGS = {
    Level.USABLE: "itself and every part completed, made by the release that runs here, not expired",
    Level.DOUBTFUL: "usable by its record, with something that is not documented",
    Level.CANNOT_TELL: "something is missing that one would have to know",
    Level.EXPIRED: "past its retention: it may be cleaned up at any moment",
    Level.NOT_USABLE: "something did not complete, or another release made it",
    Level.RUNNING: "still being made",
}


def help_lines(*, plain: bool) -> list[Line]:
    """The text of the help; `plain` keeps symbols to ASCII."""
    lines: list[Line] = []
    group = ""
    for each, keys, meaning in table():
        if each != group:
            lines += [line(""), line(each, "strong")]
            group = each
        lines.append(Line(((f"  {keys:<20}", "strong"), (meaning, ""))))
    lines += [line(""), line("What is said of a restore point", "strong")]
    for level, meaning in MEANINGS.items():
        mark = mark_of(level)
        lines.append(Line(((f"  {mark.text(plain=plain):<20}", mark.tone), (meaning, ""))))
    note = "The server reports no sizes and tests no restore: nothing here says more than usable."
    return [*lines, line(""), line(note)]
