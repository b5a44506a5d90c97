"""Repeat failed requests after increasing, randomised delays."""

from collections.abc import AsyncIterator, Callable

import stamina
from stamina.instrumentation import set_on_retry_hooks

set_on_retry_hooks([])  # single retries are not logged; the final failure is


def retries(backoff: Callable[[Exception], bool | float], attempts: int) -> AsyncIterator[stamina.Attempt]:
    """Yield attempts; `backoff` returns for a failure whether to make another, or the seconds to wait before it."""
    return aiter(
        stamina.retry_context(
            on=backoff, attempts=attempts, timeout=None, wait_initial=0.3, wait_max=5.0, wait_jitter=0.5
        )
    )
