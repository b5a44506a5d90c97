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
    Level.USABLE: "itself and every part completed, made by the release that runs here, not expired",
    Level.DOUBTFUL: "usable by its record, with something that is not documented",
    Level.CANNOT_TELL: "something is missing that one would have to know",
    Level.EXPIRED: "past its retention: it may be cleaned up at any moment",
    Level.NOT_USABLE: "something did not complete, or another release made it",
    Level.RUNNING: "still being made",
}

CHANGES = {
    Change.NEW: "new since the last look before this visit",
    Change.CHANGED: "its record or what is thought of it has changed since then",
}

CHANGES_OF_SITE = (
    ("a e", "keep the restore point under the cursor longer or for ever; b finds the last good one before a moment"),
    ("a t", "restore the one under the cursor: the newest, last night's, or the one that b recommends"),
    ("1 a", "pause or resume a schedule, for tonight or longer; create a backup now, before an upgrade"),
    ("2 a v", "validate the store under the cursor, a new one too"),
    ("a x", "delete the restore point under the cursor"),
    ("a o", "the journal: what was changed, when, by whom, and its outcome"),
)
"""Keys of each kind of change."""

CHANGES_NOTE = (
    "Each shows its plan first. Nothing is sent before you answer: S sends it, or you type a name. READ-ONLY: "
    "start with --allow-changes, or write changes = [...] into the profile. SITE READ-ONLY: the site itself refuses "
    "changes, as during an update. NO PRIVILEGE: your account may not change it. Pane 1 says why."
)

MOUSE = "Hold shift to select text with the mouse; --no-mouse leaves the mouse to the terminal altogether."


def build_help_lines(commands: Iterable[Command], *, plain: bool) -> list[Line]:
    """Return the help of the main screen: all commands, verdicts and filters; `plain` uses only ASCII symbols."""
    lines = [line(""), line("To change the site", "strong")]
    lines += [_build_key_line(keys, meaning) for keys, meaning in CHANGES_OF_SITE]
    lines.append(line(f"  {CHANGES_NOTE}"))
    for group, rows in groupby(key_table(commands), key=lambda row: row[0]):
        lines += [line(""), line(group, "strong")]
        lines += [_build_key_line(keys, meaning) for _, keys, meaning in rows]
    lines += [line(""), line("What is said of a restore point", "strong")]
    for level, meaning in MEANINGS.items():
        mark = level_label(level)
        lines.append(Line(((f"  {mark.text(plain=plain):<20}", mark.tone), (meaning, ""))))
    lines += [_build_key_line(f"{change.sign} before the name", meaning) for change, meaning in CHANGES.items()]
    lines += [_build_key_line("! before the name", "the backup of a scheduled run that failed")]
    lines += [line(""), line("What a filter understands, all of which has to hold", "strong")]
    lines += [_build_key_line(written, meaning) for written, meaning in EXAMPLES]
    note = "The server reports no sizes and tests no restore: nothing here says more than usable."
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
