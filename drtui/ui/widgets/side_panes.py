"""Content of the panes above the list: the site (account, connection, schedules, last operation), and its stores."""

import datetime as dt
from collections.abc import Iterator, Sequence
from functools import partial

from msgspec import Struct

from drtui.core.analysis.assessment import Assessment, StoreTotals
from drtui.core.analysis.rpo import lists_incomplete_reason
from drtui.core.formatting.display import StyledText
from drtui.core.formatting.durations import format_short_age
from drtui.core.formatting.text import width, wrap_cells
from drtui.core.model.auth import SignIn
from drtui.core.model.failure import FailureKind
from drtui.core.model.site import Store
from drtui.core.model.site_clock import skew_text
from drtui.core.model.site_state import SiteState, Source, all_lists_known
from drtui.core.operations.obstacles import account_of, find_standing_obstacles
from drtui.core.operations.permissions import Permissions
from drtui.core.summary.account_text import account_text, possible_changes_text, sign_in_text
from drtui.core.summary.activity_text import operation_text, schedules_text
from drtui.core.summary.labels import failure_word
from drtui.core.summary.last_known import LastKnown, short_text
from drtui.session import DEMO, ConnectionOptions, Session, Target
from drtui.session.profiles import NamedSite
from drtui.ui.widgets.styled_lines import Line, line
from drtui.ui.widgets.virtual_table import Column

THIS_SITE = ""
"""Key of the line that opens operations and schedules. Lines of other sites have the site's name as key."""


def build_connection_lines(
    assessment: Assessment,
    options: ConnectionOptions,
    session: Session | None,
    now: int,
    zone: dt.tzinfo,
    permissions: Permissions,
    changes: Sequence[StyledText] = (),
    *,
    cells: int,
) -> Iterator[Line]:
    """Yield the lines of the open site, the changes that are followed first.

    Args:
        assessment: the assessment of its answers.
        options: how it is connected to.
        session: the session, if there is one.
        now: the present, epoch ms.
        zone: the zone in which times are shown.
        permissions: the changes that are allowed here.
        changes: the changes that are followed, or have just ended.
        cells: the width of the pane.
    """
    state = assessment.site_state
    yield from (line(text.text, text.tone) for text in changes)
    if state.address is None and state.site is None and state.stores is None:
        yield line(state.location, "muted")
        return
    account, how, is_one_line = ("", ""), "", True
    if state.address is not None:
        account, how = _describe_account(state, options, session, now)
        is_one_line = bool(account[0]) and width(f"{account[0]}, {how}") < cells
        if account[0]:
            yield Line((("", ""), account, (f", {how}" if how and is_one_line else "", "")))
    before, connection = "" if is_one_line or not how else f"{how}, ", tuple(_describe_connection(state, options))
    if before and width(before) + sum(width(text) for text, _ in connection) >= cells:
        yield line(how)
        before = ""
    yield Line(((before, ""), *connection))
    if state.address is not None:
        is_stopped = any(obstacle.code != "not-allowed" for obstacle in find_standing_obstacles(state, permissions))
        tone = "warn" if is_stopped else "muted"
        yield from (line(text, tone) for text in wrap_cells(possible_changes_text(state, permissions), cells - 1))
    schedules, operation = schedules_text(assessment, zone), operation_text(assessment)
    label = "schedules:"
    first, *more = wrap_cells(f"{label} {schedules.text}", cells - 1)
    yield Line(((label, ""), (first.removeprefix(label), schedules.tone)), THIS_SITE)
    yield from (line(text, schedules.tone) for text in more)
    yield Line((("last operation:", ""), (f" {operation.text}", operation.tone)))
    skew = skew_text(state.clock_offset)
    if skew:
        yield line(skew, "warn")
    if session is not None and session.history_failure:
        yield line(session.history_failure, "warn")
    missing = {
        name
        for name, answer in (("schedules", state.schedules), ("status", state.status))
        if answer is not None and answer.value is None  # their lines have the reason
    }
    for name, failure in state.failures:
        if name in missing:
            continue
        reason = failure.server_message or failure.summary
        label = f"{name}: {failure_word(failure)} "
        first, *more = wrap_cells(label + reason, cells - 1)
        yield Line(((label, "warn"), (first.removeprefix(label), "muted")))
        yield from (line(text, "muted") for text in more)


