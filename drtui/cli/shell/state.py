"""What a conversation about a site knows: what was read of it, how it is looked at, and which numbers were told."""

from collections.abc import Iterator

from msgspec.structs import replace

from drtui.cli.context import Context
from drtui.cli.exit_codes import CommandError
from drtui.cli.loading import find_restore_point, require
from drtui.core.analysis.assessment import assess
from drtui.core.analysis.changes import PreviousLists
from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.text import cut_middle
from drtui.core.formatting.times import MINUTE
from drtui.core.listing.catalog import Catalog
from drtui.core.listing.rows import list_rows
from drtui.core.model.site_state import SiteState
from drtui.core.verdict.restore_points import RestorePoint
from drtui.output import sentences
from drtui.session import now_ms

PAGE = 20
"""Entries of a list that are told at once."""

LONGEST_FILTER = 40
"""Cells of a filter in the prompt."""


class ShellState:
    """The state of a conversation.

    Args:
        found: what was asked for on the command line.
        place: what is looked at, for people.
    """

    def __init__(self, found: Context, place: str) -> None:
        self.found = found
        self.judged = assess(SiteState(place), found.now, found.rpo)
        self.catalog = Catalog()
        self.before = PreviousLists()
        """The lists as they were when somebody last looked."""
        self._numbered: tuple[tuple[str, str], ...] | None = None
        """The restore points as the last list numbered them: what is read since moves no number."""
        self._told = 0
        """Entries of the list that were told."""

    @property
    def view(self) -> DisplayContext:
        """From where one looks. Symbols are spelled out: of others a screen reader says the name, or nothing."""
        return self.found.view._replace(plain=True)

    @property
    def prompt(self) -> str:
        """What asks for the next line: says if all rests on what was saved, and which filter is in effect."""
        query = self.catalog.filter
        filtered = f"filter {cut_middle(' '.join(query.term_texts), LONGEST_FILTER)}" if query else ""
        marks = ", ".join(filter(None, ("saved" if self.judged.site_state.is_saved else "", filtered)))
        return f"drtui ({marks})> " if marks else "drtui> "

    def update(self, reading: SiteState) -> None:
        """Judge what is known of the site as of now."""
        fixed = self.found.fixed_now
        self.found = replace(self.found, now=reading.site_time(now_ms()) if fixed is None else fixed)
        self.judged = assess(reading, self.found.now, self.found.rpo)
        self.catalog = self.catalog.with_source(self.judged.points, self.found.now)

    def refresh_ages(self) -> None:
        """Judge anew what has become older meanwhile."""
        if self.found.fixed_now is None and self.judged.site_state.site_time(now_ms()) - self.judged.now >= MINUTE:
            self.update(self.judged.site_state)

    def listed(self) -> Iterator[str]:
        """The first page of the list, under numbers that hold until the next list."""
        self._told, self._numbered = 0, tuple(each.id for each in self.catalog.points)
        return self.page()

    def page(self) -> Iterator[str]:
        """The next entries of the list."""
        shown = list_rows(self.judged, self.catalog)
        numbers = {each: number for number, each in enumerate(self.numbered, 1)}
        since = self.before.fetched_only(self.judged.site_state)
        for each in shown[self._told : self._told + PAGE]:
            number = numbers.get(each.id) if isinstance(each, RestorePoint) else None
            yield sentences.row_sentence(each, number, since, self.view)
        self._told = min(self._told + PAGE, len(shown))
        left = len(shown) - self._told
        if left:
            yield f"{left:,} more: more tells the next {min(left, PAGE)}."

    @property
    def ended(self) -> bool:
        """Whether the list was told to its end."""
        return self._told >= len(list_rows(self.judged, self.catalog))

    @property
    def numbered(self) -> tuple[tuple[str, str], ...]:
        """Store and name of each restore point under its number; until there was a list, as one would tell them."""
        return tuple(each.id for each in self.catalog.points) if self._numbered is None else self._numbered

    def point(self, typed: str) -> RestorePoint:
        """The restore point of that number, or of that name.

        Raises:
            CommandError: there is none, or not any more, or there are several.
        """
        require(self.judged.site_state.stores)
        if not typed:
            raise CommandError("which one? say its number in the list, or its name")
        if not typed.isdecimal():
            return find_restore_point(self.judged.points, typed)
        if len(typed) > 9 or not 1 <= int(typed) <= len(self.numbered):
            raise CommandError(f"the list has no number {cut_middle(typed, 20)}: its last is {len(self.numbered)}")
        store, name = self.numbered[int(typed) - 1]
        found = next((each for each in self.judged.points if each.id == (store, name)), None)
        if found is None:
            raise CommandError(f"{typed} was {name} in {store}, which is not there any more; list numbers them anew")
        return found
