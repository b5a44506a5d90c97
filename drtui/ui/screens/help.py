"""The contents of the help screen: keys of the current pane or screen, words, marks and the filter language."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from textual.binding import ActiveBinding, Binding
from textual.dom import DOMNode

from drtui.core.analysis.changes import Change
from drtui.core.query.query import EXAMPLES
from drtui.core.summary.day_strip import DAY_MARKS, DayOutcome
from drtui.core.summary.labels import FAILED, StatusLabel, level_label
from drtui.core.verdict.rules import Level
from drtui.keybindings import FOOTERS, LISTS, Command, display_key, key_table
from drtui.ui.widgets.virtual_list import VirtualList


class HelpRow(NamedTuple):
    """Keys, a word or a mark, and its meaning."""

    term: str
    meaning: str
    tone: str = "strong"
    """Tone of the term."""


class Section(NamedTuple):
    """A part of the help."""

    heading: str
    rows: tuple[HelpRow, ...]


PANES = {"connection": "1 Site", "stores": "2 Stores", "table": "3 Restore points", "detail": "4 Details"}
"""Titles of the panes."""

ELSEWHERE = frozenset({"palette", "help", "quit"})
"""Commands of the footers that are no keys of a pane."""

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
    ("a e", "keep the selected restore point longer or forever (b finds the last usable restore point before a time)"),
    ("a t", "restore the selected restore point, for example the one that b recommends"),
    ("1 a", "pause or resume a schedule; create a backup now"),
    ("2 a v", "validate the selected store"),
    ("a x", "delete the selected restore point"),
    ("a o", "show the journal: what was changed, when, by whom, with which outcome"),
)
"""Keys of each kind of change."""

CHANGES_NOTE = "Every change shows its plan first. Nothing is sent until you press S or type the name."

BADGES = (
    ("READING", "the restore points are fetched for the first time"),
    ("LIVE 14:13", "fetched at that time, less than a minute ago"),
    ("2 MIN OLD", "fetched so long ago; r fetches again"),
    ("SAVED 03:10", "saved at that time; the site was not asked, or has not answered yet"),
    ("NOT REACHABLE since", "the site does not answer since that time; E shows why"),
    ("ACCESS REFUSED since", "the site refuses the sign-in or the account"),
    ("PROXY COPY", "a proxy answered with an old copy"),
    ("READ-ONLY", "nothing can be changed; start with --allow-changes, or add changes = [...] to the profile"),
    ("CHANGES ON", "changes are allowed, each with a plan first"),
    ("SITE READ-ONLY", "the site refuses changes, as during an update"),
    ("NO PRIVILEGE", "your account may not change the site"),
    ("TLS NOT VERIFIED", "the certificate was not checked (--insecure)"),
)
"""Words of the status line and their meanings."""

HEADLINE = (
    ("SAFE", "the newest usable restore point is within the target"),
    ("AT RISK", "it is older than the target, or something will soon make it so"),
    ("NOTHING RESTORABLE", "no restore point is usable"),
    ("CANNOT TELL", "not enough could be read"),
)
"""First words of the headline and their meanings."""

DAYS = {
    DayOutcome.USABLE: "every backup of the day was complete",
    DayOutcome.FAILED: "a backup did not complete",
    DayOutcome.MISSED: "a run left no backup",
    DayOutcome.RUNNING: "a backup is running",
    DayOutcome.DOUBTFUL: "a backup has something undocumented",
    DayOutcome.UNKNOWN: "not everything could be read, or retention may have deleted it",
    DayOutcome.NONE_DUE: "no backup was due",
}

WORDS = (
    ("restore point", "a backup with its verdict: could this site be restored from it?"),
    ("target", "how old the newest usable restore point may be (RPO); --rpo or rpo in the profile"),
    ("store", "a backup store, registered with the site"),
    ("missed run", "a run of a schedule that left no backup"),
    ("failed run", "a run whose backup did not complete"),
    ("retention", "until when a backup is kept; then the cleaner may delete it"),
)
"""Words of drtui and their definitions."""

LIMITS = 'The server reports no sizes and tests no restore, so "usable" is the best possible verdict.'

MOUSE = (
    HelpRow("click", "a key of the last line, a column, a row; twice: open"),
    HelpRow("shift+drag", "select text; --no-mouse leaves the mouse to the terminal"),
)


def build_main_sections(commands: Sequence[Command], pane: str, *, plain: bool) -> list[Section]:
    """Return the help of the main screen, with the keys of the pane that has the focus first."""
    return [
        _build_pane_section(commands, pane),
        Section("Change the site", _rows((*CHANGES_OF_SITE, ("", CHANGES_NOTE)))),
        *_build_command_sections(commands),
        *build_word_sections(plain=plain),
        Section("Filter: all terms must match", _rows(EXAMPLES)),
        Section("Mouse", MOUSE),
    ]


def build_screen_sections(
    name: str, bindings: Mapping[str, ActiveBinding], commands: Sequence[Command], *, plain: bool
) -> list[Section]:
    """Return the help of any other screen: its own keys, those of every list, and the words."""
    nodes = groupby(bindings.values(), key=lambda active: active.node)
    rows: list[HelpRow] = []
    has_list = False
    for node, node_bindings in nodes:
        is_list = isinstance(node, VirtualList)
        has_list |= is_list
        rows += _build_binding_rows(node, (active.binding for active in node_bindings), is_list=is_list)
    sections = [Section(f"{name}: keys here", tuple(rows))]
    if has_list:
        sections += [section for section in _build_command_sections(commands) if section.heading == LISTS]
    return [*sections, *build_word_sections(plain=plain)]


def build_word_sections(*, plain: bool) -> list[Section]:
    """Return the definitions of marks and words."""
    verdicts = [
        HelpRow(level_label(level).text(plain=plain), meaning, level_label(level).tone)
        for level, meaning in MEANINGS.items()
    ]
    marks = [HelpRow(f"{change.sign} before a name", meaning) for change, meaning in CHANGES.items()]
    marks.append(
        HelpRow(f"{FAILED.ascii if plain else FAILED.symbol} before a name", "backup of a failed scheduled run")
    )
    marks.append(HelpRow(f"{'#' if plain else '▪'} before a name", "marked with space; d compares"))
    days = (HelpRow(mark.text(plain=plain), meaning, mark.tone) for mark, meaning in _describe_days())
    return [
        Section("Words", _rows(WORDS)),
        Section("Verdicts", (*verdicts, HelpRow("", LIMITS))),
        Section("Marks", tuple(marks)),
        Section("First line", _rows(BADGES)),
        Section("Headline", _rows(HEADLINE)),
        Section("30 days, each the worst of its backups", tuple(days)),
    ]


def _describe_days() -> Iterator[tuple[StatusLabel, str]]:
    for outcome, mark in DAY_MARKS.items():
        yield mark, DAYS[outcome]


def _build_pane_section(commands: Sequence[Command], pane: str) -> Section:
    """Return the commands of a pane's footer, with all of their keys."""
    names = [entry.partition("=")[0] for entry in FOOTERS[pane].split()]
    by_name = {command.name: command for command in commands}
    shown = (by_name[name] for name in names if name not in ELSEWHERE)
    rows = (HelpRow(" ".join(map(display_key, command.keys)), command.help) for command in shown)
    return Section(f"{PANES[pane]}: keys here", tuple(rows))


