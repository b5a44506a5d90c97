"""What is said where there is nothing to show: none, refused, broken and not yet are different pictures."""

from drtui.model.catalog import Catalog
from drtui.model.exposure import is_whole
from drtui.model.reading import Reading, Trouble
from drtui.model.words import trouble_word

Said = tuple[tuple[str, str], ...]
"""Lines, each with its tone."""

NO_SITE: Said = (("No site yet: press o and give its address.", "strong"),)


def absence(reading: Reading, catalog: Catalog) -> Said:
    """Why the list of restore points is empty."""
    if reading.stores is None:
        return (("Asking the site …", "muted"),)
    trouble = _trouble_of(reading, catalog.store)
    if trouble is not None:
        return failure(trouble)
    if catalog.filter and catalog.within_store:
        return (("No restore point holds all of these words.", "strong"), ("esc clears the filter", "muted"))
    if not reading.complete and not is_whole(reading):
        return (("Reading the restore points …", "muted"),)
    return (("There are no restore points here.", "strong"), ("The site says so itself: the list is empty.", "muted"))


def _trouble_of(reading: Reading, store: str | None) -> Trouble | None:
    """Why the list of a store, or of all, is not known."""
    if reading.stores is not None and reading.stores.trouble is not None:
        return reading.stores.trouble
    backups = reading.backups
    asked = backups.values() if store is None else [backups[store]] if store in backups else []
    return next((answer.trouble for answer in asked if answer.trouble is not None), None)


def failure(trouble: Trouble) -> Said:
    """A failure, line by line: what, what the server said, why, what next."""
    lines = (
        (f"{trouble_word(trouble)}: {trouble.what}", "bad"),
        (f"The server said: {trouble.said}" if trouble.said else "", ""),
        (trouble.cause, ""),
        (trouble.advice, "strong"),
        (trouble.request, "muted"),
        ("r asks again, o signs in or goes elsewhere, E shows this whole", "muted"),
    )
    return tuple((text, tone) for text, tone in lines if text)
