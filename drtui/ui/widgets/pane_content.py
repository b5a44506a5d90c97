"""Build the lines of the panes from the state of the site."""

import datetime as dt
import textwrap
from collections.abc import Iterator, Sequence
from typing import Any

from drtui.core.analysis.assessment import Assessment, StoreTotals
from drtui.core.analysis.rpo import lists_incomplete_reason
from drtui.core.comparison.selection import Id
from drtui.core.formatting.display import StyledText
from drtui.core.formatting.durations import format_short_age
from drtui.core.formatting.text import cut_middle
from drtui.core.formatting.times import zone_label
from drtui.core.listing.catalog import Catalog
from drtui.core.listing.details import DetailLine
from drtui.core.listing.grouping import Grouping
from drtui.core.model.address import Address
from drtui.core.model.auth import SignIn
from drtui.core.model.site import Store
from drtui.core.model.site_clock import skew_text
from drtui.core.model.site_state import Fetched, SiteState, all_lists_known
from drtui.core.operations.obstacles import account_of, change_badge, find_standing_obstacles
from drtui.core.operations.permissions import Permissions
from drtui.core.query.highlight import clip_spans
from drtui.core.query.query import Query
from drtui.core.summary.account_text import account_text, possible_changes_text, sign_in_text
from drtui.core.summary.freshness import freshness_text
from drtui.core.summary.labels import failure_word
from drtui.core.summary.last_known import LastKnown, short_text
from drtui.session import DEMO, ConnectionOptions, Session, Target
from drtui.session.profiles import NamedSite
from drtui.ui.widgets.styled_lines import Line, line

THIS_SITE = ""
"""Key of the line that opens the current site. Lines of other sites have the site's name as key."""


def build_connection_lines(
    state: SiteState,
    options: ConnectionOptions,
    session: Session | None,
    now: int,
    zone: dt.tzinfo,
    permissions: Permissions,
    changes: Sequence[StyledText] = (),
) -> Iterator[Line]:
    """Yield the site, age of the data, transport security, account and possible changes, and failures.

    Args:
        state: the answers of the site.
        options: how it is connected to.
        session: the session, if there is one.
        now: the present, epoch ms.
        zone: the zone in which times are shown.
        permissions: the changes that are allowed here.
        changes: the changes that are followed, or have just ended.
    """
    badge, badge_tone = change_badge(state, permissions)
    yield Line(((state.location, "accent"), (f"  {badge}", badge_tone)))
    yield from (line(text.text, text.tone) for text in changes)
    fresh = freshness_text(state, now, zone)
    yield Line(((fresh, "bad" if state.is_saved else "muted"), (f", times in {zone_label(now, zone)}", "muted")))
    yield Line(tuple(_describe_site(state, options)), THIS_SITE)
    if state.address is not None:
        yield from _build_account_lines(state, options, session, now, permissions)
    skew = skew_text(state.clock_offset)
    if skew:
        yield line(skew, "warn")
    if session is not None and session.history_failure:
        yield line(session.history_failure, "warn")
    for name, failure in state.failures:
        reason = failure.server_message or failure.summary
        yield Line(((f"{name}: {failure_word(failure)} ", "warn"), (reason, "muted")))


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


def _describe_site(state: SiteState, options: ConnectionOptions) -> Iterator[tuple[str, str]]:
    """Yield the release, the security of the connection, and the build and architecture profile, each with a tone."""
    site = state.site
    release = str(site.value.release or "not given") if site and site.value else _describe_missing_value(site)
    yield f"release {release}", ""
    if state.address is not None:
        text, tone = _describe_transport(state.address, options)
        yield f", {text}", tone
    about = state.about.value if state.about is not None else None
    if about is not None:
        facts = (f"build {about.build}" if about.build else "", about.profile)
        yield "".join(f", {fact}" for fact in facts if fact), "muted"


def _describe_transport(address: Address, options: ConnectionOptions) -> tuple[str, str]:
    """Return whether the connection is encrypted and the site's certificate verified, with a tone."""
    if address == DEMO:
        return "simulated, in this process", ""
    if options.insecure:
        return "TLS NOT VERIFIED (--insecure)", "bad"
    if address.scheme == "http":
        return "no TLS: plain http", "warn"
    files = (options.ca_file, options.cert)
    return ", ".join(("TLS verified", *(path.name for path in files if path is not None))), ""


def _build_account_lines(
    state: SiteState, options: ConnectionOptions, session: Session | None, now: int, permissions: Permissions
) -> Iterator[Line]:
    """Yield the account, how it signed in, and whether it can change the site; without empty lines."""
    sign_in = session.sign_in if session is not None else SignIn(options.user)
    has_account = account_of(state) is not None
    is_failed = state.account is not None and not has_account
    is_stopped = any(obstacle.code != "not-allowed" for obstacle in find_standing_obstacles(state, permissions))
    texts = (
        (account_text(state, sign_in), "warn" if is_failed else ""),
        (sign_in_text(sign_in, now), ""),
        (possible_changes_text(state, permissions), "warn" if is_stopped else "muted"),
    )
    yield from (line(text, tone) for text, tone in texts if text)


def _describe_missing_value(answer: Fetched[Any] | None) -> str:
    """Return what to show in place of a missing value."""
    if answer is None:
        return "..."
    return failure_word(answer.failure) if answer.failure else "?"


