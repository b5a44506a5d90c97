"""An event loop that skips the time in which nothing happens, so that hours of use take seconds."""

import asyncio
import selectors
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any

QUIET_SECONDS = 0.02
"""Seconds without a byte after which a site that is being asked counts as silent."""
MAX_SKIP_SECONDS = 1.0
"""Seconds that are then skipped at most, because the site may still answer."""


class SkippingLoop(asyncio.SelectorEventLoop):
    """A loop that waits for threads and for sites that are being asked, and skips all other waiting."""

    def __init__(self) -> None:
        self.skipped_seconds = 0.0
        """Seconds skipped so far."""
        self.busy_threads = 0
        """Number of threads whose result is awaited."""
        self.is_waiting_for_site: Callable[[], bool] = lambda: False
        """Returns True if a site may be about to answer."""
        super().__init__(_SkippingSelector(self))

    def time(self) -> float:
        """Return the time in seconds, including the skipped time."""
        return super().time() + self.skipped_seconds

    def run_in_executor(self, executor: Executor | None, func: Callable[..., Any], *args: Any) -> asyncio.Future[Any]:  # type: ignore[override]
        """Run in a thread and count it as busy until it is done."""
        self.busy_threads += 1
        future: asyncio.Future[Any] = super().run_in_executor(executor, func, *args)
        future.add_done_callback(self._on_thread_done)
        return future

    def _on_thread_done(self, _: Future[Any] | asyncio.Future[Any]) -> None:
        self.busy_threads -= 1


class _SkippingSelector(selectors.DefaultSelector):
    """A selector that waits only for threads and sites."""

    def __init__(self, loop: SkippingLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Return the ready events; skip the rest of `timeout` (seconds) if there are none."""
        loop = self._loop
        if timeout is None or timeout <= 0 or loop.busy_threads:
            return super().select(timeout if not loop.busy_threads or timeout == 0 else QUIET_SECONDS)
        events = super().select(min(timeout, QUIET_SECONDS) if loop.is_waiting_for_site() else 0)
        if not events:
            loop.skipped_seconds += min(timeout, MAX_SKIP_SECONDS) if loop.is_waiting_for_site() else timeout
        return events
