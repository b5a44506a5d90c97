"""The shell of the line-by-line mode: its commands, the fetched site, and the settings and numbers of the list.

Questions about the site are answered by the commands of the command line, in sentences. The list is the shell's own:
its filter, order and numbers stay from line to line.
"""

import shlex
from collections import deque
from collections.abc import Callable, Iterator
from typing import NamedTuple

from msgspec.structs import replace

from drtui.cli.commands import answer_site_command
from drtui.cli.context import Context
from drtui.cli.exit_codes import CommandError
from drtui.cli.loading import LoadedSite, Site, require
from drtui.cli.output import LISTS, failure_lines, stale_prefix
from drtui.cli.parser import parser
from drtui.core.analysis.changes import PreviousLists
from drtui.core.formatting.durations import MINUTE
from drtui.core.formatting.text import cut_middle, plural
from drtui.core.listing.catalog import SORT_KEYS, Catalog, Order
from drtui.core.listing.rows import Entry, list_rows
from drtui.core.model.site_state import SiteState
from drtui.core.query.parser import QueryError
from drtui.core.query.query import Query
from drtui.core.query.text_tests import suggest_word
from drtui.core.verdict.restore_points import RestorePoint
from drtui.output import sentences
from drtui.session import Session, now_ms

PAGE = 20
"""Entries of a list that are printed at once."""

LONGEST_FILTER = 40
"""The longest filter in the prompt, cells."""

POINTS = "restore point", "restore points"


class Shell:
    """The state of a session.

    Args:
        context: the context of the command line.
        session: the open site.
    """

    def __init__(self, context: Context, session: Session) -> None:
        # Symbols are spelled out: a screen reader reads their names or nothing.
        self.context = replace(context, plain=True)
        self.assessment = session.assess(SiteState(session.target.location), context.now, context.rpo)
        self.session = session
        """The open site."""
        self.catalog = Catalog()
        self.previous = PreviousLists()
        """The lists of the previous refresh."""
        self.list_ids: tuple[tuple[str, str], ...] | None = None
        """The restore points in the order of the last printed list: a refresh changes no number."""
        self.entries: deque[Entry] = deque()
        """The entries of the last list that were not printed yet."""

    @property
    def prompt(self) -> str:
        """The prompt, with `saved` for saved data and the filter in effect."""
        query = self.catalog.filter
        filtered = f"filter {cut_middle(' '.join(query.term_texts), LONGEST_FILTER)}" if query else ""
        marks = ", ".join(filter(None, ("saved" if self.assessment.site_state.is_saved else "", filtered)))
        return f"drtui ({marks})> " if marks else "drtui> "

    def update(self, site_state: SiteState) -> None:
        """Assess a new state of the site at the present moment."""
        fixed = self.context.fixed_now
        self.context = replace(self.context, now=site_state.site_time(now_ms()) if fixed is None else fixed)
        self.assessment = self.session.assess(site_state, self.context.now, self.context.rpo)
        criteria = replace(self.catalog.criteria, filter=self.catalog.filter.as_of(self.context.now))
        self.catalog = self.catalog.with_criteria(criteria, self.assessment.points)

    def answer(self, line: str) -> Iterator[str]:
        """Return the answer to a line.

        Raises:
            CommandError: the command is unknown, or failed.
        """
        site_state = self.assessment.site_state
        if self.context.fixed_now is None and site_state.site_time(now_ms()) - self.assessment.now >= MINUTE:
            self.update(site_state)  # the ages have changed
        word, _, rest = line.partition(" ")
        if word not in COMMANDS:
            raise CommandError(f"Unknown command {word!r}. {suggest_word(word, filter(None, COMMANDS))}")
        own_answer = COMMANDS[word].answer
        return (
            own_answer(self, rest.strip()) if own_answer is not None else _answer_as_command(self, word, rest.strip())
        )

    def warnings(self, resources: tuple[str, ...] = LISTS) -> list[str]:
        """Return warnings about saved data, and the failures of resources."""
        site_state = self.assessment.site_state
        return [*stale_prefix(site_state, self.context).splitlines(), *failure_lines(site_state, resources)]

    def point_name(self, typed: str) -> str:
        """Return the name of the restore point of a number; any other text is a name already.

        Raises:
            CommandError: the list has no such number, or its restore point no longer exists.
        """
        require(self.assessment.site_state.stores)
        if not typed:
            raise CommandError("No restore point given. Write its number in the list, or its name.")
        if not typed.isdecimal():
            return typed
        ids = tuple(point.id for point in self.catalog.points) if self.list_ids is None else self.list_ids
        if len(typed) > 9 or not 1 <= int(typed) <= len(ids):
            raise CommandError(f"No number {cut_middle(typed, 20)} in the list: it ends at {len(ids)}.")
        store, name = ids[int(typed) - 1]
        if all(point.id != (store, name) for point in self.assessment.points):
            raise CommandError(
                f"Number {typed} was {name} in {store}, which no longer exists. Print a new list with list."
            )
        return f"{store}/{name}"


def _answer_as_command(shell: Shell, word: str, rest: str) -> Iterator[str]:
    """Yield what the command of the command line answers."""
    arguments = parser(word).parse_args([word, *_command_words(shell, word, rest)])
    arguments.format = "sentences"
    site = Site(shell.context, LoadedSite(shell.context, shell.assessment), sign_in=shell.session.sign_in)
    answer = answer_site_command(site, arguments)
    yield from shell.warnings(answer.resources)
    output = answer.output
    yield from output.splitlines() if isinstance(output, str) else sentences.table_sentences(output)
    yield from (*answer.notes, *answer.problems)