MARKED_NAME_CELLS = 24
"""Cells for the name of a marked restore point in the list's title."""

ALL_STORES = ""
"""Key of the line for all stores."""


def build_store_lines(assessment: Assessment, chosen_store: str | None) -> Iterator[Line]:
    """Yield a line for all stores and one for each: number of restore points, age of the newest usable one."""
    state = assessment.site_state
    if state.stores is None:
        yield line("...", "muted")
        return
    if state.stores.value is None and state.stores.failure is not None:
        yield line(failure_word(state.stores.failure), "bad")
        yield line(state.stores.failure.summary, "warn")
        return
    yield _build_all_stores_line(assessment, is_chosen=chosen_store is None)
    for store in state.stores.value or ():
        yield _build_store_line(assessment, store, is_chosen=chosen_store == store.name)
    if not state.stores.value:
        yield line("no store is registered", "bad")


def _build_all_stores_line(assessment: Assessment, *, is_chosen: bool) -> Line:
    """Return the line for all stores, with the reason if some lists could not be read."""
    state, points, newest = assessment.site_state, assessment.points, assessment.rpo.newest_usable
    if all_lists_known(state):
        totals = StoreTotals(len(points), (newest.backup.start or 0) if newest else None)
        return _build_totals_line(
            "All stores", ("", "muted"), totals, assessment.now, key=ALL_STORES, is_chosen=is_chosen
        )
    reason = lists_incomplete_reason(state) if state.is_complete else None
    text = f"  {len(points)} so far ..." if reason is None else f"  {len(points)}, {reason}"
    tone = "bad" if state.is_complete else "muted"
    return Line((("All stores", "strong" if is_chosen else ""), (text, tone)), ALL_STORES)


def _build_store_line(assessment: Assessment, store: Store, *, is_chosen: bool) -> Line:
    answer = assessment.site_state.backups.get(store.name)
    if answer is None or answer.value is None:
        text = _describe_missing_value(answer)
        return Line(((store.name, ""), (f"  {text}", "muted" if answer is None else "bad")), store.name)
    name = f"{store.name} (default)" if store.default else store.name
    description = " ".join(filter(None, (store.type, f"by {store.created_by}" if store.created_by else "")))
    note = description, "warn" if store in assessment.rpo.other_release_stores else "muted"
    totals = assessment.by_store.get(store.name, StoreTotals())
    return _build_totals_line(name, note, totals, assessment.now, key=store.name, is_chosen=is_chosen)


def _build_totals_line(
    name: str, note: tuple[str, str], totals: StoreTotals, now: int, *, key: str, is_chosen: bool
) -> Line:
    newest = totals.newest_start
    usable = "nothing usable" if newest is None else f"usable {format_short_age(now - newest)} old"
    tone = "muted" if not totals.count else "warn" if totals.newest_start is None else ""
    pieces = (
        (name, "strong" if is_chosen else ""),
        (f"  {totals.count}, {usable}", tone),
        (f"  {note[0]}", note[1]),
    )
    return Line(pieces, key)


NO_FILTER = Query()


def build_detail_lines(details: Sequence[DetailLine], cells: int, query: Query = NO_FILTER) -> list[Line]:
    """Return the lines of an outline in `cells` cells. Text is wrapped, names are not; headings are bold."""
    return [wrapped for detail in details for wrapped in _wrap_detail(detail, cells, query)]


def _wrap_detail(detail: DetailLine, cells: int, query: Query) -> Iterator[Line]:
    highlights, end = detail.highlights(query), 0
    if detail.key is not None:
        indent = "  " * detail.depth
        yield Line(
            ((indent + detail.text, detail.tone),), detail.key, clip_spans(highlights, 0, len(detail.text), len(indent))
        )
        return
    first = f"{detail.label:<10}" if detail.label else "  " * detail.depth
    tone = detail.tone or ("strong" if detail.depth == 0 and not detail.label else "")
    wrapped = textwrap.wrap(detail.text, max(10, cells - 1 - len(first))) or [""]
    for position, text in enumerate(wrapped):
        start = max(0, detail.text.find(text, end))
        end = start + len(text)
        prefix = first if position == 0 else " " * len(first)
        yield Line(((prefix, "muted"), (text, tone)), highlights=clip_spans(highlights, start, end, len(prefix)))


def describe_list(
    state: SiteState, catalog: Catalog, grouping: Grouping, change_text: str = "", marks: Sequence[Id] = ()
) -> str:
    """Return the list's title: number of restore points, store, grouping, `change_text`, marked restore points."""
    if state.stores is None or state.stores.value is None:
        return ""
    shown_count, total, store = len(catalog.points), catalog.store_count, catalog.store
    scope = f"in {store}" if store is not None else "in all stores"
    scope += f", by {grouping.value}" if grouping is not Grouping.NONE else ""
    scope += f", {change_text}" if change_text else ""
    counts = f"{shown_count:,} of {total:,} {scope}" if catalog.filter else f"{total:,} {scope}"
    names = " and ".join(cut_middle(name or "(no name)", MARKED_NAME_CELLS) for _, name in marks)
    return f"{counts}, marked: {names}" if names else counts
