"""The four panes. The screen owns the state; widgets show it and post messages."""

import asyncio
import datetime as dt
from functools import partial
from typing import ClassVar

import msgspec
from msgspec.structs import replace
from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Input

from drtui.commands import COMMANDS
from drtui.model.catalog import SORT_KEYS, Catalog, Order, RestorePoint
from drtui.model.choice import choose, explained
from drtui.model.curl import curl
from drtui.model.entries import Entry, entries
from drtui.model.freshness import freshness
from drtui.model.headline import headline
from drtui.model.moment import UTC
from drtui.model.outline import Item
from drtui.model.profile import Profile, Settings, SettingsError
from drtui.session import Access, Request, Target
from drtui.session.profiles import access_of, configured, remember, target_of
from drtui.ui.options import Options
from drtui.ui.screens.ask import Ask
from drtui.ui.screens.before import Before
from drtui.ui.screens.help import help_lines
from drtui.ui.screens.requests import Requests
from drtui.ui.screens.sites import Sites
from drtui.ui.screens.text import TextScreen
from drtui.ui.screens.watch import Watch
from drtui.ui.widgets import entries as listed
from drtui.ui.widgets import panes
from drtui.ui.widgets.absence import NO_SITE, absence, failure
from drtui.ui.widgets.detail import Detail
from drtui.ui.widgets.lines import Line, Lines, line
from drtui.ui.widgets.rows import Rows
from drtui.ui.widgets.strips import Footer, Headline, Strips
from drtui.ui.widgets.table import Table

WIDE, TALL = 100, 30
"""Cells from which all four panes have room."""
ROOMY_HEADLINE = 20
"""Lines from which the headline may take three."""
AIRY = 36
"""Lines from which there is room for blank ones."""
LEAST_WIDTH, LEAST_HEIGHT = 40, 10
MINUTE = 60.0
PANES = {"connection": "connection", "stores": "stores", "table": "table", "detail": "relational"}


