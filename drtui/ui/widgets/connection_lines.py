"""Lines of the pane of the site: account, connection, schedules, last operation, and what could not be read."""

import datetime as dt
from collections.abc import Iterator, Sequence

from drtui.core.analysis.assessment import Assessment
from drtui.core.formatting.display import StyledText
from drtui.core.formatting.text import width
from drtui.core.model.auth import SignIn
from drtui.core.model.failure import FailureKind
from drtui.core.model.site_clock import skew_text
from drtui.core.model.site_state import SiteState, Source
from drtui.core.operations.obstacles import account_of, find_standing_obstacles
from drtui.core.operations.permissions import Permissions
from drtui.core.summary.account_text import account_text, possible_changes_text, sign_in_text
from drtui.core.summary.activity_text import operation_text, schedules_text
from drtui.core.summary.labels import failure_word
from drtui.core.summary.last_known import LastKnown, short_text
from drtui.session import DEMO, ConnectionOptions, Session, Target
from drtui.session.profiles import NamedSite
from drtui.ui.widgets.styled_lines import Line, line

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
    before = "" if is_one_line or not how else f"{how}, "
    yield Line(((before, ""), *_describe_connection(state, options)))
    if state.address is not None:
        is_stopped = any(obstacle.code != "not-allowed" for obstacle in find_standing_obstacles(state, permissions))
        yield line(possible_changes_text(state, permissions), "warn" if is_stopped else "muted")
    schedules, operation = schedules_text(assessment, zone), operation_text(assessment)
    yield Line((("schedules:", ""), (f" {schedules.text}", schedules.tone)), THIS_SITE)
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
