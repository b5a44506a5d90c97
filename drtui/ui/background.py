"""Run work in the background, as a worker of a screen."""

from collections.abc import Callable, Coroutine

from textual.screen import Screen
from textual.worker import Worker


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