def build_other_site_lines(
    sites: Sequence[tuple[NamedSite, LastKnown | None]], current: Target | None, now: int
) -> Iterator[Line]:
    """Yield a line for each other named site, with its last known state."""
    other_sites = [
        (target, last_known) for (target, _), last_known in sites if current is None or not current.is_same_site(target)
    ]
    cells = max((len(target.name) for target, _ in other_sites), default=0)
    for target, last_known in other_sites:
        text, tone = ("not looked at yet", "muted")
        if last_known is not None:
            text, tone = short_text(last_known, now, target.rpo)
        accent = f"accent:{target.accent}" if target.accent else "strong"
        yield Line(((f"{target.name:<{cells}}", accent), (f"  {text}", tone)), target.name)


def _has_answered(state: SiteState) -> bool:
    """True if the site itself has answered, so that a connection was made; a refusal is an answer."""
    answers = [answer for answer in (state.site, state.stores) if answer is not None and answer.source is Source.LIVE]
    return any(
        answer.value is not None or (answer.failure is not None and answer.failure.kind is FailureKind.REFUSED)
        for answer in answers
    )


def _describe_connection(state: SiteState, options: ConnectionOptions) -> Iterator[tuple[str, str]]:
    """Yield the security of the connection, and the release, build and architecture profile, each with a tone."""
    text, tone = _describe_transport(state, options)
    site, about = state.site, state.about.value if state.about is not None else None
    release = str(site.value.release or "not given") if site is not None and site.value is not None else ""
    if not release and site is not None and site.failure is not None:
        release = failure_word(site.failure)
    facts = [f"release {release or '...'}"]
    if about is not None:
        facts += filter(None, (f"build {about.build}" if about.build else "", about.profile))
    yield text, tone
    yield f"{', ' if text else ''}{', '.join(facts)}", "muted"


def _describe_transport(state: SiteState, options: ConnectionOptions) -> tuple[str, str]:
    """Return whether the connection is encrypted and the site's certificate verified, with a tone."""
    if state.address is None:
        return "", ""
    if state.address == DEMO:
        return "simulated", ""
    if options.insecure:
        return "TLS NOT VERIFIED (--insecure)", "bad"
    if state.address.scheme == "http":
        return "no TLS: plain http", "warn"
    if not _has_answered(state):
        return "no connection yet", "muted"
    authority = f" ({options.ca_file.name})" if options.ca_file is not None else ""
    certificate = f", certificate {options.cert.name}" if options.cert is not None else ""
    return f"TLS verified{authority}{certificate}", ""


def _describe_account(
    state: SiteState, options: ConnectionOptions, session: Session | None, now: int
) -> tuple[tuple[str, str], str]:
    """Return the account with its tone, and how it signed in; "" for what is not known."""
    sign_in = session.sign_in if session is not None else SignIn(options.user)
    stores = state.stores
    is_let_in = stores is not None and stores.value is not None and stores.source is Source.LIVE
    if not is_let_in and account_of(state) is None:
        return (f"user {sign_in.user}, not signed in yet" if sign_in.user else "", ""), ""
    account = account_text(state, sign_in)
    tone = "warn" if state.account is not None and account_of(state) is None else ""
    return (f"signed in {account}" if account else "", tone), sign_in_text(sign_in, now)


ALL_STORES = ""
"""Key of the row for all stores."""

MAX_NAME_CELLS, MAX_TYPE_CELLS = 30, 16
"""Maximum widths of the columns of names and types, in cells."""

MIN_REGISTERED_CELLS = 14
"""Least width of the last column, which has the reasons too why a list is not complete."""


class StoreRow(Struct, frozen=True):
    """The texts of a row, and the tones of those that can be a warning."""

    key: str | None
    """Name of the store, `ALL_STORES`, or None for a row that cannot be selected."""
    name: str
    name_tone: str = ""
    points: str = ""
    newest: str = ""
    newest_tone: str = ""
    type: str = ""
    registered: str = ""
    """Release that registered the store, or why its list is not complete."""
    registered_tone: str = ""


