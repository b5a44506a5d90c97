"""What the list shows: made at once where that is little work, else beside the loop, so that no key is kept waiting."""

import asyncio
import threading
from collections.abc import Callable
from typing import NamedTuple

from msgspec.structs import replace
from textual import work

from drtui.core.analysis.assessment import Assessment
from drtui.core.analysis.changes import PreviousLists, describe_changes
from drtui.core.formatting.display import DisplayContext
from drtui.core.listing.catalog import CancelCheck, Catalog, Criteria, never_cancel
from drtui.core.listing.grouping import Grouping, Row, group_rows
from drtui.core.listing.rows import list_rows
from drtui.core.query.parser import QueryError
from drtui.core.query.query import Query
from drtui.core.verdict.restore_points import RestorePoint
from drtui.ui.background import is_large
from drtui.ui.main.view_settings import ViewSettingsKeeping
from drtui.ui.options import Options
from drtui.ui.widgets.empty_states import NO_SITE, TonedLines, empty_list_message
from drtui.ui.widgets.virtual_table import CursorAnchor, CursorPosition

FilterFallback = tuple[Query, QueryError]
"""A filter that is in effect where nothing passes the one that was asked for, and what is said then."""


class Cancelled(Exception):
    """Something else is wanted by now."""


class ListRequest(NamedTuple):
    """What the list is to show, and how."""

    assessment: Assessment
    criteria: Criteria
    filter_error: QueryError | None
    """What is wrong with the filter that is being typed: another one is in effect."""
    fallback: FilterFallback | None
    previous_lists: PreviousLists
    grouping: Grouping
    view: DisplayContext
    cursor_anchor: CursorAnchor[Row]
    """What the cursor stays on."""


class ListResult(NamedTuple):
    """What the list shows."""

    catalog: Catalog
    rows: tuple[Row, ...] = ()
    empty_message: TonedLines = NO_SITE
    """What is said where there are none."""
    previous_lists: PreviousLists = PreviousLists()
    changed_points: tuple[RestorePoint, ...] = ()
    """Those that are new or changed since then, before the filter."""
    changes_text: str = ""
    """How many of those that are shown."""
    filter_error: QueryError | None = None
    cursor: CursorPosition | None = None
    """Where among them what the cursor stays on is."""


def build_list(request: ListRequest, previous: ListResult, check: CancelCheck = never_cancel) -> ListResult:
    """What is wanted, made of what was shown `before`."""
    assessment, previous_lists = request.assessment, request.previous_lists
    catalog, filter_error = (
        previous.catalog.with_criteria(request.criteria, assessment.points, check),
        request.filter_error,
    )
    if request.fallback is not None and not catalog.points:
        query, filter_error = request.fallback
        catalog = catalog.with_criteria(replace(request.criteria, filter=query), check=check)
    is_unchanged = assessment.points is previous.catalog.source and previous_lists == previous.previous_lists
    changed_points = (
        previous.changed_points if is_unchanged else tuple(filter(previous_lists.classify, assessment.points))
    )
    check()
    changes_text = describe_changes(filter(catalog.includes, changed_points), previous_lists, request.view)
    plans = assessment.schedules.schedules
    listed_rows = list_rows(assessment, catalog)
    check()
    rows = group_rows(listed_rows, request.grouping, catalog.order, request.view.zone, plans)
    empty_message = () if rows else empty_list_message(assessment.site_state, catalog, check)
    check()
    return ListResult(
        catalog,
        rows,
        empty_message,
        previous_lists,
        changed_points,
        changes_text,
        filter_error,
        request.cursor_anchor.locate_in(rows),
    )


class ListBuilding(ViewSettingsKeeping):
    """A screen with a list of restore points. What is wanted is known at once, and shown once it is made."""

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self.filter_error: QueryError | None = None
        """What is wrong with the filter that is being typed: another one is in effect."""
        self._list_callbacks: list[Callable[[], object]] = []
        """What is to be done once the list shows what is wanted."""

    def _reset_view(self) -> None:
        super()._reset_view()
        self.list_result = ListResult(Catalog(store=self.criteria.store))

    @property
    def catalog(self) -> Catalog:
        """The restore points that are shown."""
        return self.list_result.catalog

    @property
    def cursor_anchor(self) -> CursorAnchor[Row]:
        """What the cursor stays on when other rows come."""
        raise NotImplementedError

    def show_list(self) -> None:
        """Show what the list shows now."""
        raise NotImplementedError

    def reset_for_site(self) -> None:
        """Nobody waits for the list of the site before."""
        super().reset_for_site()
        self.workers.cancel_group(self, "list")
        self.filter_error = None
        self._list_callbacks.clear()

    def relist(self, *, fallback: FilterFallback | None = None, on_listed: Callable[[], object] | None = None) -> None:
        """Have the list show what is wanted now, and not what was wanted before, if it does not show that yet.

        `then` is what to do once it does, or once it shows what is wanted instead by then.
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
            self.cursor_anchor,
        )
        self.workers.cancel_group(self, "list")
        if is_large(self.site_state):
            self._relist_in_thread(request)
        else:
            self._apply_list(build_list(request, self.list_result))

    @work(group="list", description="list")  # else Textual writes out as text what it is called with
    async def _relist_in_thread(self, request: ListRequest) -> None:
        superseded = threading.Event()

        def check() -> None:
            if superseded.is_set():
                raise Cancelled

        try:
            result = await asyncio.to_thread(build_list, request, self.list_result, check)
        finally:
            superseded.set()
        self._apply_list(result)

    def _apply_list(self, result: ListResult) -> None:
        self.list_result = result
        self.criteria, self.filter_error = result.catalog.criteria, result.filter_error
        self.show_list()
        callbacks, self._list_callbacks = self._list_callbacks, []
        for each in callbacks:
            each()
