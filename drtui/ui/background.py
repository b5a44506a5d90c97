"""The size from which work on a site is moved to a thread, so that keys are answered meanwhile.

A thread is no faster, because it shares the interpreter; but it yields to other threads after 5 ms.
"""

from drtui.core.model.site_state import SiteState

LARGE_SITE = 2_000
"""Number of restore points from which iterating over all takes some hundredths of a second."""


def is_large(site_state: SiteState) -> bool:
    """True if the site has so many backups that processing them all delays keys noticeably."""
    return sum(len(answer.value or ()) for answer in site_state.backups.values()) > LARGE_SITE
