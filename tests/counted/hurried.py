"""An event loop for which time passes at once when nobody has anything to do: hours take as long as what is done."""

import asyncio
import selectors
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any

LULL = 0.02
"""Seconds without a byte after which a site that is being asked is taken to be silent."""
STEP = 1.0
"""Seconds that then pass at most: it may be heard again."""


class Hurried(asyncio.SelectorEventLoop):
    """Threads and sites that are being asked get the time that they need; every other moment comes at once."""

    def __init__(self) -> None:
        self.skipped = 0.0
        """Seconds that nobody had to wait for."""
        self.working = 0
        """Threads that something is expected of."""
        self.asking: Callable[[], bool] = lambda: False
        """Whether an answer may come over the line."""
        super().__init__(_Hurrying(self))

    def time(self) -> float:
        """Seconds, of which most were skipped."""
        return super().time() + self.skipped

    def run_in_executor(self, executor: Executor | None, func: Callable[..., Any], *args: Any) -> asyncio.Future[Any]:  # type: ignore[override]
        """Count it as work for as long as it goes on."""
        self.working += 1
        future: asyncio.Future[Any] = super().run_in_executor(executor, func, *args)
        future.add_done_callback(self._worked)
        return future

    def _worked(self, _: Future[Any] | asyncio.Future[Any]) -> None:
        self.working -= 1


class _Hurrying(selectors.DefaultSelector):
    """Waits only for what really has to be waited for."""

    def __init__(self, loop: Hurried) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """As asyncio asks for it."""
        loop = self._loop
        if timeout is None or timeout <= 0 or loop.working:
            return super().select(timeout if not loop.working or timeout == 0 else LULL)
        found = super().select(min(timeout, LULL) if loop.asking() else 0)
        if not found:
            loop.skipped += min(timeout, STEP) if loop.asking() else timeout
        return found
