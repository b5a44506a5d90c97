"""The panes of the main screen: their widgets, filled from the open site and its list."""

import datetime as dt
from collections.abc import Iterable
from functools import lru_cache, partial
from operator import attrgetter

from textual.app import ComposeResult
from textual.containers import Horizontal

from drtui.core.analysis.assessment import Assessment
from drtui.core.formatting.display import StyledText
from drtui.core.formatting.times import to_zone
from drtui.core.listing.grouping import Row
from drtui.core.model.site_state import all_lists_known
from drtui.core.summary.day_strip import Day, build_day_strip
from drtui.core.summary.headline import Headline, make_headline
from drtui.core.summary.last_known import LastKnown
from drtui.core.verdict.restore_points import RestorePoint
from drtui.keybindings import footer_hints
from drtui.session.profiles import NamedSite
from drtui.ui.main.open_site import OpenSite
from drtui.ui.widgets import restore_point_rows, side_panes
from drtui.ui.widgets.detail_pane import DetailPane
from drtui.ui.widgets.empty_states import ADDRESS, NO_SITE, SIGN_IN, TonedLines, suggest_backup
from drtui.ui.widgets.filter_bar import FilterBar
from drtui.ui.widgets.footer import Footer
from drtui.ui.widgets.headline import HeadlineLines
from drtui.ui.widgets.side_panes import StoreRow
from drtui.ui.widgets.site_status import StatusLine
from drtui.ui.widgets.status_lines import StatusLines
from drtui.ui.widgets.styled_lines import Line, Lines, line
from drtui.ui.widgets.virtual_table import VirtualTable

WAITING_FOR_ADDRESS = "Waiting for the address of a site"

MIN_SITE_CELLS = 40
"""Width of the pane of the site before it is laid out, in cells."""
SPAN_CACHE_SIZE = 1_000
"""Number of table cells whose matches with the filter are cached: more than are visible."""