class Browse(Watch):
    """Connection and stores, the headline, the restore points, and what is in the one under the cursor."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(",".join(c.keys), c.action, c.label, show=False) for c in COMMANDS if c.action != "enter"
    ]

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self.zone: dt.tzinfo = options.zone
        self.catalog = Catalog(store=self.target.store if self.target else None)
        self._zoomed = False
        self._pane = "table"
        plain = options.plain
        self.small, self.folded = Strips(plain=plain, id="small"), Strips(plain=plain, id="folded")
        self.connection = Lines("1 Site", plain=plain, id="connection")
        self.stores = Lines("2 Stores", plain=plain, id="stores")
        self.headline = Headline(plain=plain, id="headline")
        columns = listed.columns(self.now, self.zone, plain=plain, one_store=False)
        between = partial(listed.between, plain=plain)
        self.table: Table[Entry] = Table(columns, listed.identity, whole=between, plain=plain, id="table")
        self.detail = Detail(plain=plain, id="detail")
        self.query_input = Input(placeholder="every word typed must be found", id="query", compact=True)
        self.query_input.cursor_blink = False  # a blinking cursor sends 2 kB a second
        self.footer = Footer(plain=plain, id="footer")

    def compose(self) -> ComposeResult:
        """The panes, top to bottom, so that a row of the table is a whole line of the terminal."""
        yield self.small
        yield self.folded
        yield self.headline
        with Horizontal(id="band"):
            yield self.connection
            yield self.stores
        yield self.table
        yield self.detail
        yield self.query_input
        yield self.footer

    def on_mount(self) -> None:
        """Show what there is, which is nothing yet; the first request comes after the first paint."""
        self.query_input.display = False
        self.set_focus(self.table)
        self.paint_accent()
        self._show()
        self.set_interval(MINUTE, self.judge)
        self.call_after_refresh(self.begin, self.action_other_site)

    @property
    def point(self) -> RestorePoint | None:
        """The restore point under the cursor."""
        entry = self.table.record
        return entry if isinstance(entry, RestorePoint) else None

    async def on_unmount(self) -> None:
        """Let go of the site."""
        session, self.session = self.session, None
        if session is not None:
            await session.close()

    def changed_site(self) -> None:
        """Another list: neither its filter nor its store."""
        self.catalog = Catalog(store=self.target.store if self.target else None)
        self.paint_accent()

    def paint_accent(self) -> None:
        """The colour of the site, on every title."""
        for rows in self.query(Rows):
            rows.accent = self.target.accent if self.target else ""

    def show_judged(self) -> None:
        """Fill the list anew, and show every pane."""
        self.catalog = self.catalog.refilled(self.judged.points)
        self._show()

    # what is shown

    def _show(self) -> None:
        """Every pane, each of which repaints only what looks different."""
        now, zone = self.now, self.zone
        self.connection.show(list(panes.connection(self.reading, self.access, self.session, now, zone)))
        self.stores.show(list(panes.stores(self.judged, self.catalog.store)))
        self.headline.say(headline(self.judged), 3 if self.size.height >= ROOMY_HEADLINE else 1)
        fresh = f"{self.reading.place}  {freshness(self.reading, now, zone)}"
        insecure = (("  TLS NOT VERIFIED", "bad"),) if self.access.insecure else ()
        which = self.catalog.store or "all stores"
        pieces = ((fresh, "accent" if self.target and self.target.accent else "strong"), (f"  {which}", ""), *insecure)
        self.folded.show([Line(pieces)])
        self._show_list()
        self._show_detail()

    def _show_list(self) -> None:
        table, catalog = self.table, self.catalog
        table.columns = listed.columns(
            self.now, self.zone, plain=self.options.plain, one_store=catalog.store is not None
        )
        table.refit()
        table.heading = "3 Restore points"
        table.note = panes.note_of_list(self.reading, catalog)
        table.show(
            entries(self.judged, catalog),
            sorted_by=catalog.order.key,
            descending=catalog.order.descending,
            instead=absence(self.reading, catalog) if self.target else NO_SITE,
        )

    def _show_detail(self, *, anew: bool = False) -> None:
        """What is in the entry under the cursor."""
        apart = self._roomy and not self._zoomed
        self.detail.show(self.table.record, self.now, self.zone, apart=apart, anew=anew)

    @property
    def _roomy(self) -> bool:
        """Whether all four panes have room."""
        return self.size.width >= WIDE and self.size.height >= TALL

    def on_resize(self, event: events.Resize) -> None:
        """Lay the panes out for the size of the window."""
        self._lay_out(event.size.width, event.size.height)

    def _lay_out(self, width: int, height: int) -> None:
        """All four, or one at a time, or a word that there is no room."""
        too_small = width < LEAST_WIDTH or height < LEAST_HEIGHT
        one = not (width >= WIDE and height >= TALL) or self._zoomed
        self.set_class(too_small, "too-small")
        self.set_class(one, "one")
        self.set_class(height < AIRY, "dense")
        for name in PANES:
            self.set_class(one and self._pane == name, f"show-{name}")
        self.detail.lay_out(apart=not one)
        small = f"{width}x{height}: at least {LEAST_WIDTH}x{LEAST_HEIGHT}"
        self.small.show([line("The window is too small,"), line(small)])
        self.call_after_refresh(self._resized)

    def _resized(self) -> None:
        self._show()
        self.footer.hints()
        if self.focused is None:  # what had the focus has no room any more
            self.set_focus(self.query_one(f"#{PANES[self._pane]}"))

    def note(self, text: str = "") -> None:
        """Say what is going on in the footer; nothing brings the hints back."""
        if text:
            self.footer.say(text, "muted")
        else:
            self.footer.hints()

    # what the panes say

    @on(Rows.Highlighted, "#table")
    def _other_point(self) -> None:
        self._show_detail(anew=True)

    @on(Rows.Chosen, "#table")
    def _open_point(self) -> None:
        self.action_pane("detail")

    @on(Rows.Chosen, "#stores")
    def _open_store(self) -> None:
        key = self.stores.key
        self.catalog = self.catalog.of_store(None if key == panes.ALL_STORES else str(key))
        self.action_pane("table")
        self._show()

    @on(Rows.Left)
    def _go_left(self, message: Rows.Left) -> None:
        before = {"relational": "table", "objects": "relational", "table": "stores", "stores": "connection"}
        name = before.get(message.rows.id or "", "table")
        if name in PANES:
            self.action_pane(name)
        else:
            self.set_focus(self.query_one(f"#{name}"))

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Where only one pane has room, it is the one with the focus."""
        name = next((pane for pane, widget in PANES.items() if event.widget.id == widget), None)
        if name is None or name == self._pane:
            return
        self._pane = name
        if self.has_class("one"):
            self._lay_out(self.size.width, self.size.height)

    # what the keys do

    def action_pane(self, name: str) -> None:
        """Go to a pane."""
        self._pane = name
        self._lay_out(self.size.width, self.size.height)
        self.set_focus(self.query_one(f"#{PANES[name]}"))

    def action_back(self) -> None:
        """Out: from the filter, from the detail, from one store to all. Never out of the program."""
        query = self.query_input
        if query.display or self.catalog.filter:
            self._filter_by("")
            query.value = ""
            self._end_filter()
        elif self._zoomed:
            self.action_zoom()
        elif self._pane != "table":
            self.action_pane("table")
        elif self.catalog.store is not None:
            self.catalog = self.catalog.of_store(None)
            self._show()

    def action_filter(self) -> None:
        """Type words; the list follows."""
        query = self.query_input
        query.display = True
        self.set_focus(query)

    @on(Input.Changed, "#query")
    def _typed(self, event: Input.Changed) -> None:
        self._filter_by(event.value)

    @on(Input.Submitted, "#query")
    def _end_filter(self) -> None:
        self.query_input.display = False
        self.action_pane("table")

    def _filter_by(self, text: str) -> None:
        self.catalog = self.catalog.filtered(text)
        self._show_list()
        self._show_detail()

    def action_sort(self) -> None:
        """By the next column."""
        keys = list(SORT_KEYS)
        following = keys[(keys.index(self.catalog.order.key) + 1) % len(keys)]
        self._sort(Order(following, descending=following == "started"))

    def action_reverse(self) -> None:
        """The other way round."""
        self._sort(Order(self.catalog.order.key, not self.catalog.order.descending))

    def _sort(self, order: Order) -> None:
        self.catalog = self.catalog.sorted(order)
        self._show_list()
        self.note(f"sorted by {order.key}, {'descending' if order.descending else 'ascending'}")

    def action_refresh(self) -> None:
        """Ask again."""
        self.look()

    def action_raw(self) -> None:
        """The record as the server sent it, without its secrets."""
        if self.point is None:
            self.note("there is no restore point here to show the record of")
            return
        text = msgspec.json.format(self.point.backup.raw, indent=2).decode()
        note = "the record as the server sent it; secrets are never kept"
        self._read(f"Record of {self.point.backup.name}", note, [line(each) for each in text.splitlines()])

    def action_last_error(self) -> None:
        """The last error, whole."""
        if self.last_error is None:
            self.note("nothing has failed so far")
            return
        troubles = dict.fromkeys([self.last_error, *(trouble for _, trouble in self.reading.troubles)])
        lines = [said for trouble in troubles for said in (*failure(trouble), ("", ""))]
        self._read("Last error", "esc back", [line(text, tone) for text, tone in lines])

    def action_help(self) -> None:
        """What the keys do, and what the symbols mean."""
        self._read("Help", "esc back", help_lines(plain=self.options.plain))

    def _read(self, heading: str, note: str, lines: list[Line]) -> None:
        name = self.target.name if self.target else ""
        noted = f"{name}   {note}" if name else note
        accent = self.target.accent if self.target else ""
        self.app.push_screen(TextScreen(heading, noted, lines, plain=self.options.plain, accent=accent))

    def action_copy(self) -> None:
        """The name, through the terminal."""
        if self.point is None:
            self.note("there is no restore point here to copy the name of")
            return
        name = self.point.backup.name
        self.app.copy_to_clipboard(name)
        self.note(f"sent to the terminal's clipboard, which may refuse it: {name}")

    def action_zone(self) -> None:
        """The person's zone, or UTC."""
        self.zone = self.options.zone if self.zone is UTC else UTC
        self._show()

    def action_zoom(self) -> None:
        """One pane on the whole window, or all of them."""
        self._zoomed = not self._zoomed
        self._lay_out(self.size.width, self.size.height)

    @work(exclusive=True, group="ask")
    async def action_before(self) -> None:
        """One question, one answer: which one to restore to be back before a moment."""
        moment = await self.app.push_screen_wait(Before(self.now, self.zone))
        if moment is None:
            return
        choice = choose(self.reading, self.judged.points, moment)
        if choice.point is not None:
            self.table.go_to(choice.point.id)
        said = [Item(each.text, tone=each.tone, depth=1) for each in explained(choice, self.zone)]
        self._read("Before a moment", "esc back", panes.items(said, self.size.width))

    @work(exclusive=True, group="ask")
    async def action_other_site(self) -> None:
        """Choose a site by its name, or say where to connect; nothing waits for the site before."""
        try:
            settings = await asyncio.to_thread(configured)
        except SettingsError as error:
            self.note(str(error))
            settings = Settings()
        if settings.profiles and (self.target is None or self.reading.stores is not None):
            chosen = await self.app.push_screen_wait(Sites(settings, self.now, self.zone, plain=self.options.plain))
            if chosen is None:
                return
            if isinstance(chosen, Profile):
                await self._open_profile(chosen)
                return
        await self._ask_where()

    async def _open_profile(self, profile: Profile) -> None:
        """Go to a named site; a command may have to give its secret first."""
        given = replace(self.options.access, user="", token=None, password=None)
        try:
            access = await asyncio.to_thread(access_of, profile, given)
        except SettingsError as error:
            self.note(str(error))
            return
        self.open_site(target_of(profile), access)

    async def _ask_where(self) -> None:
        """Ask for address, user and password or token, and go there."""
        why = self.last_error.what if self.last_error and self.reading.stores and self.reading.stores.trouble else ""
        answer = await self.app.push_screen_wait(Ask(self.target, self.access, why))
        if answer is not None:
            target, access, name = answer
            self.open_site(target, access)
            if name:
                await self._keep(name, target, access)
        elif self.reading.stores is None:
            self.look()  # without a sign-in: the site will say what it wants

    async def _keep(self, name: str, target: Target, access: Access) -> None:
        """Keep a site under a name, without any secret."""
        try:
            path = await asyncio.to_thread(remember, name, target, access)
        except SettingsError as error:
            self.note(str(error))
        else:
            self.note(f"{name} is kept in {path}, without the secret")

    def action_requests(self) -> None:
        """What was asked of the site, and how it went."""
        access = self.access

        def shell(request: Request) -> str:
            return curl(
                request.url,
                user=access.user,
                referer=access.referer,
                ca_file=access.ca_file,
                insecure=access.insecure,
            )

        made = tuple(self.session.requests) if self.session is not None else ()
        self.app.push_screen(Requests(self.reading.place, made, shell, self.zone, plain=self.options.plain))