def _command_words(shell: Shell, word: str, rest: str) -> list[str]:
    """Return the words of the command line for the text after the command; only names in `diff` need quotes."""
    match word:
        case "show":
            return ["--", shell.point_name(rest)]
        case "where" | "before":
            return ["--", rest]
        case "timeline":
            return [f"--zoom={rest}"] if rest else []
        case "diff":
            try:
                first, second = shlex.split(rest)
            except ValueError:
                raise CommandError("diff needs two numbers or names. Write a name with blanks in quotes.") from None
            return ["--", shell.point_name(first), shell.point_name(second)]
        case _:
            return []


def summarize(shell: Shell, _: str = "") -> Iterator[str]:
    """Yield a summary of the site."""
    yield from sentences.summary_sentences(shell.assessment, shell.previous, shell.context.view)
    if shell.context.access.insecure:
        yield "The certificate of the site is not verified (--insecure)."


def _list(shell: Shell, _: str = "") -> Iterator[str]:
    """Yield the first page of the list, with numbers that are valid until the next list."""
    require(shell.assessment.site_state.stores)
    yield from shell.warnings()
    catalog, number = shell.catalog, len(shell.catalog.points)
    order = f"sorted by {catalog.order.key}, {'descending' if catalog.order.is_descending else 'ascending'}"
    if catalog.filter:
        passing = f"{number:,} of {plural(catalog.store_count, *POINTS)} match the filter"
        yield f"{passing} {' '.join(catalog.filter.term_texts)}: {catalog.filter.description}; {order}"
    elif number:
        yield f"{plural(number, *POINTS)}, {order}"
    elif not shell.assessment.site_state.failures:
        yield "The site has no restore points."
    shell.list_ids = tuple(point.id for point in catalog.points)
    shell.entries = deque(list_rows(shell.assessment, catalog))
    yield from _next_page(shell)


def _more(shell: Shell, _: str) -> Iterator[str]:
    if shell.list_ids is None:
        return _list(shell)
    return _next_page(shell) if shell.entries else iter(["End of the list. list prints it again."])


def _next_page(shell: Shell) -> Iterator[str]:
    """Yield the next entries of the list."""
    numbers = {key: number for number, key in enumerate(shell.list_ids or (), 1)}
    since = shell.previous.fetched_only(shell.assessment.site_state)
    for _ in range(min(PAGE, len(shell.entries))):
        entry = shell.entries.popleft()
        number = numbers.get(entry.id) if isinstance(entry, RestorePoint) else None
        yield sentences.row_sentence(entry, number, since, shell.context.view)
    left = len(shell.entries)
    if left:
        yield f"{left:,} more: type more for the next {min(left, PAGE)}."


def _filter(shell: Shell, text: str) -> Iterator[str]:
    try:
        query = Query.parse(text, shell.context.view)
    except QueryError as error:
        where = error.text[error.start : error.end]
        raise CommandError(f"{error}{f' (at {where})' if where else ''}; the filter is unchanged") from None
    shell.catalog = shell.catalog.with_criteria(replace(shell.catalog.criteria, filter=query))
    return _list(shell)


def _sort(shell: Shell, column: str) -> Iterator[str]:
    if column not in SORT_KEYS:
        raise CommandError(f"Unknown sort column {column!r}. {suggest_word(column, SORT_KEYS)}")
    order = Order.default_for(column)
    order = order.reversed if order == shell.catalog.order else order
    shell.catalog = shell.catalog.with_criteria(replace(shell.catalog.criteria, order=order))
    return _list(shell)


def _error(shell: Shell, _: str) -> Iterator[str]:
    failures = shell.assessment.site_state.failures
    if not failures:
        yield "The last refresh had no failures."
    for name, failure in failures:
        yield from sentences.failure_sentences(name, failure)


def _help(_: Shell, __: str) -> Iterator[str]:
    for name, word in COMMANDS.items():
        yield f"{f'{name} {word.takes}'.strip() or 'an empty line'}: {word.help}"


class ShellCommand(NamedTuple):
    """A command of the shell."""

    takes: str
    help: str
    answer: Callable[[Shell, str], Iterator[str]] | None = None
    """A function from shell and argument to lines. None for a command of the command line, and for `refresh` and
    `quit`, which the loop handles."""


COMMANDS = {
    "": ShellCommand("", "a summary of the site", summarize),
    "list": ShellCommand("", f"the restore points with numbers, {PAGE} at a time", _list),
    "more": ShellCommand("", "the next page of the list", _more),
    "filter": ShellCommand("QUERY", "filter the list, as drtui list --filter; without QUERY clear the filter", _filter),
    "sort": ShellCommand("COLUMN", "sort the list by a column; again: reverse the order", _sort),
    "show": ShellCommand("N", "all facts of one restore point, by number or name"),
    "diff": ShellCommand("A B", "the differences between two restore points, by number or name"),
    "where": ShellCommand("NAME", "the restore points that contain a geodatabase, database or bucket"),
    "before": ShellCommand(
        "TIME", "the newest usable restore point before a moment, the data loss, and what was skipped"
    ),
    "timeline": ShellCommand("SLOT", "the last weeks by store, in slots of an hour, day, week or month"),
    "stores": ShellCommand("", "the backup stores"),
    "status": ShellCommand("", "the last disaster-recovery operation"),
    "schedules": ShellCommand("", "the backup schedules and the cleaner"),
    "gaps": ShellCommand("", "gaps, missed runs and failed runs"),
    "coverage": ShellCommand("", "the data stores of the site, and what its backups hold of them"),
    "refresh": ShellCommand("", "fetch the site again"),
    "error": ShellCommand("", "all failures in full", _error),
    "help": ShellCommand("", "this list", _help),
    "quit": ShellCommand("", "end the session"),
}
"""All commands of the shell; the names are those of the command line and of the keybindings."""
