"""Every command of the interface and its keys. Bindings, footer, palette, help, `drtui keys`, docs/keyboard.md use it.

The module is outside `ui` because the command `drtui keys` prints it without loading Textual.
"""

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from drtui.core.formatting.input_error import InputError


class Command(NamedTuple):
    """A command of the interface."""

    keys: tuple[str, ...]
    """Names of its keys in Textual, the usual one first."""
    action: str
    """Name of its action in Textual: a method `action_…`, with arguments."""
    label: str
    """One or two words for the footer."""
    help: str
    """One line for help and palette."""
    group: str = "Elsewhere"
    title: str = ""
    """Name in the palette if the label is too short for it."""
    is_outside_list: bool = False
    """True if it works where no restore point has the cursor, so that its key may also be that of a list command."""

    @property
    def name(self) -> str:
        """Name in the configuration."""
        return self.label.replace(" ", "-")


MOVING, LOOKING, LIST = "Panes", "Everywhere", "List of restore points"

COMMANDS = (
    Command(("1",), "pane('connection')", "site", "go to site", group=MOVING),
    Command(("2",), "pane('stores')", "stores", "go to stores", group=MOVING),
    Command(("3",), "pane('table')", "list", "go to restore points", group=MOVING, title="restore points"),
    Command(("4",), "pane('detail')", "detail", "go to details", group=MOVING, title="details"),
    Command(("tab",), "app.focus_next", "next pane", "go to the next pane", group=MOVING),
    Command(("shift+tab",), "app.focus_previous", "previous pane", "go to the previous pane", group=MOVING),
    Command(("right_square_bracket",), "step(1)", "next", "next restore point, also from the details", group=MOVING),
    Command(
        ("left_square_bracket",), "step(-1)", "previous", "previous restore point, also from the details", group=MOVING
    ),
    Command(("enter",), "choose", "open", "open the site, store, restore point or item", group=MOVING),
    Command(("escape", "backspace"), "back", "back", "back; clears the filter, then the marks", group=MOVING),
    Command(
        ("slash",),
        "filter",
        "filter",
        "filter: words, gdb:parcels, verdict:usable, since:7d, !not, /regex/",
        group=LIST,
    ),
    Command(("s",), "sort", "sort", "sort by the next column", group=LIST),
    Command(("S",), "reverse", "reverse", "reverse the order", group=LIST),
    Command(("n",), "group", "groups", "group by day, store or schedule; no groups", group=LIST),
    Command(("v",), "columns", "columns", "choose columns and their order", group=LIST),
    Command(("space",), "mark", "mark", "mark or unmark a restore point (at most two)", group=LIST),
    Command(
        ("d",),
        "compare",
        "compare",
        "compare the two marked restore points, or the mark with the selected restore point",
        group=LIST,
    ),
    Command(
        ("D",),
        "compare_previous",
        "compare to previous",
        "compare with the previous usable restore point",
        group=LIST,
    ),
    Command(("b",), "before", "before", "recommend a restore point from before a time", group=LIST),
    Command(("B",), "runbook", "runbook", "show the runbook to restore this restore point", group=LIST),
    Command(("M",), "gaps", "gaps", "show gaps, missed runs and failed runs", group=LIST, title="gaps and missed runs"),
    Command(("A",), "report", "report", "show the audit report of the last days", group=LIST, title="audit report"),
    Command(
        ("w",), "where", "where", "find the restore points that contain a geodatabase, database or bucket", group=LIST
    ),
    Command(
        ("t",),
        "timeline",
        "timeline",
        "timeline: restore points, missed runs, coming runs, expiry",
        group=LIST,
    ),
    Command(
        ("a",),
        "act",
        "act",
        "change the site: create, keep, validate, pause, delete, restore; shows a plan first",
        group=LOOKING,
    ),
    Command(("r", "R"), "refresh", "refresh", "fetch the site again", group=LOOKING),
    Command(("y",), "raw", "raw", "show the raw JSON of the backup, without secrets", group=LOOKING, title="raw JSON"),
    Command(
        ("N",),
        "note",
        "note",
        "write a note about the backup, such as a restore drill (kept in history, not sent)",
        group=LOOKING,
    ),
    Command(("c",), "copy", "copy", "copy the name (OSC 52)", group=LOOKING),
    Command(
        ("C",),
        "take",
        "take",
        "copy, show or save as row, JSON, curl command, restore request or runbook",
        group=LOOKING,
        title="copy as ...",
    ),
    Command(("x",), "export", "export", "save the list as Markdown, CSV, JSON or picture", group=LOOKING),
    Command(("z",), "zone", "zone", "switch times between local zone and UTC", group=LOOKING, title="time zone"),
    Command(("i",), "ids", "ids", "show the ids of geodatabases whole; again: cut", group=LOOKING),
    Command(("f",), "zoom", "zoom", "maximize the pane; again: all panes", group=LOOKING),
    Command(("H",), "headline", "headline", "show the whole headline and what to do", group=LOOKING),
    Command(("E",), "last_error", "error", "show the last error in full", group=LOOKING, title="last error"),
    Command(
        ("D",),
        "app.doctor",
        "doctor",
        "diagnose the connection step by step: where the list is empty, on 1, on o and on E",
        group=LOOKING,
        is_outside_list=True,
    ),
    Command(
        ("at",),
        "requests",
        "requests",
        "show all requests and answers, as curl commands",
        group=LOOKING,
    ),
    Command(
        ("o",),
        "other_site",
        "sites",
        "all named sites, worst first; open another by its address",
        group=LOOKING,
    ),
    Command(("colon", "ctrl+p"), "app.command_palette", "palette", "find a command by its name", group=LOOKING),
    Command(("question_mark", "f1"), "app.help", "help", "show all keys", group=LOOKING),
    Command(
        ("ctrl+l",),
        "app.repaint",
        "repaint",
        "redraw the screen",
        group=LOOKING,
    ),
    Command(("ctrl+z",), "app.suspend_process", "suspend", "suspend to the shell; fg returns", group=LOOKING),
    Command(("q",), "app.quit", "quit", "leave; also ctrl+c twice", group=LOOKING),
)

