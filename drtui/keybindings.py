"""The one register of what keys do: bindings, footer, palette, help, `drtui keys` and the README come from it.

It stands outside `ui` because the headless `drtui keys` prints it, and must not load Textual for that.
"""

import difflib
import re
from collections.abc import Iterable, Mapping
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

    @property
    def name(self) -> str:
        """What it is called in the configuration."""
        return self.label.replace(" ", "-")


MOVING, LOOKING, LIST = "Moving", "Looking", "The list"

COMMANDS = (
    Command(("1",), "pane('connection')", "site", "go to the connection", group=MOVING),
    Command(("2",), "pane('stores')", "stores", "go to the stores", group=MOVING),
    Command(("3",), "pane('table')", "list", "go to the restore points", group=MOVING),
    Command(("4",), "pane('detail')", "detail", "go to what is in the restore point", group=MOVING),
    Command(("tab",), "app.focus_next", "next pane", "go to the next pane", group=MOVING),
    Command(("shift+tab",), "app.focus_previous", "previous pane", "go to the previous pane", group=MOVING),
    Command(("enter",), "choose", "open", "go in: site, store, restore point, what is in it", 1, MOVING),
    Command(("backspace", "escape"), "back", "back", "go out again; clears a filter, then the marks", 7, MOVING),
    Command(
        ("slash",),
        "filter",
        "filter",
        "show what matches: words, gdb:parcels, verdict:usable, since:7d, !not, /regex/",
        2,
        LIST,
    ),
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
    Command(
        ("t",),
        "timeline",
        "timeline",
        "over time: restore points, missed runs, what is to come and what expires",
        group=LIST,
    ),
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
    Command(
        ("o",),
        "other_site",
        "sites",
        "the named sites side by side, the worst first; any other by its address",
        group=LOOKING,
    ),
    Command(("colon", "ctrl+p"), "app.command_palette", "palette", "find a command by its name", group=LOOKING),
    Command(("question_mark",), "app.help", "help", "what the keys do", 3, LOOKING),
    Command(
        ("ctrl+l",),
        "app.repaint",
        "repaint",
        "paint everything anew, where something else wrote over it",
        group=LOOKING,
    ),
    Command(("ctrl+z",), "app.suspend_process", "suspend", "back to the shell; fg comes back", group=LOOKING),
    Command(("q",), "app.quit", "quit", "leave", 9, LOOKING),
)

LISTS = "In every list"

IN_LISTS = (
    Command(("j", "down"), "move(1)", "down", "one line down", group=LISTS),
    Command(("k", "up"), "move(-1)", "up", "one line up", group=LISTS),
    Command(("g", "home"), "go(0)", "first", "to the first line", group=LISTS),
    Command(("G", "end"), "go(-1)", "last", "to the last line", group=LISTS),
    Command(("pagedown",), "page(1)", "page down", "one page down", group=LISTS),
    Command(("pageup",), "page(-1)", "page up", "one page up", group=LISTS),
    Command(("h", "left"), "leave", "out", "out, or the pane to the left", group=LISTS),
    Command(("l", "right"), "choose", "in", "in, or the pane to the right", group=LISTS),
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


def display_key(key: str) -> str:
    """A key as people call it."""
    return _SHOWN.get(key, key)


def key_table(commands: Iterable[Command] = (*IN_LISTS, *COMMANDS)) -> list[tuple[str, str, str]]:
    """Group, keys and meaning of everything, in the order of help."""
    known = tuple(commands)
    return [
        (group, " ".join(map(display_key, each.keys)), each.help)
        for group in (LISTS, MOVING, LIST, LOOKING)
        for each in known
        if each.group == group
    ]


class KeysError(ValueError):
    """Keys that cannot be used; the message names the command and says what to write."""


def apply_user_keys(changed: Mapping[str, tuple[str, ...]]) -> tuple[Command, ...]:
    """Every command with the keys that the configuration gives it, by its name.

    Raises:
        KeysError: a name or a key means nothing, or two commands have the same key.
    """
    known = (*IN_LISTS, *COMMANDS)
    names = [each.name for each in known]
    for name in changed:
        if name not in names:
            near = difflib.get_close_matches(name, names, n=1)
            raise KeysError(f"keys.{name} means nothing here{f'; did you mean {near[0]}?' if near else ''}")
    found = tuple(
        each._replace(keys=tuple(textual_key(key, each.name) for key in changed.get(each.name, each.keys)))
        for each in known
    )
    taken: dict[str, str] = {}
    for each in found:
        for key in each.keys:
            if key in taken:
                raise KeysError(
                    f"keys.{each.name}: {display_key(key)} is the key of {taken[key]} already; give that another"
                )
            taken[key] = each.name
    return found


_CALLED = {called: key for key, called in _SHOWN.items()}

_NAMED = re.compile(
    r"(?:(?:ctrl|alt|shift)\+)*(?:[a-z0-9]|f\d\d?|enter|tab|space|insert|delete|home|end|up|down|left|right)"
)


def textual_key(text: str, name: str) -> str:
    """The name that Textual has for a key, given as people call it: `/`, `esc`, `ctrl+r`, `f5`; for the command `name`.

    Raises:
        KeysError: there is no such key.
    """
    key = _CALLED.get(text, text)
    single = len(key) == 1 and key.isprintable() and key not in " ,"
    if not (single or key in _SHOWN or key == "backspace" or _NAMED.fullmatch(key)):
        raise KeysError(f"keys.{name}: {text!r} is no key; write it as in R, /, f5, pgdn or ctrl+r")
    return key
