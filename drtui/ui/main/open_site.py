"""The site that is open in the main screen: connection, latest assessment, and the settings of its display."""

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple

from drtui.core.analysis.assessment import Assessment, assess
from drtui.core.analysis.changes import PreviousLists
from drtui.core.analysis.rpo import DEFAULT_TARGET
from drtui.core.comparison.selection import Id
from drtui.core.formatting.display import DisplayContext
from drtui.core.formatting.times import UTC, zone_label
from drtui.core.listing.catalog import Catalog, Criteria
from drtui.core.listing.column_widths import ColumnWidths
from drtui.core.listing.columns import DEFAULT_SCREEN_COLUMNS
from drtui.core.listing.grouping import Grouping, Row
from drtui.core.listing.view_settings import ViewSettings
from drtui.core.model.failure import Failure
from drtui.core.model.requests import curl_command
from drtui.core.model.site_state import SiteState
from drtui.core.operations.obstacles import change_badge
from drtui.core.operations.permissions import ALL_CHANGES, READ_ONLY, Permissions
from drtui.core.query.parser import QueryError
from drtui.core.query.query import Query
from drtui.core.summary.freshness import assess_freshness
from drtui.core.summary.headline import SIGNED_OUT_CODES
from drtui.core.verdict.restore_points import RestorePoint
from drtui.session import ConnectionOptions, Session, Target
from drtui.ui.filenames import propose_filename
from drtui.ui.options import Options
from drtui.ui.widgets.empty_states import NO_SITE, TonedLines
from drtui.ui.widgets.site_status import SiteStatus

if TYPE_CHECKING:
    from drtui.core.operations.progress import Progress
    from drtui.core.operations.request import Change

FilterFallback = tuple[Query, QueryError]
"""A filter to use if the typed one matches nothing, and the error to show then."""


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
    columns: tuple[str, ...] = ()
    """Keys of the chosen columns."""
    widths: ColumnWidths = ColumnWidths()
    """Widths of these columns."""


class FollowedChange:
    """A change that is being followed, or that ended while the interface was open."""

    def __init__(self, session: Session, change: "Change", id_: str) -> None:
        """Create it before anything is sent; `id_` is its id in the journal."""
        self.session, self.change, self.id = session, change, id_
        self.progress: Progress | None = None
        """The progress of the change; None while it is being sent."""

    @property
    def target(self) -> Target:
        """The site that it changes."""
        return self.session.target

    @property
    def is_running(self) -> bool:
        """True if the outcome is not known yet."""
        return self.progress is None or self.progress.outcome is None


