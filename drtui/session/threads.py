"""Threads for what blocks: names to be looked up, files to be read and written. Nobody who leaves waits for them.

asyncio waits for its own at the end, up to minutes: for a name server that is silent, or a locked file.
"""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


class Threads(ThreadPoolExecutor):
    """Threads that are left behind by whoever ends."""

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: ARG002 - as it is called
        """Take no more work, and leave at once."""
        super().shutdown(wait=False, cancel_futures=True)


def runner() -> asyncio.Runner:
    """What carries out coroutines one after another, and then leaves the threads that they began behind."""
    made = asyncio.Runner()
    made.get_loop().set_default_executor(Threads())
    return made


def run(asking: Coroutine[None, None, T]) -> T:
    """What a coroutine brings."""
    with runner() as made:
        return made.run(asking)
