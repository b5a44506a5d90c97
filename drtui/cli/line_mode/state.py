"""State of a shell session: the assessment of the site, the list settings and the printed numbers."""

from collections.abc import Iterator

from msgspec.structs import replace

from drtui.cli.context import Context
from drtui.cli.exit_codes import CommandError
from drtui.cli.loading import find_restore_point, require
from drtui.core.analysis.assessment import assess
from drtui.core.analysis.changes import PreviousLists
from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.durations import MINUTE
from drtui.core.formatting.text import cut_middle
from drtui.core.listing.catalog import Catalog
from drtui.core.listing.rows import list_rows
from drtui.core.model.site_state import SiteState
from drtui.core.verdict.restore_points import RestorePoint
from drtui.output import sentences
from drtui.session import now_ms

PAGE = 20
"""Entries of a list that are printed at once."""

LONGEST_FILTER = 40
"""The longest filter in the prompt, cells."""


class ShellState:
    """The state of a shell session.

    Args:
        context: the context of the command line.
        place: the name of the site for people.
    """

    def __init__(self, context: Context, place: str) -> None:
        self.context = context
        self.assessment = assess(SiteState(place), context.now, context.rpo)
        self.catalog = Catalog()
        self.previous = PreviousLists()
        """The lists of the previous refresh."""
        self._list_ids: tuple[tuple[str, str], ...] | None = None
        """The restore points in the order of the last printed list: a refresh changes no number."""
        self._printed = 0
        """Entries of the list that were printed."""

    @property
    def view(self) -> DisplayContext:
        """Time and zone; symbols are spelled out, because a screen reader reads their names or nothing."""
        return self.context.view._replace(plain=True)

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
        self.assessment = assess(site_state, self.context.now, self.context.rpo)
        self.catalog = self.catalog.with_source(self.assessment.points, self.context.now)

    def refresh_ages(self) -> None:
        """Assess the state again if a minute has passed."""
        if (
            self.context.fixed_now is None
            and self.assessment.site_state.site_time(now_ms()) - self.assessment.now >= MINUTE
        ):
            self.update(self.assessment.site_state)

    def first_page(self) -> Iterator[str]:
        """Return the first page of the list, with numbers that are valid until the next list."""
        self._printed, self._list_ids = 0, tuple(point.id for point in self.catalog.points)
        return self.next_page()

    def next_page(self) -> Iterator[str]:
        """Yield the next entries of the list."""
        rows = list_rows(self.assessment, self.catalog)
        numbers = {key: number for number, key in enumerate(self.numbered_ids, 1)}
        since = self.previous.fetched_only(self.assessment.site_state)
        for row in rows[self._printed : self._printed + PAGE]:
            number = numbers.get(row.id) if isinstance(row, RestorePoint) else None
            yield sentences.row_sentence(row, number, since, self.view)
        self._printed = min(self._printed + PAGE, len(rows))
        left = len(rows) - self._printed
        if left:
            yield f"{left:,} more: more tells the next {min(left, PAGE)}."

    @property
    def is_list_finished(self) -> bool:
        """True if the list was printed to its end."""
        return self._printed >= len(list_rows(self.assessment, self.catalog))

    @property
    def numbered_ids(self) -> tuple[tuple[str, str], ...]:
        """Store and name of each restore point by number; before the first list, in the order of the catalog."""
        return tuple(point.id for point in self.catalog.points) if self._list_ids is None else self._list_ids

    def find_point(self, typed: str) -> RestorePoint:
        """Return the restore point of that number or name.

        Raises:
            CommandError: no restore point, or more than one, matches, or it no longer exists.
        """
        require(self.assessment.site_state.stores)
        if not typed:
            raise CommandError("No restore point given. Write its number in the list, or its name.")
        if not typed.isdecimal():
            return find_restore_point(self.assessment.points, typed)
        if len(typed) > 9 or not 1 <= int(typed) <= len(self.numbered_ids):
            raise CommandError(f"No number {cut_middle(typed, 20)} in the list: it ends at {len(self.numbered_ids)}.")
        store, name = self.numbered_ids[int(typed) - 1]
        point = next((point for point in self.assessment.points if point.id == (store, name)), None)
        if point is None:
            raise CommandError(
                f"Number {typed} was {name} in {store}, which no longer exists. Print a new list with list."
            )
        return point
