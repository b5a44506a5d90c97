"""Messages for an empty list: no restore points, access refused, failed, or not read yet."""

from drtui.core.formatting.text import plural
from drtui.core.listing.catalog import Catalog
from drtui.core.model.failure import Failure
from drtui.core.model.site_state import SiteState, all_lists_known
from drtui.core.query.query import UNKNOWN_NOTE
from drtui.core.summary.labels import failure_word

TonedLines = tuple[tuple[str, str], ...]
"""Lines of text, each with its tone."""

SIGN_IN: TonedLines = (("Waiting for the sign-in.", "muted"),)
ADDRESS: TonedLines = (("Waiting for the address of a site.", "muted"),)
NO_SITE: TonedLines = (
    ("No site yet. Press o and enter its address.", "strong"),
    ("To try drtui without a site: drtui --demo", "muted"),
)


def explain_empty_list(state: SiteState, catalog: Catalog) -> TonedLines:
    """Return why the list of restore points is empty."""
    if state.stores is None:
        return (("Asking the site ...", "muted"),)
    failure = _find_failure(state, catalog.store)
    if catalog.filter and catalog.store_count:
        # A failure does not explain the empty list: restore points that were read before it are still known.
        unread = f"Incomplete: {failure_word(failure)}: {failure.summary}" if failure is not None else ""
        return (*_describe_no_match(catalog), *(((unread, "bad"),) if unread else ()))
    if failure is not None:
        return describe_failure(failure)
    if not state.is_complete and not all_lists_known(state):
        return (("Reading the restore points ...", "muted"),)
    return (
        ("No restore points", "strong"),
        ("The site returned an empty list.", "muted"),
        ("", ""),
        *_next_steps(state),
    )


def _next_steps(state: SiteState) -> TonedLines:
    """Return what to do at a site without restore points."""
    if state.stores is not None and not state.stores.value:
        return (("No backup store is registered: register one in Enterprise Manager first.", "muted"),)
    return (("a c    create a backup now", "muted"), ("1      the schedules of this site", "muted"))


def _describe_no_match(catalog: Catalog) -> TonedLines:
    """Return that no restore point passes the filter, its terms, and how many pass each term alone."""
    query = catalog.filter
    lines = [(f"No match ({plural(catalog.store_count, 'restore point', 'restore points')})", "strong")]
    for term in query.terms:
        matches_alone = f"{catalog.count_matching(term.test):,} alone: " if len(query.terms) > 1 else ""
        lines.append((f"  {term.text}   {matches_alone}{term.description}", ""))
    if any(term.is_uncertain for term in query.terms):
        lines.append((f"  {UNKNOWN_NOTE}", "muted"))
    return (*lines, ("esc clears the filter, / edits it", "muted"))


def _find_failure(state: SiteState, store: str | None) -> Failure | None:
    """Return why the list of a store, or of any store, could not be read."""
    if state.stores is not None and state.stores.failure is not None:
        return state.stores.failure
    backups = state.backups
    answers = backups.values() if store is None else [backups[store]] if store in backups else []
    return next((answer.failure for answer in answers if answer.failure is not None), None)


def describe_failure(failure: Failure) -> TonedLines:
    """Return a failure line by line: summary, message of the server, cause, advice, request."""
    lines = (
        (f"{failure_word(failure)}: {failure.summary}", "bad"),
        (f"Server message: {failure.server_message}" if failure.server_message else "", ""),
        (failure.cause, ""),
        (failure.advice, "strong"),
        (failure.request, "muted"),
        ("D diagnose   r retry   o sign in or other site   E full error", "muted"),
    )
    return tuple((text, tone) for text, tone in lines if text)