def build_store_rows(assessment: Assessment, chosen_store: str | None) -> Iterator[StoreRow]:
    """Yield a row for all stores and one for each; nothing if the stores are not known."""
    state = assessment.site_state
    if state.stores is None or state.stores.value is None:
        return
    yield _build_all_stores_row(assessment, "strong" if chosen_store is None else "")
    for store in state.stores.value:
        yield _build_store_row(assessment, store, "strong" if chosen_store == store.name else "")
    if not state.stores.value:
        yield StoreRow(None, "no store is registered", "bad")


def explain_missing_stores(assessment: Assessment) -> tuple[tuple[str, str], ...]:
    """Return the lines, with their tones, that stand in place of the rows if the stores are not known."""
    stores = assessment.site_state.stores
    if stores is None:
        return (("...", "muted"),)
    if stores.value is None and stores.failure is not None:
        return (failure_word(stores.failure), "bad"), (stores.failure.summary, "warn")
    return ()


def _build_all_stores_row(assessment: Assessment, tone: str) -> StoreRow:
    """Return the row for all stores, with the reason if some lists could not be read."""
    state, points, newest = assessment.site_state, assessment.points, assessment.rpo.newest_usable
    if all_lists_known(state):
        totals = StoreTotals(len(points), (newest.backup.start or 0) if newest else None)
        return StoreRow(ALL_STORES, "All stores", tone, *_describe_totals(totals, assessment.now))
    reason = lists_incomplete_reason(state) if state.is_complete else None
    note = ("reading ...", "muted") if reason is None else (reason, "bad")
    return StoreRow(ALL_STORES, "All stores", tone, f"{len(points):,}", "-", "muted", "", *note)


def _build_store_row(assessment: Assessment, store: Store, tone: str) -> StoreRow:
    name = f"{store.name} default" if store.default else store.name
    made_by = str(store.created_by or "-")
    is_other = store in assessment.rpo.other_release_stores and store.created_by is not None
    if is_other and assessment.release is not None and store.created_by is not None:
        made_by += " (older)" if store.created_by.numbers < assessment.release.numbers else " (newer)"
    about = (store.type or "-", made_by, "warn" if is_other else "")
    answer = assessment.site_state.backups.get(store.name)
    if answer is None:
        return StoreRow(store.name, name, tone, "...", "", "", *about)
    if answer.value is None:
        return StoreRow(
            store.name, name, tone, "?", failure_word(answer.failure) if answer.failure else "?", "bad", *about
        )
    totals = assessment.by_store.get(store.name, StoreTotals())
    return StoreRow(store.name, name, tone, *_describe_totals(totals, assessment.now), *about)


def _describe_totals(totals: StoreTotals, now: int) -> tuple[str, str, str]:
    """Return the number of restore points, and the age of the newest usable one with its tone."""
    if totals.newest_start is None:
        return f"{totals.count:,}", "none", "warn" if totals.count else "muted"
    return f"{totals.count:,}", format_short_age(now - totals.newest_start), ""


def get_full_width_store_text(row: StoreRow) -> tuple[str, str] | None:
    """Return the text and tone of a row without columns, or None."""
    return (row.name, row.name_tone) if row.key is None else None


def build_store_columns(rows: Sequence[StoreRow]) -> tuple[Column[StoreRow], ...]:
    """Return the columns, as wide as their contents."""

    def column(key: str, label: str, limit: int, **layout: bool | int) -> Column[StoreRow]:
        widest = max((width(getattr(row, key)) for row in rows), default=0)
        tone = partial(_get_tone, f"{key}_tone") if f"{key}_tone" in StoreRow.__struct_fields__ else None
        return Column(key, label, max(width(label), min(limit, widest)), partial(_get_text, key), tone, **layout)  # type: ignore[arg-type]

    return (
        column("name", "NAME", MAX_NAME_CELLS, can_shrink=True),
        column("points", "POINTS", MAX_TYPE_CELLS, is_right_aligned=True),
        column("newest", "NEWEST USABLE", MAX_TYPE_CELLS, is_right_aligned=True),
        column("type", "TYPE", MAX_TYPE_CELLS, rank=2),
        column("registered", "REGISTERED BY", MIN_REGISTERED_CELLS, rank=1, is_flexible=True, is_prose=True),
    )


def _get_text(key: str, row: StoreRow) -> str:
    return str(getattr(row, key))


def _get_tone(key: str, row: StoreRow) -> str:
    return str(getattr(row, key))
