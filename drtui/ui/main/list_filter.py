"""Set, accept and clear the filter of the list."""

from collections.abc import Callable, Sequence
from contextlib import suppress

from msgspec.structs import replace
from textual.widget import Widget

from drtui.core.query.completion import Vocabulary
from drtui.core.query.parser import QueryError
from drtui.core.query.query import Query, incomplete_field_error, parse_partial
from drtui.core.verdict.restore_points import RestorePoint
from drtui.ui.main.open_site import FilterFallback, OpenSite
from drtui.ui.widgets.filter_bar import FilterBar


class ListFilter:
    """The filter of the list, as it is typed in the filter bar."""

    def __init__(
        self,
        site: OpenSite,
        bar: FilterBar,
        *,
        relist: Callable[[FilterFallback | None], object],
        show_message: Callable[[str], object],
    ) -> None:
        """Create the filter; `relist` builds the list again, with a filter for the case that nothing matches."""
        self._site, self._bar, self._relist, self._show_message = site, bar, relist, show_message

    def open(self, points: Sequence[RestorePoint]) -> None:
        """Open the filter line, with completions from `points`; the list follows what is typed."""
        self._bar.open(Vocabulary(points))
        self._show_message("")

    def apply(self, text: str) -> bool:
        """Filter the list by `text` and return True; if `text` is invalid, show the error in the footer."""
        try:
            query = Query.parse(text, self._site.view)
        except QueryError as error:
            self._show_message(f"{text}: {error}")
            return False
        self._bar.close()
        self._set(query)
        return True

    def _set(self, query: Query, error: QueryError | None = None, fallback: FilterFallback | None = None) -> None:
        self._site.criteria, self._site.filter_error = replace(self._site.criteria, filter=query), error
        self._relist(fallback)

    def show_typed_text(self, text: str) -> None:
        """Filter the list by what has been typed so far."""
        filter_in_effect, view = self._site.criteria.filter, self._site.view
        query, error = parse_partial(text, view, filter_in_effect)
        field_error = incomplete_field_error(query) if error is None else None
        fallback = None
        if field_error is not None:
            fallback = parse_partial(field_error.rest or "", view, filter_in_effect)[0], field_error
        self._set(query, error, fallback)

    def accept(self) -> bool:
        """Keep the typed filter and return True, unless it is invalid: the filter line already shows the error."""
        with suppress(QueryError):
            self._set(Query.parse(self._bar.line.value, self._site.view))
            return True
        return False

    def close_for(self, focused: Widget) -> None:
        """Close the filter line when the focus moves elsewhere, and drop text that is not valid."""
        if self._bar.is_typing and focused is not self._bar.line:
            self._bar.close()
            self._show_message("")
            self._set(self._site.criteria.filter)

    def reread(self) -> None:
        """Read days and times of the filter in the current zone."""
        criteria = self._site.criteria
        self._set(*parse_partial(criteria.filter.text, self._site.view, criteria.filter))

    def drop_for_store(self, name: str | None) -> str:
        """Drop the filter when the list goes from one store to another, as it seldom fits both.

        Returns:
            A message for the user; empty if there is nothing to drop.
        """
        previous_store = self._site.criteria.store
        if not self._site.criteria.filter or previous_store is None or name in {None, previous_store}:
            return ""
        self._bar.close()
        self._site.criteria = replace(self._site.criteria, filter=Query())
        return f"filter of {previous_store} cleared: / and up restore it"
