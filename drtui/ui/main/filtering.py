"""Actions of the main screen that set, accept and clear the filter of the list."""

from collections.abc import Callable
from contextlib import suppress

from msgspec.structs import replace
from textual import events, on
from textual.widgets import Input

from drtui.core.query.completion import Vocabulary
from drtui.core.query.parser import QueryError
from drtui.core.query.query import Query, incomplete_field_error, parse_partial
from drtui.ui.main.layout import FourPanes
from drtui.ui.main.list_builder import FilterFallback
from drtui.ui.widgets.filter_bar import FilterLine


class FilterActions(FourPanes):
    """Adds the filter to the main screen."""

    def action_filter(self) -> None:
        """Open the filter line; the list follows what is typed."""
        self.filterbar.open(Vocabulary(self.catalog.source))
        self.show_message("enter keeps it   esc clears it   tab completes   up brings earlier ones")

    def filter_by(self, text: str, on_listed: Callable[[], object] | None = None) -> None:
        """Filter the list by `text` and focus it; if `text` is invalid, show the error in the footer.

        `on_listed` is called when the list shows the result.
        """
        try:
            query = Query.parse(text, self.view)
        except QueryError as error:
            self.show_message(f"{text}: {error}")
            return
        self.filterbar.close()
        self._apply_filter(query, on_listed=on_listed)
        self.action_pane("table")

    def go_to_store(self, name: str | None) -> None:
        """Show one store, or all; going from one store to another drops the filter, which seldom fits both."""
        previous_store = self.criteria.store
        is_filter_dropped = (
            bool(self.criteria.filter) and previous_store is not None and name not in {None, previous_store}
        )
        if is_filter_dropped:
            self.filterbar.close()
            self.criteria = replace(self.criteria, filter=Query())
        super().go_to_store(name)
        if is_filter_dropped:
            self.call_after_refresh(self.show_message, f"the filter was for {previous_store}: / and up bring it back")

    def clear_filter(self) -> None:
        """Remove the filter."""
        self.filter_by("")

    def _apply_filter(
        self,
        query: Query,
        error: QueryError | None = None,
        *,
        fallback: FilterFallback | None = None,
        on_listed: Callable[[], object] | None = None,
    ) -> None:
        self.criteria, self.filter_error = replace(self.criteria, filter=query), error
        self.relist(fallback=fallback, on_listed=on_listed)

    @on(Input.Changed, "#line")
    def _apply_typed_text(self, message: Input.Changed) -> None:
        query, error = parse_partial(message.value, self.view, self.criteria.filter)
        field_error = incomplete_field_error(query) if error is None else None
        fallback = None
        if field_error is not None:
            fallback = parse_partial(field_error.rest or "", self.view, self.criteria.filter)[0], field_error
        self._apply_filter(query, error, fallback=fallback)

    @on(FilterLine.Accepted)
    def _accept_filter(self) -> None:
        with suppress(QueryError):  # the filter line already shows the error
            self._apply_filter(Query.parse(self.filterbar.line.value, self.view))
            self.action_pane("table")

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Close the filter line when the focus moves elsewhere, and drop text that is not valid."""
        if self.filterbar.is_typing and event.widget is not self.filterbar.line:
            self.filterbar.close()
            self.show_message()
            self._apply_filter(self.criteria.filter)

    @on(FilterLine.Cleared)
    def _discard_filter(self) -> None:
        self.clear_filter()

    def action_zone(self) -> None:
        """Toggle the zone, and read days and times of the filter in the new zone."""
        super().action_zone()
        self._apply_filter(*parse_partial(self.criteria.filter.text, self.view, self.criteria.filter))