class OpenSite:
    """The open site. The parts of the main screen share it: they change it, and call the screen to show the change."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.target, self.access = options.target, options.access
        self.session: Session | None = None
        self.is_waiting = False
        """True while nothing is known of the site, and its first sign-in is being asked for."""
        self.followed: list[FollowedChange] = []
        """Changes of all sites that this interface follows, or whose end it shows; the newest last."""
        self.reset()

    def reset(self) -> None:
        """Drop everything that belongs to the previous site, and set the default view."""
        empty_state = SiteState(self.target.location if self.target else "no site yet")
        self.assessment: Assessment = assess(empty_state, self.choose_assessment_time(empty_state), self.rpo)
        self.last_error: Failure | None = None
        self.previous_lists = PreviousLists()
        """The lists before this visit to the site."""
        self.reset_view()

    def reset_view(self) -> None:
        """Set the default view, without filter and marks."""
        self.criteria = Criteria(store=self.target.store if self.target else None)
        """The store, the filter and the order of the listed restore points."""
        self.filter_error: QueryError | None = None
        """The error in the filter that is being typed; the criteria contain the last valid filter."""
        self.columns: tuple[str, ...] = DEFAULT_SCREEN_COLUMNS
        self.grouping = Grouping.NONE
        self.utc = False
        self.marks: tuple[Id, ...] = ()
        """The marked restore points, two at most."""
        self.list_result = ListResult(Catalog(store=self.criteria.store))

    @property
    def rpo(self) -> int:
        """The RPO from the options, else that of the site, else the default; milliseconds."""
        return self.options.rpo or (self.target.rpo if self.target is not None else None) or DEFAULT_TARGET

    @property
    def site_state(self) -> SiteState:
        """The current site state, with what has been fetched so far."""
        return self.assessment.site_state

    @property
    def catalog(self) -> Catalog:
        """The restore points that are listed."""
        return self.list_result.catalog

    @property
    def accent(self) -> str:
        """The accent colour of the site; empty if it has none."""
        return self.target.accent if self.target else ""

    @property
    def is_signed_out(self) -> bool:
        """True if the site did not accept the token of the last refresh, and none could be had."""
        stores = self.site_state.stores
        return stores is not None and stores.failure is not None and stores.failure.code in SIGNED_OUT_CODES

    @property
    def is_listed(self) -> bool:
        """True if the stores are known, live or saved."""
        return self.site_state.stores is not None and self.site_state.stores.value is not None

    @property
    def permissions(self) -> Permissions:
        """The changes that are allowed here."""
        if self.options.allow_changes:
            return ALL_CHANGES
        return Permissions(self.target.changes) if self.target is not None else READ_ONLY

    @property
    def changes_here(self) -> list[FollowedChange]:
        """The changes of this site that are followed or have just ended, the newest first."""
        target = self.target
        if target is None:
            return []
        return [change for change in reversed(self.followed) if change.target.is_same_site(target)]

    def is_session_needed(self, session: Session) -> bool:
        """True if a change is followed with this session."""
        return any(change.is_running and change.session is session for change in self.followed)

    def find_followed_session(self, target: Target, access: ConnectionOptions) -> Session | None:
        """Return the session with which a change of a site is followed; None without one."""
        sessions = (
            change.session
            for change in self.followed
            if change.is_running and change.target == target and change.session.options == access
        )
        return next(sessions, None)

    @property
    def now(self) -> int:
        """The time from which ages are counted, epoch ms."""
        return self.choose_assessment_time(self.site_state)

    def choose_assessment_time(self, site_state: SiteState) -> int:
        """Return the time to assess `site_state` at, epoch ms: `options.now`, else the present by the site's clock."""
        return self.options.now if self.options.now is not None else site_state.site_time(self.options.clock())

    @property
    def zone(self) -> dt.tzinfo:
        """The user's zone, or UTC."""
        return UTC if self.utc else self.options.zone

    @property
    def view(self) -> DisplayContext:
        """The context for formatting: time, zone and ASCII mode."""
        return DisplayContext(self.now, self.zone, self.options.plain)

    @property
    def settings(self) -> ViewSettings:
        """The current view settings."""
        return ViewSettings(self.criteria.order, self.columns, self.grouping, self.utc, self.criteria.store)

    @property
    def status(self) -> SiteStatus:
        """The content of the status line of every screen."""
        target, release = self.target, self.assessment.release
        if target is None:
            return SiteStatus("", "no site yet")
        freshness = assess_freshness(self.site_state, self.now, self.zone)
        badge = f"OFFLINE, {freshness.text}" if self.access.offline else freshness.badge
        return SiteStatus(
            name=target.name or (target.location if target.scenario is not None else ""),
            place="" if target.scenario is not None else str(target.address or target.file or ""),
            release="" if release is None else str(release),
            freshness=(badge, freshness.tone),
            zone=zone_label(self.now, self.zone) if freshness.has_clock_time else "",
            changes=self.badge,
            warning=("TLS NOT VERIFIED", "bad") if self.access.insecure else ("", ""),
            accent=target.accent,
        )

    @property
    def badge(self) -> tuple[str, str]:
        """The badge that says whether changes are possible, such as `READ-ONLY`, and its tone."""
        return change_badge(self.site_state, self.permissions)

    def propose_filename(self, view: str, suffix: str) -> str:
        """Return the proposed file name for an export of `view`, with site and time."""
        return propose_filename(self.site_state.location, view, self.now, self.zone, suffix)

    def format_curl_line(self, url: str) -> str:
        """Return the curl command of a request to `url`."""
        access = self.access
        return curl_command(
            url,
            user=access.user,
            referer=access.referer,
            ca_file=access.ca_file,
            insecure=access.insecure,
            certificate=access.client_certificate,
            auth_header=access.auth_header,
        )
