"""Trying again, ever later and with chance between."""

from collections.abc import AsyncIterator, Callable

import stamina
from stamina.instrumentation import set_on_retry_hooks

set_on_retry_hooks([])  # a retry is no news; what fails in the end is


def retries(worth_it: Callable[[Exception], bool | float], attempts: int) -> AsyncIterator[stamina.Attempt]:
    """Attempts, as stamina makes them; `worth_it` says of a failure whether to make another, or in how many seconds."""
    return aiter(
        stamina.retry_context(
            on=worth_it, attempts=attempts, timeout=None, wait_initial=0.3, wait_max=5.0, wait_jitter=0.5
        )
    )
