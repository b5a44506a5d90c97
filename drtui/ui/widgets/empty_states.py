"""Messages for an empty list: no restore points, access refused, failed, or not read yet."""

from drtui.core.formatting.text import plural
from drtui.core.listing.catalog import Catalog
from drtui.core.model.failure import Failure
from drtui.core.model.site_state import SiteState, all_lists_known
from drtui.core.operations.permissions import READ_ONLY, Permissions
from drtui.core.operations.request import Operation
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


def explain_empty_list(state: SiteState, catalog: Catalog, permissions: Permissions = READ_ONLY) -> TonedLines:
    """Return why the list of restore points is empty, and what to do next."""
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
    lines = (("No restore points", "strong"), ("The site returned an empty list.", "muted"))
    return (*lines, *((text, "") for text in suggest_backup(state, permissions)))


def suggest_backup(state: SiteState, permissions: Permissions) -> tuple[str, ...]:
    """Return how to get a first restore point, line by line; nothing for a file."""
    if state.address is None or state.stores is None or state.stores.value is None:
        return ()
    if not state.stores.value:
        return ("Next: register a backup store in ArcGIS Enterprise Manager.", "r reads the stores again.")
    if permissions.allows(Operation.CREATE):
        return ("Next: make a backup: press a, then c.",)
    return (
        "Next: make a backup in ArcGIS Enterprise Manager,",
        "or start drtui with --allow-changes and press a, then c.",
    )


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