LISTS = "In every list"

IN_LISTS = (
    Command(("j", "down"), "move(1)", "down", "one line down", group=LISTS),
    Command(("k", "up"), "move(-1)", "up", "one line up", group=LISTS),
    Command(("g", "home"), "go(0)", "first", "to the first line", group=LISTS),
    Command(("G", "end"), "go(-1)", "last", "to the last line", group=LISTS),
    Command(("pagedown", "ctrl+f"), "page(1)", "page down", "one page down", group=LISTS),
    Command(("pageup", "ctrl+b"), "page(-1)", "page up", "one page up", group=LISTS),
    Command(("ctrl+d",), "half_page(1)", "half page down", "half a page down", group=LISTS),
    Command(("ctrl+u",), "half_page(-1)", "half page up", "half a page up", group=LISTS),
    Command(("h", "left"), "leave", "out", "back, or the pane to the left", group=LISTS),
    Command(("l", "right"), "choose", "in", "open, or the pane to the right", group=LISTS),
)
"""Commands that work in every list."""

FOOTERS: Mapping[str, str] = {
    "table": "open filter before where timeline palette=commands compare act sort refresh sites"
    " runbook raw back quit help",
    "stores": "open=list act back filter before where timeline palette=commands refresh sites quit help",
    "connection": "open act sites doctor requests error refresh back where palette=commands quit help",
    "detail": "open=where next previous raw copy take=copy,as compare-to-previous=versus,previous"
    " act runbook back timeline palette=commands note zoom quit help",
    "empty": "doctor refresh error sites filter act palette=commands requests back quit help",
    "no-site": "sites palette=commands quit help",
}
"""Names of the commands that the footer shows for each pane, the most useful first; the last one is always shown.

`name=label` is a command with another label; a comma in the label is a blank.
"""


