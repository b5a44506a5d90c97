"""Build the list of restore points: at once for a small site, in a thread for a large one, so that keys never wait."""

import asyncio
from collections.abc import Callable
from typing import NamedTuple

from msgspec.structs import replace
from textual import work

from drtui.core.analysis.assessment import Assessment
from drtui.core.analysis.changes import PreviousLists, describe_changes
from drtui.core.formatting.display import DisplayContext
from drtui.core.listing.catalog import Catalog, Criteria
from drtui.core.listing.grouping import Grouping, Row, group_rows
from drtui.core.listing.rows import list_rows
from drtui.core.query.parser import QueryError
from drtui.core.query.query import Query
from drtui.core.verdict.restore_points import RestorePoint
from drtui.ui.background import is_large
from drtui.ui.main.view_settings import ViewSettingsScreen
from drtui.ui.options import Options
from drtui.ui.widgets.empty_states import NO_SITE, TonedLines, explain_empty_list

FilterFallback = tuple[Query, QueryError]
"""A filter to use if the requested one matches nothing, and the error to show then."""


class ListRequest(NamedTuple):
    """A request for the list: content, filter, grouping and display."""

    assessment: Assessment
    criteria: Criteria
    filter_error: QueryError | None
    """The error in the filter that is being typed; the criteria contain the last valid filter."""
    fallback: FilterFallback | None
    previous_lists: PreviousLists
    grouping: Grouping
    view: DisplayContext


class ListResult(NamedTuple):
    """The list as it is displayed."""

    catalog: Catalog
    rows: tuple[Row, ...] = ()
    empty_message: TonedLines = NO_SITE
    """The message if there are no rows."""
    previous_lists: PreviousLists = PreviousLists()
    changed_points: tuple[RestorePoint, ...] = ()
    """Restore points that are new or changed compared to `previous_lists`, before filtering."""
    changes_text: str = ""
    """A summary of the listed new and changed restore points."""
    filter_error: QueryError | None = None


def build_list(request: ListRequest, previous: ListResult) -> ListResult:
    """Return the requested list, reusing parts of the `previous` result that are still valid."""
    assessment, previous_lists = request.assessment, request.previous_lists
    catalog, filter_error = previous.catalog.with_criteria(request.criteria, assessment.points), request.filter_error
    if request.fallback is not None and not catalog.points:
        query, filter_error = request.fallback
        catalog = catalog.with_criteria(replace(request.criteria, filter=query))
    is_unchanged = assessment.points is previous.catalog.source and previous_lists == previous.previous_lists
    changed_points = (
        previous.changed_points if is_unchanged else tuple(filter(previous_lists.classify, assessment.points))
    )
    changes_text = describe_changes(filter(catalog.includes, changed_points), previous_lists, request.view)
    schedules = assessment.schedules
    listed_rows = list_rows(assessment, catalog)
    rows = group_rows(listed_rows, request.grouping, catalog.order, request.view.zone, schedules)
    empty_message = () if rows else explain_empty_list(assessment.site_state, catalog)
    return ListResult(
        catalog,
        rows,
        empty_message,
        previous_lists,
        changed_points,
        changes_text,
        filter_error,
    )


class ListScreen(ViewSettingsScreen):
    """A screen with a list of restore points: requests take effect at once, the list follows when it is built."""

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self.filter_error: QueryError | None = None
        """The error in the filter that is being typed; the criteria contain the last valid filter."""
        self._list_callbacks: list[Callable[[], object]] = []
        """Functions to call when the requested list is displayed."""

    def _reset_view(self) -> None:
        super()._reset_view()
        self.list_result = ListResult(Catalog(store=self.criteria.store))

    @property
    def catalog(self) -> Catalog:
        """The restore points that are listed."""
        return self.list_result.catalog

    def show_list(self) -> None:
        """Show the current list result."""
        raise NotImplementedError

    def reset_for_site(self) -> None:
        """Also cancel the list of the previous site, and drop its callbacks."""
        super().reset_for_site()
        self.workers.cancel_group(self, "list")
        self.filter_error = None
        self._list_callbacks.clear()

    def relist(self, *, fallback: FilterFallback | None = None, on_listed: Callable[[], object] | None = None) -> None:
        """Build the list for the current criteria, and cancel a list that is still being built.

        `on_listed` is called when this list, or the next one that replaces it, is displayed.
        """
        if on_listed is not None:
            self._list_callbacks.append(on_listed)
        request = ListRequest(
            self.assessment,
            self.criteria,
            self.filter_error,
            fallback,
            self.previous_lists.fetched_only(self.site_state),
            self.grouping,
            self.view,
        )
        self.workers.cancel_group(self, "list")
        if is_large(self.site_state):
            self._relist_in_thread(request)
        else:
            self._apply_list(build_list(request, self.list_result))

    @work(group="list", description="list")  # without a description, Textual formats all arguments as text
    async def _relist_in_thread(self, request: ListRequest) -> None:
        self._apply_list(await asyncio.to_thread(build_list, request, self.list_result))

    def _apply_list(self, result: ListResult) -> None:
        self.list_result = result
        self.criteria, self.filter_error = result.catalog.criteria, result.filter_error
        self.show_list()
        callbacks, self._list_callbacks = self._list_callbacks, []
        for callback in callbacks:
            callback()
