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

Otherwise = tuple[Query, QueryError]
"""A filter that is in effect where nothing passes the one that was asked for, and what is said then."""


class Cancelled(Exception):
    """Something else is wanted by now."""


class ListRequest(NamedTuple):
    """What the list is to show, and how."""

    judged: Assessment
    criteria: Criteria
    error: QueryError | None
    """What is wrong with the filter that is being typed: another one is in effect."""
    otherwise: Otherwise | None
    since: PreviousLists
    grouping: Grouping
    view: DisplayContext
    keep: CursorAnchor[Row]
    """What the cursor stays on."""


class ListResult(NamedTuple):
    """What the list shows."""

    catalog: Catalog
    rows: tuple[Row, ...] = ()
    instead: TonedLines = NO_SITE
    """What is said where there are none."""
    since: PreviousLists = PreviousLists()
    fresh: tuple[RestorePoint, ...] = ()
    """Those that are new or changed since then, before the filter."""
    news: str = ""
    """How many of those that are shown."""
    error: QueryError | None = None
    place: CursorPosition | None = None
    """Where among them what the cursor stays on is."""


def build_list(wanted: ListRequest, before: ListResult, check: CancelCheck = never_cancel) -> ListResult:
    """What is wanted, made of what was shown `before`."""
    judged, since = wanted.judged, wanted.since
    catalog, error = before.catalog.with_criteria(wanted.criteria, judged.points, check), wanted.error
    if wanted.otherwise is not None and not catalog.points:
        query, error = wanted.otherwise
        catalog = catalog.with_criteria(replace(wanted.criteria, filter=query), check=check)
    same = judged.points is before.catalog.source and since == before.since
    fresh = before.fresh if same else tuple(filter(since.classify, judged.points))
    check()
    told = describe_changes(filter(catalog.includes, fresh), since, wanted.view)
    plans = judged.schedules.schedules
    shown = list_rows(judged, catalog)
    check()
    rows = group_rows(shown, wanted.grouping, catalog.order, wanted.view.zone, plans)
    instead = () if rows else empty_list_message(judged.site_state, catalog, check)
    check()
    return ListResult(catalog, rows, instead, since, fresh, told, error, wanted.keep.locate_in(rows))


class ListBuilding(ViewSettingsKeeping):
    """A screen with a list of restore points. What is wanted is known at once, and shown once it is made."""

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self.filter_error: QueryError | None = None
        """What is wrong with the filter that is being typed: another one is in effect."""
        self._then: list[Callable[[], object]] = []
        """What is to be done once the list shows what is wanted."""

    def _at_first(self) -> None:
        super()._at_first()
        self.listed = ListResult(Catalog(store=self.criteria.store))

    @property
    def catalog(self) -> Catalog:
        """The restore points that are shown."""
        return self.listed.catalog

    @property
    def keep(self) -> CursorAnchor[Row]:
        """What the cursor stays on when other rows come."""
        raise NotImplementedError

    def show_listed(self) -> None:
        """Show what the list shows now."""
        raise NotImplementedError

    def changed_site(self) -> None:
        """Nobody waits for the list of the site before."""
        super().changed_site()
        self.workers.cancel_group(self, "list")
        self.filter_error = None
        self._then.clear()

    def relist(self, *, otherwise: Otherwise | None = None, then: Callable[[], object] | None = None) -> None:
        """Have the list show what is wanted now, and not what was wanted before, if it does not show that yet.

        `then` is what to do once it does, or once it shows what is wanted instead by then.
        """
        if then is not None:
            self._then.append(then)
        wanted = ListRequest(
            self.judged,
            self.criteria,
            self.filter_error,
            otherwise,
            self.before.fetched_only(self.reading),
            self.grouping,
            self.view,
            self.keep,
        )
        self.workers.cancel_group(self, "list")
        if is_large(self.reading):
            self._relist_beside(wanted)
        else:
            self._take_listed(build_list(wanted, self.listed))

    @work(group="list", description="list")  # else Textual writes out as text what it is called with
    async def _relist_beside(self, wanted: ListRequest) -> None:
        superseded = threading.Event()

        def check() -> None:
            if superseded.is_set():
                raise Cancelled

        try:
            found = await asyncio.to_thread(build_list, wanted, self.listed, check)
        finally:
            superseded.set()
        self._take_listed(found)

    def _take_listed(self, found: ListResult) -> None:
        self.listed = found
        self.criteria, self.filter_error = found.catalog.criteria, found.error
        self.show_listed()
        then, self._then = self._then, []
        for each in then:
            each()
