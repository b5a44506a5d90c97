"""What takes long enough to be felt is done in a thread, beside the loop: meanwhile keys are answered.

A thread shares the interpreter, so that it is no faster; but it gives way to whoever wants it after 5 ms.
"""

from drtui.core.model.site_state import SiteState

LARGE_SITE = 2_000
"""Restore points from which on it takes some hundredths of a second to go through them."""


def is_large(site_state: SiteState) -> bool:
    """Whether it would be felt to go through all that was read."""
    return sum(len(answer.value or ()) for answer in site_state.backups.values()) > LARGE_SITE
