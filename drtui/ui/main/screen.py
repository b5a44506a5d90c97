"""The main screen: the layout of its panes, and the parts that carry out its commands."""

from collections.abc import Callable, Hashable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from msgspec.structs import replace
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widgets import Input

from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.times import UTC, zone_label
from drtui.core.listing.rows import MissedRun
from drtui.core.listing.view_settings import ViewSettings
from drtui.core.model.site_state import awaits_first_lists
from drtui.core.query.query import Query
from drtui.core.verdict.restore_points import RestorePoint
from drtui.keybindings import COMMANDS
from drtui.session.target import why_no_notes
from drtui.ui.main.age_timer import AgeTimer
from drtui.ui.main.arrangement import Arrangement
from drtui.ui.main.comparison import Comparison
from drtui.ui.main.export import Exporter
from drtui.ui.main.list_builder import build_list
from drtui.ui.main.list_filter import ListFilter
from drtui.ui.main.open_site import FilterFallback, OpenSite
from drtui.ui.main.overlays import Overlays
from drtui.ui.main.pane_layout import PaneLayout
from drtui.ui.main.panes import Panes
from drtui.ui.main.poller import Poller, PollerCallbacks
from drtui.ui.main.site_changes import WHOLE_SITE, SiteChanges
from drtui.ui.main.site_switcher import SiteSwitcher, SwitcherCallbacks
from drtui.ui.main.timeline import TimelineOverlay
from drtui.ui.main.view_settings import SavedViewSettings
from drtui.ui.options import Options
from drtui.ui.screens.closable import Closable
from drtui.ui.screens.exportable import ExportableScreen
from drtui.ui.widgets.filter_bar import FilterLine
from drtui.ui.widgets.headline import HeadlineLines
from drtui.ui.widgets.side_panes import ALL_STORES, THIS_SITE
from drtui.ui.widgets.site_status import SiteStatus
from drtui.ui.widgets.virtual_list import VirtualList
from drtui.ui.widgets.virtual_table import VirtualTable

if TYPE_CHECKING:
    from drtui.ui.main.documents import Documents
    from drtui.ui.screens.where import WhereChoice

TWO_LINE_HEADLINE_HEIGHT = 16
"""Window height, in lines, from which the headline takes two lines instead of one."""
POINT_COMMANDS = frozenset({"raw", "copy", "take", "mark", "note", "runbook"})
"""Commands that apply to the restore point under the cursor."""
SITE_COMMANDS = frozenset({"act", "headline", "app.doctor", "open_activity", "open_journal"})
"""Commands that apply to the open site."""


SITE_VIEWS = frozenset({"before", "where", "timeline", "report", "gaps", "requests", "refresh"})
"""Commands that show something of the open site."""
NO_SITE = "no site yet: press o and enter its address"