FILTER_HINTS = (("enter", "apply"), ("escape", "clear"), ("tab", "complete"), ("up", "earlier"), ("f1", "help"))
"""Keys of the filter line and their labels."""


def footer_hints(commands: Iterable[Command], pane: str) -> Sequence[tuple[str, str]]:
    """Return the usual key of each command of a pane's footer, by its name in Textual, and its label."""
    if pane == "filter":
        return FILTER_HINTS
    commands_by_name = {command.name: command for command in commands}
    entries = (entry.partition("=") for entry in FOOTERS[pane].split())
    return [(commands_by_name[name].keys[0], label.replace(",", " ") or name) for name, _, label in entries]


_SHOWN = {
    "slash": "/",
    "at": "@",
    "colon": ":",
    "plus": "+",
    "minus": "-",
    "full_stop": ".",
    "question_mark": "?",
    "escape": "esc",
    "pagedown": "pgdn",
    "pageup": "pgup",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "equals_sign": "=",
}


def display_key(key: str) -> str:
    """Return a key in the form shown to people."""
    return _SHOWN.get(key, key)


def key_table(commands: Iterable[Command] = (*IN_LISTS, *COMMANDS)) -> list[tuple[str, str, str]]:
    """Return group, keys and help of every command, in the order of the help screen."""
    all_commands = tuple(commands)
    return [
        (group, " ".join(map(display_key, command.keys)), command.help)
        for group in (LISTS, MOVING, LIST, LOOKING)
        for command in all_commands
        if command.group == group
    ]


class KeysError(InputError):
    """Configured keys that cannot be used; the message names the command and says what to write."""


def apply_user_keys(keys_by_command: Mapping[str, tuple[str, ...]]) -> tuple[Command, ...]:
    """Return every command with the keys that the configuration assigns to its name.

    Raises:
        KeysError: a name or a key is unknown, or two commands have the same key.
    """
    commands = (*IN_LISTS, *COMMANDS)
    names = [command.name for command in commands]
    for name in keys_by_command:
        if name not in names:
            matches = difflib.get_close_matches(name, names, n=1)
            raise KeysError(f"unknown command {name!r} in [keys].{f' Did you mean {matches[0]!r}?' if matches else ''}")
    configured = tuple(
        command._replace(
            keys=tuple(textual_key(key, command.name) for key in keys_by_command.get(command.name, command.keys))
        )
        for command in commands
    )
    commands_by_key: dict[str, list[Command]] = {}
    for command in configured:
        for key in command.keys:
            others = commands_by_key.setdefault(key, [])
            clash = next((other for other in others if not can_share_key(command, other)), None)
            if clash is not None:
                raise KeysError(
                    f"keys.{command.name}: {display_key(key)!r} is already the key of {clash.name}. "
                    "Choose another key for one of them."
                )
            others.append(command)
    return configured


def can_share_key(command: Command, other: Command) -> bool:
    """True if one is a command of the list, and the other one works elsewhere."""
    return (command.is_outside_list and other.group == LIST) or (other.is_outside_list and command.group == LIST)


_CALLED = {called: key for key, called in _SHOWN.items()}

_NAMED = re.compile(
    r"(?:(?:ctrl|alt|shift)\+)*(?:[a-z0-9]|f\d\d?|enter|tab|space|insert|delete|home|end|up|down|left|right)"
)


def textual_key(text: str, name: str) -> str:
    """Return Textual's name of a key written in the form shown to people: `/`, `esc`, `ctrl+r`, `f5`.

    Raises:
        KeysError: the key is unknown; the message names the command `name`.
    """
    key = _CALLED.get(text, text)
    single = len(key) == 1 and key.isprintable() and key not in " ,"
    if not (single or key in _SHOWN or key == "backspace" or _NAMED.fullmatch(key)):
        raise KeysError(f"keys.{name}: unknown key {text!r}. Write a key like R, /, f5, pgdn or ctrl+r.")
    return key