def _build_command_sections(commands: Sequence[Command]) -> Iterator[Section]:
    for group, rows in groupby(key_table(commands), key=lambda row: row[0]):
        yield Section(group, tuple(HelpRow(keys, meaning) for _, keys, meaning in rows))


def _rows(pairs: Iterable[tuple[str, str]]) -> tuple[HelpRow, ...]:
    return tuple(HelpRow(term, meaning) for term, meaning in pairs)


def _build_binding_rows(node: DOMNode, bindings: Iterable[Binding], *, is_list: bool) -> Iterator[HelpRow]:
    """Yield one row per action of a widget or screen, with all of its keys; none for Textual's own bindings."""
    known = _find_textual_bindings(type(node))
    if is_list:
        known |= {(binding.action, binding.description) for binding in _own_bindings(VirtualList)}
    keys: dict[tuple[str, str], list[str]] = {}
    for binding in bindings:
        action = binding.action, binding.description
        if binding.description and not binding.system and action not in known:
            keys.setdefault(action, []).append(display_key(binding.key))
    for (_, meaning), key_names in keys.items():
        yield HelpRow(" ".join(key_names), meaning)


def _find_textual_bindings(kind: type[DOMNode]) -> set[tuple[str, str]]:
    """Return action and description of the bindings that a class inherits from Textual."""
    classes = (base for base in kind.__mro__ if base.__module__.startswith("textual."))
    return {(binding.action, binding.description) for base in classes for binding in _own_bindings(base)}


def _own_bindings(kind: type) -> Iterable[Binding]:
    return Binding.make_bindings(kind.__dict__.get("BINDINGS", ()))


def screen_name(screen: DOMNode) -> str:
    """Return the name of a screen for its help: `Timeline`, `Request log`, `Sign in`."""
    words = re.findall("[A-Z][a-z]*", re.sub("(Screen|Dialog)$", "", type(screen).__name__))
    return " ".join(words).capitalize() or "This screen"
