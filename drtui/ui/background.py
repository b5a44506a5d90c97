"""Work in the background: as a worker of a screen, and for a large site in a thread, so that keys are answered.

A thread is no faster, because it shares the interpreter; but it yields to other threads after 5 ms.
"""

from collections.abc import Callable, Coroutine

from textual.screen import Screen
from textual.worker import Worker

from drtui.core.model.site_state import SiteState

LARGE_SITE = 2_000
"""Number of restore points from which iterating over all takes some hundredths of a second."""


def is_large(site_state: SiteState) -> bool:
    """True if the site has so many backups that processing them all delays keys noticeably."""
    return sum(len(answer.value or ()) for answer in site_state.backups.values()) > LARGE_SITE


def run_worker(
    screen: Screen[None],
    work: Callable[[], Coroutine[None, None, None]],
    group: str,
    *,
    exclusive: bool = True,
    exit_on_error: bool = True,
) -> Worker[None]:
    """Run `work` as a worker of a screen; if `exclusive`, cancel the other workers of its group."""
    return screen.run_worker(work, group=group, exclusive=exclusive, exit_on_error=exit_on_error)
