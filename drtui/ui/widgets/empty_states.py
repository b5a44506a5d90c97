"""What is said where there is nothing to show: none, refused, broken and not yet are different pictures."""

from drtui.core.formatting.text import plural
from drtui.core.listing.catalog import CancelCheck, Catalog, never_cancel
from drtui.core.model.failure import Failure
from drtui.core.model.site_state import SiteState, all_lists_known
from drtui.core.query.query import UNCERTAIN
from drtui.core.summary.labels import failure_word

Said = tuple[tuple[str, str], ...]
"""Lines, each with its tone."""

NO_SITE: Said = (("No site yet: press o and give its address.", "strong"),)


def empty_list_message(reading: SiteState, catalog: Catalog, check: CancelCheck = never_cancel) -> Said:
    """Why the list of restore points is empty."""
    if reading.stores is None:
        return (("Asking the site ...", "muted"),)
    trouble = _trouble_of(reading, catalog.store)
    if catalog.filter and catalog.store_count:
        # A failure is not why nothing passes: what was read before it is still there.
        return (*_unmatched(catalog, check), *(_unread(trouble) if trouble is not None else ()))
    if trouble is not None:
        return failure(trouble)
    if not reading.is_complete and not all_lists_known(reading):
        return (("Reading the restore points ...", "muted"),)
    return (("There are no restore points here.", "strong"), ("The site says so itself: the list is empty.", "muted"))


def _unmatched(catalog: Catalog, check: CancelCheck) -> Said:
    """That a filter leaves none, what it asks for, and which of its terms is to blame."""
    query = catalog.filter
    lines = [(f"None of {plural(catalog.store_count, 'restore point', 'restore points')} passes the filter:", "strong")]
    for term in query.terms:
        alone = f"{catalog.count_matching(term.test, check):,} by itself: " if len(query.terms) > 1 else ""
        lines.append((f"  {term.text}   {alone}{term.says}", ""))
    if any(term.uncertain for term in query.terms):
        lines.append((f"  {UNCERTAIN}", "muted"))
    return (*lines, ("esc clears the filter, / changes it", "muted"))


def _unread(trouble: Failure) -> Said:
    """That there may be others, in a list that could not be read."""
    return ((f"Not all is known: {failure_word(trouble)}: {trouble.summary}", "bad"),)


def _trouble_of(reading: SiteState, store: str | None) -> Failure | None:
    """Why the list of a store, or of all, is not known."""
    if reading.stores is not None and reading.stores.failure is not None:
        return reading.stores.failure
    backups = reading.backups
    asked = backups.values() if store is None else [backups[store]] if store in backups else []
    return next((answer.failure for answer in asked if answer.failure is not None), None)


def failure(trouble: Failure) -> Said:
    """A failure, line by line: what, what the server said, why, what next."""
    lines = (
        (f"{failure_word(trouble)}: {trouble.summary}", "bad"),
        (f"The server said: {trouble.server_message}" if trouble.server_message else "", ""),
        (trouble.cause, ""),
        (trouble.advice, "strong"),
        (trouble.request, "muted"),
        ("r asks again, o signs in or goes elsewhere, E shows this whole", "muted"),
    )
    return tuple((text, tone) for text, tone in lines if text)
