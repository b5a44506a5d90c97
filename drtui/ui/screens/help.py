"""The text of the help screen: keys, verdicts, change marks and filter language."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from textual.binding import ActiveBinding
from textual.dom import DOMNode

from drtui.core.analysis.changes import Change
from drtui.core.query.query import EXAMPLES
from drtui.core.summary.labels import level_label
from drtui.core.verdict.rules import Level
from drtui.keybindings import Command, display_key, key_table
from drtui.ui.widgets.styled_lines import Line, line
from drtui.ui.widgets.virtual_list import VirtualList

MEANINGS = {
    Level.USABLE: "all parts completed, same release as the site, not expired",
    Level.DOUBTFUL: "usable, but with something undocumented",
    Level.CANNOT_TELL: "not enough information",
    Level.EXPIRED: "past its retention date: may be deleted at any time",
    Level.NOT_USABLE: "a part did not complete, or from another release",
    Level.RUNNING: "still running",
}

CHANGES = {
    Change.NEW: "new since your previous visit",
    Change.CHANGED: "backup or verdict changed since then",
}

CHANGES_OF_SITE = (
    ("a e", "keep the selected restore point longer or forever (b finds the last usable one before a time)"),
    ("a t", "restore the selected restore point, for example the one that b recommends"),
    ("1 a", "pause or resume a schedule; create a backup now"),
    ("2 a v", "validate the selected store"),
    ("a x", "delete the selected restore point"),
    ("a o", "show the journal: what was changed, when, by whom, with which outcome"),
)
"""Keys of each kind of change."""

CHANGES_NOTE = (
    "Every change shows its plan first. Nothing is sent until you press S or type the name. READ-ONLY: "
    "start with --allow-changes, or add changes = [...] to the profile. SITE READ-ONLY: the site refuses "
    "changes, as during an update. NO PRIVILEGE: your account may not change the site. Pane 1 says why."
)

MOUSE = "Hold shift to select text with the mouse, or start with --no-mouse."


def build_help_lines(commands: Iterable[Command], *, plain: bool) -> list[Line]:
    """Return the help of the main screen: all commands, verdicts and filters; `plain` uses only ASCII symbols."""
    lines = [line(""), line("To change the site", "strong")]
    lines += [_build_key_line(keys, meaning) for keys, meaning in CHANGES_OF_SITE]
    lines.append(line(f"  {CHANGES_NOTE}"))
    for group, rows in groupby(key_table(commands), key=lambda row: row[0]):
        lines += [line(""), line(group, "strong")]
        lines += [_build_key_line(keys, meaning) for _, keys, meaning in rows]
    lines += [line(""), line("Verdicts and marks", "strong")]
    for level, meaning in MEANINGS.items():
        mark = level_label(level)
        lines.append(Line(((f"  {mark.text(plain=plain):<20}", mark.tone), (meaning, ""))))
    lines += [_build_key_line(f"{change.sign} before the name", meaning) for change, meaning in CHANGES.items()]
    lines += [_build_key_line("! before the name", "backup of a failed scheduled run")]
    lines += [line(""), line("Filter: all terms must match", "strong")]
    lines += [_build_key_line(written, meaning) for written, meaning in EXAMPLES]
    note = 'The server reports no sizes and tests no restore, so "usable" is the best possible verdict.'
    return [*lines, line(""), line(note), line(MOUSE)]


def build_screen_help_lines(bindings: Mapping[str, ActiveBinding]) -> list[Line]:
    """Return the help of any other screen: the active keys, from the focused widget upward."""
    lines: list[Line] = []
    for node, node_bindings in groupby(bindings.values(), key=lambda active: active.node):
        rows = list(_build_binding_lines(node_bindings))
        if rows:
            lines += [line(""), line(_choose_heading(node), "strong"), *rows]
    return lines


def _build_binding_lines(bindings: Iterable[ActiveBinding]) -> Iterator[Line]:
    """Yield one line per action, with all of its keys."""
    keys: dict[tuple[str, str], list[str]] = {}
    for active in bindings:
        if active.binding.description and not active.binding.system:
            keys.setdefault((active.binding.action, active.binding.description), []).append(
                display_key(active.binding.key)
            )
    for (_, meaning), key_names in keys.items():
        yield _build_key_line(" ".join(key_names), meaning)


def _build_key_line(keys: str, meaning: str) -> Line:
    return Line(((f"  {keys:<20}", "strong"), (meaning, "")))


def _choose_heading(node: DOMNode) -> str:
    return (
        "In this list"
        if isinstance(node, VirtualList)
        else "Here"
        if node.is_attached and not node.is_dom_root
        else "On this screen"
    )
