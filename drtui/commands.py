"""The one register of what keys do: bindings, footer, palette, help, `drtui keys` and the README come from it.

It stands outside `ui` because the headless `drtui keys` prints it, and must not load Textual for that.
"""

from typing import NamedTuple


class Command(NamedTuple):
    """Something a person can ask for in the interface."""

    keys: tuple[str, ...]
    """As Textual names them, the usual one first."""
    action: str
    """As Textual calls it: a method `action_…`, with its arguments."""
    label: str
    """For the footer: a word or two."""
    help: str
    """For help and palette: one line."""
    rank: int = 99
    """Its place in the footer; what has none there is at 99."""
    group: str = "Elsewhere"


MOVING, LOOKING, LIST = "Moving", "Looking", "The list"

COMMANDS = (
    Command(("1",), "pane('connection')", "site", "go to the connection", group=MOVING),
    Command(("2",), "pane('stores')", "stores", "go to the stores", group=MOVING),
    Command(("3",), "pane('table')", "list", "go to the restore points", group=MOVING),
    Command(("4",), "pane('detail')", "detail", "go to what is in the restore point", group=MOVING),
    Command(("tab",), "app.focus_next", "next pane", "go to the next pane", group=MOVING),
    Command(("shift+tab",), "app.focus_previous", "previous pane", "go to the previous pane", group=MOVING),
    Command(("enter",), "enter", "open", "go in: store, restore point, what is in it", 1, MOVING),
    Command(("backspace", "escape"), "back", "back", "go out again; clears a filter, then the marks", 7, MOVING),
    Command(("slash",), "filter", "filter", "show what holds every word typed: names, contents, statuses", 2, LIST),
    Command(("s",), "sort", "sort", "sort by the next column", 5, LIST),
    Command(("S",), "reverse", "reverse", "turn the order round", group=LIST),
    Command(("n",), "group", "groups", "in groups: by day, by store, by schedule, in none", group=LIST),
    Command(("v",), "columns", "columns", "choose the columns of the list and their order", group=LIST),
    Command(("space",), "mark", "mark", "mark a restore point, two at most, or take its mark away", group=LIST),
    Command(
        ("d",),
        "compare",
        "compare",
        "what differs between the two that are marked, or this one and the marked one",
        group=LIST,
    ),
    Command(
        ("D",),
        "compare_previous",
        "compare to previous",
        "what differs between this one and the usable one before it",
        group=LIST,
    ),
    Command(("b",), "before", "before", "which one to restore to be back before a moment", 4, LIST),
    Command(("w",), "where", "where", "which restore points hold a geodatabase, database or bucket", 4, LIST),
    Command(("r",), "refresh", "refresh", "ask the site again", 6, LOOKING),
    Command(("y",), "raw", "raw", "the record as the server sent it, without its secrets", 8, LOOKING),
    Command(("c",), "copy", "copy", "copy the name through the terminal (OSC 52)", group=LOOKING),
    Command(
        ("C",), "take", "take", "copy, show or write: row, JSON, curl line, restore request, runbook", group=LOOKING
    ),
    Command(
        ("x",), "export", "export", "write the list as it is shown: Markdown, CSV, JSON, or a picture", group=LOOKING
    ),
    Command(("z",), "zone", "zone", "show times in the local zone or in UTC", group=LOOKING),
    Command(("f",), "zoom", "zoom", "one pane on the whole window, or all of them", group=LOOKING),
    Command(("E",), "last_error", "error", "the last error, whole", group=LOOKING),
    Command(
        ("at",),
        "requests",
        "requests",
        "what was asked of the site and how it went, as lines for a shell",
        group=LOOKING,
    ),
    Command(("o",), "other_site", "other site", "connect: address, user and password or token", group=LOOKING),
    Command(("colon", "ctrl+p"), "app.command_palette", "palette", "find a command by its name", group=LOOKING),
    Command(("question_mark",), "help", "help", "what the keys do", 3, LOOKING),
    Command(("ctrl+z",), "app.suspend_process", "suspend", "back to the shell; fg comes back", group=LOOKING),
    Command(("q",), "app.quit", "quit", "leave", 9, LOOKING),
)

IN_LISTS = (
    (("j", "down"), "one line down"),
    (("k", "up"), "one line up"),
    (("g", "home"), "to the first line"),
    (("G", "end"), "to the last line"),
    (("pagedown",), "one page down"),
    (("pageup",), "one page up"),
    (("h", "left"), "out, or the pane to the left"),
    (("l", "right"), "in, or the pane to the right"),
)
"""What the keys do within every list."""

_SHOWN = {
    "slash": "/",
    "at": "@",
    "colon": ":",
    "question_mark": "?",
    "escape": "esc",
    "pagedown": "pgdn",
    "pageup": "pgup",
}


def shown(key: str) -> str:
    """A key as people call it."""
    return _SHOWN.get(key, key)


def table() -> list[tuple[str, str, str]]:
    """Group, keys and meaning of everything, in the order of help."""
    rows = [("In every list", " ".join(map(shown, keys)), meaning) for keys, meaning in IN_LISTS]
    for group in (MOVING, LIST, LOOKING):
        rows += [(group, " ".join(map(shown, c.keys)), c.help) for c in COMMANDS if c.group == group]
    return rows
