"""The named sites side by side, the worst first: last known summaries at once, then current ones as they arrive."""

import textwrap
from collections.abc import Callable, Iterator
from functools import partial
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.durations import format_duration
from drtui.core.operations.permissions import ALL_CHANGES, Permissions
from drtui.core.summary.freshness import freshness_short_text, freshness_text
from drtui.core.summary.health_check import Grade
from drtui.core.summary.site_summary import SiteSummary, grade_label, sort_worst_first
from drtui.output.formats import as_table
from drtui.output.site_tables import sites_table
from drtui.session import Target
from drtui.session.fleet import Fleet
from drtui.ui.screens.exportable import EXPORT_HINT, ExportableScreen
from drtui.ui.widgets.status_lines import StatusLines
from drtui.ui.widgets.styled_lines import Line, line
from drtui.ui.widgets.virtual_list import VirtualList
from drtui.ui.widgets.virtual_table import Column, VirtualTable

ABOUT_LINES = 6
"""Number of lines for the summary of the site under the cursor."""

OTHER_COLUMNS_CELLS = 28
"""Cells that a name leaves to the other columns, however long it is."""

ANOTHER_SITE = "another site"
"""Last row of the list: asks for an address."""

Row = SiteSummary | str


class SitesScreen(ExportableScreen):
    """One row per named site; below, a summary of the site under the cursor.

    The result is the chosen `NamedSite`, or `ANOTHER_SITE`; None if there is none.
    """

    DEFAULT_CSS = f"""
    SitesScreen #about {{ height: {ABOUT_LINES}; max-height: 30%; margin-top: 1; }}
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,backspace,q,o,h,left", "leave", "back", show=False),
        Binding("r", "fetch", "refresh all", show=False),
        Binding("D", "doctor", "diagnose the selected site", show=False, id="doctor"),
    ]

    def __init__(
        self,
        fleet: Fleet,
        view: DisplayContext,
        open_target: Target | None,
        *,
        fetch: bool,
        allow_changes: bool = False,
    ) -> None:
        """Create the screen; `open_target` is the current site; `fetch` refreshes all sites at once."""
        super().__init__()
        self._allow_changes = allow_changes
        self._fleet, self._view, self._open_target, self._fetch_on_open = fleet, view, open_target, fetch
        self._named_sites = {site.target.name: site for site in fleet.sites}
        self._summaries = {name: fleet.summarize(site.target) for name, site in self._named_sites.items()}
        self._fetching: set[str] = set()
        self.table: VirtualTable[Row] = VirtualTable(_get_key, plain=view.plain, id="sites")
        self.about = StatusLines(plain=view.plain, id="about")

    def compose(self) -> ComposeResult:
        """Yield the table, and the summary."""
        yield self.table
        yield self.about

    def on_mount(self) -> None:
        """Show the names at once, then last known summaries, then current ones."""
        self._show()
        open_site = next((name for name, site in self._named_sites.items() if self._is_open(site.target)), None)
        self.table.go_to(open_site if open_site is not None else _get_key(self.table.records[0]))
        self.table.focus()
        self._load_sites()

    def _is_open(self, target: Target) -> bool:
        return self._open_target is not None and self._open_target.is_same_site(target)

    def _show(self) -> None:
        """Show all sites with their summaries; the cursor stays on its site."""
        self.table.columns = self._build_columns()
        self.table.show([*sort_worst_first(self._summaries.values()), ANOTHER_SITE], sorted_by="state", descending=True)
        progress = f"asking {len(self._fetching)} of {len(self._summaries)}   " if self._fetching else ""
        self.show_message(f"{progress}enter open   r refresh all   D doctor   esc back   {EXPORT_HINT}")
        self._show_about()

    @work(group="sites")
    async def _load_sites(self) -> None:
        async for site in self._fleet.cached():
            if self._summaries[site.name].site_state.listed_at is None:  # keep a newer summary from a refresh meanwhile
                self._update_site(site)
        if self._fetch_on_open:
            self.action_fetch()

    @work(group="sites")
    async def action_fetch(self) -> None:
        """Refresh all sites, unless a refresh is in progress."""
        if self._fetching:
            return
        self._fetching = set(self._summaries)
        self._show()
        async for site in self._fleet.refresh():
            self._fetching.discard(site.name)
            self._update_site(site)

    def _update_site(self, site: SiteSummary) -> None:
        self._summaries[site.name] = site
        self._show()

    # columns and summary

    def _build_columns(self) -> tuple[Column[Row], ...]:
        longest = max(len(name) for name in (*self._named_sites, ANOTHER_SITE))
        name_cells = min(longest, max(len(ANOTHER_SITE), self.app.size.width - OTHER_COLUMNS_CELLS))
        return (
            Column("site", "SITE", name_cells, _get_key, _choose_accent_tone),
            Column("state", "STATE", 10, self._format_state, _choose_grade_tone),
            _build_column("newest", 11, 1, lambda site: site.newest_text, label="USABLE"),
            _build_column("read", 18, 2, self._format_freshness)._replace(tone=_choose_muted_tone),
            _build_column("target", 8, 3, lambda site: format_duration(site.assessment.target)),
            _build_column("expires", 8, 4, lambda site: site.expiry_text),
            _build_column("missed", 7, 5, lambda site: _format_count(site.assessment.missed_count), is_number=True),
            _build_column("failed", 7, 5, lambda site: _format_count(site.assessment.failed_count), is_number=True),
            _build_column("operation", 20, 6, lambda site: site.operation_text),
            _build_column("release", 8, 7, lambda site: site.release or "unknown"),
            _build_column("why", 30, 8, lambda site: site.explanation)._replace(is_flexible=True, is_prose=True),
        )

    def _format_state(self, row: Row) -> str:
        return grade_label(row.grade).text(plain=self._view.plain) if isinstance(row, SiteSummary) else ""

    def _format_freshness(self, site: SiteSummary) -> str:
        return freshness_short_text(
            site.site_state, site.assessment.now, self._view.zone, is_fetching=site.name in self._fetching
        )

    @on(VirtualList.Highlighted, "#sites")
    def _show_about(self) -> None:
        row = self.table.record
        self.about.show(
            list(self._build_summary_lines(row)) if isinstance(row, SiteSummary) else [line("by address", "muted")]
        )

    def _build_summary_lines(self, site: SiteSummary) -> Iterator[Line]:
        """Yield the lines that summarise the site under the cursor."""
        target = self._named_sites[site.name].target
        open_now = "   open" if self._is_open(target) else ""
        age = freshness_text(site.site_state, site.assessment.now, self._view.zone)
        permissions = ALL_CHANGES if self._allow_changes else Permissions(target.changes)
        badge = (f"  {permissions.label}", "muted" if permissions.is_read_only else "warn")
        yield Line(((site.name, _choose_accent_tone(site)), badge, (f"  {target.address}   {age}{open_now}", "muted")))
        paragraphs = [site.explanation, site.operation.text if site.operation is not None else ""]
        tone = grade_label(site.grade).tone
        for paragraph in dict.fromkeys(filter(None, paragraphs)):
            for text in textwrap.wrap(paragraph, max(20, self.app.size.width - 2), break_on_hyphens=False):
                yield line(text, "" if tone == "good" else tone)

    def on_resize(self) -> None:
        """Fit the columns and the summary to the window."""
        self.call_after_refresh(self._show)

    # leaving

    @on(VirtualList.Selected, "#sites")
    def _open(self) -> None:
        row = self.table.record
        self.dismiss(self._named_sites[row.name] if isinstance(row, SiteSummary) else row)

    def action_doctor(self) -> None:
        """Diagnose the connection to the site under the cursor."""
        row = self.table.record
        if isinstance(row, SiteSummary):
            from drtui.ui.screens.doctor import DoctorScreen

            site = self._named_sites[row.name]
            screen = DoctorScreen(
                site.target.location,
                partial(self._fleet.diagnose, site),
                self._fleet.clock,
                plain=self._view.plain,
                accent=row.accent,
            )
            self.app.push_screen(screen)

    @property
    def export_text(self) -> str:
        """The table that `drtui sites` prints."""
        return as_table(sites_table(sort_worst_first(self._summaries.values()), self._view))

    def show_message(self, text: str) -> None:
        """Show a message beside the title."""
        self.table.set_title("Sites", text)


def _get_key(row: Row) -> str:
    return row.name if isinstance(row, SiteSummary) else row


def _build_column(
    key: str, width: int, rank: int, text_of: Callable[[SiteSummary], str], *, label: str = "", is_number: bool = False
) -> Column[Row]:
    """Return a column whose text is that of a site, and empty for `ANOTHER_SITE`."""

    def text(row: Row) -> str:
        return text_of(row) if isinstance(row, SiteSummary) else ""

    return Column(key, label or key.upper(), width, text, is_right_aligned=is_number, rank=rank)


def _format_count(count: int | None) -> str:
    return "unknown" if count is None else str(count)


def _choose_accent_tone(row: Row) -> str:
    return f"accent:{row.accent}" if isinstance(row, SiteSummary) and row.accent else "strong"


def _choose_grade_tone(row: Row) -> str:
    return grade_label(row.grade).tone if isinstance(row, SiteSummary) else ""


def _choose_muted_tone(row: Row) -> str:
    return "muted" if isinstance(row, SiteSummary) and row.grade is not Grade.UNKNOWN else ""