class MainScreen(Screen[None]):
    """The screen that drtui opens with."""

    AUTO_FOCUS = ""
    """Empty: Textual would focus the first pane, before the list gets the focus."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(",".join(c.keys), c.action, c.help, show=False, id=c.name)
        for c in COMMANDS
        if c.action not in {"choose", "app.doctor"}  # the app's own binding: its key is that of a list command here
    ]

    def __init__(self, options: Options) -> None:
        super().__init__()
        self.site = site = OpenSite(options)
        self.panes = panes = Panes(site)
        self.pane_layout = PaneLayout(self, fit=panes.fit, on_resized=self.show)
        message = panes.show_message
        self.arrangement = Arrangement(self, site, panes.table, relist=self.relist, show_message=message)
        self.saved_settings = SavedViewSettings(self, site)
        self.filter = ListFilter(site, panes.filterbar, relist=self.relist, show_message=message)
        self.comparison = Comparison(
            site, on_marked=panes.show_marks, show_message=message, open_exportable=self.open_exportable
        )
        self.exporter = Exporter(self, site, message)
        self.poller = Poller(
            self,
            site,
            PollerCallbacks(
                self._show_other_site,
                self._restore_settings,
                self._show_assessment,
                self.show_assessment,
                self._sign_in_again,
                message,
            ),
        )
        self.switcher = SiteSwitcher(
            self,
            site,
            SwitcherCallbacks(self.poller.open_site, self.poller.refresh, self._show_known_sites, self.show, message),
        )
        self.ages = AgeTimer(self, site, list_moments=self._list_moments, on_updated=self._show_ages)
        self.overlays = Overlays(
            self,
            site,
            open_exportable=self.open_exportable,
            on_where_chosen=self._show_where_choice,
        )
        self.changes = SiteChanges(
            self,
            site,
            refresh=self.poller.refresh,
            on_progress=self._show_side_panes,
            show_text=self.overlays.open_text,
            show_message=message,
        )
        self.timeline = TimelineOverlay(self, site, toggle_zone=self._toggle_zone, on_closed=self._select_in_list)

    def compose(self) -> ComposeResult:
        """Yield the panes."""
        yield from self.panes.compose()

    def on_mount(self) -> None:
        """Show the empty panes; load the site after the first paint, or ask for a sign-in."""
        self.set_focus(self.panes.table)
        self.panes.show_accent()
        self.show()
        self.call_after_refresh(self.poller.load_site, self.switcher.sign_in_or_choose)
        self.call_after_refresh(self.switcher.recall)

    async def on_unmount(self) -> None:
        """Close the session."""
        session, self.site.session = self.site.session, None
        if session is not None:
            await session.close()
        await self.changes.close()

    # the open site

    @property
    def site_status(self) -> SiteStatus:
        """The status of the open site, for the status line of every screen."""
        return self.site.status

    @property
    def is_plain(self) -> bool:
        """True to use only ASCII symbols."""
        return self.site.options.plain

    def on_screen_suspend(self) -> None:
        """Hide the key hints: another screen or a dialog has the keys."""
        self.panes.footer.cover(is_covered=True)

    def on_screen_resume(self) -> None:
        """Show the key hints again; ask for a new single sign-on that became necessary meanwhile."""
        self.panes.footer.cover(is_covered=False)
        self._sign_in_again()

    def _sign_in_again(self) -> None:
        """Ask for a new single sign-on if the former has ended, but not over another screen or while typing."""
        if self.site.is_signed_out and self.app.screen is self and not self.panes.filterbar.is_typing:
            self.switcher.sign_in_again()

    def _restore_settings(self, saved: ViewSettings | None) -> None:
        if self.saved_settings.restore(saved):
            self.show_assessment()

    def _show_other_site(self) -> None:
        """Drop the list and the settings of the previous site, and list it among the others."""
        self.reset_view()
        self.switcher.recall()

    def reset_view(self) -> None:
        """Show the site with the default settings, without filter and marks."""
        self.site.reset_view()
        self.saved_settings.reset()
        self.panes.show_accent()

    def _show_assessment(self) -> None:
        self.show_assessment()
        self.ages.schedule()
        self.changes.look_for_open_entries()

    def show_assessment(self) -> None:
        """Build the list again, and show every pane."""
        site = self.site
        site.criteria = replace(site.criteria, filter=site.criteria.filter.as_of(site.assessment.now))
        store = site.criteria.store
        if store is not None and site.site_state.is_known_missing(store):
            site.criteria = replace(site.criteria, store=None)  # otherwise the list would be empty
            self.panes.show_message(f"Store {store} does not exist: showing all stores")
        self.show()
        self._refill_overlays()
        self.overlays.follow_answer()

    def _show_ages(self, has_same_points: bool) -> None:
        """Update every pane; build the list again if points have changed, or a filter may match others by now."""
        if not has_same_points or self.site.criteria.filter:
            self.show_assessment()
            return
        self._show_side_panes()
        self.panes.show_columns()
        self.panes.table.repaint()
        self.panes.show_detail()
        self._refill_overlays()

    def _refill_overlays(self) -> None:
        self.overlays.refill()
        self.timeline.refill()

    def show(self) -> None:
        """Show every pane; a pane repaints only the lines that changed."""
        self._show_side_panes()
        self.relist()

    def _show_side_panes(self) -> None:
        self.panes.show_site(self.switcher.known_sites)
        self.panes.show_summary(2 if self.size.height >= TWO_LINE_HEADLINE_HEIGHT else 1)
        for screen in self.app.screen_stack:
            if isinstance(screen, Closable):
                screen.show_site_status()

    def _show_known_sites(self) -> None:
        self.panes.show_site(self.switcher.known_sites)
        self.ages.schedule()

    def _list_moments(self) -> Iterator[int]:
        """Yield times, epoch ms, whose ages are displayed besides those of the assessment."""
        yield from self.switcher.list_moments()
        expires = self.site.session.token_expires if self.site.session is not None else None
        if expires is not None:
            yield expires

    def relist(self, fallback: FilterFallback | None = None) -> None:
        """Build and show the list, and save the view settings if they have changed."""
        self.saved_settings.save()
        build_list(self.site, fallback)
        self.panes.show_list()
        self._show_hints()
        self.set_class(self.panes.filterbar.is_shown, "filtered")

    # layout

    def on_resize(self, event: events.Resize) -> None:
        """Lay out the panes for the size of the window."""
        self.pane_layout.lay_out(event.size.width, event.size.height)

    def show_brief_message(self, text: str) -> None:
        """Show a message in the footer until the next key."""
        self.panes.footer.show_message(text, is_brief=True)

    def remove_old_message(self) -> None:
        """Remove a message that could be read."""
        self.panes.footer.remove_old_message()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Show the focused pane if the window shows only one, and close the filter line if the focus left it."""
        self.filter.close_for(event.widget)
        if event.widget is self.panes.connection and self.panes.connection.key is None:
            self.panes.connection.go_to(THIS_SITE)
        elif event.widget in self.panes.detail.columns.values():
            self.panes.detail.select_visible()
        self.pane_layout.follow_focus(event.widget)
        self._show_hints()

    def _show_hints(self) -> None:
        self.panes.show_hints("filter" if self.panes.filterbar.is_typing else self.pane_layout.pane)

    @on(VirtualList.Cancelled)
    def _go_left(self, message: VirtualList.Cancelled) -> None:
        self.pane_layout.go_left(message.source.id)

    def action_pane(self, name: str) -> None:
        """Focus a pane."""
        self.pane_layout.focus_pane(name)

    def action_step(self, by: int) -> None:
        """Move to the next (1) or previous (-1) restore point, from any pane."""
        before = self.panes.table.key
        self.panes.table.action_move(by)
        if self.panes.table.key == before:
            self.show_brief_message("last line of the list" if by > 0 else "first line of the list")

    def action_zoom(self) -> None:
        """Show the focused pane on the whole window, or show all panes again."""
        self.pane_layout.toggle_zoom()

    def action_back(self) -> None:
        """Undo the last step.

        Close the filter line or the zoom, leave the pane, clear filter, marks, store or the end of a change.
        Never exits.
        """
        site = self.site
        if self.panes.filterbar.is_typing:
            self.clear_filter()
        elif self.pane_layout.is_zoomed:
            self.action_zoom()
        elif self.pane_layout.pane != "table":
            self.action_pane("table")
        elif site.criteria.filter:
            self.clear_filter()
        elif site.marks:
            self.comparison.set_marks(())
        elif site.criteria.store is not None:
            site.criteria = replace(site.criteria, store=None)
            self.show()
        else:
            self.changes.dismiss_ended()

    # moving in the panes

    @on(VirtualList.Highlighted, "#table")
    def _show_point_under_cursor(self) -> None:
        self.panes.show_detail(from_start=True)

    @on(VirtualList.Selected, "#table")
    def _focus_detail(self) -> None:
        self.action_pane("detail")

    @on(VirtualList.Selected, "#stores")
    def _open_store(self) -> None:
        key = self.panes.stores.key
        self.go_to_store(None if key == ALL_STORES else str(key))

    @on(VirtualList.Selected, "#connection")
    def _open_selected_site(self) -> None:
        """Show the activity of the current site, or open another one."""
        if self.panes.connection.key == THIS_SITE:
            self.open_activity()
        else:
            self.switcher.open_named(self.panes.connection.key)

    def open_activity(self) -> None:
        """Show the last operation and the schedules of the site."""
        self.overlays.open_activity(lambda: self.changes.open_menu(WHOLE_SITE))

    def open_journal(self) -> None:
        """Show what was changed at the site with drtui."""
        self.changes.open_journal()

    @on(VirtualList.Selected, "#relational")
    @on(VirtualList.Selected, "#objects")
    @on(VirtualList.Selected, "#others")
    def _open_where(self, message: VirtualList.Selected) -> None:
        self.overlays.open_where(message.source.key)

    def go_to_store(self, name: str | None) -> None:
        """Show the restore points of one store, or of all."""
        message = self.filter.drop_for_store(name)
        self.site.criteria = replace(self.site.criteria, store=name)
        self.action_pane("table")
        key = self.panes.table.key
        self.show()
        if self.panes.table.key != key:
            self.panes.table.action_go(0)  # the row of the other list means nothing in this one
        if message:
            self.call_after_refresh(self.panes.show_message, message)

    def go_to_point(self, point_id: tuple[str, str]) -> None:
        """Move the cursor to a restore point; clear the store and filter if they hide it."""
        if not any(point.id == point_id for point in self.site.catalog.points):
            self.site.criteria = replace(self.site.criteria, store=None, filter=Query())
        self.action_pane("table")
        self.show()
        self.panes.table.go_to(point_id)

    def _open_point(self, point_id: tuple[str, str]) -> None:
        """Move the cursor to a restore point, and focus its details."""
        self.go_to_point(point_id)
        self.action_pane("detail")

    def _show_where_choice(self, choice: "WhereChoice") -> None:
        """Filter the list by the item that was chosen."""
        self.site.criteria = replace(self.site.criteria, store=None)
        if self.filter.apply(choice.query):
            self.action_pane("table")
            self.panes.table.go_to(choice.point)

    def _select_in_list(self, key: Hashable) -> None:
        """Move the cursor to the entry that was selected in the timeline or among the gaps."""
        rows = self.panes.table.records
        row = next((row for row in rows if isinstance(row, MissedRun) and row.includes(key)), None)
        if not self.panes.table.go_to(key if row is None else row.id):
            self.panes.show_message("not in this list: it is in another store, or a filter hides it")

    # availability of commands

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Return False for a command of the list where it has no restore points: its key is the doctor's there."""
        return not (action == "compare_previous" and self._has_doctor_key) and super().check_action(action, parameters)

    @property
    def _has_doctor_key(self) -> bool:
        return not self.panes.table.records or self.pane_layout.pane == "connection"

    def open_doctor(self) -> None:
        """Diagnose the connection to the open site, or to the named one under the cursor."""
        key = self.panes.connection.key if self.pane_layout.pane == "connection" else None
        other_site = self.switcher.find_named(key)
        if other_site is None and self.site.target is None:
            self.panes.show_message(self.explain_unavailable("app.doctor"))
        else:
            self.overlays.open_doctor(other_site)

    def explain_unavailable(self, action: str) -> str:
        """Return the reason why a command is unavailable; empty if it is available."""
        if action in SITE_COMMANDS | SITE_VIEWS and self.site.target is None:
            return NO_SITE
        if action in POINT_COMMANDS and self.panes.point is None:
            is_early = awaits_first_lists(self.site.site_state)
            return "still reading the restore points" if is_early else "no restore point selected"
        if action == "note":
            return why_no_notes(self.site.target, self.site.access)
        if action in {"report", "gaps"} and not self.site.is_listed:
            return "the restore points are unknown: E shows the error"
        if action == "last_error" and self.site.last_error is None:
            return "no errors"
        pair = self.comparison.choose_pair(action, self.panes.point)
        return pair if isinstance(pair, str) else ""

    def _with_point(self, carry_out: Callable[[RestorePoint], object]) -> None:
        """Carry out a command on the restore point under the cursor; if there is none, say so in the footer."""
        if self.panes.point is None:
            self.panes.show_message(self.explain_unavailable("mark"))
        else:
            carry_out(self.panes.point)

    # actions of the list

    def action_filter(self) -> None:
        """Open the filter line."""
        self.filter.open(self.site.catalog.source)

    @on(Input.Changed, "#line")
    def _show_typed_filter(self, message: Input.Changed) -> None:
        self.filter.show_typed_text(message.value)

    @on(FilterLine.Accepted)
    def _accept_filter(self) -> None:
        if self.filter.accept():
            self.action_pane("table")

    @on(FilterLine.Cleared)
    def clear_filter(self) -> None:
        """Remove the filter, and focus the list."""
        self.filter.apply("")
        self.action_pane("table")

    def action_sort(self) -> None:
        """Sort the list by the next column."""
        self.arrangement.sort_by_next_column()

    def action_reverse(self) -> None:
        """Reverse the order of the list."""
        self.arrangement.reverse()

    @on(VirtualTable.HeaderSelected, "#table")
    def _sort_by(self, message: VirtualTable.HeaderSelected) -> None:
        self.arrangement.sort_by(message.key)

    def action_group(self) -> None:
        """Group the list by the next property."""
        self.arrangement.group_by_next_property()

    def action_columns(self) -> None:
        """Let the user choose the columns of the list."""
        self.arrangement.choose_columns()

    def action_zone(self) -> None:
        """Toggle between the user's zone and UTC; days and times of the filter are read in the new zone."""
        site = self.site
        if site.options.zone is UTC:
            self.panes.show_message("Your local zone is UTC")
        else:
            site.utc = not site.utc
            self._show_side_panes()
            self.panes.show_message(f"Times in {zone_label(site.now, site.zone)}")
        self.filter.reread()

    def _toggle_zone(self) -> DisplayContext:
        self.action_zone()
        return self.site.view

    def action_ids(self) -> None:
        """Show the ids of geodatabases whole, or cut them again."""
        self.panes.detail.has_whole_ids = not self.panes.detail.has_whole_ids
        self.panes.show_detail()

    def action_mark(self) -> None:
        """Mark the restore point under the cursor, or remove its mark."""
        self._with_point(self.comparison.toggle_mark)

    def action_compare(self) -> None:
        """Compare the two marked restore points, or the marked one and the one under the cursor."""
        self.comparison.compare("compare", self.panes.point)

    def action_compare_previous(self) -> None:
        """Compare the restore point under the cursor with the usable one before it."""
        self.comparison.compare("compare_previous", self.panes.point)

    def action_copy(self) -> None:
        """Copy the name of the restore point under the cursor."""
        self._with_point(self.exporter.copy_name)

    def action_take(self) -> None:
        """Copy, show or save the restore point under the cursor in a format of choice."""
        self._with_point(self.exporter.copy_as)

    def action_export(self) -> None:
        """Save the list, or a picture of the window, to a file."""
        self.exporter.export_list()

    # actions that open another screen

    @cached_property
    def documents(self) -> "Documents":
        """The screens that prepare a restore or an audit; loaded when they are needed first."""
        from drtui.ui.main.documents import Documents

        return Documents(
            self,
            self.site,
            open_exportable=self.open_exportable,
            copy_as=self.exporter.copy_as,
            go_to=self._open_point,
            select=self._select_in_list,
        )

    def open_exportable(self, screen: ExportableScreen, view: str, suffix: str) -> None:
        """Push a screen of text, whose export is named after `view`."""
        screen.filename = self.site.propose_filename(view, suffix)
        self.app.push_screen(screen)

    def action_act(self) -> None:
        """Show what can be changed: at the site, at the store or at the restore point that has the focus."""
        pane, store = self.pane_layout.pane, self.panes.stores.key
        if pane == "connection":
            self.changes.open_menu(WHOLE_SITE)
        elif pane == "stores":
            self.changes.open_menu(WHOLE_SITE if store in {None, ALL_STORES} else str(store))
        else:
            self.changes.open_menu(self.panes.point or WHOLE_SITE)

    def action_refresh(self) -> None:
        """Refresh the site now."""
        self.poller.refresh()

    def action_other_site(self) -> None:
        """Compare the named sites, and open one of them or another address."""
        self.switcher.choose_site()

    def action_raw(self) -> None:
        """Show the JSON record of the restore point under the cursor."""
        self._with_point(self.overlays.open_record)

    def action_note(self) -> None:
        """Ask for a note about the backup under the cursor, and keep it in history."""
        reason = self.explain_unavailable("note")
        if reason or self.panes.point is None:
            self.panes.show_message(reason)
        else:
            self.overlays.open_note(self.panes.point, self._show_note)

    def _show_note(self, message: str) -> None:
        self.panes.show_detail()
        self.panes.show_message(message)

    def action_last_error(self) -> None:
        """Show the last error, if there was one."""
        reason = self.explain_unavailable("last_error")
        if reason:
            self.panes.show_message(reason)
        else:
            self.overlays.open_last_error()

    @on(HeadlineLines.Opened)
    def action_headline(self) -> None:
        """Show every sentence of the headline, with what to do, and the last 30 days."""
        reason = self.explain_unavailable("headline")
        if reason:
            self.panes.show_message(reason)
        else:
            build = self.panes.build_whole_headline
            self.overlays.open_text("Headline", "", build(), rebuild=build)

    def action_before(self) -> None:
        """Ask for a time, and show which restore point to restore."""
        self.documents.open_before()

    def action_runbook(self) -> None:
        """Show the runbook for restoring the restore point under the cursor."""
        self._with_point(self.documents.open_runbook)

    def action_report(self) -> None:
        """Show the audit report, unless the stores are unknown."""
        reason = self.explain_unavailable("report")
        if reason:
            self.panes.show_message(reason)
        else:
            self.documents.open_report()

    def action_gaps(self) -> None:
        """Show gaps, missed runs and failed runs, unless the stores are unknown."""
        reason = self.explain_unavailable("gaps")
        if reason:
            self.panes.show_message(reason)
        else:
            self.documents.open_gaps()

    def action_where(self, item_key: Hashable = None) -> None:
        """Open the item search, with the cursor on the item with `item_key` if given."""
        self.overlays.open_where(item_key)

    def action_requests(self) -> None:
        """Show the requests to the site."""
        self.overlays.open_requests()

    def action_timeline(self) -> None:
        """Open the timeline, with its cursor on the entry under the cursor of the list."""
        self.timeline.open(self.panes.table.key)