class Panes:
    """Site and stores, the headline, the list of restore points, and the details of the one under the cursor."""

    def __init__(self, site: OpenSite) -> None:
        self._site = site
        plain = site.options.plain
        self.size_warning = StatusLines(plain=plain, id="size-warning")
        self.status_line = StatusLine(site.status, plain=plain)
        self.headline = HeadlineLines(plain=plain, id="headline")
        self.connection = Lines("1 Site", plain=plain, id="connection")
        self.stores: VirtualTable[StoreRow] = VirtualTable(attrgetter("key"), plain=plain, id="stores")
        self.stores.heading = "2 Stores"
        self.stores.full_width_text = side_panes.get_full_width_store_text
        self.filterbar = FilterBar(plain=plain, id="filterbar")
        self.table: VirtualTable[Row] = VirtualTable(restore_point_rows.get_row_key, plain=plain, id="table")
        self.detail = DetailPane(plain=plain, id="detail")
        self.footer = Footer(plain=plain, id="footer")
        self._headline: tuple[tuple[Assessment, dt.tzinfo], tuple[Headline, tuple[Day, ...]]] | None = None
        self._strip: tuple[tuple[object, ...], tuple[Day, ...]] | None = None
        self._is_detail_visible = self._is_side_by_side = True
        self._is_detail_outdated = False
        """True if the cursor is on another entry than when the detail was visible last."""

    def compose(self) -> ComposeResult:
        """Yield the widgets from top to bottom, so that a row of the table is a whole line of the terminal."""
        yield self.size_warning
        yield self.status_line
        yield self.headline
        with Horizontal(id="side-panes"):
            yield self.connection
            yield self.stores
        yield self.filterbar
        yield self.table
        yield self.detail
        yield self.footer

    @property
    def point(self) -> RestorePoint | None:
        """The restore point under the cursor; None if there is none, or the cursor is on another row."""
        entry = self.table.record
        return entry if isinstance(entry, RestorePoint) else None

    def fit(self, *, side_by_side: bool, detail_visible: bool, cells: int, size_warning: str) -> None:
        """Show the detail and the size warning for the layout of a screen that is `cells` cells wide."""
        self._is_side_by_side, self._is_detail_visible = side_by_side, detail_visible
        self.detail.fit(side_by_side=side_by_side, cells=cells)
        self.show_detail()
        self.size_warning.show([line("The window is too small,"), line(size_warning)])

    def show_accent(self) -> None:
        """Show the accent colour of the site on all titles."""
        for rows in (self.connection, self.stores, self.table, *self.detail.columns.values()):
            rows.set_accent(self._site.accent)

    def show_site(self, known_sites: Iterable[tuple[NamedSite, LastKnown | None]]) -> None:
        """Show the site, and below it the other named sites."""
        site = self._site
        current = side_panes.build_connection_lines(
            site.assessment,
            site.access,
            site.session,
            site.now,
            site.zone,
            site.permissions,
            self._short_change_texts(),
            cells=self.connection.size.width or MIN_SITE_CELLS,
        )
        others = side_panes.build_other_site_lines(tuple(known_sites), site.target, site.now)
        self.connection.show([*current, *others])

    def show_summary(self, headline_height: int) -> None:
        """Show the stores, the headline in at most `headline_height` lines, and the status line."""
        site = self._site
        self._show_stores()
        if site.is_waiting or site.target is None:
            text = f"Waiting for the sign-in to {site.site_state.location}" if site.target else WAITING_FOR_ADDRESS
            first = line(text, "muted") if site.is_waiting else line("")
            self.headline.show_lines([first, *[line("")] * (headline_height - 1)])
        else:
            changes = self._change_statements()
            height = headline_height + bool(changes)  # what is being changed now needs a line of its own
            self.headline.show_headline(*self.whole_headline, changes, height)
        self.status_line.show_status(site.status)

    @property
    def whole_headline(self) -> tuple[Headline, tuple[Day, ...]]:
        """The headline and the strip of days, built once per assessment and zone."""
        site = self._site
        key = site.assessment, site.zone
        if self._headline is None or self._headline[0][0] is not key[0] or self._headline[0][1] is not key[1]:
            accept_files = site.options.now is not None
            headline = make_headline(site.assessment, site.zone, accept_files=accept_files)
            self._headline = key, (headline, self._build_day_strip())
        return self._headline[1]

    def _build_day_strip(self) -> tuple[Day, ...]:
        """Return the strip of days; the same one as long as only ages have changed."""
        site, assessment = self._site, self._site.assessment
        made = (assessment.site_state, assessment.points, assessment.schedules, site.zone)
        today = to_zone(assessment.now, site.zone).date()
        if self._strip is None or any(old is not new for old, new in zip(self._strip[0], made, strict=True)):
            self._strip = None
        if self._strip is None or self._strip[1][-1].date != today:
            self._strip = made, build_day_strip(assessment, site.zone)
        return self._strip[1]

    def build_whole_headline(self) -> list[Line]:
        """Return every sentence of the headline with what to do, and the last 30 days with their legend."""
        from drtui.ui.widgets.whole_headline import build_whole_headline

        plain = self._site.options.plain
        return list(build_whole_headline(*self.whole_headline, self._change_statements(), plain=plain))

    def _show_stores(self) -> None:
        assessment = self._site.assessment
        rows = tuple(side_panes.build_store_rows(assessment, self._site.criteria.store))
        self.stores.columns = side_panes.build_store_columns(rows)
        self.stores.show(rows, empty_message=side_panes.explain_missing_stores(assessment))

    def _change_statements(self) -> tuple[StyledText, ...]:
        """Return what is known of the changes that are followed here, or have just ended, the newest first."""
        changes = self._site.changes_here
        if not changes:
            return ()
        from drtui.core.operations.progress_text import progress_text, sending_text

        return tuple(
            progress_text(change.progress) if change.progress is not None else sending_text(change.change)
            for change in changes
        )

    def _short_change_texts(self) -> tuple[StyledText, ...]:
        """Return the same in lines that fit into the pane of the site."""
        changes = self._site.changes_here
        if not changes:
            return ()
        from drtui.core.operations.progress_text import progress_short_texts, sending_text

        return tuple(
            text
            for change in changes
            for text in (
                progress_short_texts(change.progress) if change.progress is not None else (sending_text(change.change),)
            )
        )

    def show_filter(self) -> None:
        """Show the filter in effect, or the error in the one that is being typed."""
        self.filterbar.show(self._site.criteria.filter, self._site.filter_error)

    def show_columns(self) -> None:
        """Show the columns as of now; that of the store only if there are several."""
        view = self._site.view
        keys = [key for key in self._site.columns if key != "store" or self._site.catalog.store is None]
        self.table.columns = restore_point_rows.build_columns(keys, view, self._site.list_result.widths)
        self.table.full_width_text = partial(restore_point_rows.get_separator_text, view)

    def show_list(self) -> None:
        """Show the list, and the details of the entry under the cursor."""
        result = self._site.list_result
        self.show_columns()
        self.table.find_highlights = lru_cache(SPAN_CACHE_SIZE)(
            partial(restore_point_rows.find_column_highlights, result.catalog.filter)
        )
        self._set_marks()
        self.show_filter()
        self.table.show(
            result.rows,
            sorted_by=result.catalog.order.key,
            descending=result.catalog.order.is_descending,
            empty_message=self._explain_no_site() or result.empty_message,
        )
        self.show_detail()

    def _explain_no_site(self) -> TonedLines:
        """Return why nothing was fetched yet; empty if the site was."""
        if self._site.is_waiting:
            return SIGN_IN if self._site.target else ADDRESS
        return () if self._site.target else NO_SITE

    def show_marks(self) -> None:
        """Show which restore points are marked, in their rows and in the title: a marked row may be out of sight."""
        self._set_marks()
        self.table.repaint()

    def _set_marks(self) -> None:
        site, result = self._site, self._site.list_result
        self.table.row_mark = partial(
            restore_point_rows.get_row_mark,
            site.marks,
            site.assessment.failed_backup_ids,
            result.previous_lists,
            plain=site.options.plain,
        )
        self.table.heading = "3 Restore points"
        self.table.note = restore_point_rows.describe_list(
            site.site_state, result.catalog, site.grouping, result.changes_text, site.marks
        )

    def show_detail(self, *, from_start: bool = False) -> None:
        """Show the details of the entry under the cursor, if that pane is visible.

        `from_start` scrolls it to the top.
        """
        self._is_detail_outdated |= from_start
        if not self._is_detail_visible:
            return
        from_start, self._is_detail_outdated = self._is_detail_outdated, False
        self.detail.show(
            self.table.record,
            self._site.now,
            self._site.zone,
            self._site.catalog.filter,
            side_by_side=self._is_side_by_side,
            from_start=from_start,
            notes=self._site.site_state.history.notes,
            assessment=self._site.assessment,
            empty_texts=self._suggest_first_point(),
        )

    def _suggest_first_point(self) -> tuple[str, ...]:
        """Return how to get a restore point, if it is certain that the site has none."""
        state = self._site.site_state
        if self._site.catalog.source or not all_lists_known(state):
            return ()
        return suggest_backup(state, self._site.permissions)

    def show_hints(self, pane: str) -> None:
        """Show the hints for the keys of a pane in the footer."""
        is_empty = pane == "table" and not self.table.records
        place = "no-site" if self._site.target is None else "empty" if is_empty else pane
        self.footer.set_hints(footer_hints(self._site.options.commands, place))

    def show_message(self, text: str = "") -> None:
        """Show a message in the footer, or the key hints if `text` is empty."""
        if text:
            self.footer.show_message(text)
        else:
            self.footer.show_hints()
