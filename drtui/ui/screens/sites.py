"""The named sites side by side, the worst first: last known summaries at once, then current ones as they arrive."""

from collections.abc import Callable
from functools import partial
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.durations import format_duration
from drtui.core.formatting.text import width
from drtui.core.listing.column_widths import MIN_WHY_CELLS
from drtui.core.operations.permissions import ALL_CHANGES, Permissions
from drtui.core.summary.freshness import freshness_short_text
from drtui.core.summary.site_summary import SiteSummary, grade_label, sort_worst_first
from drtui.output.formats import as_table
from drtui.output.site_tables import sites_table
from drtui.session import Target
from drtui.session.fleet import Fleet
from drtui.ui.screens.exportable import ExportableScreen
from drtui.ui.widgets.footer import Footer, HasFooter
from drtui.ui.widgets.site_lines import SiteHeading, build_site_lines, choose_accent_tone
from drtui.ui.widgets.site_status import make_other_status
from drtui.ui.widgets.status_lines import StatusLines
from drtui.ui.widgets.styled_lines import line
from drtui.ui.widgets.virtual_list import VirtualList
from drtui.ui.widgets.virtual_table import Column, VirtualTable

ABOUT_LINES = 6
"""Lines that many sites leave to the summary of the site under the cursor; fewer in a low window."""

OTHER_COLUMNS_CELLS = 28
"""Cells that a name leaves to the other columns, however long it is."""

HINTS = (
    ("enter", "open"),
    ("r", "refresh all"),
    ("D", "doctor"),
    ("escape", "back"),
    ("c", "copy"),
    ("x", "save"),
    ("p", "plain text"),
    ("question_mark", "help"),
)

ADDRESS_TEXT = "by address: enter asks for it, and for user and password or a token"
"""What `enter` does on the last row."""

ANOTHER_SITE = "another site"
"""Last row of the list: asks for an address."""

Row = SiteSummary | str


class SitesScreen(HasFooter, ExportableScreen):
    """One row per named site; below, a summary of the site under the cursor.

    The result is the chosen `NamedSite`, or `ANOTHER_SITE`; None if there is none.
    """

    DEFAULT_CSS = """
    SitesScreen #about { height: 1fr; margin-top: 1; }
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
        self.footer = Footer(plain=view.plain, id="footer")

    def compose(self) -> ComposeResult:
        """Yield the table, and the summary."""
        yield self.table
        yield self.about
        yield self.footer

    def on_mount(self) -> None:
        """Show the names at once, then last known summaries, then current ones."""
        self.footer.set_hints(HINTS)
        self._show()
        open_site = next((name for name, site in self._named_sites.items() if self._is_open(site.target)), None)
        self.table.go_to(open_site if open_site is not None else _get_key(self.table.records[0]))
        self.table.focus()
        self._load_sites()

    def _is_open(self, target: Target) -> bool:
        return self._open_target is not None and self._open_target.is_same_site(target)

    def _show(self) -> None:
        """Show all sites with their summaries; the cursor stays on its site."""
        rows: list[Row] = [*sort_worst_first(self._summaries.values()), ANOTHER_SITE]
        self.table.columns = self._build_columns()
        self.table.show(rows, sorted_by="state", descending=True)
        height = len(rows) + self.table.fixed_lines
        about_lines = min(ABOUT_LINES, self.size.height // 4)
        self.table.styles.height = max(3, min(height, self.size.height - about_lines - 2)) if self.size else height
        progress = f"reading {len(self._fetching)} of {len(self._summaries)}, worst first" if self._fetching else ""
        self.table.set_title("Sites", progress or "worst first")
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
        """Return the columns, as wide as their values; those with the highest rank are left out first."""
        longest = max(len(name) for name in (*self._named_sites, ANOTHER_SITE))
        name_cells = min(longest, max(len(ANOTHER_SITE), self.app.size.width - OTHER_COLUMNS_CELLS))
        return (
            Column("site", "SITE", name_cells, _get_key, _choose_accent_tone),
            Column("state", "STATE", 10, self._format_state, _choose_grade_tone),
            self._build_column("newest", 1, lambda site: site.newest_text, label="USABLE"),
            self._build_column("read", 2, self._format_freshness)._replace(tone=_choose_freshness_tone),
            self._build_column("target", 3, lambda site: format_duration(site.assessment.target)),
            self._build_column("expires", 4, lambda site: site.expiry_text),
            self._build_column("missed", 5, lambda site: _format_count(site.assessment.missed_count), is_number=True),
            self._build_column("failed", 5, lambda site: _format_count(site.assessment.failed_count), is_number=True),
            self._build_column("operation", 6, lambda site: site.operation_text),
            self._build_column("release", 7, lambda site: site.release or "unknown"),
            self._build_column("why", 8, lambda site: site.explanation)._replace(
                width=MIN_WHY_CELLS, is_flexible=True, is_prose=True
            ),
        )

    def _build_column(
        self, key: str, rank: int, text_of: Callable[[SiteSummary], str], *, label: str = "", is_number: bool = False
    ) -> Column[Row]:
        """Return a column whose text is that of a site, and empty for `ANOTHER_SITE`."""

        def text(row: Row) -> str:
            return text_of(row) if isinstance(row, SiteSummary) else ""

        label = label or key.upper()
        cells = max(width(label), *(width(text(row)) for row in self._summaries.values()))
        return Column(key, label, cells, text, is_right_aligned=is_number, rank=rank)

    def _format_state(self, row: Row) -> str:
        return grade_label(row.grade).text(plain=self._view.plain) if isinstance(row, SiteSummary) else ""

    def _format_freshness(self, site: SiteSummary) -> str:
        return freshness_short_text(
            site.site_state, site.assessment.now, self._view.zone, is_fetching=site.name in self._fetching
        )

    @on(VirtualList.Highlighted, "#sites")
    def _show_about(self) -> None:
        row = self.table.record
        if isinstance(row, SiteSummary):
            target = self._named_sites[row.name].target
            permissions = ALL_CHANGES if self._allow_changes else Permissions(target.changes)
            about = SiteHeading(str(target.address or ""), permissions, is_open=self._is_open(target))
            cells, height = max(20, self.app.size.width - 2), self.about.size.height
            self.about.show(build_site_lines(row, about, self._view, cells, height))
        else:
            self.about.show([line(ADDRESS_TEXT, "muted")])

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
            if not self._is_open(site.target):
                screen.other_site = make_other_status(row.name, str(site.target.address or ""), row.accent)
            self.app.push_screen(screen)

    @property
    def export_text(self) -> str:
        """The table that `drtui sites` prints."""
        return as_table(sites_table(sort_worst_first(self._summaries.values()), self._view))


def _get_key(row: Row) -> str:
    return row.name if isinstance(row, SiteSummary) else row


def _format_count(count: int | None) -> str:
    return "unknown" if count is None else str(count)


def _choose_accent_tone(row: Row) -> str:
    return choose_accent_tone(row) if isinstance(row, SiteSummary) else "strong"


def _choose_grade_tone(row: Row) -> str:
    return grade_label(row.grade).tone if isinstance(row, SiteSummary) else ""


def _choose_freshness_tone(row: Row) -> str:
    """Return the tone of the age: saved data stands out, current data does not."""
    if not isinstance(row, SiteSummary) or row.site_state.listed_at is None:
        return "muted"
    return "warn" if row.site_state.is_saved or row.failures else "muted"
