"""Threads for what blocks: names to be looked up, files to be read and written. Nobody who leaves waits for them.

asyncio waits for its own at the end, up to minutes: for a name server that is silent, or a locked file.
"""

import asyncio
import sys
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TypeVar

T = TypeVar("T")

M_MMAP_THRESHOLD, M_ARENA_MAX = -3, -8
"""What `mallopt` is told by (malloc.h of glibc)."""

LARGE = 128 << 10
"""Bytes of a block from which on it is given back as soon as nobody needs it: what glibc begins with."""


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


def limit_malloc_arenas() -> None:
    """Have glibc give back what is no longer needed, of whatever thread: to be called before there are any.

    Else it has a heap for each, in which what one has let go of is of no use to another; and each large block that is
    freed raises the size up to which such blocks are cut out of those heaps, where they leave holes (mallopt(3)): of
    14 MiB after a look at 100,000 restore points. With any other library nothing happens.
    """
    if sys.platform == "linux":
        import ctypes  # noqa: PLC0415 - not needed to paint

        with suppress(OSError, AttributeError):
            tell = ctypes.CDLL(None).mallopt
            tell(M_ARENA_MAX, 1)
            tell(M_MMAP_THRESHOLD, LARGE)
